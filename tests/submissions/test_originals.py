"""A document beside the fields: its pages drawn anew, or its words; a hostile one is not shown, and does no harm."""

import base64
import io

import pytest
from docx import Document
from PIL import Image

from outreach.errors import Missing
from outreach.submissions import originals, page_pictures
from outreach.submissions.originals import Original
from tests.questionnaires.drawings import claiming

pytestmark = pytest.mark.usefixtures("english")


def _picture(mode: str, kind: str, size: tuple[int, int], turned: int = 1) -> bytes:
    out, held = io.BytesIO(), Image.Exif()
    held[0x0112] = turned
    Image.new(mode, size).save(out, kind, exif=held)
    return out.getvalue()


def _drawn(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(page_pictures.page((1).to_bytes(4, "big") + content))))


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("I;16", "PNG"), ("P", "PNG"), ("LA", "PNG")])
def test_pictures_of_every_make_are_drawn_as_wide_as_a_page(mode: str, kind: str) -> None:
    content = _picture(mode, kind, (2480, 1240))
    assert page_pictures.sizes(content) == [(1240, 620)]
    assert (_drawn(content).format, _drawn(content).size) == ("JPEG", (1240, 620))


def test_a_photograph_stands_upright_and_loses_what_the_camera_wrote() -> None:
    held = _picture("RGB", "JPEG", (400, 200), turned=6)
    assert page_pictures.sizes(held) == [(1240, 2480)]
    assert _drawn(held).size == (200, 400) and not _drawn(held).getexif()


def test_a_hostile_document_is_not_shown() -> None:
    for content in (claiming(30_000, 30_000), b"%PDF-1.7 nothing", b"MZ\x00"):
        assert originals.original(content) == Original()
    with pytest.raises(Missing):
        originals.page(claiming(30_000, 30_000), 1)


def test_of_a_word_file_the_words_are_shown_with_those_of_tables() -> None:
    letter, out = Document(), io.BytesIO()
    letter.add_paragraph("Réponse du Ministère")
    table = letter.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "2.a", "Oui"
    letter.save(out)
    assert originals.original(out.getvalue()) == Original(text="Réponse du Ministère\n2.a \u2502 Oui")

"""The text of a note from Word and PDF files, and files that must not be opened."""

import io
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
import typst
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from outreach.campaigns import note_files, pdf_lines
from outreach.campaigns.draft import read_note
from outreach.errors import Invalid
from outreach.paths import fonts_dir
from tests.test_office_files import OLE, doctype, packed

NOTES = Path(__file__).parent / "data" / "notes"

pytestmark = pytest.mark.usefixtures("english")


def note(name: str) -> list[str]:
    """The paragraphs of a note, each on one line."""
    text = (NOTES / f"{name}.txt").read_text("utf-8").partition("\n=====\n")[2]
    return [" ".join(part.split()) for part in text.split("\n\n")]


def pdf(paragraphs: list[str], language: str) -> bytes:
    """A PDF with a text layer, as typst makes it."""
    written = "\n\n".join("".join(f"\\u{{{ord(sign):x}}}" for sign in part) for part in paragraphs)
    source = f'#set text(lang: "{language}", font: ("Noto Serif", "Noto Naskh Arabic", "Noto Serif SC"))\n{written}'
    made: Any = typst.compile(source.encode(), font_paths=[str(fonts_dir())], ignore_system_fonts=True)  # type: ignore[misc]
    assert isinstance(made, bytes)
    return made


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def test_a_word_file_is_read_with_its_head_tables_links_and_changes() -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "Référence : OESCR/EAU/2027/8"
    for text in note("fr-1")[1:-1]:
        made.add_paragraph(text)
    made.add_paragraph("les ministères de la santé ;", style="List Bullet")
    changed = made.add_paragraph("Le questionnaire est ")
    w = nsdecls("w")
    changed._p.append(parse_xml(f'<w:ins {w} w:id="1"><w:r><w:t>ici</w:t></w:r></w:ins>'))
    changed._p.append(parse_xml(f'<w:del {w} w:id="2"><w:r><w:delText>ailleurs</w:delText></w:r></w:del>'))
    relation = changed.part.relate_to("https://calls.secretariat.example/x", f"{OFFICE}/hyperlink", is_external=True)
    link = f'<w:hyperlink {nsdecls("w", "r")} r:id="{relation}"><w:r><w:t>, en ligne</w:t></w:r></w:hyperlink>'
    changed._p.append(parse_xml(link))
    made.add_table(1, 1).cell(0, 0).text = note("fr-1")[-1]
    out = io.BytesIO()
    made.save(out)

    text = note_files.text_of(out.getvalue())
    assert text.startswith("Référence : OESCR/EAU/2027/8\n\n")
    assert "\n\n- les ministères de la santé ;\n\n" in text
    assert "Le questionnaire est ici[, en ligne](https://calls.secretariat.example/x)" in text
    draft = read_note(text)
    assert draft.deadline and draft.deadline.value.day == date(2027, 4, 30)
    assert draft.deadline.words.endswith("au 30 avril 2027 à 18 heures (heure de New York)")
    assert draft.left_open == ()


@pytest.mark.parametrize("name", ["ar-1", "zh-4", "ru-1"])
def test_a_pdf_is_read_in_the_order_of_reading(name: str) -> None:
    content = pdf(note(name), name[:2])
    found = note_files.read_pdf(content)
    draft, expected = read_note(found["text"]), read_note("\n\n".join(note(name)))
    assert expected.mandate and draft.mandate and draft.mandate.value.symbol == expected.mandate.value.symbol
    assert expected.deadline and draft.deadline and draft.deadline.value == expected.deadline.value
    assert expected.date and draft.date and draft.date.value == expected.date.value
    assert expected.reference and draft.reference and draft.reference.value == expected.reference.value
    assert [one.value.email for one in draft.contacts] == [one.value.email for one in expected.contacts]
    assert note_files.is_uncertain(content, found["text"]) == (name == "ar-1")


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("2027 رياربف/طابش 26 ةعمجلا موي", "يوم الجمعة 26 شباط/فبراير 2027"),
        (
            ".https://calls.secretariat.example/kh ناونعلا يف تنرتنلإا ىلع",
            "على الإنترنت في العنوان https://calls.secretariat.example/kh.",
        ),
        ("ةيداصتقلاا قوقحلا", "الحقوق الاقتصادية"),
        ("54/22 ناسنلإا قوقح سلجم رارق ىلإو", "وإلى قرار مجلس حقوق الإنسان 54/22"),
        ("Geneva, 12 January 2027", "Geneva, 12 January 2027"),
    ],
)
def test_arabic_of_a_pdf_is_put_in_the_order_of_reading(seen: str, read: str) -> None:
    assert pdf_lines.in_reading_order(seen) == read


def test_arabic_of_a_pdf_may_be_read_wrongly_and_says_so() -> None:
    arabic = "\n".join(note("ar-1"))
    assert note_files.is_uncertain(b"%PDF-1.7", arabic)
    assert not note_files.is_uncertain(b"PK", arabic)


@cache
def russian_pdf() -> bytes:
    return pdf(note("ru-2"), "ru")


def changed_pdf(*, pages: int = 1, password: str = "", owner: str = "") -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(russian_pdf()))
    for _page in range(pages - 1):
        writer.add_blank_page(100, 100)
    if password or owner:
        writer.encrypt(password, owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_passwords_and_pages_of_a_pdf() -> None:
    assert "ДЭСВ/27/204" in note_files.read_pdf(changed_pdf(owner="theirs"))["text"]
    assert note_files.read_pdf(changed_pdf(password="secret"))["locked"]
    assert note_files.read_pdf(changed_pdf(pages=41)) == {"locked": False, "pages": 41, "text": ""}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (pdf([""], "en"), "This PDF is a scan"),
        (b"%PDF-1.7 and nothing else", "it may be damaged"),
        (OLE, "an old version of Office"),
        (packed(**{"word/vbaProject.bin": b"x"}), "holds macros"),
        (packed(**{"word/document.xml": doctype()}), "XML declarations"),
        (packed(), "it may be damaged"),
        (packed(**{"word/document.xml": b"<a>" * 600_001}), "unpacks to far more"),
        (b"\x89PNG\r\n\x1a\n", "This file is none of them"),
        ("Réf.".encode("latin-1"), "This file is none of them"),
        (b"%PDF-" + bytes(20 * 1024**2), "larger than 20 MB"),
    ],
)
def test_what_can_not_be_read_is_said(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        note_files.text_of(content, field="file")
    assert refused.value.field == "file"

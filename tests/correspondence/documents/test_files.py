"""The files: the same facts in their text layer, the same bytes each time, standards, nothing that a value could smuggle in.

Pictures: after a change of words, layout or fonts, `OUTREACH_REMAKE_PICTURES=1 python3 -m outreach test tests/correspondence/documents/test_files.py`,
then look at the pictures that changed before they are committed.
"""

import csv
import io
import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from outreach import i18n
from outreach.correspondence.documents import pdf, secretariat
from outreach.correspondence.documents.page import Block, Page, Run
from outreach.correspondence.documents.pdf import to_pdf, to_pictures
from outreach.correspondence.documents.word import to_docx
from outreach.dates import month_names
from outreach.errors import Invalid
from outreach.i18n import LANGUAGES
from outreach.paths import PACKAGE
from tests.correspondence.documents import calls

PICTURES = Path(__file__).with_name("pictures")
REMAKE = "OUTREACH_REMAKE_PICTURES" in os.environ


def text_of(content: bytes) -> str:
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)


def squeezed(text: str) -> str:
    """Without what a text layer does to spaces and line ends, and without the hyphens of syllables."""
    return "".join(text.replace("-\n", "").replace("\u00ad", "").split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_of_a_note_can_be_read_from_its_pdf(language: str) -> None:
    content = to_pdf(calls.note(language))
    said = squeezed(text_of(content))
    for fact in (calls.REFERENCE, calls.CONTACT, calls.PUBLIC, "54/22", "KH-2027"):
        assert fact in said
    # Readers of right-to-left text may put words in another order; each of them is there.
    assert all(squeezed(word) in said for word in calls.call(language).title.split())
    read = PdfReader(io.BytesIO(content))
    catalogue = read.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and str(catalogue["/Lang"]).startswith(language)
    assert read.metadata is not None and read.metadata.title == calls.note(language).title
    described = catalogue["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in described and "<pdfuaid:part>1</pdfuaid:part>" in described


def test_a_document_has_the_same_bytes_each_time() -> None:
    assert to_pdf(calls.note("fr")) == to_pdf(calls.note("fr"))
    assert to_docx(calls.letter("ar")) == to_docx(calls.letter("ar"))


def test_many_documents_come_in_their_order_and_a_sign_without_a_font_is_said_in_the_readers_language() -> None:
    pages = [calls.note(language) for language in LANGUAGES]
    assert list(pdf.to_pdfs(pages)) == list(map(to_pdf, pages))
    with i18n.speaking("fr"), pytest.raises(Invalid, match="ne figure dans aucune"):
        list(pdf.to_pdfs([pages[0], calls.note("en", title="Hieroglyphs 𓀀")]))


def test_a_machine_that_tidies_up_its_temporary_files_does_no_harm() -> None:
    before = to_pdf(calls.note("en"))
    for bench in filter(None, pdf._benches(os.getpid()).queue):
        shutil.rmtree(bench._folder.name)
    assert to_pdf(calls.note("en")) == before


HOSTILE = (
    '#panic("x") $x$ @ref <lab> *b* _i_ `r` \\u{41} // c /* d */ "q" #import "/etc/passwd": x } ] {{ %s & &amp; = h'
)


def test_a_value_is_never_read_as_markup() -> None:
    page = replace(calls.note("en", title=HOSTILE), addressees=(HOSTILE,), letterhead=HOSTILE)
    said = squeezed(text_of(to_pdf(page)))
    assert said.count(squeezed(HOSTILE)) == 3
    document = Document(io.BytesIO(to_docx(page)))
    assert document.paragraphs[0].text == HOSTILE


def test_a_sign_that_no_font_has_is_named() -> None:
    with i18n.speaking("en"), pytest.raises(Invalid, match="“𓀀” is in none of the fonts"):
        to_pdf(calls.note("en", title="Hieroglyphs 𓀀"))


def with_words(language: str, texts: list[str]) -> Page:
    return replace(
        calls.note(language),
        blocks=tuple(Block("paragraph", (Run(text, bold),)) for text in texts for bold in (False, True)),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_sign_of_states_months_and_sentences(language: str) -> None:
    with (PACKAGE / "directory" / "data" / "states.csv").open(encoding="utf-8") as rows:
        names = [row[f"{form}_{language}"] for row in csv.DictReader(rows) for form in ("short", "formal", "of")]
    wording = secretariat.usual().wordings[language]
    said = [*wording.sentences.values(), *wording.to.values(), *wording.renew.values(), *wording.foot.values()]
    to_pdf(
        with_words(
            language, ["、".join(names), " ".join(month_names(language)) or "年月日时分", *said, *wording.seat.values()]
        )
    )
    # In whatever language a note is, it may quote a title in another one.
    to_pdf(with_words(language, [calls.call(other).title for other in LANGUAGES]))


def named(made: Page) -> str:
    return f"{'note' if made.initials else 'letter'}.{made.language}.png"


@pytest.mark.parametrize("made", [*map(calls.note, LANGUAGES), calls.letter("en"), calls.letter("ar")], ids=named)
def test_first_sheets_look_as_they_were_found_right(made: Page) -> None:
    first = to_pictures(made, 40)[0]
    kept = PICTURES / named(made)
    if REMAKE:
        PICTURES.mkdir(exist_ok=True)
        kept.write_bytes(first)
    assert first == kept.read_bytes(), f"{kept.name} has changed: look at it (see the head of this file)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_file_says_the_same_and_is_in_its_language(language: str) -> None:
    page = calls.note(language)
    content = to_docx(page)
    document = Document(io.BytesIO(content))
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == [page.heading]
    said = [p.text for p in document.paragraphs]
    assert all("".join(run.text for run in block.runs) in "\n".join(said) for block in page.blocks)
    foot = document.sections[0].first_page_footer.tables[0]
    assert [p.text for p in foot.cell(0, 0).paragraphs] == list(page.addressees)
    assert foot.cell(0, 2).text.endswith(calls.PUBLIC)
    assert document.core_properties.title == page.title
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml").decode()
    assert f'w:lang w:val="{language}-' in xml
    rtl = document.paragraphs[2]._p.pPr is not None and document.paragraphs[2]._p.pPr.find(qn("w:bidi")) is not None
    assert rtl == (language == "ar")
    assert (document.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None) == (language == "ar")
    picture = foot.cell(0, 1)._tc.xpath(".//wp:docPr")[0]
    assert picture.get("descr") == page.picture_text

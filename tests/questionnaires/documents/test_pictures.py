"""Pictures of labels in Word and PDF: where they stand, what is read aloud, and that answers come back all the same."""

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from docx import Document
from pypdf import PdfReader

from outreach.i18n import speaking
from outreach.questionnaires import xlsform
from outreach.questionnaires.documents import from_odt
from outreach.questionnaires.documents.pdf import questionnaire_pdf
from outreach.questionnaires.documents.pieces import Loose
from outreach.questionnaires.documents.read_back import read
from outreach.questionnaires.documents.word import questionnaire_docx
from outreach.questionnaires.form import Form
from tests.questionnaires.documents.a_form import FRONT
from tests.questionnaires.drawings import JPEG, WEBP, png
from tests.questionnaires.workbooks import PICTURED, pictured_workbook

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
CONTENTS = (png(300, 100), png(40, 40, 10), png(900, 900, 20), JPEG, WEBP, png(20, 20, 30))
PICTURES = {hashlib.sha256(content).hexdigest(): content for content in CONTENTS}


@pytest.fixture(scope="module")
def form() -> Form:
    with speaking("en"):
        return replace(xlsform.read(pictured_workbook()), pictures=dict(zip(PICTURED, PICTURES, strict=True)))


def test_word_shows_them_with_words_and_reads_the_answers_back(form: Form) -> None:
    made = questionnaire_docx(form, "fr", FRONT, {"plan": "no"}, at=AT, pictures=PICTURES)
    body = Document(io.BytesIO(made)).element.body
    said = body.xpath(".//wp:docPr/@descr")
    assert said == ["Votre institution", "only.png", "Six steps", "Oui", "Non"]
    assert len(set(body.xpath(".//wp:docPr/@id"))) == 5
    # Under the words of its question, as large as the cell.
    (cell,) = body.xpath(".//w:tc[.//wp:docPr[@descr='Six steps']]")
    assert "Existe-t-il un plan ?" in "".join(cell.xpath("./w:p[1]//w:t/text()"))
    assert not cell.xpath("./w:p[1]//w:drawing") and cell.xpath("./w:p[2]//w:drawing")
    with speaking("en"):
        found = read(made, form)
    assert (found.answers, found.doubts, found.strays) == ({"plan": "no"}, {}, ())


@pytest.mark.parametrize("fields", [True, False])
def test_pdf_shows_them_with_words(form: Form, fields: bool) -> None:
    made = questionnaire_pdf(form, "en", FRONT, {"plan": "no"}, at=AT, fields=fields, pictures=PICTURES)
    drawn = sum(len(page.get("/Resources", {}).get("/XObject", {})) for page in PdfReader(io.BytesIO(made)).pages)
    assert drawn == 5
    if fields:
        with speaking("en"):
            assert read(made, form).answers == {"plan": "no"}


def test_what_is_read_aloud_for_a_picture_is_no_text_of_an_odt() -> None:
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<o:document-content xmlns:o="{names}office:1.0" xmlns:t="{names}text:1.0" xmlns:d="{names}drawing:1.0"'
        f' xmlns:s="{names}svg-compatible:1.0"><o:body><o:text><t:p>Words<d:frame><d:image/><s:title>Name</s:title>'
        "<s:desc>Read aloud</s:desc></d:frame></t:p></o:text></o:body></o:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("content.xml", content)
    (only,) = from_odt.pieces(made.getvalue()).parts
    assert isinstance(only, Loose) and only.cell.lines == ["Words"]


def test_what_can_not_be_placed_is_named(form: Form) -> None:
    lost = {content: held for content, held in PICTURES.items() if held not in (CONTENTS[2], CONTENTS[5])}
    spoiled = {**lost, hashlib.sha256(CONTENTS[2]).hexdigest(): b"\x89PNG\r\n\x1a\n nothing"}
    docx = questionnaire_docx(form, "en", FRONT, {"plan": "yes"}, at=AT, pictures=spoiled)
    words = "\n".join(Document(io.BytesIO(docx)).element.body.xpath(".//w:t/text()"))
    pdf = questionnaire_pdf(form, "en", FRONT, {}, at=AT, fields=False, pictures=spoiled)
    printed = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for text in (words, printed):
        assert "A picture that can't be shown in this file: plan.png" in text.replace("\u2019", "'")
        assert "A picture that can't be shown in this file: no.png" in text.replace("\u2019", "'")
    with speaking("en"):
        found = read(docx, form)
    assert (found.answers, found.strays) == ({"plan": "yes"}, ())

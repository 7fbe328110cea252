"""The PDF form is laid out, filled in by a program for reading PDF, and read back; and what is no form of ours does no harm."""

import io
import zipfile
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, NameObject

from outreach.errors import Invalid
from outreach.i18n import speaking
from outreach.questionnaires.documents.pdf import questionnaire_pdf
from outreach.questionnaires.documents.read_back import Found, read
from tests.questionnaires.documents.a_form import ANSWERS, FORM, FRONT
from tests.questionnaires.documents.filling import WordFile
from tests.questionnaires.documents.test_word import AT
from tests.questionnaires.documents.test_word import made as made_in_word


def made(language: str = "en", answers: Any = None, **options: Any) -> bytes:
    return questionnaire_pdf(FORM, language, FRONT, answers or {}, at=AT, **options)


def back(content: bytes) -> Found:
    with speaking("en"):
        return read(content, FORM)


def test_a_draft_comes_back_from_an_arabic_form() -> None:
    content = made("ar", ANSWERS)
    found = back(content)
    assert found.answers == ANSWERS
    assert (found.doubts, found.strays, found.code) == ({}, (), "KJ4T-92QX")
    form = PdfReader(io.BytesIO(content))
    assert form.trailer["/Root"]["/Lang"] == "ar-SA"  # type: ignore[index]
    fields = form.get_fields() or {}
    assert fields["office"]["/TU"].startswith("1.1 ")
    assert all("/AP" in one.get_object() for page in form.pages for one in page["/Annots"])  # type: ignore[attr-defined]


def test_a_form_filled_in_by_another_program_is_read() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(made("fr")))
    typed = {
        "office": "Ministère\rde la Santé",
        "since": "1er mars 2027",
        "region": "Question sur region3",
        "plan": "/c1",
        "needs=data": "/Yes",
        "order=second": "1",
        "order=first": "2",
        "practice/2/title": "Écoles",
    }
    for page in writer.pages:
        writer.update_page_form_field_values(page, typed)  # type: ignore[arg-type]
    held = io.BytesIO()
    writer.write(held)
    assert back(held.getvalue()).answers == {
        "office": "Ministère\nde la Santé",
        "since": "2027-03-01",
        "region": "region3",
        "plan": "no",
        "needs": ["data"],
        "order": ["second", "first"],
        "practice": [{"title": "Écoles"}],
    }


def test_a_text_kept_as_a_stream_is_read_and_what_stands_on_top_of_a_page_is_told() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(made()))
    text = DecodedStreamObject()
    text.set_data("\ufeffNous avons\rune stratégie".encode("utf-16-be"))
    (why,) = (one for page in writer.pages for one in page["/Annots"] if one.get_object().get("/T") == "why")  # type: ignore[attr-defined]
    why.get_object()[NameObject("/V")] = writer._add_object(text)
    writer.add_annotation(0, FreeText(text="Typed on the page", rect=(50, 50, 200, 80)))
    held = io.BytesIO()
    writer.write(held)
    found = back(held.getvalue())
    assert found.answers == {"why": "Nous avons\nune stratégie"}
    assert [stray.text for stray in found.strays] == ["Typed on the page"]


def test_a_form_to_print_has_no_fields_and_the_same_words() -> None:
    printed = PdfReader(io.BytesIO(made("ru", fields=False)))
    assert not printed.get_fields()
    text = "\n".join(page.extract_text() for page in printed.pages)
    assert "Вопрос о office" in text
    assert "KJ4T-92QX" in text


def _packed(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return held.getvalue()


def _changed(**parts: bytes) -> bytes:
    file = WordFile(made_in_word())
    return _packed(
        {**file.parts, **{name.replace("__", "/").replace("_", "."): content for name, content in parts.items()}}
    )


HARMFUL = {
    "macros": _changed(word__vbaProject_bin=b"x"),
    "entities": _changed(word__document_xml=b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'),
    "bomb": _changed(word__document_xml=b"<w>" + b"<p/>" * 15_000_000 + b"</w>"),
    "broken": made_in_word()[:20_000],
    "not XML": _changed(word__document_xml=b"<w:document"),
    "locked": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 9,
    "broken PDF": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_a_harmful_or_broken_file_is_told_in_a_sentence(kind: str) -> None:
    with pytest.raises(Invalid) as told:
        back(HARMFUL[kind])
    assert told.value.message.endswith(".")


def test_a_scan_and_a_letter_of_ones_own_are_no_forms_and_do_no_harm() -> None:
    letter = WordFile(made_in_word())
    for table in letter.body.findall("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tbl"):
        letter.body.remove(table)
    for content in (b"\x89PNG\r\n\x1a\n" + b"x" * 99, letter.saved(), made(fields=False)):
        found = back(content)
        assert (found.answers, found.questions) == ({}, 0)


def test_ten_thousand_fields_are_read_in_time() -> None:
    control = (
        '<w:sdt><w:sdtPr><w:tag w:val="office"/></w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>'
    )
    file = WordFile(made_in_word())
    body = file.parts["word/document.xml"].replace(b"</w:body>", f"<w:p>{control * 10_000}</w:p></w:body>".encode())
    found = back(_packed({**file.parts, "word/document.xml": body}))
    assert found.answers == {}
    assert found.strays[0].text == "x" * 10_000

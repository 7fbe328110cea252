"""The questionnaire is taken along as a file and brought back: what was found is compared, decided, and saved into the draft."""

import io
from typing import Any

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach.identity.words import StaffRole
from outreach.submissions import respondent
from outreach.submissions.models import SubmissionVersion
from tests.questionnaires.documents.filling import WordFile, plainly
from tests.web.answer.conftest import Call, begin, hidden, own, save
from tests.web.desk import signed_in
from tests.web.visitor import csrf_token, document, send, text_of


def filled(client: FlaskClient, address: str, **typed: str) -> bytes:
    """The Word file of an answer, with these texts typed into it."""
    file = WordFile(client.get(f"{address}/questionnaire/en/word").data)
    for name, text in typed.items():
        if text == "tick":
            file.tick(file.controls(name.replace("__", "="))[0])
        else:
            file.type(file.controls(name)[0], text, plainly)
    return file.saved()


def brought(client: FlaskClient, address: str, content: bytes, name: str = "answers.docx") -> TestResponse:
    """Upload a file and follow to what was found in it."""
    data = {"file": (io.BytesIO(content), name)}
    return send(client, f"{address}/file", data, content_type="multipart/form-data")


def confirmed(client: FlaskClient, address: str, **sent: Any) -> TestResponse:
    """Press the button of the page with what was found."""
    page = client.get(address)
    return client.post(address, data={"csrf_token": csrf_token(page), "seen": hidden(page, "seen"), **sent})


def test_each_reader_has_the_files_in_each_language(client: FlaskClient, call: Call) -> None:
    word = Document(io.BytesIO(client.get(f"{call.union}/questionnaire/ar/word").data))
    assert word.core_properties.language == "ar-SA"
    assert word.core_properties.identifier
    form = PdfReader(io.BytesIO(client.get(f"{call.union}/questionnaire/fr/form").data))
    assert "plan" in (form.get_fields() or {})
    blank = client.get("/c/KH-2027/questionnaire/zh/print")
    assert "Union of Nurses" not in "".join(page.extract_text() for page in PdfReader(io.BytesIO(blank.data)).pages)
    assert blank.headers["Content-Disposition"].startswith("attachment")
    for wrong in ("/questionnaire/de/word", "/questionnaire/en/exe"):
        assert client.get(f"{call.union}{wrong}").status_code == 404


def test_answers_are_found_compared_and_taken_over(client: FlaskClient, session: Session, call: Call) -> None:
    content = filled(client, call.union, plan__yes="tick", why="Because of 2023.", staff="12")
    begin(client, call.union)
    save(client, call.union, 2, {"q-staff": "15"})
    back = brought(client, call.union, content)
    assert back.status_code == 302
    page = client.get(f"{back.location}?lang=en")
    assert "answers were found" in text_of(page)
    (other,) = {one.get("name") for one in document(page).xpath("//input[starts-with(@name, 'keep-')]")}
    assert other == "keep-staff"
    typed = {"q-plan": "yes", "q-why": "Because of 2024.", "q-staff": "12"}
    undecided = confirmed(client, back.location, **typed)
    assert undecided.status_code == 422
    assert "Because of 2024." in undecided.get_data(as_text=True)
    assert dict(own(session, call.union_id).answers) == {"staff": "15"}
    assert confirmed(client, back.location, **typed, **{"keep-staff": "kept"}).status_code == 302
    answer = own(session, call.union_id)
    assert dict(answer.answers) == {"plan": "yes", "why": "Because of 2024.", "staff": "15"}
    assert [file.question for file in answer.files] == [None]
    again = {
        one.get("name") for one in document(client.get(back.location)).xpath("//input[starts-with(@name, 'keep-')]")
    }
    assert again == {"keep-why", "keep-staff"}, "what is the same is not asked again"


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(client: FlaskClient, session: Session, call: Call) -> None:
    back = brought(client, call.union, filled(client, call.union, staff="12"))
    opened = client.get(back.location)
    save(client, call.union, 2, {"q-staff": "15"})
    held = {"csrf_token": csrf_token(opened), "seen": hidden(opened, "seen"), "q-staff": "12", "keep-staff": "found"}
    assert client.post(back.location, data=held).status_code == 409
    assert own(session, call.union_id).answers["staff"] == "15"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "old version"),
        (b"MZ" + b"\x00" * 99, "can't be read"),
        (b"", "Please choose"),
    ],
)
def test_a_file_that_can_not_be_taken_is_told_and_nothing_begins(
    client: FlaskClient, session: Session, call: Call, content: bytes, said: str
) -> None:
    client.get(f"{call.union}?lang=en")
    told = brought(client, call.union, content, "a.docx" if content else "")
    assert told.status_code == 422
    assert said in text_of(told)
    assert respondent.own_answer(session, call.union_id) is None


def test_a_scan_is_kept_as_the_document_it_is(client: FlaskClient, session: Session, call: Call) -> None:
    back = brought(client, call.union, b"\x89PNG\r\n\x1a\n" + b"x" * 99, "scan.png")
    page = client.get(f"{back.location}?lang=en")
    assert "It is kept with your answer" in text_of(page)
    removed = client.post(f"{back.location}/remove", data={"csrf_token": csrf_token(page)})
    assert removed.status_code == 302
    assert own(session, call.union_id).files == ()


RECORDED = {"behalf": "stakeholder", "channel": "mail", "received_on": "2027-02-10"}
"""How staff record a reply that came by mail; who replied and the documents are added."""


def test_staff_take_the_answers_over_from_a_recorded_document(
    app: Flask, client: FlaskClient, session: Session, call: Call
) -> None:
    content = filled(client, call.union, plan__no="tick", staff="12")
    manager = signed_in(app, session, StaffRole.MANAGER)
    reply = RECORDED | {
        "who": str(call.union_id),
        "documents": (io.BytesIO(content), "reply.docx"),
    }
    recorded = send(manager, "/staff/campaigns/KH-2027/record?state=KAZ", reply, content_type="multipart/form-data")
    assert recorded.location.endswith("/answers")
    first = session.scalars(select(SubmissionVersion)).one()
    address = f"/staff/submissions/{first.submission_id}"
    (link,) = [one for one in document(manager.get(address)).xpath("//a/@href") if one.endswith("/answers")]
    page = manager.get(link)
    assert "answers were found" in text_of(page)
    sent = {"version": hidden(page, "version"), "q-plan": "no", "q-staff": "14"}
    assert send(manager, link, sent).status_code == 302
    late = send(manager, link, {**sent, "keep-staff": "found"})
    assert late.status_code == 409, "a later version is there"
    session.rollback()
    versions = session.scalars(select(SubmissionVersion).order_by(SubmissionVersion.number)).all()
    assert [version.answers for version in versions] == [{}, {"plan": "no", "staff": "14"}]
    assert versions[1].files == versions[0].files
    assert versions[1].received_at == versions[0].received_at


def test_staff_type_from_a_scan_that_stands_beside_the_fields(
    app: Flask, client: FlaskClient, session: Session, call: Call
) -> None:
    scan, letter = io.BytesIO(), "Réponse de la Mission permanente"
    pages = [Image.new("L", (620, 877), shade) for shade in range(12)]
    pages[0].save(scan, "PDF", save_all=True, append_images=pages[1:])
    manager = signed_in(app, session, StaffRole.MANAGER)
    reply = RECORDED | {
        "who": str(call.union_id),
        "documents": [
            (io.BytesIO(scan.getvalue()), "scan.pdf"),
            (io.BytesIO(letter.encode()), "letter.txt"),
            (io.BytesIO(b"%PDF-1.7 cut off"), "cut.pdf"),
        ],
    }
    send(manager, "/staff/campaigns/KH-2027/record?state=KAZ", reply, content_type="multipart/form-data")
    recorded = session.scalars(select(SubmissionVersion)).one()
    address = f"/staff/submissions/{recorded.submission_id}/answers"
    files = {file["filename"]: f"{address}?file={file['id']}" for file in recorded.files}

    def drawn(page: TestResponse) -> list[str]:
        return [str(one) for one in document(page).xpath("//main//img/@src")]

    first = manager.get(files["scan.pdf"])
    assert [one.rpartition("/")[2] for one in drawn(first)] == [f"{number}.jpg" for number in range(1, 11)]
    assert "Page 1 of 12" in text_of(first) and document(first).xpath("//main//img[1]/@height") == ["1754"]
    sheet = manager.get(drawn(first)[1])
    with Image.open(io.BytesIO(sheet.data)) as picture:
        assert (sheet.mimetype, picture.format, picture.size) == ("image/jpeg", "JPEG", (1240, 1754))
    # The next pages come with what was typed meanwhile, and nothing is recorded yet.
    typed = {"version": hidden(first, "version"), "q-staff": "14", "show": "10"}
    further = send(manager, files["scan.pdf"], typed)
    assert [one.rpartition("/")[2] for one in drawn(further)] == ["11.jpg", "12.jpg"]
    assert document(further).xpath("//input[@name='q-staff']/@value") == ["14"]
    session.expire_all()
    assert session.scalars(select(SubmissionVersion)).one().answers == {}
    assert letter in text_of(manager.get(files["letter.txt"]))
    assert "can’t be shown here" in text_of(manager.get(files["cut.pdf"]))
    assert manager.get(drawn(first)[0].replace("/1.jpg", "/99.jpg")).status_code == 404
    assert client.get(drawn(first)[0]).status_code != 200

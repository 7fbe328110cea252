"""A new call for input begun in its three ways: by the form, from a folder packed as .zip, from a note verbale."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns import packed_folder
from outreach.campaigns.folder import SAMPLE
from outreach.campaigns.models import Campaign, CampaignFile, CampaignText, ReminderStep
from outreach.identity.models import AuditEntry
from outreach.identity.words import StaffRole
from tests import factories
from tests.web.desk import signed_in
from tests.web.visitor import csrf_token, document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now")

PAGE = "/staff/campaigns/new"
NOTE = Path(__file__).parents[2] / "campaigns" / "data" / "note-fr.txt"

TYPED: dict[str, Any] = {
    "title": "Knowledge hub",
    "code": "kh-2027",
    "kind": "questionnaire",
    "mandate_symbol": "A/HRC/RES/54/22",
    "note_reference": "OESCR/KH/2027-17",
    "note_date": "2027-01-12",
    "original_language": "en",
    "contact": "hub@secretariat.example",
    "sensitivity": "ordinary",
    "day": "2027-02-26",
    "hour": "23:59",
    "zone": "Europe/Zurich",
    "reminder_days": "−14, -5, 3",
    "seats": ["geneva", "new_york"],
    "kinds": ["permanent_mission", "permanent_observer_mission"],
}


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


def campaigns(session: Session) -> list[Campaign]:
    session.expire_all()
    return list(session.scalars(select(Campaign)))


def test_the_form_makes_a_call_that_is_not_launched(manager: FlaskClient, session: Session) -> None:
    answer = send(manager, PAGE, TYPED)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/staff/campaigns/KH-2027/call"
    (made,) = campaigns(session)
    assert (made.code, made.deadline_at, made.launched_at) == ("KH-2027", factories.DEADLINE, None)
    assert sorted(session.scalars(select(ReminderStep.days))) == [-14, -5, 3]
    assert session.get_one(CampaignText, (made.id, "en")).title == "Knowledge hub"
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == made.id)).all()
    assert "campaign.created" in acts


def test_the_form_proposes_what_is_usual(manager: FlaskClient) -> None:
    page = document(manager.get(PAGE))
    assert page.get_element_by_id("reminder_days").value == "-14, -5, 3"
    assert page.get_element_by_id("hour").value == "23:59"
    chosen = page.xpath('//input[@type="checkbox"][@checked]/@value')
    assert chosen == ["geneva", "new_york", "permanent_mission", "permanent_observer_mission"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"code": "kh 2027"}, "code", "A code takes capital letters"),
        ({"day": "2026-12-31"}, "day", "The deadline is earlier than the date of the note."),
        ({"day": "0001-01-01"}, "day", "Please check the year."),
        ({"reminder_days": "two weeks"}, "reminder_days", "Reminders take days"),
        ({"reminder_days": "-5, -5"}, "reminder_days", "Reminders take days"),
        ({"kinds": []}, "kinds", "Please choose who is to be asked."),
        ({"contact": "nobody"}, "contact", "Please write one e-mail address"),
        ({"title": ""}, "title", "Please fill in this field."),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(
    manager: FlaskClient, session: Session, typed: dict[str, Any], field: str, sentence: str
) -> None:
    answer = send(manager, PAGE, TYPED | typed)
    assert answer.status_code == 422
    page = document(answer)
    assert sentence in page.get_element_by_id(f"{field}-fault").text_content()
    assert page.get_element_by_id("note_reference").value == "OESCR/KH/2027-17"
    assert campaigns(session) == []


def test_a_code_that_is_in_use_is_said(manager: FlaskClient, session: Session) -> None:
    factories.campaign(session, "KH-2027")
    session.commit()
    answer = send(manager, PAGE, TYPED)
    assert answer.status_code == 422
    assert "There is already a call for input with this code." in text_of(answer)


def test_readers_begin_nothing(app: Flask, session: Session) -> None:
    assert signed_in(app, session, StaffRole.READER).get(PAGE).status_code == 403


def test_the_sample_is_downloaded_taken_over_and_taken_over_again(manager: FlaskClient, session: Session) -> None:
    packed = manager.get(f"{PAGE}/sample.zip")
    assert packed.mimetype == "application/zip"
    for _time in range(2):
        answer = send(
            manager,
            f"{PAGE}/from-folder",
            {"folder": (io.BytesIO(packed.data), "sample.zip")},
            page=PAGE,
            content_type="multipart/form-data",
        )
        assert answer.headers["Location"] == "/staff/campaigns/KH-2027/call"
    (made,) = campaigns(session)
    assert made.questionnaire_version_id is not None
    assert len(session.scalars(select(CampaignFile)).all()) == 12
    text = text_of(manager.get("/staff/campaigns/KH-2027/call"))
    assert "There are no recipients" in text and "missing" not in text


def test_all_faults_of_a_folder_are_said_and_nothing_is_kept(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    folder = tmp_path / "faulty"
    (folder / "texts").mkdir(parents=True)
    settings = (SAMPLE / "campaign.toml").read_text().replace('code = "KH-2027"', 'code = "kh"')
    (folder / "campaign.toml").write_text(settings)
    answer = send(
        manager,
        f"{PAGE}/from-folder",
        {"folder": (io.BytesIO(packed_folder.pack(folder)), "faulty.zip")},
        page=PAGE,
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    text = text_of(answer)
    assert "campaign.toml: code: It takes capital letters" in text
    assert "texts/en.md: This file is missing" in text
    assert str(tmp_path) not in text and "/tmp" not in text
    assert campaigns(session) == []


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_what_is_no_folder_is_said(manager: FlaskClient, content: bytes) -> None:
    data = {"folder": (io.BytesIO(content), "x.zip")}
    answer = send(manager, f"{PAGE}/from-folder", data, page=PAGE, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert document(answer).xpath('//*[@role="alert"]')


def test_a_folder_of_a_launched_call_changes_nothing(manager: FlaskClient, session: Session) -> None:
    launched = factories.campaign(session, "KH-2027")
    session.commit()
    data = {"folder": (io.BytesIO(packed_folder.pack(SAMPLE)), "x.zip")}
    answer = send(manager, f"{PAGE}/from-folder", data, page=PAGE, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "was launched already" in text_of(answer)
    session.expire_all()
    assert session.get_one(CampaignText, (launched.id, "en")).title == factories.TITLES["en"]


def test_a_note_fills_the_form_beside_its_words_and_keeps_nothing_yet(manager: FlaskClient, session: Session) -> None:
    page = send(
        manager,
        f"{PAGE}/from-note",
        {"file": (io.BytesIO(NOTE.read_bytes()), "note.txt")},
        page=PAGE,
        content_type="multipart/form-data",
    )
    assert page.status_code == 200
    form = document(page)
    values = {name: form.get_element_by_id(name).value for name in ("note_reference", "note_date", "day", "zone")}
    assert values == {
        "note_reference": "AB/CD",
        "note_date": "2027-01-04",
        "day": "2027-03-01",
        "zone": "America/New_York",
    }
    assert form.get_element_by_id("contact").value == "bureau.support@secretariat.example"
    text = text_of(page)
    assert "d’ici au 1er mars 2027" in text and "line 9" in text
    assert "The link leads nowhere: “[insérer le lien]”" in text
    anchor = form.xpath('//a[text()="line 9"]/@href')[0].removeprefix("#")
    assert form.get_element_by_id(anchor).text_content() == "d’ici au 1er mars 2027"
    assert campaigns(session) == []
    data = {**TYPED, "code": "HI-2027", "original_language": "fr", "day": "2027-03-01", "title": "Logement"}
    data |= {"csrf_token": csrf_token(page), "source": form.get_element_by_id("source").value}
    faulty = manager.post(PAGE, data={**data, "contact": ""})
    assert faulty.status_code == 422
    assert "d’ici au 1er mars 2027" in text_of(faulty)
    assert manager.post(PAGE, data=data).status_code == 302
    (made,) = campaigns(session)
    original = session.get_one(CampaignText, (made.id, "fr"))
    assert original.title == "Logement"
    assert "Conseil économique et social" in original.mandate
    assert "plan de travail" in original.note


@pytest.mark.parametrize(
    ("note", "sentence"),
    [("", "Please choose the file of a note"), ("x" * 200_001, "This is too long for the text of a note.")],
)
def test_a_text_that_is_no_note_is_said(manager: FlaskClient, note: str, sentence: str) -> None:
    answer = send(manager, f"{PAGE}/from-note", {"note": note}, page=PAGE)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_file_that_is_locked_gets_a_sentence_and_the_text_that_was_put_in_stays(manager: FlaskClient) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    answer = send(
        manager,
        f"{PAGE}/from-note",
        {"file": (io.BytesIO(locked), "note.docx"), "note": "Mine"},
        page=PAGE,
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    page = document(answer)
    assert "locked by a password" in page.xpath('//*[@role="alert"]')[0].text_content()
    assert page.get_element_by_id("note-text").value == "Mine"

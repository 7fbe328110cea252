"""Preparing a call for input: its page, its settings, texts, documents and questionnaire."""

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.campaigns import contents
from outreach.campaigns import queries as campaigns
from outreach.campaigns.folder import SAMPLE
from outreach.campaigns.models import Campaign, CampaignKind, CampaignText, FileKind, Sensitivity
from outreach.identity.audit import SERVICE
from outreach.identity.words import StaffRole
from outreach.storage import Storage
from tests import factories
from tests.web.desk import signed_in
from tests.web.visitor import csrf_token, document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now")

CALL = "/staff/campaigns/KH-2027"


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


@pytest.fixture
def reader(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.READER)


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    """A call in preparation, complete but for its questionnaire and recipients."""
    made = factories.campaign(session, "KH-2027", storage=storage, launched=False)
    session.commit()
    return made


def texts(session: Session, campaign: Campaign) -> dict[str, CampaignText]:
    session.expire_all()
    return campaigns.texts(session, campaign.id)


def pdf(name: str, content: bytes = factories.PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


# The page of the call.


def test_what_is_needed_leads_to_where_it_is_mended(manager: FlaskClient, session: Session, campaign: Campaign) -> None:
    contents.set_text(session, campaign.id, "fr", None, SERVICE)
    contents.remove_file(session, campaign.id, "ar", FileKind.NOTE, SERVICE)
    campaign.contact = "jean.dupont@gmail.com"
    session.commit()
    page = document(manager.get(f"{CALL}/call"))
    lines = {li.xpath("string(span)"): li.xpath("string(a/@href)") for li in page.xpath('//ul[@class="todo"]/li')}
    assert lines["The questionnaire (an XLSForm workbook) is missing."] == f"{CALL}/questionnaire"
    assert lines["العربية: the initialled note is missing."] == f"{CALL}/files#ar"
    (french,) = [address for sentence, address in lines.items() if sentence.startswith("Français: a text is missing")]
    assert french == f"{CALL}/texts/fr"
    (nobody,) = [address for sentence, address in lines.items() if "There are no recipients" in sentence]
    assert nobody == "/staff/directory"
    for address in lines.values():
        opened = manager.get(address)
        assert opened.status_code == 200, address
        anchor = address.partition("#")[2]
        assert not anchor or document(opened).get_element_by_id(anchor) is not None
    refused = [address for address in lines if "personal" in address or "person's mailbox" in address]
    assert list(lines).index(refused[0]) > list(lines).index("The questionnaire (an XLSForm workbook) is missing.")


def test_readers_read_and_find_nothing_to_change(reader: FlaskClient, session: Session, campaign: Campaign) -> None:
    page = reader.get(f"{CALL}/call")
    assert page.status_code == 200
    assert not document(page).xpath('//main//form | //main//a[contains(@href, "/texts/")]')
    for address in ("settings", "texts/fr", "files", "launch"):
        assert reader.get(f"{CALL}/{address}").status_code == 403, address
    token = csrf_token(page)
    for address in ("settings", "texts/fr", "files", "questionnaire", "launch", "close"):
        assert reader.post(f"{CALL}/{address}", data={"csrf_token": token}).status_code == 403, address
    assert reader.get(f"{CALL}/files/fr/note").data.startswith(b"%PDF")


def test_nobody_without_an_account_sees_a_call_in_preparation(client: FlaskClient, campaign: Campaign) -> None:
    for address in ("call", "preview", "preview/body", "questionnaire", "files/fr/note"):
        assert client.get(f"{CALL}/{address}").status_code in (302, 401), address


# Settings.


def settings(manager: FlaskClient) -> dict[str, list[str]]:
    """The form as it stands, to be sent back."""
    form = document(manager.get(f"{CALL}/settings")).xpath("//main//form")[0]
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        if name != "csrf_token":
            found.setdefault(name, []).append(value)
    return found


def test_a_form_that_is_sent_back_unchanged_changes_nothing(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    before = {column: getattr(campaign, column) for column in ("deadline_at", "deadline_zone", "audience", "note_date")}
    assert send(manager, f"{CALL}/settings", settings(manager)).status_code == 302
    session.expire_all()
    assert {column: getattr(campaign, column) for column in before} == before


def test_settings_are_changed_before_the_launch(manager: FlaskClient, session: Session, campaign: Campaign) -> None:
    typed = settings(manager) | {
        "day": ["2027-03-05"],
        "hour": ["12:00"],
        "zone": ["America/New_York"],
        "seats": ["geneva"],
    }
    assert send(manager, f"{CALL}/settings", typed).status_code == 302
    session.expire_all()
    assert campaign.deadline_at.isoformat() == "2027-03-05T17:00:00+00:00"
    assert campaign.audience["seats"] == ["geneva"]


def test_settings_that_somebody_changed_meanwhile_are_not_overwritten(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    typed = settings(manager)
    campaign.note_reference = "OESCR/KH/2027-18"
    session.commit()
    answer = send(manager, f"{CALL}/settings", {**typed, "contact": "mine@secretariat.example"})
    assert answer.status_code == 409
    assert "Somebody changed the settings" in text_of(answer) and "OESCR/KH/2027-18" in text_of(answer)
    assert document(answer).get_element_by_id("contact").value == "mine@secretariat.example"
    session.expire_all()
    assert campaign.contact == "knowledge-hub@secretariat.example"


def test_the_code_stays(manager: FlaskClient, session: Session, campaign: Campaign) -> None:
    answer = send(manager, f"{CALL}/settings", settings(manager) | {"code": ["XX-2027"]})
    assert answer.status_code == 422
    assert "The code stays" in document(answer).get_element_by_id("code-fault").text_content()


def test_after_the_launch_three_settings_change_and_no_other(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    campaign.launched_at = factories.LAUNCHED
    session.commit()
    page = document(manager.get(f"{CALL}/settings"))
    assert not page.xpath('//*[@name="day" or @name="kinds" or @name="code"]')
    typed = {
        "contact": "other@secretariat.example",
        "sensitivity": "sensitive",
        "reminder_days": "-7",
        "day": "2028-01-01",
        "seen": page.get_element_by_id("seen").value,
    }
    assert send(manager, f"{CALL}/settings", typed).status_code == 302
    session.expire_all()
    assert (campaign.contact, campaign.sensitivity) == ("other@secretariat.example", Sensitivity.SENSITIVE)
    assert campaign.deadline_at == factories.DEADLINE


# Texts.

TEXT = {
    "title": "Titre",
    "mandate": "résolution\r\n54/22",
    "note": "Le Bureau a l’honneur.\r\n\r\n- **santé** ;\r\n- éducation.",
    "letter": "Le Bureau prépare une plateforme. <script>alert(1)</script>",
    "translated_by": "Section française",
    "reviewed_by": "",
}


def seen(manager: FlaskClient, of: str) -> str:
    return str(document(manager.get(f"{CALL}/texts/{of}")).get_element_by_id("seen").value)


def test_a_text_is_written_beside_the_original_and_read_as_its_readers_will(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    opened = text_of(manager.get(f"{CALL}/texts/fr"))
    assert "The Office has the honour to transmit its note (en)." in opened
    answer = send(manager, f"{CALL}/texts/fr", {**TEXT, "seen": seen(manager, "fr")})
    assert answer.status_code == 302
    written = texts(session, campaign)["fr"]
    assert (written.title, written.mandate) == ("Titre", "résolution 54/22")
    assert written.note == "Le Bureau a l’honneur.\n\n- **santé** ;\n- éducation."
    assert (written.translated_by, written.reviewed_by) == ("Section française", None)
    page = document(manager.get(f"{CALL}/texts/fr"))
    shown = page.get_element_by_id("read")
    assert [item.text_content().strip() for item in shown.xpath(".//li")] == ["santé ;", "éducation."]
    assert not shown.xpath(".//script")
    assert "Français: the translation was not reviewed" in text_of(manager.get(f"{CALL}/call"))


def test_the_original_has_neither_translator_nor_reviewer(manager: FlaskClient, campaign: Campaign) -> None:
    page = document(manager.get(f"{CALL}/texts/en"))
    assert not page.xpath('//*[@name="translated_by" or @name="reviewed_by"]')


def test_looking_saves_nothing(manager: FlaskClient, session: Session, campaign: Campaign) -> None:
    answer = send(manager, f"{CALL}/texts/fr", {**TEXT, "seen": seen(manager, "fr"), "do": "look"})
    assert answer.status_code == 200
    assert "Le Bureau a l’honneur." in document(answer).get_element_by_id("read").text_content()
    assert texts(session, campaign)["fr"].title == factories.TITLES["fr"]


def test_a_text_that_somebody_changed_meanwhile_is_shown_beside_ones_own(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    before = seen(manager, "fr")
    theirs = contents.CampaignWords("Leur titre", "résolution", "Leur note", "Leur lettre", "X", "Y")
    contents.set_text(session, campaign.id, "fr", theirs, SERVICE)
    session.commit()
    answer = send(manager, f"{CALL}/texts/fr", {**TEXT, "seen": before})
    assert answer.status_code == 409
    assert "Leur note" in text_of(answer)
    page = document(answer)
    assert page.get_element_by_id("title").value == "Titre"
    assert texts(session, campaign)["fr"].title == "Leur titre"
    again = {**TEXT, "seen": page.get_element_by_id("seen").value}
    assert send(manager, f"{CALL}/texts/fr", again).status_code == 302
    assert texts(session, campaign)["fr"].title == "Titre"


def test_texts_that_were_sent_are_read_and_not_written(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    campaign.launched_at = factories.LAUNCHED
    session.commit()
    opened = manager.get(f"{CALL}/texts/fr")
    assert opened.headers["Location"] == f"{CALL}/preview?language=fr"
    assert send(manager, f"{CALL}/texts/fr", TEXT, page=f"{CALL}/settings").status_code == 403
    assert texts(session, campaign)["fr"].title == factories.TITLES["fr"]


def test_a_language_that_is_none_of_the_six_is_not_found(manager: FlaskClient, campaign: Campaign) -> None:
    assert manager.get(f"{CALL}/texts/de").status_code == 404


# Documents and the questionnaire.


def names(session: Session, campaign: Campaign) -> dict[tuple[str, FileKind], str]:
    session.expire_all()
    return {(file.language, file.kind): file.filename for file in campaigns.files(session, campaign.id)}


def test_documents_are_replaced_taken_out_and_downloaded(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    given = {"note-fr": pdf("../notes/note verbale.pdf"), "annex-ar": pdf("annexe.pdf"), "remove": "note-es"}
    answer = send(manager, f"{CALL}/files", given, content_type="multipart/form-data")
    assert answer.status_code == 302
    found = names(session, campaign)
    assert found["fr", FileKind.NOTE] == "note verbale.pdf"
    assert found["ar", FileKind.ANNEX] == "annexe.pdf"
    assert ("es", FileKind.NOTE) not in found and ("es", FileKind.ANNEX) in found
    downloaded = manager.get(f"{CALL}/files/fr/note")
    assert downloaded.data == factories.PDF
    assert "attachment" in downloaded.headers["Content-Disposition"]
    assert manager.get(f"{CALL}/files/es/note").status_code == 404


def test_a_document_that_cannot_be_taken_is_said_at_its_place_and_the_others_are_kept(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    given = {"note-fr": pdf("note.pdf", b"MZ not a pdf"), "annex-fr": pdf("good.pdf")}
    answer = send(manager, f"{CALL}/files", given, content_type="multipart/form-data")
    page = document(answer)
    assert "note.pdf is neither a PDF nor a Word document" in page.get_element_by_id("note-fr-fault").text_content()
    found = names(session, campaign)
    assert (found["fr", FileKind.NOTE], found["fr", FileKind.ANNEX]) == ("note.fr.pdf", "good.pdf")


def test_a_questionnaire_is_taken_over_read_and_taken_out(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    workbook = manager.get("/staff/campaigns/new/sample.xlsx").data
    given = {"workbook": (io.BytesIO(workbook), "questionnaire.xlsx")}
    answer = send(manager, f"{CALL}/questionnaire", given, content_type="multipart/form-data")
    assert answer.status_code == 302
    text = text_of(manager.get(f"{CALL}/questionnaire"))
    assert "In which fields does it work?" in text and "Replace the questionnaire" in text
    assert "35 questions" in text_of(manager.get(f"{CALL}/call"))
    assert send(manager, f"{CALL}/questionnaire", {"do": "remove"}).status_code == 302
    assert "There is no questionnaire yet." in text_of(manager.get(f"{CALL}/questionnaire"))


def test_all_faults_of_a_workbook_are_said(manager: FlaskClient, session: Session, campaign: Campaign) -> None:
    book = openpyxl.load_workbook(SAMPLE / "questionnaire.xlsx")
    sheet = book["survey"]
    kinds = [cell.value for cell in sheet[1]].index("type") + 1
    sheet.cell(row=4, column=kinds).value = "rating"
    kept = io.BytesIO()
    book.save(kept)
    kept.seek(0)
    given = {"workbook": (kept, "questionnaire.xlsx")}
    answer = send(manager, f"{CALL}/questionnaire", given, content_type="multipart/form-data")
    assert answer.status_code == 422
    (alert,) = document(answer).xpath('//*[@role="alert"]')
    assert "survey" in alert.text_content() and "4" in alert.text_content()
    session.expire_all()
    assert campaign.questionnaire_version_id is None

    sheet.cell(row=4, column=kinds).value = "geopoint"
    kept = io.BytesIO()
    book.save(kept)
    kept.seek(0)
    given = {"workbook": (kept, "questionnaire.xlsx")}
    answer = send(manager, f"{CALL}/questionnaire", given, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "row 4: The type “geopoint” is asked as “text” here." in text_of(answer)
    session.expire_all()
    assert campaign.questionnaire_version_id is not None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing"])
def test_what_is_no_workbook_is_said(manager: FlaskClient, campaign: Campaign, content: bytes) -> None:
    given = {"workbook": (io.BytesIO(content), "questionnaire.xlsx")}
    answer = send(manager, f"{CALL}/questionnaire", given, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert document(answer).xpath('//*[@role="alert"]')


def test_a_call_for_contributions_does_without_a_questionnaire(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    campaign.kind = CampaignKind.CALL_FOR_CONTRIBUTIONS
    session.commit()
    text = text_of(manager.get(f"{CALL}/call"))
    assert "None: answers are a text with documents." in text
    assert "XLSForm" not in text

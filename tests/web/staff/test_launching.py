"""Previewing, launching and closing a call for input."""

import io
import re
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import contents, orders, packed_folder
from outreach.campaigns.folder import SAMPLE
from outreach.campaigns.models import Campaign, CampaignText, Invitation
from outreach.correspondence.merging import PLACE
from outreach.correspondence.models import Letter
from outreach.dates import un_instant
from outreach.db import Database
from outreach.directory.models import InstitutionKind, Seat
from outreach.i18n import LANGUAGES
from outreach.identity.audit import SERVICE
from outreach.identity.words import StaffRole
from tests import factories
from tests.reports.answers import draft, submitted
from tests.web.desk import signed_in
from tests.web.visitor import csrf_token, document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now")

CALL = "/staff/campaigns/KH-2027"


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


@pytest.fixture
def campaign(manager: FlaskClient, session: Session) -> Campaign:
    """The sample, taken over on the web; three missions of two States are there to be asked."""
    factories.mission(session, "FRA", language="fr")
    factories.mission(session, "KAZ", language="ru")
    factories.mission(session, "KAZ", Seat.NEW_YORK)
    session.commit()
    page = "/staff/campaigns/new"
    given = {"folder": (io.BytesIO(packed_folder.pack(SAMPLE)), "sample.zip")}
    answer = send(manager, f"{page}/from-folder", given, page=page, content_type="multipart/form-data")
    assert answer.status_code == 302
    return session.scalars(select(Campaign)).one()


def count(session: Session, what: type) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(what)) or 0


def write(session: Session, campaign: Campaign, language: str, note: str) -> None:
    """Give a text another body of its note."""
    session.get_one(CampaignText, (campaign.id, language)).note = note
    session.commit()


def launched(manager: FlaskClient, database: Database) -> None:
    """Ask for the launch, and let a worker carry it out."""
    assert send(manager, f"{CALL}/launch").status_code == 302
    orders.carry_out(database)


def test_what_would_leave_is_said_before_it_does(manager: FlaskClient, campaign: Campaign) -> None:
    page = manager.get(f"{CALL}/launch")
    text = text_of(page)
    assert "3 letters" in text and "3 missions · in 2 States" in text
    assert "Outreach <outreach@secretariat.example>" in text
    assert "knowledge-hub@secretariat.example" in text
    assert "العربية: the translation was not reviewed" in text
    rows = {row.xpath("string(td[1])"): row.xpath("string(td[2])") for row in document(page).xpath("//tbody/tr")}
    assert {name: number for name, number in rows.items() if number != "0"} == {
        "Français": "1",
        "Русский": "1",
        "English and French": "1",
    }
    (button,) = document(page).xpath("//main//form//button")
    assert button.text_content() == "Launch: send 3 letters"


def test_all_letters_can_be_composed_without_sending_one(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    (address,) = document(manager.get(f"{CALL}/launch")).xpath("//a[contains(@href, 'dry-run')]/@href")
    page = manager.get(address)
    text = text_of(page)
    assert "All letters can be composed." in text and "3 letters were composed." in text
    rows = [[cell.text_content().strip() for cell in row] for row in document(page).xpath("//tbody/tr")]
    assert sorted(rows) == [["English and French", "Note", "1"], ["Français", "Note", "1"], ["Русский", "Note", "1"]]
    assert count(session, Letter) == count(session, Invitation) == 0


def test_the_launch_is_seen_while_a_worker_carries_it_out(
    manager: FlaskClient, session: Session, database: Database, campaign: Campaign
) -> None:
    edited = f"{CALL}/texts/fr"
    assert document(manager.get(f"{CALL}/call")).xpath(f'//a[@href="{edited}"]')
    answer = send(manager, f"{CALL}/launch")
    assert answer.headers["Location"] == f"{CALL}/call#under-way"
    page = manager.get(f"{CALL}/call")
    assert "0 of 3 institutions are asked" in text_of(page) and "Nothing stands against" not in text_of(page)
    assert not document(page).xpath(f'//a[@href="{edited}"]')
    (figures,) = document(page).xpath("//*[@data-figures]")
    assert state_of(manager, figures.get("data-figures")) == "under way" == figures.xpath("string(*/@data-state)")
    assert "is being launched" in text_of(manager.get(f"{CALL}/launch"))
    board = text_of(manager.get(CALL))
    assert "Being launched: no letter has left yet." in board and "not launched yet" not in board
    with clock.stopped_at(factories.NOW + 2 * orders.IDLE):
        assert state_of(manager, figures.get("data-figures")) == "idle"
        for looked_at in (CALL, f"{CALL}/call"):
            assert "no worker of this service has taken this up" in text_of(manager.get(looked_at))
    assert not document(manager.get(f"{CALL}/launch")).xpath("//main//form")
    assert (count(session, Invitation), count(session, Letter)) == (0, 0)

    orders.carry_out(database)
    assert (count(session, Invitation), count(session, Letter)) == (3, 3)
    assert campaign.launched_at == factories.NOW
    assert state_of(manager, figures.get("data-figures")) == "done"
    text = text_of(manager.get(f"{CALL}/call"))
    assert "0 of 3 letters have left" in text and "institutions are asked" not in text


def state_of(browser: FlaskClient, address: str) -> str:
    """The word by which the page that looks again knows whether it has something else to offer."""
    (state,) = document(browser.get(address)).xpath("//@data-state")
    return str(state)


def test_while_a_call_is_launched_its_texts_and_settings_stay_and_what_was_typed_too(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    opened = {page: manager.get(f"{CALL}/{page}") for page in ("texts/fr", "settings")}
    send(manager, f"{CALL}/launch")
    for page, before in opened.items():
        (form,) = document(before).xpath("//main//form[@method='post']")
        typed = dict(form.form_values())
        typed |= {"title": "Un autre titre"} if page == "texts/fr" else {"contact": "other@secretariat.example"}
        answer = manager.post(f"{CALL}/{page}", data=typed)
        assert answer.status_code == 409
        assert "This call for input is being launched." in text_of(answer)
        assert ("Un autre titre" if page == "texts/fr" else "other@secretariat.example") in answer.get_data(
            as_text=True
        )
    assert "other@secretariat.example" not in text_of(manager.get(f"{CALL}/call"))


def test_a_launch_is_called_off_before_it_is_done_and_not_afterwards(
    manager: FlaskClient, session: Session, database: Database, campaign: Campaign
) -> None:
    send(manager, f"{CALL}/launch")
    off = f"{CALL}/under-way/call-off"
    page = manager.get(f"{CALL}/call")
    assert document(page).xpath(f'//form[@action="{off}"]')
    assert "It is called off." in text_of(send(manager, off, page=f"{CALL}/call", follow_redirects=True))
    orders.carry_out(database)
    assert (count(session, Invitation), campaign.launched_at) == (0, None)
    late = manager.post(off, data={"csrf_token": csrf_token(page)}, follow_redirects=True)
    assert "Nothing is under way any more." in text_of(late)


def test_a_launch_that_was_given_up_says_why_and_is_asked_for_again(
    manager: FlaskClient, session: Session, database: Database, campaign: Campaign
) -> None:
    send(manager, f"{CALL}/launch")
    # Only what stands outside the call can change by itself: here the day.
    with clock.stopped_at(campaign.deadline_at):
        orders.carry_out(database)
    assert state_of(manager, f"{CALL}/under-way") == "given up"
    for page in ("call", "launch"):
        text = text_of(manager.get(f"{CALL}/{page}"))
        assert "The launch was not carried out. Nothing was sent." in text and "has passed" in text
    send(manager, f"{CALL}/launch")
    orders.carry_out(database)
    assert (count(session, Invitation), count(session, Letter)) == (3, 3)
    assert "was not carried out" not in text_of(manager.get(f"{CALL}/call"))


def test_launching_twice_is_harmless(
    manager: FlaskClient, session: Session, database: Database, campaign: Campaign
) -> None:
    token = csrf_token(manager.get(f"{CALL}/launch"))
    for _time in range(2):
        assert manager.post(f"{CALL}/launch", data={"csrf_token": token}).status_code == 302
    orders.carry_out(database)
    late = manager.post(f"{CALL}/launch", data={"csrf_token": token}, follow_redirects=True)
    assert "Everybody in the audience was invited already; nothing was added." in text_of(late)
    assert (count(session, Invitation), count(session, Letter)) == (3, 3)
    again = manager.get(f"{CALL}/launch")
    assert "Everybody in the audience was invited already." in text_of(again)
    assert not document(again).xpath("//main//form")


def test_who_came_into_the_directory_later_is_asked_by_a_second_launch(
    manager: FlaskClient, session: Session, database: Database, campaign: Campaign
) -> None:
    launched(manager, database)
    factories.mission(session, "JOR")
    session.commit()
    assert "1 letter could go to institutions that came into the directory" in text_of(manager.get(f"{CALL}/call"))
    launched(manager, database)
    assert (count(session, Invitation), count(session, Letter)) == (4, 4)


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("Voir le questionnaire [ici](#).", "“[ici](#)” stands where a working link should be."),
        ("Voir http://127.0.0.1:9/questionnaire.", "does not lead to a public address. It was not opened."),
        ("Réponse au plus tard le 3 mars 2027.", "the text says 3 March 2027, and the deadline of the call is"),
    ],
)
def test_what_stands_against_it_is_said_and_there_is_no_button(
    manager: FlaskClient, session: Session, campaign: Campaign, note: str, sentence: str
) -> None:
    opened = manager.get(f"{CALL}/launch")
    token = document(opened).xpath('//input[@name="csrf_token"]/@value')[0]
    write(session, campaign, "fr", note)
    page = manager.get(f"{CALL}/launch")
    assert sentence in text_of(page)
    assert not document(page).xpath("//main//form")
    assert document(page).xpath(f'//main//a[@href="{CALL}/texts/fr"]')
    # Whoever had the page open before is told the same, and nothing leaves.
    answer = manager.post(f"{CALL}/launch", data={"csrf_token": token})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert (count(session, Invitation), count(session, Letter)) == (0, 0)
    assert campaign.launched_at is None


def test_a_call_without_anything_refuses_in_every_language(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    for language in LANGUAGES:
        contents.set_text(session, campaign.id, language, None, SERVICE)
    campaign.deadline_at = factories.LAUNCHED
    session.commit()
    for address in ("launch", "call", "preview"):
        assert manager.get(f"{CALL}/{address}").status_code == 200, address
    text = text_of(manager.get(f"{CALL}/launch"))
    assert text.count("a text is missing") == 6
    assert "has passed" in text


# The preview.


def test_every_letter_is_read_before_it_leaves(manager: FlaskClient, campaign: Campaign) -> None:
    sorts = ("invitation", "forwarded", "reminder", "reminder-after", "extension", "receipt")
    for language, register, sort in product([*LANGUAGES, "en+fr"], ["note", "letter"], sorts):
        query = {"language": language, "register": register, "sort": sort}
        page = manager.get(f"{CALL}/preview", query_string=query)
        assert page.status_code == 200
        (frame,) = document(page).xpath("//iframe")
        assert frame.get("sandbox") == ""
        body = manager.get(frame.get("src"))
        assert body.status_code == 200
        assert "sandbox" in body.headers["Content-Security-Policy"]
        for shown in (page.get_data(as_text=True), body.get_data(as_text=True)):
            assert not PLACE.search(shown)
            assert not re.search(r"/[mpa]/[A-Za-z0-9_-]{16,}", shown)
        assert "…</mark>" not in body.get_data(as_text=True), query


def test_the_preview_marks_what_differs_and_names_what_is_attached(manager: FlaskClient, campaign: Campaign) -> None:
    page = text_of(manager.get(f"{CALL}/preview?language=fr"))
    assert "note.fr.pdf, questionnaire.fr.pdf" in page
    body = document(manager.get(f"{CALL}/preview/body?language=fr"))
    marked = [one.text_content() for one in body.xpath("//mark")]
    assert "Mission permanente de la France auprès de l’Office des Nations Unies à Genève" in marked
    assert un_instant(factories.DEADLINE, "Europe/Zurich", "fr") in marked
    assert set(body.xpath("//a/@href")) == {"#", "mailto:knowledge-hub@secretariat.example"}
    letter = text_of(manager.get(f"{CALL}/preview?language=fr&register=letter"))
    assert "note.fr.pdf" not in letter and "questionnaire.fr.pdf" in letter


def test_a_language_without_text_is_said_in_its_preview(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    contents.set_text(session, campaign.id, "zh", None, SERVICE)
    session.commit()
    assert "There is no text yet in: 中文." in text_of(manager.get(f"{CALL}/preview?language=zh"))


# Closing.


def test_closing_says_what_it_ends_and_is_done_once(
    manager: FlaskClient, session: Session, database: Database, campaign: Campaign
) -> None:
    launched(manager, database)
    missions = session.scalars(select(Invitation).order_by(Invitation.state_code)).all()
    submitted(session, missions[0], by_mission=missions[0])
    ministry = factories.institution(session, InstitutionKind.MINISTRY, state_code="KAZ")
    draft(session, factories.invitation(session, campaign, ministry, parent=missions[1]))
    session.commit()
    text = text_of(manager.get(f"{CALL}/close"))
    assert "The deadline has not passed yet" in text
    assert "1 State has replied." in text and "In 1 State a draft is open" in text
    assert campaign.closed_at is None
    answer = send(manager, f"{CALL}/close")
    assert answer.headers["Location"] == CALL
    session.expire_all()
    assert campaign.closed_at == factories.NOW
    assert not document(manager.get(f"{CALL}/close")).xpath("//main//form")
    assert "is closed" in text_of(manager.get(f"{CALL}/launch"))


def test_a_call_that_was_not_launched_is_not_closed(manager: FlaskClient, session: Session, campaign: Campaign) -> None:
    assert manager.get(f"{CALL}/close").status_code == 403
    assert send(manager, f"{CALL}/close", page=f"{CALL}/launch").status_code == 403
    session.expire_all()
    assert campaign.closed_at is None

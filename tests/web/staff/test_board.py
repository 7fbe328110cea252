"""Staff pages: the board, a State's page, what was sent, what came back, and the acts on them."""

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations, letters
from outreach.campaigns.models import Campaign, Invitation
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.directory import queries as directory
from outreach.directory.models import InstitutionKind, Seat
from outreach.identity import service as identity
from outreach.identity.audit import SERVICE
from outreach.identity.words import StaffRole
from outreach.storage import Storage
from outreach.submissions.models import Behalf, Submission
from tests import factories
from tests.reports.answers import draft, submitted
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now")


def signed_in(app: Flask, session: Session, role: StaffRole) -> FlaskClient:
    """A browser in which a member of staff has signed in by a one-time link."""
    with app.app_context():
        member = identity.add_staff(
            session,
            email=f"{role.value}@secretariat.example",
            name="A. Person",
            role=role,
            password=None,
            actor=SERVICE,
        )
        session.commit()
        token = identity.entry_token(member)
    client = app.test_client()
    assert send(client, f"/staff/enter/{token}").status_code == 302
    return client


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


@pytest.fixture
def reader(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.READER)


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    made = factories.campaign(session, "KH-2027", storage=storage)
    session.commit()
    return made


def asked(session: Session, campaign: Campaign, state: str = "KAZ", seat: Seat = Seat.GENEVA) -> Invitation:
    made = factories.invitation(session, campaign, factories.mission(session, state, seat))
    invitations.record(session, made.id, FactKind.LETTER_SENT, by="the service")
    return made


def refused(session: Session, one: Invitation) -> Letter:
    """Its letter, which the address refused."""
    (key,) = letters.queue_for(session, one, LetterKind.INVITATION, "launch")
    letter = session.get_one(Letter, key)
    letter.state, letter.settled_at, letter.reason = LetterState.REFUSED, clock.now(), "550 no such user"
    invitations.record(session, one.id, FactKind.LETTER_REFUSED, by="the service")
    return letter


def test_the_board_is_for_staff_only(client: FlaskClient, campaign: Campaign) -> None:
    for address in ("", "/board.csv", "/others", "/states/KAZ"):
        answer = client.get(f"/staff/campaigns/KH-2027{address}")
        assert answer.status_code in (302, 401), address


def test_figures_lead_to_the_rows_that_they_count(reader: FlaskClient, session: Session, campaign: Campaign) -> None:
    asked(session, campaign)
    mission = asked(session, campaign, "JOR")
    submitted(session, mission, by_mission=mission)
    session.commit()
    page = reader.get("/staff/campaigns/KH-2027")
    figures = {
        a.xpath("string(span)"): (a.xpath("string(b)"), a.get("href"))
        for a in document(page).xpath("//nav[@class='facts']/a")
    }
    assert figures["States asked"][0] == "2"
    number, address = figures["reply of a State"]
    assert number == "1"
    shown = document(reader.get(address.partition("#")[0]))
    assert [row.text_content() for row in shown.xpath("//tbody/tr/td[1]")] == ["Jordan"]


def test_the_page_shows_groups_the_convention_and_the_sentence(
    reader: FlaskClient, session: Session, campaign: Campaign
) -> None:
    mission = asked(session, campaign)
    submitted(session, mission, by_mission=mission)
    session.commit()
    text = text_of(reader.get("/staff/campaigns/KH-2027"))
    assert "Asia-Pacific States · 1 of 1 replied" in text
    assert "Kiribati with the Asia-Pacific States" in text
    assert "A reply was received from the following State: Kazakhstan." in text


@pytest.mark.parametrize("language", ["ar", "zh", "fr"])
def test_the_sentence_stands_in_its_own_language(
    reader: FlaskClient, session: Session, campaign: Campaign, language: str
) -> None:
    mission = asked(session, campaign)
    submitted(session, mission, by_mission=mission)
    session.commit()
    page = document(reader.get(f"/staff/campaigns/KH-2027?report={language}"))
    sentence = page.get_element_by_id("report-sentence")
    assert sentence.get("lang") == language
    assert directory.state_name(session, "KAZ", language) in sentence.text_content()


def test_red_is_never_for_a_silent_state(reader: FlaskClient, session: Session, campaign: Campaign) -> None:
    asked(session, campaign)
    lost = factories.invitation(session, campaign, factories.mission(session, "JOR"))
    invitations.record(session, lost.id, FactKind.LETTER_REFUSED, by="the service")
    session.commit()
    page = document(reader.get("/staff/campaigns/KH-2027"))
    red = page.xpath('//tr[.//span[contains(@class, "red")]]/td[1]')
    assert [cell.text_content() for cell in red] == ["Jordan"]


def test_the_csv_has_the_rows_that_are_shown(reader: FlaskClient, session: Session, campaign: Campaign) -> None:
    asked(session, campaign)
    asked(session, campaign, "JOR")
    session.commit()
    page = document(reader.get("/staff/campaigns/KH-2027?q=Jordan"))
    (address,) = page.xpath('//a[contains(@href, "board.csv")]/@href')
    answer = reader.get(address)
    assert answer.mimetype == "text/csv"
    assert "Jordan" in answer.get_data(as_text=True) and "Kazakhstan" not in answer.get_data(as_text=True)


def test_a_state_page_shows_the_tree_the_history_and_no_drafts_text(
    reader: FlaskClient, session: Session, campaign: Campaign
) -> None:
    mission = asked(session, campaign)
    ministry = factories.institution(session, name="Ministry of Invented Affairs", email="office@ministry.example")
    child = factories.invitation(session, campaign, ministry, parent=mission)
    invitations.record(session, mission.id, FactKind.FORWARDED, by="the mission", note="Ministry of Invented Affairs")
    draft(session, child, Behalf.NATIONAL_AUTHORITY)
    session.commit()
    page = reader.get("/staff/campaigns/KH-2027/states/KAZ")
    text = text_of(page)
    assert "Ministry of Invented Affairs" in text and "office@ministry.example" in text
    assert "A draft exists since 15 February 2027" in text
    assert "a draft that staff must not read" not in page.get_data(as_text=True)
    submission = session.scalars(select(Submission)).one()
    assert reader.get(f"/staff/submissions/{submission.id}").status_code == 404


def test_staff_accept_a_reply_with_a_reason(manager: FlaskClient, session: Session, campaign: Campaign) -> None:
    one = submitted(session, asked(session, campaign))
    session.commit()
    page = "/staff/campaigns/KH-2027/states/KAZ"
    act = f"/staff/submissions/{one.id}/accept"
    without = send(manager, act, {"reason": " "}, page=page)
    assert without.status_code == 422
    assert "Please say why" in text_of(without)
    assert send(manager, act, {"reason": "Note verbale 17 of 3 March"}, page=page).status_code == 302
    text = text_of(manager.get(page))
    assert "reply of the State" in text and "Note verbale 17 of 3 March" in text
    assert "1 of 1 replied" in text_of(manager.get("/staff/campaigns/KH-2027"))


def test_readers_of_the_board_change_nothing(reader: FlaskClient, session: Session, campaign: Campaign) -> None:
    one = submitted(session, asked(session, campaign))
    session.commit()
    page = reader.get("/staff/campaigns/KH-2027/states/KAZ")
    assert not document(page).xpath('//main//form[@method="post"]')
    sent = send(reader, f"/staff/submissions/{one.id}/accept", {"reason": "mine"}, page="/staff/campaigns/KH-2027")
    assert sent.status_code == 403


def test_a_submission_is_read_with_its_number_and_answers(
    reader: FlaskClient, session: Session, campaign: Campaign
) -> None:
    one = submitted(session, asked(session, campaign), late=True)
    session.commit()
    text = text_of(reader.get(f"/staff/submissions/{one.id}"))
    assert one.number is not None and one.number in text
    assert "received after the deadline" in text


def test_a_letter_is_shown_as_sent_but_for_its_links(reader: FlaskClient, session: Session, campaign: Campaign) -> None:
    one = asked(session, campaign)
    (key,) = letters.queue_for(session, one, LetterKind.INVITATION, "launch")
    session.commit()
    page = reader.get(f"/staff/letters/{key}")
    frame = document(page).xpath("//iframe")[0]
    assert frame.get("sandbox") == ""
    body = reader.get(frame.get("src"))
    assert "sandbox" in body.headers["Content-Security-Policy"]
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]
    for content in (page.get_data(as_text=True), body.get_data(as_text=True)):
        assert "/m/…" in content
        assert not re.search(r"/[mpa]/[A-Za-z0-9_-]{20,}", content)


def test_a_refused_address_is_corrected_and_the_letter_sent_again(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    one = factories.invitation(session, campaign, factories.mission(session))
    letter = refused(session, one)
    session.commit()
    page = "/staff/campaigns/KH-2027/states/KAZ"
    act = f"/staff/letters/{letter.id}/correct-address"
    wrong = send(manager, act, {"email": "nonsense"}, page=page)
    assert wrong.status_code == 422
    assert document(wrong).xpath('//input[@name="email"]/@value') == ["nonsense"]
    assert send(manager, act, {"email": "new@geneva.example"}, page=page).status_code == 302
    session.expire_all()
    fresh = session.scalars(select(Letter).where(Letter.state == LetterState.QUEUED)).one()
    assert (fresh.to_address, fresh.attempt) == ("new@geneva.example", 2)
    assert [contact.email for contact in directory.contacts(session, one.institution_id)] == ["new@geneva.example"]


def test_the_other_post_is_asked_where_the_first_failed(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    lost = factories.invitation(session, campaign, factories.mission(session))
    refused(session, lost)
    other = factories.mission(session, "KAZ", Seat.NEW_YORK)
    session.commit()
    assert "Use the New York address" in text_of(manager.get("/staff/campaigns/KH-2027"))
    page = "/staff/campaigns/KH-2027/states/KAZ"
    assert send(manager, f"{page}/ask", {"institution_id": str(other.id)}, page=page).status_code == 302
    session.expire_all()
    made = session.scalars(select(Invitation).where(Invitation.institution_id == other.id)).one()
    assert made.stage is Stage.QUEUED
    again = send(
        manager, f"{page}/ask", {"institution_id": str(uuid.uuid4())}, page="/staff/campaigns/KH-2027/states/KAZ"
    )
    assert again.status_code == 403


def test_others_are_listed_by_behalf_a_page_at_a_time(
    reader: FlaskClient, session: Session, campaign: Campaign
) -> None:
    mission = asked(session, campaign)
    for number in range(52):
        union = factories.institution(session, InstitutionKind.TRADE_UNION, name=f"Union {number}")
        submitted(session, factories.invitation(session, campaign, union, parent=mission), Behalf.STAKEHOLDER)
    ministry = factories.invitation(session, campaign, factories.institution(session, name="Ministry"), parent=mission)
    submitted(session, ministry, Behalf.NATIONAL_AUTHORITY)
    session.commit()

    def names(address: str) -> tuple[set[str], Any]:
        page = document(reader.get(address))
        return {cell.text_content() for cell in page.xpath("//tbody/tr/td[1]")}, page

    first, page = names("/staff/campaigns/KH-2027/others?behalf=stakeholder")
    (further,) = page.xpath('//a[contains(@href, "after=")]/@href')
    second, _page = names(further)
    assert len(first) == 50 and len(second) == 2 and not first & second
    assert names("/staff/campaigns/KH-2027/others?behalf=national_authority")[0] == {"Ministry"}


@pytest.mark.parametrize("query", ["group=nowhere", "stage=%00", "show=all", "after=x", "report=xx"])
def test_addresses_that_make_no_sense_show_the_whole(
    reader: FlaskClient, session: Session, campaign: Campaign, query: str
) -> None:
    asked(session, campaign)
    session.commit()
    assert "Kazakhstan" in text_of(reader.get(f"/staff/campaigns/KH-2027?{query}"))
    assert reader.get(f"/staff/campaigns/KH-2027/others?{query}").status_code == 200


def test_what_does_not_exist_is_not_found(reader: FlaskClient, campaign: Campaign) -> None:
    assert reader.get("/staff/campaigns/NONE").status_code == 404
    assert reader.get("/staff/campaigns/KH-2027/states/XXX").status_code == 404
    assert reader.get(f"/staff/letters/{uuid.uuid4()}").status_code == 404
    assert reader.get(f"/staff/submissions/{uuid.uuid4()}").status_code == 404

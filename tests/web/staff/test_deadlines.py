"""Deadline and reminders, for staff: extensions with what they send said before, requests decided, the plan of reminders."""

import re
import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import i18n
from outreach.campaigns import extensions, invitations, orders, reminders, service
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.models import Campaign, Extension
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.db import Database
from outreach.identity.models import AuditEntry
from outreach.identity.words import StaffRole
from tests import factories
from tests.campaigns.asked import MANAGER, World, tick, world
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now")

PAGE = "/staff/campaigns/KH-2027/deadline"
LATER = extensions.end_of(date(2027, 3, 31), "Europe/Zurich")


@pytest.fixture
def w(session: Session) -> World:
    made = world(session, code="KH-2027")
    session.commit()
    return made


@pytest.fixture
def manager(app: Flask, session: Session, w: World) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


@pytest.fixture
def request_id(session: Session, w: World) -> uuid.UUID:
    made = extensions.ask_for_time(session, w.geneva.id, date(2027, 3, 31), "Consultations with the provinces", MANAGER)
    session.commit()
    return made


def announced(session: Session) -> int:
    return len(session.scalars(select(Letter.id).where(Letter.kind == LetterKind.EXTENSION)).all())


def test_the_deadline_stands_first_with_zone_and_days_left(manager: FlaskClient) -> None:
    text = text_of(manager.get(PAGE))
    assert "Answers no later than 26 February 2027, 23:59 (Geneva) 11 days are left." in text
    assert "26 February 2027, 17:59 (New York) · Europe/Zurich" in text
    assert "The deadline has not been extended." in text
    assert "No request waits for a decision." in text


def test_an_extension_says_before_what_it_sends_and_then_does_it(
    manager: FlaskClient, session: Session, w: World
) -> None:
    typed = {"whom": "KAZ", "day": "2027-03-31", "reason": "Consultations"}
    looked = send(manager, f"{PAGE}/extend", {**typed, "do": "look"}, page=PAGE)
    assert looked.status_code == 200
    assert "Kazakhstan: the deadline becomes 31 March 2027, 23:59 (Geneva)." in text_of(looked)
    assert "5 letters will announce it to those that have not answered (institutions: 5)." in text_of(looked)
    assert session.scalars(select(Extension)).all() == []
    (mark,) = document(looked).xpath("//button[@name='do'][contains(@value, 'extend')]/@value")
    changed = send(manager, f"{PAGE}/extend", {**typed, "whom": "all", "do": mark}, page=PAGE)
    assert "The deadline of all becomes 31 March 2027" in text_of(changed)
    assert session.scalars(select(Extension)).all() == []
    done = send(manager, f"{PAGE}/extend", {**typed, "do": mark}, page=PAGE)
    assert (done.status_code, done.location) == (302, f"{PAGE}#extensions")
    text = text_of(manager.get(PAGE))
    assert "The deadline is extended. 5 letters announce it." in text
    assert re.search(r"Kazakhstan 31 March 2027, 23:59 \(Geneva\) Consultations .*5 manager@secretariat\.example", text)
    assert announced(session) == 5
    again = send(manager, f"{PAGE}/extend", {**typed, "do": mark}, page=PAGE)
    assert again.status_code == 422
    assert announced(session) == 5


def test_an_extension_for_all_is_seen_while_a_worker_carries_it_out(
    manager: FlaskClient, session: Session, database: Database, w: World
) -> None:
    typed = {"whom": "all", "day": "2027-03-31", "reason": "Consultations"}
    (mark,) = document(send(manager, f"{PAGE}/extend", {**typed, "do": "look"}, page=PAGE)).xpath(
        "//button[@name='do'][contains(@value, 'extend')]/@value"
    )
    done = send(manager, f"{PAGE}/extend", {**typed, "do": mark}, page=PAGE)
    assert (done.status_code, done.location) == (302, f"{PAGE}#under-way")
    page = manager.get(PAGE)
    assert "The deadline of all is being extended 0 of 7 institutions are done" in text_of(page)
    assert not document(page).xpath("//form[contains(@action, '/extend')]") and announced(session) == 0
    orders.carry_out(database)
    text = text_of(manager.get(PAGE))
    assert "is being extended" not in text and announced(session) == 7
    assert re.search(r"All 31 March 2027, 23:59 \(Geneva\) Consultations .*7 manager@secretariat\.example", text)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"day": "2027-02-26"}, "day", "An extension must be later."),
        ({"day": "2030-01-01"}, "day", "This is more than two years away."),
        ({"day": "9999-12-31"}, "day", "Please check the year."),
        ({"day": ""}, "day", "Please fill in this field."),
        ({"whom": ""}, "whom", "Please fill in this field."),
        ({"reason": " "}, "reason", "Please give the reason"),
    ],
)
def test_what_cannot_be_extended_is_said_at_its_field_and_nothing_typed_is_lost(
    manager: FlaskClient, session: Session, changed: dict[str, str], field: str, sentence: str
) -> None:
    typed = {"whom": "JOR", "day": "2027-03-31", "reason": "Consultations", **changed}
    mark = f"extend {typed['whom']} {typed['day']}"
    answer = send(manager, f"{PAGE}/extend", {**typed, "do": mark}, page=PAGE)
    assert answer.status_code == 422
    page = document(answer)
    assert sentence in page.get_element_by_id(f"{field}-fault").text_content()
    if field != "whom":
        assert page.xpath("//select[@id='whom']/option[@selected]/@value") == ["JOR"]
    if field != "day":
        assert page.get_element_by_id("day").get("value") == "2027-03-31"
    assert session.scalars(select(Extension)).all() == []


def test_a_request_is_granted_until_the_day_asked_for_or_another(
    manager: FlaskClient, session: Session, w: World, request_id: uuid.UUID
) -> None:
    page = manager.get(PAGE)
    assert "Consultations with the provinces" in text_of(page)
    assert "5 letters will announce it to those that have not answered (institutions: 5)" in text_of(page)
    (day,) = document(page).xpath(f"//input[@name='grant-{request_id}-day']/@value")
    assert day == "2027-03-31"
    (reason,) = document(page).xpath(f"//textarea[@name='grant-{request_id}-reason']/text()")
    assert reason.strip() == "Consultations with the provinces"
    act = f"{PAGE}/requests/{request_id}/grant"
    field = f"grant-{request_id}-"
    without = send(manager, act, {f"{field}day": "2027-03-20", f"{field}reason": ""}, page=PAGE)
    assert without.status_code == 422
    assert document(without).xpath(f"//input[@name='{field}day']/@value") == ["2027-03-20"]
    early = send(manager, act, {f"{field}day": "2027-02-20", f"{field}reason": "Yes"}, page=PAGE)
    assert early.status_code == 422
    assert "An extension must be later." in document(early).get_element_by_id(f"{field}day-fault").text_content()
    done = send(manager, act, {f"{field}day": "2027-03-20", f"{field}reason": "Yes"}, page=PAGE)
    assert (done.status_code, done.location) == (302, f"{PAGE}#requests")
    until = extensions.end_of(date(2027, 3, 20), "Europe/Zurich")
    session.expire_all()
    assert deadline_for(session, w.campaign, "KAZ").at == until
    text = text_of(manager.get(PAGE))
    assert "No request waits for a decision." in text and "1 request was decided" in text and "granted" in text
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "campaign.extended"))
    assert entry.actor == "manager@secretariat.example"


def test_a_request_is_declined_with_a_reason_that_the_institution_reads(
    manager: FlaskClient, session: Session, w: World, request_id: uuid.UUID
) -> None:
    act, field = f"{PAGE}/requests/{request_id}/decline", f"decline-{request_id}-reason"
    without = send(manager, act, {field: " "}, page=PAGE)
    assert without.status_code == 422
    assert "the institution reads it" in document(without).get_element_by_id(f"{field}-fault").text_content()
    assert document(without).get_element_by_id(f"decline-{request_id}").getparent().get("open") is not None
    assert send(manager, act, {field: "The report goes to print."}, page=PAGE).status_code == 302
    assert "declined" in text_of(manager.get(PAGE))
    assert announced(session) == 1
    again = send(manager, act, {field: "The report goes to print."}, page=PAGE, follow_redirects=True)
    assert "manager@secretariat.example decided on this request" in text_of(again)
    assert announced(session) == 1


def test_an_institution_without_a_state_is_not_granted_a_deadline_of_its_own(
    manager: FlaskClient, session: Session, w: World
) -> None:
    made = extensions.ask_for_time(session, w.organization.id, date(2027, 3, 31), "Our board meets in March", MANAGER)
    session.commit()
    page = manager.get(PAGE)
    assert "An institution without a State has the deadline of all." in text_of(page)
    assert not document(page).xpath(f"//form[contains(@action, '{made}/grant')]")
    assert document(page).xpath(f"//form[contains(@action, '{made}/decline')]")


def test_the_plan_shows_each_step_and_is_changed(manager: FlaskClient, session: Session, w: World) -> None:
    with i18n.speaking("en"):
        tick(session, factories.NOW - timedelta(days=3, hours=1))
    for letter in session.scalars(select(Letter)):
        letter.state = LetterState.SENT
    invitations.record(session, w.union.id, FactKind.SUBMITTED, by="the union")
    session.commit()
    page = document(manager.get(PAGE))
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//h2[@id='reminders']/..//tbody/tr")]
    assert rows[0].startswith("14 days before the deadline 12 February 2027, 09:00 (Geneva) passed")
    assert rows[0].endswith(": 7 It would reach now: 0")
    assert rows[1].startswith("5 days before the deadline 21 February 2027, 09:00 (Geneva) to come")
    assert rows[1].endswith(": 0 It would reach now: 6")
    assert rows[2].startswith("3 days after the deadline 1 March 2027, 09:00 (Geneva) to come")
    act = f"{PAGE}/reminders"
    for wrong, sentence in (("soon", "as in -14, -5, 3"), ("-14, -13, 3", "Further reminders must lie ahead.")):
        answer = send(manager, act, {"reminder_days": wrong}, page=PAGE)
        assert answer.status_code == 422
        assert sentence in document(answer).get_element_by_id("reminder_days-fault").text_content()
        assert document(answer).get_element_by_id("reminder_days").get("value") == wrong
    assert send(manager, act, {"reminder_days": "-14 −2, 3"}, page=PAGE).status_code == 302
    assert sorted(step.days for step in reminders.steps_of(session, w.campaign.id)) == [-14, -2, 3]


def test_who_is_not_reminded_and_why_leads_to_the_board(
    manager: FlaskClient, session: Session, w: World, request_id: uuid.UUID
) -> None:
    invitations.record(session, w.union.id, FactKind.SUBMITTED, by="the union")
    invitations.record(session, w.jordan.id, FactKind.TRANSMITTED, by="the mission")
    session.commit()
    page = document(manager.get(PAGE))
    listed = {
        " ".join(line.text_content().split()): line.xpath(".//a/@href")[0]
        for line in page.xpath("//h2[@id='stopped']/..//li")
    }
    assert set(listed) == {
        "1 · Their State has replied",
        "1 · They have replied themselves",
        "4 · Mail or a request for more time from them or their State waits for you",
    }
    assert "1 institution is reminded at the next step." in " ".join(page.text_content().split())
    for address in listed.values():
        assert manager.get(address.partition("#")[0]).status_code == 200


def test_a_state_page_leads_to_its_request(manager: FlaskClient, request_id: uuid.UUID) -> None:
    page = document(manager.get("/staff/campaigns/KH-2027/states/KAZ"))
    acts = {link.text_content(): link.get("href") for link in page.xpath("//div[@id='next']//a")}
    assert acts == {"Grant": f"{PAGE}#request-{request_id}", "Decline": f"{PAGE}#decline-{request_id}"}
    target = document(manager.get(PAGE))
    assert target.get_element_by_id(f"request-{request_id}") is not None
    assert target.get_element_by_id(f"decline-{request_id}") is not None


def test_what_waits_leads_from_the_first_page_to_the_decision(manager: FlaskClient, request_id: uuid.UUID) -> None:
    page = document(manager.get("/staff/"))
    assert page.xpath(f"//a[@href='{PAGE}#requests']")


def test_readers_see_everything_and_change_nothing(
    app: Flask, session: Session, w: World, request_id: uuid.UUID
) -> None:
    reader = signed_in(app, session, StaffRole.READER)
    page = reader.get(PAGE)
    assert "Consultations with the provinces" in text_of(page)
    assert not document(page).xpath("//main//form")
    for act in ("extend", "reminders", f"requests/{request_id}/grant", f"requests/{request_id}/decline"):
        assert send(reader, f"{PAGE}/{act}", {}, page=PAGE).status_code == 403


def test_a_call_that_does_not_run_offers_no_acts_on_its_deadline(
    manager: FlaskClient, session: Session, w: World, request_id: uuid.UUID
) -> None:
    factories.campaign(session, "DRAFT-2027", launched=False)
    service.close(session, w.campaign.id, MANAGER)
    session.commit()
    for address in (PAGE, "/staff/campaigns/DRAFT-2027/deadline"):
        page = manager.get(address)
        assert page.status_code == 200
        assert not document(page).xpath("//form[contains(@action, 'extend') or contains(@action, 'requests')]")
    assert "This call for input is closed." in text_of(manager.get(PAGE))
    draft = document(manager.get("/staff/campaigns/DRAFT-2027/deadline"))
    assert draft.xpath("//a[contains(@href, 'DRAFT-2027/settings')]")


@pytest.mark.parametrize("language", ["ar", "zh", "fr", "ru", "es"])
def test_the_page_speaks_the_readers_language(
    manager: FlaskClient, session: Session, w: World, request_id: uuid.UUID, language: str
) -> None:
    session.get_one(Campaign, w.campaign.id).deadline_zone = "America/New_York"
    session.commit()
    page = document(manager.get(f"{PAGE}?lang={language}"))
    assert page.get("lang") == language
    assert factories.NOW.strftime("%Y") in page.text_content()

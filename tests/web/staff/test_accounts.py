"""Accounts of staff, and the audit trail."""

import ast
import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence.models import Letter
from outreach.identity import audit, queries
from outreach.identity.audit import Actor
from outreach.identity.models import AuditEntry, Staff
from outreach.identity.words import StaffRole
from outreach.paths import PACKAGE
from outreach.web.staff import audit_words
from tests import factories
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now", "english")
NEW = {"name": "B. Person", "email": "b.person@secretariat.example", "role": "manager"}


@pytest.fixture
def administrator(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.ADMINISTRATOR)


def of(session: Session, email: str) -> Staff:
    session.expire_all()
    return session.scalars(select(Staff).where(Staff.email == email)).one()


def acts(session: Session, subject_id: uuid.UUID) -> list[str]:
    wanted = select(AuditEntry.act).where(AuditEntry.subject_id == subject_id).order_by(AuditEntry.act)
    return list(session.scalars(wanted))


def test_an_account_is_opened_and_its_link_goes_to_its_holder_alone(
    app: Flask, administrator: FlaskClient, session: Session
) -> None:
    answer = send(administrator, "/staff/accounts/new", NEW, follow_redirects=True)
    shown = answer.get_data(as_text=True)
    assert "on its way to b.person@secretariat.example" in shown
    (letter,) = session.scalars(select(Letter)).all()
    assert letter.to_address == NEW["email"]
    link = letter.merge["en"]["link"]
    assert link not in shown and "/staff/enter/" not in shown
    assert "/staff/enter/" not in administrator.get(f"/staff/letters/{letter.id}").get_data(as_text=True)
    newcomer = app.test_client()
    assert send(newcomer, link.removeprefix("http://127.0.0.1:8000")).status_code == 302
    assert newcomer.get("/staff/").status_code == 200
    member = of(session, NEW["email"])
    assert acts(session, member.id) == ["staff.added", "staff.entered_by_link", "staff.link_mailed"]


def test_a_faulty_account_is_refused_at_its_field_and_nothing_typed_is_lost(
    administrator: FlaskClient, session: Session
) -> None:
    taken = send(administrator, "/staff/accounts/new", NEW | {"email": "Administrator@secretariat.example"})
    assert taken.status_code == 422
    assert "There is already an account" in document(taken).xpath("string(//p[@id='email-fault'])")
    assert document(taken).xpath("//input[@name='name']/@value") == ["B. Person"]
    for fault in ({"name": ""}, {"email": "no address"}, {"role": "emperor"}, {"name": "A\nB"}):
        assert send(administrator, "/staff/accounts/new", NEW | fault).status_code == 422, fault
    assert len(queries.accounts(session)) == 1
    assert not session.scalars(select(Letter)).all()


def test_access_changes_and_ends(app: Flask, administrator: FlaskClient, session: Session) -> None:
    reader = signed_in(app, session, StaffRole.READER)
    member = of(session, "reader@secretariat.example")
    page = f"/staff/accounts/{member.id}"
    assert send(administrator, page, {"role": "administrator", "active": "y"}).status_code == 302
    assert reader.get("/staff/accounts").status_code == 200
    assert send(administrator, page, {"role": "administrator"}).status_code == 302
    assert reader.get("/staff/").status_code == 302
    assert "access ended" in text_of(administrator.get("/staff/accounts"))
    assert send(administrator, f"{page}/link", page="/staff/accounts/new").status_code == 403
    assert acts(session, member.id).count("staff.access_changed") == 2


def test_one_administrator_remains(administrator: FlaskClient, session: Session) -> None:
    me = of(session, "administrator@secretariat.example")
    for change in ({"role": "reader", "active": "y"}, {"role": "administrator"}):
        answer = send(administrator, f"/staff/accounts/{me.id}", change)
        assert answer.status_code == 422
        assert "One active administrator must remain." in text_of(answer)
    assert administrator.get("/staff/accounts").status_code == 200


def test_a_new_link_is_mailed(administrator: FlaskClient, session: Session) -> None:
    me = of(session, "administrator@secretariat.example")
    assert send(administrator, f"/staff/accounts/{me.id}/link", page=f"/staff/accounts/{me.id}").status_code == 302
    (letter,) = session.scalars(select(Letter)).all()
    assert letter.to_address == me.email


@pytest.mark.parametrize("role", [StaffRole.READER, StaffRole.MANAGER])
def test_accounts_and_trail_are_for_administrators(app: Flask, session: Session, role: StaffRole) -> None:
    client = signed_in(app, session, role)
    for address in ("/staff/accounts", "/staff/accounts/new", f"/staff/accounts/{uuid.uuid4()}", "/staff/audit"):
        assert client.get(address).status_code == 403, address


def test_the_trail_says_who_did_what_from_what_to_what(administrator: FlaskClient, session: Session) -> None:
    member = of(session, "administrator@secretariat.example")
    campaign = factories.campaign(session, "KH-2027")
    clerk = Actor("clerk@secretariat.example")
    audit.record(
        session, clerk, "campaign.extended", "campaign", campaign.id,
        before={"state": "KAZ", "deadline": "2027-02-26T22:59:00+00:00"},
        after={"deadline": "2027-03-12T22:59:00+00:00", "reason": "Consultations"},
    )  # fmt: skip
    audit.record(session, clerk, "staff.access_changed", "staff", member.id, {"active": True}, {"active": False})
    audit.record(session, clerk, "domain.new_act", "nothing", uuid.uuid4())
    session.commit()
    text = text_of(administrator.get("/staff/audit"))
    assert "deadline extended KH-2027" in text
    assert "Deadline: 26 February 2027, 23:59 (Geneva) → 12 March 2027, 23:59 (Geneva)" in text
    assert "State: Kazakhstan Deadline" in text, "what the entry is about did not change"
    assert "May sign in: yes → no" in text
    assert "domain.new_act" in text, "an act without words is shown all the same"


def test_the_trail_is_read_in_pages_and_by_person_and_subject(administrator: FlaskClient, session: Session) -> None:
    subject = uuid.uuid4()
    for number in range(120):
        with clock.stopped_at(factories.NOW + timedelta(seconds=number // 3)):  # several at one instant
            audit.record(session, Actor(f"clerk-{number % 2}@x.example"), "contact.added", "contact", subject)
    session.commit()
    seen, address = 0, f"/staff/audit?subject={subject}"
    while address:
        page = document(administrator.get(address))
        seen += len(page.xpath("//tbody/tr"))
        address = next(iter(page.xpath("//p[contains(@class, 'after')]/a/@href")), "")
    assert seen == 120
    one = document(administrator.get("/staff/audit?actor=clerk-1@"))
    assert {cell.text_content().strip() for cell in one.xpath("//tbody/tr/td[2]")} == {"clerk-1@x.example"}
    assert document(administrator.get("/staff/audit?actor=%25")).xpath("//tbody/tr") == []
    assert administrator.get("/staff/audit?after=nonsense&subject=nonsense").status_code == 200


def test_every_act_that_the_code_records_has_words() -> None:
    recorded: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        source = file.read_text("utf-8")
        if "audit.record(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(node.value)):
                recorded.add(str(node.value))
    assert "staff.added" in recorded and "invitation.acknowledged" in recorded
    assert recorded - set(audit_words.ACTS) == set()

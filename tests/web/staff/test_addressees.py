"""Wrong addressees, for staff: what was proposed, writing to somebody else instead, leaving it as it is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach.campaigns import attention, invitations
from outreach.campaigns.attention import NeedKind
from outreach.campaigns.models import Invitation, InvitationFact
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import Letter
from outreach.directory import queries as directory
from outreach.directory.models import Institution
from outreach.identity.words import StaffRole
from tests import factories
from tests.campaigns.asked import World, world
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now")

STATE = "/staff/campaigns/KH-2027/states/KAZ"
ALL = "/staff/campaigns/KH-2027/addressees"


@pytest.fixture
def w(session: Session) -> World:
    """The ministry names the right one; an organization without a State only says that it is not competent."""
    made = world(session, code="KH-2027")
    for one, write_to, words in (
        (made.ministry, "labour@ministry.example", "The Ministry of Labour"),
        (made.organization, "", "Another organization"),
    ):
        details = {"write_to": write_to, "words": words}
        invitations.record(session, one.id, FactKind.WRONG_ADDRESSEE, by="the institution", details=details)
    session.commit()
    return made


@pytest.fixture
def manager(app: Flask, session: Session, w: World) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


def write(client: FlaskClient, one: Invitation, page: str = STATE, **typed: str) -> TestResponse:
    data = {
        "email": "labour@ministry.example",
        "whose": "other",
        "name": "Ministry of Labour",
        "kind": "ministry",
        **typed,
    }
    prefixed = {f"{one.id}-{name}": value for name, value in data.items()}
    return send(client, f"{ALL}/{one.id}/write", prefixed, page=page)


def needs(session: Session) -> dict[NeedKind, int]:
    session.rollback()
    return {need.kind: need.count for need in attention.needs(session)}


def test_the_state_page_shows_the_proposal_and_the_board_asks_for_a_decision(manager: FlaskClient, w: World) -> None:
    text = text_of(manager.get(STATE))
    assert "Ministry says that the note or letter should go to somebody else." in text
    assert "labour@ministry.example" in text and "The Ministry of Labour" in text
    assert "Organization says" not in text
    assert "Decide on the addressee" in text_of(manager.get("/staff/campaigns/KH-2027"))


def test_one_page_has_all_of_them_and_the_first_page_leads_there(manager: FlaskClient, w: World) -> None:
    assert document(manager.get("/staff/")).xpath(f"//a[@href='{ALL}']")
    text = text_of(manager.get(ALL))
    assert "Ministry says" in text and "Organization says" in text


def test_where_nothing_waits_the_page_says_so(manager: FlaskClient, session: Session) -> None:
    factories.campaign(session, "OTHER-2027")
    session.commit()
    assert "Nothing waits for you here." in text_of(manager.get("/staff/campaigns/OTHER-2027/addressees"))


def test_another_institution_is_asked_instead(manager: FlaskClient, session: Session, w: World) -> None:
    answer = write(manager, w.ministry)
    assert (answer.status_code, answer.location) == (302, STATE)
    text = text_of(manager.get(STATE))
    assert "Ministry of Labour is asked instead; the letter is on its way." in text
    assert "should go to somebody else" not in text
    assert "written to another institution instead: Ministry of Labour · labour@ministry.example" in text
    made = session.scalars(select(Institution).where(Institution.name == "Ministry of Labour")).one()
    assert session.scalars(select(Letter).where(Letter.to_address == "labour@ministry.example")).one()
    assert made.state_code == "KAZ"
    assert needs(session) == {NeedKind.WRONG_ADDRESSEE: 1}
    again = write(manager, w.ministry, page="/staff/campaigns/KH-2027/record", name="Ministry of Labour 2")
    assert again.status_code == 302
    assert "Somebody has decided on this meanwhile" in text_of(manager.get(STATE))


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"name": " "}, "name"), ({"kind": ""}, "kind"), ({"email": "nonsense"}, "email"), ({"whose": ""}, "whose")],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(
    manager: FlaskClient, session: Session, w: World, changed: dict[str, str], field: str
) -> None:
    answer = write(manager, w.ministry, **{"name": "Ministry of Work", **changed})
    assert answer.status_code == 422
    page = document(answer)
    place = page.get_element_by_id(f"{w.ministry.id}-{field}")
    assert page.get_element_by_id(f"{w.ministry.id}-{field}-fault").text_content().strip()
    if field != "name":
        assert page.get_element_by_id(f"{w.ministry.id}-name").get("value") == "Ministry of Work"
    assert place.xpath("ancestor::details")[0].get("open") is not None
    assert needs(session) == {NeedKind.WRONG_ADDRESSEE: 2}


def test_the_address_may_be_the_institutions_own(manager: FlaskClient, session: Session, w: World) -> None:
    answer = write(manager, w.organization, ALL, email="office@organization.example", whose="own", name="", kind="")
    assert (answer.status_code, answer.location) == (302, ALL)
    assert "on its way to office@organization.example" in text_of(manager.get(ALL))
    contacts = directory.contacts(session, w.organization.institution_id)
    assert [one.email for one in contacts] == ["office@organization.example"]


def test_it_is_left_as_it_is_with_a_remark(manager: FlaskClient, session: Session, w: World) -> None:
    data = {f"{w.ministry.id}-remark": "Agreed by telephone"}
    answer = send(manager, f"{ALL}/{w.ministry.id}/keep", data, page=STATE)
    assert (answer.status_code, answer.location) == (302, STATE)
    assert "kept as the addressee: Agreed by telephone" in text_of(manager.get(STATE))
    session.expire_all()
    assert session.scalars(select(InvitationFact).where(InvitationFact.kind == FactKind.ADDRESSEE_KEPT)).one()
    assert needs(session) == {NeedKind.WRONG_ADDRESSEE: 1}


def test_readers_see_the_proposal_and_decide_nothing(app: Flask, session: Session, w: World) -> None:
    reader = signed_in(app, session, StaffRole.READER)
    for page in (STATE, ALL):
        shown = reader.get(page)
        assert "labour@ministry.example" in text_of(shown)
        assert not document(shown).xpath("//main//form")
    for act in ("write", "keep"):
        assert send(reader, f"{ALL}/{w.ministry.id}/{act}", {}, page=ALL).status_code == 403

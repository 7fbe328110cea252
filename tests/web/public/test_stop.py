"""A stakeholder stops letters with one click, from its page or by its mail program; nobody stops those to a State."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns import asking, letters, links, stopping
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Invitation, InvitationFact
from outreach.campaigns.reminders import stopped
from outreach.campaigns.stages import FactKind
from outreach.campaigns.standing import StopReason
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.directory.models import Contact, Institution
from outreach.errors import Invalid, Missing, Refused
from outreach.identity.audit import SERVICE
from outreach.identity.models import AuditEntry
from outreach.identity.words import StaffRole
from tests import factories
from tests.campaigns.asked import World, world
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now", "english")


@pytest.fixture
def asked(session: Session) -> World:
    """Everybody was asked, and the next reminder is queued."""
    made = world(session)
    for one in (made.organization, made.geneva, made.ministry, made.union):
        letters.queue_for(session, one, LetterKind.REMINDER, "step-5")
    session.commit()
    return made


def _contact(session: Session, one: Invitation) -> uuid.UUID:
    return session.scalars(select(Contact.id).where(Contact.institution_id == one.institution_id)).one()


def _reminder(session: Session, one: Invitation) -> Letter:
    session.expire_all()
    return session.scalars(
        select(Letter).where(Letter.invitation_id == one.id, Letter.kind == LetterKind.REMINDER)
    ).one()


def _address(session: Session, one: Invitation) -> str:
    """The address of the link, as the letter has it."""
    (offered,) = {own["linkstop"].partition("?")[0] for own in _reminder(session, one).merge.values()}
    return str(offered).removeprefix("http://127.0.0.1:8000")


def _facts(session: Session, one: Invitation) -> list[FactKind]:
    return list(
        session.scalars(
            select(InvitationFact.kind)
            .where(
                InvitationFact.invitation_id == one.id, InvitationFact.kind.in_(["no_more_letters", "letters_again"])
            )
            .order_by(InvitationFact.at, InvitationFact.id)
        )
    )


def test_only_letters_to_stakeholders_offer_it(session: Session, asked: World) -> None:
    offered = {
        name
        for name, one in asked.everybody.items()
        for letter in session.scalars(select(Letter).where(Letter.invitation_id == one.id))
        if any("linkstop" in own for own in letter.merge.values())
    }
    assert offered == {"organization", "union"}


def test_a_mail_program_stops_letters_with_one_click(client: FlaskClient, session: Session, asked: World) -> None:
    address = _address(session, asked.organization)
    answer = client.post(f"{address}?lang=fr", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    letter = _reminder(session, asked.organization)
    assert (letter.state, letter.reason) == (LetterState.CANCELLED, "no more letters are wanted at this address")
    assert _facts(session, asked.organization) == [FactKind.NO_MORE_LETTERS]
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert _facts(session, asked.organization) == [FactKind.NO_MORE_LETTERS]
    assert _reminder(session, asked.union).state is LetterState.QUEUED
    acts = session.scalars(select(AuditEntry.id).where(AuditEntry.act == "contact.no_more_letters")).all()
    assert len(acts) == 1


def test_who_wants_no_more_letters_gets_receipts_and_is_not_reminded(session: Session, asked: World) -> None:
    contact = _contact(session, asked.organization)
    stopping.stop(session, asked.organization.id, contact, SERVICE)
    assert stopped(session, asked.campaign.id)[asked.organization.id] is StopReason.NO_MORE_LETTERS
    assert letters.queue_for(session, asked.organization, LetterKind.EXTENSION, "extension-1") == []
    values = {"code": "482913"}
    assert len(letters.queue_for(session, asked.organization, LetterKind.CODE, "code-1", values=values)) == 1
    elsewhere = _reminder(session, asked.union)
    other = factories.contact(session, session.get_one(Institution, asked.union.institution_id), "second@union.example")
    stopping.stop(session, asked.union.id, other.id, SERVICE)
    with pytest.raises(Invalid, match="No more letters are wanted"):
        asking.correct_address(session, elsewhere.id, "second@union.example", SERVICE)
    declined = {"reason": "The report is due.", "until": "30 April 2027"}
    assert len(
        letters.queue_for(
            session, asked.organization, LetterKind.EXTENSION, "request-1", values=declined, variant="declined"
        )
    ) == 1  # fmt: skip


def test_the_page_changes_nothing_until_its_button_is_pressed(
    client: FlaskClient, session: Session, asked: World
) -> None:
    address = _address(session, asked.union)
    page = client.get(address)
    assert page.status_code == 200
    assert "will send no more calls for input" in text_of(page)
    assert _reminder(session, asked.union).state is LetterState.QUEUED
    assert len(document(page).xpath("//main//button")) == 1
    done = client.post(f"{address}?lang=es")
    assert (done.status_code, done.headers["Location"]) == (303, f"{address}?lang=es")
    shown = client.get(address)
    assert document(shown).xpath("//main//button") == []
    assert _reminder(session, asked.union).state is LetterState.CANCELLED


def test_no_link_silences_a_state_and_none_opens_anything_else(
    client: FlaskClient, session: Session, asked: World
) -> None:
    for one in (asked.geneva, asked.ministry):
        with pytest.raises(Refused):
            stopping.stop(session, one.id, _contact(session, one), SERVICE)
        token = links.sign(LinkKind.STOP, one.id, _contact(session, one))
        assert client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 403
    with pytest.raises(Missing):
        stopping.stop(session, asked.union.id, _contact(session, asked.organization), SERVICE)
    token = links.sign(LinkKind.STOP, asked.union.id, _contact(session, asked.union))
    assert client.post(f"/u/{links.sign(LinkKind.ANSWER, asked.union.id)}").status_code == 404
    assert client.get(f"/a/{token}").status_code == 404
    with pytest.raises(Missing):
        links.read(LinkKind.STOP, links.sign(LinkKind.STOP, asked.union.id))


def test_staff_see_it_and_end_it_on_that_persons_word(app: Flask, session: Session, asked: World) -> None:
    contact = _contact(session, asked.union)
    stopping.stop(session, asked.union.id, contact, SERVICE)
    session.commit()
    manager = signed_in(app, session, StaffRole.MANAGER)
    of_union = f"/staff/directory/institutions/{asked.union.institution_id}"
    state = f"/staff/campaigns/{asked.campaign.code}/states/{asked.union.state_code}"
    for page in (of_union, state):
        assert "no more letters wanted" in text_of(manager.get(page))
    again = f"/staff/directory/contacts/{contact}/again"
    refused = send(manager, again, {f"{contact}-reason": " "}, page=of_union)
    assert refused.status_code == 422
    assert send(manager, again, {f"{contact}-reason": "Its secretary, by telephone"}, page=of_union).status_code == 302
    assert "no more letters wanted" not in text_of(manager.get(of_union))
    assert _facts(session, asked.union) == [FactKind.NO_MORE_LETTERS, FactKind.LETTERS_AGAIN]
    assert len(letters.queue_for(session, asked.union, LetterKind.REMINDER, "step+3")) == 1

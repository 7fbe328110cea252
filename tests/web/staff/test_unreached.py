"""Who could not be reached: all of them, with or without a State, each address corrected, all sent again where the relay was at fault."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns import letters, orders, reach
from outreach.campaigns.models import Campaign, Invitation
from outreach.correspondence.ledger import Outcome
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.db import Database
from outreach.directory import queries as directory
from outreach.directory.models import Institution, InstitutionKind
from outreach.identity.words import StaffRole
from outreach.storage import Storage
from tests import factories
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now", "english")
PAGE = "/staff/campaigns/KH-2027/unreached"
LOST = factories.NOW - timedelta(hours=1)


def _refused(session: Session, campaign: Campaign, of: Institution) -> Letter:
    """A letter that the relay refused."""
    one = factories.invitation(session, campaign, of)
    (key,) = letters.queue_for(session, one, LetterKind.INVITATION, "launch")
    letter = session.get_one(Letter, key)
    letter.state, letter.reason, letter.settled_at = LetterState.REFUSED, "550 5.1.1 unknown", LOST
    outcome = Outcome(
        letter_id=key,
        invitation_id=one.id,
        contact_id=letter.contact_id,
        kind=letter.kind,
        state=letter.state,
        at=LOST,
        words="550 5.1.1 unknown",
    )
    reach.letters_settled(session, [outcome])
    return letter


def test_all_who_were_not_reached_are_corrected_or_sent_to_again(
    app: Flask, session: Session, database: Database, storage: Storage
) -> None:
    campaign = factories.campaign(session, "KH-2027", storage=storage)
    mission = _refused(session, campaign, factories.mission(session))
    union = factories.institution(session, InstitutionKind.TRADE_UNION, state_code=None, email="old@union.example")
    lost = _refused(session, campaign, union)
    session.commit()
    manager = signed_in(app, session, StaffRole.MANAGER)
    assert PAGE in document(manager.get("/staff/")).xpath("//main//a/@href")
    shown = manager.get(PAGE)
    assert "2 institutions could not be reached" in text_of(shown) and "old@union.example" in text_of(shown)
    assert len(document(shown).xpath("//tbody//a[contains(@href, '/states/KAZ#i-')]")) == 1

    act = f"{PAGE}/{lost.id}/correct-address"
    wrong = send(manager, act, {"email": "nonsense"}, page=PAGE)
    assert wrong.status_code == 422
    assert document(wrong).xpath("//input[@aria-invalid='true']/@value") == ["nonsense"]
    assert send(manager, act, {"email": "new@union.example"}, page=PAGE).location == PAGE
    assert [contact.email for contact in directory.contacts(session, union.id)] == ["new@union.example"]
    for page in ("/staff/", PAGE):
        assert "1 institution could not be reached" in text_of(manager.get(page))

    again = send(manager, f"{PAGE}/ask-again", page=PAGE, follow_redirects=True)
    assert "0 of 1 letter is written" in text_of(again)
    orders.carry_out(database)
    assert "Nothing waits for you here." in text_of(manager.get(PAGE))
    session.expire_all()
    waiting = session.execute(
        select(Letter.to_address, Letter.attempt).where(Letter.state == LetterState.QUEUED).order_by(Letter.to_address)
    ).all()
    assert waiting == [(mission.to_address, 2), ("new@union.example", 2)]
    asked = session.get_one(Invitation, mission.invitation_id)
    assert [contact.refused_at for contact in directory.contacts(session, asked.institution_id)] == [None]
    reader = signed_in(app, session, StaffRole.READER)
    assert send(reader, f"{PAGE}/ask-again", page="/staff/mail").status_code == 403

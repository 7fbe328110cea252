"""Holds: a held letter is neither claimed nor given to the relay, whoever queued it when; the others go on."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence import holds
from outreach.correspondence.ledger import Ledger
from outreach.correspondence.models import HoldKind, LetterKind
from outreach.db import Database
from tests import factories
from tests.correspondence.letters import queued
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("english")


def _letter(session: Session, campaign_id: uuid.UUID | None, kind: LetterKind = LetterKind.INVITATION) -> str:
    letter_id = queued(session, due_at=NOW)
    session.execute(
        text("UPDATE letter SET campaign_id = :campaign, kind = :kind WHERE id = :id"),
        {"campaign": campaign_id, "kind": kind.value, "id": letter_id},
    )
    return str(letter_id)


def _marked(session: Session) -> int:
    session.commit()
    return session.execute(text("SELECT count(*) FROM letter WHERE held")).scalar_one()


def test_a_paused_campaign_waits_and_what_somebody_waits_for_does_not(database: Database, session: Session) -> None:
    paused, other = factories.campaign(session, code="WATER-1").id, factories.campaign(session, code="HEALTH-1").id
    with clock.stopped_at(NOW), Ledger(database, "one") as ledger:
        held = _letter(session, paused)
        free = {_letter(session, paused, LetterKind.CODE), _letter(session, other), _letter(session, None)}
        assert holds.stop(session, paused, "", by="somebody")
        session.commit()
        # Before the mark is made, and after it.
        assert {letter.id for letter in ledger.claim(9)} == free
        ledger.sort_out()
        late = _letter(session, paused)
        assert _marked(session) == 1
        assert ledger.claim(9) == []

        assert not holds.stop(session, paused, "again", by="another")
        hold = holds.current(session, paused)
        assert hold and (hold.kind, hold.by, hold.since, hold.reason) == (HoldKind.PERSON, "somebody", NOW, "")
        assert holds.current(session, other) is None
        assert holds.go_on(session, paused) and not holds.go_on(session, paused)
        session.commit()
        ledger.sort_out()
        assert {letter.id for letter in ledger.claim(9)} == {held, late}


def test_a_relay_that_refuses_us_holds_everything_and_a_pause_of_one_campaign_stays(
    database: Database, session: Session
) -> None:
    paused = factories.campaign(session).id
    with clock.stopped_at(NOW), Ledger(database, "one") as ledger:
        _letter(session, paused)
        code = _letter(session, None, LetterKind.CODE)
        holds.stop(session, paused, "the annex is wrong", by="somebody")
        holds.stop(session, None, reason="535 5.7.8 authentication failed")
        session.commit()
        ledger.sort_out()
        assert _marked(session) == 2
        assert ledger.claim(9) == []
        gravest = holds.current(session, paused)
        assert gravest and (gravest.kind, gravest.by) == (HoldKind.RELAY, None)
        assert holds.current(session, None) == gravest

        holds.go_on(session, None)
        session.commit()
        ledger.sort_out()
        assert [letter.id for letter in ledger.claim(9)] == [code]
        left = holds.current(session, paused)
        assert left and left.reason == "the annex is wrong"


def test_what_was_claimed_before_a_pause_is_not_given_to_the_relay_and_waits_as_it_was(
    database: Database, session: Session
) -> None:
    paused = factories.campaign(session).id
    with clock.stopped_at(NOW), Ledger(database, "one") as ledger:
        ids = {_letter(session, paused) for _number in range(3)}
        session.commit()
        claimed = ledger.claim(9)
        ours, _given_up = ledger.turn([], claimed[:1])
        holds.stop(session, paused, "", by="somebody")
        session.commit()
        assert ledger.turn([], claimed[1:]) == (set(), [])
        # The first is with the relay: nothing is taken back from it.
        assert ledger.keep(claimed[1:]) == set()
        rows = session.execute(text("SELECT id::text, state, due_at FROM letter")).all()
        assert {row.id for row in rows} == ids
        assert {row.id for row in rows if row.state == "sending"} == ours
        assert {row.due_at for row in rows} == {NOW}


def test_a_relay_out_of_reach_is_told_since_the_first_time_and_holds_nothing(
    database: Database, session: Session
) -> None:
    with clock.stopped_at(NOW), Ledger(database, "one") as ledger:
        letter = _letter(session, None)
        holds.unreachable(session, "connection refused")
        session.commit()
        assert [found.id for found in ledger.claim(9)] == [letter]
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        holds.unreachable(session, "timed out")
        away = holds.out_of_reach(session)
        assert away and (away.since, away.tried_at - away.since, away.reason) == (
            NOW,
            timedelta(minutes=1),
            "timed out",
        )
        assert holds.current(session, None) is None
        holds.reached(session)
        assert holds.out_of_reach(session) is None

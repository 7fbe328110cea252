"""Two who remind at once, and what comes while somebody reminds."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns import invitations, reminders, service
from outreach.campaigns.stages import FactKind
from outreach.correspondence import outbox
from outreach.correspondence.models import LetterKind
from outreach.db import Database
from tests import factories
from tests.campaigns.asked import MANAGER, at_once, happened, reminded, tick, world
from tests.campaigns.test_reminders import EVERYBODY, FIVE_BEFORE, FOR_THE_STATE

pytestmark = pytest.mark.usefixtures("english")


def test_two_ticks_at_once_remind_once(session: Session, database: Database) -> None:
    w = world(session)
    session.commit()
    counted: list[int] = []

    def once() -> None:
        with database.writing() as own:
            counted.append(reminders.queue_due(own))
            own.commit()

    with clock.stopped_at(FIVE_BEFORE):
        assert at_once(once, once, once) == []
    assert sorted(counted) == [0, 0, len(EVERYBODY)]
    assert reminded(session, w) == EVERYBODY


def test_a_reply_that_is_being_recorded_is_waited_for(session: Session, database: Database) -> None:
    w = world(session)
    session.commit()
    with database.writing() as replying, clock.stopped_at(FIVE_BEFORE):
        invitations.record(replying, w.new_york.id, FactKind.TRANSMITTED, by="the mission")
        assert reminders.queue_due(session) == 2
        assert reminded(session, w) == {"jordan", "organization"}
        session.commit()
        replying.commit()
        assert reminders.queue_due(session) == 2
    assert reminded(session, w) == EVERYBODY - FOR_THE_STATE


def test_those_without_a_state_go_in_chunks_and_one_whose_row_is_held_in_the_next_tick(
    session: Session, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "CHUNK", 2)
    w = world(session)
    with clock.stopped_at(factories.LAUNCHED):
        for number in range(4):
            of = factories.institution(session, state_code=None, email=f"office{number}@bodies.example")
            happened(session, factories.invitation(session, w.campaign, of), FactKind.LETTER_SENT)
    session.commit()
    with database.writing() as replying:
        invitations.hold(replying, [w.organization.id])
        assert tick(session, FIVE_BEFORE) == len(EVERYBODY) - 1 + 4
        session.commit()
    assert tick(session, FIVE_BEFORE) == 1
    assert reminded(session, w) == EVERYBODY


def test_a_tick_with_nothing_left_looks_at_no_invitation(session: Session) -> None:
    world(session)
    tick(session, FIVE_BEFORE)
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    tick(session, FIVE_BEFORE + timedelta(minutes=1))
    event.remove(session.get_bind(), "before_cursor_execute", note)
    assert seen and not [one for one in seen if "invitation_fact" in one or "FOR UPDATE" in one]


def test_a_reply_that_comes_while_reminders_are_queued_finds_them_to_cancel(
    session: Session, database: Database
) -> None:
    w = world(session)
    session.commit()
    with clock.stopped_at(FIVE_BEFORE), database.writing() as ticking:
        assert reminders.queue_due(ticking) == len(EVERYBODY)
        cancelled: list[int] = []
        recording = threading.Event()

        def reply() -> None:
            with i18n.speaking("en"), database.writing() as own:
                recording.set()
                invitations.record(own, w.geneva.id, FactKind.TRANSMITTED, by="the mission")
                cancelled.append(outbox.cancel(own, [w.geneva.id, w.new_york.id], [LetterKind.REMINDER], "a reply"))
                own.commit()

        thread = threading.Thread(target=reply)
        thread.start()
        assert recording.wait(600)
        thread.join(0.2)
        assert cancelled == [], "the reply did not wait for the tick that holds its row"
        ticking.commit()
        thread.join(600)
    assert cancelled == [2]


def test_a_call_that_is_being_closed_or_extended_is_left_to_the_next_tick(session: Session, database: Database) -> None:
    w = world(session)
    session.commit()
    with database.writing() as closing, clock.stopped_at(FIVE_BEFORE):
        service.close(closing, w.campaign.id, MANAGER)
        assert reminders.queue_due(session) == 0
        session.commit()
        closing.commit()
        assert reminders.queue_due(session) == 0

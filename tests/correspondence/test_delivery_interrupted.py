"""Delivery that is interrupted: connections that break, senders that die, letters that are cancelled; over several connections, too."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from outreach.config import Settings
from outreach.correspondence import outbox
from outreach.correspondence.ledger import LEASE, MARGIN, MOST_UNRECORDED, Ledger, Outcome
from outreach.correspondence.models import LetterKind, LetterState
from outreach.correspondence.transport import Relay
from outreach.db import Database
from outreach.storage import Storage
from tests import factories
from tests.correspondence.conftest import Sink
from tests.correspondence.letters import queued, reloaded
from tests.correspondence.test_delivery import Post, post
from tests.factories import NOW

__all__ = ["post"]

pytestmark = pytest.mark.usefixtures("at_now", "english")


def test_a_connection_lost_between_two_letters_is_opened_again(session: Session, smtp_sink: Sink, post: Post) -> None:
    queued(session)
    session.commit()
    post()
    queued(session)
    session.commit()
    smtp_sink.hang_up_at_mail = 1
    post()
    assert len(smtp_sink.got) == 2
    assert smtp_sink.connections == 2


def test_a_connection_lost_when_the_letter_was_given_is_tried_later_with_the_same_name(
    session: Session, smtp_sink: Sink, post: Post
) -> None:
    smtp_sink.hang_up_at_data = 1
    letter_id = queued(session)
    session.commit()
    post()
    assert reloaded(session, letter_id).state is LetterState.QUEUED
    post(NOW + timedelta(minutes=1))
    first, second = smtp_sink.got
    assert first.parsed["Message-ID"] == second.parsed["Message-ID"]
    assert reloaded(session, letter_id).state is LetterState.SENT


def test_a_crash_after_the_claim_delays_a_letter_by_its_lease(
    database: Database, session: Session, smtp_sink: Sink, post: Post
) -> None:
    letter_id = queued(session)
    session.commit()
    with Ledger(database, "a worker that dies") as ledger:
        assert [letter.id for letter in ledger.claim(5)] == [str(letter_id)]
    assert post() == 0
    assert post(NOW + LEASE + timedelta(seconds=1)) == 1
    assert len(smtp_sink.got) == 1


def test_a_crash_before_the_record_sends_once_more_with_the_same_name(
    session: Session, smtp_sink: Sink, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id, waiting = queued(session, due_at=NOW - timedelta(minutes=1)), queued(session)
    session.commit()

    whole = Ledger.turn

    def die(ledger: Ledger, said: Any, wanted: Any, longest: int) -> Any:
        if said:
            raise KeyboardInterrupt
        return whole(ledger, said, wanted, longest)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Ledger, "turn", die)
        post()
    assert reloaded(session, letter_id).state is LetterState.SENDING
    assert reloaded(session, waiting).state is LetterState.QUEUED
    # Whether it arrived is not known: it waits until the relay must have given up, longer than a letter whose content nobody had given.
    assert post(NOW + MARGIN) == 1
    assert post(NOW + 2 * MARGIN) == 1
    names = [got.parsed["Message-ID"] for got in smtp_sink.got]
    assert names.count(reloaded(session, letter_id).message_id) == 2
    assert reloaded(session, letter_id).state is LetterState.SENT


def test_a_letter_whose_outcome_can_never_be_recorded_is_given_up(
    session: Session, smtp_sink: Sink, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id = queued(session)
    session.commit()

    whole = Ledger.turn

    def fail(ledger: Ledger, said: Any, wanted: Any, longest: int) -> Any:
        if said:
            raise RuntimeError("a fault in the recording")
        return whole(ledger, said, wanted, longest)

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "turn", fail)
        for number in range(MOST_UNRECORDED):
            with pytest.raises(RuntimeError):
                post(NOW + number * 2 * MARGIN)
    post(NOW + timedelta(hours=2))
    post(NOW + timedelta(hours=4))
    assert len(smtp_sink.got) == MOST_UNRECORDED
    letter = reloaded(session, letter_id)
    assert letter.state is LetterState.FAILED
    assert "could not be recorded" in (letter.reason or "")


def test_a_letter_cancelled_after_the_claim_is_not_sent(
    database: Database, session: Session, smtp_sink: Sink, post: Post
) -> None:
    campaign = factories.campaign(session)
    invitation = factories.invitation(session, campaign, factories.mission(session))
    queued(session, due_at=NOW - timedelta(minutes=1))
    reminder = queued(session, "other@geneva.example", kind=LetterKind.REMINDER, invitation_id=invitation.id)
    invited, reminders = invitation.id, [LetterKind.REMINDER]
    session.commit()

    def answer_comes() -> None:
        smtp_sink.at_data = None
        with database.write() as own:
            assert outbox.cancel(own, [invited], reminders, "a reply was received") == 1

    smtp_sink.at_data = answer_comes
    assert post() == 2
    assert [got.rcpt_tos for got in smtp_sink.got] == [("mission@geneva.example",)]
    assert reloaded(session, reminder).state is LetterState.CANCELLED


def test_a_letter_cancelled_while_the_relay_says_later_stays_cancelled(
    database: Database, session: Session, smtp_sink: Sink, post: Post
) -> None:
    campaign = factories.campaign(session)
    invitation = factories.invitation(session, campaign, factories.mission(session))
    reminder = queued(session, kind=LetterKind.REMINDER, invitation_id=invitation.id)
    invited = invitation.id
    session.commit()

    def answer_comes() -> None:
        with database.write() as own:
            outbox.cancel(own, [invited], [LetterKind.REMINDER], "a reply was received")

    smtp_sink.at_data, smtp_sink.to_data = answer_comes, ["451 later"]
    post()
    assert reloaded(session, reminder).state is LetterState.CANCELLED
    assert post(NOW + timedelta(hours=1)) == 0


def test_what_follows_from_a_letter_may_fail_and_is_made_up_for_without_sending_it_again(
    session: Session, smtp_sink: Sink, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id = queued(session)
    session.commit()

    def fail(_session: Session, _outcomes: Sequence[Outcome]) -> None:
        raise RuntimeError("a fault in the campaign's bookkeeping")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(post, "keep", fail)
        post()
    assert reloaded(session, letter_id).state is LetterState.SENT
    assert post.outcomes == []
    assert post() == 0
    assert [one.letter_id for one in post.outcomes] == [letter_id]
    assert post() == 0
    assert len(post.outcomes) == len(smtp_sink.got) == 1


@pytest.fixture
def wide(database: Database, storage: Storage, letter_settings: Settings) -> Iterator[Post]:
    """Sends over four connections."""
    relay = Relay(replace(letter_settings, smtp_connections=4))
    yield Post(database, storage, relay)
    relay.close()


def test_many_letters_over_several_connections_each_once(session: Session, smtp_sink: Sink, wide: Post) -> None:
    ids = [queued(session, f"m{number}@geneva.example") for number in range(60)]
    session.commit()
    assert wide(limit=20) == 60
    assert sorted(got.rcpt_tos for got in smtp_sink.got) == sorted(
        (f"m{number}@geneva.example",) for number in range(60)
    )
    assert 1 < smtp_sink.connections <= 4
    assert {one.letter_id for one in wide.outcomes} == set(ids)
    assert len(wide.outcomes) == 60


def test_a_relay_that_hangs_up_here_and_there_loses_and_doubles_nothing_that_it_took(
    session: Session, smtp_sink: Sink, wide: Post
) -> None:
    ids = [queued(session, f"m{number}@geneva.example") for number in range(40)]
    session.commit()
    smtp_sink.hang_up_at_mail = 6
    wide(limit=20)
    wide(NOW + timedelta(minutes=1), limit=20)
    assert len(smtp_sink.got) == 40
    assert {reloaded(session, letter_id).state for letter_id in ids} == {LetterState.SENT}


def test_others_are_called_where_more_wait_than_one_claim_takes(session: Session, smtp_sink: Sink, wide: Post) -> None:
    called: list[int] = []
    for number in range(7):
        queued(session, f"m{number}@geneva.example")
    session.commit()
    assert wide(limit=5, many=lambda: called.append(1)) == 7
    queued(session)
    session.commit()
    assert wide(limit=5, many=lambda: called.append(1)) == 1
    assert called == [1]

"""Delivery to a real SMTP server: once where all goes well, once more after a crash, never what was cancelled."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach import clock, config, i18n
from outreach.correspondence import holds, outbox, queries
from outreach.correspondence.channel import RelayAtFault, RelayRefusesUs
from outreach.correspondence.delivery import REFUSED_IN_A_ROW, TOO_OFTEN, send_due
from outreach.correspondence.editions import Attachment
from outreach.correspondence.ledger import PATIENCE, Outcome
from outreach.correspondence.models import DeliveryAttempt, HoldKind, Letter, LetterKind, LetterState
from outreach.correspondence.outcomes import Verdict
from outreach.correspondence.transport import Relay
from outreach.db import Database
from outreach.storage import Storage
from tests import factories
from tests.correspondence.conftest import Sink
from tests.correspondence.letters import queued, reloaded
from tests.factories import NOW, PDF

pytestmark = pytest.mark.usefixtures("at_now", "english")


class Post:
    """Sends what is due at an instant, and remembers what became of it."""

    def __init__(self, database: Database, storage: Storage, relay: Relay) -> None:
        self.parts: tuple[Database, Storage, Relay] = (database, storage, relay)
        self.outcomes: list[Outcome] = []
        self.runs = 0

    def __call__(self, at: datetime = NOW, **options: Any) -> int:
        self.runs += 1
        with clock.stopped_at(at):
            return send_due(*self.parts, self.keep, worker=f"run {self.runs}", **options)

    def keep(self, _session: Session, outcomes: Sequence[Outcome]) -> None:
        self.outcomes += outcomes


@pytest.fixture
def post(database: Database, storage: Storage, relay: Relay) -> Post:
    return Post(database, storage, relay)


def _values_of(session: Session, letter_id: uuid.UUID) -> dict[str, Any]:
    return session.get_one(Letter, letter_id).merge


def _attempts(session: Session) -> list[tuple[LetterState, int | None]]:
    rows = session.scalars(select(DeliveryAttempt).order_by(DeliveryAttempt.at, DeliveryAttempt.id))
    return [(row.outcome, row.code) for row in rows]


def test_a_letter_leaves_as_it_is_shown(session: Session, storage: Storage, smtp_sink: Sink, post: Post) -> None:
    file = Attachment("note.en.pdf", "application/pdf", storage.put(PDF))
    letter_id = queued(session, attachments=[file])
    session.commit()
    assert post() == 1
    (got,) = smtp_sink.got
    letter = reloaded(session, letter_id)
    assert got.mail_from == f"bounces+{letter.envelope_token}@outreach.example"
    assert got.rcpt_tos == ("mission@geneva.example",)
    assert got.parsed["Message-ID"] == letter.message_id
    shown = queries.shown(session, letter_id)
    assert got.parsed["Subject"] == shown.subject
    bodies = [got.parsed.get_body((kind,)) for kind in ("plain", "html")]
    assert [body and body.get_content().replace("\r\n", "\n") for body in bodies] == [shown.text, shown.html]
    assert [part.get_content() for part in got.parsed.iter_attachments()] == [PDF]
    assert [one.filename for one in shown.attachments] == ["note.en.pdf"]
    assert (letter.state, letter.settled_at, letter.claimed_by) == (LetterState.SENT, NOW, None)
    assert [(one.letter_id, one.state) for one in post.outcomes] == [(letter_id, LetterState.SENT)]
    assert _attempts(session) == [(LetterState.SENT, 250)]
    assert post() == 0


def test_many_letters_go_over_one_connection(session: Session, smtp_sink: Sink, post: Post) -> None:
    for number in range(5):
        queued(session, f"m{number}@geneva.example")
    session.commit()
    assert post(limit=3) == 5
    assert len(smtp_sink.got) == 5
    assert smtp_sink.connections == 1


def test_a_refused_address_is_settled_with_the_relays_words(session: Session, smtp_sink: Sink, post: Post) -> None:
    smtp_sink.to_rcpt["dead@geneva.example"] = ["550 5.1.1 no such mailbox"]
    dead = queued(session, "dead@geneva.example")
    alive = queued(session, "alive@geneva.example")
    session.commit()
    post()
    assert [got.rcpt_tos for got in smtp_sink.got] == [("alive@geneva.example",)]
    refused = reloaded(session, dead)
    assert (refused.state, refused.reason) == (LetterState.REFUSED, "5.1.1 no such mailbox")
    assert reloaded(session, alive).state is LetterState.SENT
    assert {one.state for one in post.outcomes} == {LetterState.REFUSED, LetterState.SENT}


def test_a_relay_that_says_later_is_tried_later_and_recovers(session: Session, smtp_sink: Sink, post: Post) -> None:
    smtp_sink.to_rcpt["mission@geneva.example"] = ["451 later", "451 later"]
    letter_id = queued(session)
    session.commit()
    post()
    letter = reloaded(session, letter_id)
    assert (letter.state, letter.due_at) == (LetterState.QUEUED, NOW + timedelta(minutes=1))
    assert post.outcomes == []
    assert post(NOW + timedelta(seconds=59)) == 0
    second = NOW + timedelta(minutes=1)
    post(second)
    assert reloaded(session, letter_id).due_at == second + timedelta(minutes=5)
    post(second + timedelta(minutes=5))
    assert reloaded(session, letter_id).state is LetterState.SENT
    assert len(smtp_sink.got) == 1
    assert _attempts(session) == [(LetterState.QUEUED, 451), (LetterState.QUEUED, 451), (LetterState.SENT, 250)]


def test_patience_ends_after_three_days(session: Session, smtp_sink: Sink, post: Post) -> None:
    smtp_sink.to_rcpt["mission@geneva.example"] = ["451 later"] * 2
    letter_id = queued(session)
    session.commit()
    post()
    post(NOW + PATIENCE + timedelta(minutes=1))
    letter = reloaded(session, letter_id)
    assert (letter.state, letter.reason) == (LetterState.FAILED, "later")
    assert [one.state for one in post.outcomes] == [LetterState.FAILED]


def test_a_letter_that_the_relay_does_not_want_fails_and_the_next_goes(
    session: Session, smtp_sink: Sink, post: Post
) -> None:
    smtp_sink.to_data = ["554 5.6.0 not like this"]
    first, second = queued(session, due_at=NOW - timedelta(minutes=1)), queued(session)
    session.commit()
    post()
    assert reloaded(session, first).state is LetterState.FAILED
    assert reloaded(session, second).state is LetterState.SENT


@pytest.mark.parametrize(
    ("to_mail", "to_rcpt"),
    [
        ("530 5.7.0 authentication required", ""),
        ("550 5.7.1 sender not allowed", ""),
        ("", "554 5.7.1 relay access denied"),
    ],
)
def test_a_relay_that_refuses_us_stops_everything_until_a_person_says_go_on(
    database: Database,
    session: Session,
    smtp_sink: Sink,
    post: Post,
    to_mail: str,
    to_rcpt: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    smtp_sink.to_mail = [to_mail] if to_mail else []
    smtp_sink.to_rcpt["mission@geneva.example"] = [to_rcpt] if to_rcpt else []
    ids = [queued(session) for _ in range(3)]
    session.commit()
    with caplog.at_level(logging.ERROR), pytest.raises(RelayRefusesUs):
        post()
    assert smtp_sink.got == []
    # All are due at one instant: which comes first is not promised.
    assert sum(str(letter_id) in caplog.text for letter_id in ids) == 1
    for letter_id in ids:
        letter = reloaded(session, letter_id)
        assert (letter.state, letter.tries, letter.due_at) == (LetterState.QUEUED, 0, NOW + timedelta(minutes=1))
    hold = holds.current(session, None)
    assert hold and (hold.kind, hold.reason) == (HoldKind.RELAY, to_mail or to_rcpt)
    session.rollback()
    code = queued(session, kind=LetterKind.CODE)
    session.commit()
    connections = smtp_sink.connections
    assert post(NOW + timedelta(hours=1)) == 0
    assert (smtp_sink.got, smtp_sink.connections) == ([], connections)
    with database.write() as own:
        holds.go_on(own, None)
    assert post(NOW + timedelta(hours=1)) == 4
    assert {reloaded(session, letter_id).state for letter_id in [*ids, code]} == {LetterState.SENT}


def test_a_relay_that_is_away_is_tried_every_minute_and_staff_see_since_when(
    session: Session, database: Database, storage: Storage, smtp_sink: Sink, post: Post
) -> None:
    letter_id = queued(session)
    session.commit()
    away = Post(database, storage, Relay(replace(config.settings(), smtp_url="smtp://127.0.0.1:1")))
    for at in (NOW, NOW + timedelta(minutes=1)):
        with pytest.raises(RelayAtFault, match=r"127\.0\.0\.1:1: "):
            away(at)
        assert away(at + timedelta(seconds=59)) == 0
        found = holds.out_of_reach(session)
        assert found and (found.since, found.tried_at) == (NOW, at)
        assert "refused" in found.reason
        session.rollback()
    assert reloaded(session, letter_id).state is LetterState.QUEUED
    assert smtp_sink.connections == 0
    assert post(NOW + timedelta(minutes=2)) == 1
    assert holds.out_of_reach(session) is None


def test_what_is_cancelled_while_the_relay_is_away_is_told(
    session: Session, database: Database, storage: Storage
) -> None:
    campaign_id = factories.campaign(session).id
    session.get_one(Letter, queued(session)).campaign_id = campaign_id
    session.commit()
    away = Post(database, storage, Relay(replace(config.settings(), smtp_url="smtp://127.0.0.1:1")))
    with pytest.raises(RelayAtFault):
        away(NOW)
    assert outbox.cancel_waiting(session, campaign_id, list(LetterKind), "stopped") == 1
    session.commit()
    assert away(NOW + timedelta(seconds=1)) == 0
    assert [outcome.state for outcome in away.outcomes] == [LetterState.CANCELLED]


def test_a_relay_that_has_no_time_is_left_alone_before_every_letter_was_tried(
    session: Session, smtp_sink: Sink, post: Post
) -> None:
    ids = [queued(session) for _ in range(2 * TOO_OFTEN)]
    smtp_sink.to_mail = ["452 4.3.1 insufficient system storage"] * 100
    session.commit()
    with pytest.raises(RelayAtFault):
        post()
    assert sum(reloaded(session, letter_id).tries for letter_id in ids) == TOO_OFTEN
    found = holds.out_of_reach(session)
    assert found and found.reason == "452 4.3.1 insufficient system storage"
    session.rollback()
    smtp_sink.to_mail = []
    assert post(NOW + timedelta(minutes=1)) == 2 * TOO_OFTEN
    assert holds.out_of_reach(session) is None


def test_a_relay_that_refuses_one_letter_after_another_is_not_given_them_all(
    session: Session, smtp_sink: Sink, post: Post
) -> None:
    for number in range(REFUSED_IN_A_ROW + 20):
        queued(session, f"m{number}@geneva.example")
        smtp_sink.to_rcpt[f"m{number}@geneva.example"] = ["550 5.1.1 who is that"]
    session.commit()
    with pytest.raises(RelayRefusesUs, match="who is that"):
        post()
    states = list(session.scalars(select(Letter.state)))
    assert (states.count(LetterState.REFUSED), states.count(LetterState.QUEUED)) == (REFUSED_IN_A_ROW, 20)
    hold = holds.current(session, None)
    assert hold and (hold.refused_in_a_row, hold.reason) == (REFUSED_IN_A_ROW, "550 5.1.1 who is that")


def test_a_relay_that_ends_connections_after_some_letters_is_asked_for_new_ones(
    session: Session, smtp_sink: Sink, post: Post
) -> None:
    ids = [queued(session, f"m{number}@geneva.example") for number in range(10)]
    session.commit()
    smtp_sink.letters_a_connection = 3
    assert post(limit=10) == 10
    assert sorted(got.rcpt_tos for got in smtp_sink.got) == [(f"m{number}@geneva.example",) for number in range(10)]
    assert smtp_sink.connections == 4
    letters = [reloaded(session, letter_id) for letter_id in ids]
    assert {(letter.state, letter.tries) for letter in letters} == {(LetterState.SENT, 1)}
    assert _attempts(session) == [(LetterState.SENT, 250)] * 10


def test_a_letter_larger_than_the_relay_takes_is_not_tried(session: Session, smtp_sink: Sink, post: Post) -> None:
    smtp_sink.largest = 2_000
    large = queued(session)
    session.commit()
    post()
    letter = reloaded(session, large)
    assert letter.state is LetterState.FAILED
    assert "the relay takes 2000 at most" in (letter.reason or "")
    attempt = session.scalars(select(DeliveryAttempt)).one()
    assert (attempt.verdict, attempt.code) == (Verdict.CONTENT, None)
    assert (smtp_sink.got, smtp_sink.connections) == ([], 1)


def test_a_full_mailbox_is_tried_until_patience_ends_and_its_address_is_not_given_up(
    session: Session, smtp_sink: Sink, post: Post
) -> None:
    smtp_sink.to_rcpt["mission@geneva.example"] = ["552 5.2.2 the mailbox is full"] * 2
    letter_id = queued(session)
    session.commit()
    post()
    assert reloaded(session, letter_id).state is LetterState.QUEUED
    post(NOW + PATIENCE + timedelta(minutes=1))
    assert reloaded(session, letter_id).state is LetterState.FAILED
    assert [one.state for one in post.outcomes] == [LetterState.FAILED]


def test_what_somebody_waits_for_overtakes_a_run_that_is_under_way(
    database: Database, session: Session, smtp_sink: Sink, post: Post
) -> None:
    for number in range(30):
        queued(session, f"m{number}@geneva.example", due_at=NOW - timedelta(hours=1))
    session.commit()

    def somebody_asks_for_a_code() -> None:
        smtp_sink.at_data = None
        with i18n.speaking("en"), clock.stopped_at(NOW), database.write() as own:
            queued(own, "waits@geneva.example", kind=LetterKind.CODE)

    smtp_sink.at_data = somebody_asks_for_a_code
    assert post(limit=6) == 31
    order = [got.rcpt_tos[0] for got in smtp_sink.got]
    # What was in hand when it came leaves first: the rest of one claim.
    assert order.index("waits@geneva.example") <= 6


def test_a_letter_that_cannot_be_composed_fails_and_the_next_goes(
    session: Session, smtp_sink: Sink, post: Post
) -> None:
    broken = queued(
        session, due_at=NOW - timedelta(minutes=1), attachments=[Attachment("gone.pdf", "application/pdf", "0" * 64)]
    )
    whole = queued(session)
    session.commit()
    post()
    assert reloaded(session, broken).state is LetterState.FAILED
    assert "gone" not in str(smtp_sink.got)
    assert reloaded(session, whole).state is LetterState.SENT


@pytest.mark.parametrize(
    ("kind", "secret"),
    [(LetterKind.CODE, "482913"), (LetterKind.ACCOUNT, "https://outreach.example/staff/reset/token")],
)
def test_what_opens_something_is_forgotten_once_it_was_sent(
    session: Session, smtp_sink: Sink, post: Post, kind: LetterKind, secret: str
) -> None:
    letter_id = queued(session, kind=kind, variant="link" if kind is LetterKind.ACCOUNT else "")
    assert secret in str(_values_of(session, letter_id))
    session.commit()
    post()
    body = smtp_sink.got[0].parsed.get_body(("plain",))
    assert body is not None
    assert secret in body.get_content()
    assert secret not in str(reloaded(session, letter_id).merge)
    assert secret not in queries.shown(session, letter_id).html


def test_no_transaction_is_open_while_the_relay_is_spoken_to(
    database: Database, session: Session, smtp_sink: Sink, post: Post
) -> None:
    queued(session)
    session.commit()
    open_ones = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        # The server's own housekeeping has transactions too.
        " AND backend_type = 'client backend'"
    )
    seen: list[int | None] = []
    smtp_sink.at_data = lambda: seen.append(session.scalar(open_ones))
    post()
    assert seen == [0]


@pytest.mark.parametrize("asked", ["by the setting", "by the relay"])
def test_a_letter_that_is_too_large_leaves_without_its_files_and_says_where_they_are(
    session: Session, database: Database, storage: Storage, smtp_sink: Sink, relay: Relay, asked: str
) -> None:
    large = Attachment("note.en.pdf", "application/pdf", storage.put(PDF + b"x" * 300_000))
    first, second = (queued(session, f"m{number}@geneva.example", attachments=[large]) for number in range(2))
    session.commit()
    if asked == "by the setting":
        config.use(replace(config.settings(), largest_letter=200_000))
    else:
        smtp_sink.largest = 200_000
    post = Post(database, storage, relay)
    post()
    late = queued(session, "late@geneva.example", attachments=[large])
    session.commit()
    post()
    assert len(smtp_sink.got) == 3
    for got, letter_id in zip(smtp_sink.got, (first, second, late), strict=True):
        assert len(got.content) < 200_000
        assert list(got.parsed.iter_attachments()) == []
        shown = queries.shown(session, letter_id)
        assert shown.attachments == ()
        assert "note.en.pdf (293 KB)" in shown.text
        assert shown.text.rstrip().endswith("https://outreach.example/m/mission.token?lang=en")
        bodies = [got.parsed.get_body((kind,)) for kind in ("plain", "html")]
        assert [body and body.get_content().replace("\r\n", "\n") for body in bodies] == [shown.text, shown.html]

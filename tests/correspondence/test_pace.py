"""The limits per minute: held by all senders together in every stretch of a minute, and nobody waits for a domain that had enough."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.correspondence import claims
from outreach.correspondence.claims import WINDOW, Claim, Claimed, Limits
from outreach.correspondence.ledger import Ledger
from outreach.db import Database
from tests.correspondence.conftest import Sink
from tests.correspondence.letters import queued
from tests.correspondence.test_delivery import Post, post
from tests.factories import NOW

__all__ = ["post"]

pytestmark = pytest.mark.usefixtures("english")

_LETTERS = """
    INSERT INTO letter (id, edition_id, kind, language, occasion, attempt, to_address, merge, message_id, envelope_token, state,
        due_at, queued_at, tries)
    SELECT gen_random_uuid(), edition_id, kinds.kind, language, gen_random_uuid()::text, 1, addresses.address, merge, message_id,
        envelope_token, 'queued', due_at, queued_at, 0
    FROM letter, unnest(%s::text[], %s::text[]) WITH ORDINALITY AS addresses (address, kind, n),
        LATERAL (SELECT addresses.kind) AS kinds
    WHERE letter.occasion LIKE 'the first%%'
"""

DOMAINS = ("a.example", "B.Example", "c.example", "d.example")
LETTERS = st.lists(st.tuples(st.sampled_from(DOMAINS), st.sampled_from(["invitation", "code"])), max_size=40)
STEPS = st.lists(st.tuples(st.integers(0, 45), st.integers(1, 12), st.booleans()), min_size=1, max_size=12)


def _taken(connection: Connection, at: datetime, limit: int, limits: Limits, urgent: bool = False) -> list[Claimed]:
    return claims.take(connection, Claim("one", limit, at, at + timedelta(days=1), urgent), limits)


@given(letters=LETTERS, steps=STEPS, in_all=st.integers(0, 25), a_domain=st.integers(0, 12))
def test_limits_are_held_in_every_minute_and_used(
    database: Database,
    session: Session,
    letters: list[tuple[str, str]],
    steps: list[tuple[int, int, bool]],
    in_all: int,
    a_domain: int,
) -> None:
    session.execute(text("TRUNCATE letter, edition, delivery_attempt, sending_pace CASCADE"))
    with clock.stopped_at(NOW):
        queued(session, occasion="the first")
    session.commit()
    waiting = Counter((domain.lower(), kind == "code") for domain, kind in letters)
    taken: list[tuple[datetime, Claimed]] = []

    def within_a_minute(at: datetime, domain: str | None = None) -> int:
        return sum(1 for when, one in taken if when > at - WINDOW and domain in (None, one.domain))

    def room(at: datetime, domain: str, urgent: bool) -> bool:
        def free(limit: int, used: int) -> bool:
            return not limit or used < (limit if urgent else limit - limit // 10)

        return free(in_all, within_a_minute(at)) and free(a_domain, within_a_minute(at, domain))

    limits, at = Limits(in_all, a_domain), NOW
    with database.direct() as connection:
        connection.execute(_LETTERS, [[f"x@{domain}" for domain, _ in letters], [kind for _, kind in letters]])
        connection.execute("DELETE FROM letter WHERE occasion LIKE 'the first%'")
        for seconds, limit, only_urgent in steps:
            at += timedelta(seconds=seconds)
            found = _taken(connection, at, limit, limits, only_urgent)
            assert len(found) <= limit
            assert [one.urgent for one in found] == sorted((one.urgent for one in found), reverse=True)
            for one in found:
                waiting[one.domain, one.urgent] -= 1
                taken.append((at, one))
            assert min(waiting.values(), default=0) >= 0
            assert not in_all or within_a_minute(at) <= in_all
            assert not a_domain or all(within_a_minute(at, domain.lower()) <= a_domain for domain in DOMAINS)
            free = {urgent for (domain, urgent), left in waiting.items() if left and room(at, domain, urgent)}
            if len(found) < limit:
                # Whatever could still leave was taken.
                assert free <= ({False} if only_urgent else set())
            if True in free or only_urgent:
                # Nothing leaves before what somebody waits for.
                assert all(one.urgent for one in found)
    session.rollback()


def test_two_senders_hold_the_limits_together_and_later_minutes_are_free_again(
    database: Database, session: Session
) -> None:
    config.use(replace(config.settings(), smtp_per_minute=20, smtp_per_domain=7))
    with clock.stopped_at(NOW):
        for number in range(60):
            queued(session, f"m{number}@body{number % 2}.example")
        session.commit()
    with Ledger(database, "one") as one, Ledger(database, "other") as other:
        counts = []
        for seconds in (0, 10, 59, 60, 121):
            with clock.stopped_at(NOW + timedelta(seconds=seconds)):
                counts.append([len(ledger.claim(100)) for ledger in (one, other)])
    assert counts == [[14, 0], [0, 0], [0, 0], [14, 0], [14, 0]]


def test_the_clock_of_a_demo_that_steps_back_stops_nothing(database: Database, session: Session) -> None:
    config.use(replace(config.settings(), smtp_per_minute=2))
    with Ledger(database, "one") as ledger:
        for at in (NOW, NOW - timedelta(days=1)):
            with clock.stopped_at(at):
                ids = {str(queued(session)) for _number in range(2)}
                session.commit()
                assert {letter.id for letter in ledger.claim(10)} == ids


def test_a_run_ends_at_the_limit_and_the_next_goes_on(session: Session, smtp_sink: Sink, post: Post) -> None:
    config.use(replace(config.settings(), smtp_per_domain=3))
    with clock.stopped_at(NOW):
        for number in range(8):
            queued(session, f"m{number}@geneva.example")
        queued(session, "other@capital.example")
        session.commit()
    assert [post(), post(), post(NOW + timedelta(minutes=1)), post(NOW + timedelta(minutes=2))] == [4, 0, 3, 2]
    assert len(smtp_sink.got) == 9

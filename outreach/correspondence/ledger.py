"""The database's side of delivery: claims, letters taken in hand, outcomes. A turn is one statement, which is one transaction.

Turns commit without waiting for the disk (`synchronous_commit`): a database that loses its power may forget the last fraction of a
second, and those letters leave once more under the same Message-ID. Nothing is ever recorded that the relay had not said.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from psycopg import Cursor
from psycopg.rows import scalar_row
from psycopg.types.json import Json, Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.correspondence import claims, holds, progress
from outreach.correspondence.channel import SLOWEST, STEP, Reply
from outreach.correspondence.claims import Claim, Claimed, Limits
from outreach.correspondence.holds import HELD
from outreach.correspondence.models import LetterKind, LetterState
from outreach.db import Database

LEASE = timedelta(seconds=30)
"""How long a claimed letter belongs to its sender; then another may take it."""
MARGIN = timedelta(seconds=2 * STEP)
"""How long a letter belongs to its sender once its content is given, beside the time that its bytes may take."""
BACK_OFF = (1, 5, 15, 60, 180)
"""Minutes until the next try; the last one goes on until PATIENCE ends."""
PATIENCE = timedelta(days=3)
MOST_UNRECORDED = 3
"""A letter whose outcome could not be recorded so often is not sent again: it may have arrived each time."""
_SECRET: Mapping[str, Set[str]] = {LetterKind.CODE: {"code"}, LetterKind.ACCOUNT: {"message", "link"}}
"""Values that open something: once the letter is settled they are in the mail alone, not in the database."""
_KINDS = {kind.value: kind for kind in LetterKind}
_STATES = {state.value: state for state in LetterState}
_AT_ONCE = 500
"""How many letters are accounted for in one transaction."""
_UNRECORDED = "What became of it could not be recorded, so it is not sent again."

# A claim reads its index in order and stops; of a table that has just been filled PostgreSQL knows too little, and would sort it all.
_SETTINGS = """
    SET synchronous_commit TO off; SET jit TO off; SET enable_sort TO off; SET enable_bitmapscan TO off; SET enable_seqscan TO off
"""
_RECORDED = (
    "(tries < %(most)s OR tries - (SELECT count(*) FROM delivery_attempt WHERE letter_id = letter.id) < %(most)s)"
)
_TURN = f"""
    WITH said AS MATERIALIZED (
        SELECT * FROM json_to_recordset(%(said)s) AS said
            (id uuid, outcome text, verdict text, code int, words text, state text, due_at timestamptz, uncounted int)
    ), tried AS (
        INSERT INTO delivery_attempt (id, letter_id, at, outcome, verdict, code, words)
        SELECT uuidv7(), id, %(now)s, outcome, verdict, code, words FROM said
    ), settled AS (
        UPDATE letter SET state = said.state, reason = CASE said.state WHEN 'sent' THEN NULL ELSE said.words END,
            due_at = COALESCE(said.due_at, letter.due_at), claimed_by = NULL, claimed_until = NULL, tries = tries + said.uncounted,
            settled_at = CASE said.state WHEN 'queued' THEN NULL ELSE %(now)s END
        FROM said
        WHERE letter.id = said.id AND (said.state = 'sent' OR (letter.state = 'sending' AND letter.claimed_by = %(worker)s))
        RETURNING letter.id, old.settled_at IS NULL AND new.settled_at IS NOT NULL AS ended
    ), ended AS (
        INSERT INTO unaccounted_letter (letter_id) SELECT id FROM settled WHERE ended
    )
    UPDATE letter SET tries = tries + 1, claimed_until = %(until)s
    WHERE id = ANY(%(wanted)s::uuid[]) AND state = 'sending' AND claimed_by = %(worker)s AND claimed_until >= %(lapsed)s
        AND {_RECORDED}
        AND NOT {HELD}
    RETURNING id::text
"""  # noqa: S608 - our own words
_GIVE_UP = f"""
    WITH given_up AS (
        UPDATE letter SET state = 'failed', settled_at = %(now)s, reason = %(reason)s, claimed_by = NULL, claimed_until = NULL
        WHERE id = ANY(%(ids)s::uuid[]) AND state = 'sending' AND claimed_by = %(worker)s AND claimed_until >= %(lapsed)s
            AND NOT {_RECORDED}
        RETURNING id
    )
    INSERT INTO unaccounted_letter (letter_id) SELECT id FROM given_up RETURNING letter_id::text
"""  # noqa: S608 - our own words
_GIVE_BACK = """
    UPDATE letter SET state = 'queued', claimed_by = NULL, claimed_until = NULL, due_at = %(due)s
    WHERE id = ANY(%(ids)s::uuid[]) AND state = 'sending' AND claimed_by = %(worker)s
"""
_KEEP = f"""
    WITH back AS (
        UPDATE letter SET state = 'queued', claimed_by = NULL, claimed_until = NULL
        WHERE id = ANY(%(ids)s::uuid[]) AND state = 'sending' AND claimed_by = %(worker)s AND {HELD}
    )
    SELECT id::text FROM letter
    WHERE id = ANY(%(ids)s::uuid[]) AND state = 'sending' AND claimed_by = %(worker)s AND NOT {HELD}
"""  # noqa: S608 - our own words
_FORGET = "UPDATE letter SET merge = %s WHERE id = %s"
_ACCOUNT = text(
    """
    WITH found AS MATERIALIZED (
        SELECT letter_id FROM unaccounted_letter LIMIT :limit FOR UPDATE SKIP LOCKED
    ), wanted AS MATERIALIZED (
        SELECT array_agg(letter_id) AS ids FROM found
    ), told AS (
        DELETE FROM unaccounted_letter WHERE letter_id = ANY((SELECT ids FROM wanted)::uuid[])
    )
    SELECT id, invitation_id, contact_id, kind, state, COALESCE(reason, ''), settled_at, campaign_id
    FROM letter WHERE id = ANY((SELECT ids FROM wanted)::uuid[])
    """
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter for good: SENT, REFUSED (its address), FAILED or CANCELLED. `words` are the relay's, or ours."""

    letter_id: uuid.UUID
    invitation_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    kind: LetterKind
    state: LetterState
    words: str
    at: datetime


Recorded = Callable[[Session, Sequence[Outcome]], None]
"""Called once with the outcome of each letter, after it was settled; what is only tried again later is not among them."""


class Ledger:
    """The letters of one run of one sender, over a connection of its own. `worker` names this run, and no other. To be closed."""

    def __init__(self, database: Database, worker: str) -> None:
        self._worker = worker
        self._in_hand: frozenset[str] = frozenset()
        self._connection = database.direct()
        self._connection.execute(_SETTINGS)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def sort_out(self) -> bool:
        """Let what is held not stand before what may leave; whether there is more to sort."""
        return holds.sort_out(self._connection)

    def claim(self, limit: int, *, urgent: bool = False) -> list[Claimed]:
        """Claim up to `limit` letters that are due, or whose sender lost its lease, as far as the limits per minute let us.

        What somebody waits for comes first, or alone where `urgent` says so; then the longest due.
        """
        now, chosen = clock.now(), config.settings()
        claim = Claim(self._worker, limit, now, now + LEASE, urgent, clock.lapsed())
        return claims.take(self._connection, claim, Limits(chosen.smtp_per_minute, chosen.smtp_per_domain))

    def turn(
        self, said: Sequence[tuple[Claimed, Reply]], wanted: Sequence[Claimed], longest: int = 0
    ) -> tuple[Set[str], Sequence[str]]:
        """Record what the relay said of some letters, and take others in hand, whose contents have `longest` bytes at most.

        Returns the wanted ones that are still ours to send (the others are held, were cancelled, or the lease is over), and those given up.
        """
        now = clock.now()
        states = [_final(letter, reply, now) for letter, reply in said]
        values = {
            "now": now,
            "lapsed": clock.lapsed(),
            "worker": self._worker,
            "said": Json(
                [self._line(letter, reply, state, now) for (letter, reply), state in zip(said, states, strict=True)]
            ),
            "wanted": _array(wanted),
            "until": now + MARGIN + timedelta(seconds=longest / SLOWEST),
            "most": MOST_UNRECORDED,
        }
        secrets = [
            (Jsonb(_forgotten(letter, _SECRET[letter.kind])), letter.id)
            for (letter, _reply), state in zip(said, states, strict=True)
            if letter.kind in _SECRET and state is not LetterState.QUEUED
        ]
        with (
            self._connection.transaction() if secrets else nullcontext(),
            self._connection.cursor(binary=True, row_factory=scalar_row) as cursor,
        ):
            ours = frozenset(cursor.execute(_TURN, values).fetchall())
            for forgotten in secrets:
                cursor.execute(_FORGET, forgotten)
            self._in_hand = self._in_hand.difference([letter.id for letter, _reply in said]) | ours
            left = [letter for letter in wanted if letter.id not in ours]
            return ours, self._give_up(cursor, left, now) if left else []

    def give_back(self, letters: Sequence[Claimed]) -> None:
        """What was claimed and not sent is due again in a minute."""
        values = {
            "ids": _array(letters),
            "worker": self._worker,
            "due": clock.now() + timedelta(minutes=1),
        }
        self._connection.execute(_GIVE_BACK, values)

    def keep(self, letters: Sequence[Claimed]) -> Set[str]:
        """Give back what a hold keeps, due as it was; which of the letters are still ours to send."""
        values = {"ids": _array(letters), "worker": self._worker}
        with self._connection.cursor(binary=True, row_factory=scalar_row) as cursor:
            return frozenset(cursor.execute(_KEEP, values).fetchall())

    def _line(self, letter: Claimed, reply: Reply, state: LetterState, now: datetime) -> dict[str, Any]:
        later = now + _back_off(letter) if state is LetterState.QUEUED else None
        return {
            "id": letter.id,
            "outcome": reply.state.value,
            "verdict": reply.verdict.value,
            "code": reply.code,
            "words": reply.words[:2000].replace("\x00", ""),
            "state": state.value,
            "due_at": later and later.isoformat(),
            # A letter that got as far as its content was counted then.
            "uncounted": 0 if letter.id in self._in_hand else 1,
        }

    def _give_up(self, cursor: Cursor[Any], left: Sequence[Claimed], now: datetime) -> Sequence[str]:
        values = {
            "ids": _array(left),
            "worker": self._worker,
            "now": now,
            "lapsed": clock.lapsed(),
            "most": MOST_UNRECORDED,
            "reason": _UNRECORDED,
        }
        return cursor.execute(_GIVE_UP, values).fetchall()


def account(database: Database, recorded: Recorded) -> int:
    """Tell `recorded` what became of letters that are settled and not yet accounted for; how many these were.

    Apart from the turns, so that sending never waits for it; a letter that was settled before a crash is accounted for by the next run.
    """
    with database.write() as session:
        rows = session.execute(_ACCOUNT, {"limit": _AT_ONCE}).all()
        outcomes = [
            Outcome(letter_id, invitation_id, contact_id, _KINDS[kind], _STATES[state], words, settled_at)
            for letter_id, invitation_id, contact_id, kind, state, words, settled_at, _campaign_id in rows
        ]
        if outcomes:
            recorded(session, sorted(outcomes, key=lambda outcome: outcome.at))
            progress.add(session, [(row.campaign_id, _STATES[row.state], row.settled_at) for row in rows])
    return len(outcomes)


def _array(letters: Sequence[Claimed]) -> str:
    # Written by ourselves: the driver takes longer for an array than PostgreSQL for what is asked.
    return f"{{{','.join([letter.id for letter in letters])}}}"


def _final(letter: Claimed, reply: Reply, at: datetime) -> LetterState:
    if reply.state is LetterState.QUEUED and at - letter.queued_at > PATIENCE:
        return LetterState.FAILED
    return reply.state


def _back_off(letter: Claimed) -> timedelta:
    return timedelta(minutes=BACK_OFF[min(letter.tries, len(BACK_OFF) - 1)])


def _forgotten(letter: Claimed, secret: Set[str]) -> dict[str, dict[str, str]]:
    return {
        language: {place: "…" if place in secret else value for place, value in values.items()}
        for language, values in letter.merge.items()
    }

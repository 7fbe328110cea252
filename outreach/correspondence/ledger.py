"""The database's side of delivery: claims, letters taken in hand, outcomes; each turn is one short transaction.

Turns commit without waiting for the disk (`synchronous_commit`): a database that loses its power may forget the last fraction of a
second, and those letters leave once more under the same Message-ID. Nothing is ever recorded that the relay had not said.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, text, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence import outbox
from outreach.correspondence.channel import Reply
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.db import Database

BACK_OFF = (1, 5, 15, 60, 180)
"""Minutes until the next try; the last one goes on until PATIENCE ends."""
PATIENCE = timedelta(days=3)
ON_ITS_WAY = timedelta(minutes=10)
"""How long a letter belongs to its sender once the relay is spoken to: longer than the relay may take at most."""
MOST_UNRECORDED = 3
"""A letter whose outcome could not be recorded so often is not sent again: it may have arrived each time."""
_SECRET = {LetterKind.CODE: {"code"}, LetterKind.ACCOUNT: {"message", "link"}}
"""Values that open something: once the letter is settled they are in the mail alone, not in the database."""
_UNRECORDED = "What became of it could not be recorded, so it is not sent again."

_COLUMNS = (
    Letter.id, Letter.kind, Letter.language, Letter.edition_id, Letter.to_address, Letter.cc_addresses, Letter.merge,
    Letter.message_id, Letter.envelope_token, Letter.reply_to, Letter.tries, Letter.queued_at,
)  # fmt: skip

_SETTLE = text(
    """
    UPDATE letter SET state = said.state, reason = said.reason, due_at = COALESCE(said.due_at, letter.due_at),
        settled_at = said.settled_at, claimed_by = NULL, claimed_until = NULL
    FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[]), CAST(:dues AS timestamptz[]),
        CAST(:settled AS timestamptz[])) AS said (id, state, reason, due_at, settled_at)
    WHERE letter.id = said.id AND (said.state = 'sent' OR (letter.state = 'sending' AND letter.claimed_by = :worker))
    """
)
_ATTEMPT = text(
    """
    INSERT INTO delivery_attempt (id, letter_id, at, outcome, code, words)
    SELECT gen_random_uuid(), said.id, :at, said.state, said.code, said.words
    FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:codes AS int[]), CAST(:words AS text[]))
        AS said (id, state, code, words)
    """
)
_TAKE = text(
    """
    UPDATE letter SET tries = tries + 1, claimed_until = :until
    WHERE id = ANY(CAST(:ids AS uuid[])) AND state = 'sending' AND claimed_by = :worker AND claimed_until >= :now
        AND (tries < :most OR tries - (SELECT count(*) FROM delivery_attempt WHERE letter_id = letter.id) < :most)
    RETURNING id
    """
)
_GIVE_UP = text(
    """
    UPDATE letter SET state = 'failed', settled_at = :now, reason = :reason, claimed_by = NULL, claimed_until = NULL
    WHERE id = ANY(CAST(:ids AS uuid[])) AND state = 'sending' AND claimed_by = :worker AND claimed_until >= :now
    RETURNING id
    """
)


@dataclass(frozen=True)
class Claimed:
    """A letter that is ours to send, as long as the lease holds."""

    id: uuid.UUID
    kind: LetterKind
    language: str
    edition_id: uuid.UUID
    to_address: str
    cc_addresses: Sequence[str]
    merge: dict[str, dict[str, str]]
    message_id: str
    envelope_token: str
    reply_to: str | None
    tries: int
    """How often it was tried before."""
    queued_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of one letter for good: SENT, REFUSED (its address) or FAILED. `words` are the relay's, or ours."""

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
    """The letters of one run of one sender. `worker` names this run, and no other."""

    def __init__(self, database: Database, worker: str) -> None:
        self._database, self._worker = database, worker

    def claim(self, limit: int) -> list[Claimed]:
        """Claim up to `limit` letters that are due, the longest due first."""
        with self._database.write() as session:
            ids = outbox.claim_due(session, limit, self._worker)
            found = {row.id: _claimed(row) for row in session.execute(select(*_COLUMNS).where(Letter.id.in_(ids)))}
        return [found[letter_id] for letter_id in ids]

    def turn(
        self, said: Sequence[tuple[Claimed, Reply]], wanted: Sequence[Claimed]
    ) -> tuple[set[uuid.UUID], list[uuid.UUID]]:
        """Record what the relay said of some letters, and take others in hand, in one transaction.

        Returns the wanted ones that are still ours to send (the others were cancelled, or the lease is over), and those given up.
        """
        with self._database.engine.begin() as connection:
            connection.execute(text("SET LOCAL synchronous_commit TO off"))
            if said:
                self._record(connection, said)
            return self._take(connection, wanted) if wanted else (set(), [])

    def give_back(self, letters: Sequence[Claimed], begun: Sequence[Claimed] = ()) -> None:
        """What was claimed and not sent is due again in a minute; `begun` were in hand when the relay turned out to be at fault."""
        with self._database.write() as session:
            for group, untried in ((letters, 0), (begun, 1)):
                session.execute(
                    update(Letter)
                    .where(
                        Letter.id.in_([letter.id for letter in group]),
                        Letter.state == LetterState.SENDING,
                        Letter.claimed_by == self._worker,
                    )
                    .values(
                        state=LetterState.QUEUED,
                        claimed_by=None,
                        claimed_until=None,
                        due_at=clock.now() + timedelta(minutes=1),
                        tries=Letter.tries - untried,
                    )
                    .execution_options(synchronize_session=False)
                )

    def _record(self, connection: Connection, said: Sequence[tuple[Claimed, Reply]]) -> None:
        at = clock.now()
        ids = [letter.id for letter, _reply in said]
        words = [reply.words[:2000].replace("\x00", "") for _letter, reply in said]
        attempt = {"ids": ids, "states": [reply.state.value for _letter, reply in said]}
        connection.execute(
            _ATTEMPT, {**attempt, "at": at, "codes": [reply.code for _letter, reply in said], "words": words}
        )
        states = [_final(letter, reply, at) for letter, reply in said]
        later = [state is LetterState.QUEUED for state in states]
        connection.execute(
            _SETTLE,
            {
                "ids": ids,
                "states": [state.value for state in states],
                "reasons": [
                    None if state is LetterState.SENT else word for state, word in zip(states, words, strict=True)
                ],
                "dues": [
                    at + _back_off(letter) if waits else None
                    for (letter, _reply), waits in zip(said, later, strict=True)
                ],
                "settled": [None if waits else at for waits in later],
                "worker": self._worker,
            },
        )
        for (letter, _reply), waits in zip(said, later, strict=True):
            secret = _SECRET.get(letter.kind)
            if secret and not waits:
                connection.execute(
                    update(Letter).where(Letter.id == letter.id).values(merge=_forgotten(letter, secret))
                )

    def _take(self, connection: Connection, wanted: Sequence[Claimed]) -> tuple[set[uuid.UUID], list[uuid.UUID]]:
        now, ids = clock.now(), [letter.id for letter in wanted]
        taken = connection.execute(
            _TAKE,
            {"ids": ids, "worker": self._worker, "now": now, "until": now + ON_ITS_WAY, "most": MOST_UNRECORDED},
        )
        ours = set(taken.scalars())
        left = [letter_id for letter_id in ids if letter_id not in ours]
        if not left:
            return ours, []
        given_up = connection.execute(
            _GIVE_UP, {"ids": left, "worker": self._worker, "now": now, "reason": _UNRECORDED}
        )
        return ours, list(given_up.scalars())


def account(database: Database, recorded: Recorded, limit: int = 500) -> int:
    """Tell `recorded` what became of letters that are settled and not yet accounted for; how many these were.

    Apart from the turns, so that sending never waits for it; a letter that was settled before a crash is accounted for by the next run.
    """
    with database.write() as session:
        rows = session.execute(
            select(Letter)
            .where(
                Letter.accounted_at.is_(None),
                Letter.state.in_([LetterState.SENT, LetterState.REFUSED, LetterState.FAILED]),
            )
            .order_by(Letter.settled_at, Letter.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).scalars()
        outcomes = [
            Outcome(
                letter.id, letter.invitation_id, letter.contact_id, letter.kind, letter.state, letter.reason or "",
                letter.settled_at or clock.now(),
            )
            for letter in rows
        ]  # fmt: skip
        if outcomes:
            recorded(session, outcomes)
            session.execute(
                update(Letter)
                .where(Letter.id.in_([outcome.letter_id for outcome in outcomes]))
                .values(accounted_at=clock.now())
                .execution_options(synchronize_session=False)
            )
    return len(outcomes)


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(**row._mapping)


def _final(letter: Claimed, reply: Reply, at: datetime) -> LetterState:
    if reply.state is LetterState.QUEUED and at - letter.queued_at > PATIENCE:
        return LetterState.FAILED
    return reply.state


def _back_off(letter: Claimed) -> timedelta:
    return timedelta(minutes=BACK_OFF[min(letter.tries, len(BACK_OFF) - 1)])


def _forgotten(letter: Claimed, secret: set[str]) -> dict[str, dict[str, str]]:
    return {
        language: {place: "…" if place in secret else value for place, value in values.items()}
        for language, values in letter.merge.items()
    }

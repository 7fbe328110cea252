"""How far sending has come: what left and what did not, how fast, and how long the rest will take. Costs a few rows, whatever the number of letters."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence.models import Letter, LetterState, SendingTally

_STEP = timedelta(seconds=10)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_RATED = timedelta(minutes=1)
QUIET = timedelta(minutes=2)
"""Letters that are due are taken within seconds; so long after it nobody is there to take them."""
_ADD = text(
    """
    INSERT INTO sending_tally (campaign_id, at, state, letters)
    SELECT campaign_id, at, state, letters
    FROM json_to_recordset(:told) AS told (campaign_id uuid, at timestamptz, state text, letters int)
    ORDER BY campaign_id, at, state
    ON CONFLICT (campaign_id, at, state) DO UPDATE SET letters = sending_tally.letters + EXCLUDED.letters
    """
).bindparams(bindparam("told", type_=JSON()))

_Key = tuple[uuid.UUID | None, datetime, LetterState]
"""Of a campaign's letters those that came to an end within ten seconds, in one state."""


@dataclass(frozen=True)
class Progress:
    """Letters of a campaign, all kinds together: how many left, wait, were refused by their address, failed, were cancelled. One that was
    sent again is one letter, and stands where its last attempt stands.

    `per_minute` is what the relay took in the last minute.
    """

    sent: int
    waiting: int
    refused: int
    failed: int
    cancelled: int
    per_minute: int

    @property
    def time_left(self) -> timedelta | None:
        """How long the rest takes at this rate; None where nothing leaves, or nothing waits."""
        if not self.per_minute or not self.waiting:
            return None
        return timedelta(minutes=self.waiting / self.per_minute)


def add(session: Session, ended: Iterable[tuple[uuid.UUID | None, LetterState, datetime]]) -> None:
    """Count letters that came to an end: campaign, state and instant of each. To be the last act of a transaction, since other senders
    wait for the same rows."""
    _count(session, Counter((campaign_id, _step(at), state) for campaign_id, state, at in ended))


def take_off(session: Session, again: Iterable[tuple[uuid.UUID | None, LetterState, datetime, int]]) -> None:
    """So many letters of a campaign that came to an end are queued once more: what became of them before counts no more.

    State and instant are the former letters'. To be the last act of a transaction, as `add`.
    """
    less: Counter[_Key] = Counter()
    for campaign_id, state, at, number in again:
        # One that came back was counted when it left.
        less[campaign_id, _step(at), LetterState.SENT if state is LetterState.RETURNED else state] -= number
    _count(session, less)


def _count(session: Session, counted: "Counter[_Key]") -> None:
    told = [
        {"campaign_id": str(campaign_id), "at": at.isoformat(), "state": state.value, "letters": number}
        for (campaign_id, at, state), number in counted.items()
        if campaign_id is not None
    ]
    if told:
        session.execute(_ADD, {"told": told})


def progress(session: Session, campaign_id: uuid.UUID) -> Progress:
    """How far the letters of a campaign have come; what left a second ago may not be counted yet."""
    recent = SendingTally.at > clock.now() - _RATED - _STEP
    rows = session.execute(
        select(SendingTally.state, func.sum(SendingTally.letters), func.sum(SendingTally.letters).filter(recent))
        .where(SendingTally.campaign_id == campaign_id)
        .group_by(SendingTally.state)
    ).all()
    # What is sent again before it was accounted for is taken off before it was counted.
    ended = {state: max(0, int(number)) for state, number, _lately in rows}
    lately = {state: max(0, int(number or 0)) for state, _number, number in rows}
    return Progress(
        sent=ended.get(LetterState.SENT, 0),
        waiting=waiting(session, campaign_id),
        refused=ended.get(LetterState.REFUSED, 0),
        failed=ended.get(LetterState.FAILED, 0),
        cancelled=ended.get(LetterState.CANCELLED, 0),
        per_minute=_per_minute(session, campaign_id, lately.get(LetterState.SENT, 0)),
    )


def idle_since(session: Session) -> datetime | None:
    """Since when letters are due that no sender takes, of whatever campaign; None while one is at work, or nothing is due. Not to be asked
    while letters are held, or the relay is away.

    The letter that is due longest says it, and what came to an end lately: a limit per minute can let one letter wait while others leave.
    """
    latest = clock.now() - QUIET
    first = session.execute(
        select(Letter.due_at, Letter.claimed_until)
        .where(Letter.settled_at.is_(None), ~Letter.held, Letter.urgent.is_(False))
        .order_by(Letter.due_at)
        .limit(1)
    ).one_or_none()
    if first is None or first.due_at > latest or (first.claimed_until and first.claimed_until > clock.now()):
        return None
    last = session.scalar(select(func.max(SendingTally.at)))
    since = max(first.due_at, last) if last else first.due_at
    return since if since < latest else None


def waiting(session: Session, campaign_id: uuid.UUID) -> int:
    """How many letters of a campaign have not come to an end: held or not, due or not."""
    found = session.scalar(
        select(func.count())
        .select_from(Letter)
        # Both values of the mark are named: the index begins with it.
        .where(Letter.settled_at.is_(None), Letter.held.in_([True, False]), Letter.campaign_id == campaign_id)
    )
    return found or 0


def _per_minute(session: Session, campaign_id: uuid.UUID, lately: int) -> int:
    """What the last minute's letters amount to in a minute; sending may have begun within it."""
    if not lately:
        return 0
    since = session.scalar(
        select(func.min(SendingTally.at)).where(
            SendingTally.campaign_id == campaign_id, SendingTally.at > clock.now() - _RATED - _STEP
        )
    )
    took = max(_STEP, clock.now() - (since or clock.now()))
    return round(lately * _RATED / took)


def _step(at: datetime) -> datetime:
    return _EPOCH + (at - _EPOCH) // _STEP * _STEP

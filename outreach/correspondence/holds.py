"""Holds: letters wait although they are due, because a person paused them or because sending them would do harm.

A hold is one row, written and ended in an instant whatever waits behind it. Senders look at it in every claim and every turn, so a
letter that was claimed before does not leave either. `letter.held` only keeps held letters out of the index of what is due, so that a
claim need not pass a hundred thousand of them: each run of a sender brings it up to date (`sort_out`), whoever queued a letter meanwhile.
"""

import uuid
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock, doorbell
from outreach.correspondence.models import HoldKind, LetterKind, SendingHold
from outreach.db import fresh_key

ASKING = (LetterKind.INVITATION, LetterKind.FORWARDED, LetterKind.REMINDER, LetterKind.EXTENSION)
"""The letters that a pause holds. All others answer somebody who has just done something, and waits."""

# The order in which holds are told, where several are at work.
_GRAVEST = (HoldKind.RESTORED, HoldKind.RELAY, HoldKind.PERSON)

_ASKS = f"kind IN ({', '.join(repr(kind.value) for kind in ASKING)})"
HELD = f"""(
    EXISTS (SELECT FROM sending_hold WHERE kind IN ('relay', 'restored'))
    OR letter.{_ASKS} AND (
        EXISTS (SELECT FROM sending_hold WHERE kind = 'person' AND campaign_id IS NULL)
        OR COALESCE(letter.campaign_id IN (SELECT campaign_id FROM sending_hold WHERE campaign_id IS NOT NULL), FALSE)
    )
)"""  # noqa: S608 - our own words
"""Whether a row of `letter` is held. No part depends on the row but by a hashed set, so it costs next to nothing a row."""

_MARKED = """
    WITH RECURSIVE marked AS (
        (SELECT campaign_id FROM letter WHERE settled_at IS NULL AND held AND campaign_id IS NOT NULL ORDER BY campaign_id LIMIT 1)
        UNION ALL
        SELECT (
            SELECT campaign_id FROM letter WHERE settled_at IS NULL AND held AND campaign_id > marked.campaign_id
            ORDER BY campaign_id LIMIT 1
        ) FROM marked WHERE campaign_id IS NOT NULL
    )
    SELECT campaign_id FROM marked WHERE campaign_id IS NOT NULL
"""
"""The campaigns that have letters with the mark: one look at the index for each of them, whatever the number of letters."""
_MARK = """
    WITH some_of AS MATERIALIZED (
        SELECT id FROM letter WHERE settled_at IS NULL AND held = %(was)s AND claimed_by IS NULL AND {which}
        LIMIT %(most)s FOR UPDATE SKIP LOCKED
    )
    UPDATE letter SET held = NOT %(was)s FROM some_of WHERE letter.id = some_of.id
"""
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Hold:
    """Why letters wait. `campaign_id` is None for a hold of everything; `by` names who paused, and is None where we stopped ourselves.

    Where we stopped because so many letters were refused one after the other, `refused_in_a_row` is their number, and `reason` what the
    relay said of the last.
    """

    id: uuid.UUID
    campaign_id: uuid.UUID | None
    kind: HoldKind
    since: datetime
    tried_at: datetime
    reason: str
    by: str | None
    refused_in_a_row: int | None = None


def stop(
    session: Session,
    campaign_id: uuid.UUID | None,
    reason: str,
    by: str | None = None,
    kind: HoldKind | None = None,
    refused_in_a_row: int | None = None,
) -> bool:
    """Let the letters of a campaign wait, or all letters; False where they wait already for the same cause, which stays as it was.

    `by` is the id of the member of staff who says so. Without one it is a stop by ourselves, of everything: the relay refuses us (RELAY,
    with its own words as the reason) unless another `kind` is given. A pause by a person lets through what somebody waits for.
    """
    now = clock.now()
    cause = kind or (HoldKind.RELAY if by is None else HoldKind.PERSON)
    made = session.execute(
        insert(SendingHold)
        .values(
            id=fresh_key(),
            campaign_id=campaign_id,
            kind=cause,
            since=now,
            tried_at=now,
            reason=reason,
            by=by,
            refused_in_a_row=refused_in_a_row,
        )
        .on_conflict_do_nothing(index_elements=["campaign_id", "kind"])
        .returning(SendingHold.id)
    ).scalar_one_or_none()
    doorbell.after_commit(session, doorbell.LETTERS)
    return made is not None


def go_on(session: Session, campaign_id: uuid.UUID | None) -> bool:
    """End what holds the campaign itself (or everything), and ring for the senders; False where nothing did.

    A hold of everything goes on holding a campaign whose own hold has ended.
    """
    ended = session.execute(
        delete(SendingHold)
        .where(
            SendingHold.campaign_id == campaign_id if campaign_id else SendingHold.campaign_id.is_(None),
            SendingHold.kind != HoldKind.UNREACHABLE,
        )
        .returning(SendingHold.id)
    ).all()
    doorbell.after_commit(session, doorbell.LETTERS)
    return bool(ended)


def current(session: Session, campaign_id: uuid.UUID | None) -> Hold | None:
    """What holds the letters of a campaign now, the gravest first; without a campaign: what holds everything."""
    rows = session.scalars(
        select(SendingHold).where(
            SendingHold.kind != HoldKind.UNREACHABLE,
            SendingHold.campaign_id.is_(None) | (SendingHold.campaign_id == campaign_id),
        )
    )
    return min(map(_hold, rows), key=lambda hold: _GRAVEST.index(hold.kind), default=None)


def unreachable(session: Session, words: str) -> None:
    """Note that the relay could not be reached: nothing is held, and it is tried again. The first instant stays, the last words count."""
    now = clock.now()
    values = {"tried_at": now, "reason": words}
    session.execute(
        insert(SendingHold)
        .values(id=fresh_key(), kind=HoldKind.UNREACHABLE, since=now, **values)
        .on_conflict_do_update(index_elements=["campaign_id", "kind"], set_=values)
    )


def reached(session: Session) -> None:
    """The relay was reached: what was noted of it has ended."""
    session.execute(delete(SendingHold).where(SendingHold.kind == HoldKind.UNREACHABLE))


def out_of_reach(session: Session) -> Hold | None:
    """Since when the relay can't be reached, when it was tried last, and what was said then; None while it can."""
    found = session.scalars(select(SendingHold).where(SendingHold.kind == HoldKind.UNREACHABLE)).one_or_none()
    return _hold(found) if found is not None else None


def sort_out(connection: Connection) -> bool:
    """Bring the mark of some of the letters that wait up to date with the holds, on a connection that commits by itself; whether others
    are left. Never so many that those who wait for a letter would wait for it.

    Where nothing is held that is two looks at an index. What another sender has in its hands is left out: its turns look at the holds.
    """
    found = connection.execute("SELECT kind, campaign_id FROM sending_hold").fetchall()
    paused = {campaign_id for kind, campaign_id in found if kind == HoldKind.PERSON}
    if any(kind in (HoldKind.RELAY, HoldKind.RESTORED) for kind, _campaign_id in found):
        return _mark(connection, was=False, which="TRUE")
    more = False
    if None in paused:
        more = _mark(connection, was=False, which=_ASKS)
    elif paused:
        more = _mark(connection, was=False, which=f"campaign_id = ANY(%(campaigns)s) AND {_ASKS}", campaigns=paused)
    marked = {campaign_id for (campaign_id,) in connection.execute(_MARKED)}
    free = set() if None in paused else marked - paused
    # Letters of no call, and those that somebody waits for, are held by us alone, never by a pause.
    for which, campaigns in (
        ("campaign_id IS NULL", free),
        ("campaign_id = ANY(%(campaigns)s)", free),
        (f"campaign_id = ANY(%(campaigns)s) AND NOT {_ASKS}", marked - free),
    ):
        more = _mark(connection, was=True, which=which, campaigns=campaigns) or more
    return more


def _mark(connection: Connection, *, was: bool, which: str, campaigns: Set[uuid.UUID] = frozenset()) -> bool:
    values = {"was": was, "most": _AT_ONCE, "campaigns": list(campaigns)}
    return connection.execute(_MARK.format(which=which), values).rowcount == _AT_ONCE


def _hold(row: SendingHold) -> Hold:
    return Hold(row.id, row.campaign_id, row.kind, row.since, row.tried_at, row.reason, row.by, row.refused_in_a_row)

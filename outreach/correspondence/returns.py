"""Letters that had left and came back: the relay took them, and a server behind it could not deliver them."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from outreach.correspondence.models import Letter, LetterKind, LetterState, Unaccounted
from outreach.db import any_of

_SETTLED = and_(Letter.settled_at.is_not(None), ~exists().where(Unaccounted.letter_id == Letter.id))
_COLUMNS = (
    Letter.id, Letter.invitation_id, Letter.contact_id, Letter.kind, Letter.to_address, Letter.state, _SETTLED.label("settled"),
    Letter.reason,
)  # fmt: skip


@dataclass(frozen=True)
class SentLetter:
    """A letter as a report about it finds it. `settled`: the campaign was told what became of it, so that it can come back.

    `words` are a server's, where it did.
    """

    id: uuid.UUID
    invitation_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    kind: LetterKind
    to_address: str
    state: LetterState
    settled: bool
    words: str


def letters(session: Session, letter_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, SentLetter]:
    """The letters with these ids."""
    return {row.id: _sent(row) for row in session.execute(select(*_COLUMNS).where(Letter.id == any_of(letter_ids)))}


def latest_to(session: Session, invitation_id: uuid.UUID, addresses: frozenset[str]) -> SentLetter | None:
    """The last letter about an invitation that left for one of these addresses, in small letters."""
    found = session.execute(
        select(*_COLUMNS)
        .where(
            Letter.invitation_id == invitation_id,
            func.lower(Letter.to_address).in_(addresses),
            Letter.state.in_([LetterState.SENT, LetterState.RETURNED]),
        )
        .order_by(Letter.settled_at.desc(), Letter.id)
        .limit(1)
    ).one_or_none()
    return _sent(found) if found is not None else None


def came_back(session: Session, words: Mapping[uuid.UUID, str]) -> set[uuid.UUID]:
    """Which of these letters, which had left, now are ones that came back; `words` are the servers' by letter."""
    return _changed(session, words, LetterState.SENT, LetterState.RETURNED)


def stayed(session: Session, letter_id: uuid.UUID) -> bool:
    """Whether a letter that was held to have come back is now one that has left."""
    return bool(_changed(session, {letter_id: None}, LetterState.RETURNED, LetterState.SENT))


def _changed(
    session: Session, reasons: Mapping[uuid.UUID, str | None], before: LetterState, after: LetterState
) -> set[uuid.UUID]:
    held = select(Letter).where(Letter.id == any_of(reasons)).order_by(Letter.id).with_for_update()
    found_letters = session.scalars(held.execution_options(populate_existing=True)).all()
    untold = set(session.scalars(select(Unaccounted.letter_id).where(Unaccounted.letter_id == any_of(reasons))))
    changed = set()
    for found in found_letters:
        if found.state is before and found.id not in untold:
            reason = reasons[found.id]
            found.state, found.reason = after, reason and reason[:2000]
            changed.add(found.id)
    session.flush()
    return changed


def _sent(found: Any) -> SentLetter:
    return SentLetter(
        id=found.id,
        invitation_id=found.invitation_id,
        contact_id=found.contact_id,
        kind=found.kind,
        to_address=found.to_address,
        state=found.state,
        settled=found.settled,
        words=found.reason or "",
    )

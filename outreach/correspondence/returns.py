"""Letters that had left and came back: the relay took them, and a server behind it could not deliver them."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.correspondence.models import Letter, LetterKind, LetterState


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


def letter(session: Session, letter_id: uuid.UUID) -> SentLetter | None:
    """The letter with this id."""
    found = session.get(Letter, letter_id, populate_existing=True)
    return _sent(found) if found is not None else None


def latest_to(session: Session, invitation_id: uuid.UUID, addresses: frozenset[str]) -> SentLetter | None:
    """The last letter about an invitation that left for one of these addresses, in small letters."""
    found = session.scalars(
        select(Letter)
        .where(
            Letter.invitation_id == invitation_id,
            func.lower(Letter.to_address).in_(addresses),
            Letter.state.in_([LetterState.SENT, LetterState.RETURNED]),
        )
        .order_by(Letter.settled_at.desc(), Letter.id)
        .limit(1)
    ).one_or_none()
    return _sent(found) if found is not None else None


def came_back(session: Session, letter_id: uuid.UUID, words: str) -> bool:
    """Whether the letter, which had left, is now one that came back; `words` are the server's."""
    return _changed(session, letter_id, LetterState.SENT, LetterState.RETURNED, words[:2000])


def stayed(session: Session, letter_id: uuid.UUID) -> bool:
    """Whether a letter that was held to have come back is now one that has left."""
    return _changed(session, letter_id, LetterState.RETURNED, LetterState.SENT, None)


def _changed(
    session: Session, letter_id: uuid.UUID, before: LetterState, after: LetterState, reason: str | None
) -> bool:
    found = session.get(Letter, letter_id, with_for_update=True, populate_existing=True)
    if found is None or found.state is not before or found.accounted_at is None:
        return False
    found.state, found.reason = after, reason
    session.flush()
    return True


def _sent(found: Letter) -> SentLetter:
    return SentLetter(
        id=found.id,
        invitation_id=found.invitation_id,
        contact_id=found.contact_id,
        kind=found.kind,
        to_address=found.to_address,
        state=found.state,
        settled=found.accounted_at is not None,
        words=found.reason or "",
    )

"""Reads of letters: what was sent, to whom, and what became of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence.composition import merge
from outreach.correspondence.editions import Attachment
from outreach.correspondence.models import DeliveryAttempt, Edition, Letter, LetterKind, LetterState
from outreach.correspondence.outcomes import Verdict
from outreach.directory.models import Contact
from outreach.errors import Missing
from outreach.i18n import _


@dataclass(frozen=True)
class LetterLine:
    """A letter in a list."""

    id: uuid.UUID
    invitation_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    kind: LetterKind
    language: str
    occasion: str
    attempt: int
    to_address: str
    state: LetterState
    due_at: datetime
    settled_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class AttemptLine:
    """One try to hand a letter to the relay, in the relay's own words."""

    at: datetime
    outcome: LetterState
    verdict: Verdict | None
    code: int | None
    words: str


@dataclass(frozen=True)
class ShownLetter:
    """A letter exactly as it was (or is to be) sent."""

    line: LetterLine
    message_id: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    attempts: tuple[AttemptLine, ...]


def letters_of(session: Session, invitation_ids: Sequence[uuid.UUID]) -> list[LetterLine]:
    """The letters of some invitations, the oldest first."""
    rows = session.scalars(
        select(Letter).where(Letter.invitation_id.in_(invitation_ids)).order_by(Letter.queued_at, Letter.id)
    )
    return [_line(letter) for letter in rows]


def letter(session: Session, letter_id: uuid.UUID) -> LetterLine:
    """One letter. Raises Missing."""
    return _line(_letter(session, letter_id))


def shown(session: Session, letter_id: uuid.UUID) -> ShownLetter:
    """A letter as its recipient reads it, years later too. Raises Missing."""
    found = _letter(session, letter_id)
    edition = session.get_one(Edition, found.edition_id)
    sheet = merge(edition.subject, edition.text, edition.html, found.merge)
    attempts = session.scalars(
        select(DeliveryAttempt).where(DeliveryAttempt.letter_id == letter_id).order_by(DeliveryAttempt.at)
    )
    return ShownLetter(
        line=_line(found),
        message_id=found.message_id,
        subject=sheet.subject,
        text=sheet.text,
        html=sheet.html,
        attachments=tuple(Attachment(**file) for file in edition.attachments),
        attempts=tuple(AttemptLine(a.at, a.outcome, a.verdict, a.code, a.words) for a in attempts),
    )


def acknowledged_to(session: Session, campaign_id: uuid.UUID, address: str, since: datetime | None = None) -> bool:
    """Whether an acknowledgement was queued to an address in a campaign, at or after `since`."""
    found = exists().where(
        # Written out: a plan for any kind would pass the index by.
        text("letter.kind = 'acknowledgement'"),
        Letter.campaign_id == campaign_id,
        func.lower(Letter.to_address) == address.lower(),
    )
    if since is not None:
        found = found.where(Letter.queued_at >= since)
    return bool(session.scalar(select(found)))


def waiting(session: Session) -> int:
    """How many letters are due now, or with a sender."""
    found = session.scalar(
        select(func.count()).select_from(Letter).where(Letter.settled_at.is_(None), Letter.due_at <= clock.now())
    )
    return found or 0


def arrived_elsewhere(session: Session, letter_id: uuid.UUID) -> bool:
    """Whether the same letter, in whatever attempt, was taken for another address that the institution still has. Raises Missing."""
    found = _letter(session, letter_id)
    return bool(
        session.scalar(
            select(
                exists().where(
                    Letter.invitation_id == found.invitation_id,
                    Letter.kind == found.kind,
                    Letter.occasion == found.occasion,
                    Letter.state == LetterState.SENT,
                    Letter.contact_id == Contact.id,
                    Contact.id != found.contact_id,
                    Contact.retired_at.is_(None),
                    Letter.id != found.id,
                )
            )
        )
    )


def _letter(session: Session, letter_id: uuid.UUID) -> Letter:
    found = session.get(Letter, letter_id)
    if found is None:
        raise Missing(_("There is no such letter."))
    return found


def _line(letter: Letter) -> LetterLine:
    return LetterLine(
        id=letter.id,
        invitation_id=letter.invitation_id,
        contact_id=letter.contact_id,
        kind=letter.kind,
        language=letter.language,
        occasion=letter.occasion,
        attempt=letter.attempt,
        to_address=letter.to_address,
        state=letter.state,
        due_at=letter.due_at,
        settled_at=letter.settled_at,
        reason=letter.reason,
    )

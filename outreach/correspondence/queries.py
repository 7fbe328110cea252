"""Reads of letters: what was sent, to whom, and what became of it."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session, aliased

from outreach import clock
from outreach.correspondence.composition import merge
from outreach.correspondence.editions import Attachment
from outreach.correspondence.models import DeliveryAttempt, Edition, Letter, LetterKind, LetterState
from outreach.correspondence.outcomes import Verdict
from outreach.db import any_of
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
        select(DeliveryAttempt)
        .where(DeliveryAttempt.letter_id == letter_id)
        .order_by(DeliveryAttempt.at, DeliveryAttempt.id)
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


def values_of(session: Session, letter_id: uuid.UUID) -> dict[str, dict[str, str]]:
    """A recipient's values by language and place. Raises Missing."""
    return _letter(session, letter_id).merge


def acknowledged(
    session: Session, campaign_ids: Collection[uuid.UUID], addresses: Collection[str]
) -> dict[tuple[uuid.UUID, str], datetime]:
    """When the last acknowledgement was queued in these campaigns to these addresses, by campaign and address in small letters."""
    address = func.lower(Letter.to_address)
    rows = session.execute(
        select(Letter.campaign_id, address, func.max(Letter.queued_at))
        .where(
            # Written out: a plan for any kind would pass the index by.
            text("letter.kind = 'acknowledgement'"),
            Letter.campaign_id.in_(campaign_ids),
            address.in_({one.lower() for one in addresses}),
        )
        .group_by(Letter.campaign_id, address)
    )
    return {(campaign_id, to): at for campaign_id, to, at in rows}


def waiting(session: Session) -> int:
    """How many letters are due now, or with a sender."""
    found = session.scalar(
        select(func.count()).select_from(Letter).where(Letter.settled_at.is_(None), Letter.due_at <= clock.now())
    )
    return found or 0


def arrived_elsewhere(session: Session, letter_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these letters that, in whatever attempt, were taken for another address that the institution still has."""
    if not letter_ids:
        return set()
    other = aliased(Letter)
    elsewhere = exists().where(
        other.invitation_id == Letter.invitation_id,
        other.kind == Letter.kind,
        other.occasion == Letter.occasion,
        other.state == LetterState.SENT,
        other.contact_id == Contact.id,
        Contact.id.is_distinct_from(Letter.contact_id),
        Contact.retired_at.is_(None),
        other.id != Letter.id,
    )
    return set(session.scalars(select(Letter.id).where(Letter.id == any_of(letter_ids), elsewhere)))


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

"""Bounces: which letter of ours came back, and what that says of its address.

Anybody can write what looks like a bounce. One changes something only where it comes to the secret address of a letter or of an
invitation, or holds the Message-ID of a letter, and says that the very address failed that this letter went to.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import reach
from outreach.correspondence import returns
from outreach.correspondence.models import Letter
from outreach.correspondence.returns import SentLetter
from outreach.directory import service as directory
from outreach.inbox.matching import Clues
from outreach.inbox.models import ReceivedMail
from outreach.inbox.understanding import Failure, MailKind, Understanding

FAILING_DAYS = 4
"""An address that failed for a while on so many different days …"""
FAILING_WITHIN = timedelta(days=14)
"""… within this time gets no more letters."""


@dataclass(frozen=True)
class Return:
    """The letter that a bounce is about; `failure` None: the addresses that failed are others than the one it went to."""

    letter: SentLetter
    failure: Failure | None


def of(
    session: Session,
    is_a: Understanding,
    clues: Clues,
    letters: Mapping[str, Letter],
    invitation_id: uuid.UUID | None,
) -> Return | None:
    """The letter that a bounce returns; None where it is no bounce, or names none of ours."""
    if is_a.kind is not MailKind.BOUNCE:
        return None
    named = next((letters[name] for name in clues.letters if name in letters), None)
    failed = {failure.address.lower(): failure for failure in is_a.failures}
    if named is None and clues.replies and invitation_id is not None:
        # It came to the address for replies, which only our letters of this invitation carry.
        letter = returns.latest_to(session, invitation_id, frozenset(failed))
    else:
        letter = returns.letter(session, named.id) if named is not None else None
    if letter is None:
        return None
    if not failed:
        return Return(letter, Failure(letter.to_address, is_a.permanent, is_a.status, is_a.diagnostic))
    return Return(letter, failed.get(letter.to_address.lower()))


def account(session: Session, mail: ReceivedMail, is_a: Understanding, back: Return | None) -> None:
    """Say what came of a bounce: to its letter, to its address, to its invitation. A second one about the same letter changes nothing."""
    if back is None:
        mail.evidence = [*mail.evidence, "It names no letter of ours, so it changes nothing"]
        return
    if back.failure is None:
        mail.evidence = [
            *mail.evidence,
            "The address that failed is not the one that our letter went to, so it changes nothing",
        ]
        return
    mail.letter_id = back.letter.id
    for_good = back.failure.permanent is True
    said = back.failure.diagnostic or is_a.diagnostic
    words = (said if back.failure.status in said else f"{back.failure.status} {said}".strip()) or mail.subject
    is_new = reach.letter_returned(session, back.letter, words, clock.now(), for_good=for_good)
    if is_new and not for_good and back.letter.contact_id is not None:
        mail.failing_contact_id = back.letter.contact_id
        session.flush()
        _score(session, back.letter.contact_id, words)


def take_back(session: Session, mail: ReceivedMail, by: str) -> None:
    """It was no bounce after all."""
    letter = returns.letter(session, mail.letter_id) if mail.letter_id is not None else None
    if letter is not None:
        reach.return_taken_back(session, letter, by, clock.now())
    mail.letter_id, mail.failing_contact_id = None, None


def _score(session: Session, contact_id: uuid.UUID, words: str) -> None:
    """An address that keeps failing gets no more letters."""
    days = session.scalar(
        select(func.count(func.distinct(func.date_trunc("day", ReceivedMail.received_at, "UTC")))).where(
            ReceivedMail.failing_contact_id == contact_id, ReceivedMail.received_at > clock.now() - FAILING_WITHIN
        )
    )
    if (days or 0) >= FAILING_DAYS:
        directory.addresses_refused(session, {contact_id: words})

"""Bounces: which letter of ours came back, and what that says of its address.

Anybody can write what looks like a bounce. One changes something only where it comes to the secret address of a letter or of an
invitation, or holds the Message-ID of a letter, and says that the very address failed that this letter went to.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import reach
from outreach.correspondence import returns
from outreach.correspondence.models import LetterKind
from outreach.correspondence.returns import SentLetter
from outreach.directory import service as directory
from outreach.inbox import answers
from outreach.inbox.gist import Gist
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
    session: Session, says: Gist, letters: Mapping[str, SentLetter], invitation_id: uuid.UUID | None
) -> Return | None:
    """The letter that a bounce returns; None where it is no bounce, or names none of ours."""
    is_a, clues = says.is_a, says.clues
    if is_a.kind is not MailKind.BOUNCE:
        return None
    letter = next((letters[name] for name in clues.letters if name in letters), None)
    failed = {failure.address.lower(): failure for failure in is_a.failures}
    if letter is None and clues.replies and invitation_id is not None:
        # It came to the address for replies, which only our letters of this invitation carry.
        letter = returns.latest_to(session, invitation_id, frozenset(failed))
    if letter is None:
        return None
    if not failed:
        return Return(letter, Failure(letter.to_address, is_a.permanent, is_a.status, is_a.diagnostic))
    return Return(letter, failed.get(letter.to_address.lower()))


def account(session: Session, bounces: Sequence[tuple[ReceivedMail, Understanding, Return | None]]) -> None:
    """Say what came of bounces: to their letters, addresses, invitations. A second one about the same letter changes nothing."""
    about: dict[uuid.UUID, tuple[ReceivedMail, Return, bool]] = {}
    words: dict[uuid.UUID, str] = {}
    for mail, is_a, back in bounces:
        if back is None:
            mail.evidence = [*mail.evidence, "It names no letter of ours, so it changes nothing"]
        elif back.failure is None:
            mail.evidence = [
                *mail.evidence,
                "The address that failed is not the one that our letter went to, so it changes nothing",
            ]
        else:
            mail.letter_id = back.letter.id
            if back.letter.id not in about:
                said = back.failure.diagnostic or is_a.diagnostic
                said = said if back.failure.status in said else f"{back.failure.status} {said}".strip()
                words[back.letter.id] = said or mail.subject
                about[back.letter.id] = mail, back, back.failure.permanent is True
    new = reach.letters_returned(session, {back.letter: words[key] for key, (_, back, _) in about.items()}, clock.now())
    refused: dict[uuid.UUID, str] = {}
    failing: dict[uuid.UUID, str] = {}
    for mail, back, for_good in about.values():
        contact_id = back.letter.contact_id
        if back.letter.id not in new or contact_id is None:
            continue
        if for_good:
            refused[contact_id] = words[back.letter.id]
        else:
            mail.failing_contact_id, failing[contact_id] = contact_id, words[back.letter.id]
    session.flush()
    answers.did_not_arrive(session, [key for key in new if about[key][1].letter.kind is LetterKind.ANSWER])
    given_up = _given_up(session, failing)
    directory.addresses_refused(session, {key: failing[key] for key in given_up} | refused)


def remembered(session: Session, mail: ReceivedMail) -> dict[str, str] | None:
    """What the mail, a bounce, had changed, for `again`; None where that is nothing."""
    letter = returns.letters(session, [mail.letter_id]).get(mail.letter_id) if mail.letter_id is not None else None
    return {"letter": str(letter.id), "words": letter.words} if letter is not None else None


def again(session: Session, mail: ReceivedMail, was: Mapping[str, str]) -> None:
    """It is a bounce as it was before `take_back`, with all that it had changed."""
    mail.letter_id = uuid.UUID(was["letter"])
    letter = returns.letters(session, [mail.letter_id])[mail.letter_id]
    if letter.id not in reach.letters_returned(session, {letter: was["words"]}, clock.now()):
        return
    if letter.contact_id is not None and mail.permanent is True:
        directory.addresses_refused(session, {letter.contact_id: was["words"]})
    elif letter.contact_id is not None:
        mail.failing_contact_id = letter.contact_id


def take_back(session: Session, mail: ReceivedMail, by: str) -> None:
    """It was no bounce after all."""
    letter = returns.letters(session, [mail.letter_id]).get(mail.letter_id) if mail.letter_id is not None else None
    if letter is not None:
        reach.return_taken_back(session, letter, by, clock.now())
    mail.letter_id, mail.failing_contact_id = None, None


def _given_up(session: Session, contact_ids: Collection[uuid.UUID]) -> Sequence[uuid.UUID]:
    """Those of these contacts whose addresses keep failing."""
    if not contact_ids:
        return []
    days = func.count(func.distinct(func.date_trunc("day", ReceivedMail.received_at, "UTC")))
    found = session.scalars(
        select(ReceivedMail.failing_contact_id)
        .where(
            ReceivedMail.failing_contact_id.in_(contact_ids), ReceivedMail.received_at > clock.now() - FAILING_WITHIN
        )
        .group_by(ReceivedMail.failing_contact_id)
        .having(days >= FAILING_DAYS)
    )
    return [key for key in found if key is not None]

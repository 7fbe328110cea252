"""What is done with a mail that is kept: it is read, understood and tied to its invitation; what needs no person follows at once.

A reply holds reminders until somebody has looked at it. A bounce changes its letter, an automatic reply is noted. Whatever is not
known for certain waits for a person.
"""

import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import invitations
from outreach.campaigns.models import Invitation
from outreach.campaigns.stages import FactKind
from outreach.correspondence import outbox
from outreach.correspondence.models import Letter
from outreach.identity.audit import SERVICE
from outreach.inbox import acknowledging, holding, matching, mime, parsing, returned, senders
from outreach.inbox.keeping import MOST_TRIES
from outreach.inbox.matching import Clues, Known
from outreach.inbox.mime import Headers
from outreach.inbox.models import MailOutcome, ReceivedMail
from outreach.inbox.parsing import ParsedMail
from outreach.inbox.understanding import MailKind, Understanding, classify, own_words
from outreach.inbox.visible import visible
from outreach.storage import Storage

LONGEST = 4.0
"""Seconds of this processor that reading one mail may take; the classifier gives up before."""
PATIENCE = timedelta(hours=1)
"""How long a report waits until what became of its letter is recorded: a quick server answers before its relay is heard."""
_SURE = 0.5
"""Below this confidence, what looks like a machine's mail is laid before a person."""
_MOST_ID = 600
_REPORTS = frozenset({MailKind.BOUNCE, MailKind.DELAY, MailKind.DELIVERY_RECEIPT, MailKind.READ_RECEIPT})


class TookTooLong(BaseException):
    """Reading a mail took too long. No Exception: what reads a mail catches all those."""


@dataclass(frozen=True)
class _Reading:
    """All that a mail says by itself."""

    mail: ParsedMail
    headers: Headers
    is_a: Understanding
    clues: Clues
    own_words: str


def think(session: Session, storage: Storage, mail_id: uuid.UUID) -> bool:
    """Understand a mail, and do what follows. False: somebody else is at it, or it is to be begun again later.

    One that was begun too often is set aside for a person, unread. Raises TookTooLong.
    """
    mail = session.get(
        ReceivedMail, mail_id, populate_existing=True, with_for_update={"skip_locked": True}
    )  # its row is held: a mail is understood once
    if mail is None or mail.understood_at is not None:
        return mail is not None
    if mail.tries > MOST_TRIES:
        mail.understood_at, mail.kind = clock.now(), MailKind.OTHER
        mail.evidence = [f"Reading it failed {MOST_TRIES} times"]
        return True
    with _within(LONGEST):
        read = _read(storage.get(mail.content))
    letters = _letters(session, read.clues)
    found = matching.match(read.clues, _known(session, read.clues, letters))
    back = returned.of(session, read.is_a, read.clues, letters, found.invitation_id)
    if back is not None and not back.letter.settled and clock.now() - mail.received_at < PATIENCE:
        mail.tries -= 1
        return False
    invitation_id = found.invitation_id or (back.letter.invitation_id if back else None)
    if invitation_id is not None:
        # Held before the row that refers to it is written, or two mails of one institution wait for each other.
        invitations.hold(session, [invitation_id])
    _write(session, mail, read)
    mail.invitation_id, mail.matched_by = invitation_id, found.by
    session.flush()
    _follow(session, mail, read, back)
    session.flush()
    return True


def _follow(session: Session, mail: ReceivedMail, read: _Reading, back: "returned.Return | None") -> None:
    """What follows without a person."""
    is_a = read.is_a
    sure = is_a.confidence >= _SURE
    if is_a.kind in _REPORTS and sure:
        mail.outcome = MailOutcome.DELIVERY_REPORT
        if is_a.kind is MailKind.BOUNCE:
            returned.account(session, mail, is_a, back)
    elif is_a.kind is MailKind.AUTO_REPLY and sure:
        mail.outcome = MailOutcome.AUTO_REPLY
        note_auto_reply(session, mail, SERVICE.name)
    elif mail.invitation_id is not None:
        holding.came(session, mail, SERVICE)
        if is_a.kind in {MailKind.REPLY, MailKind.FORWARDED}:
            acknowledging.arrival(session, mail, read.headers, read.mail)


def note_auto_reply(session: Session, mail: ReceivedMail, by: str) -> None:
    """An automatic reply is a fact of its invitation; it holds nothing."""
    if mail.invitation_id is not None:
        details = {
            "mail": str(mail.id),
            "until": mail.until.isoformat() if mail.until else None,
            "substitute": mail.substitute or None,
        }
        invitations.record(
            session, mail.invitation_id, FactKind.AUTO_REPLY, by=by, note=visible(mail.subject) or None, details=details
        )


def _read(raw: bytes) -> _Reading:
    opened = mime.opened(raw)  # once for all who look at it
    mail = parsing.of_opened(opened)
    is_a = classify(raw, opened)
    return _Reading(
        mail=mail,
        headers=opened.headers,
        is_a=is_a,
        clues=matching.clues(mail, is_a.original_ids),
        own_words=own_words(mail.text[: parsing.MOST_TEXT]),
    )


def _letters(session: Session, clues: Clues) -> dict[str, Letter]:
    """The letters of ours that the clues name."""
    named = {name: found for name in clues.letters if (found := outbox.letter_named(name)) is not None}
    if not named:
        return {}
    letters = {one.id: one for one in session.scalars(select(Letter).where(Letter.id.in_(set(named.values()))))}
    return {name: letters[key] for name, key in named.items() if key in letters}


def _known(session: Session, clues: Clues, letters: dict[str, Letter]) -> Known:
    """What the clues of a mail lead to."""
    codes = select(Invitation.code, Invitation.id).where(Invitation.code.in_(clues.codes))
    return Known(
        by_letter={name: one.invitation_id for name, one in letters.items() if one.invitation_id is not None},
        by_code=dict(session.execute(codes).all()) if clues.codes else {},
    )


def _write(session: Session, mail: ReceivedMail, read: _Reading) -> None:
    """What was read, in the row."""
    of, is_a = read.mail, read.is_a
    if of.message_id:
        # Asked before anything is set: whatever is set is written before a question.
        mail.same_id_as = session.scalars(
            select(ReceivedMail.id)
            .where(ReceivedMail.message_id == of.message_id[:_MOST_ID], ReceivedMail.id != mail.id)
            .order_by(ReceivedMail.received_at, ReceivedMail.id)
            .limit(1)
        ).first()
    mail.understood_at = clock.now()
    if not mail.dated and of.arrived_at is not None:
        mail.received_at = min(of.arrived_at, clock.now())
    mail.found_for = matching.found_for(of)
    mail.from_name, mail.from_address, mail.subject = of.from_name, of.from_address, of.subject
    mail.message_id, mail.in_reply_to = of.message_id[:_MOST_ID], of.in_reply_to
    mail.text = of.text[: parsing.MOST_TEXT]
    mail.own_words = read.own_words if read.own_words.strip() != mail.text.strip() else ""
    mail.attachments = [
        {"filename": file.filename, "media_type": file.media_type, "size": len(file.content)} for file in of.files
    ]
    mail.readable = of.readable
    mail.kind, mail.evidence, mail.permanent = is_a.kind, list(is_a.evidence), is_a.permanent
    mail.failed_addresses = [address[:320] for address in is_a.failed_recipients[:100]]
    mail.status, mail.diagnostic = is_a.status[:20], is_a.diagnostic[:2000]
    mail.until, mail.substitute = is_a.until, is_a.substitute[:320]
    mail.sender_verified = senders.verified(read.headers, config.settings().authserv_id, of.from_address)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Break off what takes longer; only in the main thread, which a worker's is. Elsewhere the classifier's own limits hold."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)

"""What is done with mails that are kept: they are read, understood and tied to their invitations; what needs no person follows at once.

A reply holds reminders until somebody has looked at it. A bounce changes its letter, an automatic reply is noted. Whatever is not
known for certain waits for a person. Fifty mails take about as many statements as one. Rows are held in one order: mails, invitations,
letters, contacts, each by their keys; so nobody waits in a circle.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns.invitations import NewFact
from outreach.campaigns.models import Invitation
from outreach.correspondence import outbox, returns
from outreach.correspondence.models import LetterKind
from outreach.correspondence.returns import SentLetter
from outreach.db import any_of
from outreach.identity.audit import SERVICE
from outreach.inbox import acknowledging, answers, gist, holding, matching, returned
from outreach.inbox.gist import Gist
from outreach.inbox.keeping import MOST_TRIES
from outreach.inbox.matching import Known, Match
from outreach.inbox.models import MailOutcome, ReceivedMail
from outreach.inbox.returned import Return
from outreach.inbox.understanding import MailKind
from outreach.storage import Storage

PATIENCE = timedelta(hours=1)
"""How long a report waits until what became of its letter is recorded: a quick server answers before its relay is heard."""
_SURE = 0.5
"""Below this confidence, what looks like a machine's mail is laid before a person."""
_MOST_ID = 600
_REPORTS = frozenset({MailKind.BOUNCE, MailKind.DELAY, MailKind.DELIVERY_RECEIPT, MailKind.READ_RECEIPT})
_ANSWERED = frozenset({MailKind.REPLY, MailKind.FORWARDED})
_READ = (
    "received_at", "found_for", "from_name", "from_address", "subject", "message_id", "in_reply_to", "text", "own_words",
    "attachments", "readable", "kind", "evidence", "permanent", "failed_addresses", "status", "diagnostic", "until",
    "substitute", "sender_verified", "same_id_as", "invitation_id", "matched_by", "outcome", "understood_at",
    "letter_id",
)  # fmt: skip
"""The columns that are written for each mail, so that all are written by one statement."""


@dataclass(frozen=True)
class Thought:
    """A mail, what it says, to whom it belongs, and the letter that it returns, where it is a bounce."""

    mail: ReceivedMail
    says: Gist
    match: Match
    back: Return | None


def think(session: Session, storage: Storage, mail_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Understand mails, and do what follows; which of them are understood. The others somebody else is at, or they are to be begun
    again later.

    One that was begun too often is set aside for a person, unread. Raises TookTooLong.
    """
    waiting = (
        select(ReceivedMail)
        .where(ReceivedMail.id == any_of(mail_ids))
        .order_by(ReceivedMail.received_at, ReceivedMail.id)
        .with_for_update(skip_locked=True)  # their rows are held: a mail is understood once
    )
    mails = session.scalars(waiting.execution_options(populate_existing=True)).all()
    understood = {mail.id for mail in mails if mail.understood_at is not None}
    says: dict[uuid.UUID, Gist] = {}
    for mail in mails:
        if mail.understood_at is not None:
            continue
        if mail.tries > MOST_TRIES:
            mail.understood_at, mail.kind = clock.now(), MailKind.OTHER
            mail.evidence = [f"Reading it failed {MOST_TRIES} times"]
            understood.add(mail.id)
        else:
            says[mail.id] = gist.of(storage, mail.content)
    letters = _letters(session, says.values())
    known = _known(session, says.values(), letters)
    thoughts = []
    for mail in mails:
        if mail.id not in says:
            continue
        match = matching.match(says[mail.id].clues, known)
        back = returned.of(session, says[mail.id], letters, match.invitation_id)
        if back is not None and not back.letter.settled and clock.now() - mail.received_at < PATIENCE:
            mail.tries -= 1
            continue
        thoughts.append(Thought(mail, says[mail.id], match, back))
    backs = [one.back.letter for one in thoughts if one.back is not None]
    answers.hold(session, [letter.id for letter in backs if letter.kind is LetterKind.ANSWER])
    _write(session, thoughts)
    _follow(session, thoughts, letters)
    session.flush()
    return understood | {one.mail.id for one in thoughts}


def _follow(session: Session, thoughts: Sequence[Thought], letters: Mapping[str, SentLetter]) -> None:
    """What follows without a person."""
    bounces: list[Thought] = []
    answered: list[Thought] = []
    facts: list[NewFact] = []
    for one in thoughts:
        mail, is_a = one.mail, one.says.is_a
        sure = is_a.confidence >= _SURE
        if is_a.kind in _REPORTS and sure:
            mail.outcome = MailOutcome.DELIVERY_REPORT
            if is_a.kind is MailKind.BOUNCE:
                bounces.append(one)
        elif is_a.kind is MailKind.AUTO_REPLY and sure:
            mail.outcome = MailOutcome.AUTO_REPLY
            if mail.invitation_id is not None:
                facts.append(holding.absent(mail, SERVICE))
        elif mail.invitation_id is not None:
            facts.append(holding.arrived(mail, SERVICE))
            if is_a.kind in _ANSWERED:
                answered.append(one)
    returned.account(session, [(one.mail, one.says.is_a, one.back) for one in bounces])
    invitations.record_many(session, facts)
    acknowledging.arrivals(session, [(one.mail, one.says) for one in answered], letters)


def _letters(session: Session, says: Iterable[Gist]) -> dict[str, SentLetter]:
    """The letters of ours that the clues of mails name."""
    names = {name for one in says for name in one.clues.letters}
    named = {name: found for name in names if (found := outbox.letter_named(name)) is not None}
    letters = returns.letters(session, set(named.values())) if named else {}
    return {name: letters[key] for name, key in named.items() if key in letters}


def _known(session: Session, says: Iterable[Gist], letters: Mapping[str, SentLetter]) -> Known:
    """What the clues of mails lead to."""
    codes = {code for one in says for code in one.clues.codes}
    wanted = select(Invitation.code, Invitation.id).where(Invitation.code.in_(codes))
    # Of an answer to a mail that belonged to nobody, the mail knows by now.
    loose = {one.id for one in letters.values() if one.kind is LetterKind.ANSWER and one.invitation_id is None}
    belong = answers.belonging(session, loose)
    named = {name: one.invitation_id or belong.get(one.id) for name, one in letters.items()}
    return Known(
        by_letter={name: key for name, key in named.items() if key is not None},
        by_code=dict(session.execute(wanted).all()) if codes else {},
    )


def _write(session: Session, thoughts: Sequence[Thought]) -> None:
    """What was read, in the rows."""
    if not thoughts:
        return
    same = _same_ids(session, {one.says.mail.message_id[:_MOST_ID] for one in thoughts} - {""})
    belongs = [one.match.invitation_id or (one.back.letter.invitation_id if one.back else None) for one in thoughts]
    # Held before the rows that refer to them are written, or two mails of one institution wait for each other.
    invitations.hold(session, {key for key in belongs if key is not None})
    for one, invitation_id in zip(thoughts, belongs, strict=True):
        mail, of, is_a = one.mail, one.says.mail, one.says.is_a
        mail.message_id, mail.in_reply_to = of.message_id[:_MOST_ID], of.in_reply_to
        if mail.message_id:
            first = same.setdefault(mail.message_id, mail.id)
            mail.same_id_as = first if first != mail.id else None
        mail.understood_at = clock.now()
        if not mail.dated and of.arrived_at is not None:
            mail.received_at = min(of.arrived_at, clock.now())
        mail.found_for = matching.found_for(of)
        mail.from_name, mail.from_address, mail.subject = of.from_name, of.from_address, of.subject
        mail.text = of.text
        mail.own_words = one.says.own_words if one.says.own_words.strip() != mail.text.strip() else ""
        mail.attachments = one.says.attachments
        mail.readable = of.readable
        mail.kind, mail.evidence, mail.permanent = is_a.kind, list(is_a.evidence), is_a.permanent
        mail.failed_addresses = [address[:320] for address in is_a.failed_recipients[:100]]
        mail.status, mail.diagnostic = is_a.status[:20], is_a.diagnostic[:2000]
        mail.until, mail.substitute = is_a.until, is_a.substitute[:320]
        mail.sender_verified = one.says.sender_verified
        mail.invitation_id, mail.matched_by = invitation_id, one.match.by
        for column in _READ:
            flag_modified(mail, column)


def _same_ids(session: Session, message_ids: set[str]) -> dict[str, uuid.UUID]:
    """The first mail with each of these Message-IDs, held as a reference to it will hold it, before invitations are."""
    if not message_ids:
        return {}
    first = (
        select(ReceivedMail.id)
        .ext(distinct_on(ReceivedMail.message_id))
        .where(ReceivedMail.message_id.in_(message_ids))
        .order_by(ReceivedMail.message_id, ReceivedMail.received_at, ReceivedMail.id)
    )
    held = select(ReceivedMail.message_id, ReceivedMail.id).where(ReceivedMail.id.in_(first)).order_by(ReceivedMail.id)
    return dict(session.execute(held.with_for_update(read=True, key_share=True)).all())

"""Reads of received mail: the tray, one mail, and the invitations it may belong to."""

import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign, Invitation
from outreach.directory import finding
from outreach.directory import queries as directory
from outreach.directory.models import Contact, Institution, InstitutionKind
from outreach.errors import Missing
from outreach.i18n import _
from outreach.inbox import accepting, answers, documents, opening, parsing
from outreach.inbox.diplomacy import Proposal
from outreach.inbox.diplomacy_phrases import Saying
from outreach.inbox.documents import Candidate
from outreach.inbox.models import MailOutcome, MatchedBy, ReceivedMail
from outreach.inbox.opening import OpenedMail
from outreach.inbox.parts import MailFile
from outreach.inbox.understanding.words import MailKind
from outreach.inbox.visible import visible
from outreach.storage import Storage

_MOST_PLACES = 300


Place = tuple[int, datetime, uuid.UUID]
"""A mail's place in the tray: how much it needs a person, when it came, and its id."""


class Show(enum.StrEnum):
    """Which mail the tray shows."""

    WAITING = "waiting"
    UNMATCHED = "unmatched"
    REPORTS = "reports"
    AUTOMATIC = "automatic"
    ALL = "all"


@dataclass(frozen=True)
class BelongsTo:
    """An invitation as a mail's page names it."""

    invitation_id: uuid.UUID
    campaign_id: uuid.UUID
    campaign_code: str
    state_code: str | None
    institution: str
    kind: InstitutionKind


@dataclass(frozen=True)
class MailLine:
    """A mail in the tray."""

    id: uuid.UUID
    received_at: datetime
    from_name: str
    from_address: str
    subject: str
    attachments: int
    outcome: MailOutcome | None
    belongs_to: BelongsTo | None
    kind: MailKind
    rank: int
    """How much it needs a person: 0 first."""
    sayings: tuple[Saying, ...] = ()
    """What it seems to say, while it waits in a list."""
    answered: bool = False


@dataclass(frozen=True)
class AttachmentLine:
    """An attachment of a mail: its place in the mail, and what the mail says of it."""

    index: int
    filename: str
    media_type: str
    size: int

    @property
    def kilobytes(self) -> int:
        """The size as it is shown."""
        return max(1, round(self.size / 1024))


@dataclass(frozen=True)
class ShownMail:
    """One mail in full. `cut`: its text goes on in the mail itself; `beginning`: how it begins as it was written, where it can't be read."""

    line: MailLine
    source: str
    found_for: str | None
    message_id: str
    text: str
    cut: bool
    beginning: str
    size: int
    attachments: tuple[AttachmentLine, ...]
    matched_by: MatchedBy
    looked_at_at: datetime | None
    looked_at_by: str | None
    submission_id: uuid.UUID | None
    evidence: tuple[str, ...]
    """Why it is held to be of its kind: sentences in English."""
    kind_by: str | None
    own_words: str
    """The text without what it quotes; empty where that is all of it."""
    sender_verified: bool | None
    failed_addresses: tuple[str, ...]
    permanent: bool | None
    diagnostic: str
    until: date | None
    substitute: str
    letter_id: uuid.UUID | None
    same_id_as: uuid.UUID | None
    can_undo: bool
    proposals: tuple[Proposal, ...]
    """What its words seem to say; none where a machine wrote it."""


_LOW = (MailKind.LIST, MailKind.SPAM_LIKE)
_RANK = case(
    (ReceivedMail.kind.in_(_LOW), 3),
    (ReceivedMail.kind.in_([MailKind.COMPLAINT, MailKind.CHALLENGE]), 1),
    (ReceivedMail.invitation_id.is_(None), 2),
    else_=0,
)
"""What needs a person most: mail that holds an institution's reminders, objections, mail of nobody known, what was sent to many."""


def tray(
    session: Session,
    show: Show,
    language: str,
    limit: int,
    after: Place | None = None,
    text: str = "",
) -> list[MailLine]:
    """Mail from behind the place `after` on: what waits, what needs a person most and waits longest first; else the newest
    first. `text` is a part of its subject, its sender, or of the name of the institution or State that it belongs to."""
    place = tuple_(ReceivedMail.received_at, ReceivedMail.id)
    wanted = select(ReceivedMail).where(*_shown_by(show)).limit(limit)
    if text:
        wanted = wanted.where(_says(session, text))
    if show in (Show.WAITING, Show.UNMATCHED):
        wanted = wanted.order_by(_RANK, ReceivedMail.received_at, ReceivedMail.id)
        ranked = tuple_(_RANK, ReceivedMail.received_at, ReceivedMail.id)
        wanted = wanted.where(ranked > after) if after is not None else wanted
    else:
        wanted = wanted.order_by(ReceivedMail.received_at.desc(), ReceivedMail.id.desc())
        wanted = wanted.where(place < after[1:]) if after is not None else wanted
    return _lines(session, session.scalars(wanted).all(), language, listed=True)


def counts(session: Session) -> dict[Show, int]:
    """How many mails wait, and how many of them belong to nobody yet."""
    waiting = select(func.count(), func.count().filter(ReceivedMail.invitation_id.is_(None)))
    row = session.execute(waiting.where(*_shown_by(Show.WAITING))).one()
    return {Show.WAITING: row[0], Show.UNMATCHED: row[1]}


def next_waiting(session: Session, mail_id: uuid.UUID) -> uuid.UUID | None:
    """The mail that waits behind this one in the tray; None behind the last."""
    here = select(_RANK, ReceivedMail.received_at, ReceivedMail.id).where(ReceivedMail.id == mail_id)
    place = session.execute(here).one_or_none()
    if place is None:
        return None
    ranked = tuple_(_RANK, ReceivedMail.received_at, ReceivedMail.id)
    waiting = select(ReceivedMail.id).where(*_shown_by(Show.WAITING), ranked > tuple_(*place))
    return session.scalar(waiting.order_by(_RANK, ReceivedMail.received_at, ReceivedMail.id).limit(1))


def has_come(session: Session, subject: str) -> bool:
    """Whether a mail whose subject begins so has been read."""
    come = exists().where(ReceivedMail.subject.startswith(subject, autoescape=True))
    return bool(session.scalar(select(come.where(ReceivedMail.understood_at.is_not(None)))))


def waiting_of(session: Session, campaign_id: uuid.UUID, state_code: str, language: str) -> list[MailLine]:
    """The mail of a State's institutions in a campaign that nobody has dealt with, the longest waiting first."""
    found = session.scalars(
        select(ReceivedMail)
        .join(Invitation, Invitation.id == ReceivedMail.invitation_id)
        .where(*_shown_by(Show.WAITING), Invitation.campaign_id == campaign_id, Invitation.state_code == state_code)
        .order_by(ReceivedMail.received_at, ReceivedMail.id)
    )
    return _lines(session, found.all(), language)


def shown(session: Session, storage: Storage, mail_id: uuid.UUID, language: str) -> ShownMail:
    """One mail. Raises Missing."""
    mail = _mail(session, mail_id)
    return ShownMail(
        line=_lines(session, [mail], language)[0],
        source=mail.source,
        found_for=mail.found_for,
        message_id=mail.message_id,
        text=mail.text,
        cut=len(mail.text) == parsing.MOST_TEXT,
        beginning="" if mail.readable else parsing.beginning(opening.opened(session, storage, mail.content).raw),
        size=mail.size,
        attachments=tuple(
            AttachmentLine(index, visible(one["filename"]), one["media_type"], one["size"])
            for index, one in enumerate(mail.attachments)
        ),
        matched_by=mail.matched_by,
        looked_at_at=mail.looked_at_at,
        looked_at_by=mail.looked_at_by,
        submission_id=mail.submission_id,
        evidence=tuple(mail.evidence),
        kind_by=mail.kind_by,
        own_words=mail.own_words,
        sender_verified=mail.sender_verified,
        failed_addresses=tuple(mail.failed_addresses),
        permanent=mail.permanent,
        diagnostic=mail.diagnostic,
        until=mail.until,
        substitute=mail.substitute,
        letter_id=mail.letter_id,
        same_id_as=mail.same_id_as,
        can_undo=mail.former is not None and mail.outcome is not MailOutcome.RECORDED,
        proposals=accepting.proposals_of(session, mail),
    )


def report_about(session: Session, letter_id: uuid.UUID) -> tuple[uuid.UUID, datetime] | None:
    """The mail by which a letter came back, and when that was received."""
    found = session.execute(
        select(ReceivedMail.id, ReceivedMail.received_at)
        .where(ReceivedMail.letter_id == letter_id, ReceivedMail.kind == MailKind.BOUNCE)
        .order_by(ReceivedMail.received_at.desc(), ReceivedMail.id)
        .limit(1)
    ).one_or_none()
    return (found.id, found.received_at) if found is not None else None


def opened(session: Session, storage: Storage, mail_id: uuid.UUID) -> OpenedMail:
    """The mail as it came, to be looked into. Raises Missing."""
    return opening.opened(session, storage, _mail(session, mail_id).content)


def raw(session: Session, storage: Storage, mail_id: uuid.UUID) -> bytes:
    """The mail as it came. Raises Missing."""
    return opened(session, storage, mail_id).raw


def attachment(session: Session, storage: Storage, mail_id: uuid.UUID, index: int) -> MailFile:
    """A file of a mail by its place in it. Raises Missing."""
    files = opened(session, storage, mail_id).says.files
    if not 0 <= index < len(files):
        raise Missing(_("There is no such file."))
    return files[index]


def to_record(session: Session, storage: Storage, mail_id: uuid.UUID) -> list[Candidate]:
    """What of a mail can be recorded as documents. Raises Missing."""
    return documents.candidates(opened(session, storage, mail_id).says)


def asked_in(session: Session, state_code: str | None, language: str) -> list[BelongsTo]:
    """Who was asked in a State (None: without a State), the newest campaign first."""
    of_state = Invitation.state_code.is_(None) if state_code is None else Invitation.state_code == state_code
    return _places(session, _asked().where(of_state), language)


def suggested(session: Session, address: str, language: str) -> list[BelongsTo]:
    """The institutions asked that an address is recorded for: where a mail from it may belong. It proves nothing."""
    recorded = select(Contact.institution_id).where(func.lower(Contact.email) == address.lower())
    return _places(session, _asked().where(Invitation.institution_id.in_(recorded)), language) if address else []


def _asked() -> Select[Invitation, str]:
    return (
        select(Invitation, Campaign.code)
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .where(Campaign.launched_at.is_not(None))
        .order_by(
            Campaign.launched_at.desc(),
            Campaign.code,
            Invitation.parent_id.is_not(None),
            Invitation.created_at,
            Invitation.id,
        )
        .limit(_MOST_PLACES)
    )


def _places(session: Session, wanted: Select[Invitation, str], language: str) -> list[BelongsTo]:
    rows = session.execute(wanted).all()
    named = directory.institutions(session, {asked.institution_id for asked, _code in rows}, language)
    return [_belongs_to(asked, code, named) for asked, code in rows]


def _belongs_to(asked: Invitation, code: str, named: dict[uuid.UUID, directory.InstitutionLine]) -> BelongsTo:
    line = named[asked.institution_id]
    return BelongsTo(asked.id, asked.campaign_id, code, asked.state_code, line.name, line.kind)


def _says(session: Session, text: str) -> ColumnElement[bool]:
    of_theirs = (
        select(Invitation.id)
        .join(Institution, Institution.id == Invitation.institution_id)
        .where(
            Institution.name.icontains(text, autoescape=True)
            | Invitation.state_code.in_(finding.states_matching(session, text))
            | (Invitation.code == text.upper())
        )
    )
    written = (ReceivedMail.subject, ReceivedMail.from_name, ReceivedMail.from_address)
    return or_(
        *(column.icontains(text, autoescape=True) for column in written), ReceivedMail.invitation_id.in_(of_theirs)
    )


def _shown_by(show: Show) -> Sequence[ColumnElement[bool]]:
    if show is Show.REPORTS:
        return [ReceivedMail.outcome == MailOutcome.DELIVERY_REPORT]
    if show is Show.AUTOMATIC:
        return [ReceivedMail.outcome == MailOutcome.AUTO_REPLY]
    if show is Show.ALL:
        return []
    unmatched = [ReceivedMail.invitation_id.is_(None)] if show is Show.UNMATCHED else []
    return [ReceivedMail.outcome.is_(None), ReceivedMail.understood_at.is_not(None), *unmatched]


def _lines(session: Session, mails: Sequence[ReceivedMail], language: str, *, listed: bool = False) -> list[MailLine]:
    said = accepting.sayings_of(session, [mail for mail in mails if mail.outcome is None]) if listed else {}
    answered = answers.answered(session, [mail.id for mail in mails]) if listed else set()
    wanted = select(Invitation, Campaign.code).join(Campaign, Campaign.id == Invitation.campaign_id)
    asked: Any = {mail.invitation_id for mail in mails if mail.invitation_id is not None}
    places = {
        one.invitation_id: one for one in _places(session, wanted.where(Invitation.id.in_(list(asked))), language)
    }
    return [
        MailLine(
            id=mail.id,
            received_at=mail.received_at,
            from_name=visible(mail.from_name),
            from_address=visible(mail.from_address),
            subject=visible(mail.subject),
            attachments=len(mail.attachments),
            outcome=mail.outcome,
            belongs_to=places[mail.invitation_id] if mail.invitation_id is not None else None,
            kind=mail.kind or MailKind.OTHER,
            rank=_rank(mail),
            sayings=said.get(mail.id, ()),
            answered=mail.id in answered,
        )
        for mail in mails
    ]


def _rank(mail: ReceivedMail) -> int:
    if mail.kind in _LOW:
        return 3
    if mail.kind in (MailKind.COMPLAINT, MailKind.CHALLENGE):
        return 1
    return 2 if mail.invitation_id is None else 0


def _mail(session: Session, mail_id: uuid.UUID) -> ReceivedMail:
    found = session.get(ReceivedMail, mail_id)
    if found is None:
        raise Missing(_("There is no such mail."))
    return found

"""All that is known of one State in one campaign: who was asked, with what letters, what happened, what came back."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns.models import ExtensionRequest, Invitation, InvitationFact, Origin, ReplyRoute
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence.models import LetterKind, LetterState
from outreach.correspondence.queries import LetterLine, letters_of
from outreach.directory import queries as directory
from outreach.directory.models import MISSION_KINDS, Contact, InstitutionKind, Seat
from outreach.submissions.counting import IN_FORCE
from outreach.submissions.models import Behalf, Channel, Submission, SubmissionVersion

Row = TypeVar("Row")

_ASKING = (LetterKind.INVITATION, LetterKind.FORWARDED)
_LOST = (LetterState.CANCELLED, LetterState.FAILED, LetterState.REFUSED, LetterState.RETURNED)


@dataclass(frozen=True)
class AddressLine:
    """An address of an institution; `refused_words` where a server last refused it, `no_letters_at` where no more letters are wanted."""

    email: str
    name: str | None
    language: str | None
    refused_at: datetime | None
    refused_words: str | None
    no_letters_at: datetime | None


@dataclass(frozen=True)
class VersionLine:
    """One version of a submission. `transmitted_by`: the mission that transmitted it, where one did."""

    number: int
    received_at: datetime
    channel: Channel
    late: bool
    transmitted_by: str | None


@dataclass(frozen=True)
class TakenBackLine:
    """A version that staff had recorded and took back, by the number that its receipt named."""

    version: int
    number: str
    at: datetime
    by: str


@dataclass(frozen=True)
class SubmissionLine:
    """What an institution answered; without versions only that a draft exists and since when, never its text."""

    id: uuid.UUID
    institution: str
    behalf: Behalf
    number: str | None
    draft_since: datetime | None
    sent_to_mission_at: datetime | None
    versions: tuple[VersionLine, ...]
    taken_back: tuple[TakenBackLine, ...]
    accepted_at: datetime | None
    accepted_by: str | None
    accepted_reason: str | None

    @property
    def counts(self) -> bool:
        """Whether it is a reply of the State."""
        return self.accepted_at is not None or any(version.transmitted_by is not None for version in self.versions)

    @property
    def can_be_accepted(self) -> bool:
        """Whether staff may accept it as the reply of the State."""
        return bool(self.versions) and not self.counts


@dataclass(frozen=True)
class Node:
    """One institution in the tree, with those below it."""

    invitation_id: uuid.UUID
    institution_id: uuid.UUID
    name: str
    kind: InstitutionKind
    seat: Seat | None
    code: str
    origin: Origin
    route: ReplyRoute
    stage: Stage
    stage_at: datetime
    addresses: tuple[AddressLine, ...]
    letters: tuple[LetterLine, ...]
    below: tuple["Node", ...]

    @property
    def mission(self) -> bool:
        """Whether it is one that transmits the reply of the State."""
        return self.kind in MISSION_KINDS

    @property
    def to_correct(self) -> uuid.UUID | None:
        """The letter to send again to a corrected address; None while one is on its way, or once the institution has done more."""
        if self.stage not in (Stage.CANCELLED, Stage.UNDELIVERABLE, Stage.SENT, Stage.ACKNOWLEDGED):
            return None
        asking = [letter for letter in self.letters if letter.kind in _ASKING and letter.contact_id is not None]
        settled = asking and asking[-1].state not in (LetterState.QUEUED, LetterState.SENDING)
        return asking[-1].id if settled else None

    @property
    def can_be_asked_again(self) -> bool:
        """Whether a letter that asked it did not leave, or did not arrive, although its address works."""
        if self.stage not in (Stage.CANCELLED, Stage.UNDELIVERABLE, Stage.SENT):
            return False
        working = {one.email.lower() for one in self.addresses if one.refused_at is None}
        last = {letter.contact_id: letter for letter in self.letters if letter.kind in _ASKING}
        return any(letter.state in _LOST and letter.to_address.lower() in working for letter in last.values())


@dataclass(frozen=True)
class HistoryLine:
    """Something that happened, to whom, and who did it."""

    at: datetime
    institution: str
    kind: FactKind
    by: str
    note: str | None
    taken_back: FactKind | None
    """What was taken back by it."""


@dataclass(frozen=True)
class StatePage:
    """One State in one campaign."""

    tree: tuple[Node, ...]
    history: tuple[HistoryLine, ...]
    submissions: tuple[SubmissionLine, ...]

    @property
    def to_mend(self) -> list[Node]:
        """Whoever could not be reached, or was not asked, and can be written to again."""
        lost = (Stage.UNDELIVERABLE, Stage.CANCELLED)
        return [one for one in _all(self.tree) if one.stage in lost and (one.to_correct or one.can_be_asked_again)]


def _all(nodes: Iterable[Node]) -> Iterator[Node]:
    for one in nodes:
        yield one
        yield from _all(one.below)


def state_page(session: Session, campaign_id: uuid.UUID, state_code: str | None, language: str) -> StatePage:
    """The State's (None: of those without a State) whole tree, history and submissions, named in `language`. Six statements, whatever the size of the tree."""
    invitations = list(
        session.scalars(
            select(Invitation)
            .where(Invitation.campaign_id == campaign_id, Invitation.state_code.is_not_distinct_from(state_code))
            .order_by(Invitation.created_at, Invitation.id)
        )
    )
    names = directory.institutions(session, [one.institution_id for one in invitations], language)
    keys = [one.id for one in invitations]
    named = {one.id: names[one.institution_id].name for one in invitations}
    addresses = _by_first(_addresses(session, [one.institution_id for one in invitations]))
    letters = _by_first(_letters(session, keys))
    below: dict[uuid.UUID | None, list[Invitation]] = defaultdict(list)
    for one in invitations:
        # A body that was handed on from another State's tree stands at the top of this one.
        below[one.parent_id if one.parent_id in named else None].append(one)

    def node(one: Invitation) -> Node:
        line = names[one.institution_id]
        return Node(
            invitation_id=one.id,
            institution_id=one.institution_id,
            name=line.name,
            kind=line.kind,
            seat=line.seat,
            code=one.code,
            origin=one.origin,
            route=one.reply_route,
            stage=one.stage,
            stage_at=one.stage_at,
            addresses=tuple(addresses[one.institution_id]),
            letters=tuple(letters[one.id]),
            below=tuple(node(child) for child in below[one.id]),
        )

    tops = sorted(below[None], key=lambda one: (names[one.institution_id].seat or "", one.created_at))
    return StatePage(
        tree=tuple(node(one) for one in tops),
        history=tuple(_history(session, named)),
        submissions=tuple(_submissions(session, named)),
    )


def _by_first(pairs: Iterable[tuple[uuid.UUID, Row]]) -> dict[uuid.UUID, list[Row]]:
    found: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for key, row in pairs:
        found[key].append(row)
    return found


def _addresses(session: Session, institution_ids: list[uuid.UUID]) -> Iterable[tuple[uuid.UUID, AddressLine]]:
    for contact in session.scalars(
        select(Contact)
        .where(Contact.institution_id.in_(institution_ids), Contact.retired_at.is_(None))
        .order_by(Contact.created_at, Contact.email)
    ):
        yield (
            contact.institution_id,
            AddressLine(
                contact.email,
                contact.name,
                contact.language,
                contact.refused_at,
                contact.refused_words,
                contact.no_letters_at,
            ),
        )


def _letters(session: Session, keys: list[uuid.UUID]) -> Iterable[tuple[uuid.UUID, LetterLine]]:
    for line in letters_of(session, keys):
        if line.invitation_id is not None:
            yield line.invitation_id, line


def _history(session: Session, named: dict[uuid.UUID, str]) -> Iterable[HistoryLine]:
    # At one instant the order of the enumeration decides, as it does for the stage.
    rank = {kind: place for place, kind in enumerate(FactKind)}
    facts = session.scalars(select(InvitationFact).where(InvitationFact.invitation_id.in_(list(named))))
    for fact in sorted(facts, key=lambda fact: (fact.at, rank[fact.kind], str(fact.id))):
        taken_back = FactKind(fact.details["fact"]) if fact.kind is FactKind.TAKEN_BACK else None
        yield HistoryLine(fact.at, named[fact.invitation_id], fact.kind, fact.by, fact.note, taken_back)


def _submissions(session: Session, named: dict[uuid.UUID, str]) -> list[SubmissionLine]:
    found = session.execute(
        # The columns of the draft's text are not even read.
        select(
            Submission.id, Submission.invitation_id, Submission.behalf, Submission.number, Submission.begun_at,
            Submission.sent_to_mission_at, Submission.accepted_at, Submission.accepted_by, Submission.accepted_reason,
        )
        .where(Submission.invitation_id.in_(list(named)))
        .order_by(Submission.begun_at, Submission.id)
    ).all()  # fmt: skip
    versions = _by_first(_versions(session, [row.id for row in found], named))
    taken_back = _by_first(_taken_back(session, [row.id for row in found]))
    return [
        SubmissionLine(
            id=row.id,
            institution=named[row.invitation_id],
            behalf=row.behalf,
            number=row.number,
            draft_since=None if versions[row.id] else row.begun_at,
            sent_to_mission_at=row.sent_to_mission_at,
            versions=tuple(versions[row.id]),
            taken_back=tuple(taken_back[row.id]),
            accepted_at=row.accepted_at,
            accepted_by=row.accepted_by,
            accepted_reason=row.accepted_reason,
        )
        for row in found
    ]


def _versions(
    session: Session, submission_ids: list[uuid.UUID], named: dict[uuid.UUID, str]
) -> Iterable[tuple[uuid.UUID, VersionLine]]:
    rows = session.execute(
        select(
            SubmissionVersion.submission_id, SubmissionVersion.number, SubmissionVersion.received_at,
            SubmissionVersion.channel, SubmissionVersion.late, SubmissionVersion.transmitted_by_id,
        )
        .where(SubmissionVersion.submission_id.in_(submission_ids), IN_FORCE)
        .order_by(SubmissionVersion.number)
    )  # fmt: skip
    for key, number, received_at, channel, late, transmitted_by_id in rows:
        by = named.get(transmitted_by_id, "") if transmitted_by_id is not None else None
        yield key, VersionLine(number, received_at, channel, late, by)


def _taken_back(session: Session, submission_ids: list[uuid.UUID]) -> Iterable[tuple[uuid.UUID, TakenBackLine]]:
    found = session.scalars(
        select(SubmissionVersion)
        .where(SubmissionVersion.submission_id.in_(submission_ids), SubmissionVersion.taken_back_at.is_not(None))
        .order_by(SubmissionVersion.number)
    )
    for one in found:
        assert one.taken_back_at is not None
        yield (
            one.submission_id,
            TakenBackLine(one.number, one.number_given or "", one.taken_back_at, one.taken_back_by or ""),
        )


def open_time_requests(session: Session, campaign_id: uuid.UUID, state_code: str) -> list[ExtensionRequest]:
    """The requests for more time of a State's institutions that nobody has decided yet, the oldest first."""
    return list(
        session.scalars(
            select(ExtensionRequest)
            .join(Invitation, Invitation.id == ExtensionRequest.invitation_id)
            .where(
                Invitation.campaign_id == campaign_id,
                Invitation.state_code == state_code,
                ExtensionRequest.decided_at.is_(None),
            )
            .order_by(ExtensionRequest.asked_at, ExtensionRequest.id)
        )
    )

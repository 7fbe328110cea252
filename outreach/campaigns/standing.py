"""How each invitation of a campaign stands with regard to letters that ask again: read in a few statements, judged in one place."""

import enum
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, text
from sqlalchemy.orm import Session

from outreach.campaigns.facts import STANDS
from outreach.campaigns.models import Extension, ExtensionRequest, Invitation, InvitationFact
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence.models import Letter, LetterKind
from outreach.db import any_of
from outreach.directory.models import (
    MISSION_KINDS,
    NATIONAL_AUTHORITY_KINDS,
    Contact,
    Institution,
    InstitutionKind,
    State,
)

TOGETHER = 10_000
"""States are looked at together until so many of their invitations are."""
CHUNK = 1000
"""How many invitations of institutions without a State are looked at together."""

_OF_THE_STATE = MISSION_KINDS | NATIONAL_AUTHORITY_KINDS
"""A reply of the State speaks for these; national human rights institutions and stakeholders speak for themselves."""


_WORKS = and_(
    Contact.institution_id == Invitation.institution_id, Contact.retired_at.is_(None), Contact.refused_at.is_(None)
)
_HAS_ADDRESS = exists().where(_WORKS)
_WANTS_LETTERS = exists().where(_WORKS, Contact.no_letters_at.is_(None))
_MAILBOXES = select(func.count()).where(_WORKS, Contact.no_letters_at.is_(None)).correlate(Invitation).scalar_subquery()


class StopReason(enum.StrEnum):
    """Why an institution is not reminded."""

    STATE_REPLIED = "state_replied"
    STATE_EXPECTS_NONE = "state_expects_none"
    REPLIED = "replied"
    EXPECTS_NONE = "expects_none"
    WITH_ITS_MISSION = "with_its_mission"
    NOT_REACHED = "not_reached"
    NO_MORE_LETTERS = "no_more_letters"
    WRONG_ADDRESSEE = "wrong_addressee"
    HELD = "held"
    """Something came that staff have not looked at yet, or a request for more time waits for them."""


@dataclass(frozen=True)
class Standing:
    """One invitation. What begins with `state_` is true of its State, as a whole."""

    invitation_id: uuid.UUID
    state_code: str | None
    kind: InstitutionKind
    stage: Stage
    created_at: datetime
    has_address: bool
    wants_letters: bool
    """Whether at one of its addresses that work nobody has asked for no more letters."""
    wrong_addressee: bool
    held: bool
    state_replied: bool
    state_expects_none: bool
    state_held: bool
    reminded: frozenset[str]
    """The occasions of the reminders it was ever queued."""


def stop_reason(one: Standing) -> StopReason | None:
    """Why this institution is not reminded now; None: it is."""
    if one.state_replied and one.kind in _OF_THE_STATE:
        return StopReason.STATE_REPLIED
    if one.stage is Stage.SUBMITTED:
        return StopReason.REPLIED
    if one.state_expects_none and one.kind in _OF_THE_STATE:
        return StopReason.STATE_EXPECTS_NONE
    if one.stage is Stage.NO_SUBMISSION_EXPECTED:
        return StopReason.EXPECTS_NONE
    if one.stage is Stage.SENT_TO_MISSION:
        return StopReason.WITH_ITS_MISSION
    if one.stage in (Stage.CANCELLED, Stage.QUEUED, Stage.UNDELIVERABLE) or not one.has_address:
        return StopReason.NOT_REACHED
    if not one.wants_letters:
        return StopReason.NO_MORE_LETTERS
    if one.wrong_addressee:
        return StopReason.WRONG_ADDRESSEE
    if one.held or one.state_held:
        return StopReason.HELD
    return None


_NOT_TOLD = frozenset(set(StopReason) - {StopReason.HELD, StopReason.NOT_REACHED})
"""They have answered, said that they will not, or are not the right addressee."""


def is_told(one: Standing) -> bool:
    """Whether this institution is told of a later deadline."""
    if stop_reason(one) in _NOT_TOLD:
        return False
    return one.has_address and one.stage not in (Stage.CANCELLED, Stage.UNDELIVERABLE)


def standings(session: Session, campaign_id: uuid.UUID, *among: ColumnElement[bool]) -> list[Standing]:
    """All invitations of a campaign, or those `among` which they are to be: whole States, or some of those without a State."""
    of_campaign = [Invitation.campaign_id == campaign_id, *among]
    known = _known(session, of_campaign)
    reminded: dict[uuid.UUID, set[str]] = {}
    for invitation_id, occasion in session.execute(
        select(Invitation.id, Letter.occasion)
        .join(Letter, Letter.invitation_id == Invitation.id)
        .where(Letter.kind == LetterKind.REMINDER, *of_campaign)
    ):
        reminded.setdefault(invitation_id, set()).add(occasion)
    rows = session.execute(
        select(
            Invitation.id,
            Invitation.state_code,
            Institution.kind,
            Invitation.stage,
            Invitation.created_at,
            _HAS_ADDRESS.label("has_address"),
            _WANTS_LETTERS.label("wants_letters"),
        )
        .join(Institution, Institution.id == Invitation.institution_id)
        .where(*of_campaign)
        .order_by(Invitation.id)
    )
    return [known.standing(*row, reminded=frozenset(reminded.get(row[0], ()))) for row in rows]


@dataclass(frozen=True)
class Alike:
    """Invitations that stand alike: one of them, how many they are, and how many mailboxes letters to all of them would go to."""

    standing: Standing
    number: int
    mailboxes: int


def alike(session: Session, campaign_id: uuid.UUID, *among: ColumnElement[bool]) -> list[Alike]:
    """What `standings` finds, counted by PostgreSQL: as fast for a hundred thousand as for a few, where few things happened to most."""
    of_campaign = [Invitation.campaign_id == campaign_id, *among]
    known = _known(session, of_campaign)
    reminders = (
        select(Letter.invitation_id, func.array_agg(Letter.occasion.distinct()).label("occasions"))
        # Written out: a plan for any kind would pass the index by.
        .where(Letter.campaign_id == campaign_id, text("letter.kind = 'reminder'"))
        .group_by(Letter.invitation_id)
        .subquery()
    )
    apart = known.held | known.wrong
    each = (
        select(
            Invitation.id,
            Invitation.state_code,
            Institution.kind,
            Invitation.stage,
            Invitation.created_at,
            _HAS_ADDRESS.label("has_address"),
            _WANTS_LETTERS.label("wants_letters"),
            reminders.c.occasions,
            case((Invitation.id == any_of(list(apart)), Invitation.id)).label("apart"),
            _MAILBOXES.label("mailboxes"),
        )
        .join(Institution, Institution.id == Invitation.institution_id)
        .outerjoin(reminders, reminders.c.invitation_id == Invitation.id)
        .where(*of_campaign)
        .subquery()
    )
    of = each.c
    rows = session.execute(
        select(
            func.array_agg(of.id)[1], of.state_code, of.kind, of.stage, func.min(of.created_at), of.has_address, of.wants_letters,
            of.occasions, func.count(), func.sum(of.mailboxes),
        ).group_by(of.state_code, of.kind, of.stage, of.has_address, of.wants_letters, of.occasions, of.apart)
    )  # fmt: skip
    return [
        Alike(known.standing(*one, reminded=frozenset(occasions or ())), number, int(mailboxes))
        for *one, occasions, number, mailboxes in rows
    ]


@dataclass(frozen=True)
class _Known:
    """What is known of some invitations beside their own rows."""

    replied: set[str | None]
    expect_none: set[str | None]
    held: set[uuid.UUID]
    wrong: set[uuid.UUID]
    held_states: set[str | None]

    def standing(
        self,
        invitation_id: uuid.UUID,
        state_code: str | None,
        kind: InstitutionKind,
        stage: Stage,
        created_at: datetime,
        has_address: bool,
        wants_letters: bool,
        *,
        reminded: frozenset[str],
    ) -> Standing:
        return Standing(
            invitation_id=invitation_id,
            state_code=state_code,
            kind=kind,
            stage=stage,
            created_at=created_at,
            has_address=has_address,
            wants_letters=wants_letters,
            wrong_addressee=invitation_id in self.wrong,
            held=invitation_id in self.held,
            state_replied=state_code in self.replied,
            state_expects_none=state_code in self.expect_none,
            state_held=state_code in self.held_states,
            reminded=reminded,
        )


def _known(session: Session, of_campaign: Sequence[ColumnElement[bool]]) -> _Known:
    held = _held(session, *of_campaign)
    # One that was written to another institution's instead stays the wrong one.
    right_again = (FactKind.ADDRESS_CHANGED, FactKind.ADDRESSEE_KEPT)
    in_states = select(Invitation.state_code).where(
        Invitation.id == any_of(list(held)), Invitation.state_code.is_not(None), *of_campaign
    )
    return _Known(
        replied=_states(session, *of_campaign, InvitationFact.kind.in_([FactKind.TRANSMITTED, FactKind.ACCEPTED])),
        expect_none=_states(
            session,
            *of_campaign,
            and_(InvitationFact.kind == FactKind.NO_SUBMISSION_EXPECTED, Institution.kind.in_(MISSION_KINDS)),
        ),
        held=held,
        wrong=_latest_is(session, of_campaign, FactKind.WRONG_ADDRESSEE, *right_again),
        held_states=set(session.scalars(in_states.distinct())) if held else set(),
    )


def states_of(session: Session, campaign_id: uuid.UUID) -> list[str]:
    """The States of which anybody is asked; looked up State by State, which costs the same however many are asked."""
    asked = exists().where(Invitation.campaign_id == campaign_id, Invitation.state_code == State.code)
    return list(session.scalars(select(State.code).where(asked).order_by(State.code)))


def stateless(
    session: Session, campaign_id: uuid.UUID, after: uuid.UUID | None, limit: int
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Up to `limit` invitations of institutions without a State, each with its institution: those that follow the institution `after`."""
    chosen = (
        select(Invitation.id, Invitation.institution_id)
        .where(Invitation.campaign_id == campaign_id, Invitation.state_code.is_(None))
        .order_by(Invitation.institution_id)
        .limit(limit)
    )
    rows = session.execute(chosen if after is None else chosen.where(Invitation.institution_id > after))
    return [(row.id, row.institution_id) for row in rows]


def groups(session: Session, campaign_id: uuid.UUID) -> Iterator[ColumnElement[bool]]:
    """The invitations of a campaign, whole States until they are enough together, then those without a State in chunks, for `standings`.

    A State alone takes as many statements, and each of them looks through tables of all: with 20,000 invitations half a minute.
    """
    numbers = session.execute(
        select(Invitation.state_code, func.count())
        .where(Invitation.campaign_id == campaign_id, Invitation.state_code.is_not(None))
        .group_by(Invitation.state_code)
        .order_by(Invitation.state_code)
    ).all()
    together: list[str | None] = []
    waiting = 0
    for state_code, number in numbers:
        together.append(state_code)
        waiting += number
        if waiting >= TOGETHER:
            yield Invitation.state_code.in_(together)
            together, waiting = [], 0
    if together:
        yield Invitation.state_code.in_(together)
    after = None
    while chunk := stateless(session, campaign_id, after, CHUNK):
        yield Invitation.id == any_of([invitation_id for invitation_id, _institution in chunk])
        after = chunk[-1][1]


def _states(session: Session, *which: ColumnElement[bool]) -> set[str | None]:
    """The States with such a fact; never None, which would mean all those without a State."""
    return set(
        session.scalars(
            select(Invitation.state_code)
            .join(InvitationFact, InvitationFact.invitation_id == Invitation.id)
            .join(Institution, Institution.id == Invitation.institution_id)
            .where(Invitation.state_code.is_not(None), STANDS, *which)
            .distinct()
        )
    )


def _held(session: Session, *of_campaign: ColumnElement[bool]) -> set[uuid.UUID]:
    """The invitations with mail that nobody looked at (`stages.held`, over many), or a request that waits."""
    waiting = session.scalars(
        select(ExtensionRequest.invitation_id)
        .join(Invitation, Invitation.id == ExtensionRequest.invitation_id)
        .where(*of_campaign, ExtensionRequest.decided_at.is_(None))
    )
    return _latest_is(session, of_campaign, FactKind.MAIL_RECEIVED, FactKind.MAIL_LOOKED_AT) | set(waiting)


def _latest_is(
    session: Session, of_campaign: Sequence[ColumnElement[bool]], first: FactKind, *answers: FactKind
) -> set[uuid.UUID]:
    """The invitations whose latest `first` has none of the `answers` at or after it."""
    came = func.max(InvitationFact.at).filter(InvitationFact.kind == first)
    answered = func.max(InvitationFact.at).filter(InvitationFact.kind.in_(answers))
    return set(
        session.scalars(
            select(InvitationFact.invitation_id)
            .join(Invitation, Invitation.id == InvitationFact.invitation_id)
            .where(*of_campaign, InvitationFact.kind.in_([first, *answers]))
            .group_by(InvitationFact.invitation_id)
            .having(came.is_not(None), or_(answered.is_(None), answered < came))
        )
    )


@dataclass(frozen=True)
class Clockwork:
    """The deadlines of a campaign by State, each with the instant since when it holds (None: since the beginning)."""

    zone: str
    general: tuple[datetime, datetime | None]
    own: dict[str, tuple[datetime, datetime | None]]

    def for_state(self, state_code: str | None) -> tuple[datetime, datetime | None]:
        """The deadline of a State (None: of those without one), and since when it holds."""
        found = self.own.get(state_code) if state_code is not None else None
        return max(found, self.general, key=lambda pair: pair[0]) if found else self.general


def clockwork(session: Session, campaign_id: uuid.UUID, deadline_at: datetime, zone: str) -> Clockwork:
    """The deadlines that hold now, in one statement. `deadline_at` is the campaign's first."""
    general: tuple[datetime, datetime | None] = (deadline_at, None)
    own: dict[str, tuple[datetime, datetime | None]] = {}
    for state, at, granted_at in session.execute(
        select(Extension.state_code, Extension.deadline_at, Extension.granted_at)
        .where(Extension.campaign_id == campaign_id)
        .order_by(Extension.granted_at, Extension.id)
    ):
        if state is None:
            general = max(general, (at, granted_at), key=lambda pair: pair[0])
        else:
            own[state] = max(own.get(state, (at, granted_at)), (at, granted_at), key=lambda pair: pair[0])
    return Clockwork(zone, general, own)

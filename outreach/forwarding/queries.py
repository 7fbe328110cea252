"""Reads for the pages of a mission: what became of each body below it, and what the State's other mission did."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns import extensions
from outreach.campaigns import queries as campaigns
from outreach.campaigns.facts import STANDS
from outreach.campaigns.models import Invitation, InvitationFact, Origin, ReplyRoute
from outreach.campaigns.stages import SETTLES_ADDRESSEE, FactKind, Stage
from outreach.directory import queries as directory
from outreach.directory.models import MISSION_KINDS, Contact
from outreach.directory.queries import InstitutionLine
from outreach.forwarding import bodies


@dataclass(frozen=True)
class BodyLine:
    """One body below an institution. `depth` 1 was asked by the institution itself, 2 by one of those, and so on.

    `email` is the address that the letter goes to, None for a body that took up a link itself: its address is its own.
    """

    invitation_id: uuid.UUID
    parent_id: uuid.UUID
    depth: int
    name: str
    email: str | None
    language: str | None
    origin: Origin
    route: ReplyRoute
    stage: Stage
    stage_at: datetime
    no_address_works: bool


@dataclass(frozen=True)
class SisterLine:
    """Another mission of the same State that was asked, how far it got, and how many bodies it forwarded to."""

    name: str
    stage: Stage
    stage_at: datetime
    forwarded: int


@dataclass(frozen=True)
class ActsDone:
    """When the institution said what about the note or letter; None: not said, or decided since.

    `more_time_declined` is when the Secretariat declined its last request; `mail_waits` since when a mail of it waits to be looked at.
    """

    acknowledged: datetime | None
    no_submission_expected: datetime | None
    wrong_addressee: datetime | None
    more_time_asked: datetime | None
    more_time_declined: datetime | None
    mail_waits: datetime | None


def who(session: Session, invitation_id: uuid.UUID, language: str) -> InstitutionLine:
    """The institution behind an invitation, named in `language`. Raises Missing."""
    return directory.institution(session, campaigns.invitation(session, invitation_id).institution_id, language)


def is_mission(line: InstitutionLine) -> bool:
    """Whether the institution is one that transmits the reply of a State."""
    return line.kind in MISSION_KINDS


def tree(session: Session, invitation_id: uuid.UUID, language: str) -> list[BodyLine]:
    """All bodies below an invitation, each followed by those below it, the oldest first."""
    found = bodies.below(session, invitation_id)
    named = directory.institutions(session, [child.institution_id for child in found], language)
    addresses = _addresses(session, [child.institution_id for child in found])
    by_parent: dict[uuid.UUID | None, list[Invitation]] = {}
    for child in found:
        by_parent.setdefault(child.parent_id, []).append(child)
    lines: list[BodyLine] = []

    def walk(parent_id: uuid.UUID, depth: int) -> None:
        for child in by_parent.get(parent_id, []):
            line = named[child.institution_id]
            contacts = addresses.get(child.institution_id, [])
            contact = next((c for c in contacts if c.refused_at is None), contacts[0] if contacts else None)
            shown = contact if child.origin is Origin.FORWARDED else None
            lines.append(
                BodyLine(
                    invitation_id=child.id,
                    parent_id=parent_id,
                    depth=depth,
                    name=line.name,
                    email=shown.email if shown else None,
                    language=(contact.language if contact else None) or line.language,
                    origin=child.origin,
                    route=child.reply_route,
                    stage=child.stage,
                    stage_at=child.stage_at,
                    no_address_works=bool(contacts) and all(c.refused_at for c in contacts),
                )
            )
            walk(child.id, depth + 1)

    walk(invitation_id, 1)
    return lines


def sisters(session: Session, invitation_id: uuid.UUID, language: str) -> list[SisterLine]:
    """The other missions of the State that were asked in the same campaign; none where the institution is no mission."""
    own = campaigns.invitation(session, invitation_id)
    if own.state_code is None or not is_mission(who(session, invitation_id, language)):
        return []
    others = [
        other for other in campaigns.missions_of_state(session, own.campaign_id, own.state_code) if other.id != own.id
    ]
    named = directory.institutions(session, [other.institution_id for other in others], language)
    return [
        SisterLine(
            name=named[other.institution_id].name,
            stage=other.stage,
            stage_at=other.stage_at,
            forwarded=sum(1 for below in bodies.below(session, other.id) if below.origin is Origin.FORWARDED),
        )
        for other in others
        if is_mission(named[other.institution_id])
    ]


def acts_done(session: Session, invitation_id: uuid.UUID) -> ActsDone:
    """What the institution has said already, with the latest instant of each."""
    rows = session.execute(
        select(InvitationFact.kind, InvitationFact.at)
        .where(InvitationFact.invitation_id == invitation_id, STANDS)
        .order_by(InvitationFact.at, InvitationFact.id)
    )
    at: dict[FactKind, datetime] = {row.kind: row.at for row in rows}
    wrong = at.get(FactKind.WRONG_ADDRESSEE)
    mail, looked_at = at.get(FactKind.MAIL_RECEIVED), at.get(FactKind.MAIL_LOOKED_AT)
    decided = max((at[kind] for kind in SETTLES_ADDRESSEE if kind in at), default=None)
    request = extensions.latest_request(session, invitation_id)
    return ActsDone(
        acknowledged=at.get(FactKind.ACKNOWLEDGED),
        no_submission_expected=at.get(FactKind.NO_SUBMISSION_EXPECTED),
        wrong_addressee=wrong if wrong is not None and (decided is None or decided < wrong) else None,
        more_time_asked=request.asked_at if request is not None and request.decided_at is None else None,
        more_time_declined=request.decided_at if request is not None and request.granted is False else None,
        mail_waits=mail if mail is not None and (looked_at is None or looked_at < mail) else None,
    )


def asked_by(session: Session, invitation_id: uuid.UUID, language: str) -> str | None:
    """The institution at whose request this one was asked; None where the Secretariat asked by itself."""
    own = campaigns.invitation(session, invitation_id)
    if own.parent_id is None:
        return None
    return who(session, own.parent_id, language).name


def _addresses(session: Session, institution_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Contact]]:
    found: dict[uuid.UUID, list[Contact]] = {}
    for contact in session.scalars(
        select(Contact)
        .where(Contact.institution_id.in_(institution_ids), Contact.retired_at.is_(None))
        .order_by(Contact.created_at, Contact.email)
    ):
        found.setdefault(contact.institution_id, []).append(contact)
    return found

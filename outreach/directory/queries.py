"""Reads of the directory, as small frozen values."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from outreach.db import any_of
from outreach.directory.finding import state_finder
from outreach.directory.models import (
    MISSION_KINDS,
    Contact,
    Institution,
    InstitutionKind,
    MissionPresence,
    Presence,
    RegionalGroup,
    Seat,
    Sector,
    State,
    StateName,
    StateStatus,
)
from outreach.directory.names import mission_name
from outreach.errors import Missing
from outreach.i18n import _


@dataclass(frozen=True)
class StateLine:
    """A State in a list of one language. `regional_group` is None for observer States."""

    code: str
    status: StateStatus
    regional_group: RegionalGroup | None
    capital_zone: str | None
    short: str
    formal: str
    of_form: str
    order: int


@dataclass(frozen=True)
class InstitutionLine:
    """An institution, named in one language. `language` is its own, else its State's; None where neither is known."""

    id: uuid.UUID
    kind: InstitutionKind
    state_code: str | None
    seat: Seat | None
    sector: Sector | None
    name: str
    language: str | None


@dataclass(frozen=True)
class ContactLine:
    """A mailbox or person that can be written to. `language` is the contact's own, None where it is not recorded."""

    id: uuid.UUID
    institution_id: uuid.UUID
    email: str
    name: str | None
    salutation: str | None
    language: str | None
    refused_at: datetime | None
    refused_words: str | None
    no_letters_at: datetime | None
    """When its reader asked for no more letters."""


@dataclass(frozen=True)
class Record:
    """What else the directory holds of an institution. `recorded_name` is the name as recorded, which is a mission's only for staff."""

    recorded_name: str
    own_language: str | None
    language_source: str | None
    language_as_of: date | None
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True)
class StateLanguage:
    """A State's language of correspondence and where it is known from; None where it is not known."""

    language: str | None
    source: str | None
    as_of: date | None


@dataclass(frozen=True)
class AddressCount:
    """The addresses of an institution that are not retired, and how many of them were refused."""

    addresses: int
    refused: int


@dataclass(frozen=True)
class PresenceLine:
    """What a source says of a State's mission at a seat."""

    presence: Presence
    source: str
    as_of: date


def states(session: Session, language: str) -> list[StateLine]:
    """The 195 in the order of a UN list in `language`."""
    rows = session.execute(
        select(State, StateName)
        .join(StateName, StateName.state_code == State.code)
        .where(StateName.language == language)
        .order_by(StateName.list_order)
    )
    return [_state_line(state, name) for state, name in rows]


def state(session: Session, code: str, language: str) -> StateLine:
    """One State, named in `language`. Raises Missing."""
    row = session.execute(
        select(State, StateName)
        .join(StateName, StateName.state_code == State.code)
        .where(State.code == code, StateName.language == language)
    ).one_or_none()
    if row is None:
        raise Missing(_("There is no State with the code %(code)s.", code=code))
    return _state_line(row[0], row[1])


def state_name(session: Session, code: str, language: str) -> str:
    """The short name of a State in `language`. Raises Missing."""
    return state(session, code, language).short


def state_languages(session: Session) -> dict[str, StateLanguage]:
    """The languages of correspondence, by State."""
    return {
        state.code: StateLanguage(state.language, state.language_source, state.language_as_of)
        for state in session.scalars(select(State))
    }


def find_state(session: Session, text: str) -> str | None:
    """The alpha-3 code of the State that a text names (a code or a UN name in any of six languages); None: no State."""
    return state_finder(session).find(text)


def institution(session: Session, institution_id: uuid.UUID, language: str) -> InstitutionLine:
    """One institution, named in `language`. Raises Missing."""
    lines = institutions(session, [institution_id], language)
    if not lines:
        raise Missing(_("There is no such institution in the directory."))
    return lines[institution_id]


def institutions(session: Session, ids: Iterable[uuid.UUID], language: str) -> dict[uuid.UUID, InstitutionLine]:
    """Institutions by id, named in `language`; those that do not exist are left out."""
    rows = session.execute(
        select(Institution, State, StateName)
        .outerjoin(State, State.code == Institution.state_code)
        .outerjoin(StateName, (StateName.state_code == State.code) & (StateName.language == language))
        .where(Institution.id.in_(list(ids)))
    )
    return {row[0].id: _institution_line(row[0], row[1], row[2], language) for row in rows}


def institution_name(session: Session, institution_id: uuid.UUID, language: str) -> str:
    """Missions by the formula of `language`, all others as recorded. Raises Missing."""
    return institution(session, institution_id, language).name


def missions(session: Session, language: str, seats: Iterable[Seat] | None = None) -> list[InstitutionLine]:
    """The permanent missions and permanent observer missions, in the State order of `language`, Geneva first."""
    rows = session.execute(
        select(Institution, State, StateName)
        .join(State, State.code == Institution.state_code)
        .join(StateName, StateName.state_code == State.code)
        .where(
            Institution.kind.in_(MISSION_KINDS),
            Institution.retired_at.is_(None),
            StateName.language == language,
            Institution.seat.in_([Seat.GENEVA, Seat.NEW_YORK] if seats is None else list(seats)),
        )
        .order_by(StateName.list_order, Institution.seat, Institution.name, Institution.id)
    )
    return [_institution_line(row[0], row[1], row[2], language) for row in rows]


def institutions_of_state(session: Session, state_code: str, language: str) -> list[InstitutionLine]:
    """All institutions of a State that are not retired: missions first, then by name."""
    found = session.scalars(
        select(Institution.id).where(Institution.state_code == state_code, Institution.retired_at.is_(None))
    ).all()
    lines = institutions(session, found, language).values()
    return sorted(lines, key=lambda line: (line.kind not in MISSION_KINDS, line.seat or "", line.name, str(line.id)))


def institutions_matching(session: Session, text: str, language: str, limit: int) -> list[InstitutionLine]:
    """Institutions, not retired, with `text` in their recorded name or in an address, by name. Missions are found by their State."""
    in_address = select(Contact.institution_id).where(
        Contact.email.icontains(text, autoescape=True), Contact.retired_at.is_(None)
    )
    found = session.scalars(
        select(Institution.id)
        .where(
            Institution.retired_at.is_(None),
            or_(Institution.name.icontains(text, autoescape=True), Institution.id.in_(in_address)),
        )
        .order_by(Institution.name, Institution.id)
        .limit(limit)
    ).all()
    return sorted(institutions(session, found, language).values(), key=lambda line: (line.name, str(line.id)))


def institutions_without_state(session: Session, language: str) -> list[InstitutionLine]:
    """The institutions that belong to no State and are not retired, by name."""
    found = session.scalars(
        select(Institution.id).where(Institution.state_code.is_(None), Institution.retired_at.is_(None))
    ).all()
    return sorted(institutions(session, found, language).values(), key=lambda line: (line.name, str(line.id)))


def record(session: Session, institution_id: uuid.UUID) -> Record:
    """What the directory holds of an institution beside its line. Raises Missing."""
    found = session.get(Institution, institution_id)
    if found is None:
        raise Missing(_("There is no such institution in the directory."))
    return Record(
        found.name,
        found.language,
        found.language_source,
        found.language_as_of,
        found.created_at,
        found.retired_at,
    )


def address_counts(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, AddressCount]:
    """How many addresses institutions have, and how many of them were refused; those without an address are left out."""
    rows = session.execute(
        select(Contact.institution_id, func.count().label("addresses"), func.count(Contact.refused_at).label("refused"))
        .where(Contact.institution_id.in_(list(ids)), Contact.retired_at.is_(None))
        .group_by(Contact.institution_id)
    )
    return {row.institution_id: AddressCount(row.addresses, row.refused) for row in rows}


def contacts(session: Session, institution_id: uuid.UUID) -> list[ContactLine]:
    """The contacts of an institution that are not retired, the oldest first."""
    return contacts_of(session, [institution_id]).get(institution_id, [])


def contacts_of(session: Session, institution_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ContactLine]]:
    """The contacts of institutions that are not retired, the oldest first, by institution."""
    found: dict[uuid.UUID, list[ContactLine]] = {}
    wanted = (
        select(Contact)
        .where(Contact.institution_id == any_of(institution_ids), Contact.retired_at.is_(None))
        .order_by(Contact.created_at, Contact.email)
    )
    for one in session.scalars(wanted):
        found.setdefault(one.institution_id, []).append(_contact_line(one))
    return found


def contact(session: Session, contact_id: uuid.UUID) -> ContactLine:
    """One contact, retired or not. Raises Missing."""
    found = session.get(Contact, contact_id)
    if found is None:
        raise Missing(_("There is no such contact in the directory."))
    return _contact_line(found)


def presences(session: Session) -> dict[tuple[str, Seat], PresenceLine]:
    """What is known of missions, by State and seat; a pair that is not there is unknown."""
    return {
        (row.state_code, row.seat): PresenceLine(row.presence, row.source, row.as_of)
        for row in session.scalars(select(MissionPresence))
    }


def _contact_line(found: Contact) -> ContactLine:
    return ContactLine(
        found.id,
        found.institution_id,
        found.email,
        found.name,
        found.salutation,
        found.language,
        found.refused_at,
        found.refused_words,
        found.no_letters_at,
    )


def _state_line(state: State, name: StateName) -> StateLine:
    told = (name.short, name.formal, name.of_form, name.list_order)
    return StateLine(state.code, state.status, state.regional_group, state.capital_zone, *told)


def _institution_line(
    found: Institution, state: State | None, names: StateName | None, language: str
) -> InstitutionLine:
    name = found.name
    if found.kind in MISSION_KINDS and found.seat is not None and names is not None:
        name = mission_name(found.kind, found.seat, names.of_form, language)
    spoken = found.language or (state.language if state else None)
    return InstitutionLine(found.id, found.kind, found.state_code, found.seat, found.sector, name, spoken)

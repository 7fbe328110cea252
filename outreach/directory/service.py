"""Changes of the directory: institutions, contacts, presence of missions, languages, address health."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.db import any_of, fresh_key
from outreach.directory.addresses import checked_address
from outreach.directory.models import (
    MISSION_KINDS,
    Contact,
    Institution,
    InstitutionKind,
    MissionPresence,
    Presence,
    Seat,
    Sector,
    State,
    StateStatus,
    UnmatchedRow,
)
from outreach.errors import Invalid, Missing
from outreach.i18n import LANGUAGES, _
from outreach.identity import audit
from outreach.identity.audit import Actor


@dataclass(frozen=True)
class InstitutionDetails:
    """What is known of an institution. Missions need a State and a seat; `name` is required of all others."""

    kind: InstitutionKind
    name: str
    state_code: str | None = None
    seat: Seat | None = None
    sector: Sector | None = None
    language: str | None = None
    language_source: str | None = None
    language_as_of: date | None = None


@dataclass(frozen=True)
class ContactDetails:
    """A mailbox or person, and where we know it from (`source`)."""

    email: str
    source: str
    name: str | None = None
    salutation: str | None = None
    language: str | None = None


def add_institution(session: Session, details: InstitutionDetails, actor: Actor) -> uuid.UUID:
    """Record an institution; its id. Raises Invalid where the kind asks for more than is given."""
    if details.kind in MISSION_KINDS:
        _check_mission(session, details)
    elif not details.name.strip():
        raise Invalid(_("Please give the name of the institution."), field="name")
    _check_language(details.language)
    if details.state_code is not None and session.get(State, details.state_code) is None:
        raise Invalid(_("There is no State with the code %(code)s.", code=details.state_code), field="state")
    found = Institution(
        id=fresh_key(),
        kind=details.kind,
        state_code=details.state_code,
        seat=details.seat,
        sector=details.sector,
        name=details.name.strip(),
        language=details.language,
        language_source=details.language_source,
        language_as_of=details.language_as_of,
        created_at=clock.now(),
    )
    session.add(found)
    session.flush()
    audit.record(
        session, actor, "institution.added", "institution", found.id,
        after={"kind": found.kind, "name": found.name, "state": found.state_code},
    )  # fmt: skip
    return found.id


def add_contact(session: Session, institution_id: uuid.UUID, details: ContactDetails, actor: Actor) -> uuid.UUID:
    """Record a contact, or return the one that the institution already has at this address. Raises Invalid, Missing."""
    _institution(session, institution_id)
    _check_language(details.language)
    email = checked_address(details.email)
    known = session.scalars(
        select(Contact).where(
            Contact.institution_id == institution_id,
            func.lower(Contact.email) == email.lower(),
            Contact.retired_at.is_(None),
        )
    ).first()
    if known is not None:
        return known.id
    contact = Contact(
        id=fresh_key(),
        institution_id=institution_id,
        email=email,
        name=details.name,
        salutation=details.salutation,
        language=details.language,
        source=details.source,
        created_at=clock.now(),
    )
    session.add(contact)
    session.flush()
    audit.record(session, actor, "contact.added", "contact", contact.id, after={"email": email})
    return contact.id


def retire_contact(session: Session, contact_id: uuid.UUID, actor: Actor) -> None:
    """Write to this address no more. Once retired, nothing changes. Raises Missing."""
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise Missing(_("There is no such contact in the directory."))
    if contact.retired_at is None:
        contact.retired_at = clock.now()
        audit.record(session, actor, "contact.retired", "contact", contact.id, before={"email": contact.email})


def retire_institution(session: Session, institution_id: uuid.UUID, actor: Actor) -> None:
    """The institution exists no more; its contacts retire with it. Once retired, nothing changes. Raises Missing."""
    found = _institution(session, institution_id)
    if found.retired_at is not None:
        return
    found.retired_at = clock.now()
    audit.record(session, actor, "institution.retired", "institution", found.id, before={"name": found.name})
    for contact in session.scalars(select(Contact).where(Contact.institution_id == institution_id)):
        retire_contact(session, contact.id, actor)


def set_presence(
    session: Session, state_code: str, seat: Seat, presence: Presence, *, source: str, as_of: date
) -> bool:
    """Record whether a State has a mission at a seat; whether anything changed. What is older than the record is left aside."""
    known = session.get(MissionPresence, (state_code, seat))
    if known is None:
        session.add(MissionPresence(state_code=state_code, seat=seat, presence=presence, source=source, as_of=as_of))
        session.flush()
        return True
    if as_of < known.as_of or (known.presence, known.source, known.as_of) == (presence, source, as_of):
        return False
    if as_of == known.as_of and known.presence == presence:
        return False  # a second source of the same day says the same
    known.presence, known.source, known.as_of = presence, source, as_of
    return True


def record_presence(
    session: Session, state_code: str, seat: Seat, presence: Presence, *, source: str, as_of: date, actor: Actor
) -> bool:
    """Staff record whether a State has a mission at a seat; whether anything changed.

    Raises Invalid where a later source says otherwise, or the directory holds a mission that is said not to be.
    """
    if seat not in (Seat.GENEVA, Seat.NEW_YORK) or session.get(State, state_code) is None:
        raise Missing(_("There is no State with the code %(code)s.", code=state_code))
    _check_day(as_of)
    if presence is not Presence.YES and mission_held(session, state_code, seat):
        raise Invalid(
            _("The directory holds this mission. If it has closed, please retire it there."), field="presence"
        )
    known = session.get(MissionPresence, (state_code, seat))
    if known is not None and as_of < known.as_of:
        raise Invalid(
            _("A later source (%(source)s) says otherwise about this mission.", source=known.source), field="as_of"
        )
    before = {"presence": known.presence, "source": known.source, "as_of": known.as_of.isoformat()} if known else None
    if not set_presence(session, state_code, seat, presence, source=source, as_of=as_of):
        return False
    audit.record(
        session, actor, "mission_presence.changed", "mission_presence", presence_key(state_code, seat), before,
        {"state": state_code, "seat": seat, "presence": presence, "source": source, "as_of": as_of.isoformat()},
    )  # fmt: skip
    return True


def presence_key(state_code: str, seat: Seat) -> uuid.UUID:
    """The key by which the audit trail knows a State's presence at a seat."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{state_code}/{seat}")


def set_state_language(
    session: Session, state_code: str, language: str | None, *, source: str, as_of: date, actor: Actor
) -> None:
    """Record the language in which a State wishes to be written to; None: unknown, so English and French."""
    _check_language(language)
    _check_day(as_of)
    state = session.get(State, state_code)
    if state is None:
        raise Missing(_("There is no State with the code %(code)s.", code=state_code))
    if state.language == language:
        return
    before, state.language = state.language, language
    state.language_source, state.language_as_of = source, as_of
    audit.record(
        session, actor, "state.language_set", "state", uuid.uuid5(uuid.NAMESPACE_OID, state_code),
        before={"state": state_code, "language": before}, after={"state": state_code, "language": language},
    )  # fmt: skip


def addresses_refused(session: Session, words: Mapping[uuid.UUID, str]) -> None:
    """A relay refused these contacts' addresses for good, in these words. A contact that is gone is left alone."""
    for contact in session.scalars(select(Contact).where(Contact.id.in_(words)).order_by(Contact.id)):
        contact.refused_at, contact.refused_words = clock.now(), words[contact.id][:1000]


def addresses_delivered(session: Session, taken: Mapping[uuid.UUID, datetime]) -> None:
    """A relay took letters for these contacts, the last of each at an instant: a refusal before that is over, a later one is not."""
    refused = select(Contact).where(Contact.id == any_of(taken), Contact.refused_at.is_not(None)).order_by(Contact.id)
    for contact in session.scalars(refused):
        if contact.refused_at is not None and contact.refused_at <= taken[contact.id]:
            contact.refused_at, contact.refused_words = None, None


def refusal_taken_back(session: Session, contact_id: uuid.UUID, words: str) -> None:
    """A refusal in these words was none. One in other words stays: another letter met with it."""
    session.execute(
        update(Contact)
        .where(Contact.id == contact_id, Contact.refused_words == words[:1000])
        .values(refused_at=None, refused_words=None)
    )


def refusals_forgotten(session: Session, contact_ids: Iterable[uuid.UUID]) -> None:
    """These addresses were not refused but for a fault of ours: they are written to again."""
    wrongly = select(Contact).where(Contact.id == any_of(contact_ids)).order_by(Contact.id).with_for_update()
    for contact in session.scalars(wrongly):
        contact.refused_at, contact.refused_words = None, None


def no_more_letters(session: Session, contact_id: uuid.UUID, actor: Actor) -> bool:
    """Its reader wants no more letters at this address; whether that is new. Raises Missing."""
    contact = _contact_held(session, contact_id)
    if contact.no_letters_at is not None:
        return False
    contact.no_letters_at = clock.now()
    audit.record(session, actor, "contact.no_more_letters", "contact", contact.id, before={"email": contact.email})
    return True


def letters_again(session: Session, contact_id: uuid.UUID, reason: str, actor: Actor) -> bool:
    """Letters go to this address again, since a person said so (`reason`: who, and when); whether that is new. Raises Missing, Invalid."""
    if not reason.strip():
        raise Invalid(_("Please say who asked for letters again, and when."), field="reason")
    contact = _contact_held(session, contact_id)
    if contact.no_letters_at is None:
        return False
    contact.no_letters_at = None
    audit.record(
        session, actor, "contact.letters_again", "contact", contact.id,
        after={"email": contact.email, "reason": reason.strip()},
    )  # fmt: skip
    return True


def decide_unmatched(session: Session, row_id: uuid.UUID, decision: str, actor: Actor) -> None:
    """Staff have dealt with a row that named no State: it leaves the list, the decision stays in the audit trail. Raises Missing."""
    row = session.get(UnmatchedRow, row_id)
    if row is None:
        raise Missing(_("Somebody has already decided on this row."))
    audit.record(
        session, actor, "unmatched_row.decided", "unmatched_row", row.id,
        before={"source": row.source, "line": row.line, "content": row.content}, after={"decision": decision},
    )  # fmt: skip
    session.delete(row)


def _check_mission(session: Session, details: InstitutionDetails) -> None:
    state = session.get(State, details.state_code) if details.state_code else None
    if state is None or details.seat not in (Seat.GENEVA, Seat.NEW_YORK):
        raise Invalid(_("A mission needs its State and its post, Geneva or New York."), field="seat")
    if (details.kind is InstitutionKind.PERMANENT_OBSERVER_MISSION) != (state.status is StateStatus.OBSERVER):
        raise Invalid(
            _("Member States have permanent missions, the two observer States permanent observer missions."),
            field="kind",
        )
    if mission_held(session, state.code, details.seat):
        raise Invalid(_("The directory holds the mission of this State at this post already."), field="seat")


def mission_held(session: Session, state_code: str, seat: Seat) -> bool:
    """Whether the directory holds a mission of the State at the seat that is not retired."""
    held = select(Institution.id).where(
        Institution.state_code == state_code,
        Institution.seat == seat,
        Institution.kind.in_(MISSION_KINDS),
        Institution.retired_at.is_(None),
    )
    return session.scalars(held).first() is not None


def _institution(session: Session, institution_id: uuid.UUID) -> Institution:
    found = session.get(Institution, institution_id)
    if found is None:
        raise Missing(_("There is no such institution in the directory."))
    return found


def _contact_held(session: Session, contact_id: uuid.UUID) -> Contact:
    found = session.get(Contact, contact_id, with_for_update=True)
    if found is None:
        raise Missing(_("There is no such contact in the directory."))
    return found


def _check_language(language: str | None) -> None:
    if language is not None and language not in LANGUAGES:
        raise Invalid(_("“%(language)s” is not one of the six languages.", language=language), field="language")


def _check_day(as_of: date) -> None:
    if as_of > clock.now().date() + timedelta(days=1):  # where it is tomorrow already
        raise Invalid(_("%(value)s lies in the future.", value=as_of.isoformat()), field="as_of")

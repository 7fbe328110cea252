"""Whom letters go to: institutions with their names in six languages, and their mailboxes; as many statements for a thousand as for one."""

import uuid
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db import any_of
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind, Seat, State, StateName
from outreach.directory.names import mission_name


class NamedInstitution(NamedTuple):
    """An institution with its names in all six languages. `language` is its own, else its State's; None where neither is known.

    `of_forms` has its State's name as it stands after "Permanent Mission", by language; it is empty without a State.
    """

    kind: InstitutionKind
    state_code: str | None
    seat: Seat | None
    recorded_name: str
    language: str | None
    of_forms: Mapping[str, str]

    def name(self, language: str) -> str:
        """Missions by the formula of `language`, all others as recorded."""
        if self.kind in MISSION_KINDS and self.seat is not None and language in self.of_forms:
            return mission_name(self.kind, self.seat, self.of_forms[language], language)
        return self.recorded_name


class Mailbox(NamedTuple):
    """What a letter needs to know of a contact that can be written to."""

    id: uuid.UUID
    email: str
    salutation: str | None
    language: str | None
    no_letters: bool
    """Whether its reader asked for no more letters."""


def of_forms(session: Session) -> dict[str, dict[str, str]]:
    """The names of the 195 as they stand after "Permanent Mission", by State and language."""
    found: dict[str, dict[str, str]] = {}
    for code, language, of_form in session.execute(select(StateName.state_code, StateName.language, StateName.of_form)):
        found.setdefault(code, {})[language] = of_form
    return found


def named_institutions(
    session: Session, ids: Iterable[uuid.UUID], names: Mapping[str, Mapping[str, str]]
) -> dict[uuid.UUID, NamedInstitution]:
    """Institutions by id, in one statement, with the names of their States from `names` (`of_forms`); others are left out."""
    rows = session.connection().execute(
        select(
            Institution.id,
            Institution.kind,
            Institution.state_code,
            Institution.seat,
            Institution.name,
            func.coalesce(Institution.language, State.language),
        )
        .outerjoin(State, State.code == Institution.state_code)
        .where(Institution.id == any_of(ids))
    )
    nowhere: Mapping[str, str] = {}
    return {
        key: NamedInstitution(kind, state_code, seat, name, language, names.get(state_code or "", nowhere))
        for key, kind, state_code, seat, name, language in rows
    }


def mailboxes(session: Session, institution_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Mailbox]]:
    """The contacts of institutions that can be written to (no relay has refused their address), the oldest first, by institution."""
    rows = session.connection().execute(
        select(
            Contact.institution_id,
            Contact.id,
            Contact.email,
            Contact.salutation,
            Contact.language,
            Contact.no_letters_at.is_not(None),
        )
        .where(
            Contact.institution_id == any_of(institution_ids),
            Contact.retired_at.is_(None),
            Contact.refused_at.is_(None),
        )
        .order_by(Contact.created_at, Contact.email)
    )
    found: dict[uuid.UUID, list[Mailbox]] = {}
    for institution_id, key, email, salutation, language, no_letters in rows:
        found.setdefault(institution_id, []).append(Mailbox(key, email, salutation, language, no_letters))
    return found

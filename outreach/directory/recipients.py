"""Whom letters go to: institutions with their names in six languages, and their mailboxes; one statement for a thousand as for one."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from outreach.db import any_of
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind, Seat, State, StateName
from outreach.directory.names import mission_name


class Mailbox(NamedTuple):
    """What a letter needs to know of a contact that can be written to."""

    id: uuid.UUID
    email: str
    salutation: str | None
    language: str | None
    no_letters: bool
    """Whether its reader asked for no more letters."""


class NamedInstitution(NamedTuple):
    """An institution with its names in all six languages. `language` is its own, else its State's; None where neither is known.

    `of_forms` has its State's name as it stands after "Permanent Mission", by language; it is empty without a State. `boxes` are the
    contacts that can be written to (no relay has refused their address), the oldest first.
    """

    id: uuid.UUID
    kind: InstitutionKind
    state_code: str | None
    seat: Seat | None
    recorded_name: str
    language: str | None
    of_forms: Mapping[str, str]
    boxes: Sequence[Mailbox]

    def name(self, language: str) -> str:
        """Missions by the formula of `language`, all others as recorded."""
        if self.kind in MISSION_KINDS and self.seat is not None and language in self.of_forms:
            return mission_name(self.kind, self.seat, self.of_forms[language], language)
        return self.recorded_name


_BOXES = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_array(
                    Contact.id, Contact.email, Contact.salutation, Contact.language, Contact.no_letters_at.is_not(None)
                ),
                Contact.created_at,
                Contact.email,
            )
        )
    )
    .where(Contact.institution_id == Institution.id, Contact.retired_at.is_(None), Contact.refused_at.is_(None))
    .scalar_subquery()
)
_KINDS = {kind.value: kind for kind in InstitutionKind}
_SEATS = {seat.value: seat for seat in Seat}
_NOWHERE: Mapping[str, str] = {}


def of_forms(session: Session) -> dict[str, dict[str, str]]:
    """The names of the 195 as they stand after "Permanent Mission", by State and language."""
    found: dict[str, dict[str, str]] = {}
    for code, language, of_form in session.execute(select(StateName.state_code, StateName.language, StateName.of_form)):
        found.setdefault(code, {})[language] = of_form
    return found


def statement() -> Select[Any]:
    """What finds institutions for `named`; the caller says which."""
    return select(
        Institution.id,
        cast(Institution.kind, Text),
        Institution.state_code,
        cast(Institution.seat, Text),
        Institution.name,
        func.coalesce(Institution.language, State.language),
        _BOXES,
    ).outerjoin(State, State.code == Institution.state_code)


def named(rows: Iterable[Sequence[Any]], names: Mapping[str, Mapping[str, str]]) -> Iterator[NamedInstitution]:
    """The institutions in rows of `statement`, with the names of their States from `names` (`of_forms`)."""
    for key, kind, state_code, seat, name, language, boxes in rows:
        yield NamedInstitution(
            key,
            _KINDS[kind],
            state_code,
            _SEATS[seat] if seat else None,
            name,
            language,
            names.get(state_code or "", _NOWHERE),
            [Mailbox(uuid.UUID(box), *rest) for box, *rest in boxes or ()],
        )


def named_institutions(
    session: Session, ids: Iterable[uuid.UUID], names: Mapping[str, Mapping[str, str]]
) -> dict[uuid.UUID, NamedInstitution]:
    """Institutions by id; others are left out."""
    rows = session.execute(statement().where(Institution.id == any_of(ids)))
    return {institution.id: institution for institution in named(rows, names)}

"""An import file into the directory: every row is taken, found unchanged, or named with its line and reason.

The whole file is one transaction of the caller: committed it is the import, rolled back it was the preview.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.db import fresh_key
from outreach.directory import service
from outreach.directory.finding import fold, state_finder
from outreach.directory.import_rows import ImportRow, RawRow, checked_row, raw_row, read_rows
from outreach.directory.models import (
    MISSION_KINDS,
    Contact,
    Institution,
    InstitutionKind,
    MissionPresence,
    Presence,
    State,
    StateStatus,
    UnmatchedRow,
)
from outreach.errors import Invalid, Missing
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor

BATCH = 500
"""Rows between two reports of progress."""

Progress = Callable[[int, int], None]
"""Called with the rows done and all rows."""


@dataclass(frozen=True)
class LineNote:
    """What is to be said of one line of the file (counted from 1)."""

    line: int
    reason: str


@dataclass
class ImportReport:
    """What an import did, or in a preview would do."""

    source: str
    rows: int = 0
    institutions_added: int = 0
    contacts_added: int = 0
    presences_set: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[LineNote] = field(default_factory=list)
    """Rows not taken."""
    unmatched: list[LineNote] = field(default_factory=list)
    """Rows that name no State of the 195: laid before staff."""
    kept: list[LineNote] = field(default_factory=list)
    """Rows where the directory was left as it is, because it knows better."""

    @property
    def changes(self) -> int:
        """How many records the import adds or changes."""
        return self.institutions_added + self.contacts_added + self.presences_set + self.updated


def import_file(
    session: Session, content: bytes, source: str, actor: Actor, progress: Progress | None = None
) -> ImportReport:
    """Import a file; `source` is its name. Importing it again changes nothing.

    Raises Invalid when the file as a whole is no table of the directory.
    """
    raw_rows = read_rows(content)
    work = _Import(session, ImportReport(source, rows=len(raw_rows)), actor)
    for done, raw in enumerate(raw_rows, start=1):
        work.take(raw)
        if done % BATCH == 0 or done == len(raw_rows):
            work.flush()
            if progress is not None:
                progress(done, len(raw_rows))
    report = work.report
    if report.changes:
        audit.record(
            session, actor, "directory.imported", "institution", fresh_key(),
            after={
                "source": source, "rows": report.rows, "institutions": report.institutions_added,
                "contacts": report.contacts_added, "presences": report.presences_set, "updated": report.updated,
            },
        )  # fmt: skip
    return report


def take_unmatched(session: Session, row_id: uuid.UUID, state_code: str, actor: Actor) -> ImportReport:
    """Staff say that a row that named no State is of this one: it is taken as if it had said so, and leaves the list.

    Raises Invalid where the row can't be taken, Missing where somebody has decided on it.
    """
    row = session.get(UnmatchedRow, row_id)
    if row is None:
        raise Missing(_("Somebody has already decided on this row."))
    work = _Import(session, ImportReport(row.source, rows=1), actor)
    work.take(raw_row(row.line, row.content, state_code))
    work.flush()
    if work.report.faults:
        raise Invalid(work.report.faults[0].reason, field="state")
    service.decide_unmatched(session, row_id, state_code, actor)
    return work.report


class _Import:
    """The directory in memory while a file runs over it."""

    def __init__(self, session: Session, report: ImportReport, actor: Actor) -> None:
        self.report = report
        self._session = session
        self._actor = actor
        self._now = clock.now()
        self._finder = state_finder(session)
        self._states = {state.code: state for state in session.scalars(select(State))}
        self._presences = list(session.scalars(select(MissionPresence)))  # held, so that the session finds them again
        self._institutions: dict[tuple[object, ...], Institution] = {}
        for institution in session.scalars(select(Institution).order_by(Institution.created_at, Institution.id)):
            self._institutions[_key(institution.kind, institution.state_code, institution.seat, institution.name)] = (
                institution
            )
        self._contacts: dict[tuple[uuid.UUID, str], Contact] = {}
        for contact in session.scalars(select(Contact).order_by(Contact.created_at, Contact.id)):
            self._contacts[contact.institution_id, contact.email.lower()] = contact
        self._unmatched = {
            (row.line, row.content)
            for row in session.scalars(select(UnmatchedRow).where(UnmatchedRow.source == report.source))
        }
        self._said: dict[tuple[object, str], tuple[object, int]] = {}  # what this file said first, and on which line
        self._new_institutions: list[Institution] = []
        self._new_contacts: list[Contact] = []

    def flush(self) -> None:
        """Write what is new: institutions first, their contacts point to them."""
        for batch in (self._new_institutions, self._new_contacts):
            self._session.add_all(batch)
            self._session.flush()
            batch.clear()

    def take(self, raw: RawRow) -> None:
        """Take one row, or say why not."""
        try:
            row = checked_row(raw)
        except Invalid as fault:
            self.report.faults.append(LineNote(raw.line, fault.message))
            return
        state_code = self._finder.find(row.state_text) if row.state_text else None
        if row.state_text and state_code is None:
            self._lay_before_staff(raw, row)
            return
        try:
            self._record(row, state_code)
        except Invalid as fault:
            self.report.faults.append(LineNote(raw.line, fault.message))

    def _lay_before_staff(self, raw: RawRow, row: ImportRow) -> None:
        reason = _("“%(text)s” names no State of the 195.", text=row.state_text[:100])
        self.report.unmatched.append(LineNote(raw.line, reason))
        content = raw.content()
        if (raw.line, content) not in self._unmatched:
            self._unmatched.add((raw.line, content))
            self._session.add(
                UnmatchedRow(
                    source=self.report.source, line=raw.line, content=content, reason=reason, imported_at=self._now
                )
            )

    def _record(self, row: ImportRow, state_code: str | None) -> None:
        before = self.report.changes
        kept = len(self.report.kept)
        known = self._institutions.get(_key(row.kind, state_code, row.seat, row.name))
        if row.kind in MISSION_KINDS and state_code is not None:
            self._check_mission(row, self._states[state_code], known)
            self._set_presence(row, state_code)
            if row.presence is not Presence.YES:
                self._count(before, kept)
                return
        if known is not None and known.retired_at is not None:
            if _retired_since(known.retired_at, row.as_of):
                self._keep(row, _("The institution was retired; it is not added again."))
                self._count(before, kept)
                return
            known = None
        if known is None:
            known = self._add_institution(row, state_code)
        else:
            self._update_institution(known, row)
        if row.email is not None:
            self._record_contact(known, row, row.email)
        self._count(before, kept)

    def _count(self, before: int, kept: int) -> None:
        if self.report.changes == before and len(self.report.kept) == kept:
            self.report.unchanged += 1

    def _keep(self, row: ImportRow, reason: str) -> None:
        self.report.kept.append(LineNote(row.line, reason))

    def _check_mission(self, row: ImportRow, state: State, known: Institution | None) -> None:
        observer = row.kind is InstitutionKind.PERMANENT_OBSERVER_MISSION
        if observer != (state.status is StateStatus.OBSERVER):
            raise Invalid(
                _("Member States have permanent missions, the two observer States permanent observer missions.")
            )
        if row.presence is not Presence.YES and known is not None and known.retired_at is None:
            raise Invalid(_("The directory holds this mission. If it has closed, please retire it there."))

    def _set_presence(self, row: ImportRow, state_code: str) -> None:
        if row.seat is None or row.presence is None or row.source is None or row.as_of is None:
            return  # `checked_row` has refused such a row of a mission
        if not self._first_said(row, (state_code, row.seat), {"presence": row.presence}):
            return
        known = self._session.get(MissionPresence, (state_code, row.seat))
        if known is not None and row.as_of < known.as_of and row.presence is not known.presence:
            self._keep(row, _("A later source (%(source)s) says otherwise about this mission.", source=known.source))
            return
        before = (
            {"presence": known.presence, "source": known.source, "as_of": known.as_of.isoformat()} if known else None
        )
        if service.set_presence(self._session, state_code, row.seat, row.presence, source=row.source, as_of=row.as_of):
            self.report.presences_set += 1
            if before is not None:
                after = {"state": state_code, "seat": row.seat, "presence": row.presence, "source": row.source}
                key = service.presence_key(state_code, row.seat)
                self._audit("mission_presence.changed", "mission_presence", key, before, after)

    def _add_institution(self, row: ImportRow, state_code: str | None) -> Institution:
        institution = Institution(
            id=fresh_key(),
            kind=row.kind,
            state_code=state_code,
            seat=row.seat,
            sector=row.sector,
            name=row.name,
            language=row.language,
            language_source=row.source if row.language else None,
            language_as_of=row.as_of if row.language else None,
            created_at=self._now,
        )
        self._institutions[_key(row.kind, state_code, row.seat, row.name)] = institution
        self._first_said(row, institution.id, _of_institution(institution, row))
        self._new_institutions.append(institution)
        self.report.institutions_added += 1
        return institution

    def _update_institution(self, known: Institution, row: ImportRow) -> None:
        wanted = _of_institution(known, row)
        newer = known.language_as_of is None or (row.as_of is not None and row.as_of > known.language_as_of)
        if row.language and row.language != known.language and newer:
            wanted |= {"language": row.language, "language_source": row.source, "language_as_of": row.as_of}
        self._change("institution", row, known, wanted)

    def _record_contact(self, institution: Institution, row: ImportRow, email: str) -> None:
        known = self._contacts.get((institution.id, email.lower()))
        if known is not None and known.retired_at is not None:
            if _retired_since(known.retired_at, row.as_of):
                self._keep(row, _("The address %(email)s was retired; it is not added again.", email=email))
                return
            known = None
        if known is not None:
            self._change("contact", row, known, _of_contact(row))
            return
        contact = Contact(
            id=fresh_key(),
            institution_id=institution.id,
            email=email,
            name=row.contact_name,
            salutation=row.salutation,
            language=row.language,
            source=row.source or self.report.source,
            created_at=self._now,
        )
        self._contacts[institution.id, email.lower()] = contact
        self._first_said(row, contact.id, _of_contact(row))
        self._new_contacts.append(contact)
        self.report.contacts_added += 1

    def _change(self, subject: str, row: ImportRow, known: Institution | Contact, wanted: dict[str, Any]) -> None:
        """Set what the row says and the record does not; an empty value of the row says nothing."""
        said = self._first_said(row, known.id, wanted)
        changed = {column: value for column, value in said.items() if getattr(known, column) != value}
        if not changed:
            return
        before = {column: _plain(getattr(known, column)) for column in changed}
        for column, value in changed.items():
            setattr(known, column, value)
        after = {column: _plain(value) for column, value in changed.items()}
        self._audit(f"{subject}.updated", subject, known.id, before, after)
        self.report.updated += 1

    def _first_said(self, row: ImportRow, record: object, wanted: dict[str, Any]) -> dict[str, Any]:
        """What the row says that no earlier row of the file has contradicted: two rows must not take turns at each import."""
        taken = {}
        for column, value in wanted.items():
            if not value:
                continue
            first, line = self._said.setdefault((record, column), (value, row.line))
            if first == value:
                taken[column] = value
            else:
                self._keep(
                    row,
                    _(
                        "Line %(line)s gives another “%(column)s” for the same record; that is kept.",
                        line=line,
                        column=column,
                    ),
                )
        return taken

    def _audit(
        self, act: str, subject: str, subject_id: uuid.UUID, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> None:
        audit.record(self._session, self._actor, act, subject, subject_id, before, after)


def _key(kind: InstitutionKind, state_code: str | None, seat: object, name: str) -> tuple[object, ...]:
    """What makes two rows speak of one institution: for missions kind, State and seat; else kind, State and name."""
    return (kind, state_code, seat) if kind in MISSION_KINDS else (kind, state_code, fold(name))


def _of_institution(known: Institution, row: ImportRow) -> dict[str, Any]:
    if known.kind in MISSION_KINDS:
        return {"sector": row.sector, "name": row.name}
    return {"sector": row.sector, "seat": row.seat}


def _of_contact(row: ImportRow) -> dict[str, Any]:
    return {"name": row.contact_name, "salutation": row.salutation, "language": row.language}


def _retired_since(retired_at: datetime, as_of: date | None) -> bool:
    """Whether a record was retired on or after the day of which the row speaks."""
    return as_of is None or retired_at.date() >= as_of


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

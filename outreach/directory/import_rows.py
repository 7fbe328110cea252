"""The rows of an import file: what a line may say, and what is wrong with it. `docs/directory-import.md` is for its authors."""

import csv
import enum
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from outreach import clock
from outreach.directory.addresses import checked_address
from outreach.directory.models import (
    MISSION_KINDS,
    NATIONAL_AUTHORITY_KINDS,
    InstitutionKind,
    Presence,
    Seat,
    Sector,
)
from outreach.errors import Invalid
from outreach.i18n import LANGUAGES, _

COLUMNS = (
    "state", "kind", "seat", "name", "sector", "email", "contact_name", "salutation", "language", "source", "as_of", "presence",
)  # fmt: skip
REQUIRED_COLUMNS = ("state", "kind")
LONGEST_VALUE = 1000

Member = TypeVar("Member", bound=enum.StrEnum)


@dataclass(frozen=True)
class RawRow:
    """One row as it stands in the file: the line it begins on, counted from 1, and its values by column."""

    line: int
    values: dict[str, str]
    surplus: bool

    def content(self) -> str:
        """The row as one line of text, for staff."""
        return " · ".join(f"{column}: {value}" for column, value in self.values.items() if value)


def raw_row(line: int, content: str, state_code: str) -> RawRow:
    """The row of which `content` is the text (`RawRow.content`), with this State in place of what it named."""
    parts = re.split(rf"(?:^| · )({'|'.join(COLUMNS)}): ", content)
    return RawRow(line, dict(zip(parts[1::2], parts[2::2], strict=True)) | {"state": state_code}, surplus=False)


@dataclass(frozen=True)
class ImportRow:
    """A row without fault. `state_text` is as typed; `email` in its normal form; empty values are None."""

    line: int
    state_text: str
    kind: InstitutionKind
    seat: Seat | None
    name: str
    sector: Sector | None
    email: str | None
    contact_name: str | None
    salutation: str | None
    language: str | None
    source: str | None
    as_of: date | None
    presence: Presence | None


class _CsvReader(Protocol):
    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def read_rows(content: bytes) -> list[RawRow]:
    """The rows of a CSV file: comma, semicolon or tab; UTF-8 with or without BOM; empty lines left out.

    Raises Invalid for a file that is no such table.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise Invalid(_("Line %(line)s is not UTF-8. Please save the file as CSV UTF-8.", line=line)) from None
    if "\0" in text:
        raise Invalid(_("This is not a text file. Please save the table as CSV UTF-8."))
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        return list(_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error:
        raise Invalid(
            _("The file is not a CSV table: a quotation mark is not closed, or a value is far too long.")
        ) from None


def _rows(reader: _CsvReader) -> Iterator[RawRow]:
    columns = [column.strip().casefold() for column in next(reader, [])]
    unknown = [column for column in columns if column not in COLUMNS]
    if unknown:
        raise Invalid(
            _("The first line names columns that are not known: %(names)s.", names=", ".join(unknown)[:200]),
            faults=unknown,
        )
    missing = [column for column in REQUIRED_COLUMNS if column not in columns]
    if missing or len(set(columns)) != len(columns):
        raise Invalid(
            _("The first line must name each column once, and among them “state” and “kind”."), faults=missing
        )
    before = reader.line_num
    for cells in reader:
        if any(cell.strip() for cell in cells):
            values = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            yield RawRow(before + 1, values, surplus=any(cell.strip() for cell in cells[len(columns) :]))
        before = reader.line_num


def checked_row(raw: RawRow) -> ImportRow:
    """The row's values, each of its kind. Raises Invalid, whose `faults` are all that is wrong, a sentence each."""
    reading = _Reading(raw)
    kind = reading.member("kind", InstitutionKind)
    row = ImportRow(
        line=raw.line,
        state_text=reading.text("state") or "",
        kind=kind or InstitutionKind.CIVIL_SOCIETY,
        seat=reading.member("seat", Seat) or (Seat.CAPITAL if kind in NATIONAL_AUTHORITY_KINDS else None),
        name=reading.text("name") or "",
        sector=reading.member("sector", Sector)
        or (Sector.FOREIGN_AFFAIRS if kind is InstitutionKind.FOREIGN_MINISTRY else None),
        email=reading.email(),
        contact_name=reading.text("contact_name"),
        salutation=reading.text("salutation"),
        language=reading.language(),
        source=reading.text("source"),
        as_of=reading.day("as_of"),
        presence=reading.member("presence", Presence) or (Presence.YES if kind in MISSION_KINDS else None),
    )
    faults = reading.faults
    if not raw.values.get("kind"):
        faults.append(_("The kind of institution is missing."))
    # What could not be read is not said to be missing too.
    unread = {column for column, value in raw.values.items() if value and getattr(row, column, value) is None}
    if kind is not None:
        faults.extend(_faults_of_mission(row, unread) if kind in MISSION_KINDS else _faults_of_other(row, unread))
    if row.language and not (row.source and (row.as_of or "as_of" in unread)):
        faults.append(_("A language of correspondence needs its source and date (columns “source” and “as_of”)."))
    if faults:
        raise Invalid(" ".join(faults), faults=faults)
    return row


def _faults_of_mission(row: ImportRow, unread: set[str]) -> Iterator[str]:
    if not row.state_text:
        yield _("A mission needs its State.")
    if row.seat not in (Seat.GENEVA, Seat.NEW_YORK) and "seat" not in unread:
        yield _("The seat of a mission is “geneva” or “new_york”.")
    if not (row.source and (row.as_of or "as_of" in unread)):
        yield _("Whether a State has a mission needs its source and date (columns “source” and “as_of”).")
    if row.presence is not Presence.YES and row.email:
        yield _("The row gives an address for a mission that, it says, does not exist or is not known.")


def _faults_of_other(row: ImportRow, unread: set[str]) -> Iterator[str]:
    if not row.name:
        yield _("The name of the institution is missing.")
    if not row.email and "email" not in unread:
        yield _("The e-mail address is missing.")
    if row.presence is not None:
        yield _("“presence” speaks of missions only.")
    needs_state = row.kind in NATIONAL_AUTHORITY_KINDS or row.kind is InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION
    if needs_state and not row.state_text:
        yield _("A national body needs its State.")


class _Reading:
    """Takes the values of one row and gathers what is wrong with them."""

    def __init__(self, raw: RawRow) -> None:
        self._values = raw.values
        self.faults: list[str] = []
        if raw.surplus:
            self.faults.append(_("The row has more values than the first line has columns."))

    def text(self, column: str) -> str | None:
        value = self._values.get(column, "")
        if len(value) > LONGEST_VALUE:
            self.faults.append(
                _("“%(column)s” is longer than %(limit)s characters.", column=column, limit=LONGEST_VALUE)
            )
            return None
        if any(sign < " " for sign in value):
            self.faults.append(_("“%(column)s” has a line break or a control character.", column=column))
            return None
        return value or None

    def member(self, column: str, members: type[Member]) -> Member | None:
        value = (self.text(column) or "").casefold().replace(" ", "_").replace("-", "_")
        if not value:
            return None
        try:
            return members(value)
        except ValueError:
            self.faults.append(
                _(
                    "“%(value)s” is not a value of “%(column)s”; it takes %(choices)s.",
                    value=self._values[column][:60],
                    column=column,
                    choices=", ".join(members),
                )
            )
            return None

    def language(self) -> str | None:
        value = (self.text("language") or "").casefold()
        if value and value not in LANGUAGES:
            self.faults.append(_("“%(language)s” is not one of ar, zh, en, fr, ru, es.", language=value[:60]))
            return None
        return value or None

    def day(self, column: str) -> date | None:
        value = self.text(column)
        if value is None:
            return None
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or len(value) != len("2024-07-31"):
            self.faults.append(_("“%(value)s” is not a date like 2024-07-31.", value=value[:60]))
            return None
        if found > clock.now().date():
            self.faults.append(_("%(value)s lies in the future.", value=value))
            return None
        return found

    def email(self) -> str | None:
        value = self.text("email")
        if value is None:
            return None
        try:
            return checked_address(value)
        except Invalid as fault:
            self.faults.append(fault.message)
            return None

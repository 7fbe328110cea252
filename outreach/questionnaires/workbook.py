"""A workbook that somebody uploaded, as rows of text. It is treated as hostile: size, packing, entities, extent."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from outreach import office_files
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.office_files import Limits

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 200
_MOST_ROWS_OF_ALL = 100_000
_LIMITS = Limits(megabytes=MOST_BYTES // 1024**2, unpacked=50, xml=50, parts=500, elements=3_000_000)


@dataclass(frozen=True)
class Row:
    """One row that is not empty: its number as Excel shows it, and its filled cells by column heading."""

    number: int
    cells: dict[str, str]

    def get(self, heading: str) -> str:
        """The cell under a heading, empty where nothing stands there."""
        return self.cells.get(heading, "")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its headings from row 1, and its rows."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def filled(self, heading: str) -> tuple[int, ...]:
        """The numbers of the rows that have something under this heading."""
        return tuple(row.number for row in self.rows if row.get(heading))


def read(content: bytes) -> dict[str, Sheet]:
    """The sheets of an .xlsx by lower-case name. Raises Invalid where it is none, too large, or packed to do harm."""
    guard(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return {sheet.title.strip().lower(): _sheet(sheet.title, _cells(sheet)) for sheet in book.worksheets}
        finally:
            book.close()
    except Invalid:
        raise
    # openpyxl raises these, and no class of its own, for parts that are damaged.
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        SyntaxError,
        OSError,
    ):
        raise _unreadable() from None


def _unreadable() -> Invalid:
    return Invalid(
        _("This file can't be read as an Excel workbook (.xlsx). Please save it again in Excel or LibreOffice.")
    )


def guard(content: bytes, *, macros: bool = False) -> None:
    """Look at an .xlsx before it is opened. Raises Invalid where it is none, too large, or packed to do harm."""
    office_files.guard(content, _LIMITS, macros=macros)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            sheets = [part for part in packed.infolist() if part.filename.lower().endswith(".xml")]
            if sum(packed.read(part).count(b"<row") for part in sheets) > _MOST_ROWS_OF_ALL:
                raise Invalid(office_files.too_much())
    except office_files.UNREADABLE:
        raise _unreadable() from None


def _cells(sheet: object) -> Iterator[tuple[object, ...]]:
    rows = sheet.iter_rows(max_row=_MOST_ROWS_OF_ALL, max_col=MOST_COLUMNS, values_only=True)  # type: ignore[attr-defined]
    yield from rows


def _sheet(name: str, cells: Iterator[tuple[object, ...]]) -> Sheet:
    headings: list[str] = []
    rows: list[Row] = []
    for number, values in enumerate(cells, start=1):
        if len(rows) > MOST_ROWS:
            raise Invalid(
                _(
                    "The sheet %(sheet)s has more than %(most)d rows.",
                    sheet=name,
                    most=MOST_ROWS,
                )
            )
        texts = [_text(value) for value in values]
        if number == 1:
            headings = texts
            continue
        filled = {heading: text for heading, text in zip(headings, texts, strict=False) if heading and text}
        if filled:
            rows.append(Row(number, filled))
    return Sheet(name, tuple(heading for heading in headings if heading), tuple(rows))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()

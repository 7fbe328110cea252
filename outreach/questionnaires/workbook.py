"""A workbook that somebody uploaded, as rows of text. It is treated as hostile: size, packing, entities, extent.

An old one (.xls) is read by `old_workbooks`, within the same limits.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from outreach import office_files
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.office_files import Limits
from outreach.questionnaires import old_workbooks

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 200
_MOST_ROWS_OF_ALL = 100_000
_MOST_TEXT = 20_000_000
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
"""Signs that stand in no sheet's name."""
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
    """The sheets of an .xlsx or .xls by lower-case name. Raises Invalid where it is none, too large, or packed to do harm."""
    if old_workbooks.is_old(content):
        old = old_workbooks.sheets(content, MOST_BYTES, MOST_COLUMNS)
        return _sheets((name, map(tuple, rows)) for name, rows in old)
    guard(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return _sheets((sheet.title, _cells(sheet)) for sheet in book.worksheets)
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


def in_new_format(content: bytes) -> bytes:
    """A workbook as .xlsx: an old one with the same texts at the same places, any other as it is. Raises Invalid as `read`."""
    if not old_workbooks.is_old(content):
        return content
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in old_workbooks.sheets(content, MOST_BYTES, MOST_COLUMNS):
        sheet = book.create_sheet(_NO_TITLE.sub("_", name)[:31])
        for row, values in enumerate(rows[:_MOST_ROWS_OF_ALL], start=1):
            for column, value in enumerate(values, start=1):
                if text := _text(value):
                    write_text(sheet, row, column, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a text as a text: one that begins with = is no formula, and signs that no cell takes are left out."""
    plain = "".join(sign for sign in text if sign >= " " or sign in "\n\t")
    cell = sheet.cell(row, column, plain[:32_000])
    # openpyxl guesses a formula from the first sign.
    cell.data_type = "s"


def _cells(sheet: object) -> Iterator[tuple[object, ...]]:
    rows = sheet.iter_rows(max_row=_MOST_ROWS_OF_ALL, max_col=MOST_COLUMNS, values_only=True)  # type: ignore[attr-defined]
    yield from rows


def _sheets(given: Iterable[tuple[str, Iterator[tuple[object, ...]]]]) -> dict[str, Sheet]:
    found: dict[str, Sheet] = {}
    left = _MOST_TEXT
    for name, cells in given:
        sheet = found[name.strip().lower()] = _sheet(name, cells, left)
        left -= sum(_extent(row.cells) for row in sheet.rows)
    return found


def _extent(cells: Mapping[str, str]) -> int:
    return sum(len(text) for text in cells.values())


def _sheet(name: str, cells: Iterator[tuple[object, ...]], most_text: int) -> Sheet:
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
            # One text can stand in a million cells at no cost to its sender.
            most_text -= _extent(filled)
            if most_text < 0:
                raise Invalid(office_files.too_much())
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

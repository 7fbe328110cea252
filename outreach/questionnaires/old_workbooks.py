"""The cells of an Excel workbook as it was before 2007 (.xls).

The library that reads it (pyxform's own) trusts its files: it works out named formulas, which a hostile one can make endless. So it
runs in a process of its own (`reading_apart`), and nothing but cells comes back.
"""

import datetime
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd

from outreach import office_files, reading_apart
from outreach.errors import Invalid
from outreach.i18n import _

Cell = str | float | bool | None

_MACROS = re.compile(re.escape("_VBA_PROJECT".encode("utf-16-le")), re.I)
_SECONDS, _MEGABYTES = 15, 768
_MOST_SHEETS = 50
_MOST_CELLS = 500_000
_MOST_TEXT = 20_000_000


def is_old(content: bytes) -> bool:
    """Whether a file begins as those of Office before 2007 do."""
    return content.startswith(office_files.OLE)


def sheets(content: bytes, most_bytes: int, most_columns: int) -> list[tuple[str, list[list[Cell]]]]:
    """The sheets in their order, each with its rows. Raises Invalid where it is no workbook, too large, locked, or has macros."""
    if len(content) > most_bytes:
        raise Invalid(_("This file is larger than %(most)d MB.", most=most_bytes // 1024**2))
    if office_files.is_locked(content):
        raise Invalid(office_files.locked())
    if _MACROS.search(content):
        raise Invalid(office_files.macros_held())
    found = reading_apart.read(f"{__name__}:cells", content, seconds=_SECONDS, megabytes=_MEGABYTES)
    if "fault" in found:
        raise Invalid(
            {"locked": office_files.locked, "much": office_files.too_much}.get(found["fault"], office_files.damaged)()
        )
    return [(name, [row[:most_columns] for row in rows]) for name, rows in found["sheets"]]


class _TooMuch(Exception):
    """The workbook has more cells or more text than a questionnaire has."""


def cells(content: bytes) -> dict[str, Any]:
    """The sheets of an .xls, or the word for what is wrong with it. For `reading_apart`."""
    try:
        with Path(os.devnull).open("w") as nowhere:
            book = xlrd.open_workbook(file_contents=content, logfile=nowhere, on_demand=True, ragged_rows=True)
            if not 0 < book.nsheets <= _MOST_SHEETS:
                return {"fault": "much" if book.nsheets else "damaged"}
            return {"sheets": list(_sheets(book))}
    except _TooMuch:
        return {"fault": "much"}
    except xlrd.XLRDError as fault:
        return {"fault": "locked" if "encrypted" in str(fault) else "damaged"}
    except MemoryError:
        raise
    # xlrd meets files that are damaged with struct.error, IndexError, AssertionError and whatever else.
    except Exception:  # noqa: BLE001
        return {"fault": "damaged"}


def _sheets(book: Any) -> Iterator[tuple[str, list[list[Cell]]]]:
    left, text = _MOST_CELLS, _MOST_TEXT
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        rows: list[list[Cell]] = []
        for row in range(sheet.nrows):
            found = [_value(cell, book.datemode) for cell in sheet.row(row)]
            left -= len(found)
            text -= sum(len(value) for value in found if isinstance(value, str))
            if left < 0 or text < 0:
                raise _TooMuch
            rows.append(found)
        book.unload_sheet(number)
        yield sheet.name, rows


def _value(cell: Any, datemode: int) -> Cell:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return float(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _moment(float(cell.value), datemode)
    return str(cell.value) if cell.ctype == xlrd.XL_CELL_TEXT else None


def _moment(value: float, datemode: int) -> Cell:
    try:
        found: datetime.datetime = xlrd.xldate_as_datetime(value, datemode)
    except (xlrd.XLDateError, OverflowError, ValueError):
        return value
    return (found.time() if 0 <= value < 1 else found).isoformat()

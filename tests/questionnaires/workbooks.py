"""Small XLSForm workbooks: made with openpyxl, and old ones (.xls) byte by byte, since nothing writes them any more."""

import io
import struct
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

SURVEY = (
    "type",
    "name",
    "outreach::code",
    "label::English (en)",
    "label::Français (fr)",
    "required",
    "relevant",
    "constraint",
    "outreach::word_limit",
)
CHOICES = ("list_name", "name", "label::English (en)", "label::Français (fr)")

Rows = Sequence[Sequence[Any]]

YES_NO: Rows = [("yn", "yes", "Yes", "Oui"), ("yn", "no", "No", "Non")]
GROUP = ("begin_group", "one", "1", "Your institution", "Votre institution")
END = ("end_group",)
PLAN = ("select_one yn", "plan", "1.1", "Is there a plan?", "Existe-t-il un plan ?", "yes")


def workbook(
    survey: Rows,
    choices: Rows = YES_NO,
    *,
    survey_head: Sequence[str] = SURVEY,
    choices_head: Sequence[str] = CHOICES,
    settings: Rows = (),
) -> bytes:
    """The bytes of an .xlsx with these rows below the headings; row 1 of each sheet is the heading."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (survey_head, *survey):
        sheet.append(list(row))
    sheet = book.create_sheet("choices")
    for row in (choices_head, *choices):
        sheet.append(list(row))
    if settings:
        sheet = book.create_sheet("settings")
        for row in settings:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PICTURED = ("part.png", "only.png", "media/plan.png", "plan.fr.png", "yes.png", "no.png")
"""The pictures that `pictured_workbook` names, in the order in which its form has them."""


def pictured_workbook() -> bytes:
    """A part, a note without words, and a choice, with pictures; one of them in French too."""
    media = ("media::image::English (en)", "media::image::Français (fr)")
    return workbook(
        [
            (*GROUP, *[""] * 4, "part.png"),
            ("note", "look", *[""] * 7, "only.png"),
            (*PLAN, *[""] * 3, "media/plan.png", "plan.fr.png", "Six steps"),
            END,
        ],
        [(*YES_NO[0], "yes.png"), (*YES_NO[1], "no.png")],
        survey_head=(*SURVEY, *media, "outreach::picture_text"),
        choices_head=(*CHOICES, "media::image"),
    )


_SECTOR = 512
_FREE, _END, _TABLE = -1, -2, -3


def old_workbook(sheets: Mapping[str, Rows], *, stream: str = "Workbook", before: bytes = b"") -> bytes:
    """The bytes of an .xls with these sheets, row 1 the heading; `before` are records that stand in front of them."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 1996, 0, 6)
    # Two formats of cells: a number, and a date.
    head = (
        _record(0x0809, begin) + before + b"".join(_record(0x00E0, struct.pack("<HH16x", 0, kind)) for kind in (0, 14))
    )
    bodies = [_old_sheet(rows) for rows in sheets.values()]
    names = [struct.pack("<BB", len(name), 0) + name.encode() for name in sheets]
    at = len(head) + sum(4 + 6 + len(name) for name in names) + 4
    for name, body in zip(names, bodies, strict=True):
        head += _record(0x0085, struct.pack("<IBB", at, 0, 0) + name)
        at += len(body)
    return _packed(stream, head + _record(0x000A, b"") + b"".join(bodies))


def _old_sheet(rows: Rows) -> bytes:
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HH", row, column)
            if isinstance(value, bool):
                cells += _record(0x0205, place + struct.pack("<HBB", 0, value, 0))
            elif isinstance(value, date):
                cells += _record(0x0203, place + struct.pack("<Hd", 1, (value - date(1899, 12, 30)).days))
            elif isinstance(value, int | float):
                cells += _record(0x0203, place + struct.pack("<Hd", 0, value))
            elif value:
                cells += _record(0x0204, place + struct.pack("<HHB", 0, len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 1996, 0, 6)) + cells + _record(0x000A, b"")


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _packed(name: str, stream: bytes) -> bytes:
    """One stream in the container that Office had before 2007: its sectors, the list of names, the table of sectors."""
    stream = stream.ljust(4096, b"\0")
    used = -(-len(stream) // _SECTOR)
    tables = -(-(used + 1) // (_SECTOR // 4 - 1))
    chain = [*range(1, used), _END, _END, *[_TABLE] * tables]
    chain += [_FREE] * (tables * _SECTOR // 4 - len(chain))
    names = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, 0, len(stream)) + bytes(256)
    places = [*range(used + 1, used + 1 + tables)]
    header = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<iiiiiiiii", 0, tables, used, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109i", *places, *[_FREE] * (109 - tables))
    return header + stream.ljust(used * _SECTOR, b"\0") + names + struct.pack(f"<{len(chain)}i", *chain)


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBBiii", len(written), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<iii", first, size, 0)

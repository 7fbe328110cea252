"""References to questions, `${name}`, as authors write them in rules and texts."""

import re
from dataclasses import replace

from outreach.questionnaires.form import REFERENCE
from outreach.questionnaires.workbook import Row, Sheet

_SPACED = re.compile(r"\$\s*\{\s*([\w.#-]+)\s*\}")
_LIST = re.compile(r"\$\{[\w.-]+\}(\s*,\s*\$\{[\w.-]+\})*")
_LEAST = 3
"""So many signs beside its references tell a rule from others."""


def tidied(sheet: Sheet) -> Sheet:
    """A sheet with each reference in one spelling: `${ name }` is taken by some tools, and refused by others."""
    rows = tuple(
        Row(row.number, {heading: _SPACED.sub(r"${\1}", cell) for heading, cell in row.cells.items()})
        if any("$" in cell for cell in row.cells.values())
        else row
        for row in sheet.rows
    )
    return replace(sheet, rows=rows)


def begun_only(text: str) -> bool:
    """Whether a reference in a text is begun and is none: `${name` or `${a:b}`."""
    return "${" in REFERENCE.sub("", text)


def is_list(text: str) -> bool:
    """Whether a text names questions and nothing else: `${a}, ${b}`."""
    return _LIST.fullmatch(text.strip()) is not None


def may_come_from(rule: str, cell: str) -> bool:
    """Whether a rule whose references were written out as paths is the one of this cell, or is built around it."""
    pieces = [piece.strip() for piece in REFERENCE.sub("\0", cell).split("\0")]
    if sum(map(len, pieces)) < _LEAST:
        return False
    return re.search(r"\s*.+?\s*".join(re.escape(piece) for piece in pieces), rule, re.DOTALL) is not None

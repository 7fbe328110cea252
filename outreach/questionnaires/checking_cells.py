"""What an import would say of cells that somebody writes by hand for one question, before they are saved."""

from collections.abc import Mapping

from outreach.errors import Invalid
from outreach.questionnaires import editing, reading_rows
from outreach.questionnaires.rows import Rows


def faults(rows: Rows, name: str, cells: Mapping[str, str]) -> dict[str, str]:
    """By column, what is wrong with these cells of a question; what is wrong with the rows without them is not said."""
    if not cells:
        return {}
    before = set(_sentences(rows, name))
    found: dict[str, str] = {}
    for column, text in cells.items():
        fresh = [one for one in _sentences(editing.change(rows, name, {column: text}), name) if one not in before]
        if fresh:
            found[column] = " ".join(fresh)
    return found


def _sentences(rows: Rows, name: str) -> tuple[str, ...]:
    try:
        reading_rows.form_of(rows)
    except Invalid as fault:
        return reading_rows.sentences(rows, name, fault.faults)
    return ()

"""What an import would say of a question as it is about to be saved, before it is saved."""

from collections.abc import Mapping
from dataclasses import replace

from outreach.errors import Invalid
from outreach.questionnaires import editing, reading_rows
from outreach.questionnaires.rows import TEXTS, Cells, Rows, kind_of, list_of

CHOICES = "choices"
"""What is wrong with the choices of a question stands under this word, as that with its cells under their columns."""

_PROBE = "any_other_question"
_PLAIN_LIST = "plain_choices"
_BORDERS = ("begin_group", "begin_repeat", "end_group", "end_repeat")


def faults(before: Rows, after: Rows, name: str) -> dict[str, str]:
    """By column, what is wrong with what changes of a question; what was wrong already is not said. "": what no single cell is to blame for."""
    was, now = before.row(name) or {}, after.row(name) or {}
    changed = {
        column: now.get(column, "")
        for column in dict.fromkeys((*was, *now))
        if was.get(column, "") != now.get(column, "") and _telling(column, was, now)
    }
    same_choices = before.choices_of(was) == after.choices_of(now)
    if not changed and same_choices:
        return {}
    wrong = _sentences(after, name)
    fresh = set(wrong) - set(_sentences(before, name)) if wrong else set()
    if not fresh:
        return {}
    single = {column: editing.change(before, name, {column: text}) for column, text in changed.items()}
    if not same_choices:
        single[CHOICES] = replace(before, choices=after.choices)
    blamed = {column: [one for one in _sentences(made, name) if one in fresh] for column, made in single.items()}
    rest = fresh - {one for said in blamed.values() for one in said}
    blamed[""] = [one for one in wrong if one in rest]
    return {column: " ".join(said) for column, said in blamed.items() if said}


def _telling(column: str, was: Cells, now: Cells) -> bool:
    """Whether a change of a column can be wrong: a plain text can't, nor can a number."""
    if column.rpartition("::")[0] in TEXTS:
        return "${" in was.get(column, "") + now.get(column, "")
    return column not in ("outreach::code", "outreach::legal_basis")


def _sentences(rows: Rows, name: str) -> tuple[str, ...]:
    """What is wrong with the whole; and with the question by itself, since a fault elsewhere hides what only the whole form shows."""
    whole = _said(_probed(rows), name)
    return tuple(dict.fromkeys((*whole, *_said(_probed(_alone(rows, name)), name)))) if whole else ()


def _said(rows: Rows, name: str) -> tuple[str, ...]:
    try:
        reading_rows.form_of(rows)
    except Invalid as fault:
        return reading_rows.sentences(rows, name, fault.faults)
    return ()


def _probed(rows: Rows) -> Rows:
    """The rows with one more question: that a questionnaire asks nothing yet is no fault of the section that is written first."""
    probe = {"type": "text", "name": _PROBE, f"label::{rows.default_language}": _PROBE}
    return replace(rows, survey=(*rows.survey, probe))


def _alone(rows: Rows, name: str) -> Rows:
    """The rows with all other questions as plain as they can be: their names and types, so that rules can name them."""
    own = list_of(rows.row(name) or {})
    return replace(
        rows,
        survey=tuple(row if row.get("name") == name else _plain(row, rows.default_language) for row in rows.survey),
        choices=(
            *(choice for choice in rows.choices if own and choice.get("list_name") == own),
            {"list_name": _PLAIN_LIST, "name": "one", f"label::{rows.default_language}": "one"},
        ),
    )


def _plain(row: Cells, language: str) -> Mapping[str, str]:
    kind, name = kind_of(row), row.get("name", "")
    if kind in _BORDERS:
        return {"type": kind, "name": name}
    if kind in editing.CHOOSING:
        kind = f"{kind} {_PLAIN_LIST}"
    calculation = {"calculation": "1"} if kind == "calculate" else {}
    return {"type": kind, "name": name, f"label::{language}": name or "note", **calculation}

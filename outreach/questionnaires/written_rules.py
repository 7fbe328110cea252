"""The conditions, limits and repetitions that the editor can write: question – is – choice, joined by and/or; bounds of numbers and of
choices; a number of times, or the answer that says it.

What an author wrote by hand in other ways is not read here; it stays as it is until somebody replaces it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from outreach.questionnaires.rows import Cells, Rows, kind_of, list_of

_NAMED = r"\$\{\s*([\w.-]+)\s*\}"
_CHOICE = r"(?:'([^'\s]+)'|\"([^\"\s]+)\")"
_EQUALS = re.compile(rf"{_NAMED}\s*(!?=)\s*{_CHOICE}")
_SELECTED = re.compile(rf"(not\s*\(\s*)?selected\s*\(\s*{_NAMED}\s*,\s*{_CHOICE}\s*\)(\s*\))?")
_BOUND = re.compile(r"(\.|count-selected\(\s*\.\s*\))\s*(>=|<=)\s*(-?\d+(?:\.\d+)?)")
_JOINED = re.compile(r"\s+(and|or)\s+")
_TIMES = re.compile(rf"(\d{{1,4}})|{_NAMED}")


@dataclass(frozen=True)
class Term:
    """The question's answer is (`holds`), or is not, this choice."""

    question: str
    choice: str
    holds: bool = True


@dataclass(frozen=True)
class Condition:
    """When a question is asked; `joined` is "and" or "or"."""

    terms: tuple[Term, ...] = ()
    joined: str = "and"


@dataclass(frozen=True)
class Limits:
    """Between which numbers an answer lies, on a scale with what `step`; for questions with several choices `highest` is how many may be
    chosen."""

    lowest: str = ""
    highest: str = ""
    step: str = ""


@dataclass(frozen=True)
class Times:
    """How often a section is repeated: so many times, or as many as the answer to a question; neither: as often as it is needed."""

    number: str = ""
    question: str = ""


def read_condition(text: str) -> Condition | None:
    """The condition that an expression says; None where it was written by hand in another way."""
    if not text.strip():
        return Condition()
    pieces = _JOINED.split(text.strip())
    terms = [_term(piece.strip()) for piece in pieces[::2]]
    if len(set(pieces[1::2])) > 1 or None in terms:
        return None
    return Condition(tuple(term for term in terms if term), pieces[1] if len(pieces) > 1 else "and")


def _term(text: str) -> Term | None:
    found = _EQUALS.fullmatch(text)
    if found:
        return Term(found[1], found[3] or found[4], found[2] == "=")
    found = _SELECTED.fullmatch(text)
    if found and bool(found[1]) == bool(found[5]):
        return Term(found[2], found[3] or found[4], not found[1])
    return None


def write_condition(condition: Condition, rows: Rows) -> str:
    """The expression of a condition."""
    return f" {condition.joined} ".join(_written(term, rows.row(term.question) or {}) for term in condition.terms)


def _written(term: Term, row: Cells) -> str:
    if kind_of(row) == "select_multiple":
        selected = f"selected(${{{term.question}}}, '{term.choice}')"
        return selected if term.holds else f"not({selected})"
    return f"${{{term.question}}} {'=' if term.holds else '!='} '{term.choice}'"


def may_depend_on(rows: Rows, name: str) -> list[Cells]:
    """The questions before this one whose choices its condition may name."""
    found = []
    for row in rows.survey:
        if row.get("name") == name:
            break
        if kind_of(row) in ("select_one", "select_multiple") and rows.choices_of(row):
            found.append(row)
    return found


def picked_condition(rows: Rows, row: Cells) -> Condition | None:
    """The condition of a question where it can be picked from lists; None where it was written by hand in another way."""
    found = read_condition(row.get("relevant", ""))
    possible = {
        (one.get("name"), choice.get("name"))
        for one in may_depend_on(rows, row.get("name", ""))
        for choice in rows.choices_of(one)
    }
    if found is None or any((term.question, term.choice) not in possible for term in found.terms):
        return None
    return found


def naming_choice(rows: Rows, row: Cells, choice: str) -> list[Cells]:
    """The questions whose condition names a choice of this question, or of another with the same list."""
    sharing = {one.get("name") for one in rows.survey if list_of(one) and list_of(one) == list_of(row)}
    found = []
    for one in rows.survey:
        condition = read_condition(one.get("relevant", ""))
        if condition and any(term.question in sharing and term.choice == choice for term in condition.terms):
            found.append(one)
    return found


def read_times(text: str) -> Times | None:
    """How often a section is repeated; None where that was written by hand in another way."""
    found = _TIMES.fullmatch(text.strip())
    if found is None:
        return None if text.strip() else Times()
    return Times(found[1] or "", found[2] or "")


def write_times(times: Times) -> str:
    """The expression of a number of times."""
    return f"${{{times.question}}}" if times.question else times.number


def may_count(rows: Rows, name: str) -> list[Cells]:
    """The questions before this section whose answer is a whole number."""
    found = []
    for row in rows.survey:
        if row.get("name") == name:
            break
        if kind_of(row) == "integer":
            found.append(row)
    return found


def read_limits(row: Cells) -> Limits | None:
    """The limits of a question; None where they were written by hand in another way."""
    if kind_of(row) == "range":
        found = dict(pair.split("=", 1) for pair in row.get("parameters", "").split() if "=" in pair)
        return Limits(found.get("start", ""), found.get("end", ""), found.get("step", ""))
    text = row.get("constraint", "").strip()
    if not text:
        return Limits()
    pieces = [_BOUND.fullmatch(piece.strip()) for piece in re.split(r"\s+and\s+", text)]
    several = kind_of(row) == "select_multiple"
    bounds = {piece[2]: piece[3] for piece in pieces if piece and (piece[1] != ".") == several}
    if len(bounds) != len(pieces):
        return None
    return Limits(bounds.get(">=", ""), bounds.get("<=", ""))


def write_limits(row: Cells, limits: Limits) -> dict[str, str]:
    """The cells of a question that say its limits."""
    if kind_of(row) == "range":
        known = {"start": limits.lowest, "end": limits.highest, "step": limits.step}
        kept = [pair for pair in row.get("parameters", "").split() if pair.partition("=")[0] not in known]
        own = [f"{key}={value}" for key, value in known.items() if value]
        return {"parameters": " ".join([*own, *kept])}
    asked = "count-selected(.)" if kind_of(row) == "select_multiple" else "."
    return {"constraint": _bounds(asked, ((">=", limits.lowest), ("<=", limits.highest)))}


def _bounds(asked: str, pairs: Iterable[tuple[str, str]]) -> str:
    return " and ".join(f"{asked} {operator} {number}" for operator, number in pairs if number)

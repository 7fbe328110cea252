"""One question or section of the draft: its texts in six languages side by side, choices, limits, condition, and how it will look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.errors import Missing
from outreach.i18n import LANGUAGES, _
from outreach.identity.words import StaffRole
from outreach.questionnaires import drafting, editing
from outreach.questionnaires.answers import number_of
from outreach.questionnaires.rows import Cells, Rows, kind_of, list_of
from outreach.questionnaires.written_rules import (
    Condition,
    Limits,
    Term,
    may_depend_on,
    read_condition,
    read_limits,
    write_condition,
    write_limits,
)
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import blueprint
from outreach.web.staff.questionnaire_editor import TYPES, draft_of, open_campaign, said

TEXTS = ("label", "hint")
LONGEST = 5_000
_MOST_CHOICES = 500
_TERMS, _MOST_TERMS = 3, 50
_NUMBERED = ("integer", "decimal", "range")


@dataclass(frozen=True)
class Typed:
    """What a page holds of a question: its cells, its choices, its limits and its condition, as they are or as they were typed."""

    cells: Mapping[str, str]
    choices: tuple[Cells, ...]
    limits: Limits | None
    condition: Condition | None


@blueprint.get("/campaigns/<code>/questionnaire/edit/questions/<name>")
@staff(StaffRole.MANAGER)
def question_edited(code: str, name: str) -> str:
    """A question, to be changed."""
    campaign = open_campaign(code)
    rows = draft_of(campaign).rows
    return _page(campaign, rows, _row(rows, name))


@blueprint.post("/campaigns/<code>/questionnaire/edit/questions/<name>")
@staff(StaffRole.MANAGER)
def question_saved(code: str, name: str) -> Response | tuple[str, int]:
    """Save what was typed, and do what the pressed button says."""
    campaign = open_campaign(code)
    rows, do = draft_of(campaign).rows, request.form.get("do", "save")
    row = _row(rows, name)
    typed = _typed(rows, row)
    if request.form.get("seen") != drafting.mark(rows, row):
        fault = _("Somebody changed this question meanwhile. What you typed stands below; nothing is saved yet.")
        return _page(campaign, rows, row, typed, {"": fault}), 409
    faults = _faults(typed)
    if faults:
        return _page(campaign, rows, row, typed, faults), 422

    def change(before: Rows) -> Rows:
        if do == "remove":
            return editing.remove(before, name)
        return _saved(before, name, typed, do)

    version_id = campaign.questionnaire_version_id
    drafting.write(unit.session(), unit.storage(), campaign.code, version_id, change, staff_actor().name)
    if do == "remove":
        flash(_("The question was taken out of the draft."), "done")
    if do in ("remove", "back"):
        return redirect(url_for("staff.questionnaire_editor", code=campaign.code, _anchor=f"q-{name}"))
    if do == "save":
        flash(_("Saved."), "done")
    anchor = "choices" if do.startswith("choice") else None
    return redirect(url_for("staff.question_edited", code=campaign.code, name=name, _anchor=anchor))


def _row(rows: Rows, name: str) -> Cells:
    row = rows.row(name)
    if row is None:
        raise Missing(_("There is no such question. Somebody may have taken it out."))
    return row


def _plain(field: str) -> str:
    text = request.form.get(field, "").replace("\r\n", "\n").strip()
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


def _typed(rows: Rows, row: Cells) -> Typed:
    """What was sent for a question of these rows; what the page has no field for stays out of it."""
    kind = kind_of(row)
    cells = {f"{text}::{code}": _plain(f"{text}-{code}") for text in TEXTS for code in LANGUAGES}
    cells["outreach::code"] = _plain("number")
    if kind in editing.TYPES and request.form.get("kind") in editing.TYPES:
        cells["type"] = request.form["kind"]
    if row.get("required", "").lower() in ("", "yes", "no", "true", "false", "true()", "false()", "1", "0"):
        cells["required"] = "yes" if request.form.get("required") else ""
    if "word-limit" in request.form:
        cells["outreach::word_limit"] = _plain("word-limit")
    limits = Limits(_plain("lowest"), _plain("highest")) if {"lowest", "highest"} & set(request.form) else None
    return Typed(cells, tuple(_choices()), limits, _condition(rows, row))


def _choices() -> list[Cells]:
    found: list[Cells] = []
    for index in range(min(request.form.get("choices", 0, type=int), _MOST_CHOICES)):
        texts = {f"label::{code}": _plain(f"choice-{index}-{code}") for code in LANGUAGES}
        found.append({"name": _plain(f"choice-{index}-name"), **texts})
    return found


def _condition(rows: Rows, row: Cells) -> Condition | None:
    """The condition that was picked; None where the page had none to pick from, or an author's own stays."""
    possible = {
        f"{one.get('name')}={choice.get('name')}": (one.get("name", ""), choice.get("name", ""))
        for one in may_depend_on(rows, row.get("name", ""))
        for choice in rows.choices_of(one)
    }
    terms = tuple(
        Term(*possible[request.form[f"if-{place}"]], request.form.get(f"is-{place}") != "not")
        for place in range(min(request.form.get("terms", 0, type=int), _MOST_TERMS))
        if request.form.get(f"if-{place}") in possible
    )
    if not terms and (read_condition(row.get("relevant", "")) is None or "if-0" not in request.form):
        return None
    return Condition(terms, "or" if request.form.get("joined") == "or" else "and")


def _faults(typed: Typed) -> dict[str, str]:
    faults = {}
    limit = typed.cells.get("outreach::word_limit", "")
    if limit and not (limit.isascii() and limit.isdigit() and 0 < int(limit) < 100_000):
        faults["word-limit"] = _("Please write a whole number in digits, without points or commas, such as 1200.")
    for field, text in (("lowest", typed.limits.lowest), ("highest", typed.limits.highest)) if typed.limits else ():
        if text and (number_of(text) is None or "," in text):
            faults[field] = _("Please write a number in digits, without separators of thousands, such as 1200.5.")
    if any(len(text) > LONGEST for text in typed.cells.values()):
        faults[""] = _("Please write at most %(max)d characters.", max=LONGEST)
    return faults


def _saved(rows: Rows, name: str, typed: Typed, do: str) -> Rows:
    row = _row(rows, name)
    cells = dict(typed.cells)
    if typed.limits is not None and (read_limits(row) is not None or typed.limits != Limits()):
        cells |= write_limits(row, typed.limits)
    if typed.condition is not None:
        cells["relevant"] = write_condition(typed.condition, rows)
    if typed.choices and list_of(row):
        known = {choice.get("name") for choice in rows.choices_of(row)}
        given = [one if one.get("name") in known else {**one, "name": ""} for one in _ordered(typed.choices, do)]
        rows = editing.set_choices(rows, name, given)
    if cells.get("type", kind_of(row)) != kind_of(row):
        # The limits of one type say nothing to another.
        cells |= {"constraint": "", "parameters": "start=1 end=5 step=1" if cells["type"] == "range" else ""}
    return editing.change(rows, name, cells)


def _ordered(choices: tuple[Cells, ...], do: str) -> list[Cells]:
    """The choices after the button among them: choice-add, choice-up-2, choice-down-2, choice-out-2."""
    made = list(choices)
    if do == "choice-add":
        return [*made, {}]
    act, _sign, place = do.rpartition("-")
    if not place.isdigit() or int(place) >= len(made):
        return made
    index = int(place)
    if act == "choice-out" and len(made) > 1:
        del made[index]
    elif act in ("choice-up", "choice-down"):
        one = made.pop(index)
        made.insert(max(0, index - 1) if act == "choice-up" else index + 1, one)
    return made


def _page(
    campaign: Any, rows: Rows, row: Cells, typed: Typed | None = None, faults: Mapping[str, str] | None = None
) -> str:
    kind = kind_of(row)
    shown = Typed(row, rows.choices_of(row), read_limits(row), read_condition(row.get("relevant", "")))
    if typed is not None:
        shown = replace(
            typed,
            cells={**row, **typed.cells},
            choices=typed.choices or shown.choices,
            limits=typed.limits or shown.limits,
            condition=typed.condition or shown.condition,
        )
    terms: list[Any] = list(shown.condition.terms) if shown.condition else []
    return render_template(
        "staff/questionnaire_question.html",
        campaign=campaign,
        row=row,
        kind=kind,
        group=kind.startswith("begin_"),
        typed=shown,
        seen=drafting.mark(rows, row),
        faults=faults or {},
        ways=(rows.default_language, *(code for code in LANGUAGES if code != rows.default_language)),
        types=TYPES,
        kinds=editing.TYPES,
        numbered=kind in _NUMBERED,
        terms=[*terms, *[None] * max(1, _TERMS - len(terms))],
        before=[
            (one, said(rows, one), [(c, said(rows, c)) for c in rows.choices_of(one)])
            for one in may_depend_on(rows, row.get("name", ""))
        ],
        shared=[
            rows.place(one) for one in rows.survey if list_of(one) and list_of(one) == list_of(row) and one is not row
        ],
        place=rows.place(row),
        has_hint=any(shown.cells.get(f"hint::{code}") for code in LANGUAGES),
    )

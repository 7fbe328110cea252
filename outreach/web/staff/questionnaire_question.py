"""One question or section of the draft: its texts in six languages side by side, choices, limits, condition, and how it will look."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from outreach.errors import Missing
from outreach.i18n import LANGUAGES, _, join, speaking
from outreach.identity.words import StaffRole
from outreach.questionnaires import drafting, editing, picture_files, stakeholders
from outreach.questionnaires.columns import MEDIA, MEDIA_TEXT
from outreach.questionnaires.rows import Cells, Rows, kind_of, list_of
from outreach.questionnaires.written_rules import may_count, may_depend_on, naming_choice
from outreach.web import names, unit
from outreach.web.access import staff
from outreach.web.staff import blueprint, questionnaire_typed
from outreach.web.staff.questionnaire_editor import (
    TYPES,
    draft_of,
    drawn,
    open_campaign,
    pictures_of,
    said,
    spot_words,
    write,
)
from outreach.web.staff.questionnaire_typed import PLAIN_REQUIRED, YES, Typed, rule_of

_TERMS = 3
_NUMBERED = ("integer", "decimal", "range")
_UNSEEN = ("calculate", "hidden")
_ELSEWHERE_UNSEEN = ("calculation", "trigger", "default", "readonly", "choice_filter")


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
    typed = questionnaire_typed.typed(rows, row, pictures_of(campaign, rows))
    if request.form.get("seen") != drafting.mark(rows, row):
        fault = _("Somebody changed this question meanwhile. What you typed stands below; nothing is saved yet.")
        return _page(campaign, rows, row, typed, {"": fault, **typed.lost()}), 409
    faults = questionnaire_typed.faults(rows, row, typed) if do != "remove" else {}
    if faults:
        return _page(campaign, rows, row, typed, faults), 422

    opened = [name]

    def change(before: Rows) -> Rows:
        if do == "remove":
            return editing.remove(before, name)
        _row(before, name)
        made = questionnaire_typed.saved(before, name, typed, do)
        if do == "copy":
            made, copied = editing.copy(made, name)
            opened.append(copied)
        return editing.place(made, name, request.form.get("below", "")) if do == "move" else made

    unit.storage().put_all(list(typed.pictures.given.values()))
    after = write(campaign, change).rows
    if do == "remove":
        flash(_("The question was taken out of the draft."), "done")
    if do in ("remove", "back", "move"):
        # What is added next comes below it.
        below = None if do == "remove" else name
        return redirect(url_for("staff.questionnaire_editor", code=campaign.code, below=below, _anchor=f"q-{name}"))
    if do == "save":
        flash(_("Saved."), "done")
    if do == "copy":
        flash(_("Saved. This is the copy."), "done")
    _tell_who_names(rows, after, row)
    anchor = _looked_at(after, row, do)
    return redirect(url_for("staff.question_edited", code=campaign.code, name=opened[-1], _anchor=anchor))


def _row(rows: Rows, name: str) -> Cells:
    row = rows.row(name)
    if row is None:
        raise Missing(_("There is no such question. Somebody may have taken it out."))
    return row


def _tell_who_names(before: Rows, after: Rows, row: Cells) -> None:
    """Say which conditions name a choice that was taken out: they can't hold any more."""
    left = {choice.get("name") for choice in after.choices_of(row)}
    gone = [choice["name"] for choice in before.choices_of(row) if choice.get("name") and choice["name"] not in left]
    places = dict.fromkeys(
        f"\u2068{after.place(one)}\u2069" for name in gone for one in naming_choice(after, row, name)
    )
    if places:
        flash(
            _(
                "These conditions name a choice that was taken out; please look at them: %(questions)s",
                questions=join(list(places)),
            ),
            "note",
        )


def _looked_at(after: Rows, row: Cells, do: str) -> str | None:
    """Where the page opens after a button among the choices: at the text of the new one, at the same button of one that was moved."""
    act, _sign, place = do.rpartition("-")
    last = len(after.choices_of(row)) - 1
    if do == "choice-add":
        return f"choice-{last}-{after.default_language}"
    if act in ("choice-up", "choice-down") and place.isdigit():
        return f"{act}-{max(0, min(last, int(place) + (1 if act == 'choice-down' else -1)))}"
    return "choices" if act == "choice-out" else None


def _page(
    campaign: Any, rows: Rows, row: Cells, typed: Typed | None = None, faults: Mapping[str, str] | None = None
) -> str:
    kind, name = kind_of(row), row.get("name", "")
    shown = questionnaire_typed.standing(rows, row)
    if typed is not None:
        shown = replace(
            typed,
            cells={**row, **typed.cells},
            choices=typed.choices or shown.choices,
            limits=typed.limits or shown.limits,
            condition=typed.condition or shown.condition,
            times=typed.times or shown.times,
        )
    cells = shown.cells
    terms: list[Any] = list(shown.condition.terms) if shown.condition else []
    rules = _rules(row)
    return render_template(
        "staff/questionnaire_question.html",
        campaign=campaign,
        row=row,
        kind=kind,
        group=kind.startswith("begin_"),
        answered=not kind.startswith("begin_") and kind not in ("note", *_UNSEEN),
        unseen=kind in _UNSEEN,
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
            for one in may_depend_on(rows, name)
        ],
        counting=[(one, said(rows, one)) for one in may_count(rows, name)] if kind == "begin_repeat" else [],
        shared=[
            f"\u2068{rows.place(one)}\u2069"
            for one in rows.survey
            if list_of(one) and list_of(one) == list_of(row) and one is not row
        ],
        place=rows.place(row),
        has_hint=any(cells.get(f"hint::{code}") for code in LANGUAGES),
        has_guidance=any(cells.get(f"guidance_hint::{code}") for code in LANGUAGES),
        has_picture=any(field.startswith("picture-") for field in faults or ())
        or any(cells.get(f"{kind}::{code}") for kind in (MEDIA, MEDIA_TEXT) for code in LANGUAGES),
        plain_required=row.get("required", "").lower() in PLAIN_REQUIRED,
        required=cells.get("required", "").lower() in YES,
        families=_families(),
        asked=stakeholders.read(cells.get("outreach::stakeholders", "")),
        publish=cells.get("outreach::publish", "").lower(),
        rules={column: cells[column] if column in shown.by_hand else rule_of(cells, column) for column in rules},
        rules_open=_rules_open(shown, row, faults or {}),
        spots=[(spot.value, spot_words(rows, spot)) for spot in editing.spots(rows, name)],
        named=[(line.row, said(rows, line.row)) for line in editing.lines(rows) if line.row.get("name")],
        lines={code: _preview_lines(code, cells) for code in LANGUAGES},
        drawn=drawn(campaign, rows),
        written={choice.get("name", ""): choice for choice in rows.choices_of(row)},
        held=pictures_of(campaign, rows),
        most=picture_files.MOST_BYTES // 1024**2,
    )


def _rules(row: Cells) -> tuple[str, ...]:
    """The rules that a question or section of this kind can have, in the order of the page."""
    kind = kind_of(row)
    if kind == "begin_repeat":
        return ("relevant", "repeat_count", "appearance")
    if kind in ("begin_group", "note"):
        return ("relevant", "appearance")
    if kind in _UNSEEN:
        return ("relevant", "calculation", "trigger", "default")
    own = ("choice_filter",) if list_of(row) else ()
    # Those that only other tools use are shown where an author wrote some.
    other = ("parameters",) if kind == "range" or row.get("parameters") else ()
    worked_out = ("calculation", "trigger", "default", "readonly")
    return ("relevant", "constraint", "required", *worked_out, *own, *other, "appearance")


def _rules_open(shown: Typed, row: Cells, faults: Mapping[str, str]) -> bool:
    """Whether anything stands among the rules that the page shows nowhere else."""
    messages = [f"{kind}::{code}" for kind in ("constraint_message", "required_message") for code in LANGUAGES]
    return (
        bool(shown.by_hand)
        or kind_of(row) in _UNSEEN
        or any(name.startswith("rule-") for name in faults)
        or any(row.get(column) for column in _ELSEWHERE_UNSEEN + tuple(messages))
        or (kind_of(row) != "range" and bool(row.get("parameters")))
        or bool(rule_of(row, "required"))
        or (shown.condition is None and bool(row.get("relevant")))
        or (shown.limits is None and bool(row.get("constraint")))
    )


def _families() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Who can be asked: the wide words, each with the kinds of institutions that it means."""
    kinds = {kind.value: words for kind, words in names.kinds().items()}
    wide = {
        stakeholders.STATE: _("All missions of States"),
        stakeholders.NATIONAL_AUTHORITY: _("All national authorities"),
        stakeholders.STAKEHOLDER: _("All other stakeholders"),
    }
    return [
        (word, wide.get(word) or kinds[word], [(kind.value, kinds[kind.value]) for kind in inside])
        for word, inside in stakeholders.FAMILIES
    ]


def _preview_lines(code: str, cells: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """What stands below the hint, in a language: the field (and value) that it hangs on, the sentence, whether it stands there now."""
    basis, publish = cells.get("outreach::legal_basis", ""), cells.get("outreach::publish", "").lower()
    with speaking(code):
        head, _place, tail = _("Legal basis: %(text)s", text="\x00").partition("\x00")
        return [
            (
                "legal-basis",
                Markup('{}<bdi data-shows="legal-basis">{}</bdi>{}').format(head, basis, tail),
                bool(basis),
            ),
            ("publish=never", _("The answer to this question is never published."), publish == "never"),
            (
                "publish=ask",
                _("Whether the answer to this question may be published is asked when you send it."),
                publish == "ask",
            ),
        ]

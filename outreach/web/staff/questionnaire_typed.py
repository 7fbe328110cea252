"""What was typed on the page of a question or section of the draft, what is wrong with it, and the rows with it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import request

from outreach.i18n import LANGUAGES, _
from outreach.questionnaires import checking_cells, editing, stakeholders
from outreach.questionnaires.answers import number_of
from outreach.questionnaires.columns import MEDIA
from outreach.questionnaires.form import Publish
from outreach.questionnaires.rows import TEXTS, Cells, Rows, kind_of, list_of
from outreach.questionnaires.written_rules import (
    Condition,
    Limits,
    Term,
    Times,
    may_count,
    may_depend_on,
    picked_condition,
    read_limits,
    read_times,
    write_condition,
    write_limits,
    write_times,
)
from outreach.web.staff.questionnaire_picture_fields import PictureFields

LONGEST = 5_000
RULES = (
    *("relevant", "constraint", "required", "calculation", "trigger", "default", "readonly", "choice_filter"),
    *("repeat_count", "parameters", "appearance"),
)
"""The columns that are written as XLSForm knows them, in the order of a page."""
PLAIN_REQUIRED = ("", "yes", "no", "true", "false", "true()", "false()", "1", "0")
YES = ("yes", "true", "true()", "1")
_PICKED = {
    "type": "kind",
    "relevant": "when",
    "constraint": "lowest",
    "parameters": "lowest",
    "repeat_count": "times",
    "outreach::word_limit": "word-limit",
    checking_cells.CHOICES: "choices",
}
"""The fields of what is picked or stands by itself, by its column."""
_LIMITS = ("lowest", "highest", "step")
_MOST_CHOICES, _MOST_TERMS = 500, 50


@dataclass(frozen=True)
class Typed:
    """What a page holds of a question: its cells, its choices, what is picked for it, as they are or as they were typed.

    None: the page has no such fields, or its author wrote a rule in another way, which stays. `by_hand` are the cells of `RULES` that
    were changed, `more_choices` the lines that are choices to be added, `other` whether “Other” is
    offered behind them, `pictures` those that were given.
    """

    cells: Mapping[str, str]
    choices: tuple[Cells, ...]
    limits: Limits | None
    condition: Condition | None
    times: Times | None
    by_hand: Mapping[str, str] = field(default_factory=dict)
    more_choices: str = ""
    other: bool | None = None
    pictures: PictureFields = field(default_factory=lambda: PictureFields({}))

    def lost(self) -> dict[str, str]:
        """What is said at the fields of files when the page comes back, by the fields' names."""
        return dict.fromkeys(self.pictures.again, _("Please choose the file once more.")) | self.pictures.faults


def standing(rows: Rows, row: Cells) -> Typed:
    """A question as the draft has it."""
    times = read_times(row.get("repeat_count", "")) if kind_of(row) == "begin_repeat" else None
    if times and times.question and times.question not in {one.get("name") for one in may_count(rows, row["name"])}:
        times = None
    return Typed(
        row, rows.choices_of(row), read_limits(row), picked_condition(rows, row), times, other=editing.offers_other(row)
    )


def rule_of(row: Cells, column: str) -> str:
    """What stands in the field of a rule; whether an answer is required at all is ticked elsewhere."""
    text = _clean(row.get(column, ""))
    return "" if column == "required" and text.lower() in PLAIN_REQUIRED else text


def typed(rows: Rows, row: Cells, held: Mapping[str, str]) -> Typed:
    """What was sent for a question of these rows, where these pictures are `held`; what the page has no field for stays out of it."""
    stood, sent, pictures = standing(rows, row), request.form, PictureFields(held)
    cells = {
        f"{text}::{code}": _sent(f"{text}-{code}") for text in TEXTS for code in LANGUAGES if f"{text}-{code}" in sent
    }
    for code in LANGUAGES:
        named = pictures.read(f"picture-{code}", row.get(f"{MEDIA}::{code}", ""))
        if named is not None:
            cells[f"{MEDIA}::{code}"] = named
    if "number" in sent:
        cells["outreach::code"] = _sent("number")
    if kind_of(row) in editing.TYPES and sent.get("kind") in editing.TYPES:
        cells["type"] = sent["kind"]
    if "requirable" in sent and row.get("required", "").lower() in PLAIN_REQUIRED:
        ticked, stands = bool(sent.get("required")), row.get("required", "").lower() in YES
        if ticked != stands:
            cells["required"] = "yes" if ticked else ""
    for column, name in (("outreach::word_limit", "word-limit"), ("outreach::legal_basis", "legal-basis")):
        if name in sent:
            cells[column] = _sent(name)
    by_hand = {
        column: _sent(f"rule-{column}")
        for column in RULES
        if f"rule-{column}" in sent and _sent(f"rule-{column}") != rule_of(row, column)
    }
    return Typed(
        cells={**cells, **_asked(row), **by_hand},
        choices=tuple(_choices(rows, row, pictures)),
        limits=Limits(*map(_sent, _LIMITS)) if {*_LIMITS} & set(sent) else None,
        condition=_condition(rows, row, stood),
        times=_times(rows, row, stood),
        by_hand=by_hand,
        more_choices=_sent("more-choices"),
        other=bool(sent.get("other")) if "otherable" in sent else None,
        pictures=pictures,
    )


def faults(rows: Rows, row: Cells, of: Typed) -> dict[str, str]:
    """What is wrong with what was typed, by the field's name; rules are looked at as an import does."""
    found = dict(of.pictures.faults)
    limit = of.cells.get("outreach::word_limit", "")
    if limit and not (limit.isascii() and limit.isdigit() and 0 < int(limit) < 100_000):
        found["word-limit"] = _("Please write a whole number in digits, without points or commas, such as 1200.")
    for name in _LIMITS if of.limits else ():
        text = getattr(of.limits, name)
        if text and (number_of(text) is None or "," in text):
            found[name] = _("Please write a number in digits, without separators of thousands, such as 1200.5.")
    if of.times and not (of.times.number or "0").isdecimal():
        found["times"] = _("Please write a whole number in digits, without points or commas, such as 1200.")
    elif of.times and of.times.number and of.times.question:
        found["times"] = _("Please write a number or choose a question, not both.")
    if any(len(text) > LONGEST for text in of.cells.values()):
        found[""] = _("Please write at most %(max)d characters.", max=LONGEST)
    if len(of.choices) + len(of.more_choices.splitlines()) > _MOST_CHOICES:
        found["more-choices"] = _("A list takes at most %(max)d choices.", max=_MOST_CHOICES)
    stood = standing(rows, row)
    for column, picked in _picked(of, stood, row):
        if picked and of.by_hand.get(column):
            found[f"rule-{column}"] = _("Please change this either here or in the fields above, not in both.")
    if not found:
        wrong = checking_cells.faults(rows, saved(rows, row["name"], of), row["name"])
        found = {_field(column, of): sentence for column, sentence in wrong.items()}
    return {**of.lost(), **found} if found else {}


def _field(column: str, of: Typed) -> str:
    """The name of the field in which a cell of the question is written."""
    stem, _sign, code = column.rpartition("::")
    if stem in TEXTS:
        return f"{stem}-{code}"
    return f"rule-{column}" if column in of.by_hand else _PICKED.get(column, "")


def _picked(of: Typed, stood: Typed, row: Cells) -> list[tuple[str, bool]]:
    """The rules that can be picked as well, and whether another one was picked than stood there."""
    return [
        ("relevant", of.condition is not None and of.condition != stood.condition),
        (_bounded_by(row), of.limits is not None and of.limits != (stood.limits or Limits())),
        ("repeat_count", of.times is not None and of.times != stood.times),
    ]


def saved(rows: Rows, name: str, of: Typed, do: str = "save") -> Rows:
    """The rows with what was typed, after the button that was pressed."""
    row = rows.row(name) or {}
    cells = dict(of.cells)
    # A rule that was emptied by hand gives way to what was picked in its place.
    chosen = {
        column for column, picked in _picked(of, standing(rows, row), row) if picked and not of.by_hand.get(column)
    }
    if of.limits is not None and _bounded_by(row) in chosen:
        cells |= write_limits(row, of.limits)
    if of.condition is not None and "relevant" in chosen:
        cells["relevant"] = write_condition(of.condition, rows)
    if of.times is not None and "repeat_count" in chosen:
        cells["repeat_count"] = write_times(of.times)
    if of.choices and list_of(row):
        given = _ordered(editing.written_over(rows.choices_of(row), of.choices), do)
        lines = [" ".join(line.split()) for line in of.more_choices.splitlines()]
        given = editing.with_lines(given, [line for line in lines if line], rows.default_language)
        if do == "choice-add" and not any(lines):
            given.append({})
        rows = editing.set_choices(rows, name, given)
    if cells.get("type", kind_of(row)) != kind_of(row):
        # The limits of one type say nothing to another.
        parameters = "start=1 end=5 step=1" if cells["type"] == "range" else ""
        cells |= {"constraint": "", "parameters": parameters, **of.by_hand}
    fresh = {name: hashlib.sha256(content).hexdigest() for name, content in of.pictures.given.items()}
    made = replace(editing.change(rows, name, cells), pictures={**rows.pictures, **fresh})
    return made if of.other is None else editing.offer_other(made, name, offered=of.other)


def _bounded_by(row: Cells) -> str:
    """The column that holds the limits of a question."""
    return "parameters" if kind_of(row) == "range" else "constraint"


def _clean(text: str) -> str:
    plain = text.replace("\r\n", "\n").strip()
    return "".join(sign for sign in plain if sign >= " " or sign in "\n\t")


def _sent(name: str) -> str:
    return _clean(request.form.get(name, ""))


def _asked(row: Cells) -> dict[str, str]:
    """Who is asked, and whether the answer is published; a cell that says the same in an author's own way stays."""
    cells, sent = {}, request.form
    if "asked" in sent:
        words = set(sent.getlist("asked")) & stakeholders.WORDS
        if words != stakeholders.read(row.get("outreach::stakeholders", "")):
            cells["outreach::stakeholders"] = stakeholders.write(words)
    if sent.get("publish") in set(Publish) and sent["publish"] != row.get("outreach::publish", "").lower():
        cells["outreach::publish"] = sent["publish"]
    return cells


def _choices(rows: Rows, row: Cells, pictures: PictureFields) -> list[Cells]:
    found: list[Cells] = []
    drawn, column = {choice.get("name"): choice for choice in rows.choices_of(row)}, f"{MEDIA}::{rows.default_language}"
    for index in range(min(request.form.get("choices", 0, type=int), _MOST_CHOICES)):
        name, texts = (
            _sent(f"choice-{index}-name"),
            {f"label::{code}": _sent(f"choice-{index}-{code}") for code in LANGUAGES},
        )
        picture = pictures.read(f"choice-{index}-picture", drawn.get(name, {}).get(column, ""))
        found.append({"name": name, **texts, **({} if picture is None else {column: picture})})
    return found


def _condition(rows: Rows, row: Cells, stood: Typed) -> Condition | None:
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
    if not terms and (stood.condition is None or "if-0" not in request.form):
        return None
    # Of a single one it makes no difference.
    return Condition(terms, "or" if request.form.get("joined") == "or" and len(terms) > 1 else "and")


def _times(rows: Rows, row: Cells, stood: Typed) -> Times | None:
    if "times" not in request.form:
        return None
    possible = {one.get("name") for one in may_count(rows, row.get("name", ""))}
    question = request.form.get("times-of", "")
    found = Times(_sent("times"), question if question in possible else "")
    return None if found == Times() and stood.times is None else found


def _ordered(choices: Sequence[Cells], do: str) -> list[Cells]:
    """The choices after the button among them: choice-up-2, choice-down-2, choice-out-2."""
    made = list(choices)
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

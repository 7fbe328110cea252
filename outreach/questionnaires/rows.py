"""A questionnaire as the rows of its workbook: to change, to translate, to write out again. Nothing that an author wrote is lost.

Headings have one spelling here: texts are `label::fr`, whatever the author called the language; what this service does not know stays as it is.
"""

import io
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from outreach.i18n import LANGUAGES, NATIVE_NAMES
from outreach.questionnaires import columns, workbook
from outreach.questionnaires.remarks import Remarks
from outreach.questionnaires.unfolding import unfolded

TEXTS = ("label", "hint", "guidance_hint", columns.MEDIA_TEXT, "constraint_message", "required_message")
"""The kinds of texts that have a column a language."""

Cells = Mapping[str, str]

TABLE = "table-list"
"""The appearance of a group whose questions are shown as a table."""

_SURVEY = (
    *("type", "name", "outreach::code", "label", "hint", "guidance_hint", columns.MEDIA_TEXT),
    *("required", "required_message", "relevant"),
    *("constraint", "constraint_message", "calculation", "appearance", "default", "choice_filter", "repeat_count"),
    *("parameters", "outreach::word_limit", "outreach::stakeholders", "outreach::publish", "outreach::legal_basis"),
)
_CHOICES = ("list_name", "name", "label")
_SETTINGS = ("form_title", "form_id", "version", "default_language")
_WIDE, _USUAL = 44, 16


@dataclass(frozen=True)
class Rows:
    """The sheets survey, choices and settings, and the others as they were: name → headings and rows. `pictures` are those that were
    given in the editor: name → SHA-256 in the storage. `before` is what stood there when something was taken out last, to put it back."""

    survey: tuple[Cells, ...] = ()
    choices: tuple[Cells, ...] = ()
    settings: Cells = field(default_factory=dict)
    others: Mapping[str, tuple[tuple[str, ...], tuple[Cells, ...]]] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    before: "Rows | None" = None

    @property
    def default_language(self) -> str:
        """The language that the author wrote in."""
        return columns.language_named(self.settings.get("default_language", "")) or "en"

    @property
    def languages(self) -> tuple[str, ...]:
        """The official languages in which anything is asked."""
        return tuple(code for code in LANGUAGES if any(row.get(f"label::{code}") for row in self.survey))

    def row(self, name: str) -> Cells | None:
        """The question or group of this name, None where there is none."""
        return next((row for row in self.survey if row.get("name") == name), None)

    def choices_of(self, row: Cells) -> tuple[Cells, ...]:
        """The choices of a question."""
        return tuple(choice for choice in self.choices if choice.get("list_name") == list_of(row))

    def place(self, row: Cells) -> str:
        """What a question is called in a sentence: its printed number, else its name."""
        return row.get("outreach::code") or row.get("name", "")


def kind_of(row: Cells) -> str:
    """The first word of a row's type, in XLSForm's own spelling: begin_group, select_one, …"""
    words = row.get("type", "").split()
    if len(words) > 1 and words[0] in ("begin", "end") and words[1] in ("group", "repeat"):
        return f"{words[0]}_{words[1]}"
    return words[0] if words else ""


def list_of(row: Cells) -> str:
    """The name of the list that a question chooses from, empty for others."""
    words = row.get("type", "").split()
    return words[1] if len(words) > 1 and words[0] in ("select_one", "select_multiple", "rank") else ""


def from_workbook(content: bytes) -> Rows:
    """The rows of an .xlsx or .xls, its loops unfolded. Raises Invalid where it can't be read."""
    sheets = unfolded(workbook.read(content), Remarks())
    settings = sheets.pop("settings", None)
    said = _named(settings.rows[0].cells, "en") if settings and settings.rows else {}
    spoken = columns.spoken(said)
    survey, choices = sheets.pop("survey", None), sheets.pop("choices", None)
    return Rows(
        survey=tuple(_named(row.cells, spoken) for row in survey.rows) if survey else (),
        choices=tuple(_named(row.cells, spoken) for row in choices.rows) if choices else (),
        settings=said,
        others={name: (sheet.headings, tuple(row.cells for row in sheet.rows)) for name, sheet in sheets.items()},
    )


def _named(cells: Cells, spoken: str | None) -> dict[str, str]:
    return {_heading(heading, spoken): text for heading, text in cells.items()}


def _heading(heading: str, spoken: str | None) -> str:
    """One spelling for a heading: `label`, `Label::English (en)` and `label:en` are `label::en`; an author's own stays."""
    found = columns.column(heading, spoken)
    if found.kind in columns.TEXTS or found.kind == columns.MEDIA:
        return f"{found.kind}::{found.language}" if found.language else heading
    known = found.kind in columns.SURVEY or found.kind in columns.SETTINGS or found.kind == "list_name"
    return found.kind if known or found.kind.startswith("outreach::") else heading


def from_json(kept: Mapping[str, Any]) -> Rows:
    """The rows that `to_json` wrote."""
    return Rows(
        survey=tuple(kept["survey"]),
        choices=tuple(kept["choices"]),
        settings=kept["settings"],
        others={name: (tuple(headings), tuple(rows)) for name, (headings, rows) in kept["others"].items()},
        pictures=kept.get("pictures", {}),
        before=from_json(kept["before"]) if kept.get("before") else None,
    )


def to_json(rows: Rows) -> dict[str, Any]:
    """The rows as JSON takes them."""
    return {
        "survey": [dict(row) for row in rows.survey],
        "choices": [dict(row) for row in rows.choices],
        "settings": dict(rows.settings),
        "others": {
            name: [list(headings), [dict(row) for row in kept]] for name, (headings, kept) in rows.others.items()
        },
        "pictures": dict(rows.pictures),
        "before": to_json(replace(rows.before, before=None)) if rows.before else None,
    }


def to_workbook(rows: Rows) -> bytes:
    """An XLSForm of these rows: the known columns in a usual order, each language a column, the first row fixed."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _write(book.create_sheet("survey"), _columns(rows.survey, _SURVEY), rows.survey)
    if rows.choices:
        _write(book.create_sheet("choices"), _columns(rows.choices, _CHOICES), rows.choices)
    for name, (headings, kept) in rows.others.items():
        _write(book.create_sheet(name[:31]), headings, kept)
    named = rows.settings.get("default_language", "")
    spoken = columns.language_named(named)
    settings = {**rows.settings, "default_language": f"{NATIVE_NAMES[spoken]} ({spoken})" if spoken else named}
    _write(book.create_sheet("settings"), _columns([settings], _SETTINGS), [settings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def for_other_tools(rows: Rows) -> Rows:
    """The rows without what stops other tools: our own columns on the sheet of choices, and tables of questions from several lists."""
    return replace(
        rows,
        survey=tuple(_without_table(row, rows.survey[place + 1 :]) for place, row in enumerate(rows.survey)),
        choices=tuple({k: v for k, v in row.items() if not k.startswith("outreach::")} for row in rows.choices),
    )


def _without_table(row: Cells, following: tuple[Cells, ...]) -> Cells:
    """A group that is said to be a table as a plain one, where its questions don't choose from one list."""
    words = row.get("appearance", "").split()
    if TABLE not in words:
        return row
    inside = itertools.takewhile(lambda one: kind_of(one) != "end_group", following)
    if len({list_of(one) for one in inside if list_of(one)}) == 1:
        return row
    return {**row, "appearance": " ".join(word for word in words if word != TABLE)}


def _columns(rows: Iterable[Cells], known: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that are filled: the known ones first, each text with its languages side by side."""
    filled = dict.fromkeys(heading for row in rows for heading, text in row.items() if text)
    wanted = [
        heading
        for stem in known
        for heading in ((f"{stem}::{code}" for code in LANGUAGES) if stem in TEXTS else (stem,))
        if heading in filled or heading in ("type", "name", "list_name")
    ]
    return (*wanted, *(heading for heading in filled if heading not in wanted))


def _write(sheet: Worksheet, headings: tuple[str, ...], rows: Iterable[Cells]) -> None:
    for column, heading in enumerate(headings, start=1):
        stem, _mark, code = heading.rpartition("::")
        long = stem in (*TEXTS, columns.MEDIA) and code in LANGUAGES
        workbook.write_text(sheet, 1, column, f"{stem}::{NATIVE_NAMES[code]} ({code})" if long else heading)
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE if long else _USUAL
    for number, row in enumerate(rows, start=2):
        for column, heading in enumerate(headings, start=1):
            if row.get(heading):
                workbook.write_text(sheet, number, column, row[heading])
                sheet.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2" if sheet.title == "survey" else "A2"

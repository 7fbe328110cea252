"""XLSForm in: the types that a plain page can ask. All faults are told at once, in an author's words, by sheet and row.

Our own reading comes first, since pyxform stops at its first error; pyxform then has the last word on whether the
workbook is an XLSForm that other tools can use. Source: https://xlsform.org/en/ref-table/
"""

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from outreach.errors import Invalid
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, join
from outreach.questionnaires import rules, workbook
from outreach.questionnaires.form import NUMBERS, SELECTS, Choice, Form, Part, Question, QuestionType, Texts
from outreach.questionnaires.workbook import Row, Sheet

_TRANSLATED = re.compile(r"(label|hint|constraint_message)(?:::?\s*(.+))?")
_LANGUAGE = re.compile(r".*\(\s*([A-Za-z-]+)\s*\)|([a-z]{2})")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_SURVEY = frozenset(
    {"type", "name", "required", "relevant", "constraint", "appearance", "outreach::code", "outreach::word_limit"}
)
_CHOICES = frozenset({"list_name", "name"})
_SETTINGS = frozenset({"form_title", "form_id", "version", "default_language"})
_YES, _NO = frozenset({"yes", "true", "true()", "1"}), frozenset({"", "no", "false", "false()", "0"})
_LONG = 50
"""A text with a longer word limit gets several lines without being told."""


def read(content: bytes) -> Form:
    """The questionnaire in an XLSForm workbook. Raises Invalid with all faults found."""
    return _Reading(workbook.read(content)).form()


@dataclass
class _Group:
    name: str
    code: str
    label: Texts
    questions: list[Question] = field(default_factory=list)


class _Reading:
    """One workbook being read; `faults` collects what an author must change."""

    def __init__(self, sheets: dict[str, Sheet]) -> None:
        self.faults: list[str] = []
        self.survey = sheets.get("survey") or Sheet("survey", (), ())
        self.choices = sheets.get("choices") or Sheet("choices", (), ())
        settings = sheets.get("settings") or Sheet("settings", (), ())
        self.settings = settings.rows[0] if settings.rows else Row(2, {})
        if "survey" not in sheets:
            self.faults.append(_("The workbook has no sheet named “survey”."))
        self.default = self._language_named(self.settings.get("default_language")) or "en"
        self._columns(settings, _SETTINGS, ())
        self.texts_survey = self._columns(self.survey, _SURVEY, ("label", "hint", "constraint_message"))
        self.texts_choices = self._columns(self.choices, _CHOICES, ("label",))
        self.languages = tuple(
            code
            for code in LANGUAGES
            if any(kind == "label" and lang == code for kind, lang in self.texts_survey.values())
        )
        self.lists = self._lists()
        self.names: dict[str, Question | None] = {}

    def form(self) -> Form:
        """The form, or Invalid."""
        parts = self._parts()
        if not self.faults and not any(question.answerable for part in parts for question in part.questions):
            self.faults.append(_("The sheet “survey” asks no question."))
        if not self.faults:
            self._second_opinion()
        if self.faults:
            raise Invalid(_("The questionnaire was not taken over. Please correct the workbook."), faults=self.faults)
        return Form(
            id=self.settings.get("form_id") or "questionnaire",
            title=self.settings.get("form_title"),
            default_language=self.default if self.default in self.languages else self.languages[0],
            languages=self.languages,
            parts=tuple(Part(group.name, group.label, tuple(group.questions), group.code) for group in parts),
        )

    def _fault(self, sheet: Sheet, row: Row, sentence: str) -> None:
        self.faults.append(
            _("Sheet “%(sheet)s”, row %(row)d: %(sentence)s", sheet=sheet.name, row=row.number, sentence=sentence)
        )

    @staticmethod
    def _language_named(text: str) -> str | None:
        found = _LANGUAGE.fullmatch(text.strip())
        code = (found[1] or found[2]).lower() if found else None
        return code if code in LANGUAGES else None

    def _columns(self, sheet: Sheet, known: frozenset[str], kinds: tuple[str, ...]) -> dict[str, tuple[str, str]]:
        """The columns with texts, as heading → kind and language; others that are filled and unknown are faults."""
        found: dict[str, tuple[str, str]] = {}
        for heading in sheet.headings:
            plain = heading.replace("list name", "list_name")
            translated = _TRANSLATED.fullmatch(heading)
            rows = sheet.filled(heading)
            if translated and translated[1] in kinds:
                code = self._language_named(translated[2]) if translated[2] else self.default
                if code:
                    found[heading] = (translated[1], code)
                elif rows:
                    self.faults.append(
                        _(
                            "Sheet “%(sheet)s”, column “%(column)s”: the language is not one of the six. Please end the heading with its code, as in “label::Français (fr)”.",
                            sheet=sheet.name,
                            column=heading,
                        )
                    )
            elif plain not in known and rows and not self._authors_note(sheet, heading):
                self.faults.append(
                    _(
                        "Sheet “%(sheet)s”, column “%(column)s” (rows %(rows)s): this service does not use this column. Please delete it, or empty these cells.",
                        sheet=sheet.name,
                        column=heading,
                        rows=join([str(row) for row in rows[:20]]),
                    )
                )
        return found

    def _authors_note(self, sheet: Sheet, heading: str) -> bool:
        # On the choices sheet our own columns carry notes of the author, which no page shows; elsewhere they must be known.
        return sheet is self.choices and heading.startswith("outreach::")

    def _texts(self, row: Row, columns: dict[str, tuple[str, str]], kind: str) -> dict[str, str]:
        return {code: row.get(heading) for heading, (of, code) in columns.items() if of == kind and row.get(heading)}

    def _label(self, sheet: Sheet, row: Row, columns: dict[str, tuple[str, str]]) -> dict[str, str]:
        texts = self._texts(row, columns, "label")
        missing = [NATIVE_NAMES[code] for code in self.languages if code not in texts]
        if not texts:
            self._fault(sheet, row, _("The label is missing."))
        elif missing:
            self._fault(sheet, row, _("The label is missing in %(languages)s.", languages=join(missing)))
        return texts

    def _lists(self) -> dict[str, tuple[Choice, ...]]:
        def list_of(row: Row) -> str:
            return row.get("list_name") or row.get("list name")

        lists: dict[str, tuple[Choice, ...]] = {}
        for row in self.choices.rows:
            if not list_of(row):
                self._fault(self.choices, row, _("The list_name is missing."))
        for name, rows in groupby(sorted(filter(list_of, self.choices.rows), key=list_of), key=list_of):
            found: dict[str, Choice] = {}
            for row in rows:
                choice = row.get("name")
                if not choice or " " in choice:
                    self._fault(self.choices, row, _("The name is missing, or has spaces."))
                elif choice in found:
                    self._fault(
                        self.choices,
                        row,
                        _("The list “%(list)s” has the name “%(name)s” twice.", list=name, name=choice),
                    )
                else:
                    found[choice] = Choice(choice, self._label(self.choices, row, self.texts_choices))
            lists[name] = tuple(found.values())
        return lists

    def _parts(self) -> list[_Group]:
        parts: list[_Group] = []
        inside: Row | None = None
        for row in self.survey.rows:
            kind = (
                " ".join(row.get("type").split())
                .replace("begin group", "begin_group")
                .replace("end group", "end_group")
            )
            if kind == "begin_group":
                if inside is not None:
                    self._fault(self.survey, row, _("A group within a group can't be asked; one group is one page."))
                    continue
                inside = row
                self._named(row)
                parts.append(
                    _Group(row.get("name"), row.get("outreach::code"), self._label(self.survey, row, self.texts_survey))
                )
                for column in ("relevant", "appearance"):
                    if row.get(column):
                        self._fault(
                            self.survey, row, _("A group takes nothing in the column “%(column)s”.", column=column)
                        )
            elif kind == "end_group":
                if inside is None:
                    self._fault(self.survey, row, _("This end_group ends no group."))
                inside = None
            else:
                question = self._question(row, kind)
                if inside is None and (not parts or parts[-1].name):
                    parts.append(_Group("", "", {}))
                if question is not None:
                    parts[-1].questions.append(question)
        if inside is not None:
            self._fault(self.survey, inside, _("This group is never ended by an end_group."))
        return [part for part in parts if part.questions]

    def _named(self, row: Row) -> str:
        name = row.get("name")
        if not _NAME.fullmatch(name):
            self._fault(
                self.survey, row, _("The name is missing, or has other characters than letters, digits, _ and -.")
            )
        elif name in self.names:
            self._fault(self.survey, row, _("The name “%(name)s” was given before.", name=name))
        self.names.setdefault(name, None)
        return name

    def _question(self, row: Row, kind: str) -> Question | None:
        words = kind.split()
        try:
            asked = QuestionType(words[0] if words else "")
        except ValueError:
            asked = None
        if asked is None or len(words) > (2 if asked in SELECTS else 1):
            self._fault(
                self.survey,
                row,
                _(
                    "The type “%(type)s” can't be asked. Possible are %(types)s, and groups.",
                    type=kind,
                    types=join([t.value for t in QuestionType]),
                ),
            )
            return None
        choices: tuple[Choice, ...] = ()
        if asked in SELECTS:
            choices = self.lists.get(words[1] if len(words) > 1 else "", ())
            if not choices:
                self._fault(
                    self.survey,
                    row,
                    _("The list of choices “%(list)s” is not on the sheet “choices”.", list=" ".join(words[1:])),
                )
        limit = self._limit(row, asked)
        appearance = row.get("appearance")
        if appearance not in {"", "multiline"}:
            self._fault(
                self.survey,
                row,
                _("The appearance “%(appearance)s” is not used here; only “multiline” is.", appearance=appearance),
            )
        question = Question(
            name=self._named(row),
            type=asked,
            code=row.get("outreach::code"),
            label=self._label(self.survey, row, self.texts_survey),
            hint=self._texts(row, self.texts_survey, "hint"),
            required=self._required(row, asked),
            word_limit=limit,
            multiline=appearance == "multiline" or (limit or 0) > _LONG,
            choices=choices,
            asked_if=self._condition(row),
            bounds=self._bounds(row, asked),
            bounds_message=self._texts(row, self.texts_survey, "constraint_message"),
        )
        self.names[question.name] = question
        return question

    def _required(self, row: Row, asked: QuestionType) -> bool:
        said = row.get("required").lower()
        if said not in _YES | _NO:
            self._fault(self.survey, row, _("“required” takes yes or no."))
        if said in _YES and asked is QuestionType.NOTE:
            self._fault(self.survey, row, _("A note takes no answer, so it can't be required."))
        return said in _YES

    def _limit(self, row: Row, asked: QuestionType) -> int | None:
        said = row.get("outreach::word_limit")
        if not said:
            return None
        if asked is not QuestionType.TEXT or not re.fullmatch(r"[1-9]\d{0,4}", said):
            self._fault(
                self.survey, row, _("“outreach::word_limit” takes a number of words, for questions of the type text.")
            )
            return None
        return int(said)

    def _condition(self, row: Row) -> tuple[tuple[str, str], ...]:
        said = row.get("relevant")
        if not said:
            return ()
        pairs = rules.condition(said)
        if pairs is None:
            self._fault(
                self.survey,
                row,
                _(
                    "“relevant” takes only ${question} = 'choice', several joined by “or”. This can't be read: %(text)s",
                    text=said,
                ),
            )
            return ()
        for name, choice in pairs:
            before = self.names.get(name)
            if before is None or choice not in {c.name for c in before.choices}:
                self._fault(
                    self.survey,
                    row,
                    _(
                        "“relevant” names “%(name)s” = “%(choice)s”, but no question before it has that choice.",
                        name=name,
                        choice=choice,
                    ),
                )
        return pairs

    def _bounds(self, row: Row, asked: QuestionType) -> tuple[Any, ...]:
        said = row.get("constraint")
        found = rules.bounds(said) if said else ()
        if found is None or (found and asked not in NUMBERS):
            self._fault(
                self.survey,
                row,
                _(
                    "“constraint” takes only bounds of numbers, such as . >= 0 and . <= 100. This can't be read: %(text)s",
                    text=said,
                ),
            )
            return ()
        return found

    def _second_opinion(self) -> None:
        """Let pyxform read the same rows; our own columns on the choices sheet, which crash it, are left out."""
        settings = {key: value for key, value in self.settings.cells.items() if key in _SETTINGS}
        sheets = {
            "survey": [
                {k: v for k, v in row.cells.items() if not k.startswith("outreach::")} for row in self.survey.rows
            ],
            "choices": [
                {k: v for k, v in row.cells.items() if not k.startswith("outreach::")} for row in self.choices.rows
            ],
            "settings": [settings] if settings else [],
        }
        try:
            convert({name: rows for name, rows in sheets.items() if rows}, warnings=[], form_name="data")
        except PyXFormError as error:
            self.faults.append(_("The workbook is not a valid XLSForm: %(words)s", words=str(error)))

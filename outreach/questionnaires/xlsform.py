"""XLSForm in: all that can be asked on a page. All faults are told at once, in an author's words, by sheet and row; and what comes over
otherwise than it was written.

Our own reading comes first, since pyxform stops at its first error; what was read is then written out for pyxform, whose XForm the
rules run on. Source: https://xlsform.org/en/ref-table/
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from outreach.errors import Invalid
from outreach.i18n import _
from outreach.questionnaires import columns, references, sheets, types, workbook
from outreach.questionnaires.choice_lists import ChoiceLists
from outreach.questionnaires.columns import Columns
from outreach.questionnaires.engine import workbooks
from outreach.questionnaires.engine.faults import Endless, RuleFault
from outreach.questionnaires.engine.nodes import Steps
from outreach.questionnaires.engine.session import Session
from outreach.questionnaires.form import Form, Group, Item, Part
from outreach.questionnaires.question_rows import QuestionRows
from outreach.questionnaires.remarks import Remarks
from outreach.questionnaires.rules import rule_form
from outreach.questionnaires.unfolding import unfolded
from outreach.questionnaires.workbook import Row, Sheet

_log = logging.getLogger(__name__)
_MOST_SECONDS = 3.0
"""So long may the rules of a form take that nobody has answered yet."""


@dataclass(frozen=True)
class Imported:
    """A questionnaire as it was read; `remarks` say what is asked otherwise than it was written, or not used."""

    form: Form
    remarks: tuple[str, ...]


def read(content: bytes) -> Form:
    """The questionnaire in an XLSForm workbook. Raises Invalid with all faults found."""
    return read_with_remarks(content).form


def read_with_remarks(content: bytes) -> Imported:
    """The questionnaire in an XLSForm workbook, and what its author should know. Raises Invalid with all faults found."""
    return _Reading(workbook.read(content)).imported()


def remarks(content: bytes) -> Remarks:
    """What the author of a workbook should know beside its faults; its rules, which say nothing more, are not tried."""
    return _Reading(workbook.read(content)).noted()


@dataclass
class _Open:
    """A group that was begun and not ended yet."""

    row: Row
    repeat: bool
    group: Group
    items: list[Item]


class _Reading:
    """One workbook being read."""

    def __init__(self, given: Mapping[str, Sheet]) -> None:
        self.remarks = Remarks()
        given = unfolded({name: references.tidied(sheet) for name, sheet in given.items()}, self.remarks)
        self.survey = given.get("survey") or Sheet("survey", (), ())
        self.settings = columns.settings(given.get("settings") or Sheet("settings", (), ()))
        if "survey" not in given:
            self.remarks.fault(_("The workbook has no sheet named “survey”."))
        default = columns.spoken(self.settings)
        self.columns = Columns(self.survey, columns.SURVEY, default)
        self.remarks.others.extend(self.columns.remarks)
        self.languages = tuple(self.columns.languages())
        if "survey" in given and not self.languages:
            self.remarks.fault(
                _(
                    "The sheet “survey” has no labels in any of the six languages. Please end the headings with their codes, as in “label::Français (fr)”."
                )
            )
        self.default = default if default in self.languages else next(iter(self.languages), "en")
        self.lists = ChoiceLists(given, self.default, self.languages, self.remarks)
        self.rows = [row for row in self.survey.rows if self.columns.get(row, "disabled").lower() not in columns.YES]
        self.questions = QuestionRows(self.survey, self.rows, self.columns, self.lists, self.languages, self.remarks)

    def imported(self) -> Imported:
        """The form, or Invalid."""
        parts = self._parts()
        form = Form(
            id=self.settings.get("form_id") or "questionnaire",
            title=self.settings.get("form_title", ""),
            default_language=self.default,
            languages=self.languages,
            parts=tuple(parts),
        )
        if not self.remarks.faults and not any(form.questions()):
            self.remarks.fault(_("The sheet “survey” asks no question."))
        if not self.remarks.faults:
            form = self._with_rules(form)
        if self.remarks.faults:
            raise Invalid(
                _("The questionnaire was not taken over. Please correct the workbook."), faults=self.remarks.faults
            )
        return Imported(form, tuple(self.remarks.all()))

    def noted(self) -> Remarks:
        """The remarks alone."""
        self._parts()
        return self.remarks

    def _parts(self) -> list[Part]:
        parts: list[Part | list[Item]] = []
        stack: list[_Open] = []
        for row in self.rows:
            kind = self.columns.get(row, "type")
            if not kind:
                if self.columns.get(row, "name"):
                    self.remarks.fault_at(self.survey, row, _("The type is missing."))
                continue
            border = types.group(kind)
            if border is None:
                items = self.questions.read(row, kind)
                (stack[-1].items if stack else _loose(parts)).extend(items)
            elif border[0]:
                stack.append(_Open(row, border[1], self.questions.group(row, repeat=border[1]), []))
            elif not stack or stack[-1].repeat != border[1]:
                self.remarks.fault_at(self.survey, row, _("This end of a group ends no group."))
            else:
                self._close(stack, parts)
        for left in stack:
            self.remarks.fault_at(self.survey, left.row, _("This group is never ended."))
        return [Part("", {}, tuple(part)) if isinstance(part, list) else part for part in parts if part]

    def _close(self, stack: list[_Open], parts: list[Part | list[Item]]) -> None:
        done = stack.pop()
        if not done.items:
            return
        group = self.questions.whole(done.group, tuple(done.items))
        if stack:
            stack[-1].items.append(group)
        elif group.repeat or group.matrix:
            _loose(parts).append(group)
        else:
            parts.append(
                Part(
                    name=group.name,
                    label=group.label,
                    items=group.items,
                    code=group.code,
                    hint=group.hint,
                    image=group.image,
                    image_text=group.image_text,
                    relevant=group.relevant,
                    appearance=group.appearance,
                    stakeholders=group.stakeholders,
                )
            )

    def _with_rules(self, form: Form) -> Form:
        """The form with its XForm, its rules tried once; faults where there are any."""
        try:
            form = replace(form, xform=sheets.compiled(form))
            session = Session(rule_form(form, form.default_language), {}, {}, steps=Steps(_MOST_SECONDS))
            for place in list(session.places.values()):
                session.relevant(place)
                if place.definition.leaf:
                    session.value(place)
        except sheets.NotAForm as fault:
            if not fault.words:
                _log.warning("pyxform broke at a workbook: %r", fault.__cause__)
            sentence = (
                _("The workbook is not a valid XLSForm: %(words)s", words=fault.words)
                if fault.words
                else workbooks.no_form().message
            )
            self._fault_at(self.questions.row_of(fault.name) if fault.name else None, sentence)
        except RuleFault as fault:
            sentence = (workbooks.rule_fault(fault) if fault.rule else workbooks.no_form()).message
            self._fault_at(self.questions.row_of_rule(fault.rule), sentence)
        except (Endless, RecursionError):
            self.remarks.fault(_("The rules of this questionnaire take too long to work out."))
        return form

    def _fault_at(self, row: Row | None, sentence: str) -> None:
        if row is not None:
            self.remarks.fault_at(self.survey, row, sentence)
        else:
            self.remarks.fault(sentence)


def _loose(parts: list[Part | list[Item]]) -> list[Item]:
    """The items of the part for questions outside of groups, which is begun where the last one is a group."""
    last = parts[-1] if parts else None
    if not isinstance(last, list):
        last = []
        parts.append(last)
    return last

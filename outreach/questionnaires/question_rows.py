"""The rows of the sheet “survey” as questions and groups."""

import re
from dataclasses import replace

from outreach.i18n import NATIVE_NAMES, _, join
from outreach.questionnaires import columns, references, stakeholders, types
from outreach.questionnaires.choice_lists import OTHER, ChoiceLists, in_languages
from outreach.questionnaires.columns import Columns
from outreach.questionnaires.engine.faults import RuleFault
from outreach.questionnaires.engine.grammar import rule
from outreach.questionnaires.form import (
    LISTS,
    REFERENCE,
    SELECTS,
    UNSEEN,
    Group,
    Item,
    Publish,
    Question,
    QuestionType,
)
from outreach.questionnaires.remarks import Remarks
from outreach.questionnaires.types import Asked, TypeCell
from outreach.questionnaires.workbook import Row, Sheet

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NO = frozenset({"", "no", "false", "false()", "0"})
_LONG = 50
"""A text with a longer word limit gets several lines without being told."""
_RULES = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required", "readonly", "trigger")
_REFUSED = ("pulldata", "search", "last-saved")
_MATRIX = "table-list"
_USUAL_SPAN = {"start": "0", "end": "10", "step": "1"}
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


class QuestionRows:
    """The rows of one workbook; what is wrong with them is said to `remarks`."""

    def __init__(
        self,
        sheet: Sheet,
        rows: list[Row],
        found: Columns,
        lists: ChoiceLists,
        languages: tuple[str, ...],
        remarks: Remarks,
    ) -> None:
        self.sheet = sheet
        self.columns = found
        self.lists = lists
        self.languages = languages
        self.remarks = remarks
        self._rows: dict[str, Row] = {}
        for row in rows:
            border = types.group(found.get(row, "type"))
            if found.get(row, "name") and (border is None or border[0]):
                self._rows.setdefault(found.get(row, "name"), row)
        self._named: set[str] = set()

    def row_of(self, name: str) -> Row | None:
        """The row of a question or group."""
        return self._rows.get(name)

    def row_of_rule(self, said: str) -> Row | None:
        """The row in which a rule stands, whose references were written out as paths; None where no one or several have it."""
        found = [
            row
            for row in self._rows.values()
            if any(references.may_come_from(said, self._cell(row, kind)) for kind in (*_RULES, "default"))
        ]
        return found[0] if len(found) == 1 else None

    def read(self, row: Row, kind: str) -> list[Item]:
        """The question of a row, with the one for “other” that belongs to it; nothing where it can't be asked."""
        said = types.read(kind)
        if said is None:
            self._fault(row, _("The type “%(type)s” can't be asked here.", type=kind))
            return []
        if said.asked is Asked.LEFT_OUT:
            self._remark(row, _("The type “%(type)s” is not asked here.", type=kind))
        if said.asked is Asked.OTHERWISE:
            asked_as = said.type.value
            self._remark(row, _("The type “%(type)s” is asked as “%(asked)s” here.", type=kind, asked=asked_as))
        question = self._question(row, said)
        if said.or_other and said.type in SELECTS:
            named, choices = self.lists.with_other(question.choice_list, question.choices)
            question = replace(question, choice_list=named, choices=choices)
            return [question, self._specified(question)]
        return [question]

    def group(self, row: Row, *, repeat: bool) -> Group:
        """The group that a row begins, still empty."""
        get = self._cell
        self._rules(row)
        appearance = get(row, "appearance")
        return Group(
            name=self._name(row) if get(row, "name") else f"group_{row.number}",
            label=self._label(row, needed=False),
            items=(),
            code=get(row, "outreach::code"),
            hint=self._texts(row, "hint"),
            guidance=self._texts(row, "guidance_hint"),
            image=self._texts(row, columns.MEDIA),
            image_text=self._texts(row, columns.MEDIA_TEXT),
            repeat=repeat,
            count=get(row, "repeat_count") if repeat else "",
            matrix=_MATRIX in appearance.split(),
            relevant=get(row, "relevant"),
            appearance=" ".join(word for word in appearance.split() if word != _MATRIX),
            stakeholders=self._stakeholders(row),
        )

    def whole(self, group: Group, items: tuple[Item, ...]) -> Group:
        """A group with what it holds; as a table only where all of it is asked from the same list."""
        rows = [item for item in items if isinstance(item, Question) and item.answerable]
        lists = {item.choice_list for item in rows}
        looks = [item.appearance for item in items if isinstance(item, Question)]
        heading = bool(looks) and looks[0] == "label" and "list-nolabel" in looks[1:]
        if heading and isinstance(items[0], Question) and items[0].type in SELECTS:
            # The older way of a table: a question of which only the choices are shown, above others without theirs.
            first = items[0]
            note = replace(first, type=QuestionType.NOTE, choices=(), choice_list="", required=False)
            items = (note, *items[1:]) if first.label else items[1:]
            rows, lists = rows[1:], {item.choice_list for item in rows[1:]}
        plain = all(isinstance(item, Question) for item in items)
        kinds = {item.type for item in rows}
        table = (group.matrix or heading) and plain and len(lists) == 1 and len(kinds) == 1
        table = table and kinds <= {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE} and bool(rows[0].choices)
        table = table and rows[0].distinct == rows[0].choices
        row = self._rows.get(group.name)
        if group.matrix and not table and row is not None:
            self._remark(row, _("This is no table, since its questions don't all have the same choices."))
        return replace(group, items=items, matrix=table)

    def _question(self, row: Row, said: TypeCell) -> Question:
        get = self._cell
        unnamed = said.type is QuestionType.NOTE and not get(row, "name").strip()
        name = f"note_{row.number}" if unnamed else self._name(row)
        self._rules(row)
        required = get(row, "required")
        asks = said.type not in {QuestionType.NOTE, QuestionType.CALCULATE, QuestionType.HIDDEN}
        limit = self._limit(row, said.type)
        appearance = get(row, "appearance").split()
        dynamic = said.choices.startswith("${")
        choices = () if dynamic or not said.choices else self.lists.get(said.choices, said.external)
        self._check_choices(row, said, found=bool(choices) or dynamic)
        if said.type is QuestionType.CALCULATE and not get(row, "calculation") and not get(row, "default"):
            self._fault(row, _("The calculation is missing."))
        parameters = self._parameters(row, said.type)
        read_only = get(row, "readonly")
        if read_only.lower() not in columns.YES | _NO:
            # A rule of its own: whether a question can be answered is one and the same for all here.
            self._remark(row, _("“%(column)s” is not used here: %(rule)s", column="readonly", rule=read_only))
        span = _USUAL_SPAN | _pairs(parameters) if said.type is QuestionType.RANGE else {}
        return Question(
            name=name,
            type=said.type,
            label=self._label(row, needed=asks and not get(row, "calculation")),
            code=get(row, "outreach::code"),
            hint=self._texts(row, "hint"),
            guidance=self._texts(row, "guidance_hint"),
            image=self._texts(row, columns.MEDIA),
            image_text=self._texts(row, columns.MEDIA_TEXT),
            required=asks and required.lower() in columns.YES,
            required_if=required if asks and required.lower() not in columns.YES | _NO else "",
            required_message=self._texts(row, "required_message"),
            relevant=get(row, "relevant"),
            constraint=get(row, "constraint"),
            constraint_message=self._texts(row, "constraint_message"),
            calculation=get(row, "calculation"),
            trigger=get(row, "trigger"),
            default=get(row, "default"),
            read_only="yes" if read_only.lower() in columns.YES else "",
            word_limit=limit,
            multiline="multiline" in appearance or (limit or 0) > _LONG,
            choices=choices,
            choice_list=said.choices,
            choice_filter=get(row, "choice_filter"),
            lowest=span.get("start", ""),
            highest=span.get("end", ""),
            step=span.get("step", ""),
            appearance=" ".join(word for word in appearance if word != "multiline"),
            parameters=parameters,
            stakeholders=self._stakeholders(row),
            publish=self._publish(row),
            legal_basis=get(row, "outreach::legal_basis"),
            source=said.source,
        )

    def _parameters(self, row: Row, asked: QuestionType) -> str:
        """Those of a range that say where it begins, where it ends, and its steps; nothing else is used."""
        given = self._cell(row, "parameters")
        pairs = _pairs(given) if asked is QuestionType.RANGE else {}
        used = {name: value for name, value in pairs.items() if name in _USUAL_SPAN}
        if given and len(used) < max(len(pairs), 1):
            self._remark(row, _("“%(column)s” is not used here: %(rule)s", column="parameters", rule=given))
        return " ".join(f"{name}={value}" for name, value in used.items())

    def _specified(self, question: Question) -> Question:
        """The line for what “other” is."""
        name = f"{question.name}_{OTHER}"
        while name in self._rows or name in self._named:
            name += "_"
        self._named.add(name)
        chosen = f"selected(${{{question.name}}}, '{OTHER}')"
        return Question(
            name=name,
            type=QuestionType.TEXT,
            label=in_languages(self.languages, "Please specify"),
            relevant=f"({question.relevant}) and {chosen}" if question.relevant else chosen,
            stakeholders=question.stakeholders,
            publish=question.publish,
        )

    def _cell(self, row: Row, kind: str) -> str:
        """A cell; typographic quotation marks, which Word puts into rules, are plain ones."""
        said = self.columns.get(row, kind)
        return said.translate(_QUOTES) if kind in _RULES else said

    def _fault(self, row: Row, sentence: str) -> None:
        self.remarks.fault_at(self.sheet, row, sentence)

    def _remark(self, row: Row, sentence: str) -> None:
        self.remarks.remark_at(self.sheet, row, sentence)

    def _name(self, row: Row) -> str:
        name = self.columns.get(row, "name")
        if not _NAME.fullmatch(name):
            self._fault(row, _("The name is missing, or has other characters than letters, digits, _ and -."))
        elif name in self._named:
            self._fault(row, _("The name “%(name)s” was given before.", name=name))
        self._named.add(name)
        return name

    def _texts(self, row: Row, kind: str) -> dict[str, str]:
        texts = self.columns.texts(row, kind)
        for text in texts.values():
            self._references(row, text)
        return texts

    def _label(self, row: Row, *, needed: bool) -> dict[str, str]:
        texts = self._texts(row, "label")
        missing = [NATIVE_NAMES[code] for code in self.languages if code not in texts]
        if not texts and needed:
            if not self._texts(row, "hint"):
                self._remark(row, _("The label is missing; the name is shown."))
            return {self.lists.default: self.columns.get(row, "name")}
        if texts and missing:
            self._remark(row, _("The label is missing in %(languages)s.", languages=join(missing)))
        return texts

    def _references(self, row: Row, text: str) -> None:
        for name in REFERENCE.findall(text):
            if name not in self._rows:
                self._fault(row, _("“${%(name)s}” is no question of this workbook.", name=name))
        if references.begun_only(text):
            self._fault(row, _("A question is named as ${name}, with both brackets: %(text)s", text=text[:200]))

    def _rules(self, row: Row) -> None:
        """Look at each rule of a row: the questions that it names are there, and it can be read."""
        for kind in (*_RULES, "default"):
            said = self._cell(row, kind)
            if not said or (kind in {"required", "readonly"} and said.lower() in columns.YES | _NO):
                continue
            self._references(row, said)
            if kind == "trigger" and not self._names_asked(said):
                self._fault(row, _("“trigger” names questions that are asked, as ${name}, with commas between them."))
            refused = next((word for word in _REFUSED if re.search(rf"\b{word}\s*[(#]", said)), None)
            if refused:
                self._fault(row, _refusal(kind, refused))
            if refused or kind in {"default", "trigger"}:
                continue
            try:
                rule(REFERENCE.sub(" /x ", said).strip())
            except RuleFault as fault:
                self._fault(
                    row,
                    _(
                        "“%(column)s” can't be read: %(rule)s (%(reason)s)",
                        column=kind,
                        rule=said,
                        reason=fault.reason,
                    ),
                )
        if "search(" in self.columns.get(row, "appearance"):
            self._fault(row, _refusal("appearance", "search"))

    def _names_asked(self, said: str) -> bool:
        """Whether a text names questions that somebody answers, and nothing else."""
        rows = [self._rows[name] for name in REFERENCE.findall(said) if name in self._rows]
        found = [types.read(self.columns.get(row, "type")) for row in rows]
        return references.is_list(said) and all(one is not None and one.type not in UNSEEN for one in found)

    def _check_choices(self, row: Row, said: TypeCell, *, found: bool) -> None:
        if said.type not in SELECTS:
            return
        if not found and said.external and said.external != "external_choices":
            self._fault(
                row,
                _("The list “%(list)s” is a file of its own. Please add it to the workbook as a sheet of this name.", list=said.external),
            )  # fmt: skip
        elif not found:
            self._fault(row, _("The list of choices “%(list)s” is not on the sheet “choices”.", list=said.choices))
        if said.type in LISTS and said.choices in self.lists.spaced:
            sheet, choice = self.lists.spaced[said.choices]
            self.remarks.fault_at(
                sheet, choice, _("The name has a space; where several can be chosen, names have none.")
            )
        self._references(row, said.choices)
        self.lists.check_references(said.choices, self._rows)

    def _limit(self, row: Row, asked: QuestionType) -> int | None:
        said = self.columns.get(row, "outreach::word_limit")
        if not said:
            return None
        if asked is not QuestionType.TEXT or not re.fullmatch(r"[1-9]\d{0,4}", said):
            self._fault(row, _("“outreach::word_limit” takes a number of words, for questions of the type text."))
            return None
        return int(said)

    def _stakeholders(self, row: Row) -> frozenset[str]:
        said = frozenset(re.split(r"[\s,;]+", self.columns.get(row, "outreach::stakeholders"))) - {""}
        if unknown := sorted(said - stakeholders.WORDS):
            self._fault(
                row,
                _(
                    "“outreach::stakeholders” does not know %(unknown)s. Possible are: %(words)s",
                    unknown=join(unknown),
                    words=join(sorted(stakeholders.WORDS)),
                ),
            )
        return said & stakeholders.WORDS

    def _publish(self, row: Row) -> Publish:
        said = self.columns.get(row, "outreach::publish").lower()
        try:
            return Publish(said)
        except ValueError:
            self._fault(row, _("“outreach::publish” takes never or ask."))
            return Publish.AS_CHOSEN


def _refusal(column: str, word: str) -> str:
    if word == "last-saved":
        return _("“%(column)s”: “%(word)s” can't be used here.", column=column, word=word)
    return _(
        "“%(column)s”: “%(word)s” reads a file beside the workbook, which can't be done here. Please put its rows on the sheet “choices”.",
        column=column,
        word=word,
    )


def _pairs(said: str) -> dict[str, str]:
    """`start=1 end=5; step=1` by name."""
    pairs = (piece.partition("=") for piece in re.split(r"[\s,;]+", re.sub(r"\s*=\s*", "=", said)))
    return {name: value for name, _is, value in pairs if name}

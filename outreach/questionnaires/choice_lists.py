"""The lists of choices of a workbook: on the sheet “choices”, or each on a sheet of its own."""

import re
from collections.abc import Collection, Mapping

from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, join, speaking
from outreach.questionnaires import columns
from outreach.questionnaires.columns import Columns
from outreach.questionnaires.form import REFERENCE, Choice
from outreach.questionnaires.remarks import Remarks
from outreach.questionnaires.workbook import Row, Sheet

_KNOWN = frozenset({"list_name", "name"})
OTHER = "other"


class ChoiceLists:
    """The lists by name; faults of their rows are said when they are read."""

    def __init__(self, given: Mapping[str, Sheet], default: str, languages: tuple[str, ...], remarks: Remarks) -> None:
        self.given = given
        self.default = default
        self.languages = languages
        self.remarks = remarks
        self.by_name: dict[str, tuple[Choice, ...]] = {}
        self.rows: dict[str, list[Row]] = {}
        self.spaced: dict[str, tuple[Sheet, Row]] = {}
        self._naming: dict[str, list[tuple[str, tuple[Sheet, Row]]]] = {}
        settings = columns.settings(given["settings"]) if "settings" in given else {}
        self._repeating = settings.get("allow_choice_duplicates", "").lower() in columns.YES
        for name in ("choices", "external_choices"):
            if name in given:
                self._sheet(given[name])

    def get(self, name: str, external: str) -> tuple[Choice, ...]:
        """The choices of a list; `external` names the sheet where it stands by itself. None found: empty."""
        if external and external != "external_choices" and name not in self.by_name and external in self.given:
            sheet = self.given[external]
            found = Columns(sheet, frozenset({"name"}), self.default, others=True)
            self.by_name[name] = self._list(sheet, found, name, list(sheet.rows))
        return self.by_name.get(name, ())

    def with_other(self, name: str, choices: tuple[Choice, ...]) -> tuple[str, tuple[Choice, ...]]:
        """The list with “other” at its end, in all languages, and its name; as it is where it has one."""
        if any(choice.name == OTHER for choice in choices):
            return name, choices
        return f"{name}_{OTHER}", (*choices, Choice(OTHER, in_languages(self.languages, "Other")))

    def check_references(self, name: str, questions: Collection[str]) -> None:
        """Say where a label of a list names a question that is not there."""
        for choice, place in self._naming.pop(name, ()):
            for missing in [one for one in REFERENCE.findall(choice) if one not in questions]:
                self.remarks.fault_at(*place, _("“${%(name)s}” is no question of this workbook.", name=missing))

    def _sheet(self, sheet: Sheet) -> None:
        found = Columns(sheet, _KNOWN, self.default, others=True)
        self.remarks.others.extend(found.remarks)
        lists: dict[str, list[Row]] = {}
        for row in sheet.rows:
            name = found.get(row, "list_name")
            if name:
                lists.setdefault(name, []).append(row)
            elif found.get(row, "name"):
                self.remarks.fault_at(sheet, row, _("The list_name is missing."))
        for name, rows in lists.items():
            self.by_name.setdefault(name, self._list(sheet, found, name, rows))

    def _list(self, sheet: Sheet, found: Columns, name: str, rows: list[Row]) -> tuple[Choice, ...]:
        choices: list[Choice] = []
        first: dict[str, Choice] = {}
        # Filters tell choices of one name apart; so XLSForm lets them stand on the sheet of lists that are always filtered.
        repeating = self._repeating or sheet.name.strip().lower() == "external_choices"
        for row in rows:
            choice = found.get(row, "name")
            if not choice:
                self.remarks.fault_at(sheet, row, _("The name is missing."))
                continue
            if re.search(r"\s", choice):
                self.spaced.setdefault(name, (sheet, row))
            own = {kind: found.get(row, kind) for kind in found.own if found.get(row, kind)}
            naming = [text for text in found.texts(row, "label").values() if "${" in text]
            self._naming.setdefault(name, []).extend((text, (sheet, row)) for text in naming)
            read = Choice(choice, self._label(sheet, row, found, choice), found.texts(row, columns.MEDIA), own)
            if choice not in first:
                choices.append(first.setdefault(choice, read))
            elif not repeating:
                self.remarks.fault_at(
                    sheet, row, _("The list “%(list)s” has the name “%(name)s” twice.", list=name, name=choice)
                )
            elif read.label != first[choice].label:
                # An answer is kept as the name alone: what it says must not depend on where the choice was found.
                self.remarks.fault_at(
                    sheet,
                    row,
                    _("The list “%(list)s” has the name “%(name)s” twice, with other words.", list=name, name=choice),
                )
            else:
                choices.append(read)
        return tuple(choices)

    def _label(self, sheet: Sheet, row: Row, found: Columns, name: str) -> dict[str, str]:
        texts = found.texts(row, "label")
        missing = [NATIVE_NAMES[code] for code in self.languages if code not in texts]
        if not texts:
            self.remarks.remark_at(sheet, row, _("The label is missing; the name is shown."))
            return {self.default: name}
        if missing:
            self.remarks.remark_at(sheet, row, _("The label is missing in %(languages)s.", languages=join(missing)))
        return texts


def in_languages(languages: tuple[str, ...], text: str) -> dict[str, str]:
    """A text of the service in each of these languages."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        if language in languages:
            with speaking(language):
                found[language] = {"Other": _("Other"), "Please specify": _("Please specify")}[text]
    return found

"""The rows of a draft as the form that they would make, and the faults in them by question instead of by row of a workbook."""

from collections.abc import Iterable

from outreach.i18n import _
from outreach.questionnaires import xlsform
from outreach.questionnaires.form import Form
from outreach.questionnaires.rows import Rows, list_of, to_workbook

_MOST_PLACES = 20


def form_of(rows: Rows) -> Form:
    """The form. Raises Invalid with all faults."""
    return xlsform.read(to_workbook(rows))


def placed(rows: Rows, faults: Iterable[str]) -> tuple[str, ...]:
    """The faults of a workbook that was made of these rows, with the question's number in the place of sheet and row."""
    places = {_prefix("survey", number): place for number, place in _survey_places(rows).items()}
    places |= {_prefix("choices", number): place for number, place in _choice_places(rows).items()}
    return tuple(_placed(fault, places) for fault in faults)


def remarks(rows: Rows) -> tuple[str, ...]:
    """What its author should know of a draft, by question. Raises Invalid where it can't be read at all."""
    found = []
    surveyed, chosen = _survey_places(rows), _choice_places(rows)
    for sheet, numbers, sentence in xlsform.remarks(to_workbook(rows)).of_rows():
        places = chosen if sheet == "choices" else surveyed
        named = list(dict.fromkeys(places.get(number, "") for number in numbers))
        shown = [f"\u2068{place}\u2069" for place in named if place]
        more = ["…"] if len(shown) > _MOST_PLACES else []
        found.append(
            _("%(question)s: %(sentence)s", question=", ".join([*shown[:_MOST_PLACES], *more]), sentence=sentence)
            if shown
            else sentence
        )
    return tuple(found)


def sentences(rows: Rows, name: str, faults: Iterable[str]) -> tuple[str, ...]:
    """The faults as a page about one question says them: its own without its number, those of others with theirs."""
    own = [_prefix("survey", number) for number, row in enumerate(rows.survey, start=2) if row.get("name") == name]
    found = []
    for fault in faults:
        mine = next((prefix for prefix in own if fault.startswith(prefix)), None)
        found.append(fault[len(mine) :].strip() if mine else placed(rows, [fault])[0])
    return tuple(found)


def _survey_places(rows: Rows) -> dict[int, str]:
    """What is called how, by its row in the workbook."""
    return {number: rows.place(row) for number, row in enumerate(rows.survey, start=2)}


def _choice_places(rows: Rows) -> dict[int, str]:
    """The question that asks for each choice first, by the choice's row."""
    asking = {list_of(row): rows.place(row) for row in reversed(rows.survey) if list_of(row)}
    listed = (choice.get("list_name", "") for choice in rows.choices)
    return {number: asking.get(name, name) for number, name in enumerate(listed, start=2)}


def _placed(fault: str, places: dict[str, str]) -> str:
    for prefix, place in places.items():
        if place and fault.startswith(prefix):
            return _(
                "%(question)s: %(sentence)s", question=f"\u2068{place}\u2069", sentence=fault[len(prefix) :].strip()
            )
    return fault


def _prefix(sheet: str, row: int) -> str:
    return _("Sheet “%(sheet)s”, row %(row)d: %(sentence)s", sheet=sheet, row=row, sentence="")

"""A questionnaire of three sections as rows, in six languages, with the kinds of questions and rules that the editor knows."""

from collections.abc import Mapping

from outreach.i18n import LANGUAGES
from outreach.questionnaires.rows import Cells, Rows


def six(text: str, kind: str = "label") -> dict[str, str]:
    """A text in six languages: "Needs" in English, "Needs (ru)" in Russian."""
    return {f"{kind}::{code}": text if code == "en" else f"{text} ({code})" for code in LANGUAGES}


def _row(type_: str, name: str, code: str, text: str, more: Mapping[str, str] | None = None) -> Cells:
    return {"type": type_, "name": name, **({"outreach::code": code} if code else {}), **six(text), **(more or {})}


_END: Cells = {"type": "end_group"}
_EXPLAINED = {"relevant": "${strategy} = 'yes' or ${strategy} = 'partly'"}
_LISTS = {"answer": ("yes", "partly", "no"), "field": ("health", "education", "labour"), "right": ("work", "food")}

SECTIONS = Rows(
    survey=(
        _row("begin_group", "institution", "1", "Your institution"),
        _row("note", "about", "", "Please read this first."),
        _row(
            "text", "institution_name", "1.1", "Which institution?", {"required": "yes", "outreach::word_limit": "30"}
        ),
        _row("select_multiple field", "fields", "1.2", "Which fields?", {"required": "yes", **six("Tick all", "hint")}),
        _END,
        _row("begin_group", "present", "2", "Work under way"),
        _row("select_one answer", "strategy", "2.1", "Is there a strategy?", {"required": "yes"}),
        _row("text", "strategy_explained", "2.1.a", "Please explain.", {**_EXPLAINED, "outreach::word_limit": "250"}),
        _row("date", "strategy_adopted", "2.2", "When was it adopted?", _EXPLAINED),
        _row("integer", "staff", "2.3", "How many members of staff?", {"constraint": ". >= 0"}),
        _row("decimal", "budget_share", "2.4", "Which share?", {"constraint": ". >= 0 and . <= 100"}),
        _END,
        _row("begin_group", "needs", "3", "Needs"),
        _row("select_multiple right", "rights", "3.1", "Which rights?", {"constraint": "count-selected(.) <= 2"}),
        _row("select_one answer", "assistance", "3.2", "Assistance?"),
        _row("file", "document", "3.3", "A document"),
        _row("text", "remarks", "3.4", "Remarks", {"constraint": "string-length(.) < 900"}),
        _END,
    ),
    choices=tuple(
        {"list_name": name, "name": choice, **six(choice.title())}
        for name, choices in _LISTS.items()
        for choice in choices
    ),
    settings={"form_title": "Hub", "form_id": "hub", "version": "1", "default_language": "English (en)"},
)

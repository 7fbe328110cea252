"""XLSForm out: the rows of a form, and a workbook of them that any tool of ODK or Kobo reads and that comes in again as an equal form."""

from collections.abc import Iterable, Iterator

from outreach.questionnaires import sheets
from outreach.questionnaires.columns import MEDIA, MEDIA_TEXT
from outreach.questionnaires.form import SELECTS, Choice, Form, Group, Item, Part, Question, Texts
from outreach.questionnaires.rows import Cells, Rows, to_workbook


def workbook(form: Form) -> bytes:
    """The form as an .xlsx."""
    return to_workbook(rows(form))


def rows(form: Form) -> Rows:
    """The form as the rows of a workbook."""
    lists: dict[str, tuple[Choice, ...]] = {}
    survey = tuple(_survey(form, lists))
    return Rows(
        survey=survey,
        choices=tuple(
            _filled(
                {
                    "list_name": name,
                    "name": choice.name,
                    **choice.columns,
                    **_texts("label", choice.label),
                    **_texts(MEDIA, choice.image),
                }
            )
            for name, choices in lists.items()
            for choice in choices
        ),
        settings=_filled(
            {
                "form_title": form.title,
                "form_id": form.id,
                "default_language": form.default_language,
                "allow_choice_duplicates": "yes" if sheets.repeating(form) else "",
            }
        ),
    )


def _survey(form: Form, lists: dict[str, tuple[Choice, ...]]) -> Iterator[Cells]:
    for part in form.parts:
        if part.name:
            yield _group(part, "group")
        yield from _items(part.items, lists)
        if part.name:
            yield {"type": "end_group"}


def _items(items: Iterable[Item], lists: dict[str, tuple[Choice, ...]]) -> Iterator[Cells]:
    for item in items:
        if isinstance(item, Question):
            yield _question(item, lists)
            continue
        word = "repeat" if item.repeat else "group"
        yield _group(item, word)
        yield from _items(item.items, lists)
        yield {"type": f"end_{word}"}


def _group(of: Part | Group, word: str) -> Cells:
    row = {
        "type": f"begin_{word}",
        "name": of.name,
        "outreach::code": of.code,
        "relevant": of.relevant,
        "appearance": of.appearance,
        "outreach::stakeholders": " ".join(sorted(of.stakeholders)),
        **_texts("label", of.label),
        **_texts("hint", of.hint),
        **_texts(MEDIA, of.image),
        **_texts(MEDIA_TEXT, of.image_text),
    }
    if isinstance(of, Group):
        row |= {
            "repeat_count": of.count,
            "appearance": f"table-list {of.appearance}".strip() if of.matrix else of.appearance, **_texts("guidance_hint", of.guidance),
        }  # fmt: skip
    return _filled(row)


def _question(of: Question, lists: dict[str, tuple[Choice, ...]]) -> Cells:
    kind = of.source or of.type.value
    if of.type in SELECTS:
        name = of.choice_list or of.name
        if not name.startswith("${"):
            while lists.setdefault(name, of.choices) != of.choices:
                name += "_"
        kind = f"{kind} {name}"
    return _filled(
        {
            "type": kind,
            "name": of.name,
            "outreach::code": of.code,
            "required": "yes" if of.required else of.required_if,
            "relevant": of.relevant,
            "constraint": of.constraint,
            "calculation": of.calculation,
            "trigger": of.trigger,
            "default": of.default,
            "readonly": of.read_only,
            "choice_filter": of.choice_filter,
            "parameters": of.parameters,
            "appearance": f"multiline {of.appearance}".strip() if of.multiline else of.appearance,
            "outreach::word_limit": str(of.word_limit or ""),
            "outreach::stakeholders": " ".join(sorted(of.stakeholders)),
            "outreach::publish": of.publish.value,
            "outreach::legal_basis": of.legal_basis,
            **_texts("label", of.label),
            **_texts("hint", of.hint),
            **_texts("guidance_hint", of.guidance),
            **_texts("required_message", of.required_message),
            **_texts("constraint_message", of.constraint_message),
            **_texts(MEDIA, of.image),
            **_texts(MEDIA_TEXT, of.image_text),
        }
    )


def _texts(kind: str, texts: Texts) -> dict[str, str]:
    return {f"{kind}::{language}": text for language, text in texts.items() if text}


def _filled(row: dict[str, str]) -> Cells:
    return {heading: text for heading, text in row.items() if text}

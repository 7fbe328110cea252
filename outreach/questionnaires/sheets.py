"""A form as rows of XLSForm, and the XForm that pyxform makes of them, which the rules run on."""

import dataclasses
import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from outreach.i18n import LANGUAGES, NATIVE_NAMES
from outreach.questionnaires.form import SELECTS, Choice, Form, Item, Question, Texts

Row = dict[str, str]
ROOT = "/questionnaire_"
_TEXTS = ("label", "hint", "required_message", "constraint_message")
_ROW = re.compile(r"\[row : (\d+)\]")


class NotAForm(Exception):
    """pyxform does not take the sheets: `words` are its own, none where it broke; `name` is the row's that it means, where it says so."""

    def __init__(self, words: str, name: str | None) -> None:
        super().__init__(words or "pyxform broke")
        self.words = words
        self.name = name


def heading(kind: str, language: str) -> str:
    """The heading of a column of texts: label::Français (fr)."""
    return f"{kind}::{NATIVE_NAMES[language]} ({language})"


def xform(form: Form) -> str:
    """The XForm of a form; the one that is kept with it, where there is one. Raises NotAForm."""
    return form.xform or compiled(form)


def compiled(form: Form) -> str:
    """The XForm that pyxform makes of a form now. Raises NotAForm."""
    filled = _filled(form)
    survey = list(_survey(filled))
    rows = {"survey": survey, "choices": _choices(filled), "settings": [_settings(form)]}
    heads = {
        f"{name}_header": [dict.fromkeys(cell for row in held for cell in row)] for name, held in rows.items() if held
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            given = {name: held for name, held in rows.items() if held}
            made: str = convert({**given, **heads}, warnings=[], form_name=ROOT[1:]).xform
    except PyXFormError as fault:
        words = " ".join(str(fault).split())
        found = _ROW.search(words)
        place = int(found[1]) - 2 if found and "'choices' sheet" not in words else -1
        named = survey[place].get("name") if 0 <= place < len(survey) else None
        raise NotAForm(_ROW.sub("", words).strip(), named) from None
    # pyxform meets what it did not foresee with TypeError, AttributeError, KeyError and whatever else.
    except Exception as fault:
        raise NotAForm("", None) from fault
    return made


def _settings(form: Form) -> Row:
    language = form.default_language
    row = {
        "form_title": form.title or form.id,
        "form_id": form.id,
        "version": "1",
        "default_language": f"{NATIVE_NAMES[language]} ({language})",
    }
    return row | ({"allow_choice_duplicates": "yes"} if repeating(form) else {})


def repeating(form: Form) -> bool:
    """Whether a list has choices of the same name, which its filters tell apart."""
    return any(len(item.distinct) < len(item.choices) for item in form.items() if isinstance(item, Question))


def _survey(form: Form) -> Iterator[Row]:
    for part in form.parts:
        if not part.name:
            yield from _items(part.items)
            continue
        yield _plain(
            {"type": "begin_group", "name": part.name, "relevant": part.relevant, **_texts("label", part.label)}
        )
        yield from _items(part.items)
        yield {"type": "end_group"}


def _items(items: Iterable[Item]) -> Iterator[Row]:
    for item in items:
        if isinstance(item, Question):
            yield _question(item)
            continue
        word = "repeat" if item.repeat else "group"
        row = {"type": f"begin_{word}", "name": item.name, "relevant": item.relevant, "repeat_count": item.count}
        yield _plain({**row, **_texts("label", item.label)})
        yield from _items(item.items)
        yield {"type": f"end_{word}"}


def _question(question: Question) -> Row:
    kind = question.source or question.type.value
    return _plain(
        {
            "type": f"{kind} {question.choice_list}" if question.type in SELECTS else kind,
            "name": question.name,
            "relevant": question.relevant,
            "required": "yes" if question.required else question.required_if,
            "constraint": question.constraint,
            "calculation": question.calculation,
            "trigger": question.trigger,
            "default": question.default,
            "read_only": question.read_only,
            "choice_filter": question.choice_filter,
            "parameters": question.parameters,
            **_texts("label", question.label),
            **_texts("hint", question.hint),
            **_texts("required_message", question.required_message),
            **_texts("constraint_message", question.constraint_message),
        }
    )


def _choices(form: Form) -> list[Row]:
    lists: dict[str, tuple[Choice, ...]] = {}
    for item in form.items():
        if isinstance(item, Question) and item.type in SELECTS and not item.choice_list.startswith("${"):
            lists.setdefault(item.choice_list, item.choices)
    return [
        _plain(
            {
                "list_name": name,
                "name": choice.name,
                **choice.columns,
                **_texts("label", choice.label),
            }
        )
        for name, choices in lists.items()
        for choice in choices
    ]


def _texts(kind: str, texts: Texts) -> Row:
    return {heading(kind, language): texts[language] for language in LANGUAGES if texts.get(language)}


def _plain(row: Row) -> Row:
    return {name: cell for name, cell in row.items() if cell}


def _filled(form: Form) -> Form:
    """The form with each text in each of its languages, since pyxform writes a dash where there is none; and lists named."""
    lists: dict[str, tuple[Choice, ...]] = {}

    def texts(given: Texts) -> Texts:
        return {language: raw(form, given, language) for language in form.languages} if any(given.values()) else {}

    def item(one: Any) -> Any:
        words: dict[str, Any] = {name: texts(getattr(one, name)) for name in _TEXTS if hasattr(one, name)}
        if isinstance(one, Question) and not words["label"] and not words["hint"]:
            words["label"] = texts({form.default_language: one.name})
        if not isinstance(one, Question):
            return dataclasses.replace(one, **words, items=tuple(item(inner) for inner in one.items))
        if one.type not in SELECTS:
            return dataclasses.replace(one, **words)
        choices = tuple(
            dataclasses.replace(c, label=texts(c.label or {form.default_language: c.name})) for c in one.choices
        )
        name = one.choice_list or f"choices_{one.name}"
        while not name.startswith("${") and lists.setdefault(name, choices) != choices:
            name += "_"
        return dataclasses.replace(one, **words, choices=choices, choice_list=name)

    return dataclasses.replace(form, parts=tuple(item(part) for part in form.parts))


def raw(form: Form, texts: Texts, language: str) -> str:
    """A text as it was written, with its `${name}`: in `language`, else in the form's own, else in any."""
    return next((texts[spoken] for spoken in (language, form.default_language, *texts) if texts.get(spoken)), "")

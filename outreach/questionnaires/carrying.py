"""Answers carried over to a corrected questionnaire: by name, where the question still takes them. What finds no place is set aside, in words."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.questionnaires.form import LISTS, SELECTS, Form, Group, Item, Question, Texts


@dataclass(frozen=True)
class SetAside:
    """An answer that the new version has no place for, as its reader would copy it from: the former question, and the text."""

    code: str
    label: Texts
    text: str

    @property
    def mark(self) -> str:
        """A few signs by which a page names it."""
        said = json.dumps([self.code, dict(self.label), self.text], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def carry(answers: Mapping[str, Any], old: Form, new: Form, language: str) -> tuple[dict[str, Any], list[SetAside]]:
    """The answers as the new version takes them, and what it has no place for; choices are named in `language`."""
    aside: list[SetAside] = []
    before, after = (dict(_level(item for part in form.parts for item in part.items)) for form in (old, new))
    return _carried(answers, before, after, _Old(old, language), aside), aside


@dataclass(frozen=True)
class _Old:
    form: Form
    language: str

    def label(self, choice: str, question: Question) -> str:
        found = next((one for one in question.choices if one.name == choice), None)
        return self.form.say(found.label, self.language).text if found else choice


def _level(items: Iterable[Item]) -> Iterator[tuple[str, Item]]:
    """The questions and repeated groups whose answers stand side by side, by name."""
    for item in items:
        if isinstance(item, Group) and not item.repeat:
            yield from _level(item.items)
        else:
            yield item.name, item


def _carried(
    answers: Mapping[str, Any],
    before: Mapping[str, Item],
    after: Mapping[str, Item],
    old: _Old,
    aside: list[SetAside],
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        was, now = before.get(name), after.get(name)
        if value in ("", []):
            # That a question with a default was left empty is an answer, too.
            if now is not None:
                kept[name] = value
            continue
        if _repeated(value):
            inside = dict(_level(was.items)) if isinstance(was, Group) else {}
            fits = isinstance(now, Group) and now.repeat
            there = dict(_level(now.items)) if isinstance(now, Group) and fits else {}
            instances = [_carried(one, inside, there, old, aside) for one in value]
            if fits:
                kept[name] = instances
            continue
        question = was if isinstance(was, Question) else None
        fitting, left = _fitted(value, question, now, old)
        if fitting not in ("", [], None):
            kept[name] = fitting
        if left:
            aside.append(SetAside(question.code if question else "", question.label if question else {}, left))
    return kept


def _repeated(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _fitted(value: Any, was: Question | None, now: Item | None, old: _Old) -> tuple[Any, str]:
    """What of an answer the new question takes, and what is left of it, in words."""
    chosen = value if isinstance(value, list) else [value]
    choosing = was is not None and was.type in SELECTS
    if not isinstance(now, Question) or not now.answerable:
        return None, _in_words(chosen, was, old)
    if now.type not in SELECTS:
        if isinstance(value, list) or choosing:
            return None, _in_words(chosen, was, old)
        return value, ""
    if now.choice_list.startswith("${"):
        return value, ""
    known = {choice.name for choice in now.choices}
    fitting = [one for one in chosen if one in known]
    left = [one for one in chosen if one not in known]
    if now.type in LISTS:
        return fitting, _in_words(left, was, old)
    if len(fitting) > 1:
        return None, _in_words(chosen, was, old)
    return fitting[0] if fitting else None, _in_words(left, was, old)


def _in_words(values: Iterable[Any], was: Question | None, old: _Old) -> str:
    named = was is not None and was.type in SELECTS
    return "\n".join(old.label(str(one), was) if named and was else str(one) for one in values if one not in ("", None))

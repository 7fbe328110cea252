"""What changed between two versions of a questionnaire, in sentences for those who are answering it."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from outreach.i18n import _
from outreach.questionnaires.form import UNSEEN, Form, Item, Part, Question, Texts

_LONGEST = 80


class Change(enum.Enum):
    """What happened to a question or a section."""

    NEW = enum.auto()
    TAKEN_OUT = enum.auto()
    RENUMBERED = enum.auto()
    REWORDED = enum.auto()
    CHOICES = enum.auto()
    OTHERWISE = enum.auto()
    PICTURE = enum.auto()


@dataclass(frozen=True)
class Difference:
    """One change. `called` is the printed number, or the beginning of the text; `number` the new one of what was renumbered."""

    change: Change
    name: str
    called: str
    number: str = ""


def differences(old: Form, new: Form, language: str) -> list[Difference]:
    """The changes that a reader of `language` can see, in the order of the new version; what was taken out comes last."""
    before, after = dict(_seen(old)), dict(_seen(new))
    found: list[Difference] = []
    for name, item in after.items():
        if name in before:
            found += _changes(old, before[name], new, item, language)
        elif _around(item) not in after.keys() - before.keys():
            found.append(Difference(Change.NEW, name, _called(new, item, language)))
    gone = before.keys() - after.keys()
    found += [
        Difference(Change.TAKEN_OUT, name, _called(old, item, language))
        for name, item in before.items()
        if name in gone and _around(item) not in gone
    ]
    return found


def sentence(of: Difference) -> str:
    """A change in words, in the language spoken now."""
    # Isolated: "2.1.a" would be read from the right within Arabic.
    question = f"\u2068{of.called}\u2069"
    if of.change is Change.NEW:
        return _("%(question)s is new.", question=question)
    if of.change is Change.TAKEN_OUT:
        return _("%(question)s was taken out.", question=question)
    if of.change is Change.RENUMBERED:
        return _("%(question)s now has the number %(number)s.", question=question, number=f"\u2068{of.number}\u2069")
    if of.change is Change.REWORDED:
        return _("%(question)s was reworded.", question=question)
    if of.change is Change.CHOICES:
        return _("The choices of %(question)s were changed.", question=question)
    if of.change is Change.PICTURE:
        return _("The picture of %(question)s was changed.", question=question)
    return _("%(question)s is asked in another way.", question=question)


def _seen(form: Form) -> Iterator[tuple[str, Item | Part]]:
    """What a reader sees, by name."""
    for part in form.parts:
        if part.name:
            yield part.name, part
    for item in form.items():
        if not (isinstance(item, Question) and item.type in UNSEEN):
            yield item.name, item


def _around(item: Item | Part) -> str:
    """The name of the group that an item stands in: what is new or gone as a whole is told as a whole."""
    return item.path.rpartition("/")[0].rpartition("/")[2]


def _called(form: Form, item: Item | Part, language: str) -> str:
    if item.code:
        return item.code
    text = form.say(item.label, language).text or item.name
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _changes(old: Form, was: Item | Part, new: Form, item: Item | Part, language: str) -> Iterator[Difference]:
    called = _called(new, item, language)
    if was.code != item.code and was.code and item.code:
        yield Difference(Change.RENUMBERED, item.name, was.code, item.code)

    def reworded(before: Texts, after: Texts) -> bool:
        # As written: a reference to another question says its number, which may change by itself.
        return _written(old, before, language) != _written(new, after, language)

    if reworded(was.label, item.label) or reworded(was.hint, item.hint):
        yield Difference(Change.REWORDED, item.name, called)
    before, after = _drawn(old, was, language), _drawn(new, item, language)
    if any(before[name] != after[name] for name in before.keys() & after.keys()):
        yield Difference(Change.PICTURE, item.name, called)
    if not (isinstance(was, Question) and isinstance(item, Question)):
        return
    choices = [
        [(c.name, _written(form, c.label, language)) for c in q.choices] for form, q in ((old, was), (new, item))
    ]
    if choices[0] != choices[1]:
        yield Difference(Change.CHOICES, item.name, called)
    if _rules(was) != _rules(item):
        yield Difference(Change.OTHERWISE, item.name, called)


def _written(form: Form, texts: Texts, language: str) -> str:
    return next((texts[spoken] for spoken in (language, form.default_language, *texts) if texts.get(spoken)), "")


def _drawn(form: Form, of: Item | Part, language: str) -> dict[str, str]:
    """The contents of the pictures that stand with it ("") and with its choices, by name."""
    named = {"": of.image}
    if isinstance(of, Question):
        named |= {choice.name: choice.image for choice in of.choices}
    found = {name: form.picture(image, language) for name, image in named.items()}
    return {name: picture.content if picture else "" for name, picture in found.items()}


def _rules(of: Question) -> tuple[object, ...]:
    return (
        of.type, of.required, of.required_if, of.relevant, of.constraint, of.word_limit, of.lowest, of.highest, of.step,
        of.choice_filter, of.stakeholders,
    )  # fmt: skip

"""How the world's people fill in a form: what its fields take, and for the sample's questionnaire what an institution would say."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from outreach.rehearsal.answers import INVENTED, LEFT_OPEN, MAILBOX, SHARES, TEXTS

_IDLE = frozenset({"csrf_token", "revision"})
_UNTOUCHED = frozenset({"hidden", "file", "submit", "button"})


def fill(form: Any, language: str, chance: random.Random, kind: str = "") -> dict[str, Any]:
    """Answers to the questions of a form, by the names of its fields; `kind` is that of the institution. Some are left open."""
    filled: dict[str, Any] = {}
    shares = iter(chance.choice(SHARES))
    for name, fields in _by_name(form):
        question = name.removeprefix("q-").rpartition(".")[2]
        if question in LEFT_OPEN and chance.random() < LEFT_OPEN[question]:
            continue
        if question == "institution_kind":
            filled[name] = kind
        elif question.startswith("share_"):
            filled[name] = str(next(shares))
        else:
            filled[name] = _answer(question, fields, language, chance)
    return filled


def _by_name(form: Any) -> Iterator[tuple[str, list[Any]]]:
    """The fields of each name that a person sees, in the order of the page."""
    found: dict[str, list[Any]] = {}
    for field in form.inputs:
        if field.name and field.name not in _IDLE and _type(field) not in _UNTOUCHED:
            found.setdefault(field.name, []).append(field)
    return iter(found.items())


def _type(field: Any) -> str:
    return str(getattr(field, "type", None) or field.tag)


def _answer(question: str, fields: Sequence[Any], language: str, chance: random.Random) -> Any:
    """What somebody picks, types or puts in order."""
    field, kind = fields[0], _type(fields[0])
    if kind == "radio":
        # An empty one leaves the question open.
        return chance.choice([one.get("value") for one in fields if one.get("value")])
    if kind == "checkbox":
        options = [one.get("value") for one in fields if one.get("value") != "none"]
        return chance.sample(options, chance.randint(1, min(3, len(options))))
    if field.tag == "select":
        options = [option.get("value") for option in field.iter("option") if option.get("value")]
        return chance.sample(options, len(fields)) if len(fields) > 1 else chance.choice(options)
    if kind == "date":
        return f"20{chance.randint(19, 26)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}"
    if kind == "datetime-local":
        return f"2027-03-{chance.randint(15, 19)}T{chance.choice(('09:30', '14:00', '16:15'))}"
    if kind == "email":
        return ""
    if kind == "number" or field.get("inputmode") == "numeric":
        return str(chance.randint(1, 40))
    if field.get("inputmode") == "decimal":
        return f"{chance.randint(1, 90) / 10}"
    if question == "contact_mailbox":
        return MAILBOX
    return chance.choice(TEXTS.get(question, {}).get(language) or (INVENTED[language],))

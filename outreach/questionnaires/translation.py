"""The texts of a questionnaire in one other language: what is there, what is missing, what is older than the text it was made from.

With each translation a mark of the source text is kept, so that a change of the one is seen at the other.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from outreach.errors import Invalid
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _
from outreach.questionnaires.rows import TEXTS, Cells, Rows, list_of

Marks = Mapping[str, Mapping[str, str]]
"""Language → key of a text → mark of the source text that the translation was made from."""

_PLACEHOLDER = re.compile(r"\$\{\s*([^}\s]+)\s*\}")


@dataclass(frozen=True)
class Text:
    """One text with its translation. `key` stays the same in all versions; `place` is what a sentence calls it: 3.b, or 3.b “Yes”."""

    key: str
    place: str
    number: str
    source: str
    target: str


@dataclass(frozen=True)
class Translated:
    """One text as a translator's file gives it back; `number` is None where the file has none."""

    key: str
    source: str
    target: str
    number: str | None = None


@dataclass(frozen=True)
class Drift:
    """What a language lacks, and what was translated before the source text changed."""

    missing: tuple[Text, ...]
    older: tuple[Text, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.older)


@dataclass(frozen=True)
class Taken:
    """The rows with the translations of a file, the marks of what it translated, and sentences about what it did not bring."""

    rows: Rows
    marks: Mapping[str, str]
    notes: tuple[str, ...]


def texts(rows: Rows, language: str) -> list[Text]:
    """All texts that the author wrote in the questionnaire's own language, each with its translation, in their order."""
    own = rows.default_language
    found: list[Text] = []
    listed: set[str] = set()
    for row in rows.survey:
        place = rows.place(row)
        found += _texts_of(row, f"survey/{row.get('name', '')}", place, place, own, language)
        name = list_of(row)
        if name and name not in listed:
            listed.add(name)
            for choice in rows.choices_of(row):
                shown = f"{place} “{choice.get(f'label::{own}', choice.get('name', ''))}”"
                found += _texts_of(choice, f"choices/{name}/{choice.get('name', '')}", shown, place, own, language)
    return found


def _texts_of(row: Cells, key: str, place: str, number: str, own: str, language: str) -> Iterable[Text]:
    for kind in TEXTS:
        source = row.get(f"{kind}::{own}")
        if source:
            yield Text(f"{key}/{kind}", place, number, source, row.get(f"{kind}::{language}", ""))


def mark(source: str) -> str:
    """A few signs that change with the text."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def marks(rows: Rows, former: Rows | None, kept: Marks, confirmed: Marks) -> dict[str, dict[str, str]]:
    """The marks of a new version: what a file `confirmed`, else for translations that stayed those `kept` with the former version."""
    found: dict[str, dict[str, str]] = {}
    for language in others(rows):
        before = {text.key: text for text in texts(former, language)} if former else {}
        of_language = found.setdefault(language, {})
        for text in (text for text in texts(rows, language) if text.target):
            stood = before.get(text.key)
            if text.key in confirmed.get(language, {}):
                of_language[text.key] = confirmed[language][text.key]
            elif stood is not None and stood.target == text.target:
                of_language[text.key] = kept.get(language, {}).get(text.key, mark(stood.source))
            else:
                of_language[text.key] = mark(text.source)
    return found


def others(rows: Rows) -> tuple[str, ...]:
    """The languages that a questionnaire is translated into: all official ones but its own."""
    return tuple(code for code in LANGUAGES if code != rows.default_language)


def drift(rows: Rows, language: str, kept: Marks) -> Drift:
    """How a language stands against the questionnaire's own."""
    found = texts(rows, language)
    of_language = kept.get(language, {})
    return Drift(
        missing=tuple(text for text in found if not text.target),
        older=tuple(
            text for text in found if text.target and of_language.get(text.key, mark(text.source)) != mark(text.source)
        ),
    )


def sentences(rows: Rows, language: str, found: Drift) -> list[str]:
    """The drift of a language in words."""
    named, own = NATIVE_NAMES[language], NATIVE_NAMES[rows.default_language]
    return [
        *(
            _("%(place)s: there is no text in %(language)s.", place=_apart(text.place), language=named)
            for text in found.missing
        ),
        *(
            _(
                "%(place)s: the text in %(source)s changed after the one in %(language)s.",
                place=_apart(text.place),
                source=own,
                language=named,
            )
            for text in found.older
        ),
    ]


def take(rows: Rows, language: str, given: Iterable[Translated]) -> Taken:
    """Put the translations of a file into the rows. What is empty in the file stays as it stands.

    Raises Invalid with all faults: another question, another number, other placeholders; nothing is taken then.
    """
    if language not in others(rows):
        raise Invalid(_("The file is not in a language that this questionnaire is translated into."))
    known = {text.key: text for text in texts(rows, language)}
    faults: list[str] = []
    targets: dict[str, str] = {}
    made_from: dict[str, str] = {}
    for one in given:
        text = known.get(one.key)
        if text is None:
            if one.target:
                faults.append(_("“%(text)s” belongs to no question of this questionnaire.", text=one.source[:80]))
            continue
        if one.number is not None and one.number != text.number:
            faults.append(
                _("%(place)s bears the number “%(number)s” in the file.", place=_apart(text.place), number=one.number)
            )
        if not one.target:
            continue
        if set(_PLACEHOLDER.findall(one.target)) != set(_PLACEHOLDER.findall(text.source)):
            faults.append(
                _(
                    "%(place)s: the translation must have the same placeholders as the text: %(names)s",
                    place=_apart(text.place),
                    names=" ".join(f"${{{name}}}" for name in dict.fromkeys(_PLACEHOLDER.findall(text.source))) or "–",
                )
            )
        if targets.setdefault(one.key, one.target) != one.target:
            faults.append(_("%(place)s has two translations in the file.", place=_apart(text.place)))
        made_from[one.key] = mark(one.source)
    if not targets and not faults:
        faults.append(_("The file holds no translation."))
    if faults:
        raise Invalid(_("The translations were not taken over. Please correct the file."), faults=faults)
    changed = _with(rows, language, targets)
    left = Drift(
        missing=tuple(text for text in texts(changed, language) if not text.target),
        older=tuple(known[key] for key, made in made_from.items() if made != mark(known[key].source)),
    )
    return Taken(changed, made_from, tuple(sentences(rows, language, left)))


def _with(rows: Rows, language: str, targets: Mapping[str, str]) -> Rows:
    def put(row: Cells, key: str) -> Cells:
        new = {f"{kind}::{language}": targets[f"{key}/{kind}"] for kind in TEXTS if f"{key}/{kind}" in targets}
        return {**row, **new} if new else row

    return replace(
        rows,
        survey=tuple(put(row, f"survey/{row.get('name', '')}") for row in rows.survey),
        choices=tuple(put(row, f"choices/{row.get('list_name', '')}/{row.get('name', '')}") for row in rows.choices),
    )


def _apart(place: str) -> str:
    # Isolated: "2.1.a" would be read from the right within Arabic.
    return f"\u2068{place}\u2069"


def joined(kept: Marks, more: Marks) -> dict[str, dict[str, str]]:
    """Marks, and those that came after them."""
    return {code: {**kept.get(code, {}), **more.get(code, {})} for code in (*kept, *more)}

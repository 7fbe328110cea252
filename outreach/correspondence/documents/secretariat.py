"""Who writes: the secretariat's names in six languages and the formulas it uses, from a TOML file; docs/notes-verbales.md describes it."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from outreach.errors import Invalid
from outreach.i18n import LANGUAGES, _

FORMULAS = ("ohchr", "manual")
"""The usual ways: as the Office of the High Commissioner for Human Rights writes, and as the Correspondence Manual says."""

_SENTENCES = Path(__file__).parent / "sentences"
_NAMES = ("name", "within", "letterhead", "place")
_GENDERS = ("f", "m")
_PLACE = re.compile(r"\{(\w*)\}")

Words = Mapping[str, str]


@dataclass(frozen=True)
class Wording:
    """All words of one language: the secretariat's names, its sentences, and whom circulars go to."""

    language: str
    names: Words
    sentences: Words
    to: Words
    renew: Words
    foot: Words
    seat: Words
    conjunction: str

    def say(self, sentence: str, **values: str) -> str:
        """A sentence with its places filled. Raises KeyError for a sentence or place that is not there."""
        known = {**self.names, **values}
        return filled(self.sentences[sentence], known)


@dataclass(frozen=True)
class Secretariat:
    """One secretariat's words in the six languages."""

    wordings: Mapping[str, Wording]


def filled(sentence: str, values: Words) -> str:
    """The sentence with `{place}` filled; what is filled in is not looked at again. Raises KeyError."""
    return _PLACE.sub(lambda found: values[found[1]], sentence)


def usual() -> Secretariat:
    """ "The Secretariat", with the formulas of the first of the usual ways."""
    return _made({})


def read(content: str) -> Secretariat:
    """The secretariat that a file describes. Raises Invalid with all its faults."""
    try:
        given = tomllib.loads(content)
    except tomllib.TOMLDecodeError as fault:
        raise Invalid(_("This is not TOML: %(reason)s.", reason=str(fault))) from None
    faults = list(_faults(given))
    if faults:
        raise Invalid(_("The file of the secretariat cannot be read."), faults=faults)
    return _made(given)


def _faults(given: Mapping[str, Any]) -> Iterable[str]:
    if given.get("formulas", FORMULAS[0]) not in FORMULAS:
        yield _("%(key)s takes one of: %(values)s", key="formulas", values=", ".join(FORMULAS))
    for key in given.keys() - {"formulas", "sentences", *LANGUAGES}:
        yield _("“%(key)s” is not known here.", key=key)
    for language in LANGUAGES:
        names = given.get(language, {})
        known = {*_NAMES, *(("gender",) if language == "ar" else ())}
        if not isinstance(names, dict):
            yield _("“%(key)s” takes a table.", key=language)
            continue
        for key in names.keys() - known:
            yield _("“%(key)s” is not known here.", key=f"{language}.{key}")
        if language in given:
            for key in ("name", "within", "letterhead"):
                if not _is_text(names.get(key)):
                    yield _("“%(key)s” is missing.", key=f"{language}.{key}")
        if names.get("gender", "f") not in _GENDERS:
            yield _("%(key)s takes one of: %(values)s", key=f"{language}.gender", values=", ".join(_GENDERS))
    own = given.get("sentences", {})
    for language, sentences in own.items() if isinstance(own, dict) else ():
        yield from _faults_of_sentences(language, sentences)


def _faults_of_sentences(language: str, sentences: object) -> Iterable[str]:
    if language not in LANGUAGES or not isinstance(sentences, dict):
        yield _("“%(key)s” is not known here.", key=f"sentences.{language}")
        return
    usual_ones = _file(language)["sentences"]
    for key, sentence in sentences.items():
        where = f"sentences.{language}.{key}"
        if key not in usual_ones or not isinstance(sentence, str):
            yield _("“%(key)s” is not known here.", key=where)
            continue
        for place in _PLACE.findall(sentence):
            if place not in _PLACES:
                yield _("%(key)s: there is no place {%(place)s}.", key=where, place=place)


_PLACES = frozenset(
    {"name", "within", "letterhead", "place", "reference", "date", "code", "address", "contact", "title"}
    | {"mandate", "to_mandate", "deadline", "to", "renew"}
)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _made(given: Mapping[str, Any]) -> Secretariat:
    return Secretariat({language: _wording(language, given) for language in LANGUAGES})


def _wording(language: str, given: Mapping[str, Any]) -> Wording:
    file = _file(language)
    names = {**file["secretariat"], **given.get(language, {})}
    formulas = file["manual"] if given.get("formulas") == "manual" else {}
    gender = names.pop("gender", "")
    sentences = {
        key: sentence if isinstance(sentence, str) else sentence[gender]
        for key, sentence in {**file["sentences"], **formulas, **given.get("sentences", {}).get(language, {})}.items()
    }
    return Wording(
        language=language,
        names=names,
        sentences=sentences,
        to=file["to"],
        renew=file["renew"],
        foot=file["foot"],
        seat=file["seat"],
        conjunction=file["conjunction"],
    )


@lru_cache(maxsize=len(LANGUAGES))
def _file(language: str) -> Mapping[str, Any]:
    return tomllib.loads((_SENTENCES / f"{language}.toml").read_text("utf-8"))

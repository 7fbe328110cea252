"""Six languages. Who speaks must be said: outside a `speaking` block every text raises, instead of answering in English.

Python and templates use the same four functions: `_`, `ngettext`, `pgettext`, and `lazy` for texts that are read later (form labels).
"""

from collections.abc import Sequence
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from babel.support import LazyProxy, NullTranslations, Translations

from outreach.paths import translations_dir

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
"""The official languages of the United Nations, in the order in which it prints them."""

NATIVE_NAMES = {"ar": "العربية", "zh": "中文", "en": "English", "fr": "Français", "ru": "Русский", "es": "Español"}

_LIST_SEPARATORS = {"ar": "، ", "zh": "、"}

_speaking: ContextVar[str] = ContextVar("language spoken")


class speaking:
    """All texts within the block are in `language`, one of LANGUAGES. Raises ValueError for another."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"not a language of the service: {language!r}")
        self._language = language

    def __enter__(self) -> None:
        self._token = _speaking.set(self._language)

    def __exit__(self, *_fault: object) -> None:
        _speaking.reset(self._token)


def language() -> str:
    """The language spoken now. Raises LookupError outside a `speaking` block."""
    return _speaking.get()


def is_spoken() -> bool:
    """Whether a language has been chosen here."""
    return _speaking.get(None) is not None


def direction(of: str) -> str:
    """The writing direction of a language, as HTML's `dir` takes it."""
    return "rtl" if of == "ar" else "ltr"


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(of: str) -> NullTranslations:
    return NullTranslations() if of == "en" else Translations.load(translations_dir(), [of])


def catalogue() -> NullTranslations:
    """The gettext catalogue of the language spoken now."""
    return _catalogue(language())


def _(message: str, **values: object) -> str:
    """The message in the language spoken now, with its named placeholders filled."""
    text: str = catalogue().ugettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The message in the plural form for `num`, which is also the placeholder %(num)s."""
    text: str = catalogue().ungettext(singular, plural, num)
    return text % {"num": num, **values}


def pgettext(context: str, message: str, **values: object) -> str:
    """The message where the same English words mean different things; `context` says which."""
    text: str = catalogue().upgettext(context, message)
    return text % values if values else text


def colon(words: object) -> str:
    """The words with the colon that ends a label: French puts a space before it, Chinese has its own."""
    return _("%(words)s:", words=words)


def lazy(message: str, **values: object) -> Any:
    """A text that is looked up when it is read, in the language spoken then."""
    return LazyProxy(_, message, enable_cache=False, **values)


def join(items: Sequence[str]) -> str:
    """The items as a list in a sentence, with the comma of the language spoken now."""
    return _LIST_SEPARATORS.get(language(), ", ").join(items)

"""Which State a text names: a code, or a UN name in any of six languages, exactly but for case, accents and punctuation.

Nothing else is guessed: a territory, a former or a colloquial name is no State, and a person decides.
"""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.directory.models import State, StateName

_ARTICLES = {
    "en": re.compile(r"^the "),
    "fr": re.compile(r"^(?:les |le |la |l’)"),
    "es": re.compile(r"^(?:los |las |el |la )"),
}
_ARTICLE_IN_PARENTHESES = re.compile(r"\s*\((?:the|les?|la|l['’]|el|los|las)\)\s*\**\s*$", re.IGNORECASE)


def fold(text: str) -> str:
    """The text without case, accents, hamza and punctuation: two spellings of one name fold alike."""
    text = re.sub(r"['’‘ʼ`ـ]", "", text)
    signs = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", letters).strip()


class StateFinder:
    """All names and codes of the 195, looked up many times (an import)."""

    def __init__(self, states: Iterable[State], names: Iterable[StateName]) -> None:
        self._codes: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for state in states:
            self._codes.update(dict.fromkeys((state.code, state.iso2, state.m49), state.code))
        for name in names:
            forms = [name.short, name.formal]
            if name.language in _ARTICLES:
                forms.append(_ARTICLES[name.language].sub("", name.formal))
            self._names.update(dict.fromkeys(map(fold, forms), name.state_code))

    def find(self, text: str) -> str | None:
        """The alpha-3 code of the State that the text names; None when it names none."""
        text = text.strip()
        code = text.upper()
        if code.isdecimal() and code.isascii():
            code = code.zfill(3)  # spreadsheets drop the zeros of 004
        return self._codes.get(code) or self._names.get(fold(_ARTICLE_IN_PARENTHESES.sub("", text)))


def state_finder(session: Session) -> StateFinder:
    """A finder over the States of the database."""
    return StateFinder(session.scalars(select(State)), session.scalars(select(StateName)))


def states_matching(session: Session, text: str) -> set[str]:
    """The codes of the States of which `text` is a code, or a part of a name in any of six languages. For searching, never for mapping."""
    wanted, code = fold(text), text.strip().upper()
    rows = session.execute(
        select(State.code, State.iso2, State.m49, StateName.short, StateName.formal).join(
            StateName, StateName.state_code == State.code
        )
    )
    return {
        row.code
        for row in rows
        if code in (row.code, row.iso2, row.m49)
        or (wanted and (wanted in fold(row.short) or wanted in fold(row.formal)))
    }

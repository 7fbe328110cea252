"""Lines of a plain-text letter: not longer than mail programs show, in every script."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WIDTH = 76

_MARK = re.compile(r"(?:> )*(?:- |\d+\. )?")
# Chinese has no spaces: a line may end behind any character that no closing mark follows, and not behind an opening one. Elsewhere only
# the plain space ends a word: French binds its marks by no-break spaces, Arabic closes a quotation with what opens one in English.
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_CLOSING = "、。，．：；！？）》」』】〕”’"
_OPENING = "（《「『【〔“‘"
_PIECE = re.compile(
    rf"[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|(?:(?![{_WIDE}]|[{_OPENING}]+[{_WIDE}])[^ ])+[{_CLOSING}]*|[^ ]| +"
)


def wrapped(text: str) -> str:
    """Lines of at most WIDTH columns; an address is never broken, a list item is indented under its mark, a quotation stays one."""
    return "\n".join([_wrapped(given) for given in text.split("\n")])


def _wrapped(given: str) -> str:
    # No character is wider than two columns; an address alone in its line is never broken.
    if len(given) * 2 <= WIDTH or (given.isascii() and (len(given) <= WIDTH or " " not in given)):
        return given.rstrip()
    return _broken(given)


@lru_cache(maxsize=1024)
def _broken(given: str) -> str:
    # The same line comes again with the next recipient: a deadline, a salutation.
    return "\n".join(_lines(given))


def _lines(given: str) -> Iterator[str]:
    found = _MARK.match(given)
    mark = found[0] if found else ""
    quotes = "> " * mark.count("> ")
    line, indent = mark, quotes + " " * (len(mark) - len(quotes))
    columns, begun = len(mark), False
    for piece in _PIECE.findall(given[len(mark) :]):
        wide = _columns(piece)
        space = not piece.strip(" ")
        if begun and not space and columns + wide > WIDTH:
            yield line.rstrip()
            line, columns = indent, len(indent)
        line += piece
        columns += wide
        begun = begun or not space
    yield line.rstrip()


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
        if not unicodedata.combining(character)
    )

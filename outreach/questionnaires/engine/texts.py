"""What rules do with texts."""

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ONE = r"(?:\\u[0-9a-fA-F]{4}|\\[^\dbBu]|\[(?:\\.|[^\]\\])+\]|[^\\\[\](){}*+?|^$])(?:\{\d+\})?"
_AHEAD = re.compile(rf"\^((?:{_ONE})*)(?=\(\?[=!])", re.DOTALL)
_WITHOUT = re.compile(r"\^\((?:\?:)?(\(\?!.+\))\.\)([*+])\$", re.DOTALL)
_MOST_PARTS = 20
_MEANING = frozenset("dDwWsSbBnrtfvxAzpPQEC0123456789")
_DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def leading_whole(said: str) -> int | None:
    """The whole number that a text begins with; None where there is none."""
    found = re.match(r"\s*([+-]?\d{1,15})", said, re.ASCII)
    return int(found[1]) if found else None


def length(said: str) -> int:
    """How long a text is, as other engines count: an emoji is two."""
    return len(said) + sum(character > "\uffff" for character in said)


def before(said: str, mark: str) -> str:
    """What stands before a mark; nothing where it is not there."""
    return said.partition(mark)[0] if mark and mark in said else ""


def after(said: str, mark: str) -> str:
    """What stands after a mark; nothing where it is not there."""
    return said.partition(mark)[2] if mark else said


def substring(said: str, start: float, count: float) -> str:
    """`count` characters from the `start`th on, which counts from 1."""
    if math.isnan(start) or math.isnan(count) or start == math.inf:
        return ""
    first = -math.inf if start == -math.inf else math.floor(start + 0.5) - 1
    end = first + (count if math.isinf(count) else math.floor(count + 0.5))
    if math.isnan(end):
        return ""
    low, high = (int(min(max(place, 0), len(said))) for place in (first, end))
    return said[min(low, high) : max(low, high)]


def substr(said: str, start: int | None, end: int | None) -> str:
    """The characters from `start` on, before `end`; both count from 0, or from the end where they are negative."""
    if start is None or end is None:
        return ""
    first, last, size = start, end, len(said)
    first = min(max(first + size if first < 0 else first, 0), size)
    last = min(max(last + size if last < 0 else last, 0), size)
    return said[first:last]


def translated(said: str, old: str, new: str) -> str:
    """A text with each character of `old` replaced by the one at its place in `new`, or left out."""
    table: dict[int, str] = {}
    for place, character in enumerate(old):
        table.setdefault(ord(character), new[place] if place < len(new) else "")
    return said.translate(table)


def matches(said: str, pattern: str) -> bool:
    """Whether a pattern is found in a text. Patterns run in RE2, which none can hang. Raises ValueError for a bad one."""
    return all((compiled.search(said) is not None) is wanted for wanted, compiled in _compiled(pattern))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> tuple[tuple[bool, Any], ...]:
    """A pattern as those that must be found (True) and those that must not.

    RE2 has no look-aheads. Those at the beginning, ^(?=…)(?!…), or after signs whose number is known, ^\\d{3}(?!…), are patterns of their
    own; so is what a text must not contain, ^((?!…).)*$.
    """
    parts: list[tuple[bool, str]] = []
    rest = pattern
    if (found := _WITHOUT.fullmatch(rest)) and _closing(rest, found.start(1)) == found.end(1) - 1:
        parts.append((False, found[1][3:-1]))
        rest = f"^.{found[2]}$"
    while len(parts) < _MOST_PARTS and (found := _AHEAD.match(rest)) and not _has_alternatives(rest):
        end = _closing(rest, found.end(1))
        if end < 0:
            break
        ahead = rest[found.end(1) : end + 1]
        parts.append((ahead[2] == "=", f"^{found[1]}(?:{ahead[3:-1]})"))
        rest = f"^{found[1]}{rest[end + 1 :]}"
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return tuple(
            (wanted, re2.compile(_ESCAPE.sub(_escape, part), options)) for wanted, part in [*parts, (True, rest)]
        )
    except re2.error as fault:
        raise ValueError(f"the pattern can't be used: {pattern}") from fault


def _closing(pattern: str, start: int) -> int:
    """Where the bracket that opens at `start` closes; -1 where it does not."""
    depth = 0
    for place, sign in _marks(pattern):
        if place >= start:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if depth == 0:
                return place
    return -1


def _has_alternatives(pattern: str) -> bool:
    """Whether a pattern is one of several, at its top."""
    depth = 0
    for _place, sign in _marks(pattern):
        if sign == "|" and depth == 0:
            return True
        depth += {"(": 1, ")": -1}.get(sign, 0)
    return False


def _marks(pattern: str) -> Iterator[tuple[int, str]]:
    """The places of ( ) | in a pattern that stand for themselves neither by an escape nor in a class."""
    place, in_class = 0, False
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            place += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character in "()|":
            yield place, character
        place += 1


def _escape(found: re.Match[str]) -> str:
    """JavaScript's escapes as RE2 writes them: a letter without a meaning stands for itself."""
    what = found[1]
    if len(what) == 5:
        return f"\\x{{{what[1:]}}}"
    return found[0] if what in _MEANING or not (what.isalnum() or what == "_") else what


def digest(said: str, algorithm: str, encoding: str) -> str:
    """A text's digest in base64 or hex. Raises ValueError for another algorithm or encoding."""
    if algorithm not in _DIGESTS or encoding not in {"base64", "hex"}:
        raise ValueError(f"{algorithm} in {encoding} is not known")
    made = hashlib.new(_DIGESTS[algorithm], said.encode(), usedforsecurity=False)
    return made.hexdigest() if encoding == "hex" else base64.b64encode(made.digest()).decode("ascii")


def decoded(said: str) -> str:
    """The text that base64 stands for; nothing where it is none."""
    plain = re.sub("[ \t\n\f\r]+", "", said)
    if len(plain) % 4:  # the signs that fill it up may be left out
        plain += "=" * (-len(plain) % 4)
    try:
        return base64.b64decode(plain, validate=True).decode("utf-8-sig", "replace")
    except (binascii.Error, ValueError):
        return ""


def cut(said: str, size: float) -> str:
    """A text, or its first characters, repeated as needed."""
    if math.isnan(size):
        return said
    wanted = int(min(max(size, 0), 1000))
    return (said * (wanted // len(said) + 1))[:wanted]


def seed_of(said: str) -> int:
    """A seed from a text that is no number."""
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big", signed=True) if said else 0

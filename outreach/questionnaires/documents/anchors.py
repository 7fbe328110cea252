"""How a question is known again in a file: by the tag of its content control, a bookmark, and the code that is printed before it.

Word takes at most 64 characters in a tag and 40 in the name of a bookmark; longer names are replaced by a digest of them. A block that
repeats has the same tags in each place, as it has when somebody copies it: which place it is, the order says.
"""

import hashlib
import re

_LONGEST_TAG = 64
_LONGEST_BOOKMARK = 34


def tag(name: str, choice: str | None = None) -> str:
    """The tag of an answer's content control; with `choice` that of a choice's box."""
    whole = name if choice is None else f"{name}={choice}"
    return whole if len(whole) <= _LONGEST_TAG else f"sha-{_digest(whole)}"


def bookmark(name: str, place: int = 1) -> str:
    """The name of a question's bookmark: letters, digits and underscores alone. Each place of a question that repeats has its own."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    whole = f"q_{plain}" if plain == name and len(name) <= _LONGEST_BOOKMARK else f"q_{_digest(name)}"
    return whole if place == 1 else f"{whole}__{place}"


def without_place(bookmark_name: str) -> str:
    """A bookmark's name as it is in the first place of its question."""
    return re.sub(r"__\d+\Z", "", bookmark_name)


def field(key: str, choice: str | None = None) -> str:
    """The name of a field in a PDF form, where a point would part two levels; no name of a question has a stroke."""
    return key.replace(".", "/") if choice is None else f"{key.replace('.', '/')}={choice}"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]

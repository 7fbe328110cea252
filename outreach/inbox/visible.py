"""Characters that nobody sees, but that change what is read, written out: an override that makes gpj.exe end in .jpg, a blank without width."""

import re

_JOINERS = "\u200c\u200d"
"""Persian and the scripts of India need them between letters."""
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """The text with each such character as its code point in brackets."""
    return _UNSEEN.sub(_written, text)


def _written(match: re.Match[str]) -> str:
    one, text, at = match[0], match.string, match.start()
    if one in _JOINERS and 0 < at < len(text) - 1 and not (text[at - 1].isascii() or text[at + 1].isascii()):
        return one
    return f"[U+{ord(one):04X}]"

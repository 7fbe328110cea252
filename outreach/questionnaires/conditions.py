"""Conditions that a page can state in a sentence: that one of some choices was made."""

import re

_EQUALS = re.compile(r"\$\{\s*([\w.-]+)\s*\}\s*=\s*(?:'([^']*)'|\"([^\"]*)\")")
_SELECTED = re.compile(r"selected\(\s*\$\{\s*([\w.-]+)\s*\}\s*,\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)")


def choices(rule: str) -> tuple[tuple[str, str], ...]:
    """`${a} = 'yes' or selected(${b}, 'x')` as pairs of question and choice; none for any other rule."""
    pairs = []
    for term in re.split(r"\s+or\s+", rule.strip()):
        found = _EQUALS.fullmatch(term.strip()) or _SELECTED.fullmatch(term.strip())
        if found is None:
            return ()
        pairs.append((found[1], found[2] if found[2] is not None else found[3]))
    return tuple(pairs)

"""The two rules that a question may have: when it is asked, and between which numbers its answer lies.

They are the part of XLSForm's expressions that a page can state in a sentence; any other expression is refused at import.
"""

import re

from outreach.questionnaires.form import Bound

_EQUALS = re.compile(r"\$\{\s*([\w.-]+)\s*\}\s*=\s*(?:'([^']*)'|\"([^\"]*)\")")
_SELECTED = re.compile(r"selected\(\s*\$\{\s*([\w.-]+)\s*\}\s*,\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)")
_BOUND = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)")


def condition(text: str) -> tuple[tuple[str, str], ...] | None:
    """`${a} = 'yes' or selected(${b}, 'x')` as pairs of question and choice; None for any other expression."""
    pairs = []
    for term in re.split(r"\s+or\s+", text.strip()):
        found = _EQUALS.fullmatch(term.strip()) or _SELECTED.fullmatch(term.strip())
        if found is None:
            return None
        pairs.append((found[1], found[2] if found[2] is not None else found[3]))
    return tuple(pairs)


def bounds(text: str) -> tuple[Bound, ...] | None:
    """`. >= 0 and . <= 100` as bounds; None for any other expression."""
    found = [_BOUND.fullmatch(term.strip()) for term in re.split(r"\s+and\s+", text.strip())]
    if any(term is None for term in found):
        return None
    return tuple(Bound(term[1], term[2]) for term in found if term is not None)

"""Values of rules: nodes, numbers, texts and truths, and how one becomes another. The semantics are those of ODK XForms.

A value is a list of nodes, a float, a str or a bool. A blank text is no number (NaN), and NaN is a blank text.
"""

import math
import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from elementpath.xpath_nodes import XPathNode

from outreach.questionnaires.engine import moments

Value: TypeAlias = Sequence[XPathNode] | float | str | bool

SPACE = " \t\r\n"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?Infinity", re.ASCII)
_HEX = re.compile(r"0[xX][0-9a-fA-F]{1,16}")
_TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Moment(float):
    """A number of days since 1970 that reads as a date, or as a date and a time."""

    text: str

    def __new__(cls, days: float, text: str) -> "Moment":
        """Days since 1970, and the text of that moment."""
        made = super().__new__(cls, days)
        made.text = text
        return made


def text(value: Value) -> str:
    """A value as text; of nodes the first one's."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return value.text
    if isinstance(value, float):
        return number_text(value)
    return value[0].string_value if value else ""


def texts(value: Value) -> list[str]:
    """A value as texts, one a node."""
    return [text(value)] if isinstance(value, str | float | bool) else [node.string_value for node in value]


def number(value: Value) -> float:
    """A value as a number; a date is its days since 1970, what is none is NaN."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    return number_of(text(value))


def numbers(value: Value) -> list[float]:
    """A value as numbers, one a node."""
    return [number(value)] if isinstance(value, str | float | bool) else [number_of(one) for one in texts(value)]


def number_of(said: str) -> float:
    """The number that a text says."""
    plain = said.strip()
    if _NUMBER.fullmatch(plain):
        return float(plain.replace("Infinity", "inf"))
    if _HEX.fullmatch(plain):
        return float(int(plain, 16))
    days = moments.days(said)
    return math.nan if days is None else days


def number_text(value: float) -> str:
    """A number as JavaScript writes it: whole numbers without a point, exponents only far out."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if 1e-6 <= abs(value) < 1e21:
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    mantissa, exponent = repr(value).split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent):+d}"


def truth(value: Value) -> bool:
    """Whether a value counts as true: a node that is there, a text that is not empty, a number other than 0 and NaN."""
    if isinstance(value, float):
        return bool(value) and not math.isnan(value)
    return bool(value)


def equal(left: Value, right: Value) -> bool:
    """Whether `left` = `right`; of nodes, whether any is."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return any(one == other for one in numbers(left) for other in numbers(right))
    others = texts(right)
    return any(one in others for one in texts(left))


def unequal(left: Value, right: Value) -> bool:
    """Whether `left` != `right`; of nodes, whether any is."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) != truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return any(one != other for one in numbers(left) for other in numbers(right))
    others = texts(right)
    return any(one != other for one in texts(left) for other in others)


def ordered(sign: str, left: Value, right: Value) -> bool:
    """Whether `left` is before or after `right`, as numbers; of nodes, whether any is. `sign` is one of < <= > >=."""
    test = _TESTS[sign]
    return any(test(one, other) for one in numbers(left) for other in numbers(right))


def arithmetic(sign: str, left: Value, right: Value) -> float:
    """`left` + - * div mod `right`, where a number divided by zero is infinite."""
    one, other = number(left), number(right)
    try:
        return _ARITHMETIC[sign](one, other)
    except (ZeroDivisionError, ValueError):
        if sign == "div" and one and not math.isnan(one):
            return math.copysign(math.inf, one) * math.copysign(1, other)
        return math.nan
    except OverflowError:
        return math.inf


_ARITHMETIC: dict[str, Callable[[Any, Any], float]] = {
    "+": lambda one, other: float(one) + float(other),
    "-": lambda one, other: float(one) - float(other),
    "*": lambda one, other: float(one) * float(other),
    "div": lambda one, other: float(one) / float(other),
    "mod": lambda one, other: math.fmod(one, other),
}


def words(said: str) -> list[str]:
    """The names in a list of choices; a blank text is one blank name."""
    return re.sub(f"[{SPACE}]+", " ", said.strip(SPACE)).split(" ")

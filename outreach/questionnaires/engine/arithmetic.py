"""What rules do with numbers. None of it raises: what has no result is NaN, what is too large infinite."""

import math
from collections.abc import Callable, Sequence


def safe(work: Callable[..., float]) -> Callable[..., float]:
    """`work` without its errors, which are no part of a rule's language."""

    def wrapped(*numbers: float) -> float:
        try:
            return float(work(*numbers))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan

    return wrapped


def total(found: Sequence[float]) -> float:
    """A sum, added one by one as other engines do; of nothing, 0."""
    added = 0.0
    for one in found:
        added += one
    return added


def rounded(value: float, places: float) -> float:
    """A number rounded half away from zero to so many decimal places, or to tens, hundreds, … where these are negative."""
    if math.isnan(value) or math.isnan(places):
        return math.nan
    if math.isinf(value):
        return value
    try:
        shift = 10.0**places
        return math.copysign(math.floor(abs(value) * shift + 0.5) / shift, value)
    except (OverflowError, ZeroDivisionError):
        return math.nan


def cut(value: float) -> float:
    """A number without its fraction."""
    return value if math.isnan(value) or math.isinf(value) else float(math.trunc(value))


def power(base: float, exponent: float) -> float:
    """A number to the power of another."""
    if math.isnan(base + exponent) or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    return math.inf if base == 0 and exponent < 0 else math.pow(base, exponent)


def logarithm(work: Callable[[float], float]) -> Callable[[float], float]:
    """A logarithm that is minus infinity at 0."""
    return lambda value: -math.inf if value == 0 else work(value)


def whole(work: Callable[[float], int]) -> Callable[[float], float]:
    """Rounding that leaves infinite numbers alone."""
    return lambda value: value if math.isinf(value) else float(work(value))

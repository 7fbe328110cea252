"""Places on the earth: an answer is "latitude longitude altitude accuracy", several are joined by semicolons."""

import itertools
import math
from collections.abc import Sequence

_RADIUS = 6_378_100.0


def _points(said: Sequence[str]) -> list[tuple[float, float]]:
    """The points of one text with several, or of several texts with one each, in radians; none where any is no point."""
    listed = said[0].strip().rstrip("; ").split(";") if len(said) == 1 else said
    points: list[tuple[float, float]] = []
    for one in listed:
        parts = one.split()
        try:
            latitude, longitude = float(parts[0]), float(parts[1])
        except (IndexError, ValueError):
            return []
        if abs(latitude) > 90 or abs(longitude) > 180:
            return []
        points.append((math.radians(latitude), math.radians(longitude)))
    return points if len(points) > 1 else []


def area(said: Sequence[str]) -> float:
    """The square metres within a line that is closed; 0 where there is none."""
    points = _points(said)
    if len(points) < 3:
        return 0.0
    if points[0] != points[-1]:
        points.append(points[0])
    total = sum(
        (end[1] - start[1]) * (2 + math.sin(end[0]) + math.sin(start[0])) for start, end in itertools.pairwise(points)
    )
    return _to_centimetres(abs(total * _RADIUS**2 / 2))


def distance(said: Sequence[str]) -> float:
    """The metres along a line. Raises ValueError where there is none."""
    points = _points(said)
    if not points:
        raise ValueError("the distance of what is no line")
    total = 0.0
    for one, other in itertools.pairwise(points):
        flat = math.cos(one[0]) * math.cos(other[0]) * math.cos(one[1] - other[1])
        total += math.acos(min(1.0, max(-1.0, math.sin(one[0]) * math.sin(other[0]) + flat)))
    return _to_centimetres(total * _RADIUS)


def _to_centimetres(metres: float) -> float:
    return math.floor(metres * 100 + 0.5) / 100

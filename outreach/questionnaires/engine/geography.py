"""Places on the earth: an answer is "latitude longitude altitude accuracy", several are joined by semicolons."""

import itertools
import math
from collections.abc import Sequence

_RADIUS = 6_378_100.0


def _points(said: Sequence[str]) -> list[tuple[float, float]]:
    """The points of one text with several, or of several texts with one each, in degrees; none where any is no point."""
    listed = said[0].strip().rstrip("; ").split(";") if len(said) == 1 else said
    points: list[tuple[float, float]] = []
    for one in listed:
        parts = one.split()
        if len(parts) > 4:
            return []
        try:
            latitude, longitude = float(parts[0]), float(parts[1])
        except (IndexError, ValueError):
            return []
        if abs(latitude) > 90 or abs(longitude) > 180:
            return []
        points.append((latitude, longitude))
    return points if len(points) > 1 else []


def area(said: Sequence[str]) -> float:
    """The square metres within a line that is closed; 0 where there is none."""
    points = _points(said)
    if len(points) < 3:
        return 0.0
    if points[0] != points[-1]:
        points.append(points[0])
    total = 0.0
    for start, end in itertools.pairwise(points):
        height = 2 + math.sin(_radians(end[0])) + math.sin(_radians(start[0]))
        total += _radians(end[1] - start[1]) * height
    return abs(_to_centimetres(total * _RADIUS * _RADIUS / 2))


def distance(said: Sequence[str]) -> float:
    """The metres along a line; NaN where there is none, as while an answer is blank."""
    points = _points(said)
    if not points:
        return math.nan
    total = 0.0
    for one, other in itertools.pairwise(points):
        north, south, apart = _radians(one[0]), _radians(other[0]), _radians(one[1] - other[1])
        flat = math.cos(north) * math.cos(south) * math.cos(apart)
        total += math.acos(min(1.0, max(-1.0, math.sin(north) * math.sin(south) + flat))) * _RADIUS
    return _to_centimetres(total)


def within(point: str, shape: str) -> bool:
    """Whether a point lies in a closed shape; no, where either is none."""
    corners = _points([shape])
    spot = _points([point, point])
    if not corners or not spot or corners[0] != corners[-1]:
        return False
    latitude, longitude = spot[0]
    inside = False
    for (south, west), (north, east) in itertools.pairwise(corners):
        if (north > latitude) != (south > latitude):
            crossing = (west - east) * (latitude - north) / (south - north) + east
            inside ^= longitude < crossing
    return inside


def _radians(degrees: float) -> float:
    # In this order, as other engines do, so that the last digit is the same.
    return degrees * math.pi / 180


def _to_centimetres(metres: float) -> float:
    return math.floor(metres * 100 + 0.5) / 100

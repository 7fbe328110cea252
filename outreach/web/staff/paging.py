"""Pages of long lists by place: the next page begins behind the last row of this one, however many rows came in meanwhile."""

import uuid
from datetime import datetime


def place(at: datetime, key: uuid.UUID) -> str:
    """The place of a row in a list by instant, as an address carries it."""
    return f"{at.isoformat()}~{key}"


def place_after(written: str) -> tuple[datetime, uuid.UUID] | None:
    """The place that an address names; None for the beginning, also where it names no place."""
    instant, _tilde, key = written.partition("~")
    try:
        at = datetime.fromisoformat(instant)
        return (at, uuid.UUID(key)) if at.tzinfo is not None else None
    except ValueError:
        return None

"""The time. Every instant of the service comes from here, in UTC; the database is never asked for it.

In a demo the file named by OUTREACH_CLOCK_FILE holds an offset in seconds that moves all processes together.
"""

import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_fixed: datetime | None = None
_FORGOTTEN = 120.0
"""Seconds after which a step of the clock is taken for the truth by what waits for time to pass."""
_STEP = timedelta(seconds=1)
_looks: deque[tuple[float, datetime]] = deque()
"""Looks at the clock in the last minutes: monotonic seconds, and what it showed."""


def _offset() -> timedelta:
    name = os.environ.get("OUTREACH_CLOCK_FILE")
    if not name:
        return timedelta()
    try:
        return timedelta(seconds=float(Path(name).read_text().strip() or 0))
    except FileNotFoundError:
        return timedelta()


def now() -> datetime:
    """The present instant, in UTC."""
    return _fixed if _fixed is not None else datetime.now(UTC) + _offset()


def lapsed() -> datetime:
    """The present instant for what ends with time that has passed, a lease: not moved forward by a step of the clock until minutes after it.

    A clock that is put an hour ahead would end the leases of senders that are at work, and their letters would leave twice.
    """
    present, ticks = now(), time.monotonic()
    if _fixed is not None:
        return present
    looks = tuple(_looks)  # other threads look, too
    # What the clock would show had it not been touched since each of these looks at it.
    untouched = [shown + timedelta(seconds=ticks - at) for at, shown in looks]
    while _looks and ticks - _looks[0][0] > _FORGOTTEN:
        _looks.popleft()
    if not looks or ticks - looks[-1][0] > _FORGOTTEN / 12 or abs(present - untouched[-1]) > _STEP:
        _looks.append((ticks, present))
    return min([present, *untouched])


def today(zone: str) -> date:
    """The date that the calendar shows now in the named zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def move_to(instant: datetime, clock_file: Path) -> None:
    """Move the clock of all processes that share `clock_file`, so that it shows `instant` now (demo only)."""
    seconds = (instant - datetime.now(UTC)).total_seconds()
    clock_file.parent.mkdir(parents=True, exist_ok=True)
    fresh = clock_file.with_suffix(".new")
    fresh.write_text(f"{seconds:.3f}\n")
    fresh.replace(clock_file)


@contextmanager
def stopped_at(instant: datetime) -> Iterator[None]:
    """Hold the clock of this process at an instant, for the length of a `with` block."""
    global _fixed
    before, _fixed = _fixed, instant.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before

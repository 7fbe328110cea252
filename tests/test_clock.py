"""The clock: moved together for all processes in a demo, stopped in a test."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach import clock


def test_a_clock_file_moves_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "clock"
    monkeypatch.setenv("OUTREACH_CLOCK_FILE", str(file))
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    clock.move_to(datetime(2027, 1, 12, 8, tzinfo=UTC), file)
    assert abs(clock.now() - datetime(2027, 1, 12, 8, tzinfo=UTC)) < timedelta(minutes=1)


def test_a_stopped_clock_stands_still_and_goes_on() -> None:
    instant = datetime(2027, 2, 26, 22, 59, tzinfo=UTC)
    with clock.stopped_at(instant):
        assert clock.now() == instant
        assert clock.today("Asia/Amman").isoformat() == "2027-02-27"
    assert clock.now() != instant

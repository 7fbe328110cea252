"""The clock: moved together for all processes in a demo, stopped in a test."""

import time
from collections import deque
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


def test_a_step_ahead_makes_nothing_lapse_until_two_minutes_have_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setattr(clock, "_looks", deque())
    begin = time.monotonic()
    passed = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: begin + passed)
    then = clock.lapsed()
    clock.move_to(then + timedelta(hours=1), tmp_path / "clock")
    assert abs(clock.lapsed() - then) < timedelta(seconds=1)
    passed = 60.0
    assert abs(clock.lapsed() - then - timedelta(minutes=1)) < timedelta(seconds=1)
    found = then
    for seconds in (119.0, 140.0, 181.0, 200.0):
        passed = seconds
        found = clock.lapsed()
    assert found - then > timedelta(minutes=50)


def test_a_step_back_counts_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setattr(clock, "_looks", deque())
    then = clock.lapsed()
    clock.move_to(then - timedelta(days=1), tmp_path / "clock")
    assert clock.lapsed() - then < timedelta(hours=-23)
    instant = datetime(2027, 2, 26, 22, 59, tzinfo=UTC)
    with clock.stopped_at(instant):
        assert clock.lapsed() == instant


def test_a_clock_that_is_put_ahead_twice_still_makes_nothing_lapse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setattr(clock, "_looks", deque())
    then = clock.now()
    clock.move_to(then + timedelta(hours=1), tmp_path / "clock")
    clock.lapsed()
    clock.move_to(then, tmp_path / "clock")
    clock.lapsed()
    clock.move_to(then + timedelta(days=1), tmp_path / "clock")
    assert clock.lapsed() - then < timedelta(minutes=30)

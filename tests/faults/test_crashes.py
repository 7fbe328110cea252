"""Short forms of `benchmarks.faults`: real workers, beat, broker and database are killed in mid-campaign, and the sink outside counts."""

import random

from benchmarks.faults.broker import broker
from benchmarks.faults.database import crash
from benchmarks.faults.finding import Finding
from benchmarks.faults.kills import kills
from benchmarks.faults.stage import Stage


def held(found: Finding) -> bool:
    """Whether all bounds hold but that of time, which is the machine's."""
    found.within = found.seconds
    return found.holds


def test_killed_senders_lose_nothing_and_repeat_at_most_what_each_connection_had_in_flight(stage: Stage) -> None:
    found = kills(stage, random.Random(1), letters=200, times=3, wait_for_leases=False)
    assert held(found), found


def test_a_broker_that_is_killed_and_wiped_loses_and_doubles_nothing_with_two_beats(stage: Stage) -> None:
    found = broker(stage, random.Random(1), letters=200)
    assert held(found), found


def test_a_database_that_crashes_loses_nothing_and_repeats_what_it_had_just_recorded_at_most(stage: Stage) -> None:
    found = crash(stage, random.Random(1), letters=200, times=1, wait_for_leases=False)
    assert held(found), found

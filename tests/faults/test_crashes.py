"""Short forms of `benchmarks.faults`: real workers, beat, broker and database are killed in mid-campaign, and the sink outside counts."""

import random

from benchmarks.faults.kills import kills
from benchmarks.faults.stage import Stage


def test_killed_senders_lose_nothing_and_repeat_at_most_what_each_connection_had_in_flight(stage: Stage) -> None:
    found = kills(stage, random.Random(1), letters=200, times=3, wait_for_leases=False)
    assert found.holds, found

"""Fault 1: sending processes are killed at random, children and parents, while letters leave."""

import random
import time
from collections.abc import Callable

from benchmarks.faults.finding import Finding
from benchmarks.faults.stage import Stage

DELAY = 0.1
"""Seconds that the sink takes for a letter, so that there is always one in flight on each connection."""


def kills(stage: Stage, chance: random.Random, letters: int, times: int, *, wait_for_leases: bool = True) -> Finding:
    """Kill so many processes while letters leave over a slowed line; without waiting, the leases of the dead end at once afterwards."""
    stage.letters(letters)
    stage.mail.forget()
    stage.mail.delay(DELAY)
    stage.start_worker()
    stage.start_beat()
    stage.ring()
    stage.wait_until(lambda: bool(stage.mail.came().took), what="the first letter")
    events: list[tuple[str, str, int]] = []
    began = time.monotonic()
    # A kill after every so many letters: spread over the whole campaign, whatever the speed of the machine.
    marks = sorted(chance.sample(range(letters // 20, letters * 17 // 20), times))
    for number, mark in enumerate(marks):
        _wait(stage, lambda mark=mark: len(stage.mail.came().took) >= mark, wait_for_leases)  # type: ignore[misc]
        time.sleep(chance.random() * 0.1)
        # Every fourth is a parent.
        role = "parent" if number % 4 == 1 else "child"
        pid = chance.choice(_some(stage, role))
        events.append((f"{time.monotonic() - began:.1f} s", role, stage.kill_program(pid)))
    ended = time.monotonic()
    _wait(stage, lambda: not stage.unsettled(), wait_for_leases)
    seconds = time.monotonic() - ended
    stage.stop("worker", "beat")
    count = stage.count()
    died = sum(connections for _when, _role, connections in events)
    parents = sum(role == "parent" for _when, role, _connections in events)
    return Finding(
        "kills",
        letters,
        f"{times - parents} children and {parents} parents killed, {died} connections with them",
        count.lost,
        count.repeated,
        died,
        round(seconds, 1),
        events=events,
        unsettled=count.unsettled,
        wrongly_sent=count.wrongly_sent,
    )


def _wait(stage: Stage, condition: Callable[[], bool], wait_for_leases: bool) -> None:
    limit = time.monotonic() + 300
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError(f"letters do not leave; the logs are in {stage.folder / 'log'}")
        if not wait_for_leases and stage.end_leases_of_the_dead():
            stage.ring()
        time.sleep(0.2)


def _some(stage: Stage, role: str) -> list[int]:
    """The processes of a role; of the children those that are sending, if any are."""
    found: list[int] = []

    def there() -> bool:
        parents, children = stage.parents_and_children("worker")
        found[:] = parents if role == "parent" else children
        return bool(found)

    stage.wait_until(there, what=f"a {role}")
    return [pid for pid in found if stage.connections_of(pid)] or found

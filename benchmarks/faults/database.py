"""Fault 3: the database is killed with -9 and started again, and connections to it are cut while a transaction is being committed."""

import random
import time

from benchmarks.faults.finding import Finding
from benchmarks.faults.kills import DELAY
from benchmarks.faults.proxy import Proxy
from benchmarks.faults.sink import Came
from benchmarks.faults.stage import CHILDREN, CONNECTIONS, Stage

SECOND = 1.0
STANDSTILL = 0.2
"""Seconds without any acknowledgement after which the machine itself is taken to stand still: no more of the time counts."""
IN_HAND = CHILDREN * CONNECTIONS
"""Letters that are in flight: nobody records them."""


def crash(stage: Stage, chance: random.Random, letters: int, times: int, *, wait_for_leases: bool = True) -> Finding:
    """Kill PostgreSQL with all its processes so many times, and start it again."""
    _begin(stage, letters)
    stage.start_worker()
    stage.start_beat()
    stage.ring()
    crashes: list[tuple[float, float]] = []
    for number in range(1, times + 1):
        stage.wait_until(
            lambda number=number: len(stage.mail.came().took) >= letters * number // (times + 1), 300, "letters"
        )  # type: ignore[misc]
        time.sleep(chance.random() * 0.3)
        began = time.time()
        stage.kill_postgres()
        crashes.append((began, time.time()))
        time.sleep(chance.uniform(0.2, 1.5))
        stage.start_postgres()
        if not wait_for_leases:
            stage.end_all_leases()
            stage.ring()
    return _end(stage, "crash", letters, f"PostgreSQL killed {times} times", crashes, ("worker", "beat"), [])


def cuts(stage: Stage, chance: random.Random, letters: int, times: int) -> Finding:
    """Cut connections at a commit so many times, some before the database gets it and some before its answer is heard."""
    _begin(stage, letters)
    door = stage.open_door("proxy")
    proxy = Proxy(door / ".s.PGSQL.5432", stage.open_door("pg") / ".s.PGSQL.5432", chance)
    try:
        stage.start_worker(OUTREACH_DATABASE_URL=stage.database_url("proxy"))
        stage.start_beat()
        stage.ring()
        for number in range(1, times + 1):
            stage.wait_until(
                lambda number=number: len(stage.mail.came().took) >= letters * number // (times + 2), 300, "letters"
            )  # type: ignore[misc]
            proxy.cut()
            stage.wait_until(lambda: not proxy.waiting, 120, "a commit")
        done = f"{times} connections cut at a commit"
        return _end(
            stage, "cuts", letters, done, [(at, at) for at, _how in proxy.cut_at], ("worker", "beat"), proxy.cut_at
        )
    finally:
        proxy.close()


def acknowledged_just_before(came: Came, faults: list[tuple[float, float]]) -> int:
    """How many letters the sink acknowledged in the last second of work before each fault and while it was made, and had in hand then.

    A fault lies between two instants: on a machine that stands still in between, letters go on leaving.
    """
    times = sorted(time_ for each in came.acknowledged.values() for time_ in each)
    return sum(
        IN_HAND
        + _in_the_last_second([time_ for time_ in times if time_ <= began], began)
        + sum(began < time_ <= ended for time_ in times)
        for began, ended in faults
    )


def _in_the_last_second(times: list[float], until: float) -> int:
    passed, count = 0.0, 0
    for time_ in reversed(times):
        passed += min(until - time_, STANDSTILL)
        if passed > SECOND:
            break
        count, until = count + 1, time_
    return count


def _begin(stage: Stage, letters: int) -> None:
    stage.letters(letters)
    stage.mail.forget()
    stage.mail.delay(DELAY)


def _end(
    stage: Stage,
    trial: str,
    letters: int,
    done: str,
    faults: list[tuple[float, float]],
    programs: tuple[str, ...],
    events: list[tuple[float, str]],
) -> Finding:
    ended = time.monotonic()
    stage.wait_until(lambda: not stage.unsettled(), 300, "the last letter")
    seconds = time.monotonic() - ended
    stage.stop(*programs)
    came = stage.mail.came()
    count = stage.count(came)
    return Finding(
        trial,
        letters,
        done,
        count.lost,
        count.repeated,
        acknowledged_just_before(came, faults),
        round(seconds, 1),
        events=[how for _at, how in events],
        unsettled=count.unsettled,
        wrongly_sent=count.wrongly_sent,
    )

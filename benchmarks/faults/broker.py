"""Fault 2: the broker is killed in mid-campaign, comes back, and is killed again and wiped; two beats ring all the while (fault 5)."""

import random
import time

from benchmarks.faults.finding import Finding
from benchmarks.faults.kills import DELAY
from benchmarks.faults.stage import Stage


def broker(stage: Stage, chance: random.Random, letters: int) -> Finding:
    """Half of the letters are due at first, the others once the broker has forgotten everything: nobody rings for these but a beat."""
    stage.letters(letters)
    stage.change(
        "UPDATE letter SET due_at = due_at + interval '1 day' WHERE ctid IN (SELECT ctid FROM letter LIMIT :half)",
        half=letters // 2,
    )
    stage.mail.forget()
    stage.mail.delay(DELAY)
    stage.start_worker()
    for beat in ("beat", "second-beat"):
        stage.start_beat(beat)
    stage.ring()
    events = []
    began = time.monotonic()
    for share, wipe in ((8, False), (4, True)):
        stage.wait_until(lambda share=share: len(stage.mail.came().took) >= letters // share, what="letters")  # type: ignore[misc]
        stage.kill_valkey(wipe=wipe)
        events.append((f"{time.monotonic() - began:.1f} s", "killed and wiped" if wipe else "killed"))
        time.sleep(chance.uniform(0.5, 2))
        stage.start_valkey()
    stage.change(
        "UPDATE letter SET due_at = due_at - interval '1 day' WHERE settled_at IS NULL AND state = 'queued' AND due_at > queued_at"
    )
    ended = time.monotonic()
    stage.wait_until(lambda: not stage.unsettled(), 300, "the last letter")
    seconds = time.monotonic() - ended
    stage.stop("worker", "beat", "second-beat")
    count = stage.count()
    return Finding(
        "broker",
        letters,
        "broker killed, then killed and wiped; two beats",
        count.lost,
        count.repeated,
        0,
        round(seconds, 1),
        events=events,
        unsettled=count.unsettled,
        wrongly_sent=count.wrongly_sent,
    )

"""Processes, seen through /proc: who belongs to whom, how many connections each has, and an end without notice."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """One process as the kernel lists it."""

    pid: int
    parent: int
    session: int


def all_of_them() -> list[Process]:
    """Those that run; the dead that nobody has waited for are left out."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if words[0] not in "ZX":
            found.append(Process(int(path.parent.name), int(words[1]), int(words[3])))
    return found


def connections(pid: int, port: int) -> int:
    """How many connections to a port of this machine the process has open."""
    sockets = set()
    for handle in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            sockets.add(str(handle.readlink()))
        except OSError:
            continue
    count = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        count += words[2].endswith(f":{port:04X}") and f"socket:[{words[9]}]" in sockets
    return count


def kill(pid: int, port: int) -> int:
    """kill -9; how many connections to the port died with it. The kernel kills a worker's children with their parent (Celery asks for it)."""
    dying = [pid, *(one.pid for one in all_of_them() if one.parent == pid)]
    died = 0
    # They stand still while they are counted: what they do then is what they had done when they died.
    for one in dying:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGSTOP)
            died += connections(one, port)
    for one in dying:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    while any(one.pid in dying for one in all_of_them()):
        time.sleep(0.01)
    return died

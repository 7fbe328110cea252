"""A program of the stack, started through its keeper."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from outreach.errors import OutreachError
from outreach.stack import keeper

_LATE = 60.0
"""Seconds that a keeper may be late on a busy machine; killed itself, it could not end its program."""


class Child:
    """One running program. `stop` ends it; so does the end of this process, whatever ends it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        reading, self._writing = os.pipe()
        try:
            with log.open("ab") as output:
                self._keeper = subprocess.Popen(  # our own programs
                    [
                        sys.executable, "-I", "-S", keeper.__file__, str(reading), str(int(stop_signal)), user or "-",
                        *map(str, command),
                    ],
                    pass_fds=(reading,),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=dict(os.environ if environment is None else environment),
                    start_new_session=True,
                )  # fmt: skip
        finally:
            os.close(reading)

    def ended(self) -> int | None:
        """The exit status of a program that has ended, else None."""
        return self._keeper.poll()

    def wait_until(self, ready: Callable[[], bool], seconds: float = 180.0) -> None:
        """Wait until the program is ready. Raises OutreachError with the log's path where it ends or takes too long."""
        limit = time.monotonic() + seconds
        while not ready():
            if self.ended() is not None or time.monotonic() > limit:
                self.stop()
                raise OutreachError(f"{self.name} did not start. Its log is {self.log}.")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the program and wait for it; stopping twice is harmless."""
        if self._writing >= 0:
            os.close(self._writing)
            self._writing = -1
        try:
            self._keeper.wait(keeper.GRACE + _LATE)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()

"""Starts one program and lets it not outlive whoever asked for it, even one that was killed with -9. Standard library only.

Run as `python keeper.py FD STOP_SIGNAL USER PROGRAM ARGUMENT…` in a session of its own. FD is the reading end of a pipe that only the
asker holds open: its end of file means that the asker is gone (or wants the program stopped), on Linux and macOS alike.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading

GRACE = 10.0
"""Seconds between the polite signal and SIGKILL."""


def main(arguments: list[str]) -> int:
    """Run the program until it ends or the pipe closes; its exit status."""
    pipe, stop_signal, user, *command = arguments
    # A Ctrl-C in the terminal is the asker's to handle; it closes the pipe when it wants us to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if user == "-":
        child = subprocess.Popen(command, start_new_session=True, close_fds=True)
    else:
        child = subprocess.Popen(command, start_new_session=True, close_fds=True, user=user, extra_groups=[], cwd="/")
    signal.signal(signal.SIGTERM, lambda *_: _end(child, int(stop_signal)))
    threading.Thread(target=_watch, args=(int(pipe), child, int(stop_signal)), daemon=True).start()
    status = child.wait()
    _kill_group(child, signal.SIGKILL)
    return status if status >= 0 else 128 - status


def _watch(pipe: int, child: "subprocess.Popen[bytes]", stop_signal: int) -> None:
    while True:
        select.select([pipe], [], [])
        if not os.read(pipe, 1):
            break
    _end(child, stop_signal)


def _end(child: "subprocess.Popen[bytes]", stop_signal: int) -> None:
    if child.poll() is None:
        child.send_signal(stop_signal)
    timer = threading.Timer(GRACE, _kill_group, (child, signal.SIGKILL))
    timer.daemon = True
    timer.start()


def _kill_group(child: "subprocess.Popen[bytes]", number: int) -> None:
    # The group may be gone already.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

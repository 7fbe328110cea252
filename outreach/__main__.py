"""`python3 -m outreach COMMAND`: makes .venv from the lock on first use, then runs cli/ inside it. Standard library only.

This file is read by whatever Python a person has, so it keeps to what Python 3.8 can parse.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, List

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARK = VENV / "outreach-lock"
LOG = ROOT / ".venv.log"
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"


def main() -> None:
    """Run a command, in the environment that it needs. Exits with one sentence where that can't be had."""
    if sys.version_info < (3, 11):
        sys.exit(
            "Outreach needs Python 3.11 or newer; this is %d.%d. Please install it and try again."
            % sys.version_info[:2]
        )
    if _makes_environment():
        try:
            _make_environment(DEVELOPMENT if sys.argv[1:2] == ["test"] else RUNTIME)
        except KeyboardInterrupt:
            sys.exit("\nStopped before the environment was whole; the next start makes it anew.")
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        # Flushed by hand: exec drops what Python still holds.
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(str(PYTHON), [str(PYTHON), "-m", "outreach", *sys.argv[1:]], dict(os.environ, PYTHONPATH=path))
    from outreach.cli import main as run

    run()


def _makes_environment() -> bool:
    in_checkout = (ROOT / RUNTIME).is_file() and (ROOT / "pyproject.toml").is_file()
    inside_one = sys.prefix != sys.base_prefix
    return in_checkout and not inside_one and not os.environ.get("OUTREACH_NO_VENV")


def _wanted(lock: str) -> str:
    digest = hashlib.sha256((ROOT / lock).read_bytes() + sys.version.encode()).hexdigest()
    return lock + " " + digest


def _satisfied(lock: str) -> bool:
    if not (MARK.is_file() and PYTHON.exists()):
        return False
    mark = MARK.read_text()
    # What development needs holds what running needs: a development environment is never made smaller.
    return mark in (_wanted(lock), _wanted(DEVELOPMENT))


def _make_environment(lock: str) -> None:
    import fcntl

    with (ROOT / ".venv.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if _satisfied(lock):
            return
        if MARK.is_file() and MARK.read_text().startswith(DEVELOPMENT):
            lock = DEVELOPMENT
        print("Making .venv from %s (once; this takes a minute) …" % lock, file=sys.stderr, flush=True)
        shutil.rmtree(str(VENV), ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(VENV)], _no_venv)
        _run(
            [
                str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                "--require-hashes", "--no-deps", "-r", str(ROOT / lock),
            ],
            lambda words: f"The packages of {lock} could not be installed. Please check the connection to the package index and try again; pip's words are in {LOG}.",
        )  # fmt: skip
        MARK.write_text(_wanted(lock))
        LOG.unlink()


def _no_venv(words: str) -> str:
    if "ensurepip" in words or "No module named venv" in words:
        return "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv; then run the command again."
    return f"The folder {VENV} could not be made; the words of Python are in {LOG}."


def _run(command: List[str], sentence: Callable[[str], str]) -> None:
    """Run a step of the set-up, its words in LOG; where it fails, remove what was begun and exit with one sentence."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with LOG.open("a") as log:
        log.write(done.stdout)
    if done.returncode:
        shutil.rmtree(str(VENV), ignore_errors=True)
        sys.exit(sentence(done.stdout))


if __name__ == "__main__":
    main()

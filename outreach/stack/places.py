"""Where the embedded servers keep data and sockets, also for root, whose home others must not enter."""

import hashlib
import os
import pwd
import shutil
import tempfile
from pathlib import Path

SERVANT = "nobody"
"""The user that PostgreSQL runs as when we are root; it exists on every system, none is made."""

_ROOTS_PLACE = Path("/var/lib/outreach-embedded")


def as_root() -> bool:
    """Whether this process is root's, so that PostgreSQL must run as somebody else."""
    return os.geteuid() == 0


def reachable(folder: Path) -> bool:
    """Whether other users can pass through every folder above `folder`."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.resolve().parents if parent.exists())


def servants_place(wanted: Path) -> Path:
    """The folder that the servant can use in the place of `wanted`: itself, or one of ours outside private homes.

    The same `wanted` always leads to the same place. No permission of a folder that is not ours is changed.
    """
    if reachable(wanted):
        return wanted
    return _ROOTS_PLACE / hashlib.sha256(str(wanted.resolve()).encode()).hexdigest()[:16]


def make_for_servant(folder: Path) -> None:
    """Make a folder that only the servant (and root) can read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    servant = pwd.getpwnam(SERVANT)
    os.chown(folder, servant.pw_uid, servant.pw_gid)
    folder.chmod(0o700)


def socket_folder(servant: bool) -> Path:
    """A short private folder for a unix socket, whose path may have some hundred bytes at most."""
    folder = Path(tempfile.mkdtemp(prefix="outreach-"))
    if servant and as_root():
        make_for_servant(folder)
    return folder


def remove(wanted: Path) -> None:
    """Remove a folder of the stack, wherever it is kept."""
    shutil.rmtree(wanted, ignore_errors=True)
    if as_root():
        shutil.rmtree(servants_place(wanted), ignore_errors=True)

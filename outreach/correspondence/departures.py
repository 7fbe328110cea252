"""What has left, noted outside the database too: one that is restored from a backup does not know what left since.

A number grows while letters leave: first in the database, then in a file beside the storage's contents. A file that is ahead means that
the database is older than what has left. Then everything is held until a person says go on: what it believes to be due may have left.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence import holds
from outreach.correspondence.models import Departures, HoldKind
from outreach.db import Database
from outreach.storage import Storage

log = logging.getLogger(__name__)

NAME = "departures"
"""The file's name in the storage's folder. A backup leaves it out, and a restored storage keeps the one that is there."""


def check(database: Database, storage: Storage) -> None:
    """Hold all letters where the database is older than what has left, or where nothing can tell because the file is gone."""
    if _agree(database, storage):
        return
    # Another sender may just have written the one and not yet the other: only who has the file for itself can tell.
    with _locked(_file(storage)) as handle:
        if _agree(database, storage):
            return
        kept, written = _read(_file(storage))
        reason = (
            f"Letters left until {written}, and this database is older than that: it was restored from a backup."
            if kept is not None
            else f"Letters have left, and the storage has no file {NAME} that tells until when: one of the two may be restored from a backup."
        )
        with database.write() as session:
            number = max(_known(session), kept or 0)
            holds.stop(session, None, reason, kind=HoldKind.RESTORED)
            # From here on the hold remembers it. Only a person ends it.
            _set(session, number)
        _write(handle, number)
    log.error("nothing is sent: %s", reason)


def note(database: Database, storage: Storage) -> None:
    """Letters are about to leave, or go on leaving: the number grows, here and there."""
    with _locked(_file(storage)) as handle:
        with database.write() as session:
            number = session.execute(
                insert(Departures)
                .values(id=1, number=1)
                .on_conflict_do_update(index_elements=["id"], set_={"number": Departures.number + 1})
                .returning(Departures.number)
            ).scalar_one()
        # Where the storage is not the same for all, another file may be ahead of this one, never of the row.
        if number > (_read(_file(storage))[0] or 0):
            _write(handle, number)


def _agree(database: Database, storage: Storage) -> bool:
    # The file before the row: the row is never behind it, unless the database is an older one.
    kept, _written = _read(_file(storage))
    with database.read() as session:
        known = _known(session)
    return (kept or 0) <= known and (kept is not None or known == 0)


def _known(session: Session) -> int:
    return session.scalar(select(Departures.number)) or 0


def _set(session: Session, number: int) -> None:
    values = {"number": number}
    session.execute(insert(Departures).values(id=1, **values).on_conflict_do_update(index_elements=["id"], set_=values))


def _file(storage: Storage) -> Path:
    return storage.root / NAME


def _read(file: Path) -> tuple[int | None, str]:
    """The number, and when it was written; None where there is none, or none that can be read."""
    try:
        number, written = file.read_text(encoding="ascii").split()
        return int(number), written
    except (FileNotFoundError, ValueError):
        return None, ""


@contextmanager
def _locked(file: Path) -> Iterator[int]:
    """The file, for one sender at a time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _write(handle: int, number: int) -> None:
    """Write the number; on disk before this returns."""
    # In place and always of one length: there is no instant at which it is half.
    os.pwrite(handle, f"{number:020d} {clock.now():%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)
    os.fsync(handle)

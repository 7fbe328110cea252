"""The mailbox is read: a mail is kept and committed first, and only then marked as seen, or moved; then it is understood.

What breaks off in between is read again, and recognized by its content. No transaction is open while the mail server is asked.
"""

import logging
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox

from outreach.config import Settings
from outreach.db import Database
from outreach.inbox import mailbox, taking_in
from outreach.inbox.mailbox import MailboxAtFault
from outreach.storage import Storage

__all__ = ["Fetched", "MailboxAtFault", "fetch", "look", "watch"]

log = logging.getLogger(__name__)

LONGEST_IDLE = 600
"""Seconds after which a mailbox that is watched is read, whatever the server says."""
_BREATH = 1.0
"""Seconds until a mailbox whose connection broke is opened again."""


@dataclass(frozen=True)
class Fetched:
    """How many mails were new, how many kept before, and how many could not be kept now: those stay unseen, for the next time."""

    new: int
    known: int
    failed: int


@dataclass(frozen=True)
class _Found:
    """A mail in a mailbox: where, when it arrived if that is known, its bytes, and what lets the mailbox know that it is kept."""

    source: str
    read: Callable[[], tuple[bytes | None, datetime | None]]
    done_with: Callable[[], None]


def fetch(
    database: Database,
    storage: Storage,
    settings: Settings,
    *,
    everything: bool = False,
    most: int | None = None,
    kept: Callable[[], object] = lambda: None,
) -> Fetched:
    """Take in the mails that are not seen yet, the oldest of each folder first; with `everything` also those that somebody opened there.

    It ends after `most` of them, not counting those that fail, and then understands them; `kept` is called meanwhile, whenever there is
    enough for somebody else to begin with that. Raises MailboxAtFault; what was taken in before stays.
    """
    of_folder = urlsplit(settings.inbox_url).scheme == "maildir"
    found = _in_maildir(settings, everything) if of_folder else _by_imap(settings, everything)
    new = known = failed = 0
    try:
        for one in found:
            if most is not None and max(new + known, failed) >= most:
                break
            raw, arrived_at = one.read()
            if raw is None:
                continue  # somebody took it away meanwhile
            try:
                # The mail server knows nothing of a demonstration's clock.
                instant = None if settings.clock_file else arrived_at
                is_new = taking_in.keep(database, storage, raw, one.source, arrived_at=instant, begun=False).new
            except Exception:
                # One mail that can't be kept must not stand before all others; it stays unseen.
                log.exception("mail %s could not be kept", one.source)
                failed += 1
                continue
            new, known = new + is_new, known + (not is_new)
            if is_new and new % taking_in.AT_ONCE == 0:
                kept()
            one.done_with()
    except mailbox.FAULTS as fault:
        raise MailboxAtFault(f"{mailbox.place(settings).host}: {fault}") from fault
    finally:
        found.close()
        # Also what was kept by a run that ended before this.
        taking_in.go_on(database, storage, most=max(new, taking_in.AT_ONCE))
    return Fetched(new, known, failed)


def look(settings: Settings) -> None:
    """Open the mailbox and its folders, and change nothing. Raises MailboxAtFault."""
    if urlsplit(settings.inbox_url).scheme == "maildir":
        next(_in_maildir(settings, False), None)
        return
    with mailbox.opened(settings) as box:
        for folder in mailbox.place(settings).folders:
            box.folder.set(folder, readonly=True)


def watch(settings: Settings, changed: Callable[[], object], *, rounds: int | None = None) -> None:
    """Call `changed` whenever the first folder of the mailbox changes, at once and then at least every ten minutes (IDLE, RFC 2177).

    Without IDLE every minute. Ends after so many `rounds`. Raises MailboxAtFault.
    """
    left = rounds
    while True:
        with mailbox.opened(settings) as box:
            going_on = True
            while going_on:
                changed()
                left = None if left is None else left - 1
                if left == 0:
                    return
                going_on = _waited(box)
        time.sleep(_BREATH)


def _waited(box: BaseMailBox) -> bool:
    """Wait for a change; False where the connection broke meanwhile, as it does for imap-tools when a line comes in two pieces."""
    try:
        if "IDLE" in box.client.capabilities:
            box.idle.wait(timeout=LONGEST_IDLE)
        else:
            time.sleep(60)
            box.client.noop()
    except mailbox.FAULTS as fault:
        log.info("the mailbox is opened again: %s", fault)
        return False
    return True


def _by_imap(settings: Settings, everything: bool) -> Generator[_Found, None, None]:
    at = mailbox.place(settings)
    with mailbox.opened(settings) as box:
        for folder in at.folders:
            for uid in mailbox.unread(box, folder, everything=everything):
                yield _Found(
                    at.source(folder, uid),
                    partial(mailbox.read, box, uid),
                    partial(mailbox.done_with, box, uid, settings.inbox_move_to),
                )


def _in_maildir(settings: Settings, everything: bool) -> Generator[_Found, None, None]:
    """The mails of a Maildir: what lies in `new`, and in `cur` what nobody has seen. A mail that is kept is in `cur`, and seen."""
    root = Path(unquote(urlsplit(settings.inbox_url).path))
    try:
        files = [*(root / "new").iterdir(), *(root / "cur").iterdir()]
    except OSError as fault:
        raise MailboxAtFault(f"{root}: {fault.strerror}") from fault
    for file in sorted(files, key=lambda one: one.name):
        seen = file.parent.name == "cur" and "S" in file.name.rpartition(":2,")[2]
        if not file.name.startswith(".") and (everything or not seen):
            yield _Found(file.name, partial(_read_file, file), partial(_seen, file))


def _read_file(file: Path) -> tuple[bytes | None, datetime | None]:
    try:
        return file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None, None
    except OSError as fault:
        raise MailboxAtFault(f"{file}: {fault.strerror}") from fault


def _seen(file: Path) -> None:
    name, _mark, flags = file.name.partition(":2,")
    target = file.parent.parent / "cur" / f"{name}:2,{''.join(sorted({*flags, 'S'}))}"
    with suppress(FileNotFoundError):  # another reader was quicker
        file.rename(target)

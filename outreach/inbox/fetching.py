"""The mailbox is read: mails are kept and committed first, and only then marked as seen, or moved; then they are understood.

What breaks off in between is read again, and recognized by its content. No transaction is open while the mail server is asked.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox

from outreach.config import Settings
from outreach.db import Database
from outreach.inbox import mailbox, taking_in
from outreach.inbox.keeping import Incoming
from outreach.inbox.mailbox import MailboxAtFault
from outreach.storage import Storage

__all__ = ["Fetched", "MailboxAtFault", "fetch", "look", "watch"]

log = logging.getLogger(__name__)

LONGEST_IDLE = 600
"""Seconds after which a mailbox that is watched is read, whatever the server says."""
_BREATH = 1.0
"""Seconds until a mailbox whose connection broke is opened again."""
_SIZES_AT_ONCE = 100
"""Of so many mails at a time the mailbox is asked how large they are, so that those that are read at once are not too large together."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class Fetched:
    """How many mails were new, how many kept before, and how many could not be kept now: those stay unseen, for the next time."""

    new: int
    known: int
    failed: int


@dataclass
class _Tally:
    """How far a run has come; `most` None: it goes on to the end."""

    most: int | None
    new: int = 0
    known: int = 0
    failed: int = 0

    @property
    def room(self) -> int:
        """How many mails are to be read at the next go."""
        if self.most is None:
            return taking_in.AT_ONCE
        left = 0 if self.failed >= self.most else self.most - self.new - self.known
        return min(taking_in.AT_ONCE, left)


@dataclass(frozen=True)
class _Some:
    """Some mails of a mailbox, and what lets it know which of them, by their places, are kept; how many it did not give out."""

    mails: Sequence[Incoming]
    done_with: Callable[[Sequence[int]], None]
    refused: int = 0


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
    tally = _Tally(most)
    of_folder = urlsplit(settings.inbox_url).scheme == "maildir"
    found = _in_maildir(settings, everything, tally) if of_folder else _by_imap(settings, everything, tally)
    try:
        for some in found:
            # The mail server knows nothing of a demonstration's clock.
            mails = [replace(one, arrived_at=None) for one in some.mails] if settings.clock_file else some.mails
            taken = taking_in.keep_what_can_be(database, storage, mails)
            new = sum(one is not None and one.new for one in taken)
            tally.new += new
            tally.known += len(taken) - new - taken.count(None)
            tally.failed += taken.count(None) + some.refused
            if new:
                kept()
            if any(taken):
                some.done_with([place for place, one in enumerate(taken) if one is not None])
    except mailbox.FAULTS as fault:
        raise MailboxAtFault(f"{mailbox.place(settings).host}: {fault}") from fault
    finally:
        found.close()
        # Also what was kept by a run that ended before this.
        taking_in.go_on(database, storage, most=max(tally.new, taking_in.AT_ONCE))
    return Fetched(tally.new, tally.known, tally.failed)


def look(settings: Settings) -> None:
    """Open the mailbox and its folders, and change nothing. Raises MailboxAtFault."""
    if urlsplit(settings.inbox_url).scheme == "maildir":
        next(_in_maildir(settings, False, _Tally(None)), None)
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
            idles, whole = "IDLE" in box.client.capabilities, True
            while whole:
                # The server tells from here on: a mail that comes while `changed` reads the mailbox is not missed.
                whole = not idles or _holds(box.idle.start)
                told = idles and whole
                try:
                    changed()
                    left = None if left is None else left - 1
                    if left == 0:
                        return
                    whole = whole and _holds(partial(_wait, box, idles))
                finally:
                    if told:
                        whole = _holds(box.idle.stop) and whole
        time.sleep(_BREATH)


def _wait(box: BaseMailBox, idles: bool) -> None:
    if idles:
        box.idle.poll(timeout=LONGEST_IDLE)
    else:
        time.sleep(60)
        box.client.noop()


def _holds(act: Callable[[], object]) -> bool:
    """Act; False where the connection broke meanwhile, as it does for imap-tools when a line comes in two pieces."""
    try:
        act()
    except mailbox.FAULTS as fault:
        log.info("the mailbox is opened again: %s", fault)
        return False
    return True


def _by_imap(settings: Settings, everything: bool, tally: _Tally) -> Generator[_Some, None, None]:
    at = mailbox.place(settings)
    with mailbox.opened(settings) as box:
        for folder in at.folders:
            unread = mailbox.unread(box, folder, everything=everything)
            for uids in _in_turn(unread, partial(mailbox.sizes, box), tally):
                found, refused = mailbox.read(box, uids)
                mails = [Incoming(raw, at.source(folder, uid), arrived) for uid, (raw, arrived) in found.items()]
                yield _Some(mails, partial(_done_with, box, list(found), settings.inbox_move_to), refused)


def _done_with(box: BaseMailBox, uids: Sequence[str], move_to: str, places: Sequence[int]) -> None:
    mailbox.done_with(box, [uids[place] for place in places], move_to)


def _in_maildir(settings: Settings, everything: bool, tally: _Tally) -> Generator[_Some, None, None]:
    """The mails of a Maildir: what lies in `new`, and in `cur` what nobody has seen. A mail that is kept is in `cur`, and seen."""
    root = Path(unquote(urlsplit(settings.inbox_url).path))
    try:
        files = [*(root / "new").iterdir(), *(root / "cur").iterdir()]
    except OSError as fault:
        raise MailboxAtFault(f"{root}: {fault.strerror}") from fault
    wanted = [
        file
        for file in sorted(files, key=lambda one: one.name)
        if not file.name.startswith(".") and (everything or not _is_seen(file))
    ]
    for turn in _in_turn(wanted, _sizes, tally):
        read = [(file, found) for file in turn if (found := _read_file(file)) is not None]
        yield _Some([found for _file, found in read], partial(_all_seen, [file for file, _found in read]))


def _in_turn(
    keys: Sequence[Key], sizes: Callable[[Sequence[Key]], Mapping[Key, int]], tally: _Tally
) -> Iterator[list[Key]]:
    """The mails in turns: as many as there is room for, and no more bytes than `BYTES_AT_ONCE` unless one alone has them."""
    for begin in range(0, len(keys), _SIZES_AT_ONCE):
        if not tally.room:
            return
        waiting = deque(sizes(keys[begin : begin + _SIZES_AT_ONCE]).items())
        while waiting and (room := tally.room):
            some: list[Key] = []
            weight = 0
            while waiting and len(some) < room and (not some or weight + waiting[0][1] <= taking_in.BYTES_AT_ONCE):
                key, size = waiting.popleft()
                some.append(key)
                weight += size
            yield some


def _is_seen(file: Path) -> bool:
    return file.parent.name == "cur" and "S" in file.name.rpartition(":2,")[2]


def _sizes(files: Sequence[Path]) -> dict[Path, int]:
    found = {}
    for file in files:
        with suppress(FileNotFoundError):  # somebody took it away meanwhile
            found[file] = file.stat().st_size
    return found


def _read_file(file: Path) -> Incoming | None:
    try:
        return Incoming(file.read_bytes(), file.name, datetime.fromtimestamp(file.stat().st_mtime, UTC))
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise MailboxAtFault(f"{file}: {fault.strerror}") from fault


def _all_seen(files: Sequence[Path], places: Sequence[int]) -> None:
    for place in places:
        _seen(files[place])


def _seen(file: Path) -> None:
    name, _mark, flags = file.name.partition(":2,")
    target = file.parent.parent / "cur" / f"{name}:2,{''.join(sorted({*flags, 'S'}))}"
    with suppress(FileNotFoundError):  # another reader was quicker
        file.rename(target)

"""The mailbox, read by IMAP: a mail is kept and committed first, and only then marked as seen.

What breaks off in between is read again, and recognized by its content. Like delivery, this takes the database and not a session:
each mail is a transaction of its own, and none is open while the mail server is asked.
"""

import imaplib
import logging
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from outreach import i18n
from outreach.config import Settings
from outreach.db import Database
from outreach.inbox import service
from outreach.storage import Storage

log = logging.getLogger(__name__)

TIMEOUT = 30.0
"""Seconds to wait for the mail server at each step."""

_PORTS = {"imap": 143, "imaps": 993}


class MailboxAtFault(Exception):
    """The mailbox can't be read: nothing is wrong with the mail in it, and the next tick tries again."""


@dataclass(frozen=True)
class Place:
    """Where the mailbox is, without its password."""

    encrypted: bool
    host: str
    port: int
    user: str
    folder: str

    def source(self, uid: str) -> str:
        """Where a mail was read."""
        return f"{self.user}/{self.folder}/{uid}"


@dataclass(frozen=True)
class Fetched:
    """How many mails were new, how many kept before, and how many could not be kept now: those stay unseen, for the next time."""

    new: int
    known: int
    failed: int


def place(settings: Settings) -> Place:
    """The mailbox that the settings name."""
    parts = urlsplit(settings.inbox_url)
    return Place(
        encrypted=parts.scheme == "imaps",
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


@contextmanager
def mailbox(settings: Settings) -> Iterator[BaseMailBox]:
    """The open mailbox, its folder chosen. Raises MailboxAtFault for whatever the server or the network does."""
    at = place(settings)
    try:
        box: BaseMailBox
        if at.encrypted:
            box = MailBox(at.host, at.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
        else:
            box = MailBoxUnencrypted(at.host, at.port, timeout=TIMEOUT)
        try:
            box.login(at.user, unquote(urlsplit(settings.inbox_url).password or ""), initial_folder=at.folder)
            yield box
        finally:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as fault:
        raise MailboxAtFault(f"{at.host}:{at.port}: {fault}") from fault


def fetch(
    database: Database, storage: Storage, settings: Settings, *, everything: bool = False, most: int | None = None
) -> Fetched:
    """Take in the mails that are not seen yet, the oldest first; with `everything` also those that somebody opened there.

    It ends after `most` of them, not counting those that fail. Raises MailboxAtFault; what was taken in before stays.
    """
    at = place(settings)
    new = known = failed = 0
    with mailbox(settings) as box:
        for uid in sorted(box.uids("ALL" if everything else "UNSEEN", charset=None), key=int):
            if most is not None and max(new + known, failed) >= most:
                break
            raw, arrived_at = _read(box, uid)
            if raw is None:
                continue  # somebody took it away meanwhile
            try:
                with i18n.speaking("en"), database.write() as session:
                    # The mail server knows nothing of a demonstration's clock.
                    instant = None if settings.clock_file else arrived_at
                    taken = service.take_in(session, storage, raw, at.source(uid), arrived_at=instant)
            except Exception:
                # One mail that can't be kept must not stand before all others; it stays unseen.
                log.exception("mail %s could not be kept", at.source(uid))
                failed += 1
                continue
            new, known = new + taken.new, known + (not taken.new)
            _mark_seen(box, uid)
    return Fetched(new, known, failed)


def _read(box: BaseMailBox, uid: str) -> tuple[bytes | None, datetime | None]:
    """A mail byte by byte, and when it arrived; it stays unseen."""
    status, answer = box.client.uid("FETCH", uid, "(INTERNALDATE BODY.PEEK[])")
    if status != "OK":
        raise imaplib.IMAP4.error(f"mail {uid} could not be read: {status}")
    # A server tells other things in between: only a literal is the mail.
    for number, item in enumerate(answer):
        if isinstance(item, tuple) and b"BODY[]" in item[0]:
            told = b" ".join(part for part in (item[0], *answer[number + 1 : number + 2]) if isinstance(part, bytes))
            instant = imaplib.Internaldate2tuple(told)
            return item[1], datetime.fromtimestamp(time.mktime(instant), UTC) if instant else None
    return None, None


def _mark_seen(box: BaseMailBox, uid: str) -> None:
    # Not by imap-tools' `flag`, which also expunges whatever others have marked as deleted.
    status, answer = box.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
    if status != "OK":
        raise imaplib.IMAP4.error(f"mail {uid} could not be marked as seen: {answer}")

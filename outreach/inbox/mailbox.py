"""The mailbox by IMAP: where it is, how it is opened, and the few commands that reading it takes.

Nothing is remembered of its mails between two readings, neither their numbers nor the validity of these: what is unseen is read, and
recognized by its content. So a folder may be rebuilt, restored or renumbered at any time.
"""

import imaplib
import logging
import re
import shlex
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.imap_utf7 import utf7_encode

from outreach.config import Settings

log = logging.getLogger(__name__)

TIMEOUT = 30.0
"""Seconds to wait for the mail server at each step, or for the command that gives a token."""

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)
_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_PORTS = {"imap": 143, "imaps": 993, "imap+starttls": 143}


FAULTS = (OSError, imaplib.IMAP4.error, ImapToolsError)
"""What a mail server or the network may end in."""


class MailboxAtFault(Exception):
    """The mailbox can't be read: nothing is wrong with the mail in it, and the next tick tries again."""


@dataclass(frozen=True)
class Place:
    """Where the mailbox is, without its password."""

    scheme: str
    host: str
    port: int
    user: str
    folders: tuple[str, ...]

    def source(self, folder: str, uid: str) -> str:
        """Where a mail was read."""
        return f"{self.user}/{folder}/{uid}"


def place(settings: Settings) -> Place:
    """The mailbox that the settings name."""
    parts = urlsplit(settings.inbox_url)
    named = tuple(unquote(folder) for folder in parts.path.strip("/").split(",") if folder)
    return Place(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        folders=named or ("INBOX",),
    )


@contextmanager
def opened(settings: Settings) -> Iterator[BaseMailBox]:
    """The open mailbox, its first folder chosen. Raises MailboxAtFault for whatever the server or the network does."""
    at = place(settings)
    try:
        box = _connected(at)
        try:
            if settings.inbox_token:
                box.xoauth2(at.user, _token(settings.inbox_token), initial_folder=at.folders[0])
            else:
                box.login(at.user, unquote(urlsplit(settings.inbox_url).password or ""), initial_folder=at.folders[0])
            # Many servers say only now what they can.
            _status, able = box.client.capability()
            box.client.capabilities = tuple(able[-1].decode("ascii", "replace").upper().split())
            yield box
        finally:
            with suppress(*FAULTS):
                box.logout()
    except FAULTS as fault:
        raise MailboxAtFault(f"{at.host}:{at.port}: {fault}") from fault


def unread(box: BaseMailBox, folder: str, *, everything: bool = False) -> list[str]:
    """The numbers of the mails of a folder that are not seen, the oldest first; with `everything` of all mails."""
    box.folder.set(folder)
    return sorted(box.uids("ALL" if everything else "UNSEEN", charset=None), key=int)


def sizes(box: BaseMailBox, uids: Sequence[str]) -> dict[str, int]:
    """The bytes of each of these mails that are still there, as the server says."""
    status, answer = box.client.uid("FETCH", ",".join(uids), "(UID RFC822.SIZE)")
    if status != "OK":
        raise imaplib.IMAP4.error(f"the sizes of mails could not be read: {status}")
    found: dict[str, int] = {}
    for item in answer:
        told = item if isinstance(item, bytes) else b""
        size, uid = _SIZE.search(told), _UID.search(told)
        if size and uid:
            found[uid.group(1).decode()] = int(size.group(1))
    return {uid: found[uid] for uid in uids if uid in found}


def read(box: BaseMailBox, uids: Sequence[str]) -> tuple[dict[str, tuple[bytes, datetime | None]], int]:
    """Mails byte by byte, each with when it arrived; they stay unseen. Without those that somebody took away meanwhile.

    Also the number of those that the server does not give out, though it has them: they must not stand before the others.
    """
    status, answer = box.client.uid("FETCH", ",".join(uids), "(UID INTERNALDATE BODY.PEEK[])")
    if status != "OK" and len(uids) > 1:
        each = [read(box, [uid]) for uid in uids]
        return {uid: mail for found, _refused in each for uid, mail in found.items()}, sum(one for _, one in each)
    if status != "OK":
        log.error("the server does not give out mail %s: %s %s", uids[0], status, answer)
        return {}, 1
    found: dict[str, tuple[bytes, datetime | None]] = {}
    # A server tells other things in between: only a literal is the mail.
    for number, item in enumerate(answer):
        if isinstance(item, tuple) and b"BODY[]" in item[0]:
            told = b" ".join(part for part in (item[0], *answer[number + 1 : number + 2]) if isinstance(part, bytes))
            instant = imaplib.Internaldate2tuple(told)
            uid = _UID.search(told)
            if uid is not None:
                arrived_at = datetime.fromtimestamp(time.mktime(instant), UTC) if instant else None
                found[uid.group(1).decode()] = item[1], arrived_at
    return {uid: found[uid] for uid in uids if uid in found}, 0


def done_with(box: BaseMailBox, uids: Sequence[str], move_to: str) -> None:
    """Mark mails that are kept as seen, and move them where a folder is given."""
    # Not by imap-tools' `flag` and `move`, which also expunge whatever others have marked as deleted.
    those = ",".join(uids)
    status, answer = box.client.uid("STORE", those, "+FLAGS.SILENT", r"(\Seen)")
    if status != "OK":
        raise imaplib.IMAP4.error(f"mail {those} could not be marked as seen: {answer}")
    if not move_to:
        return
    command = "MOVE" if "MOVE" in box.client.capabilities else "COPY"
    status, answer = box.client.uid(command, those, _quoted(move_to))
    if status != "OK":
        raise imaplib.IMAP4.error(f"mail {those} could not be moved to {move_to}: {answer}")
    if command == "COPY":
        box.client.uid("STORE", those, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in box.client.capabilities:
            box.client.uid("EXPUNGE", those)


def _quoted(folder: str) -> str:
    written = utf7_encode(folder).decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{written}"'


def _connected(at: Place) -> BaseMailBox:
    if at.scheme == "imap":
        return MailBoxUnencrypted(at.host, at.port, timeout=TIMEOUT)
    kind = MailBox if at.scheme == "imaps" else MailBoxStartTls
    return kind(at.host, at.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())


def _token(source: str) -> str:
    """The access token that the setting leads to. Raises MailboxAtFault without its words, which may hold secrets."""
    try:
        if source.startswith("file://"):
            return Path(urlsplit(source).path).read_text(encoding="ascii").strip()
        command = shlex.split(source.removeprefix("command:"))
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=True)
        return done.stdout.strip()
    except (OSError, ValueError, subprocess.SubprocessError) as fault:
        raise MailboxAtFault(f"no access token: {type(fault).__name__}") from None

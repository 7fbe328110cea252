"""What a mail says by itself, found within the time and the memory that one mail may take. None of its files is in it.

So the gists of many mails can be held at once, however large the mails are.
"""

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

from outreach import config
from outreach.inbox import matching, mime, parsing, senders
from outreach.inbox.matching import Clues
from outreach.inbox.parsing import ParsedMail
from outreach.inbox.understanding import Understanding, classify, own_words
from outreach.storage import Storage

LONGEST = 2.0
"""Seconds of this processor that reading one mail may take; one of 40 MB takes a fifth of it."""
LARGEST = 200 * 1024 * 1024
"""Bytes that reading one mail may take, the mail with them; what would take more is a mail that can't be read."""
_MEMORY = Path("/proc/self/statm")


class TookTooLong(BaseException):
    """Reading a mail took too long. No Exception: what reads a mail catches all those."""


@dataclass(frozen=True)
class Gist:
    """All that a mail says by itself. `takes_answers`: an automatic answer may go to its sender; `sender_verified`: see `senders`."""

    mail: ParsedMail
    attachments: list[dict[str, Any]]
    is_a: Understanding
    clues: Clues
    own_words: str
    takes_answers: bool
    sender_verified: bool | None


def of(storage: Storage, content: str) -> Gist:
    """Read the mail with this content. Raises TookTooLong, Missing."""
    with _within(LONGEST, LARGEST):
        return _read(storage.get(content))


def _read(raw: bytes) -> Gist:
    opened = mime.opened(raw)  # once for all who look at it
    mail = parsing.of_opened(opened)
    is_a = classify(raw, opened)
    text = mail.text[: parsing.MOST_TEXT]
    return Gist(
        mail=replace(mail, files=(), text=text),
        attachments=[
            {"filename": file.filename, "media_type": file.media_type, "size": len(file.content)} for file in mail.files
        ],
        is_a=is_a,
        clues=matching.clues(mail, is_a.original_ids),
        own_words=own_words(text),
        takes_answers=senders.takes_answers(opened.headers, mail.from_address),
        sender_verified=senders.verified(opened.headers, config.settings().authserv_id, mail.from_address),
    )


@contextmanager
def _within(seconds: float, size: int) -> Iterator[None]:
    """Break off what takes longer, and refuse it more memory; only in the main thread, which a worker's is. Elsewhere the
    limits of the parser and the classifier themselves hold."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = _memory() + size
    try:
        if most > size and all(most < limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY):
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _memory() -> int:
    """The bytes that this process has asked for; 0 where that is not known."""
    try:
        return int(_MEMORY.read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0

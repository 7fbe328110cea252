"""Files of others are looked at by clamd, where one is set. What could not be looked at is held, never passed.

The protocol is that of clamd(8): INSTREAM, the file in pieces with their length before each, an empty one, and a line as the answer.
Nothing is stored: a file is looked at again when it is asked for, with the signatures of that day. What was found to be clean a few
minutes ago is remembered by this process.
"""

import enum
import hashlib
import socket
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from outreach import config
from outreach.errors import Invalid
from outreach.i18n import _

CONNECTING = 3.0
"""Seconds that reaching clamd may take."""
LONGEST = 30.0
"""Seconds that one file may take."""
_PIECE = 64 * 1024
_MOST_ANSWER = 4_096
_REMEMBERED = 300.0
_MOST_REMEMBERED = 1_000


class Finding(enum.StrEnum):
    """What is known of a file."""

    NOT_ASKED = "not_asked"
    """No scanner is set."""
    CLEAN = "clean"
    INFECTED = "infected"
    HELD = "held"
    """The scanner could not be reached, or did not take the file."""


@dataclass(frozen=True)
class Scan:
    """A finding; `words` are the scanner's own: what it found, or why it could not look."""

    finding: Finding
    words: str = ""

    @property
    def passes(self) -> bool:
        """Whether the file may be opened, as far as the scanner is concerned."""
        return self.finding in (Finding.NOT_ASKED, Finding.CLEAN)


_NOT_ASKED, _CLEAN = Scan(Finding.NOT_ASKED), Scan(Finding.CLEAN)
_clean: OrderedDict[tuple[str, str], float] = OrderedDict()
_lock = Lock()


def is_set() -> bool:
    """Whether files are looked at at all."""
    return bool(config.settings().clamd_url)


def scan(content: bytes) -> Scan:
    """Look at a file. Never raises."""
    return scan_all([content])[0]


def scan_all(contents: Sequence[bytes]) -> list[Scan]:
    """Look at several files. Once the scanner does not answer, the rest is held without asking."""
    url = config.settings().clamd_url
    if not url:
        return [_NOT_ASKED] * len(contents)
    found: list[Scan] = []
    silent: Scan | None = None
    for content in contents:
        key = (url, hashlib.sha256(content).hexdigest())
        if _is_remembered(key):
            found.append(_CLEAN)
        elif silent is not None:
            found.append(silent)
        else:
            try:
                said = _asked(url, content)
            except OSError as error:
                silent = Scan(Finding.HELD, _why(error))
                said = silent
            if said is _CLEAN:
                _remember(key)
            found.append(said)
    return found


def demand_clean(name: str, content: bytes) -> None:
    """Look at a file that somebody gives. Raises Invalid where something was found in it, or it could not be looked at."""
    found = scan(content)
    if found.finding is Finding.INFECTED:
        raise Invalid(
            _("The file %(name)s was not taken: the virus scanner found %(found)s in it.", name=name, found=found.words)
        )
    if not found.passes:
        raise Invalid(
            _(
                "The file %(name)s was not taken: it could not be checked for viruses just now. Please add it again in a few minutes.",
                name=name,
            )
        )


def version() -> str:
    """What clamd says of itself. Raises OSError where it does not answer."""
    with _connected(config.settings().clamd_url) as clamd:
        clamd.settimeout(CONNECTING)
        clamd.sendall(b"zVERSION\0")
        said = _answer(clamd, time.monotonic() + CONNECTING)
    if not said:
        raise OSError("clamd gave no answer")
    return said


def _asked(url: str, content: bytes) -> Scan:
    until = time.monotonic() + LONGEST
    with _connected(url) as clamd:
        # A clamd that has seen enough (or whose limit the file passes) answers and hangs up before all is sent.
        with suppress(BrokenPipeError, ConnectionResetError):
            clamd.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                clamd.settimeout(_left(until))
                piece = content[start : start + _PIECE]
                clamd.sendall(len(piece).to_bytes(4, "big") + piece)
            clamd.sendall(bytes(4))
        said = _answer(clamd, until)
    return _read(said)


def _read(said: str) -> Scan:
    words = said.partition(": ")[2] or said
    if words == "OK":
        return _CLEAN
    if words.endswith(" FOUND"):
        name = words.removesuffix(" FOUND")
        # With AlertExceedsMax: it unpacks to more than clamd looks at, so nobody knows what is in it.
        return Scan(Finding.HELD if name.startswith("Heuristics.Limits.Exceeded") else Finding.INFECTED, name)
    return Scan(Finding.HELD, words or "clamd gave no answer")


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or 3310), CONNECTING)
    clamd = socket.socket(socket.AF_UNIX)
    try:
        clamd.settimeout(CONNECTING)
        clamd.connect(parts.path)
    except OSError:
        clamd.close()
        raise
    return clamd


def _answer(clamd: socket.socket, until: float) -> str:
    said = b""
    while b"\0" not in said and len(said) < _MOST_ANSWER:
        clamd.settimeout(_left(until))
        piece = clamd.recv(_MOST_ANSWER)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _why(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "clamd did not answer in time"
    return f"clamd could not be reached: {error.strerror or error}"


def _is_remembered(key: tuple[str, str]) -> bool:
    with _lock:
        return time.monotonic() - _clean.get(key, -_REMEMBERED) < _REMEMBERED


def _remember(key: tuple[str, str]) -> None:
    with _lock:
        _clean[key] = time.monotonic()
        _clean.move_to_end(key)
        while len(_clean) > _MOST_REMEMBERED:
            _clean.popitem(last=False)

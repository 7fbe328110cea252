"""One connection to the relay that is spoken to without waiting for it: commands are pipelined where the relay offers it (RFC 2920).

A channel carries one letter at a time: the envelope, then the content, each step with its own time limit. It never blocks: whoever
owns it waits for its socket together with those of the other channels.
"""

import re
import smtplib
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from outreach.correspondence.models import LetterState

STEP = 30.0
"""Seconds that the relay may take for a step, however slowly its bytes come."""
SLOWEST = 20_000
"""Bytes a second that content may take longer by."""

_MOST_SAID = 1_000_000

_SIGN_IN = frozenset({530, 534, 535, 538})
"""The relay wants to know us, whatever it was asked: nothing is wrong with the letter."""
_TOO_LARGE = 552
_TAKEN = frozenset({250, 251})
_DOT = re.compile(rb"(?m)^\.")


class RelayAtFault(Exception):
    """The relay can't be used at all, or not by us: nothing is wrong with the letters, and nothing more is tried now."""


class Gone(Exception):
    """The connection was lost before the relay had taken the letter: it may be begun anew over another one."""


@dataclass(frozen=True)
class Wire:
    """One letter as the relay takes it; `content` has CRLF line ends."""

    envelope_from: str
    to_address: str
    copies: tuple[str, ...]
    content: bytes


@dataclass(frozen=True)
class Reply:
    """What became of one letter: SENT, REFUSED (the address), FAILED (the letter), or QUEUED: to be tried again later."""

    state: LetterState
    code: int | None
    words: str


class Channel:
    """An open connection. `begin` gives it a letter, `read` and `write` go on when its socket is ready, `reply` is set at the end."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        """Takes over a connection that has been greeted, secured and signed in."""
        assert smtp.sock is not None
        self.socket = smtp.sock
        self.socket.setblocking(False)
        self._smtp = smtp  # kept: its end would close the socket
        self._pipelining = smtp.has_extn("pipelining")
        self._sized = smtp.has_extn("size")
        self._inward = bytearray()
        self._outward: deque[memoryview] = deque()
        self._waiting: deque[Callable[[int, str], None]] = deque()
        self._commands: deque[tuple[bytes, Callable[[int, str], None]]] = deque()
        self._limit = float("inf")
        self._wire: Wire | None = None
        self._dirty = False
        self.letters = 0
        """How many letters it has carried or begun."""
        self.reply: Reply | None = None
        self.lost: str | None = None
        """Why the connection can't be used any more."""

    @property
    def sending(self) -> bool:
        """Whether bytes wait until the relay takes them."""
        return bool(self._outward)

    @property
    def remaining(self) -> float:
        """Seconds until the step at hand has taken too long."""
        return self._limit - time.monotonic()

    def begin(self, wire: Wire) -> None:
        """Give it a letter. The outcome comes as `reply`, or as Gone or RelayAtFault from `read` and `write`."""
        self._wire, self.reply = wire, None
        self.letters += 1
        self._refused_copies: list[str] = []
        self._envelope: Reply | None = None
        self._fault: RelayAtFault | None = None
        self._given = False
        size = f" SIZE={len(wire.content)}" if self._sized else ""
        if self._dirty:
            self._ask(b"RSET", self._ready)
            self._dirty = False
        self._ask(f"MAIL FROM:<{wire.envelope_from}>{size}".encode(), self._mail)
        self._ask(f"RCPT TO:<{wire.to_address}>".encode(), self._recipient)
        for copy in wire.copies:
            self._ask(f"RCPT TO:<{copy}>".encode(), partial(self._copy, copy))
        # With copies, DATA waits for the answers: the relay could take the letter for a copy whose recipient is refused.
        if not wire.copies:
            self._ask(b"DATA", self._data)
        self._step()
        self._speak()

    def write(self) -> None:
        """Send what waits. Raises Gone, RelayAtFault."""
        try:
            while self._outward:
                sent = self.socket.send(self._outward[0])
                if sent == len(self._outward[0]):
                    self._outward.popleft()
                else:
                    self._outward[0] = self._outward[0][sent:]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as fault:
            self._lose(f"{type(fault).__name__}: {fault}")

    def read(self) -> None:
        """Take in what the relay said, and go on. Raises Gone, RelayAtFault."""
        while True:
            try:
                came = self.socket.recv(65536)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError as fault:
                return self._lose(f"{type(fault).__name__}: {fault}")
            if not came:
                return self._lose("the relay closed the connection")
            self._inward += came
            if len(self._inward) > _MOST_SAID:
                return self._lose("the relay said too much at once")
            if not isinstance(self.socket, ssl.SSLSocket):
                break
        for code, words in self._replies():
            if code == 421:
                return self._lose(words or "421", code)
            if not self._waiting:
                return self._lose(f"the relay said {code} {words} unasked")
            self._waiting.popleft()(code, words)
            if self.lost is not None or self.reply is not None:
                break
            self._speak()
        return None

    def expire(self) -> None:
        """The step took too long. Raises Gone, RelayAtFault."""
        self._lose("the relay took too long")

    def close(self) -> None:
        """Take leave, without waiting for an answer."""
        if self.lost is None:
            self.lost = "closed"
            with suppress(OSError):
                self.socket.send(b"QUIT\r\n")
        self._smtp.close()

    # The envelope

    def _ready(self, code: int, words: str) -> None:
        """The relay has forgotten the former letter, or says at MAIL that it has not."""

    def _mail(self, code: int, words: str) -> None:
        if code in _TAKEN:
            return
        if code in _SIGN_IN or (code >= 500 and code != _TOO_LARGE):
            # A lasting refusal of our own sender is ours to mend; a letter that is too large is that letter's fault.
            self._fault = RelayAtFault(f"the relay does not take our letters: {code} {words}")
        self._envelope = _reply(code, words, LetterState.FAILED)

    def _recipient(self, code: int, words: str) -> None:
        if code in _SIGN_IN:
            self._fault = self._fault or RelayAtFault(f"the relay wants us to sign in: {code} {words}")
        if code not in _TAKEN and self._envelope is None:
            self._envelope = _reply(code, words, LetterState.REFUSED)

    def _copy(self, copy: str, code: int, words: str) -> None:
        if code not in _TAKEN:
            self._refused_copies.append(f"{copy}: {code} {words}")
        assert self._wire is not None
        if copy == self._wire.copies[-1]:
            if self._envelope is not None:
                self._settle(self._envelope)
            else:
                self._ask(b"DATA", self._data)

    def _data(self, code: int, words: str) -> None:
        assert self._wire is not None
        if code == 354 and self._envelope is None and self._fault is None:
            self._given = True
            self._waiting.append(self._content)
            self._outward.append(memoryview(_stuffed(self._wire.content)))
            self._step(len(self._wire.content) / SLOWEST)
            self.write()
        elif code == 354:
            # The relay waits for content although nobody is to receive it (RFC 2920, section 3.1): it gets none.
            self._waiting.append(self._no_content)
            self._outward.append(memoryview(b".\r\n"))
            self._step()
            self.write()
        else:
            if code in _SIGN_IN:
                self._fault = self._fault or RelayAtFault(f"the relay wants us to sign in: {code} {words}")
            self._settle(self._envelope or _reply(code, words, LetterState.FAILED))

    def _no_content(self, code: int, words: str) -> None:
        self._settle(self._envelope)

    def _content(self, code: int, words: str) -> None:
        if code in _SIGN_IN:
            self._fault = RelayAtFault(f"the relay wants us to sign in: {code} {words}")
        if code != 250:
            return self._settle(_reply(code, words, LetterState.FAILED))
        note = f"; a copy was refused: {'; '.join(self._refused_copies)}" if self._refused_copies else ""
        return self._settle(Reply(LetterState.SENT, code, f"{words}{note}"))

    def _settle(self, reply: Reply | None) -> None:
        self._limit = float("inf")
        if self._fault is not None:
            self._dirty = True
            raise self._fault
        assert reply is not None
        self._dirty = reply.state is not LetterState.SENT
        self.reply = reply

    # The wire

    def _ask(self, command: bytes, answer: Callable[[int, str], None]) -> None:
        self._commands.append((command + b"\r\n", answer))

    def _speak(self) -> None:
        """Send the commands that may go out now: all of them to a relay that takes them in a row, else one."""
        out = bytearray()
        while self._commands and (self._pipelining or not (self._waiting or out)):
            command, answer = self._commands.popleft()
            out += command
            self._waiting.append(answer)
        if out:
            self._outward.append(memoryview(bytes(out)))
            self._step()
            self.write()

    def _step(self, longer: float = 0.0) -> None:
        self._limit = time.monotonic() + STEP + longer

    def _replies(self) -> Iterator[tuple[int, str]]:
        """The whole replies that came (RFC 5321, section 4.2.1), each a code and its words."""
        while True:
            end, line = 0, "-"
            lines: list[str] = []
            while lines == [] or line[3:4] == "-":
                stop = self._inward.find(b"\n", end)
                if stop < 0:
                    return
                line = self._inward[end:stop].decode("utf-8", "replace").rstrip("\r")
                lines.append(line[4:])
                end = stop + 1
            del self._inward[:end]
            yield int(line[:3]) if line[:3].isdigit() else 0, "\n".join(lines)

    def _lose(self, why: str, code: int | None = None) -> None:
        """End the connection. Content that was given may have arrived: that letter is tried later; before, it can begin anew at once."""
        self.lost = why
        self._smtp.close()
        self._limit = float("inf")
        if self._wire is None or self.reply is not None:
            return
        if self._given:
            self.reply = Reply(LetterState.QUEUED, code, why)
            return
        raise Gone(why)


def _stuffed(content: bytes) -> bytes:
    """The content as DATA takes it (RFC 5321, section 4.5.2): dots at the beginning of lines doubled, a dot alone at the end."""
    if b"\n." in content or content.startswith(b"."):
        content = _DOT.sub(b"..", content)
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _reply(code: int, words: str, lasting: LetterState) -> Reply:
    return Reply(lasting if code >= 500 else LetterState.QUEUED, code, words)

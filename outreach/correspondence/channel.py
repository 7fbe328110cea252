"""One connection to the relay that is spoken to without waiting for it: commands are pipelined where the relay offers it (RFC 2920).

A letter's envelope goes first; its content only when the owner says so, and in one piece with the envelope of the next. So at most one
letter a connection is ever in doubt. A channel never blocks: its owner waits for its socket together with those of the others.
"""

import smtplib
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from outreach.correspondence.models import LetterState
from outreach.correspondence.outcomes import Stage, Verdict, judge

STEP = 30.0
"""Seconds that the relay may take for a step, however slowly its bytes come."""
SLOWEST = 20_000
"""Bytes a second that content may take longer by."""

_MOST_SAID = 1_000_000


class RelayAtFault(Exception):
    """The relay can't be used now: nothing is wrong with the letters, and nothing more is tried for a while."""

    def __init__(self, words: str, letter_id: str | None = None) -> None:
        """`words` are the relay's own as far as there are any; `letter_id` is the letter at which it showed."""
        super().__init__(words)
        self.letter_id = letter_id


class RelayRefusesUs(RelayAtFault):
    """The relay does not take letters from us: our settings, our sender, its certificate. Only a person can mend it."""

    def __init__(self, words: str, letter_id: str | None = None, *, in_a_row: int | None = None) -> None:
        """`in_a_row` says how many letters it refused one after the other, where that is how it showed; `words` are on the last of them."""
        super().__init__(words, letter_id)
        self.in_a_row = in_a_row


@dataclass(frozen=True, slots=True)
class Wire:
    """One letter as the relay takes it. `content` is whole lines with CRLF; none begins with a dot, which would have to be doubled."""

    letter_id: str
    envelope_from: str
    to_address: str
    content: bytes


_STATES = {
    Verdict.TAKEN: LetterState.SENT,
    Verdict.LATER: LetterState.QUEUED,
    Verdict.ADDRESS: LetterState.REFUSED,
    Verdict.CONTENT: LetterState.FAILED,
    Verdict.OURS: LetterState.QUEUED,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one letter, and why: the relay's code and words, or words of ours without a code."""

    verdict: Verdict
    code: int | None
    words: str

    @property
    def state(self) -> LetterState:
        """SENT, REFUSED (its address), FAILED (the letter), or QUEUED: to be tried again later."""
        return _STATES[self.verdict]


@dataclass(slots=True)
class _Errand:
    """A letter on a channel, and what the relay said of its envelope so far."""

    wire: Wire
    envelope: Reply | None = None
    """The first thing that stands against it."""


Answer = Callable[[_Errand, int, str], None]


class Channel:
    """An open connection. `begin` and `give` hand it letters, `read`, `write` and `expire` let it go on; what came of it is in the
    public lists, which its owner empties."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        """Takes over a connection that has been greeted, secured and signed in."""
        assert smtp.sock is not None
        self.socket = smtp.sock
        self.socket.setblocking(False)
        self._smtp = smtp  # kept: its end would close the socket
        self._pipelining = smtp.has_extn("pipelining")
        self._sized = smtp.has_extn("size")
        size = smtp.esmtp_features.get("size", "")
        self.largest: int | None = int(size) if size.isdecimal() and int(size) else None
        """The bytes of the largest letter that it takes; None where it does not say."""
        self._inward = bytearray()
        self._lines: list[str] = []
        self._outward = memoryview(b"")
        self._commands: deque[tuple[bytes, Answer, _Errand]] = deque()
        self._waiting: deque[tuple[Answer, _Errand]] = deque()
        self._limit = float("inf")
        self._begun: _Errand | None = None
        self._given: _Errand | None = None
        self._dirty = False
        self.letters = 0
        """How many letters it has begun."""
        self.ready: Wire | None = None
        """The letter whose content the relay waits for: to be given, or abandoned."""
        self.said: list[tuple[Wire, Reply]] = []
        """What became of letters."""
        self.returned: list[Wire] = []
        """Letters that were begun and not given: they may begin anew."""
        self.fault: RelayAtFault | None = None
        self.lost: str | None = None
        """Why the connection can't be used any more."""
        self.lost_code: int | None = None
        """The code with which the relay ended it."""

    @property
    def idle(self) -> bool:
        """Whether it can begin a letter at once."""
        return self._begun is None and self._given is None and self.lost is None

    @property
    def sending(self) -> bool:
        """Whether bytes wait until the relay takes them."""
        return bool(self._outward)

    @property
    def limit(self) -> float:
        """The instant, in monotonic seconds, at which the step at hand has taken too long."""
        return self._limit

    def begin(self, wire: Wire) -> None:
        """Send the envelope of a letter."""
        self._send(self._envelope(wire))

    def give(self, following: Wire | None) -> None:
        """Send the content of the letter that is ready, and the envelope of the one that follows it."""
        errand = self._begun
        assert errand is not None and errand.wire is self.ready
        self._begun, self._given, self.ready = None, errand, None
        self._waiting.append((self._content, errand))
        content = errand.wire.content
        self._limit = time.monotonic() + STEP + len(content) / SLOWEST
        self._send(b"".join((content, b".\r\n", self._envelope(following) if following else b"")))

    def abandon(self) -> None:
        """Let the letter that is ready not leave: the relay waits for its content, so the connection ends."""
        self._begun = None
        self._lose("abandoned")

    def write(self) -> None:
        """Send what waits."""
        self._send(b"")

    def read(self) -> None:
        """Take in what the relay said, and go on."""
        while self.lost is None:
            try:
                came = self.socket.recv(65536)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError as fault:
                return self._lose(f"{type(fault).__name__}: {fault}")
            if not came:
                return self._lose("the relay closed the connection")
            self._inward += came
            if len(self._inward) + len(self._lines) > _MOST_SAID:
                return self._lose("the relay said too much at once")
            if not isinstance(self.socket, ssl.SSLSocket):
                break
        for code, words in self._replies():
            if code == 421:
                return self._lose(words or "421", code)
            if not self._waiting:
                return self._lose(f"the relay said {code} {words} unasked")
            answer, errand = self._waiting.popleft()
            self._limit = time.monotonic() + STEP if self._waiting else float("inf")
            answer(errand, code, words)
        if self._commands:
            self._send(b"")
        return None

    def expire(self) -> None:
        """The step took too long."""
        self._lose("the relay took too long")

    def close(self) -> None:
        """Take leave, without waiting for an answer. What became of a letter whose content was given is not known then."""
        if self.lost is None:
            with suppress(OSError):
                self.socket.send(b"QUIT\r\n")
            self._given = None
            self._lose("closed")

    # The envelope

    def _envelope(self, wire: Wire) -> bytes:
        """Begin a letter: the commands that may go out now. The others follow as the relay answers."""
        assert self._begun is None
        self._begun = errand = _Errand(wire)
        self.letters += 1
        size = f" SIZE={len(wire.content)}" if self._sized else ""
        if self._dirty:
            self._ask("RSET", self._forgot, errand)
            self._dirty = False
        self._ask(f"MAIL FROM:<{wire.envelope_from}>{size}", self._mail, errand)
        self._ask(f"RCPT TO:<{wire.to_address}>", self._recipient, errand)
        self._ask("DATA", self._data, errand)
        return self._sayable()

    def _forgot(self, errand: _Errand, code: int, words: str) -> None:
        """The relay has forgotten the former letter, or says at MAIL that it has not."""

    def _mail(self, errand: _Errand, code: int, words: str) -> None:
        self._object(errand, Stage.MAIL, code, words)

    def _recipient(self, errand: _Errand, code: int, words: str) -> None:
        self._object(errand, Stage.RCPT, code, words)

    def _data(self, errand: _Errand, code: int, words: str) -> None:
        if code == 354 and errand.envelope is None:
            self.ready = errand.wire
        elif code == 354:
            # The relay waits for content although nobody is to receive it (RFC 2920, section 3.1): it gets none.
            self._commands.appendleft((b".\r\n", self._no_content, errand))
        else:
            # It is not taken, whatever the relay says to it: a word of praise is none to the wish to send content.
            self._settle(errand, errand.envelope or _reply(Stage.DATA, code if code >= 300 else 0, words))

    def _no_content(self, errand: _Errand, code: int, words: str) -> None:
        assert errand.envelope is not None
        self._settle(errand, errand.envelope)

    def _object(self, errand: _Errand, stage: Stage, code: int, words: str) -> None:
        reply = _reply(stage, code, words)
        if reply.verdict is not Verdict.TAKEN and errand.envelope is None:
            errand.envelope = reply

    def _settle(self, errand: _Errand, reply: Reply) -> None:
        """The envelope was not taken: the letter goes no further."""
        self._begun, self._dirty = None, True
        if reply.verdict is Verdict.OURS:
            self.fault = _refusal(errand, reply)
            self.returned.append(errand.wire)
        else:
            self.said.append((errand.wire, reply))

    def _content(self, errand: _Errand, code: int, words: str) -> None:
        self._given = None
        reply = _reply(Stage.CONTENT, code, words)
        if reply.verdict is Verdict.OURS:
            self.fault = _refusal(errand, reply)
        self.said.append((errand.wire, reply))

    # The wire

    def _ask(self, command: str, answer: Answer, errand: _Errand) -> None:
        self._commands.append((f"{command}\r\n".encode(), answer, errand))

    def _sayable(self) -> bytes:
        """The commands that may go out now: all of them to a relay that takes them in a row, else one when nothing is waited for."""
        out = b""
        while self._commands and (self._pipelining or not self._waiting):
            command, answer, errand = self._commands.popleft()
            out += command
            self._waiting.append((answer, errand))
        return out

    def _send(self, data: bytes) -> None:
        """Send what waits, these data, and the commands that may go out now."""
        data += self._sayable() if self._commands else b""
        if data:
            self._outward = memoryview(bytes(self._outward) + data if self._outward else data)
            soonest = time.monotonic() + STEP
            self._limit = max(self._limit, soonest) if self._limit < float("inf") else soonest
        try:
            while self._outward:
                self._outward = self._outward[self.socket.send(self._outward) :]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as fault:
            self._lose(f"{type(fault).__name__}: {fault}")

    def _replies(self) -> Iterator[tuple[int, str]]:
        """The whole replies that came (RFC 5321, section 4.2.1), each a code and its words."""
        end = self._inward.rfind(b"\n") + 1
        came = self._inward[:end].decode("utf-8", "replace")
        del self._inward[:end]
        for line in came.split("\n")[:-1]:
            self._lines.append(line[4:].rstrip("\r"))
            if line[3:4] != "-":
                words, self._lines = "\n".join(self._lines), []
                yield int(line[:3]) if line[:3].isdigit() else 0, words

    def _lose(self, why: str, code: int | None = None) -> None:
        """End the connection. Content that was given may have arrived: that letter is tried later; one that was not can begin anew."""
        self.lost, self.lost_code = why, code
        self._smtp.close()
        self._limit = float("inf")
        self.ready = None
        if self._given is not None:
            self.said.append((self._given.wire, Reply(Verdict.LATER, code, why)))
        if self._begun is not None:
            self.returned.append(self._begun.wire)
        self._given = self._begun = None


def _reply(stage: Stage, code: int, words: str) -> Reply:
    return Reply(judge(stage, code, words), code, words)


def _refusal(errand: _Errand, reply: Reply) -> RelayRefusesUs:
    return RelayRefusesUs(f"{reply.code} {reply.words}", errand.wire.letter_id)

"""A mail server that misbehaves as it is told, in a process of its own; it keeps each Message-ID with the instants at which it came.

A letter counts as soon as its last line is there, whether the sender ever hears of it or not: that is what a recipient would see.
"""

import asyncio
import itertools
import multiprocessing
import socket
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

CUT, HANG, DRIP = "cut", "hang", "drip"
"""Instead of an answer: the connection ends, nothing comes any more, or one byte at a time comes."""

DRIP_SECONDS = 10.0
_MOST = 1 << 26


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong once: at "greeting", "mail", "rcpt", "data", "middle" (of the content) or "end" (its last line is there)."""

    at: str
    answer: str
    """A reply such as "450 4.2.0 later", or CUT, HANG, DRIP."""


@dataclass
class Came:
    """What the server has seen: of each Message-ID when it was whole, and when that was acknowledged (both in seconds of the clock)."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    connections: int = 0

    @property
    def repeated(self) -> dict[str, int]:
        """How often more than once each Message-ID came."""
        return {name: len(times) - 1 for name, times in self.took.items() if len(times) > 1}


class _Cut(Exception):
    """The connection ends here."""


class _Server:
    def __init__(self, asked: Connection, delay: float, drip: float) -> None:
        self._asked, self._delay, self._drip = asked, delay, drip
        self._came = Came()
        self._greetings: list[Fault] = []
        self._faults: dict[str, list[Fault]] = {}
        self._stopped = asyncio.Event()

    async def serve(self, listening: socket.socket) -> None:
        server = await asyncio.start_server(self._welcome, sock=listening, limit=_MOST)
        asyncio.get_running_loop().add_reader(self._asked.fileno(), self._tell)
        await self._stopped.wait()
        server.close()

    def _tell(self) -> None:
        try:
            question, what = self._asked.recv()
        except EOFError:  # whoever asks is gone
            self._stopped.set()
            return
        if question == "stop":
            self._stopped.set()
            return
        if question == "forget":
            self._came, self._greetings, self._faults = Came(), [], {}
        elif question == "misbehave":
            self._greetings, self._faults = list(what[0]), {to: list(faults) for to, faults in what[1].items()}
        elif question == "delay":
            self._delay = what
        took, acknowledged = dict(self._came.took), dict(self._came.acknowledged)
        self._asked.send(Came(took, acknowledged, self._came.connections))

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._came.connections += 1
        with suppress(_Cut, OSError, asyncio.IncompleteReadError):
            if self._greetings:
                await self._misbehave(writer, self._greetings.pop(0))
            else:
                writer.write(b"220 sink.example ESMTP\r\n")
            await self._converse(reader, writer)
        writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        faults: list[Fault] = []
        refused = False
        while True:
            line = (await reader.readuntil(b"\r\n")).strip()
            verb = line[:4].decode("ascii", "replace").upper()
            if verb == "MAIL":
                faults, refused = [], False
                # The recipient is known only after the sender: what goes wrong at MAIL is kept under the envelope's token.
                wrong = self._next("mail", line.partition(b"+")[2].partition(b"@")[0].decode(), faults)
            elif verb == "RCPT":
                address = line.partition(b"<")[2].partition(b">")[0].decode()
                faults = self._faults.get(address, [])
                wrong = self._next("rcpt", address, faults)
            elif verb == "DATA":
                wrong = Fault("data", "503 5.5.1 no recipient") if refused else self._next("data", "", faults)
            else:
                wrong = None
            if wrong is not None:
                refused = refused or verb in ("MAIL", "RCPT")
                await self._misbehave(writer, wrong)
            elif verb == "EHLO":
                writer.write(b"250-sink.example\r\n250-SIZE 52428800\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            elif verb == "DATA":
                writer.write(b"354 Go on\r\n")
                await self._content(reader, writer, faults)
            elif verb == "QUIT":
                writer.write(b"221 2.0.0 Bye\r\n")
                return
            else:
                writer.write(b"250 2.0.0 OK\r\n")

    async def _content(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, faults: list[Fault]) -> None:
        if wrong := self._next("middle", "", faults):
            await reader.readexactly(200)
            await self._misbehave(writer, wrong)
        content = await reader.readuntil(b"\r\n.\r\n")
        wrong = self._next("end", "", faults)
        if wrong is not None and wrong.answer[:1] in "45":
            await self._misbehave(writer, wrong)
            return
        name = content.partition(b"\r\nMessage-ID: ")[2].partition(b"\r\n")[0].decode()
        self._came.took[name].append(time.time())
        if wrong is not None:
            await self._misbehave(writer, wrong)
        if self._delay:
            await asyncio.sleep(self._delay)
        writer.write(b"250 2.0.0 Taken\r\n")
        await writer.drain()
        self._came.acknowledged[name].append(time.time())

    def _next(self, stage: str, key: str, faults: list[Fault]) -> Fault | None:
        known = self._faults.get(key, faults) if stage == "mail" else faults
        return known.pop(0) if known and known[0].at == stage else None

    async def _misbehave(self, writer: asyncio.StreamWriter, wrong: Fault) -> None:
        if wrong.answer == CUT:
            raise _Cut
        if wrong.answer == HANG:
            await self._stopped.wait()
        elif wrong.answer == DRIP:
            for number in itertools.count():
                if writer.transport.is_closing():
                    raise _Cut
                writer.write(b"250-go on"[number % 9 :][:1])
                await asyncio.sleep(self._drip)
        else:
            writer.write(f"{wrong.answer}\r\n".encode())
            if wrong.answer.startswith("421"):
                await writer.drain()
                raise _Cut


class Sink:
    """The running server, seen from outside."""

    def __init__(self, port: int, ask: Connection) -> None:
        self.port, self._ask = port, ask

    def came(self) -> Came:
        """What has come until now."""
        return self._asked("came", None)

    def forget(self) -> None:
        """Count anew, and behave."""
        self._asked("forget", None)

    def misbehave(
        self, by_address: Mapping[str, Sequence[Fault]] | None = None, greetings: Sequence[Fault] = ()
    ) -> None:
        """From now on: the faults of each recipient's address (of the envelope's token, for those at "mail"), each once, in this order;
        and those of the next connections."""
        self._asked("misbehave", (list(greetings), dict(by_address or {})))

    def delay(self, seconds: float) -> None:
        """Acknowledge each letter so much later."""
        self._asked("delay", seconds)

    def _asked(self, question: str, what: object) -> Came:
        self._ask.send((question, what))
        found: Came = self._ask.recv()
        return found


def _serve(listening: socket.socket, asked: Connection, delay: float, drip: float) -> None:
    asyncio.run(_begin(listening, asked, delay, drip))


async def _begin(listening: socket.socket, asked: Connection, delay: float, drip: float) -> None:
    await _Server(asked, delay, drip).serve(listening)


@contextmanager
def running(*, delay: float = 0.0, drip: float = DRIP_SECONDS) -> Iterator[Sink]:
    """A server on a free port of loopback, for the length of a `with` block, that takes `delay` seconds to acknowledge a letter."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    ask, asked = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(listening, asked, delay, drip), daemon=True
    )
    process.start()
    port: int = listening.getsockname()[1]
    listening.close()
    asked.close()
    try:
        yield Sink(port, ask)
    finally:
        ask.send(("stop", None))
        process.join(2)
        process.kill()

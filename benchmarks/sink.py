"""An SMTP server for benchmarks and trials of faults: fast, in a process of its own; it counts what it took by Message-ID.

It stores no content. It offers PIPELINING or not, and answers at once or after a delay: what came in one piece is answered in one piece,
that much later, as over a line of that length.
"""

import heapq
import itertools
import multiprocessing
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

_END = b"\r\n.\r\n"
_HEAD = b"\r\nMessage-ID: "
_ANSWERS = {
    b"MAIL": b"250 2.1.0 OK\r\n",
    b"RCPT": b"250 2.1.5 OK\r\n",
    b"RSET": b"250 2.0.0 OK\r\n",
    b"NOOP": b"250 2.0.0 OK\r\n",
    b"DATA": b"354 Go on\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}


@dataclass
class _Peer:
    """A connection from a sender."""

    socket: socket.socket
    inward: bytearray
    in_content: bool = False
    searched: int = 0


class _Server:
    """One loop over all connections."""

    def __init__(self, listening: socket.socket, asked: Connection, pipelining: bool, delay: float) -> None:
        self._listening, self._asked, self._delay = listening, asked, delay
        self._hello = b"250-sink.example\r\n250-SIZE 52428800\r\n" + (b"250-PIPELINING\r\n" if pipelining else b"")
        self._hello += b"250 8BITMIME\r\n"
        self._later: list[tuple[float, int, _Peer, bytes]] = []
        self._numbers = itertools.count()
        self._took: Counter[bytes] = Counter()
        self._selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Go on until told to stop."""
        self._selector.register(self._listening, selectors.EVENT_READ, None)
        self._selector.register(self._asked, selectors.EVENT_READ, None)
        while True:
            wait = max(0.0, self._later[0][0] - time.monotonic()) if self._later else None
            for key, _events in self._selector.select(wait):
                if key.data is not None:
                    self._read(key.data)
                elif key.fileobj is self._listening:
                    self._welcome()
                elif not self._tell():
                    return
            while self._later and self._later[0][0] <= time.monotonic():
                _at, _number, peer, answer = heapq.heappop(self._later)
                self._send(peer, answer)

    def _tell(self) -> bool:
        try:
            question = self._asked.recv()
        except EOFError:  # whoever asks is gone
            return False
        if question == "took":
            self._asked.send(dict(self._took))
        elif question == "forget":
            self._took.clear()
            self._asked.send(None)
        return bool(question != "stop")

    def _welcome(self) -> None:
        opened, _address = self._listening.accept()
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer = _Peer(opened, bytearray())
        self._selector.register(opened, selectors.EVENT_READ, peer)
        self._send(peer, b"220 sink.example ESMTP\r\n")

    def _read(self, peer: _Peer) -> None:
        try:
            came = peer.socket.recv(1 << 18)
        except OSError:
            came = b""
        if not came:
            self._selector.unregister(peer.socket)
            peer.socket.close()
            return
        peer.inward += came
        answer = b"".join(self._answers(peer))
        if answer and self._delay:
            heapq.heappush(self._later, (time.monotonic() + self._delay, next(self._numbers), peer, answer))
        elif answer:
            self._send(peer, answer)

    def _send(self, peer: _Peer, answer: bytes) -> None:
        try:
            peer.socket.sendall(answer)
        except OSError:
            return  # it is gone; reading says so

    def _answers(self, peer: _Peer) -> Iterator[bytes]:
        inward = peer.inward
        while True:
            if peer.in_content:
                end = inward.find(_END, peer.searched)
                if end < 0:
                    peer.searched = max(0, len(inward) - len(_END) + 1)
                    return
                name = inward.find(_HEAD, 0, end) + len(_HEAD)
                self._took[bytes(inward[name : inward.find(b"\r\n", name)])] += 1
                del inward[: end + len(_END)]
                peer.in_content, peer.searched = False, 0
                yield b"250 2.0.0 Taken\r\n"
                continue
            end = inward.find(b"\r\n")
            if end < 0:
                return
            verb = bytes(inward[:4]).upper()
            del inward[: end + 2]
            peer.in_content = verb == b"DATA"
            yield self._hello if verb == b"EHLO" else _ANSWERS.get(verb, b"502 5.5.1 What?\r\n")


class Sink:
    """The running server, seen from outside."""

    def __init__(self, port: int, ask: Connection) -> None:
        self.port, self._ask = port, ask

    def took(self) -> dict[bytes, int]:
        """How often it took each Message-ID."""
        self._ask.send("took")
        found: dict[bytes, int] = self._ask.recv()
        return found

    def forget(self) -> None:
        """Count anew."""
        self._ask.send("forget")
        self._ask.recv()


def _serve(listening: socket.socket, asked: Connection, pipelining: bool, delay: float) -> None:
    _Server(listening, asked, pipelining, delay).serve()


@contextmanager
def running(*, pipelining: bool = True, delay: float = 0.0) -> Iterator[Sink]:
    """A server on a free port of loopback, for the length of a `with` block. `delay` in seconds."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    ask, asked = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(listening, asked, pipelining, delay), daemon=True
    )
    process.start()
    port = listening.getsockname()[1]
    listening.close()
    try:
        yield Sink(port, ask)
    finally:
        ask.send("stop")
        process.join(10)

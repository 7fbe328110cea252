"""Stands before the database's socket and cuts connections when a transaction is being committed: the server has done it or not, and
whoever asked does not know."""

import random
import selectors
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

_SYNC = b"S\x00\x00\x00\x04"
_LARGE = 150
"""A statement of so many bytes at least records something."""


class Proxy:
    """A listening socket that passes everything on to another one, until it is told to cut."""

    def __init__(self, door: Path, leads_to: Path, chance: random.Random) -> None:
        self._leads_to, self._chance = leads_to, chance
        self._cuts = 0
        self._lock = threading.Lock()
        self.cut_at: list[tuple[float, str]] = []
        """When connections were cut, and whether the server had committed."""
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(door))
        self._listening.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, times: int = 1) -> None:
        """Cut the next commits that come."""
        with self._lock:
            self._cuts = times

    @property
    def waiting(self) -> bool:
        """Whether there are cuts still to be made."""
        return self._cuts > 0

    def close(self) -> None:
        """Take no further connections."""
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                inner, _address = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(inner,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError), selectors.DefaultSelector() as both:
            server.connect(str(self._leads_to))
            both.register(client, selectors.EVENT_READ)
            both.register(server, selectors.EVENT_READ)
            while True:
                for key, _events in both.select():
                    came = key.fileobj.recv(1 << 18)  # type: ignore[union-attr]
                    if not came:
                        return
                    if key.fileobj is server:
                        client.sendall(came)
                    elif self._now(came):
                        done = self._chance.random() < 0.7
                        if done:
                            server.sendall(came)
                            server.recv(1 << 18)
                        self.cut_at.append((time.time(), "committed, not heard" if done else "not committed"))
                        return
                    else:
                        server.sendall(came)

    def _now(self, came: bytes) -> bool:
        """Whether a cut is wanted, and this is a transaction's end: COMMIT, or a statement that is a transaction of its own."""
        ends = b"COMMIT" in came or (came.endswith(_SYNC) and len(came) >= _LARGE)
        with self._lock:
            if not ends or self._cuts == 0:
                return False
            self._cuts -= 1
            return True

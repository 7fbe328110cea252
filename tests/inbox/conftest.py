"""A real IMAP server on loopback, a folder of the test's own, and a way to it that can be cut."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote
from uuid import uuid4

import pytest
from imap_tools import MailBoxUnencrypted

from outreach import config
from outreach.config import Settings
from outreach.db import Database
from outreach.stack.child import Child
from outreach.stack.ports import HOST, answers, free_port

USER, PASSWORD = "replies@secretariat.example", "a pass/word: of tests"


@pytest.fixture(scope="session")
def imap_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running IMAP server."""
    port = free_port(18143)
    server = Child(
        "the IMAP server",
        [
            sys.executable, "-c", "from pymap.main import main; main()", "--host", HOST, "--port", str(port), "--no-tls",
            "--no-service", "admin", "--no-service", "managesieve", "dict", "--demo-user", USER, "--demo-password", PASSWORD,
        ],
        log=tmp_path_factory.mktemp("imap") / "log",
    )  # fmt: skip
    server.wait_until(lambda: answers(port))
    yield port
    server.stop()


@dataclass(frozen=True)
class Folder:
    """A folder of the server, as those who deliver to it and look into it have it."""

    port: int
    name: str

    def deliver(self, *mails: bytes, at: datetime | None = None) -> None:
        """Put mails there, as a mail server does; they arrived `at`."""
        with self._open() as box:
            for one in mails:
                box.append(one, self.name, dt=at)

    def unseen(self) -> int:
        """How many of its mails are not seen."""
        with self._open() as box:
            return len(box.uids("UNSEEN"))

    def look_at_all(self) -> None:
        """Somebody opens all mails in a mail program."""
        with self._open() as box:
            box.client.uid("STORE", "1:*", "+FLAGS", r"(\Seen)")

    def settings(self, port: int | None = None) -> Settings:
        """The settings in force with this folder as the mailbox."""
        url = f"imap://{quote(USER)}:{quote(PASSWORD, safe='')}@{HOST}:{port or self.port}/{self.name}"
        return replace(config.settings(), inbox_url=url)

    def _open(self) -> MailBoxUnencrypted:
        box = MailBoxUnencrypted(HOST, self.port, timeout=30)
        box.login(USER, PASSWORD, initial_folder=self.name)
        return box


@pytest.fixture
def folder(imap_port: int, database: Database) -> Folder:
    """An empty folder."""
    name = f"Replies-{uuid4().hex[:8]}"
    with MailBoxUnencrypted(HOST, imap_port, timeout=30).login(USER, PASSWORD) as box:
        box.folder.create(name)
    return Folder(imap_port, name)


@pytest.fixture
def cut_at(imap_port: int) -> Iterator[Callable[[bytes], int]]:
    """A way to the server that breaks off when the client says a word; gives the port of such a way."""
    ways: list[_Way] = []

    def open_one(word: bytes) -> int:
        ways.append(_Way(imap_port, word))
        return ways[-1].port

    yield open_one
    for way in ways:
        way.close()


class _Way:
    """Carries bytes both ways, until the word comes: then neither side hears anything more."""

    def __init__(self, server_port: int, word: bytes) -> None:
        self._server_port, self._word = server_port, word
        self._door = socket.create_server((HOST, 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._door.accept()
                server = socket.create_connection((HOST, self._server_port))
                threading.Thread(target=carry, args=(server, client, None), daemon=True).start()
                threading.Thread(target=carry, args=(client, server, self._word), daemon=True).start()


def carry(source: socket.socket, target: socket.socket, word: bytes | None) -> None:
    """Carry bytes until the source ends, or the word comes; then neither side hears anything more."""
    with suppress(OSError):
        while data := source.recv(65536):
            if word is not None and word in data:
                break
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

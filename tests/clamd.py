"""A small clamd on a socket of its own: it takes INSTREAM as the true one does, and finds what a test calls a virus."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from outreach import config

EICAR = b"X5O!P%@AP[4" + rb"\PZX54(P^)7CC)7}$EICAR-STAND" + b"ARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""Put together here, so that no scanner takes this file for one."""


@dataclass
class Clamd:
    """What the fake does: `silent` never answers; contents larger than `most` are refused as by StreamMaxLength; `finds` names what it finds."""

    url: str
    silent: bool = False
    most: int = 50_000_000
    finds: str = "Eicar-Test-Signature"
    seen: list[bytes] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Clamd]:
    """A clamd that the settings name."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "clamd.sock")
        door = socket.socket(socket.AF_UNIX)
        door.bind(str(path))
        door.listen()
        fake = Clamd(f"unix://{path}")
        threading.Thread(target=_serve, args=(door, fake), daemon=True).start()
        try:
            with set_to(fake.url):
                yield fake
        finally:
            door.close()


@contextmanager
def set_to(url: str) -> Iterator[None]:
    """The settings name this scanner, whether it is there or not."""
    before = config.settings()
    config.use(replace(before, clamd_url=url))
    try:
        yield
    finally:
        config.use(before)


def _serve(door: socket.socket, fake: Clamd) -> None:
    waiting = []
    with suppress(OSError):
        while True:
            client, _address = door.accept()
            if fake.silent:
                waiting.append(client)
                continue
            with client, suppress(OSError):
                client.sendall(_answered(client.makefile("rb"), fake) + b"\0")


def _answered(stream: "socket.SocketIO", fake: Clamd) -> bytes:  # type: ignore[name-defined]
    command = bytearray()
    while (one := stream.read(1)) != b"\0":
        command += one
    if command == b"zVERSION":
        return b"ClamAV 1.4.2/27500/Mon Mar  1 08:00:00 2027"
    content = b""
    while length := int.from_bytes(stream.read(4), "big"):
        content += stream.read(length)
        if len(content) > fake.most:
            return b"INSTREAM size limit exceeded. ERROR"
    fake.seen.append(content)
    return f"stream: {fake.finds} FOUND".encode() if EICAR in content else b"stream: OK"

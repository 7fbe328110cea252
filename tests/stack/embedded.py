"""The whole service for a test, on ports that nobody uses; nothing of it is left to other tests."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from outreach import config
from outreach.stack import places, service
from outreach.stack.ports import HOST
from outreach.stack.service import Running


@contextmanager
def embedded(folder: Path) -> Iterator[Running]:
    """A demonstration in a folder, empty. The settings of this process are its own meanwhile."""
    before = {name: value for name, value in os.environ.items() if name.startswith("OUTREACH_")}
    with pytest.MonkeyPatch.context() as patch:
        # Two services that start at once must not look for the same port.
        for name in ("WEB_PORT", "CATCHER_PORT", "SMTP_PORT"):
            patch.setattr(service, name, _unused_port())
        try:
            with service.running(folder, demo=True, say=lambda _words: None) as found:
                yield found
        finally:
            for name in [name for name in os.environ if name.startswith("OUTREACH_")]:
                del os.environ[name]
            os.environ.update(before)
            config.use(None)
            # As root it may lie elsewhere, where pytest does not tidy up.
            places.remove(folder / "postgres")


def _unused_port() -> int:
    with socket.socket() as asking:
        asking.bind((HOST, 0))
        port: int = asking.getsockname()[1]
        return port

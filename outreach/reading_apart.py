"""A hostile file is read in a process of its own, which has a limit of time and of memory, no secrets and no file to write to.

Libraries for PDF and Word are written for files that mean well. What one of them makes of a file comes back as JSON; a process that
takes too long or too much is ended, and the service has lost nothing but that file.
"""

import importlib
import json
import logging
import os
import resource
import subprocess
import sys
from typing import Any

from outreach import office_files
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.paths import PACKAGE

_SPENT = 3
"""The status with which the process says that it ran out of memory."""
log = logging.getLogger(__name__)


def read(reader: str, content: bytes, *, seconds: int = 20, megabytes: int = 1024, field: str | None = None) -> Any:
    """What `reader` ("package.module:function", bytes in, JSON out) makes of the content. Raises Invalid with a sentence."""
    command = [sys.executable, "-m", __name__, reader, str(seconds), str(megabytes)]
    try:
        # Our own program; the stranger's file is what it reads. It ends itself by the time it worked; that of the clock is
        # for one that would only wait, and long, since on a busy machine work takes many times as long.
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=15 * seconds, env={"PYTHONPATH": str(PACKAGE.parent)}
        )
    except subprocess.TimeoutExpired:
        raise Invalid(_too_long(), field=field) from None
    if done.returncode == 0:
        return json.loads(done.stdout)
    log.warning("%s ended with %s: %s", reader, done.returncode, done.stderr.decode("utf-8", "replace")[-500:])
    spent = done.returncode < 0 or done.returncode == _SPENT
    raise Invalid(_too_long() if spent else office_files.damaged(), field=field)


def _too_long() -> str:
    return _("This file takes more time or memory to read than a document should. It was not opened.")


def _main(reader: str, seconds: str, megabytes: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * 1024**2,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _colon, function = reader.partition(":")
    try:
        made = getattr(importlib.import_module(module), function)(sys.stdin.buffer.read())
        # To a pipe, which no limit of file sizes concerns.
        sys.stdout.write(json.dumps(made))
        sys.stdout.flush()
    except MemoryError:
        os._exit(_SPENT)


if __name__ == "__main__":
    _main(*sys.argv[1:])

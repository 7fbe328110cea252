"""Files, kept by the SHA-256 of their content; the same content is kept once."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from outreach.errors import Missing

_NAME = re.compile(r"[0-9a-f]{64}\Z")


class Storage:
    """A folder of contents. `put` returns the name under which `get` finds them again."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep the content and return its SHA-256 in hexadecimal digits; on disk before this returns."""
        name = hashlib.sha256(content).hexdigest()
        target = self._path(name)
        if target.exists():
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(fresh).replace(target)
        except OSError:
            Path(fresh).unlink(missing_ok=True)
            raise
        return name

    def get(self, name: str) -> bytes:
        """The content kept under `name`. Raises Missing where there is none."""
        path = self._path(name)
        if not path.is_file():
            raise Missing(f"no content is kept under {name}")
        return path.read_bytes()

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise Missing("no such content")
        return self.root / name[:2] / name

"""Files, kept by the SHA-256 of their content; the same content is kept once."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from outreach.errors import Missing

_NAME = re.compile(r"[0-9a-f]{64}\Z")
_AT_ONCE = 8


class Storage:
    """A folder of contents. `put` returns the name under which `get` finds them again."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep the content and return its SHA-256 in hexadecimal digits; on disk before this returns, its name too."""
        return self.put_all([content])[0]

    def put_all(self, contents: Sequence[bytes]) -> list[str]:
        """Keep contents and return their names; all are on disk before this returns. Raises OSError; then some may be kept.

        The disk is asked for all at once, which costs little more than for one.
        """
        names = [hashlib.sha256(content).hexdigest() for content in contents]
        fresh = {name: content for name, content in zip(names, contents, strict=True) if not self._path(name).exists()}
        folders = {self._path(name).parent for name in names}
        new_folders = [folder for folder in folders if not folder.exists()]
        for folder in new_folders:
            folder.mkdir(parents=True, exist_ok=True)
        written: dict[str, Path] = {}
        try:
            for name, content in fresh.items():
                written[name] = self._written(self._path(name).parent, content)
            _on_disk(written.values())
            for name, file in written.items():
                file.replace(self._path(name))
        except OSError:
            for file in written.values():
                file.unlink(missing_ok=True)
            raise
        # A file that no folder names on the disk is lost with the power.
        _on_disk([*folders, *([self.root] if new_folders else [])])
        return names

    def get(self, name: str) -> bytes:
        """The content kept under `name`. Raises Missing where there is none."""
        path = self._path(name)
        if not path.is_file():
            raise Missing(f"no content is kept under {name}")
        return path.read_bytes()

    @staticmethod
    def _written(folder: Path, content: bytes) -> Path:
        """A new file beside where the content will be; not there yet after an OSError."""
        handle, name = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise Missing("no such content")
        return self.root / name[:2] / name


def _on_disk(paths: Iterable[Path]) -> None:
    """Have files or folders written to the disk, several at a time: it takes many at once about as fast as one."""
    some = list(paths)
    if len(some) == 1:
        _flush(some[0])
    elif some:
        with ThreadPoolExecutor(min(_AT_ONCE, len(some))) as pool:
            list(pool.map(_flush, some))


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

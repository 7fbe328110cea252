"""A campaign's folder packed as .zip: unpacked where it can do no harm, with only the files that such a folder has."""

import io
import lzma
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from outreach.campaigns.folder import SETTINGS_FILE
from outreach.errors import Invalid
from outreach.file_types import PICTURES
from outreach.i18n import _

MOST_BYTES = 80 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ENTRIES = 500
_DEEPEST = 4
_ENDINGS = frozenset({".md", ".xlsx", ".xls", ".pdf", ".docx"})
_PICTURES = frozenset(ending for endings in PICTURES.values() for ending in endings)
# What zipfile raises for archives that are damaged, locked by a password, or packed by a method that it does not know.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError, EOFError, OSError,
)  # fmt: skip
# Copied in pieces: a document need not be in memory as a whole.
_PIECE = 1024 * 1024


def unpack(content: bytes, into: Path) -> Path:
    """Unpack into the empty folder `into`; the folder that holds campaign.toml, which may be packed with its own name around it.

    Files that no campaign's folder has are passed over. Raises Invalid where it is no .zip, too large, or a name in it leads elsewhere.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(_("This file is larger than %(most)d MB.", most=MOST_BYTES // 1024**2), field="folder")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = {path: entry for entry in _files(packed) if (path := _path(entry)) is not None}
            top = _top(entries)
            for path, entry in entries.items():
                if path.is_relative_to(top) and _expected(path.relative_to(top)):
                    _write(packed, entry, into / path.relative_to(top))
    except _UNREADABLE:
        raise Invalid(
            _("This file can't be read as a .zip. Please pack the folder again, without a password."), field="folder"
        ) from None
    return into


def pack(folder: Path) -> bytes:
    """A campaign's folder as .zip, with its own name around it; `unpack` reads it back."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            inside = PurePosixPath(path.relative_to(folder).as_posix())
            if path.is_file() and _expected(inside):
                packed.write(path, str(PurePosixPath(folder.name) / inside))
    return made.getvalue()


def _files(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    # zipfile never unpacks more of an entry than it declares, so the declared sizes bound the work.
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Invalid(_("This file unpacks to far more than a call for input has. It was not opened."), field="folder")
    return entries


def _path(entry: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where the entry lies; None for what systems add by themselves. Raises Invalid for a name that leads out of the folder."""
    path = PurePosixPath(entry.filename)
    if path.parts and (path.parts[0] == "__MACOSX" or path.name.startswith(".")):
        return None
    link = stat.S_ISLNK(entry.external_attr >> 16)
    if link or path.is_absolute() or ".." in path.parts or not path.parts or any(c in entry.filename for c in "\\\0"):
        raise Invalid(
            _("The name %(name)s in this file leads out of the folder.", name=entry.filename[:100]), field="folder"
        )
    return path


def _top(paths: dict[PurePosixPath, zipfile.ZipInfo]) -> PurePosixPath:
    """The folder of the only campaign.toml."""
    found = [path.parent for path in paths if path.name == SETTINGS_FILE]
    if len(found) != 1:
        raise Invalid(
            _("This file must hold one folder with a %(name)s in it.", name=SETTINGS_FILE)
            if not found
            else _("This file holds several folders with a %(name)s. Please pack one.", name=SETTINGS_FILE),
            field="folder",
        )
    return found[0]


def _expected(path: PurePosixPath) -> bool:
    ending = path.suffix.lower()
    known = ending in _ENDINGS or (ending in _PICTURES and path.parent.name == "media")
    return path == PurePosixPath(SETTINGS_FILE) or (known and len(path.parts) <= _DEEPEST)


def _write(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(entry) as source, target.open("xb") as written:
        while piece := source.read(_PIECE):
            written.write(piece)

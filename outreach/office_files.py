"""Files of strangers as Word, Excel and LibreOffice pack them: looked at as a whole before anything opens them.

A packed file is refused in a sentence where it is locked, holds macros, unpacks to far more than it should, or its XML declares what
no document declares. What passes can be opened by a library within the limits that were asked for.
"""

import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass

from outreach import file_types
from outreach.errors import Invalid
from outreach.i18n import _

OLE = file_types.OLE
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_XML = (".xml", ".rels", ".vml", ".rdf")
_MACROS = re.compile(r"(?:.*/)?vba(?:project|data)[^/]*|basic/(?:.*/)?(?!script-l[bc]\.xml)[^/]+|scripts/.+", re.I)
_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", re.I)
_MANIFEST = "meta-inf/manifest.xml"
_LONGEST_MANIFEST = 1024**2
_PLAIN = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(rb"<!(?:doctype|entity)", re.I)
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError, EOFError, OSError,
)  # fmt: skip
"""What zipfile raises for archives that are damaged, locked by a password, or packed by a method that it does not know."""


@dataclass(frozen=True)
class Limits:
    """How much a file may be: its own megabytes, those it unpacks to, those of them that are XML, its parts, the elements of its XML."""

    megabytes: int = 20
    unpacked: int = 100
    xml: int = 40
    parts: int = 1000
    elements: int = 1_000_000


USUAL = Limits()


def guard(content: bytes, limits: Limits = USUAL, *, macros: bool = False, field: str | None = None) -> None:
    """Look at a .docx, .xlsx or .odt before it is opened. Raises Invalid with a sentence where it must not be.

    `macros` lets those pass of which only the texts are read. That it is a document of the wanted kind is left to `file_types.media_type` and to whoever opens it.
    """
    if len(content) > limits.megabytes * 1024**2:
        raise Invalid(_("This file is larger than %(most)d MB.", most=limits.megabytes), field=field)
    if content.startswith(OLE):
        raise Invalid(locked() if is_locked(content) else old(), field=field)
    if file_types.is_crowded(content):
        raise Invalid(too_much(), field=field)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            fault = _fault(packed, limits, macros)
    except UNREADABLE:
        raise Invalid(damaged(), field=field) from None
    if fault:
        raise Invalid(fault, field=field)


def refusal(content: bytes) -> str | None:
    """Why a file of Office can't be taken as it is: of an old format, locked by a password, with macros; None for all other files."""
    if content.startswith(OLE):
        return locked() if is_locked(content) else old()
    if content.startswith(b"{\\rtf"):
        return old()
    if not content.startswith(b"PK") or file_types.is_crowded(content):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if any(part.flag_bits & 1 for part in parts):
                return locked()
            lists = (part for part in parts if part.filename.lower() == _MANIFEST)
            if any(b"encryption-data" in packed.read(one) for one in lists if one.file_size <= _LONGEST_MANIFEST):
                return locked()
            return macros_held() if any(_MACROS.fullmatch(part.filename) for part in parts) else None
    except UNREADABLE:
        return None


def _fault(packed: zipfile.ZipFile, limits: Limits, macros: bool) -> str | None:
    parts = packed.infolist()
    if any(part.flag_bits & 1 for part in parts):
        return locked()
    if not macros and any(_MACROS.fullmatch(part.filename) for part in parts):
        return macros_held()
    xml = [part for part in parts if part.filename.lower().endswith(_XML)]
    # zipfile never unpacks more of a part than it declares, so the declared sizes bound the work.
    if (
        len(parts) > limits.parts
        or sum(part.file_size for part in parts) > limits.unpacked * 1024**2
        or sum(part.file_size for part in xml) > limits.xml * 1024**2
    ):
        return too_much()
    elements = 0
    for part in xml:
        text = packed.read(part)
        if part.filename.lower() == _MANIFEST and b"encryption-data" in text:
            return locked()
        if _declares(text):
            return _("This file holds XML declarations that no document has. It was not opened.")
        elements += text.count(b"<")
        # An element has a tag at its beginning and often one at its end.
        if elements > 2 * limits.elements:
            return too_much()
    return None


def _declares(text: bytes) -> bool:
    """Whether an XML part has a document type, or an encoding in which one could hide. Entities, external or nested, need one."""
    if text.startswith(_WIDE):
        text = text.decode("utf-16", "replace").encode()
    else:
        named = _ENCODING.match(text.removeprefix(b"\xef\xbb\xbf"))
        if b"\x00" in text or (named and named[1].lower() not in _PLAIN):
            return True
    return bool(_DECLARED.search(text))


def damaged() -> str:
    """The sentence for a file that can't be opened."""
    return _("This file can't be read; it may be damaged. Please save it again in Word, Excel or LibreOffice.")


def is_locked(content: bytes) -> bool:
    """Whether a file that begins with `OLE` is one of today's with a password."""
    return _LOCKED in content


def macros_held() -> str:
    """The sentence for a file with macros."""
    return _("This file holds macros. Please save it without them, for example as .docx.")


def locked() -> str:
    """The sentence for a file that asks for a password."""
    return _("This file is locked by a password. Please save it without one.")


def old() -> str:
    """The sentence for the formats before 2007."""
    return _("This file has the format of an old version of Office. Please save it as .docx or .xlsx.")


def too_much() -> str:
    """The sentence for what was packed to do harm."""
    return _("This file unpacks to far more than a document has. It was not opened.")

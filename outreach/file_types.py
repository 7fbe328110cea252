"""What an uploaded file is, found from its content; and a name for it that can do no harm."""

import io
import unicodedata
import zipfile
import zlib

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
PNG = "image/png"
JPEG = "image/jpeg"
GIF = "image/gif"
WEBP = "image/webp"
TEXT = "text/plain"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"

EXTENSIONS = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    ODT: (".odt",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    TEXT: (".txt",),
}
"""The types that are taken, with the endings that fit them."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of Office began before 2007, and those with a password begin still."""
OLD = {DOC: (".doc",), XLS: (".xls",)}
"""The types of Office before 2007: staff record them as they came; who gives one on a page is asked for another."""
_STREAMS = {"WordDocument".encode("utf-16-le"): DOC, "Workbook".encode("utf-16-le"): XLS}

PICTURES = {PNG: (".png",), JPEG: (".jpg", ".jpeg"), GIF: (".gif",), WEBP: (".webp",)}
"""The types of pictures that stand in pages, with the endings that fit them."""

_LONGEST = 120
_MOST_OF_NAMES = 2_000_000
_END_OF_NAMES = b"PK\x05\x06"
_FURTHEST_END = 65_557
"""The end of an archive's list of names lies so near to the end of the archive."""


def media_type(content: bytes) -> str | None:
    """The media type of a content that is taken, None for all others (among them Office files with macros)."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    return TEXT if _is_text(content) else None


def recorded_type(content: bytes) -> str | None:
    """The media type of a content that staff record as it came by mail: one that is taken, or an old one of Office; None for others."""
    if content.startswith(OLE):
        return next((media for stream, media in _STREAMS.items() if stream in content), None)
    return media_type(content)


def picture_type(content: bytes) -> str | None:
    """The media type of a picture that every browser shows, None for all other contents."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    return WEBP if content.startswith(b"RIFF") and content[8:12] == b"WEBP" else None


def is_crowded(archive: bytes) -> bool:
    """Whether the list of names in a ZIP archive is longer than that of any document: reading a hostile one takes seconds and memory."""
    at = archive.rfind(_END_OF_NAMES, max(0, len(archive) - _FURTHEST_END))
    return at >= 0 and int.from_bytes(archive[at + 12 : at + 16], "little") > _MOST_OF_NAMES


def _packed(content: bytes) -> str | None:
    if is_crowded(content):
        return None
    # Only the list of names is read; nothing is unpacked but the few bytes of "mimetype".
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            if "[Content_Types].xml" in names:
                return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None
            if "mimetype" in names and packed.getinfo("mimetype").file_size == len(ODT):
                return ODT if packed.read("mimetype") == ODT.encode() else None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return None
    return None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(ord(c) < 32 and c not in "\t\n\r\f" for c in text)


def safe_name(given: str, media: str) -> str:
    """The file's own name without path, control and direction characters, at most 120 characters, with an ending that fits."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    # Cc, Cf: control and direction characters; Zl, Zp, Cs, Co, Cn: what can't stand in a header.
    name = "".join(
        c
        for c in name
        if unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"} and c not in '"<>:|?*'
    )
    name = " ".join(name.split()).strip(". ")
    endings = (EXTENSIONS | OLD)[media]
    ending = next((e for e in endings if name.lower().endswith(e)), "")
    stem = (name[: -len(ending)] if ending else name).strip(". ")[: _LONGEST - 6] or "document"
    return stem + (ending.lower() or endings[0])

"""Small pictures of every kind, made here."""

import base64
import struct
import zlib


def png(wide: int = 8, high: int = 6, shade: int = 90) -> bytes:
    """A grey PNG."""
    rows = b"".join(b"\x00" + bytes([shade]) * wide for _row in range(high))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def claiming(wide: int, high: int) -> bytes:
    """A PNG that says it is far larger than what it holds."""
    small = png()
    return small[:8] + _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)) + small[33:]


def _chunk(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))


GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90400000000002c000000000100010000020144003b")
WEBP = base64.b64decode("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAB0CWJaQAA3AA+0AAAAA=")
# Without the mark by which most programs begin it.
JPEG = base64.b64decode(
    "/9j/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeO"
    "uCguv/////////////////////////////////////////////////////////////////////////wAARCAABAAEDASIAAhEBAxEB/8QAFQAB"
    "AQAAAAAAAAAAAAAAAAAAAAH/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAA"
    "D/2gAMAwEAAhEDEQA/AKAD/9k="
)

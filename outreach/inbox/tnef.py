"""The files in a `winmail.dat`: the envelope (MS-OXTNEF) in which Outlook sends attachments to those who may have no Outlook.

Read here and not by a library: of the whole format a name and a content are wanted, each a length and its bytes, and nothing that
a stranger writes may cost more than its size.
"""

import mimetypes
import struct
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNATURE = 0x223E9F78
_BEGIN_OF_ATTACHMENT = 0x00069002
_DATA = 0x0006800F
_TITLE = 0x00018010
_PROPERTIES = 0x00069005
_LONG_NAME = 0x3707
_MOST_FILES = 100
_MOST_PROPERTIES = 1_000
_FIXED = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})


@dataclass(frozen=True)
class Held:
    """A file in the envelope."""

    name: str
    media_type: str
    content: bytes


def files(envelope: bytes) -> list[Held]:
    """The files, as far as the envelope can be read; none where it is none."""
    found: list[Held] = []
    name, held = "", b""
    for attribute, content in _attributes(envelope):
        if attribute == _BEGIN_OF_ATTACHMENT:
            _add(found, name, held)
            name, held = "", b""
        elif attribute == _DATA:
            held = bytes(content)
        elif attribute == _TITLE:
            name = name or bytes(content).split(b"\0")[0].decode("cp1252", "replace")
        elif attribute == _PROPERTIES:
            name = _long_name(bytes(content)) or name
    _add(found, name, held)
    return found


def _add(found: list[Held], name: str, held: bytes) -> None:
    if held and len(found) < _MOST_FILES:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        found.append(Held(name or f"attachment-{len(found) + 1}", kind, held))


def _attributes(envelope: bytes) -> Iterator[tuple[int, memoryview]]:
    if len(envelope) < 6 or struct.unpack_from("<I", envelope)[0] != _SIGNATURE:
        return
    view, position = memoryview(envelope), 6
    while position + 9 <= len(envelope):
        _level, attribute, length = struct.unpack_from("<BII", envelope, position)
        position += 9
        if position + length > len(envelope):
            return
        yield attribute, view[position : position + length]
        position += length + 2  # a checksum follows


def _long_name(properties: bytes) -> str:
    """PidTagAttachLongFilename, empty where the properties before it can't be passed over."""
    try:
        (count,) = struct.unpack_from("<I", properties)
        position = 4
        for _number in range(min(count, _MOST_PROPERTIES)):
            kind, name = struct.unpack_from("<HH", properties, position)
            position += 4
            if name >= 0x8000:
                position = _after_name(properties, position)
            if kind in _FIXED:
                position += _FIXED[kind]
                continue
            if kind not in _VARIABLE:
                return ""
            (several,) = struct.unpack_from("<I", properties, position)
            position += 4
            for _value in range(min(several, _MOST_PROPERTIES)):
                (length,) = struct.unpack_from("<I", properties, position)
                value = properties[position + 4 : position + 4 + length]
                position += 4 + length + (-length % 4)
                if name == _LONG_NAME:
                    text = value.decode("utf-16-le", "replace") if kind == 0x001F else value.decode("cp1252", "replace")
                    return text.rstrip("\0")
    except struct.error:
        pass  # cut short
    return ""


def _after_name(properties: bytes, position: int) -> int:
    """Behind the set, the kind and the number or words by which a property of a program's own is named."""
    kind, length = struct.unpack_from("<II", properties, position + 16)
    return position + 24 + (length + (-length % 4) if kind == 1 else 0)

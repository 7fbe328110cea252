"""How large a picture is, read from its first bytes, so that a hostile one is never unpacked; and how it is drawn for documents."""

from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from outreach import file_types

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The marks of JPEG behind which height and width stand."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Those that have no length."""
_POINTS_A_PIXEL = 0.75
_TRIED = 40
"""So many pixels wide a picture is drawn to see whether it can be."""


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, as the picture itself declares them; None where it declares none."""
    media = file_types.picture_type(content)
    try:
        if media == file_types.PNG:
            return _big(content, 16, 4), _big(content, 20, 4)
        if media == file_types.GIF:
            return _little(content, 6, 2), _little(content, 8, 2)
        if media == file_types.WEBP:
            return _of_webp(content)
        return _of_jpeg(content) if media == file_types.JPEG else None
    except IndexError:
        return None


def room(content: bytes, wide: float, high: float) -> tuple[float, float]:
    """Width and height in points of a picture on paper: its own where that fits, else as large as `wide` and `high` allow."""
    size = size_of(content) or (1, 1)
    own_wide, own_high = (max(one, 1) * _POINTS_A_PIXEL for one in size)
    scale = min(1.0, wide / own_wide, high / own_high)
    return max(own_wide * scale, 1.0), max(own_high * scale, 1.0)


def can_be_drawn(content: bytes) -> bool:
    """Whether a picture can be unpacked as a whole. Only for one whose declared size is bounded."""
    return _drawn(content, _TRIED) is not None


def as_png(content: bytes) -> bytes | None:
    """The picture as PNG, for programs that know fewer kinds; None where it can't be drawn."""
    size = size_of(content)
    return _drawn(content, size[0]) if size else None


def file_name(content: bytes, name: str) -> str:
    """`name` with the ending that fits the content."""
    return name + file_types.PICTURES[file_types.picture_type(content) or file_types.PNG][0]


def _drawn(content: bytes, wide: int) -> bytes | None:
    """The picture as a PNG so many pixels wide."""
    with TemporaryDirectory() as folder:
        name = file_name(content, "picture")
        (Path(folder) / name).write_bytes(content)
        page = f'#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("{name}", width: {wide}pt)'
        try:
            made = typst.Compiler(page.encode(), root=folder, ignore_system_fonts=True).compile(format="png", ppi=72)
        except RuntimeError:
            return None
    return made if isinstance(made, bytes) else None


def _of_webp(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return _little(content, 24, 3) + 1, _little(content, 27, 3) + 1
    if kind == b"VP8L":
        packed = _little(content, 21, 4)
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return _little(content, 26, 2) & 0x3FFF, _little(content, 28, 2) & 0x3FFF
    return None


def _of_jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(content):
        if content[at] != 0xFF:
            return None
        mark = content[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark in _FRAMES:
            return _big(content, at + 7, 2), _big(content, at + 5, 2)
        else:
            at += 2 if mark in _ALONE else 2 + max(_big(content, at + 2, 2), 2)
    return None


def _big(content: bytes, at: int, count: int) -> int:
    return int.from_bytes(_bytes(content, at, count), "big")


def _little(content: bytes, at: int, count: int) -> int:
    return int.from_bytes(_bytes(content, at, count), "little")


def _bytes(content: bytes, at: int, count: int) -> bytes:
    """Some bytes. Raises IndexError where the picture ends before."""
    found = content[at : at + count]
    if len(found) < count:
        raise IndexError
    return found

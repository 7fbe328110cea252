"""Mails from files: one a file, as a mail program saves it, or a whole mailbox in one (mbox, RFC 4155)."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_BEGINS = re.compile(rb"From \S+.* \d\d:\d\d")
_QUOTED = re.compile(rb">+From ")


def mails(file: Path) -> Iterator[tuple[str, bytes]]:
    """The mails of a file, each with a name for where it was found; "-" is standard input. Raises OSError."""
    if str(file) == "-":
        yield from _divided("standard input", sys.stdin.buffer)
    else:
        with file.open("rb") as opened:
            yield from _divided(file.name, opened)


def _divided(name: str, lines: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """One mail, or the mails between the lines that begin with "From ", read one at a time."""
    first = lines.readline()
    if not _BEGINS.match(first):
        yield name, first + lines.read()
        return
    number, mail, blank = 1, bytearray(), False
    for line in lines:
        if blank and _BEGINS.match(line):
            yield f"{name} {number}", bytes(mail)
            number, mail, blank = number + 1, bytearray(), False
            continue
        blank = line in (b"\n", b"\r\n")
        mail += line[1:] if _QUOTED.match(line) else line
    yield f"{name} {number}", bytes(mail)

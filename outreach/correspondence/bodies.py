"""The bodies of an edition: whole lines, most of them the same for all recipients. These are encoded for the wire once."""

import binascii
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import ClassVar, Protocol

from outreach.correspondence.merging import PLACE, Line, Values

_BASE64_BYTES = 57
"""So many bytes make a line of 76 characters."""


class Page:
    """A text of an edition: runs of lines that are the same for all, and lines with places, to be filled for each recipient."""

    def __init__(self, text: str, fill: Callable[[Line, Values], str], lay: Callable[[str], str]) -> None:
        """`fill` makes a line a recipient's, `lay` brings lines into their final form."""
        self._fill, self._lay = fill, lay
        self.runs: list[str | list[Line]] = []
        for filled, found in groupby(text.split("\n"), key=lambda line: PLACE.search(line) is not None):
            lines = list(found)
            self.runs.append([Line(line) for line in lines] if filled else lay("\n".join(lines)))

    def fill(self, lines: list[Line], values: Values) -> str:
        """A run with places as its recipient reads it. Raises KeyError where a value is missing."""
        return self._lay("\n".join([self._fill(line, values) for line in lines]))

    def filled(self, values: Values) -> str:
        """The text of a recipient. Raises KeyError where a value is missing."""
        return "\n".join(run if isinstance(run, str) else self.fill(run, values) for run in self.runs)


class Body(Protocol):
    """A page in a transfer encoding."""

    encoding: ClassVar[str]

    def pieces(self, values: Values) -> Iterator[bytes]:
        """The encoded body of a recipient, in pieces that each end with CRLF. Raises KeyError where a value is missing."""


def encoded(page: Page) -> Body:
    """Quoted-printable where it stays readable; base64 is half as long for Arabic, Chinese and Russian."""
    text = "".join(run for run in page.runs if isinstance(run, str))
    readable = len(text.encode("ascii", "ignore")) * 10 >= len(text) * 9
    return _QuotedPrintable(page) if readable else _Base64(page)


class _QuotedPrintable:
    """Each line is encoded by itself."""

    encoding: ClassVar[str] = "quoted-printable"

    def __init__(self, page: Page) -> None:
        self._fill = page.fill
        self._runs = [_quoted(run) if isinstance(run, str) else run for run in page.runs]

    def pieces(self, values: Values) -> Iterator[bytes]:
        for run in self._runs:
            yield run if isinstance(run, bytes) else _quoted(self._fill(run, values))


class _Base64:
    """Three bytes become four characters wherever lines end: a run is encoded for each of the places where it can begin."""

    encoding: ClassVar[str] = "base64"

    def __init__(self, page: Page) -> None:
        self._fill = page.fill
        self._runs = [
            _Shifted(_crlf(run if number == len(page.runs) else run + "\n")) if isinstance(run, str) else run
            for number, run in enumerate(page.runs, 1)
        ]

    def pieces(self, values: Values) -> Iterator[bytes]:
        left, last = b"", self._runs[-1]
        for run in self._runs:
            if isinstance(run, _Shifted):
                first, rest, after = run.begun[-len(left) % 3]
                yield _base64_lines(left + first)
                yield rest
                left = after
            else:
                data = left + _crlf(self._fill(run, values) + ("" if run is last else "\n"))
                whole = len(data) - len(data) % 3
                yield _base64_lines(data[:whole])
                left = data[whole:]
        yield _base64_lines(left)


class _Shifted:
    """Bytes in base64, for when one or two of them (or none) complete what came before."""

    def __init__(self, data: bytes) -> None:
        self.begun = [self._from(data, missing) for missing in range(3)]

    @staticmethod
    def _from(data: bytes, missing: int) -> tuple[bytes, bytes, bytes]:
        first, rest = data[:missing], data[missing:]
        whole = len(rest) - len(rest) % 3
        return first, _base64_lines(rest[:whole]), rest[whole:]


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _quoted(lines: str) -> bytes:
    return binascii.b2a_qp(_crlf(lines + "\n"), istext=True)


def _base64_lines(data: bytes) -> bytes:
    lines = [
        binascii.b2a_base64(data[start : start + _BASE64_BYTES], newline=False) + b"\r\n"
        for start in range(0, len(data), _BASE64_BYTES)
    ]
    return b"".join(lines)

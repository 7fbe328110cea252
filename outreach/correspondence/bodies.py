"""The bodies of an edition: whole lines, most of them the same for all recipients. These are encoded for the wire once."""

import binascii
import re
from collections.abc import Callable
from itertools import groupby
from typing import ClassVar, Protocol

from outreach.correspondence.merging import PLACE, Line, Values, escaped

_DOTS = re.compile(rb"(?m)^\.+")
_OVERLONG = re.compile(rb"(?m)^([^\r\n]{74})(=20|=09)\r\n")
"""The encoder counts a blank at the end of a line before it encodes it."""
_PLAIN = re.compile("[!-\\-/-<>-~][ -<>-~]{0,70}")
"""Characters that stand for themselves in quoted-printable, on one line that begins with no dot."""
_BASE64_BYTES = 57
"""So many bytes make a line of 76 characters."""


class Run:
    """Lines with places. The last recipient's are kept, because the next one often has the same: a deadline, a salutation."""

    def __init__(self, lines: list[str], fill: Callable[[Line, Values], str], lay: Callable[[str], str]) -> None:
        self._lines = [Line(line) for line in lines]
        self._places = [place for line in self._lines for place in line.places]
        self._fill, self._lay = fill, lay
        self._last: tuple[list[str], str] | None = None

    def filled(self, values: Values) -> str:
        """The lines of a recipient, each with its end. Raises KeyError where a value is missing."""
        own = [values[language][name] for language, name in self._places]
        if self._last is None or self._last[0] != own:
            self._last = own, self._lay("".join([self._fill(line, values) for line in self._lines]))
        return self._last[1]


class Page:
    """A text of an edition in parts: lines that are the same for all, each followed by lines to be filled for each recipient."""

    def __init__(self, text: str, fill: Callable[[Line, Values], str], lay: Callable[[str], str]) -> None:
        """`fill` makes a line a recipient's, `lay` brings lines into their final form."""
        self.parts: list[tuple[str, Run | None]] = []
        same = ""
        *ended, last = text.split("\n")
        for filled, found in groupby([*(f"{line}\n" for line in ended), last], key=_has_place):
            lines = list(found)
            if filled:
                self.parts.append((same, Run(lines, fill, lay)))
                same = ""
            else:
                same = lay("".join(lines))
        self.parts.append((same, None))

    def filled(self, values: Values) -> str:
        """The text of a recipient. Raises KeyError where a value is missing."""
        return "".join([same + (run.filled(values) if run else "") for same, run in self.parts])


def _has_place(line: str) -> bool:
    return PLACE.search(line) is not None


class Body(Protocol):
    """A page in a transfer encoding, in which no line begins with a dot."""

    encoding: ClassVar[str]

    def pieces(self, values: Values) -> list[bytes]:
        """The encoded body of a recipient and a line end behind it, in pieces of whole lines. Raises KeyError where a value is missing."""


def encoded(page: Page) -> Body:
    """Quoted-printable where it stays readable; base64 is half as long for Arabic, Chinese and Russian."""
    text = "".join(same for same, _run in page.parts)
    readable = len(text.encode("ascii", "ignore")) * 10 >= len(text) * 9
    return _QuotedPrintable(page) if readable else _Base64(page)


def encoded_html(html: str) -> Body:
    """The same for HTML, in which no line has to be wrapped again for a recipient."""
    page = Page(html, Line.html, str)
    body = encoded(page)
    return _Template(html) if isinstance(body, _QuotedPrintable) else body


class _QuotedPrintable:
    """Each line is encoded by itself."""

    encoding: ClassVar[str] = "quoted-printable"

    def __init__(self, page: Page) -> None:
        self._parts = [(_quoted(same), run) for same, run in page.parts[:-1]]
        self._last = _quoted(page.parts[-1][0]) + b"\r\n"

    def pieces(self, values: Values) -> list[bytes]:
        made = []
        for same, run in self._parts:
            made += [same, _quoted(run.filled(values))] if run else [same]
        made.append(self._last)
        return made


class _Template:
    """Quoted-printable in which a recipient's values stand between soft line breaks, so that only they have to be encoded."""

    encoding: ClassVar[str] = "quoted-printable"

    def __init__(self, html: str) -> None:
        *before, last = PLACE.split(html)
        self._places = list(zip(before[1::3], before[2::3], strict=True))
        around = [*(_open(text) for text in before[::3]), _quoted(last) + b"\r\n"]
        self._template = b"%b".join(text.replace(b"%", b"%%") for text in around)

    def pieces(self, values: Values) -> list[bytes]:
        return [self._template % self._own(values)]

    def _own(self, values: Values) -> tuple[bytes, ...]:
        return tuple([_open(escaped(values[language][name])) for language, name in self._places])


class _Base64:
    """Three bytes become four characters wherever lines end: what is the same is encoded for each of the places where it can begin."""

    encoding: ClassVar[str] = "base64"

    def __init__(self, page: Page) -> None:
        self._parts = [(_Shifted(_crlf(same)), run) for same, run in page.parts]

    def pieces(self, values: Values) -> list[bytes]:
        made, left = [], b""
        for same, run in self._parts:
            first, rest, left = same.after(left)
            made += [first, rest]
            if run:
                data = left + _crlf(run.filled(values))
                whole = len(data) - len(data) % 3
                made.append(_base64_lines(data[:whole]))
                left = data[whole:]
        made.append(_base64_lines(left))
        return made


class _Shifted:
    """Bytes in base64, for when one or two of them (or none) complete what came before."""

    def __init__(self, data: bytes) -> None:
        self._begun = []
        for missing in range(3):
            first, rest = data[:missing], data[missing:]
            whole = len(rest) - len(rest) % 3
            self._begun.append((first, _base64_lines(rest[:whole]), rest[whole:]))

    def after(self, left: bytes) -> tuple[bytes, bytes, bytes]:
        """The line that `left` begins, the lines that follow, and the bytes that are left then."""
        first, rest, after = self._begun[-len(left) % 3]
        data = left + first
        if len(data) % 3:
            return b"", b"", data  # too short to complete anything
        return _base64_lines(data), rest, after


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _quoted(lines: str) -> bytes:
    # The encoder breaks long lines by CRLF only where it has seen one.
    made = binascii.b2a_qp(_crlf(lines + "\n"), istext=True)
    if b"=20\r\n" in made or b"=09\r\n" in made:
        made = _OVERLONG.sub(b"\\1=\r\n\\2\r\n", made)
    made = made[:-2]
    return _DOTS.sub(_without_dots, made) if b"." in made else made


def _open(text: str) -> bytes:
    """Text that goes on behind a soft line break."""
    if _PLAIN.fullmatch(text):
        return text.encode() + b"=\r\n"
    return _quoted(text + "-")[:-1] + b"=\r\n"  # the mark leaves room for the break


def _without_dots(found: re.Match[bytes]) -> bytes:
    # SMTP would have to double them. No line grows too long: the rest of it stands behind a soft line break.
    lines, rest = divmod(len(found[0]), 24)
    return (b"=2E" * 24 + b"=\r\n") * lines + (b"=2E" * rest + b"=\r\n" if rest else b"")


def _base64_lines(data: bytes) -> bytes:
    if len(data) <= _BASE64_BYTES:
        return binascii.b2a_base64(data, newline=False) + b"\r\n" if data else b""
    return b"".join(
        [_base64_lines(data[start : start + _BASE64_BYTES]) for start in range(0, len(data), _BASE64_BYTES)]
    )

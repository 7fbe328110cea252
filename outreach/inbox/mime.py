"""A mail taken apart at its boundaries, in one walk whose cost grows with its bytes and with nothing that it claims about itself.

The standard library's parser keeps every line of a mail of forty megabytes, and compares each with every boundary that is open:
a hostile mail of one megabyte keeps it busy for minutes. Here a part is a stretch of the mail, decoded when somebody asks for it.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

_MOST_OF_HEADERS = 1024 * 1024
_MOST_FIELDS = 20_000
_MOST_OF_A_HEADER = 50_000
_MOST_OF_PARAMETERS = 5_000
_MOST_PARTS = 1_000
_MOST_LOOKS = 50_000
DEEPEST = 40
"""Parts within parts are opened down to here; what lies deeper stays closed."""

_BLANK = re.compile(rb"[ \t\r\n]{0,2000}")
_FIELD = re.compile(rb"([!-9;-~]++):[ \t]*+([^\r\n]*+(?:(?:\r\n|\r|\n)[ \t][^\r\n]*+)*+)(?:\r\n|\r|\n|\Z)")
_FROM_LINE = re.compile(rb">?From [^\r\n]*+(?:\r\n|\r|\n)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_TYPE = re.compile(r"\s*([\w!#$&^.+-]+/[\w!#$&^.+-]+)\s*(?:;|\s|$)", re.ASCII)
_PARAMETER = re.compile(r";\s*([^\s;=\"]+?)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))", re.DOTALL)
_PIECE = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")

_UU = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})

Headers = dict[str, list[str]]


@dataclass(slots=True)
class Part:
    """A stretch of a mail: its headers by name in small letters, and where its body begins and ends.

    Headers hold bytes above ASCII as surrogates; `plain_text.header` makes words of them.
    """

    mail: bytes
    headers: Headers
    start: int
    end: int
    kind: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)

    def first(self, name: str) -> str:
        """A header as it was written, empty where it is missing."""
        found = self.headers.get(name)
        return found[0] if found else ""

    @property
    def charset(self) -> str | None:
        """The encoding that its words claim."""
        return self.parameters.get("charset")

    @property
    def disposition(self) -> str:
        """`attachment`, `inline`, or nothing."""
        return self.first("content-disposition").partition(";")[0].strip().lower()

    @property
    def filename(self) -> str:
        """The name that it carries, encoded words as they were written."""
        written = self.first("content-disposition")
        return (parameters(written).get("filename") if written else None) or self.parameters.get("name") or ""

    def content(self, most: int | None = None) -> bytes:
        """Its bytes, decoded; only the beginning where no more than `most` encoded bytes are asked for."""
        end = self.end if most is None else min(self.end, self.start + most)
        encoding = self.first("content-transfer-encoding").strip().lower()
        raw = memoryview(self.mail)[self.start : end]
        try:
            if encoding == "base64":
                return _base64(raw)
            if encoding == "quoted-printable":
                return binascii.a2b_qp(raw)
            if encoding in _UU:
                return _uudecoded(bytes(raw))
        except (binascii.Error, ValueError):
            pass  # it is not what it claims, and stays as it stands
        return bytes(raw)

    def leaves(self) -> Iterator["Part"]:
        """All parts that are no container, in their order. Mails within the mail stay closed."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def opened(mail: bytes) -> Part:
    """The whole mail as a part, its parts below it. Never raises."""
    start = _BLANK.match(mail).end()  # type: ignore[union-attr] # it matches nothing, too
    budget = [_MOST_PARTS]
    return _part(mail, start, len(mail), 0, budget, "text/plain")


def parameters(value: str) -> dict[str, str]:
    """The parameters of a header's value by name in small letters, continued and encoded ones (RFC 2231) put together."""
    found: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(value[:_MOST_OF_PARAMETERS]):
        name, quoted, bare = match.group(1).lower(), match.group(2), match.group(3)
        text = re.sub(r'\\(["\\])', r"\1", quoted) if quoted is not None else bare.strip()
        named = _PIECE.fullmatch(name)
        if named is None or named.group(2) is named.group(3) is None:
            found.setdefault(name, text)
        else:
            pieces.setdefault(named.group(1), []).append((int(named.group(2) or 0), named.group(3) is not None, text))
    for name, several in pieces.items():
        found[name] = _joined(sorted(several))
    return found


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    charset, content = "utf-8", b""
    for number, (_order, encoded, text) in enumerate(pieces):
        if encoded and number == 0 and text.count("'") >= 2:
            claimed, _language, text = text.split("'", 2)
            charset = claimed or charset
        raw = text.encode("utf-8", "surrogateescape")
        content += unquote_to_bytes(raw) if encoded else raw
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _part(mail: bytes, start: int, end: int, depth: int, budget: list[int], usual: str) -> Part:
    headers, body = _headers(mail, start, end)
    part = Part(mail, headers, body, end, usual)
    written = part.first("content-type")
    if written:
        named = _TYPE.match(written[:300])
        part.kind = named.group(1).lower() if named else "text/plain"
        part.parameters = parameters(written)
    boundary = part.parameters.get("boundary", "").rstrip()
    if part.kind.startswith("multipart/") and boundary and depth < DEEPEST:
        below = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
        delimiter = b"--" + boundary.encode("utf-8", "surrogateescape")
        part.children = [
            _part(mail, at, to, depth + 1, budget, below) for at, to in _between(mail, body, end, delimiter, budget)
        ]
    return part


def _headers(mail: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers that begin here, and where the body does."""
    found: Headers = {}
    envelope = _FROM_LINE.match(mail, start, end)
    position = envelope.end() if envelope else start
    kept = 0
    for _number in range(_MOST_FIELDS):
        field = _FIELD.match(mail, position, end)
        if field is None:
            # A blank line, or no header and no blank line before it: the body begins.
            blank = _LINE_END.match(mail, position, end)
            return found, blank.end() if blank else position
        position = field.end()
        if kept < _MOST_OF_HEADERS:
            written = mail[field.start(2) : min(field.end(2), field.start(2) + _MOST_OF_A_HEADER)]
            kept += len(written)
            text = written.decode("utf-8", "surrogateescape")
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            found.setdefault(field.group(1).decode("ascii").lower(), []).append(text.strip())
    return found, position


def _between(mail: bytes, start: int, end: int, delimiter: bytes, budget: list[int]) -> list[tuple[int, int]]:
    """Where the parts between the lines of a delimiter begin and end; the last may lack its end."""
    stretches: list[tuple[int, int]] = []
    begun: int | None = None
    position = start
    for _look in range(_MOST_LOOKS):
        at = mail.find(delimiter, position, end)
        if at < 0:
            break
        after = at + len(delimiter)
        position = after
        if at > start and mail[at - 1] not in b"\r\n":
            continue
        rest = mail[after : after + 80]
        closes = rest.startswith(b"--")
        blank = rest[2:] if closes else rest
        if blank.lstrip(b" \t")[:1] not in (b"", b"\r", b"\n"):
            continue  # the line of a longer delimiter
        if begun is not None:
            stretches.append((begun, _without_line_end(mail, begun, at)))
            begun = None
        if closes:
            return stretches
        budget[0] -= 1
        if budget[0] < 0:
            return stretches
        begun = _next_line(mail, after, end)
    if begun is not None:
        stretches.append((begun, end))
    return stretches


def _next_line(mail: bytes, position: int, end: int) -> int:
    feed = mail.find(b"\n", position, min(end, position + 200))
    back = mail.find(b"\r", position, min(end, position + 200))
    if feed >= 0 and (back < 0 or feed <= back + 1):
        return feed + 1
    return back + 1 if back >= 0 else end


def _without_line_end(mail: bytes, start: int, end: int) -> int:
    """The line end before a delimiter belongs to it."""
    if end > start and mail[end - 1 : end] == b"\n":
        end -= 1
    if end > start and mail[end - 1 : end] == b"\r":
        end -= 1
    return end


def _base64(raw: memoryview) -> bytes:
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        # A cut or damaged end: what can be read is read.
        written = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        return binascii.a2b_base64(written[: len(written) // 4 * 4])


def _uudecoded(raw: bytes) -> bytes:
    """What stands between `begin` and `end`; raises binascii.Error where nothing does."""
    begin = re.search(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", raw, re.MULTILINE)
    if begin is None:
        raise binascii.Error("it does not begin")
    found = []
    for line in raw[begin.end() :].splitlines():
        if line.strip() == b"end":
            break
        found.append(binascii.a2b_uu(line))
    return b"".join(found)

"""The parts of one mail: its words in the order in which they stand, and its files."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from typing import TypeAlias, TypeVar

from outreach.inbox import plain_text
from outreach.inbox.plain_text import one_line

_MOST_FILES = 200
_DEEPEST = 40
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})

Part: TypeAlias = "Message[str, str]"
Value = TypeVar("Value")


@dataclass(frozen=True)
class MailFile:
    """A file of a mail. `part_of_the_look`: a picture in its HTML, or a digital signature."""

    filename: str
    media_type: str
    content: bytes
    part_of_the_look: bool


def tried(otherwise: Value, read: Callable[[], Value]) -> Value:
    """What `read` gives; `otherwise` where the standard library fails on what a stranger wrote."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - the parser raises whatever its parts raise; the mail itself is kept, and shown
        return otherwise


def content(mail: Part) -> tuple[str, tuple[MailFile, ...]]:
    """The words of a mail as plain text, and its files."""
    found = _gathered(mail, 0)
    texts = (plain_text.of_html(words) if is_html else words for is_html, words in found.texts)
    text = "\n\n".join(words.strip("\n") for words in texts if words.strip())
    html = "".join(found.html)
    files = tuple(_file(part, number, html) for number, part in enumerate(found.files[:_MOST_FILES], 1))
    return plain_text.clean(text), files


@dataclass
class _Found:
    """Texts, each with whether it is HTML; files; and all HTML, also where its plain twin is taken."""

    texts: list[tuple[bool, str]] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    html: list[str] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Whether it has words that are no HTML."""
        return any(not is_html and words.strip() for is_html, words in self.texts)


def _gathered(part: Part, depth: int) -> _Found:
    """What a part holds. Of alternatives, the words of the first in plain text, else of the last, which is the fullest."""
    kind = tried("application/octet-stream", part.get_content_type)
    if kind.startswith("multipart/") and part.is_multipart() and depth < _DEEPEST:
        below = [_gathered(child, depth + 1) for child in _children(part)]
        chosen = below
        if kind == "multipart/alternative":
            chosen = [one for one in below if one.is_plain][:1] or [one for one in below if one.texts][-1:]
        return _Found(
            texts=[text for one in chosen for text in one.texts],
            files=[file for one in below for file in one.files],
            html=[html for one in below for html in one.html],
        )
    # A multipart whose boundary is not in it could not be divided: its words stand there as they are.
    is_text = kind in ("text/plain", "text/html") or kind.startswith("multipart/")
    if not is_text or part.is_multipart() or _is_file(part, whole=depth == 0):
        return _Found(files=[part])
    words = plain_text.decoded(_bytes(part), tried(None, part.get_content_charset))
    is_html = kind == "text/html"
    return _Found(texts=[(is_html, words)], html=[words] if is_html else [])


def _children(part: Part) -> list[Part]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _is_file(part: Part, *, whole: bool) -> bool:
    """Whether a text is a file and not the mail's words; the `whole` mail's text may have a name and be words all the same."""
    is_named = not whole and bool(tried(None, part.get_filename))
    return is_named or tried(None, part.get_content_disposition) == "attachment"


def _bytes(part: Part) -> bytes:
    """What a part carries: decoded, or for mails within a mail, as they stand."""
    if part.is_multipart():
        return b"\n".join(tried(b"", child.as_bytes) for child in _children(part))
    payload = tried(None, lambda: part.get_payload(decode=True))
    return payload if isinstance(payload, bytes) else b""


def _file(part: Part, number: int, html: str) -> MailFile:
    kind = tried("application/octet-stream", part.get_content_type)
    name = one_line(plain_text.header(tried(None, part.get_filename) or ""), 200)
    if not name:
        ending = ".eml" if kind.startswith("message/") else mimetypes.guess_extension(kind) or ""
        name = f"attachment-{number}{ending}"
    marked = str(tried(None, lambda: part.get("content-id")) or "").strip().strip("<>")
    drawn = kind.startswith("image/") and bool(marked) and f"cid:{marked}" in html
    return MailFile(name, one_line(kind, 100), _bytes(part), drawn or kind in _SIGNATURES)

"""The parts of one mail: its words in the order in which they stand, and its files."""

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from outreach.inbox import plain_text, tnef
from outreach.inbox.mime import Part
from outreach.inbox.plain_text import one_line

_MOST_FILES = 200
_MOST_WORDS = 4_000_000
_MOST_HTML = 600_000
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})

Value = TypeVar("Value")


@dataclass(frozen=True)
class MailFile:
    """A file of a mail. `part_of_the_look`: a picture in its HTML, a digital signature, or an envelope of Outlook's."""

    filename: str
    media_type: str
    content: bytes
    part_of_the_look: bool


def tried(otherwise: Value, read: Callable[[], Value]) -> Value:
    """What `read` gives; `otherwise` where a library fails on what a stranger wrote."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - a library raises whatever its parts raise; the mail itself is kept, and shown
        return otherwise


def content(mail: Part) -> tuple[str, tuple[MailFile, ...]]:
    """The words of a mail as plain text, and its files."""
    found = _gathered(mail, whole=True)
    text = "\n\n".join(words.strip("\n") for words in _words(found.texts) if words.strip())
    html = "".join(found.html)
    files: list[MailFile] = []
    for number, part in enumerate(found.files[:_MOST_FILES], 1):
        files.extend(_files(part, number, html))
    return plain_text.clean(text), tuple(files[:_MOST_FILES])


def _words(texts: list[tuple[bool, str]]) -> Iterator[str]:
    """The texts as plain ones, until together they are longer than anybody reads."""
    room, room_for_html = _MOST_WORDS, _MOST_HTML
    for is_html, words in texts:
        if is_html:
            words, room_for_html = words[:room_for_html], room_for_html - min(len(words), room_for_html)
            words = plain_text.of_html(words) if words else ""
        yield words[:room]
        room -= min(len(words), room)


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


def _gathered(part: Part, *, whole: bool = False) -> _Found:
    """What a part holds. Of alternatives, the words of the first in plain text, else of the last, which is the fullest."""
    if part.children:
        below = [_gathered(child) for child in part.children]
        chosen = below
        if part.kind == "multipart/alternative":
            chosen = [one for one in below if one.is_plain][:1] or [one for one in below if one.texts][-1:]
        return _Found(
            texts=[text for one in chosen for text in one.texts],
            files=[file for one in below for file in one.files],
            html=[html for one in below for html in one.html],
        )
    # A multipart whose boundary is not in it could not be divided: its words stand there as they are.
    is_text = part.kind in ("text/plain", "text/html") or part.kind.startswith("multipart/")
    if not is_text or _is_file(part, whole=whole):
        return _Found(files=[part])
    words = plain_text.decoded(part.content(_MOST_WORDS), part.charset)
    is_html = part.kind == "text/html"
    return _Found(texts=[(is_html, words)], html=[words] if is_html else [])


def _is_file(part: Part, *, whole: bool) -> bool:
    """Whether a text is a file and not the mail's words; the `whole` mail's text may have a name and be words all the same."""
    return (not whole and bool(part.filename)) or part.disposition == "attachment"


def _files(part: Part, number: int, html: str) -> list[MailFile]:
    """The file that a part is; an envelope of Outlook's also gives what it holds."""
    name = one_line(plain_text.header(part.filename), 200)
    if not name:
        ending = ".eml" if part.kind.startswith("message/") else mimetypes.guess_extension(part.kind) or ""
        name = f"attachment-{number}{ending}"
    held = part.content()
    if part.kind in _TNEF or name.lower() == "winmail.dat":
        inner = [MailFile(one_line(file.name, 200), file.media_type, file.content, False) for file in tnef.files(held)]
        return [MailFile(name, one_line(part.kind, 100), held, True), *inner]
    marked = part.first("content-id").strip().strip("<>")
    drawn = part.kind.startswith("image/") and bool(marked) and f"cid:{marked}" in html
    return [MailFile(name, one_line(part.kind, 100), held, drawn or part.kind in _SIGNATURES)]

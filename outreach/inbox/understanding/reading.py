"""A mail as classification looks at it: headers first, words only when they are asked for, and never more than their beginning."""

import re
from functools import cached_property
from html import unescape

from outreach.inbox import mime, plain_text
from outreach.inbox.mime import Part
from outreach.inbox.understanding import returned_mail

MOST_WORDS = 30_000
"""Characters of a mail's words that are looked at."""

_MOST_CONTENT = 100_000
_MOST_HTML = 60_000

_LETTERS = r"A-Za-z0-9\u00c0-\u1fff"
ADDRESS = re.compile(
    rf"[{_LETTERS}!#$%&'*+/=?^_`{{|}}~.-]{{1,128}}@(?:[{_LETTERS}-]{{1,63}}\.){{0,10}}[{_LETTERS}-]{{1,63}}"
)
"""An address in words; what stands around it is for the caller. Chinese and Japanese have no blanks around it, so it has none of theirs."""

_INVISIBLE = re.compile(r"<(style|script|head|title)\b", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}\\b[^<>]*>?", re.IGNORECASE) for name in ("style", "script", "head", "title")}
_BREAKS = re.compile(
    r"<(?:br|/?p|/?div|/?tr|/?table|/?li|/?ul|/?ol|/?h[1-6]|hr|/?blockquote|/?pre)\b[^<>]*>", re.IGNORECASE
)
_TAGS = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"[ \t\xa0]+")
_QUOTED = re.compile(r"^[ \t]*(?:>|\|).*$", re.MULTILINE)


class Mail:
    """A mail, read as far as somebody asks."""

    def __init__(self, raw: bytes, opened: Part | None = None) -> None:
        self.raw = raw
        self.whole = opened or mime.opened(raw)

    def header(self, name: str) -> str:
        """A header as it was written, empty where it is missing."""
        return self.whole.first(name)

    def has(self, *names: str) -> str:
        """The first of these headers that the mail has."""
        return next((name for name in names if name in self.whole.headers), "")

    @cached_property
    def subject(self) -> str:
        """The subject as people read it, on one line."""
        written = self.header("subject")
        return plain_text.one_line(
            plain_text.header(written) if "=?" in written or not written.isascii() else written, 1000
        )

    @cached_property
    def subject_lower(self) -> str:
        """The same in small letters, to look for words in."""
        return self.subject.lower()

    @cached_property
    def sender(self) -> str:
        """The address in From in small letters, empty where there is none."""
        found = ADDRESS.findall(self.header("from")[:2000])
        return found[-1].lower() if found else ""

    @cached_property
    def null_sender(self) -> bool:
        """Whether its envelope sender is empty: that of reports and automatic answers (RFC 3834)."""
        written = self.header("return-path").strip().lower() or self.header("x-envelope-from").strip().lower()
        return bool(written) and (written in ("<>", "<mailer-daemon>") or written.startswith("<mailer-daemon@"))

    @cached_property
    def leaves(self) -> list[Part]:
        """Its parts that are no container."""
        return list(self.whole.leaves())

    @cached_property
    def words(self) -> str:
        """All its words as plain text: of alternatives the plain one; mails within it not."""
        plain = [part for part in self.leaves if part.kind in _PLAIN]
        found = "\n".join(_decoded(part) for part in plain[:4])
        if not found.strip():
            found = "\n".join(_of_html(_decoded(part)) for part in self.leaves[:20] if part.kind == "text/html")
        if not found.strip() and not any(part.kind in _PLAIN for part in self.leaves):
            # A container that could not be divided: its words stand there as they are.
            found = "\n".join(_decoded(part) for part in self.leaves[:4] if part.kind.startswith("multipart/"))
        return found[:MOST_WORDS].replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def said(self) -> str:
        """Its words before a returned or quoted mail begins, without lines that quote."""
        return _QUOTED.sub("", returned_mail.before(self.words))

    @cached_property
    def said_lower(self) -> str:
        """The same in small letters, blanks and line ends as one blank, to look for phrases in."""
        return " ".join(self.said[:6000].lower().replace("\u2019", "'").split())

    @cached_property
    def is_of_a_list(self) -> bool:
        """Whether it came over a mailing list."""
        return bool(
            self.has("list-id", "list-post", "x-mailing-list", "x-beenthere", "x-mailman-version", "mailing-list")
        )

    @cached_property
    def machine_precedence(self) -> str:
        """A Precedence that programs set, and people's do not."""
        written = self.header("precedence").strip().lower()
        return written if written in ("auto_reply", "auto-reply", "autoreply", "bulk", "junk") else ""

    @cached_property
    def answers(self) -> bool:
        """Whether it says that it answers a mail."""
        return bool(self.has("in-reply-to"))


_PLAIN = frozenset({"text/plain", "text", "text/enriched"})


def lines_of(part: Part, most: int) -> str:
    """The beginning of a part that holds headers or fields, its lines ended by a line feed."""
    return part.content(most).decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(part: Part) -> str:
    return plain_text.decoded(part.content(_MOST_CONTENT), part.charset)


def _of_html(html: str) -> str:
    """Words of a page, quickly: enough to look for phrases, not to show."""
    html = _visible(html[:_MOST_HTML])
    return _BLANKS.sub(" ", unescape(_TAGS.sub("", _BREAKS.sub("\n", html.replace("\n", " ")))))


def _visible(html: str) -> str:
    """A page without what browsers don't show."""
    kept: list[str] = []
    position = 0
    while begins := _INVISIBLE.search(html, position):
        kept.append(html[position : begins.start()])
        ends = _ENDS[begins.group(1).lower()].search(html, begins.end())
        if ends is None:
            return " ".join(kept)
        position = ends.end()
    return " ".join((*kept, html[position:]))

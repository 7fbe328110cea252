"""One mail from its bytes, whatever they are: nothing here raises, and what can't be read says so."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime

from outreach.inbox import mime, parts, plain_text
from outreach.inbox.mime import Headers, Part
from outreach.inbox.parts import MailFile, tried
from outreach.inbox.plain_text import one_line

MOST_TEXT = 100_000
"""So many characters of a mail's text are kept for the page; the mail itself has all of them."""

_MOST_IDS = 100
_MOST_OF_A_HEADER = 50_000
_BEGINNING = 20_000

_ID = re.compile(r"<[^<>\s]{1,900}>")
_ADDRESS = re.compile(r"[^\s<>\"(),;:\\\[\]@]{1,200}@[^\s<>\"(),;:\\\[\]@]{1,200}")
_RECIPIENTS = ("x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "to", "cc")


@dataclass(frozen=True)
class ParsedMail:
    """What a mail says. `answers` are the Message-IDs it names, the nearest first; `arrived_at` is what its last server wrote.

    `readable` False: it could not be parsed, and all else is empty.
    """

    readable: bool = False
    from_name: str = ""
    from_address: str = ""
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    answers: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    text: str = ""
    files: tuple[MailFile, ...] = ()
    is_report: bool = False
    from_nobody: bool = False
    arrived_at: datetime | None = None


def parse(raw: bytes) -> ParsedMail:
    """What the mail says."""
    return of_opened(mime.opened(raw))


def of_opened(mail: Part) -> ParsedMail:
    """What a mail says that was taken apart already."""
    return tried(ParsedMail(), lambda: _parsed(mail))


def beginning(raw: bytes) -> str:
    """How a mail begins, as it was written: for one that can't be read otherwise."""
    return plain_text.clean(plain_text.decoded(raw[:_BEGINNING], None)).strip()


def _parsed(mail: Part) -> ParsedMail:
    written = mail.headers
    text, files = parts.content(mail)
    name, address = _sender(_first(written, "from"))
    in_reply_to = _ID.findall(_first(written, "in-reply-to"))[:_MOST_IDS]
    references = _ID.findall(_first(written, "references"))[-_MOST_IDS:]
    own_id = _first(written, "message-id")
    return ParsedMail(
        readable=bool(written),
        from_name=name,
        from_address=address,
        subject=one_line(plain_text.header(_first(written, "subject")), 1000),
        message_id=one_line(next(iter(_ID.findall(own_id)), own_id), 1000),
        in_reply_to=one_line(next(iter(in_reply_to), ""), 1000),
        answers=tuple(dict.fromkeys([*in_reply_to, *reversed(references)])),
        recipients=_recipients(written),
        text=text,
        files=files,
        is_report=mail.kind == "multipart/report",
        from_nobody=bool(written.get("return-path")) and _first(written, "return-path").strip() in ("", "<>"),
        arrived_at=tried(None, lambda: _arrived_at(_first(written, "received"))),
    )


def _first(written: Headers, name: str) -> str:
    return written.get(name, [""])[0]


def _sender(value: str) -> tuple[str, str]:
    name, address = tried(("", ""), lambda: parseaddr(value))
    if not _ADDRESS.fullmatch(address):
        # A name with a comma or an @ leads the standard library astray.
        found = _ADDRESS.findall(value)
        name, address = name or value.partition("<")[0], found[-1] if found else ""
    return one_line(plain_text.header(name).strip(' "'), 300), one_line(plain_text.header(address), 320)


def _recipients(written: Headers) -> tuple[str, ...]:
    values = " ".join(value for name in _RECIPIENTS for value in written.get(name, ()))[:_MOST_OF_A_HEADER]
    found = (one_line(plain_text.header(address), 320).lower() for address in _ADDRESS.findall(values))
    return tuple(list(dict.fromkeys(found))[:_MOST_IDS])


def _arrived_at(received: str) -> datetime | None:
    at = parsedate_to_datetime(" ".join(received.rpartition(";")[2].split()))
    return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)

"""From an edition and a recipient's values to the bytes that leave. Flask-Mail's Message composes what is the same for all, once."""

import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from itertools import groupby

from flask_mail import Attachment as MailAttachment
from flask_mail import BadHeaderError
from flask_mail import Message as FlaskMessage

from outreach.correspondence.lines import wrapped
from outreach.correspondence.merging import PLACE, fill_html, fill_line, fill_text

_POLICY = policy.compat32.clone(linesep="\r\n", max_line_length=78)
_LONGEST_PLAIN_SUBJECT = 60
_BASE64_LINE = 76
# Where each body goes in a frame. No encoded attachment and no boundary can hold them.
_GAPS = {"plain": "zq.plain.qz", "html": "zq.html.qz"}


@dataclass(frozen=True)
class Enclosure:
    """An attached file with its content."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Sheet:
    """One letter as its recipient reads it."""

    subject: str
    text: str
    html: str


class Mould:
    """An edition's texts, prepared to be filled for many recipients: what has no place is wrapped into lines once."""

    def __init__(self, subject: str, text: str, html: str) -> None:
        self._subject, self._html = subject, html
        # Runs of lines without a place, wrapped; and lines with one, to be filled and wrapped for each recipient.
        self._lines = [
            ("\n".join(lines), True) if filled else (wrapped("\n".join(lines)), False)
            for filled, lines in groupby(text.split("\n"), key=lambda line: PLACE.search(line) is not None)
        ]

    def fill(self, values: Mapping[str, Mapping[str, str]]) -> Sheet:
        """The letter of a recipient. Raises KeyError where a value is missing."""
        text = "\n".join(wrapped(fill_text(lines, values)) if filled else lines for lines, filled in self._lines)
        return Sheet(fill_line(self._subject, values), text, fill_html(self._html, values))


def merge(subject: str, text: str, html: str, values: Mapping[str, Mapping[str, str]]) -> Sheet:
    """An edition with one recipient's values. Raises KeyError where one is missing."""
    return Mould(subject, text, html).fill(values)


class LetterMessage(FlaskMessage):
    """Flask-Mail's message, which needs an application to be composed: this one needs none, and leaves gaps where a recipient's
    own headers and bodies go."""

    def _message(self) -> MIMEBase:
        bodies = MIMEMultipart("alternative")
        for subtype, gap in _GAPS.items():
            part = MIMEBase("text", subtype, charset="utf-8")
            part.set_payload(gap)
            bodies.attach(part)
        made: MIMEBase = bodies
        if self.attachments:
            made = MIMEMultipart("mixed")
            made.attach(bodies)
            for attachment in self.attachments:
                made.attach(_file_part(attachment))
        name, address = parseaddr(str(self.sender))
        made["From"] = formataddr((name, address), "utf-8")
        for header, value in (self.extra_headers or {}).items():
            made[header] = value
        return made

    def as_bytes(self) -> bytes:
        """The bytes, with CRLF line ends. Raises BadHeaderError where a header has a line break."""
        if self.has_bad_headers():
            raise BadHeaderError
        return self._message().as_bytes(policy=_POLICY)


class Frame:
    """All of a message that every recipient of an edition gets alike, attachments encoded already."""

    def __init__(self, *, sender: str, language: str, enclosures: Sequence[Enclosure] = ()) -> None:
        """Raises BadHeaderError where the sender has a line break."""
        message = LetterMessage(
            sender=sender,
            attachments=[MailAttachment(e.filename, e.media_type, e.content) for e in enclosures],
            extra_headers={
                "Auto-Submitted": "auto-generated",  # RFC 3834, section 5
                "X-Auto-Response-Suppress": "OOF, AutoReply",  # what Exchange reads instead
                "Content-Language": language.replace("+", ", "),
            },
        )
        self._pieces = []
        rest = message.as_bytes()
        for gap in _GAPS.values():
            # The part's own headers end with an empty line, before which its encoding is named.
            before, _gap, rest = rest.partition(b"\r\n" + gap.encode())
            self._pieces.append(before)
        self._rest = rest

    def around(
        self,
        sheet: Sheet,
        *,
        to_address: str,
        cc_addresses: Sequence[str],
        reply_to: str | None,
        message_id: str,
        at: datetime,
    ) -> bytes:
        """The whole message for one recipient. `at` is its Date. Raises BadHeaderError, and UnicodeError for an address not in ASCII."""
        headers = {
            "Subject": sheet.subject,
            "To": to_address,
            "Cc": ", ".join(cc_addresses),
            "Message-ID": message_id,
            "Reply-To": reply_to or "",
            "Date": format_datetime(at),
        }
        if any("\r" in value or "\n" in value for value in headers.values()):
            raise BadHeaderError
        headers["Subject"] = _subject(sheet.subject)
        own = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value or name == "Subject")
        plain, html = self._pieces
        return b"".join((own.encode("ascii"), plain, *_encoded(sheet.text), html, *_encoded(sheet.html), self._rest))


def compose(
    sheet: Sheet,
    *,
    sender: str,
    to_address: str,
    cc_addresses: Sequence[str],
    reply_to: str | None,
    message_id: str,
    language: str,
    at: datetime,
    enclosures: Sequence[Enclosure] = (),
) -> bytes:
    """One whole message as bytes with CRLF line ends, its frame used once. Raises BadHeaderError."""
    return Frame(sender=sender, language=language, enclosures=enclosures).around(
        sheet, to_address=to_address, cc_addresses=cc_addresses, reply_to=reply_to, message_id=message_id, at=at
    )


@lru_cache(maxsize=512)
def _subject(subject: str) -> str:
    # What looks like an encoded word is encoded itself, so that it is read as it was written.
    if subject.isascii() and len(subject) <= _LONGEST_PLAIN_SUBJECT and "=?" not in subject:
        return subject
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _encoded(content: str) -> tuple[bytes, bytes]:
    """The rest of a body's headers, and the body: quoted-printable where it stays readable; base64 is half as long for Arabic,
    Chinese and Russian."""
    data = content.replace("\n", "\r\n").encode()
    if len(content.encode("ascii", "ignore")) * 10 > len(content) * 9:
        return b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", binascii.b2a_qp(data, istext=True)
    whole = binascii.b2a_base64(data, newline=False)
    lines = [whole[start : start + _BASE64_LINE] for start in range(0, len(whole), _BASE64_LINE)]
    return b"Content-Transfer-Encoding: base64\r\n\r\n", b"\r\n".join(lines)


def _file_part(attachment: MailAttachment) -> MIMEBase:
    part = MIMEBase(*attachment.content_type.split("/", 1))
    part.set_payload(attachment.data)
    encode_base64(part)
    filename = attachment.filename or ""
    part.add_header(
        "Content-Disposition", "attachment", filename=filename if filename.isascii() else ("utf-8", "", filename)
    )
    return part

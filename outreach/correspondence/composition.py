"""From an edition and a recipient's values to the bytes that leave. Flask-Mail's Message composes what is the same for all, once."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

from flask_mail import Attachment as MailAttachment
from flask_mail import BadHeaderError
from flask_mail import Message as FlaskMessage

from outreach.correspondence.bodies import Page, encoded, encoded_html
from outreach.correspondence.lines import wrapped
from outreach.correspondence.merging import Line, Values, one_line
from outreach.correspondence.signing import Signer, ended, fields_of

_POLICY = policy.compat32.clone(linesep="\r\n", max_line_length=78)
_LONGEST_PLAIN_SUBJECT = 60
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
"""A Message-ID that can stand in a header."""
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
    """An edition's texts, prepared to be filled for many recipients."""

    def __init__(self, subject: str, text: str, html: str) -> None:
        self._subject, self.source = Line(subject), html
        self.text = Page(text, Line.text, wrapped)
        self.html = Page(html, Line.html, str)

    def subject(self, values: Values) -> str:
        """The subject of a recipient. Raises KeyError where a value is missing."""
        return one_line(self._subject.text(values))

    def fill(self, values: Values) -> Sheet:
        """The letter of a recipient. Raises KeyError where a value is missing."""
        return Sheet(self.subject(values), self.text.filled(values), self.html.filled(values))


def merge(subject: str, text: str, html: str, values: Values) -> Sheet:
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
    """All of a message that every recipient of an edition gets alike, encoded already: headers, bodies but for some lines, attachments."""

    def __init__(
        self,
        mould: Mould,
        *,
        sender: str,
        language: str,
        enclosures: Sequence[Enclosure] = (),
        signer: Signer | None = None,
        by_person: bool = False,
    ) -> None:
        """`signer` signs each letter; one written `by_person` does not say that a machine wrote it. Raises BadHeaderError where the
        sender has a line break."""
        automatic = {
            "Auto-Submitted": "auto-generated",  # RFC 3834, section 5
            "X-Auto-Response-Suppress": "OOF, AutoReply",  # what Exchange reads instead
        }
        message = LetterMessage(
            sender=sender,
            attachments=[MailAttachment(e.filename, e.media_type, e.content) for e in enclosures],
            extra_headers=({} if by_person else automatic) | {"Content-Language": language.replace("+", ", ")},
        )
        self._mould, self._signer = mould, signer
        self._bodies = []
        self._head, _empty, rest = message.as_bytes().partition(b"\r\n\r\n")
        for body, gap in zip((encoded(mould.text), encoded_html(mould.source)), _GAPS.values(), strict=True):
            # The part's own headers end with an empty line, before which its encoding is named; a body ends with its own line end.
            before, _gap, rest = rest.partition(b"\r\n" + gap.encode() + b"\r\n")
            self._bodies.append((before + f"Content-Transfer-Encoding: {body.encoding}\r\n\r\n".encode(), body))
        self._rest = rest
        if signer is not None:
            self._signed_head = fields_of(self._head)
            self._signed_rest = ended(rest)

    def filled(
        self,
        values: Values,
        *,
        to_address: str,
        reply_to: str | None,
        message_id: str,
        at: datetime,
    ) -> bytes:
        """The whole message for one recipient, in lines that end with CRLF and never begin with a dot. `at` is its Date.

        A letter in which the recipient finds how to get no more of them says so in its head as well (RFC 2369, RFC 8058); one that
        answers a mail names it (RFC 5322, section 3.6.4).
        Raises KeyError where a value is missing, BadHeaderError, and UnicodeError for an address not in ASCII.
        """
        subject, way_out = self._mould.subject(values), _way_out(values)
        given = f"{subject}{to_address}{reply_to}{message_id}{way_out}"
        if "\r" in given or "\n" in given:
            raise BadHeaderError
        own = f"Subject: {_subject(subject)}\r\nTo: {to_address}\r\nMessage-ID: {message_id}\r\nDate: {_date(at.replace(microsecond=0))}\r\n"
        if reply_to:
            own += f"Reply-To: {reply_to}\r\n"
        if way_out:
            own += f"List-Unsubscribe: <{way_out}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        own += _thread(values)
        head, pieces = own.encode("ascii"), []
        for before, body in self._bodies:
            pieces += [before, *body.pieces(values)]
        if self._signer is None:
            return b"".join([head, self._head, b"\r\n\r\n", *pieces, self._rest])
        hashed = hashlib.sha256(b"".join(pieces))
        hashed.update(self._signed_rest)
        fields = fields_of(head[:-2]) | self._signed_head
        signature = self._signer.headers(fields, hashed.digest(), int(at.timestamp()))
        return b"".join([signature, head, self._head, b"\r\n\r\n", *pieces, self._rest])


def _way_out(values: Values) -> str | None:
    """Where the recipient says that no more letters are wanted; None in letters that don't offer it."""
    return next((own["linkstop"] for own in values.values() if "linkstop" in own), None)


def _thread(values: Values) -> str:
    """The headers by which a mail program puts an answer beside the mail that it answers; nothing in all other letters."""
    answered = next((own for own in values.values() if "answersto" in own), None)
    if answered is None:
        return ""
    names = MESSAGE_ID.findall(answered["answersto"])[:1]
    before = MESSAGE_ID.findall(answered.get("references", ""))
    return "".join(
        f"{header}: " + "\r\n ".join(ids) + "\r\n"
        for header, ids in (("In-Reply-To", names), ("References", [*before, *names]))
        if names
    )


@lru_cache(maxsize=2)
def _date(at: datetime) -> str:
    return format_datetime(at)


@lru_cache(maxsize=512)
def _subject(subject: str) -> str:
    # What looks like an encoded word is encoded itself, so that it is read as it was written.
    if subject.isascii() and len(subject) <= _LONGEST_PLAIN_SUBJECT and "=?" not in subject:
        return subject
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _file_part(attachment: MailAttachment) -> MIMEBase:
    part = MIMEBase(*attachment.content_type.split("/", 1))
    part.set_payload(attachment.data)
    encode_base64(part)
    filename = attachment.filename or ""
    part.add_header(
        "Content-Disposition", "attachment", filename=filename if filename.isascii() else ("utf-8", "", filename)
    )
    return part

"""From an edition and a recipient's values to the bytes that leave, composed by Flask-Mail's Message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import charset, policy
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr

from flask_mail import Attachment as MailAttachment
from flask_mail import BadHeaderError
from flask_mail import Message as FlaskMessage

from outreach.correspondence.lines import wrapped
from outreach.correspondence.merging import fill_html, fill_line, fill_text

_POLICY = policy.compat32.clone(linesep="\r\n", max_line_length=78)
_LONGEST_PLAIN_SUBJECT = 60


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


def merge(subject: str, text: str, html: str, values: Mapping[str, Mapping[str, str]]) -> Sheet:
    """An edition with a recipient's values. Raises KeyError where one is missing."""
    return Sheet(fill_line(subject, values), wrapped(fill_text(text, values)), fill_html(html, values))


class LetterMessage(FlaskMessage):
    """Flask-Mail's message, which needs an application to be composed and folds long subjects in the middle of a character:
    this one needs none, has CRLF line ends, short lines in every part, and subjects in any script that every reader joins again."""

    def _message(self) -> MIMEBase:
        bodies = MIMEMultipart("alternative")
        for subtype, content in (("plain", self.body or ""), ("html", self.html or "")):
            bodies.attach(_text_part(content, subtype))
        made: MIMEBase = bodies
        if self.attachments:
            made = MIMEMultipart("mixed")
            made.attach(bodies)
            for attachment in self.attachments:
                made.attach(_file_part(attachment))
        made.add_header("Subject", "")
        made.replace_header("Subject", _subject(self.subject))  # type: ignore[arg-type]
        name, address = parseaddr(str(self.sender))
        made["From"] = formataddr((name, address), "utf-8")
        made["To"] = ", ".join(str(one) for one in self.recipients)
        if self.cc:
            made["Cc"] = ", ".join(str(one) for one in self.cc)
        made["Message-ID"] = self.msgId
        if self.reply_to:
            made["Reply-To"] = str(self.reply_to)
        for header, value in (self.extra_headers or {}).items():
            made[header] = value
        return made

    def as_bytes(self) -> bytes:
        """The bytes for SMTP. Raises BadHeaderError where a header has a line break."""
        if self.has_bad_headers():
            raise BadHeaderError
        return self._message().as_bytes(policy=_POLICY)


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
    """The whole message as bytes with CRLF line ends. `at` is its Date. Raises BadHeaderError."""
    message = LetterMessage(
        subject=sheet.subject,
        sender=sender,
        recipients=[to_address],
        cc=list(cc_addresses) or None,
        body=sheet.text,
        html=sheet.html,
        reply_to=reply_to,
        attachments=[MailAttachment(e.filename, e.media_type, e.content) for e in enclosures],
        extra_headers={
            "Date": format_datetime(at),
            "Auto-Submitted": "auto-generated",  # RFC 3834, section 5
            "X-Auto-Response-Suppress": "OOF, AutoReply",  # what Exchange reads instead
            "Content-Language": language.replace("+", ", "),
        },
    )
    message.msgId = message_id
    return message.as_bytes()


def _subject(subject: str) -> Header | str:
    # What looks like an encoded word is encoded itself, so that it is read as it was written.
    if subject.isascii() and len(subject) <= _LONGEST_PLAIN_SUBJECT and "=?" not in subject:
        return subject
    return Header(subject, "utf-8", header_name="Subject")


def _text_part(content: str, subtype: str) -> MIMEText:
    encoding = charset.Charset("utf-8")
    latin = sum(character.isascii() for character in content) * 10 > len(content) * 9
    # Quoted-printable where it stays readable; base64 is half as long for Arabic, Chinese and Russian.
    encoding.body_encoding = charset.QP if latin else charset.BASE64
    return MIMEText(content if latin else content.replace("\n", "\r\n"), subtype, encoding)  # type: ignore[arg-type]


def _file_part(attachment: MailAttachment) -> MIMEBase:
    part = MIMEBase(*attachment.content_type.split("/", 1))
    part.set_payload(attachment.data)
    encode_base64(part)
    filename = attachment.filename or ""
    part.add_header(
        "Content-Disposition", "attachment", filename=filename if filename.isascii() else ("utf-8", "", filename)
    )
    return part

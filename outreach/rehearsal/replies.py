"""Mail that the world's people and servers write back, as their programs write it. All of it is invented."""

import io
import zipfile
from base64 import encodebytes
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from html import escape

from outreach.stack.letterbox import Caught

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_file(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs."""
    written = "".join(f"<w:p><w:r><w:t>{escape(paragraph)}</w:t></w:r></w:p>" for paragraph in paragraphs)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (
            (
                "[Content_Types].xml",
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/></Types>',
            ),
            (
                "_rels/.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                '<Relationship Id="rId1" Target="word/document.xml"'
                ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
            ),
            (
                "word/document.xml",
                '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                f"<w:body>{written}</w:body></w:document>",
            ),
        ):
            packed.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}')
    return out.getvalue()


def by_outlook(letter: Caught, sender: str, words: str, file: tuple[str, bytes], at: datetime) -> bytes:
    """A reply as Outlook sends it: plain words and HTML that quote the whole letter below a rule, and a Word file."""
    quoted = letter.body("plain").strip().replace("\n", "\r\n")
    head = f"From: {letter.message['From']}\r\nSent: {at:%A, %d %B %Y}\r\nTo: {sender}\r\nSubject: {letter.message['Subject']}"
    plain = f"{words}\r\n\r\n-----Original Message-----\r\n{head}\r\n\r\n{quoted}\r\n"
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name="Generator" content="Microsoft Word 15">'
        f'<style>p.MsoNormal{{margin:0cm}}</style></head><body><p class="MsoNormal">{words}<o:p></o:p></p>'
        f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{head}</p></div></body></html>'
    )
    outer, inner = "----=_NextPart_000_0012_01DD94A1.7C0E3B20", "----=_NextPart_001_0013_01DD94A1.7C0E3B20"
    name, content = file
    return _lines(
        f"From: {sender}",
        f"To: {letter.message['Reply-To']}",
        f"References: {letter.message['Message-ID']}",
        f"In-Reply-To: {letter.message['Message-ID']}",
        f"Subject: {_subject('RE: ' + letter.message['Subject'])}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <000f01dd94a1$7c0e3b20$742ab160$@{sender.rpartition('@')[2]}>",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed;\r\n\tboundary="{outer}"',
        "X-Mailer: Microsoft Outlook 16.0",
        "Thread-Index: AQIkYc1k0yqQq9cWJ8pWv1W8m3k7Rw==",
        "Content-Language: es",
        "",
        "This is a multipart message in MIME format.",
        "",
        f"--{outer}",
        f'Content-Type: multipart/alternative;\r\n\tboundary="{inner}"',
        "",
        f"--{inner}",
        'Content-Type: text/plain;\r\n\tcharset="utf-8"',
        "Content-Transfer-Encoding: base64",
        "",
        _base64(plain.encode()),
        f"--{inner}",
        'Content-Type: text/html;\r\n\tcharset="utf-8"',
        "Content-Transfer-Encoding: base64",
        "",
        _base64(html.encode()),
        f"--{inner}--",
        "",
        f"--{outer}",
        f'Content-Type: {WORD};\r\n\tname="{name}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment;\r\n\tfilename="{name}"',
        "",
        _base64(content),
        f"--{outer}--",
    )


def absence(letter: Caught, sender: str, until: str, at: datetime) -> bytes:
    """What Exchange answers for somebody who is away."""
    return _lines(
        f"From: {sender}",
        f"To: {letter.message['Reply-To']}",
        f"Subject: {_subject('Automatic reply: ' + letter.message['Subject'])}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <7f3a{letter.number}@{sender.rpartition('@')[2]}>",
        f"In-Reply-To: {letter.message['Message-ID']}",
        "X-Auto-Response-Suppress: All",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        f"I am out of the office until {until}. Your message will be read on my return.",
    )


def returned(letter: Caught, address: str, at: datetime) -> bytes:
    """What Postfix reports to the envelope sender of a letter that the mission's server refused later."""
    boundary, host = "4Fq2Lx1zV9/mx", f"mx.{address.rpartition('@')[2]}"
    return _lines(
        f"From: MAILER-DAEMON@{host} (Mail Delivery System)",
        f"To: {letter.sender}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <20270113.{letter.number}@{host}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Description: Notification",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"This is the mail system at host {host}.",
        "",
        f"<{address}>: host mail.{host} said: 550 5.1.1 User unknown (in reply to RCPT TO command)",
        "",
        f"--{boundary}",
        "Content-Description: Delivery report",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {host}",
        "",
        f"Final-Recipient: rfc822; {address}",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        "",
        f"--{boundary}",
        "Content-Description: Undelivered Message Headers",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {letter.message['Message-ID']}",
        f"To: {address}",
        "",
        f"--{boundary}--",
    )


def _subject(words: str) -> str:
    return Header(words, "utf-8").encode(linesep="\r\n")


def _base64(content: bytes) -> str:
    return encodebytes(content).decode("ascii").replace("\n", "\r\n")


def _lines(*lines: str) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode()

"""Clues in files and headers: what a hostile file may say is nothing, and only our own server's word counts."""

import io
import zipfile

import pytest

from outreach.correspondence import addresses
from outreach.inbox import file_codes, matching, senders
from outreach.inbox.parsing import ParsedMail
from outreach.inbox.parts import MailFile

pytestmark = pytest.mark.usefixtures("settings")

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
ENTITIES = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def document(xml: str, name: str = "docProps/core.xml") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, xml)
    return made.getvalue()


def said(content: bytes) -> list[str]:
    return list(file_codes.written([MailFile("reply.docx", "application/octet-stream", content, False)]))[1:]


@pytest.mark.parametrize("name", ["docProps/core.xml", "meta.xml"])
def test_the_identifier_of_a_document_is_found(name: str) -> None:
    assert said(document(f"<p {DC}><dc:identifier>KJ4T-92QX</dc:identifier></p>", name)) == ["KJ4T-92QX"]


@pytest.mark.parametrize(
    "content",
    [
        document(f"{ENTITIES}<p {DC}><dc:identifier>&a;</dc:identifier></p>"),
        document(f"<p {DC}><dc:identifier>" + "A" * 20_000_000 + "</dc:identifier></p>"),
        document("<not closed"),
        document("<p/>")[:40],
        b"PK\x03\x04" + b"\xff" * 200,
        document("<p/>", "word/document.xml"),
    ],
    ids=["entity", "bomb", "broken", "cut", "noise", "none"],
)
def test_a_hostile_or_broken_document_says_nothing(content: bytes) -> None:
    assert said(content) == []


def test_codes_in_names_of_files_and_in_returned_letters_are_clues() -> None:
    letter = "<12345678-1234-4234-8234-123456789abc@outreach.example>"
    returned = MailFile("mail.eml", "message/rfc822", f"Message-ID: {letter}\n\nCode AAAA-2222".encode(), False)
    named = MailFile("Reply KJ4T-92QX.pdf", "application/pdf", b"", False)
    found = matching.clues(ParsedMail(files=(returned, named), recipients=(addresses.reply_address("BBBB-3333"),)))
    assert found.replies == ("BBBB-3333",)
    assert (found.within, found.codes_in_files) == ((letter,), ("KJ4T-92QX",))
    assert "AAAA-2222" in found.codes_in_text


OURS = "mx.secretariat.example"


@pytest.mark.parametrize(
    ("results", "verified"),
    [
        ([f"{OURS}; dmarc=pass (p=reject) header.from=mission.example"], True),
        ([f"{OURS} 1; dkim=pass header.d=mission.example; spf=fail smtp.mailfrom=x.example"], True),
        ([f"{OURS}; spf=pass smtp.mailfrom=someone@mission.example"], True),
        ([f"{OURS}; dkim=pass header.d=ission.example"], False),
        ([f"{OURS}; dkim=pass header.d=evil.example; dmarc=fail header.from=mission.example"], False),
        ([f"{OURS}; none"], False),
        (["mx.evil.example; dmarc=pass header.from=mission.example"], None),
        (["relay.example; none", f"{OURS}; dmarc=pass header.from=mission.example"], None),
        ([f"evil.example ({OURS}; dmarc=pass header.from=mission.example)"], None),
        ([], None),
    ],
)
def test_only_our_own_server_says_who_a_sender_is(results: list[str], verified: bool | None) -> None:
    headers = {"authentication-results": results}
    assert senders.verified(headers, OURS, "someone@mission.example") is verified
    assert senders.verified(headers, "", "someone@mission.example") is None

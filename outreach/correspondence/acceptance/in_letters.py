"""Looks at letters as they would leave: one for each language and register, composed and signed like all others."""

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage

from outreach import clock
from outreach.config import Settings
from outreach.correspondence.acceptance import Finding, fail, fine, warn
from outreach.correspondence.composition import Frame, Mould
from outreach.correspondence.editions import CampaignLines, Rendering, parts_of, render
from outreach.correspondence.models import LetterKind, Register
from outreach.correspondence.signing import SIGNED, domain_of, signer
from outreach.i18n import LANGUAGES

_LONGEST_LINE = 998
_CLIPPED = 102_000
"""Bytes of HTML after which a widespread mail program hides the rest."""
_LEAST_TEXT = 0.02
_TAG = re.compile(r"<[^>]*>")
_WORDS = "The Office would be grateful for the views of your institution on the matters named in the questionnaire. "


def sample(settings: Settings, register: Register, spoken: str) -> bytes:
    """An invented invitation as it would leave. Raises SettingsError for a key that can't sign."""
    stakeholder = register is Register.LETTER
    wanted = Rendering(LetterKind.INVITATION, register, spoken, "", "stakeholder" if stakeholder else "mission")
    edition = render(wanted, _lines)
    mould = Mould(edition.subject, edition.text, edition.html)
    frame = Frame(mould, sender=settings.sender, language=spoken, signer=signer(settings))
    base = settings.base_url
    values = {
        part: {
            name: f"{base}/x/{'x' * 66}?lang={part}" if name.startswith("link") else f"({name})"
            for in_language, name in edition.places
            if in_language == part
        }
        for part in parts_of(spoken)
    }
    return frame.filled(
        values,
        to_address="office@body.example",
        reply_to="office@secretariat.example",
        message_id=f"<sample@{settings.mail_domain}>",
        at=clock.now(),
    )


def look_at_letters(settings: Settings) -> Iterator[Finding]:
    """Compose a note and a letter in each language, and say what a receiving server would object to."""
    faults: list[Finding] = []
    largest = 0
    for register in Register:
        for spoken in LANGUAGES:
            raw = sample(settings, register, spoken)
            largest = max(largest, len(raw))
            offered = register is Register.LETTER
            found = look_at_letter(raw, sender=settings.sender, signed=bool(settings.dkim_keys), offered=offered)
            faults += [Finding(one.level, f"{register.value} in {spoken}: {one.words}") for one in found]
    yield from faults
    if not faults:
        number = len(Register) * len(LANGUAGES)
        yield fine(
            f"{number} letters that were composed to try are well-formed; the largest has {largest} bytes without files"
        )


def look_at_letter(raw: bytes, *, sender: str, signed: bool, offered: bool) -> Iterator[Finding]:
    """What a receiving server would object to in this mail; nothing where all is well.

    `signed` says whether it should bear signatures, `offered` whether it should offer to get no more.
    """
    yield from _on_the_wire(raw)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted"):
        if len(mail.get_all(name, [])) != 1:
            yield fail(f"it has {len(mail.get_all(name, []))} headers {name}, and should have one")
    if mail["From"] is not None and [domain_of(str(one)) for one in mail["From"].addresses] != [domain_of(sender)]:
        yield fail(f"its From is not one address of {domain_of(sender)}: {mail['From']}")
    if not re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", str(mail["Message-ID"] or "")):
        yield fail(f"its Message-ID is not of the form <name@domain>: {mail['Message-ID']}")
    one_click = mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and "List-Unsubscribe" in mail
    if one_click != offered:
        yield fail(
            "it should offer to get no more letters" if offered else "a note must not offer to get no more of them"
        )
    yield from _signatures(mail, signed)
    yield from _bodies(mail)


def _on_the_wire(raw: bytes) -> Iterator[Finding]:
    longest = max(map(len, raw.split(b"\r\n")))
    if longest > _LONGEST_LINE:
        yield fail(f"it has a line of {longest} bytes; {_LONGEST_LINE} are allowed")
    rest = raw.replace(b"\r\n", b"")
    if b"\n" in rest or b"\r" in rest:
        yield fail("it has a line feed or carriage return that stands alone")
    if not raw.isascii() or b"\x00" in raw:
        yield fail("it has bytes that are not 7-bit text")


def _signatures(mail: EmailMessage, signed: bool) -> Iterator[Finding]:
    found = [str(one) for one in mail.get_all("DKIM-Signature", [])]
    if signed and not found:
        yield fail("it is not signed")
    for one in found:
        tags = dict(part.strip().partition("=")[::2] for part in "".join(one.split()).split(";"))
        covered = tags.get("h", "").lower().split(":")
        left = [name for name in SIGNED if name in mail and name.lower() not in covered]
        if left:
            yield fail(f"its signature leaves out {', '.join(left)}")


def _bodies(mail: EmailMessage) -> Iterator[Finding]:
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    if text is None or html is None:
        yield fail("it lacks its plain text or its HTML")
        return
    markup = html.get_content()
    shown = len(_TAG.sub("", markup).strip())
    if shown < _LEAST_TEXT * len(markup):
        yield warn(f"its HTML is almost all markup: {shown} characters of {len(markup)} are text")
    if len(markup.encode()) > _CLIPPED:
        yield warn(f"its HTML has {len(markup.encode())} bytes; some mail programs hide what comes after {_CLIPPED}")


def _lines(spoken: str) -> CampaignLines:
    return CampaignLines(
        code="SAMPLE-1",
        title="A sample",
        mandate="resolution 1/1",
        note_reference="SAMPLE/1",
        note_date=date(2027, 1, 12),
        contact="office@secretariat.example",
        body=_WORDS * 3,
    )

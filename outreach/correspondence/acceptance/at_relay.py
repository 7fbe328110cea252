"""Looks at the relay: whether it can be reached, what it offers, and its certificate."""

import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from outreach import clock
from outreach.config import Settings
from outreach.correspondence.acceptance import Finding, fail, fine, warn
from outreach.correspondence.transport import Relay
from outreach.errors import Refused

_SOON = timedelta(days=14)


def look_at_relay(settings: Settings) -> Iterator[Finding]:
    """What the relay says of itself; no letter is given to it."""
    parts = urlsplit(settings.smtp_url)
    named = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    try:
        relay = Relay(settings).look()
    except ssl.SSLCertVerificationError as wrong:
        yield fail(f"the certificate of {named} can't be trusted: {wrong.verify_message}")
        return
    except (OSError, smtplib.SMTPException, Refused) as wrong:
        yield fail(f"{named} can't be used: {wrong}. See OUTREACH_SMTP_URL.")
        return
    try:
        yield fine(f"{named} can be reached" + (", and knows us" if parts.username else ""))
        yield from _offers(relay, settings, signed_in=bool(parts.username))
        if isinstance(relay.sock, ssl.SSLSocket):
            yield from _certificate(relay.sock)
        relay.quit()
    except (OSError, smtplib.SMTPException) as wrong:
        yield fail(f"{named} ended the connection: {wrong}")
    finally:
        relay.close()


def _offers(relay: smtplib.SMTP, settings: Settings, *, signed_in: bool) -> Iterator[Finding]:
    offered = relay.esmtp_features
    if "pipelining" in offered:
        yield fine("PIPELINING is offered: letters leave at full speed")
    else:
        yield warn("PIPELINING is not offered: letters leave at about two thirds of the speed")
    size = offered.get("size", "")
    if size.isdecimal() and int(size):
        smaller = int(size) < settings.largest_letter
        note = ": larger ones leave with links in place of their files" if smaller else ""
        yield fine(f"letters of up to {int(size)} bytes are taken{note}")
    else:
        yield fine(f"no limit of size is said; OUTREACH_LARGEST_LETTER holds ({settings.largest_letter} bytes)")
    yield fine("8BITMIME is offered" if "8bitmime" in offered else "8BITMIME is not offered, and not needed")
    encrypted = isinstance(relay.sock, ssl.SSLSocket)
    if not encrypted and "starttls" in offered:
        yield warn("STARTTLS is offered and not used. Use smtp+starttls:// in OUTREACH_SMTP_URL.")
    if "auth" in offered and not signed_in:
        yield warn(f"it asks who we are ({offered['auth'].strip()}). Put user and password into OUTREACH_SMTP_URL.")


def _certificate(sock: ssl.SSLSocket) -> Iterator[Finding]:
    found = sock.getpeercert() or {}
    issuer = _named(found.get("issuer", ()))
    names = ", ".join(str(pair[1]) for pair in found.get("subjectAltName", ()))
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
    said = f"the certificate for {names} by {issuer} is valid until {until:%d %B %Y} ({sock.version()})"
    if until - clock.now() < _SOON:
        yield warn(f"{said}: it is to be renewed now")
    else:
        yield fine(said)


def _named(issuer: object) -> str:
    assert isinstance(issuer, tuple)
    parts = {key: value for (key, value), *_more in issuer}
    return str(parts.get("organizationName") or parts.get("commonName") or "an unnamed issuer")

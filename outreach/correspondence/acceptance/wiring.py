"""Looks at the settings: whether sender, envelope and signature are of one domain, and what letters are signed with."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from outreach.config import Settings
from outreach.correspondence.acceptance import Finding, fail, fine, warn
from outreach.correspondence.signing import domain_of, signer
from outreach.errors import SettingsError

_BITS = 2048


def aligned(one: str, other: str) -> bool:
    """Whether two domains are the same, or one lies below the other: what DMARC calls relaxed alignment, as far as it can be told
    without a list of public suffixes."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def look_at_settings(settings: Settings) -> Iterator[Finding]:
    """What the settings alone say."""
    sender = domain_of(settings.sender)
    if aligned(sender, settings.mail_domain):
        yield fine(f"sender and envelope are of one domain: {sender}, {settings.mail_domain}")
    else:
        yield warn(
            f"the sender is of {sender}, the envelope of {settings.mail_domain}: SPF can't speak for the sender (DMARC)."
            " Set OUTREACH_MAIL_DOMAIN to the sender's domain or one below it."
        )
    yield from _signature(settings, sender)
    parts = urlsplit(settings.smtp_url)
    if parts.scheme == "smtp" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        yield warn("letters go to the relay unencrypted. Use smtp+starttls:// or smtps:// in OUTREACH_SMTP_URL.")
    if not settings.base_url.startswith("https://"):
        yield warn(
            "links begin with http://: mail programs offer to stop letters with one click only by https (RFC 8058)."
            " Set OUTREACH_BASE_URL to an https address."
        )


def _signature(settings: Settings, sender: str) -> Iterator[Finding]:
    try:
        keys = signer(settings)
    except SettingsError as wrong:
        yield fail(wrong.message)
        return
    if keys is None:
        yield warn("letters are not signed: many servers refuse or hide unsigned mail. Set OUTREACH_DKIM_KEYS.")
        return
    if aligned(sender, keys.domain):
        yield fine(f"letters are signed for {keys.domain} by {', '.join(key.selector for key in keys.signing)}")
    else:
        yield warn(
            f"the sender is of {sender}, the signature of {keys.domain}: it can't speak for the sender (DMARC)."
            " Set OUTREACH_DKIM_DOMAIN to the sender's domain or one above it, or leave it empty."
        )
    if all(key.kind != "rsa" for key in keys.signing):
        yield warn("no RSA key signs, and some receivers read no other signature. Add one to OUTREACH_DKIM_KEYS.")
    for key in keys.keys:
        if isinstance(key.private, RSAPrivateKey) and key.private.key_size < _BITS:
            yield warn(
                f"the key {key.selector} has {key.private.key_size} bits. Make one of {_BITS} under a new selector."
            )

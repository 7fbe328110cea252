"""Signatures by which a receiving server knows that a letter is ours and unchanged: DKIM (RFC 6376), by RSA and Ed25519 (RFC 8463).

Headers are `relaxed`: relays fold them anew. The body is `simple`: its lines are quoted-printable or base64, end with no blank, and pass
as they are; so what leaves is what is hashed. `l=` is not used: nothing can be added below.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from outreach.config import Settings
from outreach.errors import SettingsError

SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    "Auto-Submitted", "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post", "In-Reply-To", "References",
)  # fmt: skip
"""The headers that are signed where a letter has them. From is named once more than it occurs, so that a second one can't be added."""

LEAST_BITS = 1024
"""Receivers ignore shorter RSA keys (RFC 8301)."""
_MARKED = tuple((name, name.lower(), name.lower().encode() + b":") for name in SIGNED)
_FOLDED = re.compile(rb"\r\n[ \t]+")
_STRING = 255
"""So many characters make one string of a TXT record."""


@dataclass(frozen=True)
class Key:
    """A private key and the selector under which DNS has its public half."""

    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey

    @property
    def kind(self) -> str:
        """`rsa` or `ed25519`, as the record says."""
        return "rsa" if isinstance(self.private, RSAPrivateKey) else "ed25519"

    @property
    def public(self) -> str:
        """The public half as it stands in the record."""
        half = self.private.public_key()
        if isinstance(self.private, RSAPrivateKey):
            made = half.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        else:
            made = half.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(made).decode()

    @property
    def record(self) -> str:
        """What DNS is to say at `SELECTOR._domainkey.DOMAIN`."""
        return f"v=DKIM1; k={self.kind}; p={self.public}"

    def sign(self, data: bytes) -> bytes:
        """The signature of these bytes."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(data, PKCS1v15(), hashes.SHA256())
        return self.private.sign(hashlib.sha256(data).digest())


class Signer:
    """The keys of a domain. Of several keys of one kind the last one signs; the others wait, or are kept until what they signed has
    arrived."""

    def __init__(self, domain: str, keys: Sequence[Key]) -> None:
        self.domain, self.keys = domain, tuple(keys)
        latest = {key.kind: key for key in keys}
        self.signing = tuple(latest[kind] for kind in ("rsa", "ed25519") if kind in latest)

    def headers(self, fields: Mapping[str, bytes], digest: bytes, at: int) -> bytes:
        """The DKIM-Signature headers of a letter, one for each kind of key.

        `fields` are its headers by name in small letters, each `relaxed`; `digest` is the SHA-256 of its body; `at` is the instant, in
        seconds.
        """
        present = tuple([name for name, field, _mark in _MARKED if field in fields])
        covered = b"".join([mark + fields[field] + b"\r\n" for _name, field, mark in _MARKED if field in fields])
        hashed = base64.b64encode(digest).decode()
        made = b""
        for key in self.signing:
            begun = (
                f"v=1; a={key.kind}-sha256; c=relaxed/simple; d={self.domain};\r\n s={key.selector}; t={at};\r\n"
                f" h={_named(present)};\r\n bh={hashed};\r\n b="
            ).encode()
            signature = base64.b64encode(key.sign(covered + b"dkim-signature:" + begun.replace(b"\r\n ", b" ")))
            lines = b"\r\n ".join([signature[start : start + 72] for start in range(0, len(signature), 72)])
            made += b"DKIM-Signature: " + begun + lines + b"\r\n"
        return made


def fields_of(head: bytes) -> dict[str, bytes]:
    """The headers of a letter, each relaxed, by name in small letters. `head` has no line end behind the last one."""
    found = [line.partition(b":") for line in _FOLDED.sub(b" ", head).split(b"\r\n")]
    return {name.decode().lower(): relaxed(value) for name, _colon, value in found}


def relaxed(value: bytes) -> bytes:
    """The value of a header, relaxed: on one line, with single blanks, and none around it."""
    return b" ".join(value.split())


def ended(body: bytes) -> bytes:
    """The end of a body as it is hashed: without empty lines."""
    return body.rstrip(b"\r\n") + b"\r\n"


def domain_of(sender: str) -> str:
    """The domain of an address, with or without a name before it."""
    return parseaddr(sender)[1].rpartition("@")[2].lower()


def signer(settings: Settings) -> Signer | None:
    """The keys of the settings, read once in a process; None where letters are not signed. Raises SettingsError."""
    return _signer(settings.dkim_keys, settings.dkim_domain or domain_of(settings.sender))


def zone_lines(domain: str, key: Key) -> str:
    """The record of a key as a zone file has it, in strings of the length that DNS takes."""
    strings = [key.record[start : start + _STRING] for start in range(0, len(key.record), _STRING)]
    written = "\n    ".join(f'"{string}"' for string in strings)
    return f"{key.selector}._domainkey.{domain}. IN TXT (\n    {written}\n)"


@lru_cache(maxsize=4)
def _signer(keys: tuple[tuple[str, Path], ...], domain: str) -> Signer | None:
    return Signer(domain, [_key(selector, path) for selector, path in keys]) if keys else None


def _key(selector: str, path: Path) -> Key:
    named = f"OUTREACH_DKIM_KEYS names a key {selector}"
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as fault:
        raise SettingsError(f"{named}, but {path} can't be read: {fault.strerror}.") from None
    except TypeError:
        raise SettingsError(f"{named}, but the key in {path} has a password. It takes one without.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise SettingsError(f"{named}, but {path} holds no private key in PEM.") from None
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise SettingsError(f"{named}, but the key in {path} is neither RSA nor Ed25519.")
    if isinstance(private, RSAPrivateKey) and private.key_size < LEAST_BITS:
        raise SettingsError(f"{named}, but the RSA key in {path} has {private.key_size} bits. It takes 2048.")
    return Key(selector, private)


@lru_cache(maxsize=8)
def _named(present: tuple[str, ...]) -> str:
    """The names of the signed headers, From twice, on lines that are not too long."""
    names = ["From", *present] if "From" in present else list(present)
    lines = [":".join(names[start : start + 5]) for start in range(0, len(names), 5)]
    return ":\r\n ".join(lines)

"""Signed links: capabilities that open one invitation in one way. Whoever holds the link may do what its kind allows, no more."""

import base64
import enum
import hmac
import uuid
from functools import lru_cache

from itsdangerous import BadSignature, Signer

from outreach import config
from outreach.errors import Missing
from outreach.i18n import _


class LinkKind(enum.StrEnum):
    """What a link allows; the value is its first path segment."""

    MISSION = "m"
    """Acts for the institution that was asked: read, forward, answer, acknowledge."""
    PASS_ON = "p"  # noqa: S105 - a path segment
    """Read, and begin an answer of one's own; never acts for the mission."""
    ANSWER = "a"
    """Write and submit the answer of one institution."""
    STOP = "u"
    """Say, for one address of a stakeholder, that no more letters are wanted there; it opens nothing else."""


def _signer(kind: LinkKind) -> Signer:
    return Signer(config.settings().secret_key, salt=f"outreach.link.{kind}", sep=".", key_derivation="hmac")


@lru_cache(maxsize=2 * len(LinkKind))
def _seal(secret: str, kind: LinkKind) -> hmac.HMAC:
    return hmac.new(Signer(secret, salt=f"outreach.link.{kind}", key_derivation="hmac").derive_key(), digestmod="sha1")


def sign(kind: LinkKind, invitation_id: uuid.UUID, contact_id: uuid.UUID | None = None) -> str:
    """The token that stands in the address. That of a STOP link names an address of the directory, too."""
    named = invitation_id.bytes + (contact_id.bytes if contact_id else b"")
    body = base64.urlsafe_b64encode(named).rstrip(b"=")
    # What `Signer.sign` makes, without its detours: a launch signs a link or two for each of its letters.
    seal = _seal(config.settings().secret_key, kind).copy()
    seal.update(body)
    return f"{body.decode()}.{base64.urlsafe_b64encode(seal.digest()).rstrip(b'=').decode()}"


def address(
    kind: LinkKind,
    invitation_id: uuid.UUID,
    language: str | None = None,
    page: str = "",
    *,
    contact_id: uuid.UUID | None = None,
) -> str:
    """The whole address, which opens in `language` where one is given; `page` is the path below the link's own page, with its slash."""
    query = f"?lang={language}" if language else ""
    return f"{config.settings().base_url}/{kind.value}/{sign(kind, invitation_id, contact_id)}{page}{query}"


def read(kind: LinkKind, token: str) -> uuid.UUID:
    """The invitation that a token opens. Raises Missing where the token is not one of ours or of another kind."""
    return uuid.UUID(bytes=_named(kind, token)[:16])


def contact_of(token: str) -> uuid.UUID:
    """The address of the directory that the token of a STOP link names. Raises Missing, as `read` does."""
    return uuid.UUID(bytes=_named(LinkKind.STOP, token)[16:])


def _named(kind: LinkKind, token: str) -> bytes:
    try:
        body = _signer(kind).unsign(token.encode())
        named = base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))
        if len(named) != (32 if kind is LinkKind.STOP else 16):
            raise ValueError
    except (BadSignature, ValueError):
        raise Missing(
            _(
                "This link is not complete, or no longer valid. Please open it again from the note or letter that you received."
            )
        ) from None
    return named

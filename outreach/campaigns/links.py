"""Signed links: capabilities that open one invitation in one way. Whoever holds the link may do what its kind allows, no more."""

import base64
import enum
import uuid

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


def _signer(kind: LinkKind) -> Signer:
    return Signer(config.settings().secret_key, salt=f"outreach.link.{kind}", sep=".", key_derivation="hmac")


def sign(kind: LinkKind, invitation_id: uuid.UUID) -> str:
    """The token that stands in the address."""
    body = base64.urlsafe_b64encode(invitation_id.bytes).rstrip(b"=")
    return _signer(kind).sign(body).decode()


def address(kind: LinkKind, invitation_id: uuid.UUID, language: str | None = None, page: str = "") -> str:
    """The whole address, which opens in `language` where one is given; `page` is the path below the link's own page, with its slash."""
    query = f"?lang={language}" if language else ""
    return f"{config.settings().base_url}/{kind.value}/{sign(kind, invitation_id)}{page}{query}"


def read(kind: LinkKind, token: str) -> uuid.UUID:
    """The invitation that a token opens. Raises Missing where the token is not one of ours or of another kind."""
    try:
        body = _signer(kind).unsign(token.encode())
        return uuid.UUID(bytes=base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    except (BadSignature, ValueError):
        raise Missing(
            _(
                "This link is not complete, or no longer valid. Please open it again from the note or letter that you received."
            )
        ) from None

"""Addresses of our own that say what a mail to them is about: a letter's Reply-To carries its invitation's token.

The token is the invitation's printed code and a signature, in small letters and digits alone: servers on the way lower the case of
addresses, and one report of a failed delivery in five names nothing of ours but the address that it was sent to.
"""

import base64
import hashlib
import hmac
from email.utils import formataddr
from functools import lru_cache

from outreach import config

_CODE = 8
_SIGNATURE = 13
"""Characters of base32, 5 bits each: nobody guesses a token, and an address stays short."""


def reply_address(code: str) -> str:
    """The address for replies about the invitation with this code (KJ4T-92QX)."""
    return f"reply+{_token(code)}@{config.settings().mail_domain}"


def reply_to(contact: str, code: str) -> str:
    """The Reply-To of a letter about an invitation: under the name of the mailbox for questions where replies are read by us, else
    that mailbox itself."""
    return f"{_named(contact)}<{reply_address(code)}>" if config.settings().reads_mail else contact


def code_in(address: str) -> str | None:
    """The code of the invitation that an address for replies names, whatever became of its case; None in any other address, and
    where the signature is not ours."""
    local, _at, domain = address.lower().rpartition("@")
    name, _plus, token = local.partition("+")
    if name != "reply" or domain != config.settings().mail_domain or len(token) != _CODE + _SIGNATURE:
        return None
    code = f"{token[:4]}-{token[4:_CODE]}".upper()
    return code if hmac.compare_digest(_token(code).encode(), token.encode()) else None


def is_own(address: str) -> bool:
    """Whether an address is one that letters of ours carry: mail from it is our own."""
    local, _at, domain = address.lower().rpartition("@")
    return domain == config.settings().mail_domain and local.partition("+")[0] in {"reply", "bounces"}


def _token(code: str) -> str:
    plain = code.replace("-", "").lower()
    signature = base64.b32encode(hmac.digest(_key(config.settings().secret_key), plain.encode(), "sha256"))
    return plain + signature[:_SIGNATURE].decode().lower()


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"outreach.reply." + secret.encode()).digest()


@lru_cache(maxsize=64)
def _named(contact: str) -> str:
    """What stands before an address under the name of this one."""
    return formataddr((contact, "x@x"), "utf-8").removesuffix("<x@x>")

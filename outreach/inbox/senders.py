"""Who a mail is from, as far as that can be known: what our own mail server found out, and whether the address takes answers.

Anybody can write any sender, and any header. Only a header that our own server wrote says more, and it is known by its name
(`OUTREACH_AUTHSERV_ID`, RFC 8601); that server removes those of others that claim it.
"""

import re
from collections.abc import Iterator

from outreach.inbox.mime import Headers

_RESULT = re.compile(r"(dmarc|dkim|spf)\s*=\s*pass\b([^;]*)", re.IGNORECASE)
_DOMAIN = {
    "dmarc": re.compile(r"header\.from\s*=\s*\"?([^\s;\")]+)", re.IGNORECASE),
    "dkim": re.compile(r"header\.(?:d|i)\s*=\s*\"?([^\s;\")]+)", re.IGNORECASE),
    "spf": re.compile(r"smtp\.(?:mailfrom|mail|from)\s*=\s*\"?([^\s;\")]+)", re.IGNORECASE),
}
_COMMENT = re.compile(r"\([^()]*\)")
_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|ne-?pas-?repondre|noresponder|nao-?responda)|"
    r"^(?:mailer-daemon|postmaster|bounces?|abuse|root|nobody|listserv|majordomo|[^@]*-(?:request|bounces?|owner|admin))(?:[+@-]|$)|^owner-",
    re.IGNORECASE,
)
_MOST = 20


def verified(headers: Headers, authserv_id: str, address: str) -> bool | None:
    """Whether our own mail server found that a mail really is from the domain of its sender; None where it said nothing of it."""
    if not authserv_id:
        return None
    domain = address.rpartition("@")[2].lower()
    told = list(_by_our_server(headers, authserv_id))
    if not told:
        return None
    return bool(domain) and any(_aligned(found, domain) for results in told for found in _passed(results))


def takes_answers(headers: Headers, address: str) -> bool:
    """Whether an automatic answer may go to the sender (RFC 3834): never to machines, lists, or addresses that nobody reads."""
    if "@" not in address or nobody_reads(headers, address):
        return False
    if any(name in headers for name in ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-loop")):
        return False
    if any(one.split(";")[0].strip().lower() not in ("", "no") for one in headers.get("auto-submitted", ())):
        return False
    if any(one.strip().lower() in ("bulk", "list", "junk", "auto_reply") for one in headers.get("precedence", ())):
        return False
    suppressed = " ".join(headers.get("x-auto-response-suppress", ())).lower()
    return not re.search(r"\b(all|autoreply|oof)\b", suppressed)


def nobody_reads(headers: Headers, address: str) -> bool:
    """Whether an address is none that a person answers from: of a mail without a return path, of a machine, or one that says so."""
    from_nobody = any(one.strip() in ("", "<>") for one in headers.get("return-path", ())[:1])
    return from_nobody or bool(_NO_REPLY.search(address.partition("@")[0] + "@"))


def of_a_list(headers: Headers) -> bool:
    """Whether a mail came by a list, so that an answer may go to all its members."""
    return any(name in headers for name in ("list-id", "list-post", "mailing-list")) or any(
        one.strip().lower() in ("bulk", "list") for one in headers.get("precedence", ())
    )


def _by_our_server(headers: Headers, authserv_id: str) -> Iterator[str]:
    """The results that our server wrote: those at the top, since what stands below another server's came with the mail."""
    for written in headers.get("authentication-results", [])[:_MOST]:
        name, _semicolon, results = _COMMENT.sub(" ", written).partition(";")
        if name.lower().split()[:1] != [authserv_id]:
            return
        yield results


def _passed(results: str) -> Iterator[str]:
    for method, properties in _RESULT.findall(results):
        found = _DOMAIN[method.lower()].search(properties)
        if found:
            yield found.group(1).rpartition("@")[2].lower().rstrip(".")


def _aligned(found: str, domain: str) -> bool:
    """Whether a domain that was proved is the sender's, or above it."""
    return bool(found) and (found == domain or (domain.endswith("." + found) and "." in found))

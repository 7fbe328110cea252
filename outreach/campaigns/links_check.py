"""Trying a link that staff wrote, without ever reaching an address that is not public.

The host is resolved first, every address of it must be public, and the connection goes to the address that was looked at: a name
that answers differently a moment later (DNS rebinding) leads nowhere. Each hop of a redirect is looked at in the same way.
"""

import enum
import ipaddress
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urljoin, urlsplit

import httpx

MOST_HOPS = 5
_TIMEOUT = httpx.Timeout(5.0)
_PORTS = {"http": 80, "https": 443}
_AT_ONCE = 8

Resolve = Callable[[str], Sequence[str]]
"""A host's addresses as text. Raises OSError where the host is not known, or the network is away."""


class Verdict(enum.StrEnum):
    """What became of a try."""

    WORKS = "works"
    DEAD = "dead"
    """The site says that there is no such page."""
    NOT_PUBLIC = "not_public"
    """It leads to a private, loopback or otherwise reserved address, or to an unusual port; it was not opened."""
    UNSURE = "unsure"
    """No answer, or one that says nothing about the page: offline, no such host, refused to programs, a fault."""


def resolve(host: str) -> Sequence[str]:
    """The addresses that this machine's resolver knows."""
    return sorted({str(row[4][0]) for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet; those that carry an IPv4 address inside are judged by it as well."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        within = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if within is None and found in ipaddress.ip_network("64:ff9b::/96"):
            within = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if within is not None and not is_public(str(within)):
            return False
    return found.is_global and not found.is_multicast


def check_all(
    links: Iterable[str], seconds: float, *, find: Resolve = resolve, transport: httpx.BaseTransport | None = None
) -> dict[str, Verdict]:
    """Try each link once, several at a time, for somebody who waits: what has no verdict after so many seconds is UNSURE."""
    wanted = sorted(set(links))
    waiting, verdicts, until = deque(wanted), dict[str, Verdict](), time.monotonic() + seconds

    def try_some() -> None:
        while True:
            try:
                link = waiting.popleft()
            except IndexError:
                return
            verdicts[link] = check(link, find=find, transport=transport)

    # A resolver can't be hurried: those under way end by themselves, and nobody waits for them, not even the end of a command.
    threads = [threading.Thread(target=try_some, daemon=True) for _ in range(min(_AT_ONCE, len(wanted)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    waiting.clear()
    return {link: verdicts.get(link, Verdict.UNSURE) for link in wanted}


def check(link: str, *, find: Resolve = resolve, transport: httpx.BaseTransport | None = None) -> Verdict:
    """Try one http(s) link. `find` and `transport` stand for the network in tests. Raises nothing."""
    here = link
    # Proxies of the environment would open the address themselves, past the look at it.
    with httpx.Client(transport=transport, timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
        for _hop in range(MOST_HOPS + 1):
            try:
                pinned = _pinned(here, find)
                if pinned is None:
                    return Verdict.NOT_PUBLIC
                request = client.build_request(
                    "GET",
                    pinned[0],
                    headers={"Host": pinned[1], "User-Agent": "outreach link check"},
                    extensions={"sni_hostname": pinned[1].partition(":")[0]},
                )
                answer = client.send(request, stream=True)
                answer.close()
            except (OSError, httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError):
                return Verdict.UNSURE
            if answer.status_code in {301, 302, 303, 307, 308} and "location" in answer.headers:
                here = urljoin(here, answer.headers["location"])
                continue
            return _judged(answer.status_code)
    return Verdict.UNSURE


def _judged(status: int) -> Verdict:
    if status in {404, 410}:
        return Verdict.DEAD
    return Verdict.WORKS if 200 <= status < 400 else Verdict.UNSURE


def _pinned(link: str, find: Resolve) -> tuple[str, str] | None:
    """The link with a looked-at address in the place of its host, and the host; None where it must not be opened."""
    parts = urlsplit(link)
    host = parts.hostname
    if parts.scheme not in _PORTS or host is None or parts.username is not None:
        return None
    if parts.port not in (None, _PORTS[parts.scheme]):
        return None
    ascii_host = host if _is_address(host) else host.encode("idna").decode()
    addresses = [ascii_host] if _is_address(ascii_host) else list(find(ascii_host))
    if not addresses:
        raise OSError("no address")
    if not all(is_public(address) for address in addresses):
        return None
    literal = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{literal}{parts.path or '/'}{query}", ascii_host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

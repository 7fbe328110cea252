"""Looks into DNS: the public halves of our keys, who may send for us (SPF, DMARC), where bounces go, and the relay's name."""

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
import dns.reversename

from outreach.config import Settings
from outreach.correspondence.acceptance import Finding, fail, fine, warn
from outreach.correspondence.signing import Key, domain_of, signer, zone_lines
from outreach.errors import SettingsError

_PATIENCE = 5.0


class NoDns(Exception):
    """DNS gives no answer here: nothing is known of the name."""


class Names(Protocol):
    """What is asked of DNS. Each raises NoDns; without such a record the answer is empty."""

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each in one piece."""

    def exchangers(self, name: str) -> list[str]:
        """The servers that take mail for a domain: its MX records, else the name itself where it has an address."""

    def name_of(self, host: str) -> tuple[str, str | None] | None:
        """A public address of a host, and the name that DNS has for it; None where there is no public address."""


class Dns:
    """The DNS of this machine."""

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name."""
        return [b"".join(record.strings).decode("ascii", "replace") for record in self._asked(name, "TXT")]

    def exchangers(self, name: str) -> list[str]:
        """The servers that take mail for a domain."""
        found = [str(record.exchange).rstrip(".") for record in self._asked(name, "MX")]
        if found == [""]:
            return []  # the null MX (RFC 7505): it takes no mail
        return found or ([name] if self._addresses(name) else [])

    def name_of(self, host: str) -> tuple[str, str | None] | None:
        """A public address of a host, and its name."""
        try:
            addresses = [str(ipaddress.ip_address(host))]
        except ValueError:
            addresses = self._addresses(host)
        public = next((one for one in addresses if ipaddress.ip_address(one).is_global), None)
        if public is None:
            return None
        names = self._asked(str(dns.reversename.from_address(public)), "PTR")
        return public, next((str(record.target).rstrip(".") for record in names), None)

    def _addresses(self, name: str) -> list[str]:
        return [str(record.address) for kind in ("A", "AAAA") for record in self._asked(name, kind)]

    def _asked(self, name: str, kind: str) -> list[Any]:
        try:
            return list(dns.resolver.resolve(name, kind, lifetime=_PATIENCE))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as fault:
            raise NoDns(str(fault)) from fault


def look_into_dns(settings: Settings, names: Names) -> Iterator[Finding]:
    """What DNS says of us; where it gives no answer, what is to be published."""
    try:
        keys = signer(settings)
    except SettingsError:
        keys = None  # said where the settings are looked at
    for key in keys.keys if keys else ():
        assert keys is not None
        yield _key(keys.domain, key, names)
    sender = domain_of(settings.sender)
    host = urlsplit(settings.smtp_url).hostname or ""
    looks: Sequence[tuple[str, Callable[[], Finding | None]]] = (
        (f"SPF of {settings.mail_domain}", lambda: _spf(settings.mail_domain, names)),
        (f"DMARC of {sender}", lambda: _dmarc(sender, names)),
        (f"where bounces to {settings.mail_domain} go", lambda: _bounces(settings.mail_domain, names)),
        (f"the name of {host}", lambda: _reverse(host, names)),
    )
    for asked, look in looks:
        try:
            found = look()
        except NoDns as fault:
            found = warn(f"{asked} could not be looked up: {_short(fault)}")
        if found is not None:
            yield found


def _key(domain: str, key: Key, names: Names) -> Finding:
    where = f"{key.selector}._domainkey.{domain}"
    publish = f"Publish this record:\n{zone_lines(domain, key)}"
    try:
        found = names.texts(where)
    except NoDns as fault:
        return warn(f"the key at {where} could not be looked up: {_short(fault)}. {publish}")
    records = [_tags(text) for text in found if "p=" in text]
    if not records:
        return fail(f"there is no key at {where}. {publish}")
    if len(records) > 1:
        return fail(f"there are {len(records)} keys at {where}, and receivers take any of them. {publish}")
    (tags,) = records
    if "".join(tags.get("p", "").split()) != key.public or tags.get("k", "rsa") != key.kind:
        return fail(f"the key at {where} is another one than ours, so that no signature holds. {publish}")
    if "y" in tags.get("t", "").split(":"):
        return warn(f"the key at {where} is marked as being tested (t=y), so that receivers do not count it")
    return fine(f"the key at {where} is ours ({key.kind})")


def _spf(domain: str, names: Names) -> Finding:
    found = [text for text in names.texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return warn(f'{domain} has no SPF record. Publish one that names the relay, such as "v=spf1 mx -all".')
    if len(found) > 1:
        return fail(f"{domain} has {len(found)} SPF records, which counts as an error. Keep one.")
    if {"+all", "all"} & set(found[0].lower().split()):
        return warn(f'the SPF record of {domain} lets everybody send: "{found[0]}"')
    return fine(f'SPF of {domain}: "{found[0]}"')


def _dmarc(domain: str, names: Names) -> Finding:
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        above = ".".join(labels[start:])
        found = [text for text in names.texts(f"_dmarc.{above}") if text.startswith("v=DMARC1")]
        if len(found) > 1:
            return fail(f"_dmarc.{above} has {len(found)} DMARC records, which counts as none. Keep one.")
        if found:
            return fine(f'DMARC of {above}: "{found[0]}"')
    return warn(f'{domain} has no DMARC record. Publish one at _dmarc.{domain}, such as "v=DMARC1; p=none".')


def _bounces(domain: str, names: Names) -> Finding:
    found = names.exchangers(domain)
    if not found:
        return fail(
            f"{domain} takes no mail, so that bounces are lost and many servers refuse us. Give it an MX record."
        )
    return fine(f"bounces to {domain} go to {', '.join(found)}")


def _reverse(host: str, names: Names) -> Finding | None:
    found = names.name_of(host)
    if found is None:
        return None
    address, name = found
    if name is None:
        return warn(f"{host} ({address}) has no name in DNS; where it delivers itself, many servers refuse its mail")
    return fine(f"{host} ({address}) is called {name}")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip(): value.strip() for name, _equals, value in pairs if name.strip()}


def _short(fault: NoDns) -> str:
    return (str(fault).splitlines() or ["no answer"])[0][:200].rstrip(".")

"""Reports of mail servers: the fields of RFC 3464 (and 6522), in the part where they belong or wherever a broken mail has them."""

import re
from dataclasses import dataclass, field

from outreach.inbox.understanding import permanence, returned_mail
from outreach.inbox.understanding.reading import ADDRESS, Mail, lines_of
from outreach.inbox.understanding.words import Failure

KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})

_FIELD = re.compile(
    r"^[ \t]*(original-recipient|final-recipient|x-actual-recipient|action|ction|status|diagnostic-code|reporting-mta|"
    r"x-failed-recipients?)[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]+)*)|^[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_GROUPS = 500
_ENCODED = re.compile(r"\+([0-9A-F]{2})")

FAILED = frozenset({"failed", "failure", "error"})
DELAYED = frozenset({"delayed"})
ARRIVED = frozenset({"delivered", "relayed", "expanded", "deliverable"})


@dataclass
class Report:
    """What a report says of each address, by what became of the mail; and its words for a person."""

    failed: list[Failure] = field(default_factory=list)
    delayed: list[Failure] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    evidence: str = ""


def read(mail: Mail) -> Report | None:
    """The report in a mail, None where there is none."""
    parts = [part for part in mail.leaves if part.kind in KINDS]
    if parts:
        return of_fields("\n\n".join(lines_of(part, 200_000) for part in parts[:20]), "RFC 3464 part")
    words = mail.said
    lower = words.lower()
    if "reporting-mta:" in lower and ("final-recipient:" in lower or "original-recipient:" in lower):
        return of_fields(words, "Fields of RFC 3464 in the text")
    return None


def of_fields(text: str, where: str = "") -> Report:
    """What fields of a report say, wherever they stand."""
    report = Report()
    for group in _groups(text):
        _put(report, group)
    seen = report.failed + report.delayed
    told = [f"Action: {'failed' if report.failed else 'delayed' if report.delayed else 'delivered'}"]
    if seen and seen[0].status:
        told.append(seen[0].status)
    report.evidence = f"{where}, {', '.join(told)}" if seen or report.arrived else ""
    return report


def _groups(text: str) -> list[dict[str, str]]:
    """The fields of each address. A blank line ends a group, and so does a field that comes again."""
    groups: list[dict[str, str]] = [{}]
    for match in _FIELD.finditer(text[:200_000]):
        name = (match.group(1) or "").lower().replace("ction", "action").replace("aaction", "action")
        if not name or name in groups[-1]:
            if groups[-1] and len(groups) < _MOST_GROUPS:
                groups.append({})
            if not name:
                continue
        groups[-1][name] = " ".join(match.group(2).split())[:2000]
    return groups


def _put(report: Report, group: dict[str, str]) -> None:
    address = _address(group)
    if not address:
        return
    action = group.get("action", "").split(" ")[0].strip(";,.()").lower()
    diagnostic = group.get("diagnostic-code", "")
    own = permanence.status_in(group.get("status", ""), "245")
    told = permanence.status_in(diagnostic)
    status = told if told and (not own or (own.endswith(".0.0") and own[0] == told[0])) else own
    if action in ARRIVED or (not action and status.startswith("2")):
        report.arrived.append(address)
        return
    permanent = own.startswith("5") if own and own[0] in "45" else permanence.by_codes(diagnostic)
    _kind, _semicolon, words = diagnostic.partition(";")
    said = (words.strip() or diagnostic)[:500]
    if action in DELAYED:
        report.delayed.append(Failure(address, False, status, said))
    else:
        report.failed.append(
            Failure(
                address, not permanence.is_temporary(said.lower()) if permanent is None else permanent, status, said
            )
        )


def _address(group: dict[str, str]) -> str:
    """The address as it was written to: the original one before the one that a server made of it."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = group.get(name, "")
        if "@" not in value and "+40" in value:
            value = _ENCODED.sub(lambda code: chr(int(code.group(1), 16)), value)
        found = ADDRESS.findall(value)
        if found:
            return tidy(found[-1] if value.count("|") else found[0])
    return ""


def tidy(address: str) -> str:
    """An address without what surrounds it in a sentence."""
    return address.strip("'`.|{}=").rstrip("-_")


def returned_ids(mail: Mail) -> tuple[str, ...]:
    """Message-IDs of the mail that is returned, whole or by its headers."""
    returned = [part for part in mail.leaves if part.kind in RETURNED]
    texts = [lines_of(part, 60_000) for part in returned[:5]]
    return returned_mail.ids("\n".join(texts) if texts else returned_mail.after(mail.words))


RETURNED = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "text/rfc822-header",
        "message/global-headers",
        "message/partial",
    }
)

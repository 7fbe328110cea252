"""Mail that did not arrive: by the report of RFC 3464, else by the words of servers that know no such report."""

import re

from outreach.inbox.understanding import addresses, permanence, reports
from outreach.inbox.understanding.bounce_phrases import PHRASES
from outreach.inbox.understanding.bounce_subjects import SUBJECTS
from outreach.inbox.understanding.bounce_words import SENDER_NAMES, SENDERS, WEAK
from outreach.inbox.understanding.reading import Mail
from outreach.inbox.understanding.words import Failure, MailKind, Understanding

_PERSON_WRITES = re.compile(
    r"^\s*(?:\[[^\]]{0,60}\]\s*)?(?:re|fw|fwd|aw|wg|sv|vs|tr|rv|enc|r|i|antw|доб|ответ|答复|转发|回复)(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
_NON_DELIVERY = re.compile(r"\((?:delivery failed|undelivered|not delivered|non remis)\)\s*$", re.IGNORECASE)
_TRANSCRIPT = re.compile(r"^\s*(?:In|Out):\s", re.MULTILINE)


def bounce(mail: Mail) -> Understanding | None:
    """What a report of a mail server says, None where the mail is none."""
    report = reports.read(mail)
    if report is not None:
        if found := _by_report(mail, report):
            return found
        if not _is_marked_report(mail):
            report = None
    return _by_words(mail, marked=report is not None or _is_marked_report(mail))


def _is_marked_report(mail: Mail) -> bool:
    whole = mail.whole
    return (
        whole.kind == "multipart/report"
        and whole.parameters.get("report-type", "delivery-status").lower() == "delivery-status"
    )


def _by_report(mail: Mail, report: reports.Report) -> Understanding | None:
    failures = tuple(report.failed + report.delayed)
    if not failures and not report.arrived:
        return None
    if not _is_marked_report(mail) and not _writes_as_server(mail) and _PERSON_WRITES.match(mail.subject):
        return None  # a person who sends a report on, or answers one
    kind = MailKind.BOUNCE if report.failed else MailKind.DELAY if report.delayed else MailKind.DELIVERY_RECEIPT
    return Understanding(
        kind,
        permanent=None if not failures else any(one.permanent for one in failures),
        failures=failures,
        status=failures[0].status if failures else "",
        diagnostic=failures[0].diagnostic if failures else "",
        evidence=(report.evidence,),
        confidence=0.99,
        original_ids=reports.returned_ids(mail),
    )


def _is_non_delivery(mail: Mail) -> bool:
    """Whether the subject, whatever it begins with, ends with the verdict of a server."""
    return bool(_NON_DELIVERY.search(mail.subject))


def _by_words(mail: Mail, *, marked: bool) -> Understanding | None:
    server = _writes_as_server(mail)
    by_person = bool(_PERSON_WRITES.match(mail.subject))
    subject = "" if by_person and not server else next((one for one in SUBJECTS if one in mail.subject_lower), "")
    failed_header = bool(mail.has("x-failed-recipients", "x-mailer-daemon-recipients"))
    returns = any(part.kind in reports.RETURNED for part in mail.leaves)
    if not (server or subject or failed_header or marked or mail.null_sender or returns or _is_non_delivery(mail)):
        return None
    words = mail.said_lower
    phrases = [phrase for phrase in PHRASES if phrase in words]
    strong = [phrase for phrase in phrases if phrase not in WEAK]
    evidence = []
    if server:
        evidence.append("Written by a mail server")
    if mail.null_sender:
        evidence.append("Empty envelope sender")
    if subject:
        evidence.append(f"Subject: “{subject.strip()}”")
    if phrases:
        evidence.append(f"Text: “{(strong or phrases)[0]}”")
    coded = permanence.by_codes(mail.said) is not None
    machine = server or mail.null_sender
    certain = (
        marked
        or failed_header
        or (
            server
            and (bool(subject) or bool(strong) or (bool(phrases) and coded) or bool(_TRANSCRIPT.search(mail.said)))
        )
        or (mail.null_sender and (bool(strong) or (bool(subject) and (bool(phrases) or coded))))
    )
    if not certain:
        # Neither sender nor form say so: what the text begins with, and an address in it, must.
        opening = words[:600]
        begins = any(phrase in opening for phrase in strong)
        titled = bool(subject) and mail.subject_lower.startswith(subject) and any(one in words[:120] for one in strong)
        alone = not mail.has("in-reply-to", "references") and (titled or not mail.has("list-id", "list-post"))
        other = bool(subject) or (returns and not by_person) or _is_non_delivery(mail)
        if machine or not (begins and alone and other) or not addresses.failed(mail):
            return None
    return _made(mail, evidence, marked=marked)


def _made(mail: Mail, evidence: list[str], *, marked: bool) -> Understanding:
    said = mail.said
    words = f"{mail.subject_lower} {mail.said_lower}"
    delayed = permanence.is_delay(words)
    coded = permanence.by_codes(said)
    if coded is None:
        coded = permanence.by_codes(mail.subject)
    permanent = False if delayed else coded if coded is not None else not permanence.is_temporary(words)
    status = permanence.status_in(said)
    diagnostic = _diagnostic(said)
    if delayed:
        evidence.append("The server keeps trying")
    if status:
        evidence.append(f"Status {status} in the text")
    if mail.header("x-failed-recipients"):
        evidence.append("X-Failed-Recipients")
    if marked:
        evidence.append("Content-Type: multipart/report")
    failures = tuple(Failure(one, permanent, status, diagnostic) for one in addresses.failed(mail))
    return Understanding(
        MailKind.DELAY if delayed else MailKind.BOUNCE,
        permanent=permanent,
        failures=failures,
        status=status,
        diagnostic=diagnostic,
        evidence=tuple(evidence),
        confidence=0.9 if failures else 0.75,
        original_ids=reports.returned_ids(mail),
    )


_DIAGNOSTIC = re.compile(r"^[^\n]{0,200}?((?<![\d.])[45][0-5]\d[ -][^\n]{3,400})", re.MULTILINE)


def _diagnostic(said: str) -> str:
    found = _DIAGNOSTIC.search(said[:10_000])
    return " ".join(found.group(1).split())[:500] if found else ""


def _writes_as_server(mail: Mail) -> bool:
    written = mail.header("from")[:1000].lower()
    local = mail.sender.partition("@")[0]
    if local.startswith(SENDERS) or (not mail.sender and bool(mail.has("from"))):
        return True
    name = written.partition("<")[0] if "<" in written else written
    return any(one in name for one in SENDER_NAMES)

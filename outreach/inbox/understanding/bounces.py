"""Mail that did not arrive: by the report of RFC 3464, else by the words of servers that know no such report."""

import re
from dataclasses import dataclass

from outreach.inbox.understanding import addresses, permanence, reports
from outreach.inbox.understanding.bounce_phrases import PHRASES
from outreach.inbox.understanding.bounce_subjects import SUBJECTS
from outreach.inbox.understanding.bounce_words import DAEMONS, DELAYS, FAILING, NEUTRAL, SENDER_NAMES, SENDERS, WEAK
from outreach.inbox.understanding.greetings import greets, takes_leave
from outreach.inbox.understanding.reading import ADDRESS, Mail, lines_of
from outreach.inbox.understanding.words import Failure, MailKind, Understanding

_PERSON_WRITES = re.compile(
    r"^\s*(?:\[[^\]]{0,60}\]\s*)?(?:re|fw|fwd|aw|wg|sv|vs|tr|rv|enc|r|i|antw|доб|ответ|答复|转发|回复)(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
_NON_DELIVERY = re.compile(r"\((?:delivery failed|undelivered|not delivered|non remis)\)\s*$", re.IGNORECASE)
_ARRIVED = re.compile(
    r"(?<!not )\bsuccess|\b(?:has|have) been (?:delivered|relayed)|\b(?:was|were) delivered|\bdelivery to these recipients or groups is complete|"
    r"avec succès|con éxito|com sucesso|con successo|(?<!nicht )erfolgreich|(?<!не )успешно|بنجاح|(?<![未不没有能])成功|正常に"
)
"""How a server says that a mail arrived, in small letters."""
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
    if _PERSON_WRITES.match(mail.subject) and not (
        _is_marked_report(mail) or any(_sent_by_server(mail, by_person=True))
    ):
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


@dataclass(frozen=True)
class _Signs:
    """What of a mail may say that a server wrote it."""

    server: bool
    """By the address in From."""
    called_server: bool
    """By the name in From alone, which those who fish for passwords like, too."""
    subject: str
    strong: list[str]
    weak: list[str]
    returns: bool
    coded: bool

    def lines(self, mail: Mail) -> list[str]:
        """The same as sentences."""
        told = []
        if self.server or self.called_server:
            told.append("Written by a mail server")
        if mail.null_sender:
            told.append("Empty envelope sender")
        if self.subject:
            told.append(f"Subject: “{self.subject.strip()}”")
        if self.strong or self.weak:
            told.append(f"Text: “{(self.strong or self.weak)[0]}”")
        return told


def _by_words(mail: Mail, *, marked: bool) -> Understanding | None:
    by_person = bool(_PERSON_WRITES.match(mail.subject))
    server, called_server = _sent_by_server(mail, by_person=by_person)
    machine = server or called_server or mail.null_sender
    subject = "" if by_person and not machine else next((one for one in SUBJECTS if one in mail.subject_lower), "")
    marked = marked or bool(mail.has("x-failed-recipients", "x-mailer-daemon-recipients"))
    returns = any(part.kind in reports.RETURNED for part in mail.leaves)
    if not (machine or subject or marked or returns or _is_non_delivery(mail)):
        return None
    words = mail.said_lower
    phrases = [phrase for phrase in PHRASES if phrase in words]
    delays = [phrase for phrase in DELAYS if phrase in words] if server else []
    if delays and not subject:
        subject = next((one for one in DELAYS if one in mail.subject_lower), "")
    signs = _Signs(
        server=server,
        called_server=called_server,
        subject=subject,
        strong=[phrase for phrase in phrases if phrase not in WEAK],
        weak=[phrase for phrase in phrases if phrase in WEAK] + delays,
        returns=returns and not by_person,
        coded=permanence.by_codes(mail.said) is not None,
    )
    if machine and _has_arrived(mail, signs, phrases):
        return Understanding(
            MailKind.DELIVERY_RECEIPT,
            evidence=(*signs.lines(mail), "It says that the mail arrived, and nothing of a failure"),
            confidence=0.8,
            original_ids=reports.returned_ids(mail),
        )
    if not (marked or _is_certain(mail, signs) or _is_likely(mail, signs, machine=machine)):
        return None
    return _made(mail, signs.lines(mail))


def _has_arrived(mail: Mail, signs: _Signs, phrases: list[str]) -> bool:
    """Whether a report says that the mail arrived, and neither a code nor a word that it did not."""
    if signs.coded or signs.weak or set(phrases) - NEUTRAL or mail.has("x-failed-recipients"):
        return False
    words = mail.said_lower[:1500]
    return bool(_ARRIVED.search(words)) and not any(one in mail.subject_lower for one in FAILING)


def _is_certain(mail: Mail, signs: _Signs) -> bool:
    """Whether a server sent it, and subject or text say the same."""
    any_phrase = bool(signs.strong or signs.weak)
    if signs.server:
        daemon = mail.sender.startswith(DAEMONS)  # whatever its language: no person has such an address
        says = bool(
            signs.subject or signs.strong or (any_phrase and (daemon or signs.coded)) or (daemon and signs.coded)
        )
        if daemon or (mail.null_sender and signs.coded):  # in whatever language
            says = says or bool(addresses.listed(mail, explained=not signs.coded))
        if mail.null_sender and signs.coded and not (greets(mail.said_lower) or takes_leave(mail.said_lower)):
            says = says or bool(addresses.failed(mail))
        return says or bool(_TRANSCRIPT.search(mail.said))
    if mail.null_sender and (signs.strong or (signs.subject and (any_phrase or signs.coded))):
        return True
    if mail.null_sender and set(signs.weak) - NEUTRAL and not (greets(mail.said_lower) or takes_leave(mail.said_lower)):
        return bool(addresses.failed(mail))
    named = signs.called_server and signs.subject and signs.strong and not greets(mail.said_lower)
    return bool(named and (signs.coded or addresses.failed(mail)))


def _is_likely(mail: Mail, signs: _Signs, *, machine: bool) -> bool:
    """Whether what the text begins with, and an address in it, say so where neither sender nor form do."""
    if machine or mail.has("in-reply-to", "references") or greets(mail.said_lower) or takes_leave(mail.said_lower):
        return False
    begins = any(phrase in mail.said_lower[:600] for phrase in signs.strong)
    titled = bool(signs.subject) and mail.subject_lower.startswith(signs.subject)
    titled = titled and any(phrase in mail.said_lower[:120] for phrase in signs.strong)
    alone = titled or not mail.has("list-id", "list-post")
    other = bool(signs.subject) or (signs.returns and _returns_to_its_sender(mail)) or _is_non_delivery(mail)
    elsewhere = set(map(str.lower, addresses.failed(mail))) - _sent_to(mail, "to")  # who fishes names his victim
    return begins and alone and other and bool(elsewhere)


def _returns_to_its_sender(mail: Mail) -> bool:
    """Whether the mail that is returned came from whom this mail is sent to; people attach the report that they got."""
    returned = next(part for part in mail.leaves if part.kind in reports.RETURNED)
    headers = lines_of(returned, 20_000).partition("\n\n")[0]
    written = " ".join(
        line for line in headers.splitlines() if line.lower().startswith(("from:", "return-path:", "sender:"))
    )
    written_by = {one.lower() for one in ADDRESS.findall(written)}
    return bool(written_by & _sent_to(mail, "to", "delivered-to", "x-original-to"))


def _sent_to(mail: Mail, *names: str) -> set[str]:
    sent_to = " ".join(mail.header(name)[:2000] for name in names)
    return {one.lower() for one in ADDRESS.findall(sent_to)}


def _made(mail: Mail, evidence: list[str]) -> Understanding:
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
    if mail.whole.kind == "multipart/report":
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


def _sent_by_server(mail: Mail, *, by_person: bool) -> tuple[bool, bool]:
    """Whether the address in From is that of a server, and whether its name is."""
    written = mail.header("from")[:1000].lower()
    local = mail.sender.partition("@")[0]
    if local.startswith(SENDERS) or (not mail.sender and ("<>" in written or written.strip().startswith(SENDERS))):
        # A postmaster may be a person who answers, and then no code of a server stands in what they say.
        answers = by_person and mail.answers and permanence.by_codes(mail.said) is None
        writes = not mail.null_sender and greets(mail.said_lower) and takes_leave(mail.said_lower)
        return local.startswith(DAEMONS) or not (answers or writes), False
    name = written.partition("<")[0] if "<" in written else written
    return False, any(one in name for one in SENDER_NAMES)

"""Complaints: the Abuse Reporting Format (RFC 5965), which mailbox providers send when somebody presses "this is spam"."""

import re

from outreach.inbox.understanding import reports, returned_mail
from outreach.inbox.understanding.reading import Mail, lines_of
from outreach.inbox.understanding.words import MailKind, Understanding

_TYPE = re.compile(r"^[ \t]*feedback-type[ \t]*:[ \t]*([\w-]+)", re.IGNORECASE | re.MULTILINE)
_PHRASES = (
    "abuse report for an email message",
    "email abuse report for",
    "feedback loop report",
    "is an abuse report",
    "opt-out report for an email message",
    "this is a spam complaint",
    "reported as spam by",
)
_SUBJECTS = ("[spamcop (", "complaint about message from", "email feedback report for ip")
_REPORTED = re.compile(
    r"(?:report|mark|flagg|classif|identif)ed (?:[^.?!]{0,80} )?as (?:being )?(?:spam|junk|unsolicited|abus|unwanted)|"
    r"signalé (?:[^.?!]{0,60} )?comme (?:spam|pourriel|indésirable|étant)|(?:reportad|denunciad|marcad)[oa] (?:[^.?!]{0,60} )?como (?:spam|correo no deseado|lixo)|"
    r"als (?:spam|unerwünscht)[^.?!]{0,30}gemeldet|segnalat[oa] (?:[^.?!]{0,60} )?come (?:spam|indesiderat)|complain(?:t|ed)[^.?!]{0,60}(?:spam|unsolicited|abuse)"
)
"""How an abuse desk that knows no form puts it."""
_FORM = re.compile(r"^x-hmxmroriginalrecipient[ \t]*:", re.IGNORECASE | re.MULTILINE)
"""How Outlook.com marks the mail that it returns with a complaint; it sends no report of RFC 5965."""


def complaint(mail: Mail) -> Understanding | None:
    """What a complaint says, None where the mail is none."""
    parts = [part for part in mail.leaves if part.kind == "message/feedback-report"]
    if parts:
        kind = _TYPE.search(lines_of(parts[0], 20_000))
        return _made(mail, f"RFC 5965 part, Feedback-Type: {kind.group(1).lower() if kind else 'not said'}", 0.99)
    if mail.whole.parameters.get("report-type", "").lower() == "feedback-report":
        return _made(mail, "Content-Type: report-type=feedback-report", 0.95)
    words = mail.said_lower
    if _TYPE.search(mail.words) and "user-agent:" in mail.words.lower() and not mail.answers:
        return _made(mail, "Feedback-Type in the text", 0.85)
    if any(phrase in words[:600] for phrase in _PHRASES) and not mail.answers and not mail.is_of_a_list:
        return _made(mail, "The text calls itself an abuse report", 0.75)
    returned = [part for part in mail.leaves if part.kind in reports.RETURNED]
    if returned and not mail.answers and _FORM.search(lines_of(returned[0], 20_000)):
        return _made(mail, "The returned mail is marked as one that was complained about", 0.9)
    titled = any(one in mail.subject_lower for one in ("spam", "abuse", "complaint")) or mail.sender.startswith("abuse")
    if titled and not mail.answers and returned_mail.ids(mail.words) and _REPORTED.search(words[:1000]):
        return _made(mail, "The text says that somebody called the mail spam, and returns it", 0.75)
    if mail.subject_lower.startswith(_SUBJECTS) and (returned or returned_mail.ids(mail.words)):
        return _made(mail, "The subject is that of a complaint, and a mail is returned", 0.8)
    return None


def _made(mail: Mail, evidence: str, confidence: float) -> Understanding:
    return Understanding(
        MailKind.COMPLAINT, evidence=(evidence,), confidence=confidence, original_ids=reports.returned_ids(mail)
    )

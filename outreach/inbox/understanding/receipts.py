"""Receipts of reading (RFC 8098): a mail was displayed, or deleted without being read; and refusals that have their form."""

import re
from dataclasses import replace

from outreach.inbox.mime import Part
from outreach.inbox.understanding import permanence, reports
from outreach.inbox.understanding.reading import Mail, lines_of
from outreach.inbox.understanding.words import MailKind, Understanding

_DISPOSITION = re.compile(r"^[ \t]*disposition[ \t]*:[^;\n]*;[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_KINDS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_REFUSED = frozenset({"deleted", "denied", "failed"})
_REFUSES = re.compile(r"\b(?:was|has been|is) (?:automatically )?(?:rejected|refused)\b|\bautomatically rejected\b")
"""How a mailbox says that it did not take a mail: Sieve puts that into the form of a receipt (RFC 5429)."""
_SUBJECTS = (
    "read: ",
    "not read: ",
    "read receipt:",
    "return receipt",
    "gelesen: ",
    "ungelesen gelöscht: ",
    "lesebestätigung",
    "lu : ",
    "lu: ",
    "non lu : ",
    "confirmation de lecture",
    "accusé de lecture",
    "leído: ",
    "no leído: ",
    "confirmación de lectura",
    "lida: ",
    "lido: ",
    "letto: ",
    "gelezen: ",
    "прочитано: ",
    "прочтено: ",
    "已读: ",
    "已读：",
    "開封済み: ",
    "تمت القراءة: ",
    "okundu: ",
)


def receipt(mail: Mail) -> Understanding | None:
    """What a receipt, or a refusal in its form, says; None where the mail is neither."""
    for part in mail.leaves:
        if part.kind in _KINDS:
            found = _DISPOSITION.search(lines_of(part, 20_000))
            what = found.group(1).lower() if found else "not said"
            if what in _REFUSED and _REFUSES.search(mail.said_lower[:1500]):
                return _refusal(mail, part)
            return _made(mail, f"RFC 8098 part, Disposition: {what}", 0.99)
    if mail.whole.parameters.get("report-type", "").lower() == "disposition-notification":
        return _made(mail, "Content-Type: report-type=disposition-notification", 0.95)
    if mail.subject_lower.startswith(_SUBJECTS) and (
        mail.null_sender or "was read on" in mail.said_lower or mail.has("x-ms-exchange-generated-message-source")
    ):
        return _made(mail, "The subject is that of a receipt of reading", 0.8)
    return None


def _refusal(mail: Mail, part: Part) -> Understanding:
    failures = tuple(reports.of_fields(lines_of(part, 20_000)).failed)
    coded = permanence.by_codes(mail.said)
    permanent = coded if coded is not None else not permanence.is_temporary(mail.said_lower)
    return Understanding(
        MailKind.BOUNCE,
        permanent=permanent,
        failures=tuple(replace(one, permanent=permanent) for one in failures),
        evidence=("RFC 8098 part, and the text says that the mail was refused",),
        confidence=0.9,
        original_ids=reports.returned_ids(mail),
    )


def _made(mail: Mail, evidence: str, confidence: float) -> Understanding:
    return Understanding(
        MailKind.READ_RECEIPT, evidence=(evidence,), confidence=confidence, original_ids=reports.returned_ids(mail)
    )

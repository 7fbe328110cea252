"""Receipts of reading (RFC 8098): a mail was displayed, or deleted without being read."""

import re

from outreach.inbox.understanding import reports
from outreach.inbox.understanding.reading import Mail, lines_of
from outreach.inbox.understanding.words import MailKind, Understanding

_DISPOSITION = re.compile(r"^[ \t]*disposition[ \t]*:[^;\n]*;[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_KINDS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
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
    """What a receipt says, None where the mail is none."""
    for part in mail.leaves:
        if part.kind in _KINDS:
            found = _DISPOSITION.search(lines_of(part, 20_000))
            what = found.group(1).lower() if found else "not said"
            return _made(mail, f"RFC 8098 part, Disposition: {what}", 0.99)
    if mail.whole.parameters.get("report-type", "").lower() == "disposition-notification":
        return _made(mail, "Content-Type: report-type=disposition-notification", 0.95)
    if mail.subject_lower.startswith(_SUBJECTS) and (
        mail.null_sender or "was read on" in mail.said_lower or mail.has("x-ms-exchange-generated-message-source")
    ):
        return _made(mail, "The subject is that of a receipt of reading", 0.8)
    return None


def _made(mail: Mail, evidence: str, confidence: float) -> Understanding:
    return Understanding(
        MailKind.READ_RECEIPT, evidence=(evidence,), confidence=confidence, original_ids=reports.returned_ids(mail)
    )

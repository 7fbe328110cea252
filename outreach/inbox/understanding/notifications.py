"""Notifications of a sending service: JSON in a mail (Amazon SES over SNS), as text or as text within text."""

import re

from outreach.inbox.understanding import permanence
from outreach.inbox.understanding.reading import Mail
from outreach.inbox.understanding.words import Failure, MailKind, Understanding

_TYPE = re.compile(r'"(?:notificationType|eventType)"\s*:\s*"(\w+)"')
_BOUNCE_TYPE = re.compile(r'"bounceType"\s*:\s*"(\w+)"')
_RECIPIENTS = re.compile(r'"bouncedRecipients"\s*:\s*\[([^\]]{0,100000})')
_EACH = re.compile(r"\{([^{}]{0,5000})\}")
_FIELD = re.compile(r'"(emailAddress|action|status|diagnosticCode)"\s*:\s*"([^"]{0,2000})"')
_BROKEN_LINE = re.compile(r"!\n[ \t]")


def notification(mail: Mail) -> Understanding | None:
    """What a notification says, None where the mail is none."""
    words = mail.words.lstrip()
    if not words.startswith("{") or ("notificationType" not in words and "eventType" not in words):
        return None
    text = _BROKEN_LINE.sub("", words).replace("\n", "").replace('\\"', '"')
    kind = _TYPE.search(text)
    if kind is None:
        return None
    what = kind.group(1).lower()
    evidence = f"Notification of a sending service, type: {kind.group(1)}"
    if what == "complaint":
        return Understanding(MailKind.COMPLAINT, evidence=(evidence,), confidence=0.95)
    if what in ("bounce", "deliverydelay"):
        failures = tuple(_failures(text))
        permanent = any(one.permanent for one in failures) if failures else None
        first = failures[0] if failures else Failure("")
        return Understanding(
            MailKind.DELAY if what == "deliverydelay" else MailKind.BOUNCE,
            permanent=permanent,
            failures=failures,
            status=first.status,
            diagnostic=first.diagnostic,
            evidence=(evidence,),
            confidence=0.97,
        )
    return Understanding(
        MailKind.DELIVERY_RECEIPT if what == "delivery" else MailKind.OTHER, evidence=(evidence,), confidence=0.95
    )


def _failures(text: str) -> list[Failure]:
    kind = _BOUNCE_TYPE.search(text)
    final = None if kind is None else kind.group(1).lower() == "permanent"
    listed = _RECIPIENTS.search(text)
    found = []
    for each in _EACH.findall(listed.group(1) if listed else "")[:100]:
        fields = dict(_FIELD.findall(each))
        if not fields.get("emailAddress"):
            continue
        status = permanence.status_in(fields.get("status", ""))
        permanent = status.startswith("5") if status else final
        found.append(Failure(fields["emailAddress"], permanent, status, fields.get("diagnosticCode", "")[:500]))
    return found

"""What a mail is. What its form says comes first, what servers and machines write in words next, people last."""

from outreach.inbox.mime import Part
from outreach.inbox.understanding import auto_replies, bounces, challenges, complaints, notifications, people, receipts
from outreach.inbox.understanding.reading import Mail
from outreach.inbox.understanding.words import MailKind, Understanding

MOST = 4_000_000
"""Bytes of a mail that are looked at; what decides stands before."""

UNREAD = "The mail could not be read"
"""The evidence where reading a mail ended in a fault of ours."""

_STEPS = (
    complaints.complaint,
    receipts.receipt,
    notifications.notification,
    bounces.bounce,
    challenges.challenge,
    auto_replies.auto_reply,
    people.written,
)


def classify(raw: bytes, opened: Part | None = None) -> Understanding:
    """What the mail is; `opened`: it was taken apart already. Takes any bytes and never raises."""
    try:
        mail = Mail(raw, opened) if opened is not None and len(raw) <= MOST else Mail(raw[:MOST])
        return next(found for step in _STEPS if (found := step(mail)) is not None)
    except Exception:  # noqa: BLE001 - whatever a stranger wrote: a person looks at it
        return Understanding(MailKind.OTHER, evidence=(UNREAD,), confidence=0.0)

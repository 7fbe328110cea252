"""Mail that people write, or machines in their name: an answer, a mail sent on, a mail over a list, what looks like spam."""

import re

from outreach.inbox.understanding.absence_words import NOTIFIERS
from outreach.inbox.understanding.bounce_words import DAEMONS
from outreach.inbox.understanding.quoting import quotes
from outreach.inbox.understanding.reading import Mail
from outreach.inbox.understanding.words import MailKind, Understanding

SENT_ON = re.compile(
    r"^\s*(?:\[[^\]]{0,60}\]\s*)?(?:fw|fwd|vl|wg|tr|rv|enc|i|doorst|vs|转发|轉寄|пересл|fs|إعادة توجيه|إعادة)\s*[:：]",
    re.IGNORECASE,
)
"""How the subject of a mail begins that was sent on."""
ANSWERED = re.compile(
    r"^\s*(?:\[[^\]]{0,60}\]\s*)?(?:re|aw|sv|antw|odp|odg|ref|rif|res|ynt|r|απ|ответ|відповідь|答复|回复|回覆|答覆|رد)(?:\[\d+\]|\^\d+)?\s*[:：]",
    re.IGNORECASE,
)
"""How the subject of an answer begins."""
_SENT_ON_TEXT = re.compile(
    r"^-{2,20} ?(?:forwarded message|message transféré|mensaje reenviado|weitergeleitete nachricht|пересылаемое сообщение)",
    re.IGNORECASE | re.MULTILINE,
)


def written(mail: Mail) -> Understanding:
    """What kind of a person's mail it is; `other` where nothing is there to say."""
    if mail.header("x-spam-flag").strip().lower() == "yes" or mail.header("x-spam-status").strip().lower().startswith(
        "yes"
    ):
        return Understanding(MailKind.SPAM_LIKE, evidence=("A filter before us marked it as spam",), confidence=0.8)
    if mail.is_of_a_list and not mail.answers and not ANSWERED.match(mail.subject):
        return Understanding(MailKind.LIST, evidence=("It came over a mailing list",), confidence=0.8)
    if SENT_ON.match(mail.subject) or mail.has("resent-from", "x-ms-exchange-inbox-rules-loop"):
        return Understanding(MailKind.FORWARDED, evidence=("It was sent on by a person or for one",), confidence=0.75)
    if mail.answers:
        return Understanding(MailKind.REPLY, evidence=("It answers a mail (In-Reply-To)",), confidence=0.9)
    if ANSWERED.match(mail.subject) or mail.has("references") or quotes(mail.words):
        return Understanding(MailKind.REPLY, evidence=("Subject or text are those of an answer",), confidence=0.75)
    if _SENT_ON_TEXT.search(mail.words):
        return Understanding(MailKind.FORWARDED, evidence=("Its text is a mail that was sent on",), confidence=0.7)
    if mail.has("list-unsubscribe") or mail.header("precedence").strip().lower() in ("bulk", "junk", "list"):
        return Understanding(MailKind.OTHER, evidence=("It is a mailing",), confidence=0.6)
    if mail.sender.startswith(NOTIFIERS):
        return Understanding(MailKind.OTHER, evidence=("Its sender takes no answers",), confidence=0.6)
    if mail.sender.startswith(DAEMONS):
        return Understanding(MailKind.OTHER, evidence=("A mail server wrote it",), confidence=0.6)
    if not mail.sender:
        return Understanding(MailKind.OTHER, evidence=("It names no sender",), confidence=0.5)
    return Understanding(MailKind.REPLY, evidence=("Nothing says that a machine wrote it",), confidence=0.5)

"""Challenges: a machine holds a mail until its sender has proved something, or until a moderator has looked at it."""

import re

from outreach.inbox.understanding.reading import Mail
from outreach.inbox.understanding.words import MailKind, Understanding

_HEADERS = ("x-boxbe-challenge", "x-challenge")
_OF_MEMBERS = ("x-delivery-agent", "x-tmda-fingerprint")
"""Headers that one such service puts into the mail of its own people, too."""

_LOOKED_AT = 1500

_PHRASES = (
    "awaits moderator approval",
    "awaiting moderator approval",
    "bekräfta ditt meddelande",
    "challenge-response",
    "click the link below to deliver",
    "confirm that you are a human",
    "confirm your email to",
    "confirm your message",
    "confirmation required to deliver",
    "is being held until the list moderator",
    "message awaiting verification",
    "needs your confirmation",
    "please confirm that you sent",
    "prove that you are human",
    "requires confirmation",
    "sender verification required",
    "to complete this verification",
    "verification required",
    "verify that you are a human",
    "your mail to '",
    "your message is being held",
    "your message is waiting for approval",
)
"""What challenges say where their headers show that a machine wrote them."""

_ONLY_THEIRS = (
    "add yourself to my guest list",
    "click the link below so i can receive your email",
    "confirm that you are not a robot",
    "confirmar que no es un robot",
    "confirmar que você não é um robô",
    "confirmer que vous n'êtes pas un robot",
    "is being held because the address",
    "message will be delivered once you confirm",
    "protecting myself from receiving junk mail",
    "protecting myself from spam",
    "this one-time verification",
    "to release your message for delivery",
    "your message will be delivered after you confirm",
    "your message was waitlisted",
    "подтвердите, что вы не робот",
)
"""What nobody else says."""
_IN_ORDER_THAT = re.compile(
    r"(?:so that|in order for|in order that|afin que|pour que|para que|a fin de que|damit|affinché|zodat|чтобы|щоб|以便|以使)[ ,]{0,2}"
    r"(?:your|votre|su|tu|a sua|o seu|sua|seu|ihre|il suo|il tuo|la sua|uw|je|ваше|вашого?|您的|你的)[ ]?"
    r"(?:e-?mail|mail|message|messaggio|mensaje|mensagem|correo|courriel|nachricht|bericht|письмо|сообщение|лист|повідомлення|邮件|郵件)[^.?!。]{0,40}"
    r"(?:deliver|reach|soit (?:remis|délivré|distribué|transmis)|sea entregad|seja entregue|zugestellt|consegnat|recapitat|bezorgd|afgeleverd|доставлен|送达|送達|投递)"
)
"""For what a challenge asks its sender to do something; nobody else says it of the other's mail."""


def challenge(mail: Mail) -> Understanding | None:
    """A challenge, None where the mail is none."""
    if mail.has(*_HEADERS) or (mail.null_sender and mail.has(*_OF_MEMBERS)):
        return Understanding(MailKind.CHALLENGE, evidence=("A header of a challenge",), confidence=0.9)
    words = f"{mail.subject_lower} {mail.said_lower[:_LOOKED_AT]}"
    phrase = next((one for one in _ONLY_THEIRS if one in words), "")
    if not phrase and (found := _IN_ORDER_THAT.search(words)):
        phrase = found.group(0)
    if not (phrase and not mail.is_of_a_list):
        if not (mail.null_sender or mail.has("auto-submitted", "x-auto-response-suppress") or mail.machine_precedence):
            return None
        phrase = next((one for one in _PHRASES if one in words), "")
        held = "is being held" in words or "moderator approval" in words
        if not phrase or (mail.answers and not held and not mail.null_sender):
            return None
    return Understanding(MailKind.CHALLENGE, evidence=(f"Text: “{phrase}”",), confidence=0.8)

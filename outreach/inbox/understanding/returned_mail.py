"""Where a report ends, and the mail that it returns begins. What stands behind is another's words, and says nothing about this mail."""

import re

_DASHES = r"[ \t]*[-=_*|]{2,}[ \t]*"
_MARKS = (
    rf"{_DASHES}(?:below this line|this is a copy of|original m|original-?nachricht|mensaje original|message d'origine|message original|"
    r"mensagem original|messaggio originale|returned m|returned text|unsent message|message (?:header|text|body|suppressed)|"
    r"message as (?:sent|received)|original text|copy of|undelivered message|the original|header of|headers of|"
    r"message headers|rejected message|begin (?:returned|original)|sendt melding|исходное|оригинал|元のメール|原始邮件|原邮件)"
)
_SENTENCES = (
    r"[ \t]*(?:message headers follow|(?:[a-z]+ ){0,3}original message follows|original message (?:headers?|details)|the (?:original|returned|undelivered) message "
    r"(?:follows|is (?:below|attached|included))|"
    r"below is a copy of the original|included is a copy of|here is a copy of|your (?:original )?message (?:follows|reads|begins|is returned below)|"
    r"a copy of (?:the|your)(?: original)? message (?:follows|is (?:below|attached|included))|"
    r"the first \d+ lines of the (?:original|message)|the message header(?:s)? (?:was|were|is|are|follow)|"
    r"(?:the )?header of the original|"
    r"message header(?:s)? (?:was|were|is|are|follow)|a summary of the undelivered|text of your message follows|"
    r"message contents follow|contents of (?:the )?(?:original|returned) message|original message header|"
    r"content-type: (?:message/rfc822|text/rfc822-headers)|"
    r"anbei (?:die|ihre) (?:original|urspr)|copie du message|copia del mensaje)"
)
_HEADERS = r"(?:return-path:[ \t]*<|received: (?:from|by|\(from|\(qmail)|dkim-signature: v=1)"
_BEGINS = re.compile(rf"^(?:{_MARKS}|{_SENTENCES}|{_HEADERS})", re.IGNORECASE | re.MULTILINE)

_ID = re.compile(r"^message-id:[ \t]*\n?[ \t]*(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(r"^(?:to|x-original-to):[ \t]*([^\n]{3,300})", re.IGNORECASE | re.MULTILINE)


def before(words: str) -> str:
    """The words before the returned mail."""
    found = _BEGINS.search(words)
    return words[: found.start()] if found else words


def after(words: str) -> str:
    """The returned mail, where one stands in the words."""
    found = _BEGINS.search(words)
    return words[found.start() :] if found else ""


def ids(text: str) -> tuple[str, ...]:
    """The Message-IDs in the headers of a returned mail."""
    return tuple(dict.fromkeys(_ID.findall(text)))[:20]


def recipients(text: str) -> list[str]:
    """What a returned mail says under To, line by line."""
    return _TO.findall(text)[:5]

"""Whether a failure is permanent: by the status codes (RFC 3463), else by the reply codes (RFC 5321), else by words."""

import re

from outreach.inbox.understanding.bounce_words import DELAYS, GIVEN_UP, LASTING, TEMPORARY, WAITED

_ENHANCED = re.compile(
    r"(?:^[ \t]{0,20}|(?<!\d)[245]\d\d[ -]{1,2}|[#(:;\[\"'>,-][ \t]{0,3}|(?:said|status|code|error|reason|dsn)[ \t]{1,3})"
    r"([245])\.([0-7])\.(\d{1,3})(?![\d.]*\d|[.:]\d|/)",
    re.IGNORECASE | re.MULTILINE,
)
_REPLY = re.compile(
    r"(?:^|said|error|errors|code|reply|replied|returned|response|was|is|<<<|status|reason|smtp|[:;(\"'>])[ \t:;=]{0,4}([45][0-5]\d)(?=[ \-:.)\]#,]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_TIME = re.compile(
    r"\b(?:after|within|for(?: more than)?|past|après|depuis|dans les|después de|durante|en|nach|seit|innerhalb von|dopo|entro|após|em|"
    r"через|в течение|после) \d{1,3} ?(?:minutes?|hours?|days?|\((?:hours?|days?)\)|heures?|jours?|horas?|días?|dias?|stunden?|tagen?|"
    r"ore|giorni|час|дн|сут)|\d ?(?:小时|小時|天)(?:内|內|后|後)|\d ?(?:時間|日)(?:以上|経過)"
)
"""A number of hours or days after which a server gives up, in small letters."""


def status_in(text: str, of_class: str = "45") -> str:
    """The first enhanced status code of one of these classes, the more telling one before `x.0.0`."""
    found = [f"{one}.{two}.{three}" for one, two, three in _ENHANCED.findall(text[:20_000]) if one in of_class]
    return next((code for code in found if not code.endswith(".0.0")), found[0] if found else "")


def by_codes(text: str) -> bool | None:
    """What the codes in a text say; one that is final outweighs those on the way to it."""
    classes = {one for one, _two, _three in _ENHANCED.findall(text[:20_000]) if one in "45"}
    classes = classes or {code[0] for code in _REPLY.findall(text[:20_000])}
    return True if "5" in classes else False if "4" in classes else None


def is_delay(words: str) -> bool:
    """Whether a server says that it keeps trying. `words` are in small letters."""
    return any(phrase in words for phrase in DELAYS) and not any(phrase in words for phrase in GIVEN_UP)


def is_temporary(words: str) -> bool:
    """Whether words, in small letters, say that a failure may pass, or speak of time and of nothing that lasts."""
    if any(phrase in words for phrase in TEMPORARY):
        return True
    waited = bool(_TIME.search(words)) or any(phrase in words for phrase in WAITED)
    return waited and not any(phrase in words for phrase in LASTING)

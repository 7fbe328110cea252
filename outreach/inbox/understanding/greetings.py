"""How people begin and end a letter, and mail servers don't: in small letters, at the beginning of what a mail says, and anywhere in it."""

import re

_BEGINS = re.compile(
    r"[\s\"'*]*(?:"
    # English; "Hi. This is the qmail-send program" is none
    r"dear (?!(?:customer|user|sender|subscriber|client|e-?mail|mail)\b)|excellenc|your excellenc|to whom it may concern|"
    r"good (?:morning|afternoon|evening|day)\b|greetings\b|(?:hello|hi)\b(?![\s.,!]{0,5}this is )|"
    # French, Spanish, Russian, Arabic, Chinese
    r"bonjour|bonsoir|madame|monsieur|mesdames|chère? |chers |estimad|buen(?:os|as) |hola\b|distinguid|señor|"
    r"уважаем|здравствуйте|добрый день|доброе утро|تحية|السلام عليكم|السيد|سعادة|尊敬的|您好|各位|"
    # German, Portuguese, Italian, Dutch, Polish, Turkish, Japanese, Korean
    r"sehr geehrte|guten (?:tag|morgen)|hallo\b(?![\s.,!]{0,5}hier )|liebe |prezad|car[oa]s? |bo[am] (?:dia|tarde)|exm[oa]|gentil|egregi|buongiorno|"
    r"geachte|beste |szanown|dzień dobry|sayın|merhaba|お世話になって|拝啓|안녕하십니까"
    r")"
)
_ENDS = re.compile(
    r"\b(?:(?<!as )(?<!with )regards\b|(?:best|warm|kind) wishes|sincerely|respectfully|many thanks|cordialement|salutations|cordiales?\b|"
    r"saludos|atentamente|с уважением|mit freundlichen|freundliche grü|atenciosamente|cumprimentos|cordiali saluti|distinti saluti|"
    r"met vriendelijke|z poważaniem|saygılar)|مع التحية|تفضلوا بقبول|此致|敬礼|よろしくお願い|敬具"
)


def greets(words: str) -> bool:
    """Whether words, in small letters and on one line, begin as a letter does."""
    return bool(_BEGINS.match(words))


def takes_leave(words: str) -> bool:
    """Whether words, in small letters, end as a letter does."""
    return bool(_ENDS.search(words))

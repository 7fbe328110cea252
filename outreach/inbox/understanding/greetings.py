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
    r"\b(?:(?<!as )(?<!with )(?:(?:best|kind|warm) )?regards\b|(?:best|warm|kind) wishes|sincerely|respectfully|many thanks|cordialement|salutations|cordiales?\b|"
    r"saludos|atentamente|с уважением|mit freundlichen|freundliche grü|atenciosamente|cumprimentos|cordiali saluti|distinti saluti|"
    r"met vriendelijke|z poważaniem|saygılar)|مع التحية|تفضلوا بقبول|此致|敬礼|よろしくお願い|敬具"
)

_TO_NOBODY = """
dear sender sir sirs madam or and / all colleague colleagues friend friends partner partners correspondent greetings hello hi hey good day morning
afternoon evening everyone there ladies gentlemen
bonjour bonsoir madame monsieur mesdames messieurs cher chère chers chères collègue collègues expéditeur ou et
estimado estimada estimados estimadas estimado/a remitente remitentes colegas señor señora señores señoras buen buenos buenas día días tarde tardes hola y o a todos
здравствуйте добрый день доброе утро уважаемый уважаемая уважаемые коллеги отправитель корреспондент господа и
السلام عليكم ورحمة الله وبركاته تحية طيبة وبعد السيد السيدة السيد/السيدة المحترم المحترمة المحترم(ة) السادة المحترمين مرحبا
您好 你好 尊敬的 先生 女士 各位
sehr geehrte geehrter damen und herren guten tag morgen hallo liebe kolleginnen kollegen absender absenderin zusammen grüß gott servus
caros caras caro cara prezado prezada prezados prezadas colega bom boa dia tarde olá senhores senhoras exmos exmas srs e
gentile gentili mittente buongiorno buonasera salve egregi signori colleghi
geachte heer mevrouw afzender beste goedendag goedemorgen collega collega's dag
merhaba merhabalar sayın yetkili ilgili gönderen iyi günler
안녕하세요 안녕하십니까
dzień dobry szanowni państwo szanowny panie szanowna pani witam witamy
dobrý den deň vážení vážený vážená pane paní kolegové kolegovia
hej hei hallå goddag god dag kära kollegor kollegaer
hyvä lähettäjä terve päivää moi hyvää päivää
καλημέρα καλησπέρα σας αγαπητοί αγαπητέ κύριε κυρία κυρίες κύριοι συνάδελφοι γεια
שלום רב לכולם
доброго дня вітаю шановні шановний шановна колего добрий
tisztelt feladó címzett jó napot kívánok kedves kollégák
bună ziua stimate stimată domnule doamnă doamnelor domnilor colegi salut
سلام با درود همکاران گرامی yth kepada selamat pagi siang sore xin chào kính gửi quý vị
"""
_GREETING = frozenset(_TO_NOBODY.split())
"""Words of a greeting that knows nobody's name: machines never do."""
_LONGEST_GREETING = 8


def greets_nobody(line: str) -> bool:
    """Whether a line is a greeting, and names nobody."""
    words = re.sub(r"[,:;!.،：，！。()]", " ", line.lower()).split()
    return 0 < len(words) <= _LONGEST_GREETING and all(word in _GREETING for word in words)


def greets(words: str) -> bool:
    """Whether words, in small letters and on one line, begin as a letter does."""
    return bool(_BEGINS.match(words))


def takes_leave_at_once(words: str) -> bool:
    """Whether words, in small letters, begin with how a letter ends."""
    return bool(_ENDS.match(words.lstrip()))


def takes_leave(words: str) -> bool:
    """Whether words, in small letters, end as a letter does."""
    return bool(_ENDS.search(words))

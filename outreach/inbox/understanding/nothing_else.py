"""Machines that mark nothing, told by the whole of what they say: an absence or a receipt, and not a word about the matter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from outreach.inbox.understanding.absence_sentences import TONGUES, Tongue
from outreach.inbox.understanding.absence_words import HANDS_OVER
from outreach.inbox.understanding.greetings import greets_nobody, takes_leave_at_once
from outreach.inbox.understanding.people import ANSWERED
from outreach.inbox.understanding.reading import ADDRESS, Mail

_LONGEST = 2_500
_MOST_SENTENCES = 12
_LONGEST_SENTENCE = 320
_SHORT_LINE = 70
_FEW_WORDS = 8

_FOOTER = re.compile(
    r"^(?:--\s*$|[*_=-]{6,}\s*$|.{0,80}(?:confidential|privileged|intended (?:only )?for|intended recipient|consider the environment|"
    r"avant d'imprimer|confidenti[ea]l|vertraulich|vertrouwelijk|riservat|конфиденциальн|متن سري|سرية المعلومات|机密|sent from my |"
    r"envoyé de mon |enviado desde mi |von meinem |отправлено с ))",
    re.IGNORECASE | re.MULTILINE,
)
"""Where a signature, a word of lawyers or the mark of a telephone begins."""
_SENTENCE = re.compile(
    r"(?<=[。！；!…])\s*|(?<=[^\W\d_]{3}[.;])\s+(?=[^\W\d_a-zà-ÿа-я]|\d)|(?<=\d{3}[.;])\s+(?=[^\W\d_a-zà-ÿа-я])|(?<=\d\.)\s+(?=[A-Z][a-z]+ [a-z]+ [a-z]+)"
)
_ABBREVIATED = re.compile(
    r"\b(?:mrs|sra|dra|dott|sig|prof|herr|amb|exc|mme|mlle|pani?|inż|ing|tel|доп|стр|тел)\.$", re.IGNORECASE
)
_MESSAGES = re.compile(
    r"mess?ag|mensa|mail|\brepl|respon|risp|réponse|respuesta|respost|courriel|correo|antwort|nachricht|antwoord|bericht|confirm|notif|"
    r"acknowledg|письм|сообщен|ответ|уведомлен|лист|повідомлен|відпов|رسالة|رسائل|الرد|رد |邮件|邮箱|回复|答复|回覆|郵件|信件|メール|返信|配信|"
    r"메일|회신|응답|zpráv|správ|wiadomość|odpowied|odpov|svar|meddelande|melding|besked|viesti|vastau|kuittau|ileti|mesaj|yanıt|cevap|"
    r"μήνυμα|απάντη|απαντ|הודעה|מענה|להשיב|üzenet|válasz|răspun|پیام|پاسخ|pesan|surel|balas|thư|trả lời|this line|ticket"
)
_BY_ONE = re.compile(
    r"(?:^|\s)(?:i|i've|j'ai|je|ich|ik|я|jag|jeg|minä|ho|he (?:recibido|enviado)|recebi|otrzymałam|otrzymałem|obdržela?)\s|我(?!们|們|部|司|处|處|办|馆)|私"
)
_AND = re.compile(r"[,:]\s|\s(?:and|et|y|e|и|und|en|ve|och|og|ja|και|та|és|și|dan|và|و)\s")
_A_CLAUSE = 6
_WORD = re.compile(r"[^\W\d_]{2,}")
_DATES = re.compile(r"\d{1,2}[.:/]\d|@|\d{4}")
_LATIN = tuple(one for one in TONGUES if any(stem.isascii() for stem in one.away))
_HANDS_OVER = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, HANDS_OVER))})")


@dataclass(frozen=True)
class _Text:
    sentences: list[str]
    tongues: list[Tongue]
    about_the_matter: bool
    """Whether a person who thinks of the matter wrote it: it asks, or says more, or tells of an absence to come."""


def told(mail: Mail) -> str:
    """The sentence that tells an absence or a receipt where a mail tells nothing else, empty for all other mail."""
    text = _text(mail)
    if text is None:
        return ""
    receipt = _receipt(text)
    if receipt and any(_by_machine(one, text.tongues) for one in text.sentences if one != receipt):
        return receipt
    if text.about_the_matter or not _answers(mail):
        return ""
    absence = next((one for one in text.sentences if _absent(one, text.tongues)), "")
    if absence and any(one.lower() != mail.sender for one in ADDRESS.findall(_begins(absence, text.tongues))):
        return ""  # a person tells that the mailbox of another is closed
    if not absence or not all(_belongs(one, text.tongues) for one in text.sentences):
        return ""
    more = any(_any(each.besides, one) for one in text.sentences for each in text.tongues)
    return absence.strip() if more or re.search(r"\d", absence) else ""


def _text(mail: Mail) -> _Text | None:
    """The sentences of a short text that hands nothing over, and the languages that tell something in it."""
    said = mail.said.replace("\u2019", "'")[: _LONGEST + 1]
    if footer := _FOOTER.search(said):
        said = said[: footer.start()]
    if not said.strip() or len(said) > _LONGEST:
        return None
    lower = f" {' '.join(said.lower().split())} "
    tongues = [one for one in (_LATIN if lower.isascii() else TONGUES) if _tells(one, lower)]
    if not tongues or _HANDS_OVER.search(lower):
        return None
    sentences = list(_sentences(said))
    about_it = any(_any(one.more, lower) or _any(one.later, lower) for one in tongues) or bool(
        re.search("[?？؟]", said)
    )
    return _Text(sentences, tongues, about_it) if 0 < len(sentences) <= _MOST_SENTENCES else None


def _sentences(said: str) -> Iterator[str]:
    """The sentences in small letters with a blank around them, without greeting and signature."""
    paragraphs = [each for each in re.split(r"\n[ \t]*\n", said.strip()) if each.strip()]
    first, *rest = paragraphs[0].strip().split("\n", 1)
    if greets_nobody(first):
        paragraphs[:1] = rest
    while len(paragraphs) > 1 and _is_signature(paragraphs[-1]):
        paragraphs.pop()
    for at, paragraph in enumerate(paragraphs):
        pieces = _joined(_SENTENCE.split(" ".join(paragraph.split())))
        for number, piece in enumerate(pieces):
            ends = at == len(paragraphs) - 1 and (at or number)
            if ends and takes_leave_at_once(piece.lower()) and len(piece.split()) <= 2 * _FEW_WORDS:
                return
            if ends and number == len(pieces) - 1 and piece[-1:] not in ".!。！" and len(piece.split()) <= _FEW_WORDS:
                return
            if at == number == 0 and greets_nobody(piece):
                continue
            yield f" {piece.lower().rstrip('.!。！ ')} "


def _joined(pieces: list[str]) -> list[str]:
    """The pieces of a paragraph, those put together that were cut behind "Mrs."."""
    found: list[str] = []
    for piece in filter(str.strip, pieces):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def _is_signature(paragraph: str) -> bool:
    """Whether all its lines are short and none ends a sentence; or it begins with leave-taking."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    if takes_leave_at_once(lines[0].lower()) and len(lines) <= _FEW_WORDS:
        return True
    return all(
        len(line) <= _SHORT_LINE and line[-1] not in ".!;。！" and len(line.split()) <= _FEW_WORDS for line in lines
    )


def _answers(mail: Mail) -> bool:
    return mail.answers or bool(ANSWERED.match(mail.subject))


def _begins(sentence: str, tongues: list[Tongue]) -> str:
    """A sentence up to the words that tell an absence by themselves."""
    found = [sentence.find(stem) for one in tongues for stem in one.alone if stem in sentence]
    return sentence[: min(found)] if found else ""


def _any(stems: tuple[str, ...], words: str) -> bool:
    return any(stem in words for stem in stems)


def _tells(tongue: Tongue, words: str) -> bool:
    return _is_absence(tongue, words) or (_any(tongue.came, words) and _any(tongue.mail, words))


def _is_absence(tongue: Tongue, words: str) -> bool:
    return _any(tongue.alone, words) or (_any(tongue.away, words) and _any(tongue.who, words))


def _absent(sentence: str, tongues: list[Tongue]) -> bool:
    return any(_is_absence(one, sentence) for one in tongues)


def _receipt(text: _Text) -> str:
    """The first sentence that tells that a mail came in, and not that somebody has it before them."""
    for sentence in text.sentences:
        if not _BY_ONE.search(sentence) and any(
            _any(one.came, sentence) and _any(one.mail, sentence) for one in text.tongues
        ):
            return sentence
    return ""


def _by_machine(sentence: str, tongues: list[Tongue]) -> bool:
    return bool(_MESSAGES.search(sentence)) and any(_any(one.machine, sentence) for one in tongues)


def _belongs(sentence: str, tongues: list[Tongue]) -> bool:
    """Whether a sentence tells an absence or a receipt, or what goes along with one."""
    if len(sentence) > _LONGEST_SENTENCE:
        return False
    if _BY_ONE.search(sentence) and not _absent(sentence, tongues) and _any_came(sentence, tongues):
        return False
    return all(
        any(_tells(one, part) or _any(one.besides, part) or _any(one.machine, part) for one in tongues)
        for part in _parts(sentence)
    )


def _parts(sentence: str) -> list[str]:
    """A sentence, and what stands in it between commas and "and", where that is long enough to say something of its own."""
    parts = [f" {part.strip()} " for part in _AND.split(sentence)]
    return [sentence, *(part for part in parts if len(_WORD.findall(part)) >= _A_CLAUSE and not _DATES.search(part))]


def _any_came(sentence: str, tongues: list[Tongue]) -> bool:
    return any(_any(one.came, sentence) and _any(one.mail, sentence) for one in tongues)

"""Machines that mark nothing, told by the whole of what they say: an absence or a receipt, and not a word about the matter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

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
_A_FEW = 3
_BEGINNING = 16

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
_ASKS = re.compile("[?？؟]")
_RETURNS = re.compile(
    r"\bback\b|return|resum|retour|revien|reprend|regres|retorn|vuelv|reincorpor|верн|wieder|zurück|\bvolt|rientr|torn|terug|\bweer\b|dön|戻|復帰|返|回|복귀|돌아|wrac|"
    r"powr|zpět|návrat|späť|åter|tillbaka|tilbak|palaan|takaisin|επιστρ|אחזור|חוזר|поверн|vissza|revin|بازگ|سأعود|نعود|kembali|trở lại"
)
"""How a sentence tells the end of an absence."""
_DECLARES = re.compile(
    r"\s*(?:this|ceci|c'est|il s'agit|este|esta|éste|это|данное|это письмо|هذه|هذا|此|这|本邮件|本郵件|dies|das ist|diese|isto|questo|questa|il presente|dit|deze|bu |"
    r"このメール|本メール|이 메일|본 메일|ta wiadomość|to jest|tato|toto|táto|detta|det här|dette|tämä|αυτό|το παρόν|זו|זהו|це |цей|ez |ez egy|acest|این|ini |đây|n\.?b\.?)"
)
_ANOTHER = re.compile(
    r"\b(?:mrs?|ms|herr|frau|kolleg\w*|director|officer|focal point|colleague|minister|ambassador|mme|monsieur|directeur|directrice|collègue|ministre|ambassadeur|"
    r"el sr|la sra|directora?|colega|ministr[oa]|diretora?|direttore|direttrice|collega|директор|коллега|министр|начальник|посол|dyrektor|kierownik|koleg[ai]|ředitel\w*|"
    r"kollega|chefen|johtaja|διευθυντ\w+|συνάδελφο\w+|müdür\w*|bakan\w*|directeur|він|вона|директорка)\b|المدير|الوزير|السيدة? |السفير|处长|司长|部长|主任|同事|處長|同仁|担当者|大臣|"
    r"部長|課長|담당자|국장|과장|장관|המנהל|עמיתי|השר "
)
"""Of whom a sentence tells it that another writes."""
_MADE_BY_HAND = re.compile(r"translat|tradu[cz]|übersetz|перевод|переклад|vertaald|翻译|翻訳|ترجم")
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
    if not _answers(mail):
        return ""
    if declared := next((one for one in text.sentences if _declares(one, text.tongues)), ""):
        return declared.strip()
    if text.about_the_matter:
        return ""
    absence = next((one for one in text.sentences if _absent(one, text.tongues)), "")
    begins = _begins(absence, text.tongues)
    if _ANOTHER.search(begins) or any(one.lower() != mail.sender for one in ADDRESS.findall(begins)):
        return ""  # a person tells it of another
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
    answers = _answers(mail)
    tongues = [one for one in (_LATIN if lower.isascii() else TONGUES) if _may_tell(one, lower, answers=answers)]
    about_it = bool(_ASKS.search(said)) or any(_any(one.more, lower) for one in tongues)
    by_machine = any(_any(one.machine, lower) for one in tongues)
    if not tongues or (about_it and not by_machine) or _HANDS_OVER.search(lower):
        return None
    sentences = list(_sentences(said))
    about_it = about_it or any(_is_to_come(part, tongues) for each in sentences for part in _AND.split(each))
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
    """A sentence up to the words that tell an absence."""
    found = [sentence.find(stem) for one in tongues for stem in (*one.alone, *one.away) if stem in sentence]
    return sentence[: min(found)] if found else ""


def _is_to_come(part: str, tongues: list[Tongue]) -> bool:
    padded = f" {part} "
    return any(_any(one.later, padded) for one in tongues) and not _RETURNS.search(part)


def _any(stems: tuple[str, ...], words: str) -> bool:
    return any(stem in words for stem in stems)


def _tells(tongue: Tongue, words: str) -> bool:
    return _is_absence(tongue, words) or (_any(tongue.came, words) and _any(tongue.mail, words))


def _may_tell(tongue: Tongue, words: str, *, answers: bool) -> bool:
    """Whether it is worth the time to look at its sentences."""
    if answers and (_any(tongue.alone, words) or _any(tongue.away, words)):
        return True
    return _any(tongue.machine, words) and (answers or _any(tongue.came, words))


def _is_absence(tongue: Tongue, words: str) -> bool:
    """Whether a sentence says that somebody is away; one may begin with it, as in "On mission until Friday"."""
    if _any(tongue.alone, words) or _any(tongue.away, words[:_BEGINNING]):
        return True
    return _any(tongue.away, words) and _any(tongue.who, words)


def _absent(sentence: str, tongues: list[Tongue]) -> bool:
    return any(_is_absence(one, sentence) for one in tongues)


def _receipt(text: _Text) -> str:
    """The first sentence that tells that a mail came in, and not that somebody has it before them; it may say "it" of the mail."""
    for before, sentence in pairwise(["", *text.sentences]):
        if not _BY_ONE.search(sentence) and any(
            _any(one.came, sentence) and _any(one.mail, before + sentence) for one in text.tongues
        ):
            return sentence
    return ""


def _by_machine(sentence: str, tongues: list[Tongue]) -> bool:
    return bool(_MESSAGES.search(sentence)) and any(_any(one.machine, sentence) for one in tongues)


def _declares(sentence: str, tongues: list[Tongue]) -> bool:
    """Whether a sentence says of its own mail that a machine wrote it, and nothing else."""
    few = (
        len(sentence.split()) <= (_FEW_WORDS if _DECLARES.match(sentence) else _A_FEW) and len(sentence) <= _SHORT_LINE
    )
    return few and _by_machine(sentence, tongues) and not _MADE_BY_HAND.search(sentence)


def _belongs(sentence: str, tongues: list[Tongue]) -> bool:
    """Whether a sentence tells an absence or a receipt, or what goes along with one."""
    if len(sentence) > _LONGEST_SENTENCE:
        return False
    if _BY_ONE.search(sentence) and not _absent(sentence, tongues) and _any_came(sentence, tongues):
        return False
    if len(sentence.split()) <= _A_FEW + 1 and _RETURNS.search(sentence) and re.search(r"\d", sentence):
        return True
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

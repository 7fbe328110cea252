"""What a person wrote themselves: the words above the mail that they answer, without their signature.

The whole text is always kept beside it: where people write between quoted lines, both stay.
"""

import re
from itertools import pairwise

_QUOTE = re.compile(r"^[ \t]*[>|»]")
_DIVIDER = re.compile(
    r"^[ \t]*(?:[-_*=]{2,40}[ \t]*"
    r"(?:original message|message d'origine|message original|mensaje original|исходное сообщение|الرسالة الأصلية|原始邮件|原邮件|"
    r"ursprüngliche nachricht|original-?nachricht|mensagem original|messaggio originale|oorspronkelijk bericht|özgün ileti|"
    r"元のメッセージ|forwarded message|message transféré|mensaje reenviado|пересланное сообщение|пересылаемое сообщение|转发邮件|"
    r"رسالة معاد توجيهها|weitergeleitete nachricht|reply message|回复的原邮件)[ \t]*+:?[ \t]*+[-_*=]{0,40}+|_{20,200})[ \t]*+$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(?:\bwrote|\bwrites|\ba écrit|\bescribió|\bescribiste|\bha escrito|\bпишет|\bнаписал(?:\(а\)|а)?|\bписал(?:\(а\)|а)?|كتب(?:ت)?|"
    r"写道|寫道|来信|\bschrieb|\bescreveu|\bha scritto|\bschreef|\bşunu yazdı|\byazdı|書きました|のメール|\bskrev|\bnapisał(?:\(a\)|a)?)"
    r"[^\n]{0,40}?[:：][ \t]*$",
    re.IGNORECASE,
)
_WROTE_BEGINS = re.compile(
    r"^[ \t]*(?:on |at |le |el |am |em |il |op |\d|в |في |بتاريخ|在|於|于|den |dne |w dniu|пн|вт|ср|чт|пт|сб|вс|från|[^\n]{0,120}<[^<>\s]{1,100}@)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^[ \t]*\*{0,2}(?:from|sent|date|to|cc|subject|de|envoyé|envoyé le|date|à|a|objet|enviado|enviado el|fecha|para|asunto|от|отправлено|"
    r"дата|кому|копия|тема|من|تاريخ الإرسال|أُرسلت|التاريخ|إلى|نسخة|الموضوع|发件人|发送时间|日期|收件人|抄送|主题|寄件者|主旨|von|gesendet|"
    r"datum|an|betreff|enviada|enviado em|assunto|da|inviato|data|oggetto|van|verzonden|aan|onderwerp|kimden|gönderildi|tarih|kime|konu|"
    r"差出人|送信日時|宛先|件名)\*{0,2}[ \t]?[:：]",
    re.IGNORECASE,
)
_SIGNED_BY_DEVICE = re.compile(
    r"^[ \t]*(?:sent from my |sent from outlook|get outlook for |envoyé de mon |envoyé depuis |enviado desde mi |отправлено с |отправлено из |"
    r"أرسلت من |从我的.{0,20}发送|发自我的|von meinem .{0,30}gesendet|enviado do meu |inviato da |verzonden vanaf )[^\n]{0,80}$",
    re.IGNORECASE,
)
_MOST = 100_000
_HEADERS_OF_A_BLOCK = 3


def own_words(text: str) -> str:
    """The reply without the mail that it answers and without a signature; the whole text where nothing would remain."""
    lines = text[:_MOST].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = _begin_of_quote(lines)
    own = lines[:end]
    below = lines[end:]
    if not any(line.strip() for line in own) or not below or _answers_between(below):
        # They wrote below or between what they quote: leave their lines, take the others away.
        own = [line for line in lines if not _QUOTE.match(line) and not _is_attribution(line)]
    own = _without_signature(own)
    return "\n".join(own).strip("\n ") or text.strip()


def quotes(text: str) -> bool:
    """Whether a text quotes a mail that it answers."""
    if ">" not in text:
        return False
    lines = [line for line in text[:20_000].split("\n") if line.strip()]
    return any(_QUOTE.match(below) and _is_attribution(line) for line, below in pairwise(lines))


def _begin_of_quote(lines: list[str]) -> int:
    for at, line in enumerate(lines):
        if _DIVIDER.match(line) or _is_attribution(line) or _is_header_block(lines, at):
            return at
        if _is_attribution_in_two(lines, at):
            return at
        if _QUOTE.match(line) and all(_QUOTE.match(one) or not one.strip() for one in lines[at:]):
            return at
    return len(lines)


def _is_attribution(line: str) -> bool:
    return len(line) < 400 and bool(_WROTE.search(line)) and bool(_WROTE_BEGINS.match(line))


def _is_attribution_in_two(lines: list[str], at: int) -> bool:
    """ "On …, Somebody <address>" and "wrote:" on the next line or the one after, as programs fold it."""
    if not lines[at].strip() or len(lines[at]) > 200 or not _WROTE_BEGINS.match(lines[at]):
        return False
    if not re.search(r"\d|@", lines[at]):
        return False
    for more in (1, 2):
        folded = " ".join(line.strip() for line in lines[at : at + more + 1])
        if len(folded) < 400 and all(line.strip() for line in lines[at : at + more + 1]) and _WROTE.search(folded):
            return bool(_WROTE.search(lines[min(at + more, len(lines) - 1)]))
    return False


def _is_header_block(lines: list[str], at: int) -> bool:
    """Three headers of a mail under one another, as Outlook puts them above what it quotes."""
    if not _HEADER.match(lines[at]):
        return False
    return sum(bool(_HEADER.match(line)) for line in lines[at : at + 6]) >= _HEADERS_OF_A_BLOCK


def _answers_between(below: list[str]) -> bool:
    """Whether lines of their own follow quoted ones that are marked as such, more than a signature's worth."""
    quoted = [at for at, line in enumerate(below) if _QUOTE.match(line)]
    if not quoted:
        return False
    own = [line for line in below[quoted[0] :] if line.strip() and not _QUOTE.match(line)]
    own = _without_signature(own)
    return any(len(line.split()) > 2 or len(line.strip()) > 12 for line in own)


def _without_signature(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if line.rstrip("\r ") == "--" and any(one.strip() for one in lines[:at]):
            return _without_device(lines[:at])
    return _without_device(lines)


def _without_device(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and (not kept[-1].strip() or _SIGNED_BY_DEVICE.match(kept[-1])):
        kept.pop()
    return kept

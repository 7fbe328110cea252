"""What a reply of the relay means: from its code (RFC 5321), its enhanced status (RFC 3463, RFC 7372) and, where these say too little, its
words, to what is to be done. Pure; where in doubt no address is given up and no letter is lost."""

import enum
import re


class Stage(enum.StrEnum):
    """What was answered: the connection itself, the greeting and sign-in, the sender, the recipient, the wish to send content, the content."""

    CONNECT = "connect"
    HELLO = "hello"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    CONTENT = "content"


class Verdict(enum.StrEnum):
    """What a reply says of a letter: taken; to be tried later; its address is refused; the letter itself is refused; the relay refuses us."""

    TAKEN = "taken"
    LATER = "later"
    ADDRESS = "address"
    CONTENT = "content"
    OURS = "ours"


Status = tuple[int, int]
"""Subject and detail of an enhanced status: 5.1.1 is (1, 1). Its class only repeats the code, and where it does not, the code counts."""

_STATUS = re.compile(r"\s*[245]\.(\d{1,3})\.(\d{1,3})\b")

_US = re.compile(
    r"relay(ing)?\b.{0,40}\b(denied|not|prohibited|disallowed|disabled|refused|forbidden)"
    r"|\b(not|unable|denied|cannot|refus\w+|don't|won't)\b.{0,30}\brelay"
    r"|authenticat\w+ (is )?(required|needed|failed)|(must|need to|please) (first )?(authenticate|log ?in|sign ?in)|starttls"
    r"|sender (address )?(is )?(rejected|refused|denied|not)|send(er)? as|on behalf of"
    r"|client host\b.{0,60}\b(rejected|blocked)|helo (command )?(is )?rejected|not authori[sz]ed to send",
    re.IGNORECASE | re.DOTALL,
)
_FULL = re.compile(r"quota|\bfull\b|mailbox (size|storage|limit)|storage (allocation|limit|space)", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"(user|recipient|mailbox|address|account|inbox|addressee)\b.{0,60}\b(unknown|not (found|exist\w*|known|available|valid|local)|"
    r"does(n't| not) exist|unavailable|invalid|disabled|inactive|suspended|rejected: undeliverable)"
    r"|(unknown|no such|no|invalid|non-?existent|bad) (local )?(user|recipient|mailbox|address|account|person|domain)"
    r"|no (mailbox|one|longer)\b|does(n't| not) have an? .{0,30}account|not (a )?known (user|here)",
    re.IGNORECASE | re.DOTALL,
)
_UNWANTED = re.compile(
    r"spam|\bspf\b|\bdkim\b|dmarc|black ?list|block ?list|blocked|\bdnsbl|\brbl\b|listed|polic(y|ies)|reputation|virus|malware|"
    r"phish|suspicious|unsolicited|prohibited|access denied|not allowed|banned|content",
    re.IGNORECASE,
)
_CROWDED = re.compile(
    r"too (many|much|fast|frequent)|\brate\b|limit|throttl|slow down|\bbusy\b|overload|congest|resources|connections",
    re.IGNORECASE,
)

_SIGN_IN = frozenset({530, 534, 535, 538})
"""The relay wants to know us, whatever it was asked."""
_NOT_UNDERSTOOD = frozenset({500, 502, 503, 504})
_SYNTAX = frozenset({501, 555})
_TOO_LARGE = 552
_NO_MAIL_THERE = 556

# By the status alone, whatever was answered. What is missing here depends on the stage, or says too little.
_BY_STATUS: dict[Status, Verdict] = {
    **dict.fromkeys([(1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 9), (1, 10)], Verdict.ADDRESS),
    **dict.fromkeys([(1, 7), (1, 8)], Verdict.OURS),
    **dict.fromkeys([(2, 1), (2, 4)], Verdict.ADDRESS),
    (2, 2): Verdict.LATER,
    (2, 3): Verdict.CONTENT,
    (3, 4): Verdict.CONTENT,
    # Exchange Online says so of a mailbox, and of a domain, that is not there.
    **dict.fromkeys([(4, 1), (4, 4), (4, 310)], Verdict.ADDRESS),
    **dict.fromkeys([(7, 17), (7, 18)], Verdict.ADDRESS),
    # Not signed in, not encrypted, a signature or a DNS record of ours that does not hold, an address of ours that is blocked.
    **dict.fromkeys(
        [(7, detail) for detail in (8, 9, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 26, 27, 28)], Verdict.OURS
    ),
}


def status_of(words: str) -> Status | None:
    """The enhanced status with which the words of a reply begin; None where they don't."""
    found = _STATUS.match(words)
    return (int(found[1]), int(found[2])) if found else None


def judge(stage: Stage, code: int, words: str) -> Verdict:
    """What a reply means for the letter at hand; at CONNECT and HELLO, where there is none, LATER or OURS."""
    if 200 <= code < 300:
        return Verdict.TAKEN
    if code in _SIGN_IN:
        return Verdict.OURS
    if not 500 <= code < 600:
        return Verdict.LATER
    if stage in (Stage.CONNECT, Stage.HELLO):
        return Verdict.OURS
    status = status_of(words)
    if stage is Stage.MAIL:
        return Verdict.CONTENT if _too_large(code, status) else Verdict.OURS
    if _restricted(status, words):
        return Verdict.CONTENT
    if code in _NOT_UNDERSTOOD or _US.search(words):
        return Verdict.OURS
    known = _BY_STATUS.get(status) if status else None
    if known is not None:
        return known
    if stage is Stage.RCPT:
        return _of_recipient(code, status, words)
    return _of_content(code, status, words)


def crowded(code: int, words: str) -> bool:
    """Whether the relay says that it has too much of us, or of everybody: to be gentler with it helps."""
    if not 400 <= code < 500:
        return False
    status = status_of(words)
    if status and status[0] in (1, 2):  # of one mailbox
        return False
    return code == 421 or bool(status and (status[0] == 3 or status == (4, 5))) or bool(_CROWDED.search(words))


def _of_recipient(code: int, status: Status | None, words: str) -> Verdict:
    if code == _NO_MAIL_THERE or code in _SYNTAX:
        return Verdict.ADDRESS
    if status == (7, 0) or _blocked(status):
        return Verdict.OURS
    if code == _TOO_LARGE or _FULL.search(words):
        return Verdict.LATER
    if status and status[0] > 2:
        return Verdict.CONTENT  # a mailbox is there, and does not take this letter, or not from us
    if _UNKNOWN.search(words):
        return Verdict.ADDRESS
    if _UNWANTED.search(words):
        return Verdict.CONTENT
    return Verdict.ADDRESS if code in (550, 551, 553) else Verdict.CONTENT


def _of_content(code: int, status: Status | None, words: str) -> Verdict:
    if _blocked(status):
        return Verdict.OURS
    if status is None or status[0] in (0, 2):
        if _FULL.search(words):
            return Verdict.LATER
        if code == 550 and _UNKNOWN.search(words) and not _UNWANTED.search(words):
            return Verdict.ADDRESS
    return Verdict.CONTENT


def _restricted(status: Status | None, words: str) -> bool:
    # Exchange says so where a mailbox takes letters from some senders only, in words that elsewhere would mean us.
    return "RESOLVER.RST" in words or (status is not None and status[0] == 7 and 100 <= status[1] < 200)


def _too_large(code: int, status: Status | None) -> bool:
    return code == _TOO_LARGE or status in ((3, 4), (2, 3))


def _blocked(status: Status | None) -> bool:
    # Microsoft numbers its own refusals of a sending service so: 5.7.606, 5.7.708.
    return status is not None and status[0] == 7 and 500 <= status[1] < 800

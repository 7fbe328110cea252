"""What a reply says of itself: forwarded to the capital, more time, the final reply, a new address, nothing to report.

Read from a person's own words, never from what they quote. Each finding is a proposal for staff with the sentence it was read from;
nothing follows from it by itself. Pure: a text in, values out.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from outreach.campaigns.written_dates import find_dates
from outreach.inbox.diplomacy_phrases import SAYINGS, Saying
from outreach.inbox.understanding.absence_dates import first_day
from outreach.inbox.understanding.reading import ADDRESS

_MOST = 12_000
_MOST_SENTENCES = 200
_LONGEST = 700
_QUOTED = re.compile(r"^[ \t]*[>|»].*$", re.MULTILINE)
_ENDS = re.compile(r"(?<=[.!?؟][\s\"”»)])|(?<=[.!?؟])$|(?<=[。！？；])|\n[ \t]*\n|\n(?=[ \t]*[-•*–][ \t])")
_ABBREVIATED = re.compile(r"\b(?:mr|mrs|ms|dr|no|nr|art|h\.e|st|п|г|тел|sr|sra|ref|réf)\.\s*$", re.IGNORECASE)
_UNSURE_DAY = re.compile(r"0?\d[/.]0?\d[/.]|0?\d[/.]1[0-2][/.]|1[0-2][/.](?:0?\d|1[0-2])[/.]")


@dataclass(frozen=True)
class Proposal:
    """What a mail seems to say. `sentence` is where; `until` is the day to which more time is asked for, `address` the new one."""

    saying: Saying
    sentence: str
    confidence: float
    until: date | None = None
    address: str = ""


def proposals(
    text: str, *, written: date | None = None, has_files: bool = False, own: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """What the words propose, each saying once, in the order in which they stand.

    `written` is the day of the mail, for days without a year; `own` are addresses of ours, which nobody proposes to us.
    """
    sentences = list(_sentences(text))
    ours = {address.lower() for address in own}
    found: dict[Saying, Proposal] = {}
    for sentence, following in zip(sentences, [*sentences[1:], ""], strict=False):
        for saying in SAYINGS:
            language = _language(sentence, saying) if saying not in found else None
            if language is None:
                continue
            one = _proposal(saying, sentence, following, language, written, has_files, ours)
            if one is not None:
                found[saying] = one
    return tuple(found.values())


def _proposal(
    saying: Saying, sentence: str, following: str, language: str, written: date | None, has_files: bool, ours: set[str]
) -> Proposal | None:
    asks = sentence.rstrip('"”» )').endswith(("?", "؟", "？"))
    if asks and saying is not Saying.MORE_TIME:
        return None
    if saying is Saying.MORE_TIME:
        until = _until(sentence, language, written) or _until(following, language, written)
        return Proposal(saying, sentence, 0.8 if until else 0.6, until=until)
    if saying is Saying.NEW_ADDRESS:
        # "… the following address:", and the address on a line of its own.
        below = following if len(following) < 120 and not ADDRESS.search(sentence) else ""
        addresses = [
            one.rstrip(".").lower() for one in ADDRESS.findall(f"{sentence} {below}") if "." in one.rpartition("@")[2]
        ]
        others = [one for one in dict.fromkeys(addresses) if one not in ours]
        if len(others) != 1:
            return None  # none, or nobody knows which
        return Proposal(saying, f"{sentence} {below}".strip(), 0.7, address=others[0])
    if saying is Saying.FINAL_REPLY:
        return Proposal(saying, sentence, 0.8 if has_files else 0.5)
    return Proposal(saying, sentence, 0.75)


def _language(sentence: str, saying: Saying) -> str | None:
    """The language in which a sentence says it."""
    small = sentence.lower().replace("\u2019", "'")
    for language, phrase in SAYINGS[saying].items():
        match = phrase.says.search(small)
        if match is None:
            continue
        # "… was forwarded, and we will revert": what follows is no promise of the same.
        weighed = small[: match.end()] if saying is Saying.FORWARDED else small
        if not phrase.unless.search(weighed):
            return language
    return None


def _until(sentence: str, language: str, written: date | None) -> date | None:
    """The last day that a sentence names; one that can be read in two ways is none."""
    days = [one.day for one in find_dates(sentence, language) if not _UNSURE_DAY.match(one.words)]
    latest = max(days, default=None) or (first_day(sentence.lower(), written) if not days else None)
    return latest if latest is not None and (written is None or latest >= written) else None


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text, folded lines put together."""
    words = _QUOTED.sub("", text[:_MOST])
    kept, given = "", 0
    for piece in _ENDS.split(words):
        kept = f"{kept} {' '.join(piece.split())}".strip()
        if _ABBREVIATED.search(kept):
            continue
        if kept:
            yield kept[:_LONGEST]
            given += 1
        kept = ""
        if given == _MOST_SENTENCES:
            return
    if kept:
        yield kept[:_LONGEST]

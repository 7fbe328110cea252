"""What people write into the room for an answer, as the answer: ticks in all their forms, days in any usual spelling, places in an order."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from outreach import dates
from outreach.i18n import LANGUAGES
from outreach.questionnaires.answers import number_of

_SIGNS = "☒☑✓✔✗✘🗹🗷⮽×■●◉◼√✅"
_LETTERS = "xXхХΧχ"
"""Latin, Cyrillic and Greek; they are ticks where they stand alone."""
_BEFORE = f"{_LETTERS}vV+"
"""What is a tick before words only: names end with a V."""
_EMPTY = "☐□○◯❏❑▢⬜"
_TICK = rf"[{_SIGNS}]|[{_BEFORE}](?=[\s{_SIGNS}{_EMPTY}]|$)"
_BOX = re.compile(
    rf"^\s*((?:(?:[\[(（【]\s*[{_SIGNS}{_BEFORE}{_EMPTY}_]?\s*[\])）】]|{_TICK}|[{_EMPTY}]|_(?=[\s_]))[\s\ufe0e\ufe0f]*)+)"
)
_TICKED = re.compile(rf"[{_SIGNS}{_BEFORE}]")
_BOX_AFTER = re.compile(rf"\s[\[(]?\s*([{_SIGNS}{_LETTERS}])\s*[\])]?\s*$")
_LONGEST = 100
"""No day and no time is longer."""
_LONGEST_LINE = 1000
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def plain(text: str) -> str:
    """A text to compare: one form of each character, small letters, single blanks, no marks of direction, no stops at its ends."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("’", "'")
    return " ".join(text.split()).strip(" .:;,،؛。：；*")


def digits(text: str) -> str:
    """The text with the digits of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def marked(line: str, names: Collection[str] = ()) -> tuple[bool | None, str]:
    """Whether a line begins (or ends) with a ticked box, and the words beside it; None: it has no box. Of `names`, none has a mark."""
    # Runs of blanks are made one, which also keeps the search below quick whatever a stranger wrote.
    line = " ".join(_UNSEEN.sub("", line).split())
    found = _BOX.match(line)
    ticked = bool(_TICKED.search(found[1])) if found else None
    words = line[found.end() :] if found else line
    after = None if ticked or plain(words) in names else _BOX_AFTER.search(words)
    if after:
        return True, words[: after.start()].strip()
    return ticked, words.strip()


def chosen(
    lines: Sequence[str], labels: Sequence[tuple[str, frozenset[str]]]
) -> tuple[list[str], list[str], dict[str, bool]]:
    """The choices that lines tick, what they say beside, and what they say of each choice. `labels`: name and words in any language.

    Where no line has a tick, what was typed in words counts.
    """
    said: dict[str, bool] = {}
    beside: list[str] = []
    bare: list[tuple[str, str]] = []
    further: list[str] = []
    names = {word for _name, words in labels for word in words}
    for line in lines:
        whole = next((name for name, words in labels if plain(line) in words), None)
        if whole is not None:
            bare.append((whole, line))
            continue
        ticked, text = marked(line, names)
        if ticked is None and (several := _several(text, labels)):
            bare += [(one, line) for one in several]
            continue
        name, rest = _choice(text, labels)
        if name is None:
            if text:
                beside.append(text)
        elif ticked is None:
            bare.append((name, line.strip()))
            further += [rest] if rest else []
        else:
            said[name] = said.get(name, False) or ticked
            if rest:
                beside.append(rest)
    picked = [name for name, _words in labels if said.get(name)]
    typed = list(dict.fromkeys(name for name, _line in bare))
    if not picked and typed and (len(typed) < len(labels) or len(labels) == 1):
        return typed, beside + further, said
    if said:
        beside += dict.fromkeys(line for name, line in bare if not said.get(name))
    return picked, beside, said


def meant(
    lines: Sequence[str], struck: Iterable[str], set_off: Iterable[str], labels: Sequence[tuple[str, frozenset[str]]]
) -> list[str]:
    """The choices that a file without a tick seems to mean: the few that are set off from the others, or were left when the others were
    taken out or struck out."""

    def named(some: Iterable[str]) -> set[str]:
        return {name for name, _rest in (_choice(marked(line)[1], labels) for line in some) if name}

    left = named(lines) - named(struck)
    for few in (left & named(set_off), left):
        if 0 < 2 * len(few) <= len(labels):
            return [name for name, _words in labels if name in few]
    return []


def _several(text: str, labels: Sequence[tuple[str, frozenset[str]]]) -> list[str]:
    """The choices that are listed in a line, none where anything else is said."""
    parts = [plain(part) for part in re.split("[,;،؛、，；/]", text) if part.strip()]
    found = [next((name for name, words in labels if part in words), "") for part in parts]
    return found if len(found) > 1 and all(found) else []


def _choice(text: str, labels: Sequence[tuple[str, frozenset[str]]]) -> tuple[str | None, str]:
    """The choice that a text names, whole or at its beginning, and what it says further."""
    compared = plain(text)
    best: tuple[int, str] | None = None
    for name, words in labels:
        for word in words:
            if word and compared == word:
                return name, ""
            if (
                word
                and compared.startswith(word)
                and not compared[len(word)].isalnum()
                and (best is None or len(word) > best[0])
            ):
                best = (len(word), name)
    if best is None:
        return None, ""
    shown = " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).split())
    return best[1], shown[best[0] :].strip(" ,;:–-—،：")


def ranked(
    lines: Iterable[str], labels: Sequence[tuple[str, frozenset[str]]], typed: Mapping[str, str]
) -> tuple[list[str], bool]:
    """The choices in the order of the numbers before them, and whether these are places without doubt. `typed`: choice → what stands in
    its own box, which counts where no line says a number."""
    found = {
        choice: int(number)
        for choice, text in typed.items()
        if re.fullmatch(r"\d{1,3}", number := digits(text).strip())
    }
    for line in lines:
        said = digits(_UNSEEN.sub("", line[:_LONGEST_LINE]))
        placed = re.match(r"^\W*(\d{1,3})\W+(.*)$", said, re.S)
        after = None if placed else re.match(r"^\W*(\w.*?)\W+(\d{1,3})\W*$", said, re.S)
        if placed:
            name, _rest = _choice(placed[2].strip(" .)]"), labels)
            if name is not None:
                found[name] = int(placed[1])
        elif after:
            name, rest = _choice(after[1], labels)
            if name is not None and not rest:
                found.setdefault(name, int(after[2]))
    sure = len(set(found.values())) == len(found)
    return sorted(found, key=lambda name: found[name]), sure


def number(text: str) -> str:
    """A number without the sign of per cent behind it; any other text as it is."""
    bare = re.sub(r"\s*[%٪％]\s*\Z", "", text[:_LONGEST_LINE])
    return bare if number_of(bare) is not None else text


def _month_table() -> dict[str, int]:
    months: dict[str, int] = {}
    for language in LANGUAGES:
        for number, name in enumerate(dates.month_names(language), start=1):
            for one in (name, *name.split("/")):
                months[plain(one)] = number
                if language in ("en", "fr", "es") and len(one) > 3:
                    months.setdefault(plain(one)[:3], number)
    # Russian dates decline the name; a month alone is written so.
    for number, name in enumerate(
        [
            "январь",
            "февраль",
            "март",
            "апрель",
            "май",
            "июнь",
            "июль",
            "август",
            "сентябрь",
            "октябрь",
            "ноябрь",
            "декабрь",
        ],
        start=1,
    ):
        months[name] = number
    months.pop("jui", None)
    return {**months, "sept": 9, "juil": 7, "févr": 2, "janv": 1}


_MONTHS = _month_table()


def day(text: str, language: str) -> str | None:
    """The day that a text names, as year-month-day; None where it names none, or may be one of two.

    3/4/2027 is the third of April, except in English, where it may be the fourth of March.
    """
    if len(text) > _LONGEST:
        return None
    said = _UNSEEN.sub("", digits(unicodedata.normalize("NFKC", text))).strip()
    if found := re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?(?:T00:00:00Z?)?", said):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})(?:\s*(?:г\.?|года))?", said):
        first, second = int(found[1]), int(found[3])
        if language == "en" and found[2] == "/" and first <= 12 and second <= 12 and first != second:
            return None
        return _iso(int(found[4]), second, first) or (_iso(int(found[4]), first, second) if language == "en" else None)
    words = plain(said)
    words = re.sub(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|-е|-го)\b", "", words)
    words = re.sub(r"\b(?:de|del|of|the|le|el|г|года|год)\b", " ", words).replace(",", " ").replace("،", " ")
    year = re.search(r"\b(\d{4})\b", words)
    number = re.search(r"(?<!\d)(\d{1,2})(?!\d)", words)
    named = re.sub(r"\d+", " ", words)
    name = " ".join(named.replace(".", " ").split())
    month = _MONTHS.get(name) or _MONTHS.get(name.replace(" / ", "/"))
    if year and number and month:
        return _iso(int(year[1]), month, int(number[1]))
    return None


def hour(text: str) -> str | None:
    """The time of day that a text names, as hours:minutes; None where it names none."""
    said = _UNSEEN.sub("", digits(unicodedata.normalize("NFKC", text[: _LONGEST + 1]))).strip().lower()
    found = re.fullmatch(r"(\d{1,2})\s*(?:[:.h时點点]|ч\.?)\s*(\d{2})?\s*(?:分|м\.?|min)?\s*([ap])?\.?\s*m?\.?", said)
    if not found:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found[3] == "p" else 0)
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else None


def moment(text: str, language: str) -> str | None:
    """The day and the time that a text names, as year-month-dayThours:minutes; None where it does not name both."""
    said = text.strip()
    if len(said) > _LONGEST:
        return None
    for cut in (found.start() for found in re.finditer(r"[\s,،T]+", said)):
        first, second = day(said[:cut].strip(" ,،"), language), hour(said[cut:].strip(" ,،T"))
        if first and second:
            return f"{first}T{second}"
    return None


def _iso(year: int, month: int, number: int) -> str | None:
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None

"""The resolution that a note rests on: by its symbol, or by its number beside the name of a body."""

import re

from outreach.campaigns.draft_findings import Finding, Mandate, MandateBody
from outreach.campaigns.draft_text import NoteText
from outreach.campaigns.draft_words import NUMBER, QUOTED, NoteWords, pattern

_EDGE = r"(?<![\d/])"
_SYMBOL = re.compile(rf"(?<![\w/])(?P<body>A/HRC/RES/|A/RES/|E/RES/|S/RES/)(?P<number>{NUMBER.removeprefix(_EDGE)})")


def mandates(note: NoteText, words: NoteWords) -> list[Finding[Mandate]]:
    """The resolutions that the note names, those with a quoted title first; a number without a body in its sentence is left open."""
    found: dict[str, tuple[int, Finding[Mandate]]] = {}
    for start, end, body, number in sorted([*_by_symbol(note), *_by_name(note, words)]):
        titled = _title(note, words, start, end)
        title, last = (note.words(*titled[0]), titled[0][1] + titled[1]) if titled else (None, end)
        first = min(start, titled[0][0]) if titled else start
        mandate = Mandate(MandateBody(body), number, title)
        known = found.get(mandate.symbol)
        if known is None or (title and not known[1].value.title):
            found[mandate.symbol] = (start, note.finding(mandate, first, max(last, end)))
    in_order = sorted(found.values(), key=lambda pair: (pair[1].value.title is None, pair[0]))
    return [finding for _start, finding in in_order]


def _by_symbol(note: NoteText) -> list[tuple[int, int, str, str]]:
    return [(m.start(), m.end(), m["body"], m["number"]) for m in _SYMBOL.finditer(note.plain)]


def _by_name(note: NoteText, words: NoteWords) -> list[tuple[int, int, str, str]]:
    named = words.resolution.replace("{number}", f"(?P<number>{NUMBER})").replace("{number2}", f"(?P<number2>{NUMBER})")
    found = []
    for match in pattern(named).finditer(note.plain):
        groups = match.groupdict()
        number = " ".join((groups["number"] or groups.get("number2") or "").split())
        body = _nearest_body(note, words, match)
        if body is not None:
            at, kind = body
            found.append((min(match.start(), at[0]), max(match.end(), at[1]), kind.value, number))
    return found


def _nearest_body(note: NoteText, words: NoteWords, match: re.Match[str]) -> tuple[tuple[int, int], MandateBody] | None:
    """The body that stands within the words of the resolution, else the nearest one in its sentence."""
    begin, end = note.sentence(*match.span())
    near: list[tuple[int, tuple[int, int], MandateBody]] = []
    for kind, name in words.bodies.items():
        for body in pattern(name).finditer(note.plain, begin, end):
            apart = max(match.start() - body.end(), body.start() - match.end(), 0)
            near.append((apart, body.span(), kind))
    if not near:
        return None
    _apart, span, kind = min(near, key=lambda one: (one[0], one[1]))
    return span, kind


def _title(note: NoteText, words: NoteWords, start: int, end: int) -> tuple[tuple[int, int], int] | None:
    """Where the quoted title stands, and how long its closing mark is: after the number or body, in Chinese also before it."""
    begin, stop = note.sentence(start, end)
    number = re.compile(NUMBER)
    following = number.search(note.plain, end, stop)
    stop = min(following.start(), end + 500) if following else min(stop, end + 500)
    introduced = pattern(words.entitled.replace("{quoted}", QUOTED))
    match = introduced.search(note.plain, end, stop) or introduced.search(note.plain, start, stop)
    match = match or re.compile(r"[\s,(]{0,3}" + QUOTED).match(note.plain, end, stop)
    if match is None and not words.right:
        match = introduced.search(note.plain, max(begin, start - 120), end)
    if match is None:
        return None
    group = next(name for name, value in match.groupdict().items() if value)
    return match.span(group), match.end() - match.end(group)

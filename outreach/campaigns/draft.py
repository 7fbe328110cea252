"""Reading a note verbale that exists, as the start of a campaign: values with the words they were read from. French and English."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, time
from typing import TypeVar

from outreach.campaigns.draft_findings import (
    Addressee,
    Finding,
    Mandate,
    NamedContact,
    NamedDeadline,
    NoteDraft,
    NoteWarning,
    WarningKind,
)
from outreach.campaigns.draft_folder import write_folder
from outreach.campaigns.draft_words import FUNCTIONAL_MAILBOXES, LANGUAGE_WORDS, NoteWords, pattern
from outreach.directory.words import InstitutionKind, Sector

__all__ = ["NoteDraft", "read_note", "write_folder"]

Value = TypeVar("Value")

# Typographic signs become plain ones of the same length, so that every offset stays true.
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'", "‘": "'", "\u2011": "-"})
_REFERENCE = re.compile(r"^[ \t]*(?:r[ée]f[ée]rence|r[ée]f\.?)[ \t]*[:.][ \t]*(\S.*?)[ \t]*$", re.I | re.M)
_BARE_REFERENCE = re.compile(r"^[ \t]*([A-Z]{2,}(?:[/-][A-Za-z0-9.()]+)+)[ \t]*$", re.M)
_NUMBER = r"\d+ \(\d{4}\)|\d{1,4}/\d{1,4}"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_NAME = r"[^\W\d_a-zß-ÿ][\w'.-]*(?:[ \t]+[^\W\d_a-zß-ÿ][\w'.-]*){0,4}"
_MARKDOWN_LINK = re.compile(r"\[[^][\n]{0,200}\]\(\s{0,3}([^)\s]{0,500})\s{0,3}\)")
_ADDRESS = re.compile(r"https?://[^\s)>\]]*", re.I)
_REAL_ADDRESS = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+|mailto:[^@]+@", re.I)
_HOUR = re.compile(r"\b(\d{1,2})(?:\s?(?:[:.]|h(?:eures)?)\s?(\d{2})\b|\s?h(?:eures)?\b)?\s?([ap]\.?m\b)?", re.I)
_SENTENCE_END = re.compile(r"(?<![ap]\.m)[.!?](?=\s+[^\W\da-z])|\n[ \t]*\n")
_CLAUSE_END = re.compile(r"[.;](?=\s|$)|\n[ \t]*\n")
_PARAGRAPHS = re.compile(r"(?:\n[ \t]*)(?:\n[ \t]*)+")


def read_note(text: str) -> NoteDraft:
    """Read the text of a note. Never fails: what is not found is left open, in an unknown language nearly everything is."""
    note = _Note(text)
    return note.draft()


class _Note:
    def __init__(self, text: str) -> None:
        self._written = text.replace("\r\n", "\n").replace("\r", "\n")
        self._text = self._written.translate(_PLAIN)
        self._warnings: list[NoteWarning] = []

    def draft(self) -> NoteDraft:
        language = self._language()
        words = LANGUAGE_WORDS[language.value] if language else None
        reference = self._reference()
        contacts = self._contacts(words)
        draft = NoteDraft(
            language=language,
            reference=reference,
            date=self._date(words) if words else None,
            mandate=self._mandate(words) if words else None,
            deadline=self._deadline(words) if words else None,
            addressees=self._addressees(words) if words else (),
            sectors=self._sectors(words) if words else (),
            stakeholders=self._stakeholders(words) if words else (),
            contacts=contacts,
            annexes=self._annexes(words) if words else (),
            warnings=(),
            body=self._body(words) if words else self._written.strip(),
        )
        self._links(words)
        in_order = sorted(self._warnings, key=lambda warning: warning.line)
        return replace(draft, warnings=tuple(in_order))

    def _line(self, start: int) -> int:
        return self._text.count("\n", 0, start) + 1

    def _words(self, start: int, end: int) -> str:
        return " ".join(self._written[start:end].split())

    def _finding(self, value: Value, start: int, end: int) -> Finding[Value]:
        start += len(self._text[start:end]) - len(self._text[start:end].lstrip())
        return Finding(value, self._words(start, end), self._line(start))

    def _warn(self, kind: WarningKind, start: int, end: int) -> None:
        found = self._finding(kind, start, end)
        self._warnings.append(NoteWarning(kind, found.words, found.line))

    def _language(self) -> Finding[str] | None:
        counts: dict[str, list[re.Match[str]]] = {language: [] for language in LANGUAGE_WORDS}
        for word in re.finditer(r"[^\W\d_]+", self._text):
            for language, words in LANGUAGE_WORDS.items():
                if word[0].lower() in words.common:
                    counts[language].append(word)
        best, second = sorted(counts.values(), key=len, reverse=True)[:2]
        # Fewer words, or a text in two languages, tell nothing for certain.
        if len(best) < 5 or len(best) < 2 * len(second):
            return None
        language = next(name for name, found in counts.items() if found is best)
        distinct = dict.fromkeys(word[0].lower() for word in best)
        return Finding(language, ", ".join(list(distinct)[:5]), self._line(best[0].start()))

    def _reference(self) -> Finding[str] | None:
        found = _REFERENCE.search(self._text) or _BARE_REFERENCE.search(self._text)
        if found is None:
            return None
        value = self._words(*found.span(1))
        if not any(sign.isdigit() for sign in value):
            self._warn(WarningKind.INITIALS_REFERENCE, *found.span(1))
        return self._finding(value, *found.span())

    def _date(self, words: NoteWords) -> Finding[date] | None:
        """The last date that has a line to itself, after a place at most."""
        day_on_line = words.date.replace(" ", r"[ \t]+")
        line = re.compile(rf"^[ \t]*(?:[^\W\d_][^\n,\d]{{1,40}},[ \t]*)?(?:le[ \t]+)?{day_on_line}[ \t]*$", re.I | re.M)
        last = None
        for found in line.finditer(self._text):
            day = _day(found, words)
            last = self._finding(day, *found.span()) if day else last
        return last

    def _mandate(self, words: NoteWords) -> Finding[Mandate] | None:
        bodies = "|".join(f"(?P<{body.name}{{n}}>{name})" for body, name in words.bodies.items())
        ways = words.resolution.replace("{body}", f"(?:{bodies.replace('{n}', '')})", 1)
        ways = ways.replace("{body}", f"(?:{bodies.replace('{n}', '2')})", 1)
        ways = ways.replace("{number}", f"(?P<number>{_NUMBER})").replace("{number2}", f"(?P<number2>{_NUMBER})")
        found = pattern(ways).search(self._text)
        if found is None:
            return None
        groups = found.groupdict()
        body = next(b for b in words.bodies if groups[b.name] or groups[b.name + "2"])
        titled = pattern(words.entitled).match(self._text, found.end())
        title = self._words(*titled.span("title")) if titled else None
        number = " ".join((groups["number"] or groups["number2"]).split())
        return self._finding(Mandate(body, number, title), found.start(), (titled or found).end())

    def _deadline(self, words: NoteWords) -> Finding[NamedDeadline] | None:
        zones = "|".join(words.zones.values())
        # Only an hour may stand between: "adopted by the Council on 11 October" is no deadline.
        clock = r"\d{1,2}(?:\s*[:.h]\s*\d{2}|\s*h(?:eures)?)?(?:\s*[ap]\.?m\.?)?"
        hour = rf"(?: (?:à |at )?{clock}(?:,? \(?(?:{zones})\)?)?,? (?:on|le|du))"
        named = pattern(
            rf"(?:\b(?:(?P<included>{words.until_included})|(?P<open>{words.until_open}))\b(?P<between>{hour})? )?"
            rf"(?:(?:{words.weekday}),? )?{words.date}(?:,? (?P<closing>{words.closing_included}))?"
        )
        found: list[tuple[Finding[NamedDeadline], tuple[int, int]]] = []
        for match in named.finditer(self._text):
            day = _day(match, words)
            if day is None or not (match["included"] or match["open"] or match["closing"]):
                continue
            if not words.reply.search(self._sentence(match)):
                continue
            around = (match["between"] or "") + " " + _SENTENCE_END.split(self._text[match.end() : match.end() + 60])[0]
            deadline = NamedDeadline(
                day, not match["open"] or bool(match["closing"]), _hour(around), _zone(around, words)
            )
            found.append((self._finding(deadline, *match.span()), match.span()))
        if not found:
            return None
        deadline_found, span = found[0]
        if not deadline_found.value.inclusive:
            self._warn(WarningKind.OPEN_DEADLINE, *span)
        for other, other_span in found[1:]:
            if other.value.day != deadline_found.value.day:
                self._warn(WarningKind.SEVERAL_DEADLINES, *other_span)
        return deadline_found

    def _sentence(self, around: re.Match[str]) -> str:
        before = [end.end() for end in _SENTENCE_END.finditer(self._text, 0, around.start())]
        after = _SENTENCE_END.search(self._text, around.end())
        return self._text[before[-1] if before else 0 : after.start() if after else len(self._text)]

    def _addressees(self, words: NoteWords) -> tuple[Finding[Addressee], ...]:
        found: dict[Addressee, Finding[Addressee]] = {}
        kinds = (
            (InstitutionKind.PERMANENT_MISSION, words.mission),
            (InstitutionKind.PERMANENT_OBSERVER_MISSION, words.observer),
        )
        for kind, mission in kinds:
            for match in mission.finditer(self._text):
                blank = re.compile(r"\n[ \t]*\n").search(self._text, match.end())
                end = min(match.end() + 250, blank.start() if blank else len(self._text))
                for seat, name in words.seats.items():
                    named = pattern(rf"\b{name}\b").search(self._text, match.end(), end)
                    if named:
                        addressee = Addressee(kind, seat)
                        found.setdefault(addressee, self._finding(addressee, match.start(), named.end()))
        return tuple(found.values())

    def _sectors(self, words: NoteWords) -> tuple[Finding[Sector], ...]:
        found: list[tuple[int, Finding[Sector]]] = []
        end = 0
        for ministries in words.ministries.finditer(self._text):
            if ministries.start() < end:
                continue
            clause_end = _CLAUSE_END.search(self._text, ministries.end())
            end = clause_end.start() if clause_end else len(self._text)
            for sector, names in words.sectors.items():
                for match in pattern(rf"\b(?:{names})\b").finditer(self._text, ministries.end(), end):
                    found.append((match.start(), self._finding(sector, *match.span())))
        for match in words.local.finditer(self._text):
            found.append((match.start(), self._finding(Sector.LOCAL_ADMINISTRATION, *match.span())))
        return _firsts(found)

    def _stakeholders(self, words: NoteWords) -> tuple[Finding[InstitutionKind], ...]:
        return _firsts(
            (match.start(), self._finding(kind, *match.span()))
            for kind, names in words.stakeholders.items()
            for match in pattern(rf"\b(?:{names})\b").finditer(self._text)
        )

    def _contacts(self, words: NoteWords | None) -> tuple[Finding[NamedContact], ...]:
        titles = words.title_of_person if words else "(?!)"
        name_before = re.compile(rf"(?:\b(?P<title>{titles})[ \t]+)?(?P<name>{_NAME})[ \t]*[(<\[:,]?[ \t]*$")
        found: dict[str, Finding[NamedContact]] = {}
        personal: list[Finding[NamedContact]] = []
        for match in _EMAIL.finditer(self._text):
            email = match[0].rstrip(".").lower()
            if email in found:
                continue
            before = self._text[max(0, match.start() - 90) : match.start()].rsplit("\n", 1)[-1]
            named = name_before.search(before)
            titled = bool(named and named["title"])
            is_personal = titled or _named_for_a_person(email.partition("@")[0])
            name = named[0].rstrip(" \t(<[:,") if named and is_personal else None
            start = match.start() - (len(before) - named.start()) if named and is_personal else match.start()
            found[email] = self._finding(NamedContact(email, name, is_personal), start, match.end())
            if is_personal:
                personal.append(found[email])
        if personal:
            words_found = ", ".join(contact.value.email for contact in personal)
            self._warnings.append(NoteWarning(WarningKind.PERSONAL_MAILBOX, words_found, personal[0].line))
        return tuple(found.values())

    def _annexes(self, words: NoteWords) -> tuple[Finding[str], ...]:
        return tuple(
            self._finding(self._words(*match.span(1)), *match.span()) for match in words.annex.finditer(self._text)
        )

    def _links(self, words: NoteWords | None) -> None:
        """Warn of links that lead nowhere: an empty target, an address without a host, words in place of a link."""
        seen: set[int] = set()
        dead = [m for m in _MARKDOWN_LINK.finditer(self._text) if not _REAL_ADDRESS.match(m[1])]
        dead += [m for m in _ADDRESS.finditer(self._text) if not _REAL_ADDRESS.match(m[0])]
        dead += words.placeholder.finditer(self._text) if words else ()
        for match in dead:
            if match.start() not in seen:
                seen.update(range(*match.span()))
                self._warn(WarningKind.DEAD_LINK, *match.span())
        online = words.online.search(self._text) if words else None
        if online and not seen and not _ADDRESS.search(self._text):
            self._warn(WarningKind.NO_LINK, *online.span())

    def _body(self, words: NoteWords) -> str:
        kept = []
        for start, end in self._paragraphs():
            paragraph = self._text[start:end]
            if words.courtesies.search(paragraph) or words.annex.match(paragraph) or _REFERENCE.match(paragraph):
                continue
            # Addressees, place and date, a signature: none of them ends as a sentence does.
            if not paragraph.rstrip().endswith((".", "!", "?", ";", ":")):
                continue
            compliments = words.compliments.search(paragraph)
            if compliments:
                stop = _SENTENCE_END.search(paragraph, compliments.end())
                opening = paragraph[: stop.end()] if stop else ""
                start += len(opening) if not re.search(r"hono?u?r|honneur", opening, re.I) else 0
            lines = self._written[start:end].strip().split("\n")
            listed = any(re.match(r"\s*(?:[-*•]|\d+[.)])\s", line) for line in lines)
            kept.append("\n".join(lines) if listed else " ".join(" ".join(lines).split()))
        return "\n\n".join(kept)

    def _paragraphs(self) -> Iterator[tuple[int, int]]:
        start = 0
        for gap in _PARAGRAPHS.finditer(self._text):
            if self._text[start : gap.start()].strip():
                yield start, gap.start()
            start = gap.end()
        if self._text[start:].strip():
            yield start, len(self._text)


def _firsts(found: Iterable[tuple[int, Finding[Value]]]) -> tuple[Finding[Value], ...]:
    """Each value where it is named first, in the order of the note."""
    firsts: dict[Value, Finding[Value]] = {}
    for _start, finding in sorted(found, key=lambda pair: pair[0]):
        firsts.setdefault(finding.value, finding)
    return tuple(firsts.values())


def _day(match: re.Match[str], words: NoteWords) -> date | None:
    """The day of a match of `words.date`; None for one that no calendar has."""
    groups = match.groupdict()
    day, month, year = (groups.get(part) or groups.get(part + "2") or "" for part in ("day", "month", "year"))
    try:
        return date(int(year), words.months[month.lower()], int(day.lower().removesuffix("er")))
    except ValueError:
        return None


def _hour(around: str) -> time | None:
    for match in _HOUR.finditer(around):
        if match[3] is None and match[0].strip() == match[1]:
            continue
        hour = int(match[1]) % 12 + (12 if match[3].lower().startswith("p") else 0) if match[3] else int(match[1])
        minute = int(match[2] or 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    return None


def _zone(around: str, words: NoteWords) -> str | None:
    return next((zone for zone, name in words.zones.items() if pattern(name).search(around)), None)


def _named_for_a_person(mailbox: str) -> bool:
    parts = re.split(r"[._]", mailbox)
    return (
        len(parts) in (2, 3) and all(part.isalpha() for part in parts) and not FUNCTIONAL_MAILBOXES.intersection(parts)
    )

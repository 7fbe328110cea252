"""Reading a note verbale that exists, as the start of a campaign: values with the words they were read from, in the six languages."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from outreach.campaigns import draft_days
from outreach.campaigns.draft_findings import (
    Addressee,
    Finding,
    NamedContact,
    NamedDeadline,
    NoteDraft,
    NoteWarning,
    WarningKind,
)
from outreach.campaigns.draft_folder import write_folder
from outreach.campaigns.draft_mandate import mandates
from outreach.campaigns.draft_text import NoteText, first_sentence_end
from outreach.campaigns.draft_words import FUNCTIONAL_MAILBOXES, LANGUAGE_WORDS, NoteWords, pattern
from outreach.directory.words import InstitutionKind, Sector

__all__ = ["NoteDraft", "read_note", "write_folder"]

Value = TypeVar("Value")

_REFERENCE = re.compile(
    r"^[ \t]*(?:r[ée]f[ée]rence|referencia|r[ée]f\.?|(?:our|notre|nuestra) r[eé]f(?:erence|érence|erencia)?\.?|исх\.? ?(?:№|n)?|ссылка|справочный номер|№"
    r"|(?:ال)?مرجع|الرقم المرجعي|الاشارة|رقم|(?:参考)?(?:编号|文号)|发文(?:编号|字号)|参考)[ \t]*(?:[:.№][ \t]*|(?<=№)[ \t]*)(?P<value>\S.{0,80}?)[ \t]*$",
    re.I | re.M,
)
_BARE_REFERENCE = re.compile(r"^[ \t]*(?P<value>[A-Z]{2,}(?:[/-][A-Za-z0-9.()]+)+)[ \t]*$", re.M)
_EMAIL = re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_NAME = r"[^\W\d_a-zß-ÿа-яё][\w'.-]*(?:[ \t]+[^\W\d_a-zß-ÿа-яё][\w'.-]*){0,4}"
_MARKDOWN_LINK = re.compile(r"\[[^][\n]{0,200}\]\(\s{0,3}([^)\s]{0,500})\s{0,3}\)")
_ADDRESS = re.compile(r"https?://[^\s<>\]()،。、，；]*[^\s<>\]()،。、，；.,;:!?]|https?://", re.I)
_REAL_ADDRESS = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+|mailto:[^@]+@", re.I)
_ORDINAL = r"[\dIVX]{1,4}|[一二三四五六七八九十]|الأول|الثاني|الثالث|الرابع"
_CLAUSE_END = re.compile(r"[.;؛](?=\s|$)|[。]|\n[ \t]*\n")
_SENTENCE_MARKS = (".", "!", "?", ";", ":", "؛", "؟", "。")


def read_note(text: str) -> NoteDraft:
    """Read the text of a note. Never fails: what is not found is left open, in an unknown language nearly everything is."""
    return _Note(text).draft()


class _Note:
    def __init__(self, text: str) -> None:
        self._note = NoteText(text)
        self._text = self._note.plain
        self._warnings: list[NoteWarning] = []

    def draft(self) -> NoteDraft:
        language = self._language()
        words = LANGUAGE_WORDS[language.value] if language else None
        written_on = draft_days.own_date(self._note, words) if words else None
        draft = NoteDraft(
            language=language,
            reference=self._reference(),
            date=written_on,
            mandate=None,
            deadline=self._deadline(words, written_on.value if written_on else None) if words else None,
            addressees=self._addressees(words) if words else (),
            sectors=self._sectors(words) if words else (),
            stakeholders=self._stakeholders(words) if words else (),
            contacts=self._contacts(words),
            annexes=self._annexes(words) if words else (),
            links=self._links(words),
            subject=self._subject(words) if words else None,
            warnings=(),
            questionnaire=bool(words and pattern(words.questionnaire).search(self._text)),
            text=self._note.written,
            body=self._body(words) if words else self._note.written.strip(),
        )
        found = mandates(self._note, words) if words else []
        for other in found[1:]:
            if other.value.symbol != found[0].value.symbol:
                self._warnings.append(NoteWarning(WarningKind.SEVERAL_RESOLUTIONS, other.words, other.line))
        in_order = sorted(self._warnings, key=lambda warning: warning.line)
        return replace(draft, mandate=found[0] if found else None, warnings=tuple(in_order))

    def _warn(self, kind: WarningKind, start: int, end: int) -> None:
        found = self._note.finding(kind, start, end)
        self._warnings.append(NoteWarning(kind, found.words, found.line))

    def _language(self) -> Finding[str] | None:
        found: dict[str, list[re.Match[str]]] = {
            language: list(words.named(words.common).finditer(self._text)) for language, words in LANGUAGE_WORDS.items()
        }
        best, second = sorted(found.values(), key=len, reverse=True)[:2]
        # Fewer words, or a text in two languages, tell nothing for certain.
        if len(best) < 5 or len(best) < 2 * len(second):
            return None
        language = next(name for name, matches in found.items() if matches is best)
        distinct = dict.fromkeys(self._note.words(*word.span()).lower() for word in best)
        return Finding(language, ", ".join(list(distinct)[:5]), self._note.line(best[0].start()))

    def _reference(self) -> Finding[str] | None:
        found = _REFERENCE.search(self._text) or _BARE_REFERENCE.search(self._text)
        if found is None:
            return None
        value = self._note.words(*found.span("value"))
        if not any(sign.isdigit() for sign in value):
            self._warn(WarningKind.INITIALS_REFERENCE, *found.span("value"))
        return self._note.finding(value, *found.span())

    def _subject(self, words: NoteWords) -> Finding[str] | None:
        found = pattern(rf"^[ \t]*(?:{words.subject})[ \t]*:[ \t]*(?P<title>\S.{{2,290}}?)[ \t]*$", re.I | re.M).search(
            self._text
        )
        return self._note.finding(self._note.words(*found.span("title")), *found.span()) if found else None

    def _deadline(self, words: NoteWords, written_on: date | None) -> Finding[NamedDeadline] | None:
        for unclear in draft_days.unclear_days(self._note, words):
            self._warn(WarningKind.UNCLEAR_DAY, *unclear)
        found = list(draft_days.deadlines(self._note, words, written_on))
        if not found:
            return None
        first = found[0]
        if not first.finding.value.inclusive:
            self._warn(WarningKind.OPEN_DEADLINE, *first.span)
        if not first.year_is_said:
            self._warn(WarningKind.NO_YEAR, *first.span)
        for other in found[1:]:
            if other.finding.value.day != first.finding.value.day:
                self._warn(WarningKind.SEVERAL_DEADLINES, *other.span)
        return first.finding

    def _addressees(self, words: NoteWords) -> tuple[Finding[Addressee], ...]:
        found: dict[Addressee, Finding[Addressee]] = {}
        kinds = (
            (InstitutionKind.PERMANENT_MISSION, pattern(words.mission)),
            (InstitutionKind.PERMANENT_OBSERVER_MISSION, pattern(words.observer)),
        )
        named = {seat: words.named(name) for seat, name in words.seats.items()}
        any_seat = pattern("|".join(words.seats.values()))
        for kind, mission in kinds:
            for match in mission.finditer(self._text):
                end = self._end_of_address(match.end(), any_seat, [each for _kind, each in kinds])
                for seat, name in named.items():
                    there = name.search(self._text, match.end(), end)
                    if there:
                        addressee = Addressee(kind, seat)
                        found.setdefault(addressee, self._note.finding(addressee, match.start(), there.end()))
        return tuple(found.values())

    def _end_of_address(self, start: int, seat: re.Pattern[str], missions: list[re.Pattern[str]]) -> int:
        """How far missions are addressed: to the end of the paragraph, or until others are named after a seat."""
        blank = re.compile(r"\n[ \t]*\n").search(self._text, start)
        end = min(start + 250, blank.start() if blank else len(self._text))
        first = seat.search(self._text, start, end)
        others = [other.start() for each in missions if first and (other := each.search(self._text, first.end(), end))]
        return min(others, default=end)

    def _sectors(self, words: NoteWords) -> tuple[Finding[Sector], ...]:
        found: list[tuple[int, Finding[Sector]]] = []
        end = 0
        for ministries in pattern(words.ministries).finditer(self._text):
            if ministries.start() < end:
                continue
            start = ministries.start()
            if not words.left:
                # In Chinese the fields stand before the word for their ministries.
                start = max(self._text.rfind(sign, 0, start) for sign in "。;,\n") + 1
            clause_end = _CLAUSE_END.search(self._text, ministries.end())
            end = clause_end.start() if clause_end else len(self._text)
            for sector, names in words.sectors.items():
                for match in words.named(names).finditer(self._text, start, end):
                    found.append((match.start(), self._note.finding(sector, *match.span())))
        for match in pattern(words.local).finditer(self._text):
            found.append((match.start(), self._note.finding(Sector.LOCAL_ADMINISTRATION, *match.span())))
        return _firsts(found)

    def _stakeholders(self, words: NoteWords) -> tuple[Finding[InstitutionKind], ...]:
        return _firsts(
            (match.start(), self._note.finding(kind, *match.span()))
            for kind, names in words.stakeholders.items()
            for match in words.named(names).finditer(self._text)
        )

    def _contacts(self, words: NoteWords | None) -> tuple[Finding[NamedContact], ...]:
        titles = words.title_of_person if words else "(?!)"
        after = words.name_after if words else "(?!)"
        name_before = re.compile(
            rf"(?:(?<!\w)(?P<title>{titles})[ \t]+)?(?P<name>{_NAME})[ \t]*[(<\[:,،]?[ \t]*$|(?P<titled>{after})[ \t]*[(<\[:,]?[ \t]*$"
        )
        found: dict[str, Finding[NamedContact]] = {}
        personal: list[Finding[NamedContact]] = []
        for match in _EMAIL.finditer(self._text):
            email = match[0].rstrip(".").lower()
            if email in found:
                continue
            before = self._text[max(0, match.start() - 90) : match.start()].rsplit("\n", 1)[-1]
            named = name_before.search(before)
            titled = bool(named and (named["title"] or named["titled"]))
            is_personal = titled or _named_for_a_person(email.partition("@")[0])
            start = match.start() - (len(before) - named.start()) if named and is_personal else match.start()
            name = self._note.words(start, match.start()).rstrip(" \t(<[:,،（") if named and is_personal else None
            found[email] = self._note.finding(NamedContact(email, name or None, is_personal), start, match.end())
            if is_personal:
                personal.append(found[email])
        if personal:
            words_found = ", ".join(contact.value.email for contact in personal)
            self._warnings.append(NoteWarning(WarningKind.PERSONAL_MAILBOX, words_found, personal[0].line))
        return tuple(found.values())

    def _annexes(self, words: NoteWords) -> tuple[Finding[str], ...]:
        return tuple(
            self._note.finding(self._note.words(*match.span("annex")), *match.span())
            for match in self._annex_line(words).finditer(self._text)
        )

    def _annex_line(self, words: NoteWords) -> re.Pattern[str]:
        lead = rf"(?:{words.annex})[ \t]*(?:(?:{_ORDINAL})[ \t]*[.:–—-]|[:–—-])"
        return pattern(rf"^[ \t]*{lead}[ \t]*(?P<annex>\S.*?)[ \t]*$", re.I | re.M)

    def _links(self, words: NoteWords | None) -> tuple[Finding[str], ...]:
        """The addresses that are named. Warns of links that lead nowhere: an empty target, no host, words in place of a link."""
        seen: set[int] = set()
        found: list[tuple[int, Finding[str]]] = []
        for match in _ADDRESS.finditer(self._text):
            if _REAL_ADDRESS.match(match[0]):
                found.append((match.start(), self._note.finding(match[0], *match.span())))
        dead = [m for m in _MARKDOWN_LINK.finditer(self._text) if not _REAL_ADDRESS.match(m[1])]
        dead += [m for m in _ADDRESS.finditer(self._text) if not _REAL_ADDRESS.match(m[0])]
        dead += pattern(words.placeholder).finditer(self._text) if words else ()
        for match in dead:
            if match.start() not in seen:
                seen.update(range(*match.span()))
                self._warn(WarningKind.DEAD_LINK, *match.span())
        online = pattern(words.online).search(self._text) if words else None
        if online and not seen and not found:
            self._warn(WarningKind.NO_LINK, *online.span())
        return _firsts(found)

    def _body(self, words: NoteWords) -> str:
        kept = []
        courtesies, compliments = pattern(words.courtesies), pattern(words.compliments)
        for start, end in self._note.paragraphs():
            paragraph = self._text[start:end]
            if (
                courtesies.search(paragraph)
                or self._annex_line(words).match(paragraph)
                or _REFERENCE.match(paragraph)
                # Addressees, place and date, a signature: none of them ends as a sentence does.
                or not paragraph.rstrip().endswith(_SENTENCE_MARKS)
            ):
                continue
            greeted = compliments.search(paragraph)
            if greeted:
                # Where the honour stands in the sentence of the compliments, the sentence says what the note is about.
                stop = first_sentence_end(paragraph, greeted.end())
                start += stop if not pattern(words.honour).search(paragraph[:stop]) else 0
            lines = self._note.slice(start, end).strip().split("\n")
            listed = any(re.match(r"\s*(?:[-*•–]|\d+[.)])\s", line) for line in lines)
            joint = "" if words.gap == r"\s*" else " "
            kept.append("\n".join(lines) if listed else joint.join(" ".join(line.split()) for line in lines))
        return "\n\n".join(kept)


def _firsts(found: Iterable[tuple[int, Finding[Value]]]) -> tuple[Finding[Value], ...]:
    """Each value where it is named first, in the order of the note."""
    firsts: dict[Value, Finding[Value]] = {}
    for _start, finding in sorted(found, key=lambda pair: pair[0]):
        firsts.setdefault(finding.value, finding)
    return tuple(firsts.values())


def _named_for_a_person(mailbox: str) -> bool:
    parts = re.split(r"[._]", mailbox)
    return (
        len(parts) in (2, 3) and all(part.isalpha() for part in parts) and not FUNCTIONAL_MAILBOXES.intersection(parts)
    )

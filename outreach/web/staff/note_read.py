"""What was read from a note verbale, line by line as staff check it: each value beside the words it was read from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outreach.campaigns.draft_findings import Finding, NamedDeadline, NoteDraft
from outreach.dates import place, un_date
from outreach.i18n import NATIVE_NAMES, _, join
from outreach.reports.words import POSTS
from outreach.web import names


@dataclass(frozen=True)
class ReadLine:
    """A value, what it is, and the words of the note (in `language`, None: unknown) with their line."""

    label: str
    value: str
    words: str
    line: int
    language: str | None
    anchor: str | None
    """Where the words stand in the text beside it."""


@dataclass(frozen=True)
class Piece:
    """Some of the note's text; `label` says what was read from it, where anything was."""

    text: str
    label: str | None = None
    anchor: str | None = None


def labels() -> dict[str, str]:
    """What the parts of a draft are called, by the names of its attributes; its body is not among them."""
    return {
        "language": _("Original language"),
        "reference": _("Reference of the note verbale"),
        "date": _("Date of the note verbale"),
        "mandate": _("Symbol of the resolution"),
        "deadline": _("Last day for answers"),
        "subject": _("Title"),
        "addressees": _("Who is asked"),
        "contacts": _("Mailbox for questions"),
        "sectors": _("Fields to be reached"),
        "stakeholders": _("Stakeholders to be reached"),
        "links": _("Links"),
        "annexes": _("Annexes"),
    }


def lines(draft: NoteDraft) -> list[ReadLine]:
    """All that was read, in the order of the form."""
    kinds, sectors = names.kinds(), names.sectors()
    anchors = {span: anchor for spans, anchor, _label in _marks(draft) for span in spans}
    made: list[ReadLine] = []

    def add(name: str, *found: tuple[Finding[object] | None, str]) -> None:
        spoken = draft.language.value if draft.language else None
        made.extend(
            ReadLine(labels()[name], value, one.words, one.line, spoken, anchors.get(one.span))
            for one, value in found
            if one is not None
        )

    add("language", (draft.language, NATIVE_NAMES[draft.language.value] if draft.language else ""))
    add("reference", (draft.reference, draft.reference.value if draft.reference else ""))
    add("date", (draft.date, un_date(draft.date.value) if draft.date else ""))
    add("mandate", (draft.mandate, draft.mandate.value.symbol if draft.mandate else ""))
    add("deadline", (draft.deadline, _deadline(draft.deadline.value) if draft.deadline else ""))
    add("subject", (draft.subject, draft.subject.value if draft.subject else ""))
    add("addressees", *((one, join([kinds[one.value.kind], str(POSTS[one.value.seat])])) for one in draft.addressees))
    add("contacts", *((one, one.value.email) for one in draft.contacts))
    add("sectors", *_together([(one, sectors[one.value]) for one in draft.sectors]))
    add("stakeholders", *_together([(one, kinds[one.value]) for one in draft.stakeholders]))
    add("links", *((one, one.value) for one in draft.links))
    add("annexes", *((one, one.value) for one in draft.annexes))
    return made


def pieces(draft: NoteDraft) -> list[Piece]:
    """The whole text of the note, with what was read from it marked."""
    made: list[Piece] = []
    end = 0
    for spans, anchor, label in _marks(draft):
        start, stop = min(spans)[0], max(stop for _start, stop in spans)
        made += [Piece(draft.text[end:start]), Piece(draft.text[start:stop], label, anchor)]
        end = stop
    return [*made, Piece(draft.text[end:])]


def _marks(draft: NoteDraft) -> list[tuple[list[tuple[int, int]], str, str]]:
    """The places that something was read from, in their order; those that overlap are one, named by the first."""
    known = labels()
    found: list[tuple[tuple[int, int], str]] = []
    for name, label in known.items():
        value = getattr(draft, name)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None and one.span != (0, 0):
                found.append((one.span, label))
    marks: list[tuple[list[tuple[int, int]], str, str]] = []
    for span, label in sorted(found):
        if marks and span[0] < max(stop for _start, stop in marks[-1][0]):
            marks[-1][0].append(span)
        else:
            marks.append(([span], f"at-{span[0]}", label))
    return marks


def not_found(draft: NoteDraft) -> list[str]:
    """What must be written by hand: the parts of the form for which the note says nothing."""
    known = labels()
    needed: Iterable[str] = ("language", "reference", "date", "mandate", "deadline", "addressees", "contacts")
    return [known[name] for name in needed if name in draft.left_open]


def _together(found: Sequence[tuple[Finding[object], str]]) -> list[tuple[Finding[object], str]]:
    """Many short findings as one, on the line where the first of them stands."""
    if not found:
        return []
    first = found[0][0]
    words = Finding[object](None, join([one.words for one, _value in found]), first.line, first.span)
    return [(words, join([value for _one, value in found]))]


def _deadline(named: NamedDeadline) -> str:
    parts = [un_date(named.day)]
    if named.hour:
        parts.append(f"{named.hour:%H:%M}")
    if named.zone:
        parts.append(place(named.zone))
    return join(parts)

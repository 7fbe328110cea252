"""What a note verbale says, as far as it could be read: each finding with the words it was read from, so that a person can check it."""

import enum
from dataclasses import dataclass, field, fields
from datetime import date, time
from typing import Generic, TypeVar

from outreach.directory.words import InstitutionKind, Seat, Sector
from outreach.i18n import _

Value = TypeVar("Value", covariant=True)


@dataclass(frozen=True)
class Finding(Generic[Value]):
    """A value, the words of the note that it was read from (on one line), and the line they begin on, counted from 1."""

    value: Value
    words: str
    line: int
    span: tuple[int, int] = field(default=(0, 0), compare=False)
    """Where the words begin and end in the text of the draft."""


class MandateBody(enum.StrEnum):
    """The bodies whose resolutions are recognized; the value is how their symbols begin."""

    HUMAN_RIGHTS_COUNCIL = "A/HRC/RES/"
    GENERAL_ASSEMBLY = "A/RES/"
    ECONOMIC_AND_SOCIAL_COUNCIL = "E/RES/"
    SECURITY_COUNCIL = "S/RES/"


@dataclass(frozen=True)
class Mandate:
    """A resolution: Human Rights Council, 54/22, and its title where the note quotes it."""

    body: MandateBody
    number: str
    title: str | None

    @property
    def symbol(self) -> str:
        """The symbol of the document: A/HRC/RES/54/22."""
        return f"{self.body}{self.number}"


@dataclass(frozen=True)
class NamedDeadline:
    """The last day; hour and zone (an IANA name) where the note says them."""

    day: date
    inclusive: bool
    """False where the wording leaves it open whether the day itself is included, as "before 31 July" does."""
    hour: time | None
    zone: str | None


@dataclass(frozen=True)
class Addressee:
    """A kind of mission at a seat."""

    kind: InstitutionKind
    seat: Seat


@dataclass(frozen=True)
class NamedContact:
    """An address for questions; the name with its title where one stands before it."""

    email: str
    name: str | None
    personal: bool
    """Whether it looks like the mailbox of one person."""


class WarningKind(enum.StrEnum):
    """What staff should mend before such a note goes out."""

    DEAD_LINK = "dead_link"
    NO_LINK = "no_link"
    INITIALS_REFERENCE = "initials_reference"
    PERSONAL_MAILBOX = "personal_mailbox"
    OPEN_DEADLINE = "open_deadline"
    SEVERAL_DEADLINES = "several_deadlines"
    UNCLEAR_DAY = "unclear_day"
    NO_YEAR = "no_year"
    SEVERAL_RESOLUTIONS = "several_resolutions"


@dataclass(frozen=True)
class NoteWarning:
    """A warning, with the words and the line that gave rise to it."""

    kind: WarningKind
    words: str
    line: int

    def sentence(self) -> str:
        """What is wrong and what would be better, in the language spoken now."""
        match self.kind:
            case WarningKind.DEAD_LINK:
                return _(
                    "The link leads nowhere: “%(words)s”. The letters carry each recipient's own link.",
                    words=self.words,
                )
            case WarningKind.NO_LINK:
                return _("The note announces something online, but holds no link: “%(words)s”.", words=self.words)
            case WarningKind.INITIALS_REFERENCE:
                return _(
                    "The reference “%(words)s” consists of initials only: it cannot be told from that of another note.",
                    words=self.words,
                )
            case WarningKind.PERSONAL_MAILBOX:
                return _(
                    "Questions go to the mailboxes of persons (%(words)s): a functional mailbox outlasts absence and transfer.",
                    words=self.words,
                )
            case WarningKind.OPEN_DEADLINE:
                return _(
                    "“%(words)s” leaves it open whether the day itself is included: “no later than” includes it.",
                    words=self.words,
                )
            case WarningKind.SEVERAL_DEADLINES:
                return _("The note names more than one deadline: “%(words)s”.", words=self.words)
            case WarningKind.UNCLEAR_DAY:
                return _("“%(words)s” can be read as two different days; neither was taken.", words=self.words)
            case WarningKind.NO_YEAR:
                return _("“%(words)s” names no year: the first such day after the note was taken.", words=self.words)
            case WarningKind.SEVERAL_RESOLUTIONS:
                return _("The note names another resolution, too: “%(words)s”.", words=self.words)


_NEVER_OPEN = ("warnings", "links", "subject", "questionnaire", "text")
"""What a note may well do without."""


@dataclass(frozen=True)
class NoteDraft:
    """What was read from a note. What was not found is None or empty, and named by `left_open`."""

    language: Finding[str] | None
    reference: Finding[str] | None
    date: Finding[date] | None
    mandate: Finding[Mandate] | None
    deadline: Finding[NamedDeadline] | None
    addressees: tuple[Finding[Addressee], ...]
    sectors: tuple[Finding[Sector], ...]
    """Of the ministries that are named, and local administration."""
    stakeholders: tuple[Finding[InstitutionKind], ...]
    contacts: tuple[Finding[NamedContact], ...]
    annexes: tuple[Finding[str], ...]
    links: tuple[Finding[str], ...]
    """The addresses on the web that it names."""
    subject: Finding[str] | None
    """What its subject line says, where it has one."""
    warnings: tuple[NoteWarning, ...]
    questionnaire: bool
    """Whether it speaks of a questionnaire; if not, it calls for contributions."""
    text: str
    """The note as it was read, its lines ended by \\n."""
    body: str
    """The note's text as Markdown, without reference, compliments, courtesies, addressees, date and annexes."""

    @property
    def ministries(self) -> tuple[Sector, ...]:
        """The sectors of the ministries that are named, in the order of the note."""
        return tuple(found.value for found in self.sectors if found.value is not Sector.LOCAL_ADMINISTRATION)

    @property
    def left_open(self) -> tuple[str, ...]:
        """The names of the attributes for which nothing was found."""
        return tuple(f.name for f in fields(self) if f.name not in _NEVER_OPEN and not getattr(self, f.name))

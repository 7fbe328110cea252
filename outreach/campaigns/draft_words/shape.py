"""What a language must know to have notes verbales read in it. In patterns a space stands for any white space, also a line's end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from outreach.campaigns.draft_findings import MandateBody
from outreach.directory.words import InstitutionKind, Seat, Sector

PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\u3000", " "),
        **dict.fromkeys("’‘ʼ", "'"),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        **{chr(0xFF01 + at): chr(0x21 + at) for at in range(94)},
        **{chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)},
    }
)
"""Signs that a reader takes for the same become one of the same length: spaces, apostrophes, carriers of hamza, digits, full-width signs."""

QUOTED = (
    r"(?:«\s*(?P<title1>[^»]{2,400}?)[\s,.]*»|[“„”]\s*(?P<title2>[^”“]{2,400}?)[\s,.]*[”“]"
    r"|\"\s*(?P<title3>[^\"]{2,400}?)[\s,.]*\"|《\s*(?P<title4>[^》]{2,400}?)\s*》)"
)
"""A title in quotation marks of any kind."""

NUMBER = r"(?<![\d/])(?:E?S-)?(?:\d{1,4}/\d{1,4}|\d{2,4} ?\(\d{4}\))(?![\d/])"
"""The number of a resolution: 54/22, S-31/1, 1325 (2000)."""


_SPACES = re.compile(r"(?P<set>(?<!\\)\[\^?\]?[^\]]*\])|(?P<perhaps> \?)| ")


@lru_cache(maxsize=2000)
def pattern(text: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """The pattern as plain text is compared with it, each space widened to white space but for those in a set."""
    widened = _SPACES.sub(lambda found: found["set"] or (r"\s?" if found["perhaps"] else r"\s+"), text.translate(PLAIN))
    return re.compile(widened, flags)


def numbered(names: str) -> dict[str, int]:
    """The months by their names, given in their order; alternatives stand with a bar, _ is a space."""
    return {
        name.translate(PLAIN).replace("_", " "): number
        for number, names_of_one in enumerate(names.split(), 1)
        for name in names_of_one.split("|")
    }


@dataclass(frozen=True)
class NoteWords:
    """One language's words."""

    common: str
    """Short words that tell the language."""
    date: str
    """A day, as a pattern with the groups day, month and year (those of a second way of writing end in 2)."""
    months: Mapping[str, int]
    weekday: str
    until_included: str
    until_open: str
    closing_included: str
    closing_open: str
    to_the_day: str
    """What may stand between an hour and the day: on, le, del."""
    clock: str
    """An hour, as a pattern with the groups h, m, pm, am and unit."""
    reply: str
    bodies: Mapping[MandateBody, str]
    resolution: str
    """With the place {number}; two ways of writing are numbered {number} and {number2}."""
    entitled: str
    """What introduces the title of a resolution, with the place {quoted}."""
    mission: str
    observer: str
    seats: Mapping[Seat, str]
    ministries: str
    sectors: Mapping[Sector, str]
    local: str
    stakeholders: Mapping[InstitutionKind, str]
    title_of_person: str
    annex: str
    questionnaire: str
    online: str
    placeholder: str
    subject: str
    compliments: str
    honour: str
    courtesies: str
    zones: Mapping[str, str]
    left: str = r"\b"
    """How a name begins: at the edge of a word, after an article that is written together with it, anywhere."""
    right: str = r"\b"
    edge: str = r"(?<![^\W\d_])"
    """How "no later than" begins."""
    name_after: str = "(?!)"
    """A person's name before an address where the title follows the name."""
    gap: str = r"\s+"
    """What stands between the words of a date and those around it."""
    place_after: str = ""
    """The place in the line of the date, where it may stand after it."""
    before_day: str = "(?!)"
    """What may stand between "no later than" and the day: in Arabic, the word for day."""
    before_date: str = ""
    """A word between the place and the date."""

    def named(self, names: str) -> re.Pattern[str]:
        """A pattern that finds these names as words."""
        return pattern(f"{self.left}(?:{names}){self.right}")

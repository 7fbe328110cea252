"""Reading a TOML table that people write: every key checked, every fault noted with its place, none raised before the end."""

import enum
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from outreach.i18n import _, join

# Control signs and line ends. Not str.isprintable: a French title holds no-break spaces, an Arabic one direction marks.
_BREAKS = {"Cc", "Zl", "Zp"}

Member = TypeVar("Member", bound=enum.StrEnum)


@dataclass
class Faults:
    """The faults found so far, each a place and a whole sentence: "campaign.toml: note.date: …"."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, sentence: str) -> None:
        """Note a fault. `place` is a file, or a file and a key."""
        self.found.append(f"{place}: {sentence}")


class Table:
    """One table of a file. Each reader answers an empty value where it noted a fault, so that reading goes on to the end."""

    def __init__(self, file: str, values: dict[str, Any], faults: Faults, path: str = "") -> None:
        self._file, self._values, self._faults, self._path = file, values, faults, path
        self._known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def fault(self, key: str, sentence: str) -> None:
        """Note a fault of a key."""
        self._faults.add(f"{self._file}: {self._path}{key}", sentence)

    def table(self, key: str) -> "Table":
        """The table under a key; an empty one where it is missing."""
        self._known.add(key)
        values = self._values.get(key, {})
        if not isinstance(values, dict):
            self.fault(key, _("This must be a table of its own, headed by its name in square brackets."))
            values = {}
        return Table(self._file, values, self._faults, f"{self._path}{key}.")

    def text(self, key: str, *, takes: str, required: bool = True) -> str:
        """A single line of text, without the spaces around it. `takes` says as a whole sentence what belongs there."""
        value = self._value(key, takes, required)
        if value is None:
            return ""
        # Titles and references reach the headers of mails, where a line break would begin another header.
        if not isinstance(value, str) or any(unicodedata.category(sign) in _BREAKS for sign in value.strip()):
            self.fault(key, takes)
            return ""
        if not value.strip() and required:
            self.fault(key, _("This is empty.") + " " + takes)
        return value.strip()

    def truth(self, key: str) -> bool:
        """true or false; false where it is missing."""
        value = self._value(key, "", required=False)
        if value is not None and not isinstance(value, bool):
            self.fault(key, _("This takes true or false, without quotation marks."))
        return value is True

    def day(self, key: str, *, takes: str) -> date:
        """A calendar day."""
        value = self._value(key, takes, required=True)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.fault(key, takes)
        return date.min

    def local_time(self, key: str, *, takes: str) -> datetime:
        """A day and an hour on a wall clock, without a zone."""
        value = self._value(key, takes, required=True)
        if isinstance(value, datetime) and value.tzinfo is None:
            return value
        if value is not None:
            self.fault(key, takes)
        return datetime.min  # noqa: DTZ901 - a wall clock has no zone

    def member(self, key: str, members: type[Member], default: Member | None = None) -> Member:
        """One value of an enumeration; without a default it is required."""
        takes = _("This takes one of: %(values)s.", values=join(list(members)))
        value = self._value(key, takes, required=default is None)
        fallback = default or next(iter(members))
        if value is None:
            return fallback
        try:
            return members(value)
        except ValueError:
            self.fault(key, takes)
            return fallback

    def members(
        self, key: str, members: type[Member], default: tuple[Member, ...], *, may_be_empty: bool = False
    ) -> tuple[Member, ...]:
        """Values of an enumeration, usually at least one, each once; the default where the key is missing."""
        takes = _("This takes a list with at least one of: %(values)s.", values=join(list(members)))
        value = self._value(key, takes, required=False)
        if value is None:
            return default
        if may_be_empty and value == []:
            return ()
        try:
            chosen = tuple(members(item) for item in value)
        except (TypeError, ValueError):
            chosen = ()
        if not isinstance(value, list) or not chosen or len(set(chosen)) != len(chosen):
            self.fault(key, takes)
            return default
        return chosen

    def integers(self, key: str, default: tuple[int, ...], *, within: int, takes: str) -> tuple[int, ...]:
        """Whole numbers from -within to within, each once, in their order; the default where the key is missing."""
        value = self._value(key, takes, required=False)
        if value is None:
            return default
        # type() and not isinstance: true is an int too.
        if (
            not isinstance(value, list)
            or any(type(item) is not int or abs(item) > within for item in value)
            or len(set(value)) != len(value)
        ):
            self.fault(key, takes)
            return default
        return tuple(sorted(value))

    def close(self) -> None:
        """Note every key that nothing read: a word misspelt would otherwise be lost in silence."""
        for key in self._values:
            if key not in self._known:
                self.fault(
                    key, _("Nothing of this name is known here. Known are: %(keys)s.", keys=join(sorted(self._known)))
                )

    def _value(self, key: str, takes: str, required: bool) -> Any:
        self._known.add(key)
        if key not in self._values and required:
            self.fault(key, _("This is missing.") + " " + takes)
        return self._values.get(key)

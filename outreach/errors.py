"""The exceptions that carry a sentence for a person, in the language that was being spoken when they were raised.

The web and the command line translate them (`web/errors.py`, `cli/__init__.py`); domains know neither.
"""

from collections.abc import Sequence


class OutreachError(Exception):
    """A sentence that says what happened and what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(OutreachError):
    """What was given can't be taken. `field` names the form field; `faults` lists all faults at once."""

    def __init__(self, message: str, *, field: str | None = None, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.field = field
        self.faults = tuple(faults)


class Missing(OutreachError):
    """What was asked for is not there, or not for this reader."""


class Refused(OutreachError):
    """The reader may not do this, or not now."""


class Stale(OutreachError):
    """Somebody changed the same thing meanwhile; nothing was overwritten."""


class Busy(Stale):
    """Somebody is changing the same thing at this moment; the sentence says when to try again."""


class TooMany(OutreachError):
    """Too many attempts; the sentence says when to try again."""


class SettingsError(OutreachError):
    """A setting is missing or wrong: its name and what it takes."""

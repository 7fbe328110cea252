"""The enumerations of correspondence, for pages and commands."""

from outreach.correspondence.models import LetterKind, LetterState, Register

__all__ = ["LetterKind", "LetterState", "Register"]

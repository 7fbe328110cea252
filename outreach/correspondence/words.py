"""The enumerations of correspondence, for pages and commands."""

from outreach.correspondence.models import HoldKind, LetterKind, LetterState, Register

__all__ = ["HoldKind", "LetterKind", "LetterState", "Register"]

"""The words by which a note verbale is read, a file for each of the six languages."""

from collections.abc import Mapping

from outreach.campaigns.draft_words.arabic import ARABIC
from outreach.campaigns.draft_words.chinese import CHINESE
from outreach.campaigns.draft_words.english import ENGLISH
from outreach.campaigns.draft_words.french import FRENCH
from outreach.campaigns.draft_words.russian import RUSSIAN
from outreach.campaigns.draft_words.shape import NUMBER, PLAIN, QUOTED, NoteWords, pattern
from outreach.campaigns.draft_words.spanish import SPANISH

__all__ = ["FUNCTIONAL_MAILBOXES", "LANGUAGE_WORDS", "NUMBER", "PLAIN", "QUOTED", "NoteWords", "pattern"]

LANGUAGE_WORDS: Mapping[str, NoteWords] = {
    "ar": ARABIC,
    "zh": CHINESE,
    "en": ENGLISH,
    "fr": FRENCH,
    "ru": RUSSIAN,
    "es": SPANISH,
}

FUNCTIONAL_MAILBOXES = frozenset(
    [
        "contact",
        "data",
        "desk",
        "division",
        "focal",
        "help",
        "hub",
        "info",
        "mail",
        "mission",
        "office",
        "point",
        "registry",
        "secretariat",
        "section",
        "support",
        "team",
        "unit",
    ]
)
"""Words that mark a mailbox as that of a service."""

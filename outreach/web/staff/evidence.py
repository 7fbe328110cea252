"""Why a mail is held to be what it is, in the reader's language. The evidence is kept in English, beside names of headers and others' words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.i18n import lazy

SENTENCES: Mapping[str, Any] = {
    "A filter before us marked it as spam": lazy("A filter before us marked it as spam"),
    "It came over a mailing list": lazy("It came over a mailing list"),
    "It was sent on by a person or for one": lazy("It was sent on by a person or for one"),
    "It answers a mail (In-Reply-To)": lazy("It answers a mail (In-Reply-To)"),
    "Subject or text are those of an answer": lazy("Subject or text are those of an answer"),
    "Its text is a mail that was sent on": lazy("Its text is a mail that was sent on"),
    "It is a mailing": lazy("It is a mailing"),
    "Its sender takes no answers": lazy("Its sender takes no answers"),
    "It names no sender": lazy("It names no sender"),
    "Nothing says that a machine wrote it": lazy("Nothing says that a machine wrote it"),
    "The mail could not be read": lazy("The mail could not be read"),
    "A header of a challenge": lazy("A header of a challenge"),
    "A header of an autoresponder": lazy("A header of an autoresponder"),
    "Empty envelope sender": lazy("Empty envelope sender"),
    "A notice that answers nothing": lazy("A notice that answers nothing"),
    "Written by a mail server": lazy("Written by a mail server"),
    "The server keeps trying": lazy("The server keeps trying"),
    "It names no letter of ours, so it changes nothing": lazy("It names no letter of ours, so it changes nothing"),
    "The address that failed is not the one that our letter went to, so it changes nothing": lazy(
        "The address that failed is not the one that our letter went to, so it changes nothing"
    ),
    "The subject is that of a receipt of reading": lazy("The subject is that of a receipt of reading"),
    "The text calls itself an abuse report": lazy("The text calls itself an abuse report"),
    "It answers a mail": lazy("It answers a mail"),
    "It answers from an address that takes no answers": lazy("It answers from an address that takes no answers"),
    "It brings files, as machines that answer do not": lazy("It brings files, as machines that answer do not"),
    "It says that the mail arrived, and nothing of a failure": lazy(
        "It says that the mail arrived, and nothing of a failure"
    ),
    "A mail server wrote it": lazy("A mail server wrote it"),
    "The returned mail is marked as one that was complained about": lazy(
        "The returned mail is marked as one that was complained about"
    ),
    "The subject is that of a complaint, and a mail is returned": lazy(
        "The subject is that of a complaint, and a mail is returned"
    ),
    "RFC 8098 part, and the text says that the mail was refused": lazy(
        "RFC 8098 part, and the text says that the mail was refused"
    ),
}
"""The sentences in which nothing changes."""

_QUOTING = (
    (re.compile(r"Subject begins with “(.+)”"), lazy("Subject begins with “%(words)s”")),
    (re.compile(r"Subject ends with “(.+)”"), lazy("Subject ends with “%(words)s”")),
    (re.compile(r"Subject: “(.+)”"), lazy("Subject: “%(words)s”")),
    (re.compile(r"It hands something over: “(.+)”"), lazy("It hands something over: “%(words)s”")),
    (
        re.compile(r"Notification of a sending service, type: (.+)"),
        lazy("Notification of a sending service, type: %(words)s"),
    ),
    (re.compile(r"Text: “(.+)”"), lazy("Text: “%(words)s”")),
    (re.compile(r"Status (\S+) in the text"), lazy("Status %(words)s in the text")),
    (re.compile(r"Reading it failed (\d+) times"), lazy("Reading it failed (tries: %(words)s)")),
)
"""Those that quote the mail."""


@dataclass(frozen=True)
class Evidence:
    """One reason. `ours`: a sentence in the reader's language; otherwise a header or a field, as mail has it."""

    words: str
    ours: bool


def in_words(sentences: Iterable[str]) -> list[Evidence]:
    """The reasons that are kept with a mail, for its page."""
    return [_in_words(sentence) for sentence in sentences]


def _in_words(sentence: str) -> Evidence:
    if sentence in SENTENCES:
        return Evidence(str(SENTENCES[sentence]), True)
    for pattern, words in _QUOTING:
        if found := pattern.fullmatch(sentence):
            return Evidence(str(words) % {"words": f"\u2068{found.group(1)}\u2069"}, True)
    return Evidence(sentence, False)

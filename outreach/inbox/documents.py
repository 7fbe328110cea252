"""What of a mail can be recorded as the documents of a reply: its files of the types that are taken, and its words."""

from collections.abc import Collection
from dataclasses import dataclass

from outreach import file_types
from outreach.inbox.parsing import ParsedMail
from outreach.submissions.files import MOST_BYTES

WORDS = "words"
"""The key of the mail's own words."""


@dataclass(frozen=True)
class Candidate:
    """A file of a mail, or its words, as a document. `usual`: it is recorded unless staff choose otherwise."""

    key: str
    filename: str
    size: int
    usual: bool


def candidates(mail: ParsedMail) -> list[Candidate]:
    """What can be recorded, in the order of the mail, its words last. These are usual only where no file is."""
    files = [
        Candidate(str(index), file.filename, len(file.content), not file.part_of_the_look)
        for index, file in enumerate(mail.files)
        if 0 < len(file.content) <= MOST_BYTES and file_types.recorded_type(file.content)
    ]
    words = _words(mail)
    if not 0 < len(words) <= MOST_BYTES:
        return files
    alone = not any(file.usual for file in files)
    return [*files, Candidate(WORDS, _words_name(mail), len(words), alone)]


def contents(mail: ParsedMail, keys: Collection[str] | None = None) -> tuple[tuple[str, bytes], ...]:
    """Names and contents of the documents with these keys (None: the usual ones)."""
    chosen = [one for one in candidates(mail) if (one.usual if keys is None else one.key in keys)]
    return tuple(
        (one.filename, _words(mail) if one.key == WORDS else mail.files[int(one.key)].content) for one in chosen
    )


def _words(mail: ParsedMail) -> bytes:
    return mail.text.strip().encode()


def _words_name(mail: ParsedMail) -> str:
    return f"{mail.subject[:100] or 'mail'}.txt"

"""To which invitation a mail belongs, and by what that is known. A pure function of the mail and of what its clues lead to.

Who a mail says it is from proves nothing and is not looked at. Where two clues of one kind disagree, that kind says nothing:
a person decides.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outreach.correspondence import outbox
from outreach.inbox.models import MatchedBy
from outreach.inbox.parsing import ParsedMail

_CODE = re.compile(r"(?<![A-Z0-9])([2-9A-HJ-NP-Z]{4})[-\u2010-\u2014\u2212]([2-9A-HJ-NP-Z]{4})(?![A-Z0-9])")
_MOST_CODES = 200


@dataclass(frozen=True)
class Clues:
    """What of a mail may lead to an invitation: tokens of envelope senders, Message-IDs it answers, printed codes."""

    tokens: tuple[str, ...]
    answers: tuple[str, ...]
    codes_in_subject: tuple[str, ...]
    codes_in_text: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes."""
        return self.codes_in_subject + self.codes_in_text


@dataclass(frozen=True)
class Known:
    """The invitations that clues lead to; what leads to none is not in here."""

    by_token: Mapping[str, uuid.UUID]
    by_message_id: Mapping[str, uuid.UUID]
    by_code: Mapping[str, uuid.UUID]


@dataclass(frozen=True)
class Match:
    """The invitation, and by what it is known; None by NONE."""

    invitation_id: uuid.UUID | None
    by: MatchedBy


def clues(mail: ParsedMail) -> Clues:
    """What the mail has to go by."""
    tokens = (outbox.token_of(address) for address in mail.recipients)
    return Clues(
        tokens=tuple(token for token in tokens if token is not None),
        answers=mail.answers,
        codes_in_subject=_codes(mail.subject),
        codes_in_text=_codes(mail.text),
    )


def match(found: Clues, known: Known) -> Match:
    """The invitation that the surest clue leads to."""
    by_token = _one(known.by_token.get(token) for token in found.tokens)
    if by_token is not None:
        return Match(by_token, MatchedBy.ADDRESS_TOKEN)
    # The nearest of our letters in the thread; those before it may be another institution's, which passed the thread on.
    answered = next((known.by_message_id[one] for one in found.answers if one in known.by_message_id), None)
    if answered is not None:
        return Match(answered, MatchedBy.REPLY_TO_OUR_LETTER)
    for codes in (found.codes_in_subject, found.codes_in_text):
        by_code = _one(known.by_code.get(code) for code in codes)
        if by_code is not None:
            return Match(by_code, MatchedBy.CODE_IN_TEXT)
    return Match(None, MatchedBy.NONE)


def found_for(mail: ParsedMail) -> str | None:
    """The recipient's address by which the mail came to us: one with a token, else the first."""
    with_token = (address for address in mail.recipients if outbox.token_of(address) is not None)
    return next(with_token, next(iter(mail.recipients), None))


def is_delivery_report(mail: ParsedMail) -> bool:
    """Whether a mail server wrote it about a letter of ours: it says so, or comes from nobody to the address for such reports.

    A mail from nobody to another address may be a person's, whose server forwards by a rule.
    """
    to_reports = any(outbox.token_of(address) is not None for address in mail.recipients)
    return mail.is_report or (mail.from_nobody and to_reports)


def _codes(text: str) -> tuple[str, ...]:
    written = (f"{first}-{second}" for first, second in _CODE.findall(text.upper()))
    return tuple(list(dict.fromkeys(written))[:_MOST_CODES])


def _one(ids: Iterable[uuid.UUID | None]) -> uuid.UUID | None:
    """The one invitation among them; None where there is none, or more than one."""
    different = {one for one in ids if one is not None}
    return different.pop() if len(different) == 1 else None

"""To which invitation a mail belongs, and by what that is known. A pure function of the mail and of what its clues lead to.

Who a mail says it is from proves nothing and is not looked at. Where two clues of one kind disagree, that kind says nothing:
a person decides.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outreach import config
from outreach.correspondence import addresses, outbox
from outreach.inbox import file_codes
from outreach.inbox.models import MatchedBy
from outreach.inbox.parsing import ParsedMail

_CODE = re.compile(r"(?<![A-Z0-9])([2-9A-HJ-NP-Z]{4})[-\u2010-\u2014\u2212]([2-9A-HJ-NP-Z]{4})(?![A-Z0-9])")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MOST_CODES = 200
_MOST_WITHIN = 100_000


@dataclass(frozen=True)
class Clues:
    """What of a mail may lead to an invitation: tokens in the addresses it was sent to (of replies, by their code, and of envelope
    senders), Message-IDs it answers and those in what it returns or quotes, codes."""

    replies: tuple[str, ...]
    tokens: tuple[str, ...]
    answers: tuple[str, ...]
    within: tuple[str, ...]
    codes_in_subject: tuple[str, ...]
    codes_in_files: tuple[str, ...]
    codes_in_text: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes."""
        return self.replies + self.codes_in_subject + self.codes_in_files + self.codes_in_text

    @property
    def letters(self) -> tuple[str, ...]:
        """What names letters of ours, the surest first."""
        return self.tokens + self.within + self.answers


@dataclass(frozen=True)
class Known:
    """The invitations that clues lead to; what leads to none is not in here."""

    by_letter: Mapping[str, uuid.UUID]
    by_code: Mapping[str, uuid.UUID]


@dataclass(frozen=True)
class Match:
    """The invitation, and by what it is known; None by NONE."""

    invitation_id: uuid.UUID | None
    by: MatchedBy


def clues(mail: ParsedMail, within: Iterable[str] = ()) -> Clues:
    """What the mail has to go by; `within` are the Message-IDs of what it returns."""
    returned = "\n".join(
        file.content[:_MOST_WITHIN].decode("utf-8", "replace")
        for file in mail.files
        if file.media_type.startswith("message/") or file.media_type == "text/rfc822-headers"
    )
    tokens = (outbox.token_of(address) for address in mail.recipients)
    replies = (addresses.code_in(address) for address in mail.recipients)
    return Clues(
        replies=tuple(code for code in replies if code is not None),
        tokens=tuple(token for token in tokens if token is not None),
        answers=mail.answers,
        within=tuple(dict.fromkeys([*within, *_our_ids(returned), *_our_ids(mail.text)])),
        codes_in_subject=_codes(mail.subject),
        codes_in_files=_codes("\n".join(file_codes.written(mail.files))),
        codes_in_text=_codes(f"{mail.text}\n{returned}"),
    )


def match(found: Clues, known: Known) -> Match:
    """The invitation that the surest clue leads to."""
    by_address = _one(known.by_code.get(code) for code in found.replies)
    if by_address is not None:
        return Match(by_address, MatchedBy.REPLY_ADDRESS)
    by_token = _one(known.by_letter.get(token) for token in found.tokens)
    if by_token is not None:
        return Match(by_token, MatchedBy.ADDRESS_TOKEN)
    # The nearest of our letters in the thread; those before it may be another institution's, which passed the thread on.
    answered = next((known.by_letter[one] for one in found.answers if one in known.by_letter), None)
    if answered is not None:
        return Match(answered, MatchedBy.REPLY_TO_OUR_LETTER)
    within = _one(known.by_letter.get(one) for one in found.within)
    if within is not None:
        return Match(within, MatchedBy.LETTER_WITHIN)
    for codes, by in (
        (found.codes_in_subject, MatchedBy.CODE_IN_TEXT),
        (found.codes_in_files, MatchedBy.CODE_IN_FILE),
        (found.codes_in_text, MatchedBy.CODE_IN_TEXT),
    ):
        by_code = _one(known.by_code.get(code) for code in codes)
        if by_code is not None:
            return Match(by_code, by)
    return Match(None, MatchedBy.NONE)


def found_for(mail: ParsedMail) -> str | None:
    """The recipient's address by which the mail came to us: one with a token, else the first."""
    with_token = (address for address in mail.recipients if addresses.is_own(address))
    return next(with_token, next(iter(mail.recipients), None))


def _our_ids(text: str) -> list[str]:
    domain = re.escape(config.settings().mail_domain)
    return re.findall(rf"<{_UUID}@{domain}>", text, re.IGNORECASE)[:_MOST_CODES]


def _codes(text: str) -> tuple[str, ...]:
    written = (f"{first}-{second}" for first, second in _CODE.findall(text.upper()))
    return tuple(list(dict.fromkeys(written))[:_MOST_CODES])


def _one(ids: Iterable[uuid.UUID | None]) -> uuid.UUID | None:
    """The one invitation among them; None where there is none, or more than one."""
    different = {one for one in ids if one is not None}
    return different.pop() if len(different) == 1 else None

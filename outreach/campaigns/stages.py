"""How far an invitation got: facts with their instants in, one stage out. Nothing here reads a database."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class FactKind(enum.StrEnum):
    """What can happen to an invitation."""

    LETTER_SENT = "letter_sent"
    LETTER_REFUSED = "letter_refused"
    LETTER_CANCELLED = "letter_cancelled"
    """The Secretariat cancelled the note or letter before it left."""
    ASKED_AGAIN = "asked_again"
    """The Secretariat queued once more what had not left, or had not arrived."""
    ACKNOWLEDGED = "acknowledged"
    FORWARDED = "forwarded"
    PASSED_ON = "passed_on"
    DRAFT_BEGUN = "draft_begun"
    SENT_TO_MISSION = "sent_to_mission"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    TRANSMITTED = "transmitted"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    NO_SUBMISSION_EXPECTED = "no_submission_expected"
    WRONG_ADDRESSEE = "wrong_addressee"
    REDIRECTED = "redirected"
    """The Secretariat wrote to another institution instead of one that had said that it is the wrong addressee."""
    ADDRESSEE_KEPT = "addressee_kept"
    """The Secretariat looked at such a proposal and left the addressee as it is."""
    MORE_TIME_ASKED = "more_time_asked"
    ADDRESS_CHANGED = "address_changed"
    MAIL_RECEIVED = "mail_received"
    MAIL_LOOKED_AT = "mail_looked_at"
    NO_MORE_LETTERS = "no_more_letters"
    """A stakeholder wants no more letters at one of its addresses."""
    LETTERS_AGAIN = "letters_again"
    """Staff let letters go there again, on that person's word."""
    LETTER_RETURNED = "letter_returned"
    """A server behind the relay sent the letter back."""
    RETURN_TAKEN_BACK = "return_taken_back"
    """Staff said that the letter had not come back after all."""
    AUTO_REPLY = "auto_reply"
    TAKEN_BACK = "taken_back"
    """Staff took back an earlier fact, which stays in the history and counts no more."""


class Stage(enum.StrEnum):
    """How far it got, from nothing to an answer."""

    CANCELLED = "cancelled"
    """Not asked: what would have asked it was cancelled."""
    QUEUED = "queued"
    UNDELIVERABLE = "undeliverable"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    FORWARDED = "forwarded"
    DRAFTING = "drafting"
    SENT_TO_MISSION = "sent_to_mission"
    NO_SUBMISSION_EXPECTED = "no_submission_expected"
    SUBMITTED = "submitted"


STAGE_ORDER = tuple(Stage)
"""Reach grows in this order; a State stands where the furthest of its invitations stands."""


SETTLES_ADDRESSEE = frozenset({FactKind.ADDRESS_CHANGED, FactKind.REDIRECTED, FactKind.ADDRESSEE_KEPT})
"""After one of these nobody need look any more at what an institution said of being the wrong addressee."""


@dataclass(frozen=True)
class Fact:
    """One fact of one invitation."""

    kind: FactKind
    at: datetime


_REACHES = {
    FactKind.LETTER_SENT: Stage.SENT,
    FactKind.ACKNOWLEDGED: Stage.ACKNOWLEDGED,
    FactKind.WRONG_ADDRESSEE: Stage.ACKNOWLEDGED,
    FactKind.MORE_TIME_ASKED: Stage.ACKNOWLEDGED,
    FactKind.FORWARDED: Stage.FORWARDED,
    FactKind.PASSED_ON: Stage.FORWARDED,
    FactKind.DRAFT_BEGUN: Stage.DRAFTING,
    FactKind.SENT_TO_MISSION: Stage.SENT_TO_MISSION,
    FactKind.SUBMITTED: Stage.SUBMITTED,
    FactKind.TRANSMITTED: Stage.SUBMITTED,
}

_NOT_ARRIVED = frozenset({FactKind.LETTER_REFUSED, FactKind.LETTER_RETURNED})
_ARRIVED = frozenset({FactKind.LETTER_SENT, FactKind.RETURN_TAKEN_BACK})

# At one instant the order of the enumeration decides, so that the same facts always give the same stage.
_RANK = {kind: place for place, kind in enumerate(FactKind)}


def stage(facts: Sequence[Fact]) -> tuple[Stage, datetime | None]:
    """The stage that the facts amount to, and since when (None without facts); the order they are given in does not matter.

    The furthest fact counts. "No submission expected" holds until something is submitted; a part that the mission returned is a
    draft again; an address that refused is undeliverable only while nobody behind it has done anything, and who was never written to is
    cancelled until asked again.
    """
    reached, since = Stage.QUEUED, None
    refused: datetime | None = None
    cancelled: datetime | None = None
    for fact in sorted(facts, key=lambda f: (f.at, _RANK[f.kind])):
        if fact.kind in _NOT_ARRIVED:
            refused = fact.at
            continue
        if fact.kind in _ARRIVED:
            refused = None
        if fact.kind in (FactKind.LETTER_CANCELLED, FactKind.ASKED_AGAIN, FactKind.ADDRESS_CHANGED):
            cancelled = fact.at if fact.kind is FactKind.LETTER_CANCELLED else None
            continue
        if fact.kind is FactKind.RETURNED and reached is Stage.SENT_TO_MISSION:
            reached, since = Stage.DRAFTING, fact.at
            continue
        if fact.kind is FactKind.NO_SUBMISSION_EXPECTED and reached is not Stage.SUBMITTED:
            reached, since = Stage.NO_SUBMISSION_EXPECTED, fact.at
            continue
        here = _REACHES.get(fact.kind)
        if here is not None and STAGE_ORDER.index(here) > STAGE_ORDER.index(reached):
            reached, since = here, fact.at
    if refused is not None and reached in {Stage.QUEUED, Stage.SENT}:
        return Stage.UNDELIVERABLE, refused
    if cancelled is not None and reached is Stage.QUEUED:
        return Stage.CANCELLED, cancelled
    return reached, since


def held(facts: Sequence[Fact]) -> bool:
    """Whether something came that nobody has looked at yet; reminders wait so long."""
    came = max((f.at for f in facts if f.kind is FactKind.MAIL_RECEIVED), default=None)
    seen = max((f.at for f in facts if f.kind is FactKind.MAIL_LOOKED_AT), default=None)
    return came is not None and (seen is None or seen < came)

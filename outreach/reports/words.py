"""What readers of pages see for the code's stages, facts, groups and kinds; each is looked up in the language spoken when it is read."""

from typing import Any

from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence.models import LetterKind, LetterState
from outreach.correspondence.outcomes import Verdict
from outreach.directory.models import RegionalGroup, Seat
from outreach.i18n import _, lazy
from outreach.submissions.models import Behalf, Channel, Publication

STAGES: dict[Stage, Any] = {
    Stage.CANCELLED: lazy("not asked: cancelled"),
    Stage.QUEUED: lazy("not yet sent"),
    Stage.UNDELIVERABLE: lazy("could not be reached"),
    Stage.SENT: lazy("sent"),
    Stage.ACKNOWLEDGED: lazy("receipt acknowledged"),
    Stage.FORWARDED: lazy("forwarded"),
    Stage.DRAFTING: lazy("draft begun"),
    Stage.SENT_TO_MISSION: lazy("sent to the mission"),
    Stage.NO_SUBMISSION_EXPECTED: lazy("no submission expected"),
    Stage.SUBMITTED: lazy("received"),
}
"""How far an invitation, or a State, got."""

STAGE_COLOURS: dict[Stage, str] = {
    Stage.CANCELLED: "amber",
    Stage.UNDELIVERABLE: "red",
    Stage.FORWARDED: "blue",
    Stage.DRAFTING: "blue",
    Stage.SENT_TO_MISSION: "amber",
    Stage.SUBMITTED: "green",
}
"""The colour of a stage's tag, grey where none is named. Red is for our own failures only, never for a State that is silent."""

GROUPS: dict[RegionalGroup, Any] = {
    RegionalGroup.AFRICAN: lazy("African States"),
    RegionalGroup.ASIA_PACIFIC: lazy("Asia-Pacific States"),
    RegionalGroup.EASTERN_EUROPEAN: lazy("Eastern European States"),
    RegionalGroup.LATIN_AMERICAN_CARIBBEAN: lazy("Latin American and Caribbean States"),
    RegionalGroup.WEOG: lazy("Western European and other States"),
}
"""The full names of the regional groups."""

OBSERVERS: Any = lazy("Observer States")
"""Those in no regional group."""

CONVENTION: Any = lazy(
    "Regional groups as used by the General Assembly: Kiribati with the Asia-Pacific States; "
    "Israel, Türkiye and the United States of America with the Western European and other States."
)
"""Stands wherever States are shown or counted by group."""

POSTS: dict[Seat, Any] = {
    Seat.GENEVA: lazy("Geneva"),
    Seat.NEW_YORK: lazy("New York"),
    Seat.CAPITAL: lazy("capital"),
}
"""Where an institution sits."""

BEHALVES: dict[Behalf, Any] = {
    Behalf.STATE: lazy("the State"),
    Behalf.NATIONAL_AUTHORITY: lazy("a national authority"),
    Behalf.NATIONAL_HUMAN_RIGHTS_INSTITUTION: lazy("a national human rights institution"),
    Behalf.STAKEHOLDER: lazy("another stakeholder"),
}
"""On whose behalf a submission is."""

CHANNELS: dict[Channel, Any] = {
    Channel.WEB: lazy("on these pages"),
    Channel.MAIL: lazy("by e-mail"),
    Channel.PAPER: lazy("on paper"),
}
"""How a submission came."""

PUBLICATIONS: dict[Publication, Any] = {
    Publication.PUBLISH: lazy("may be published"),
    Publication.WITHOUT_NAMES: lazy("may be published without names and contacts"),
    Publication.DO_NOT_PUBLISH: lazy("not to be published"),
}
"""The respondent's choice."""

FACTS: dict[FactKind, Any] = {
    FactKind.LETTER_SENT: lazy("note or letter sent"),
    FactKind.LETTER_REFUSED: lazy("note or letter refused by the address"),
    FactKind.LETTER_CANCELLED: lazy("note or letter cancelled before it left"),
    FactKind.ASKED_AGAIN: lazy("asked again"),
    FactKind.ACKNOWLEDGED: lazy("receipt acknowledged"),
    FactKind.FORWARDED: lazy("note or letter forwarded"),
    FactKind.PASSED_ON: lazy("answer begun from the link that was passed on"),
    FactKind.DRAFT_BEGUN: lazy("draft begun"),
    FactKind.SENT_TO_MISSION: lazy("sent to the mission"),
    FactKind.RETURNED: lazy("returned by the mission"),
    FactKind.SUBMITTED: lazy("submission received"),
    FactKind.TRANSMITTED: lazy("transmitted by the mission"),
    FactKind.ACCEPTED: lazy("accepted as the reply of the State"),
    FactKind.CORRECTED: lazy("corrected version received"),
    FactKind.NO_SUBMISSION_EXPECTED: lazy("no submission expected"),
    FactKind.WRONG_ADDRESSEE: lazy("wrong addressee"),
    FactKind.REDIRECTED: lazy("written to another institution instead"),
    FactKind.ADDRESSEE_KEPT: lazy("kept as the addressee"),
    FactKind.MORE_TIME_ASKED: lazy("more time asked"),
    FactKind.ADDRESS_CHANGED: lazy("address changed"),
    FactKind.MAIL_RECEIVED: lazy("mail received"),
    FactKind.MAIL_LOOKED_AT: lazy("mail looked at"),
    FactKind.NO_MORE_LETTERS: lazy("no more letters wanted"),
    FactKind.LETTERS_AGAIN: lazy("letters wanted again"),
    FactKind.LETTER_RETURNED: lazy("note or letter came back"),
    FactKind.RETURN_TAKEN_BACK: lazy("note or letter did not come back after all"),
    FactKind.AUTO_REPLY: lazy("automatic reply received"),
    FactKind.TAKEN_BACK: lazy("taken back"),
}
"""What happened, as a line of a history says it."""

LETTERS: dict[LetterKind, Any] = {
    LetterKind.INVITATION: lazy("Call for input"),
    LetterKind.FORWARDED: lazy("Call for input, forwarded"),
    LetterKind.REMINDER: lazy("Reminder"),
    LetterKind.EXTENSION: lazy("New deadline"),
    LetterKind.RECEIPT: lazy("Receipt"),
    LetterKind.COPY: lazy("Copy of a letter that was forwarded"),
    LetterKind.PART_FOR_MISSION: lazy("Answer that waits for the mission"),
    LetterKind.RETURNED: lazy("Answer returned by the mission"),
    LetterKind.CODE: lazy("Code to confirm an act"),
    LetterKind.ACKNOWLEDGEMENT: lazy("Mail received"),
    LetterKind.ANSWER: lazy("Answer to a mail"),
    LetterKind.ACCOUNT: lazy("Account"),
    LetterKind.TEST: lazy("Test"),
}
"""What a letter is about."""

_OURS: dict[str, Any] = {
    "the mail relay": lazy("the mail relay"),
    "a mail server": lazy("a mail server"),
    "the Secretariat": lazy("the Secretariat"),
    "the service": lazy("the service"),
}
"""Who acted where it was no person: as facts keep it, and in words."""


def by(who: str) -> Any:
    """Who brought a fact about: a person or an institution by name, a machine of ours in words."""
    return _OURS.get(who, who)


VERDICTS: dict[Verdict, Any] = {
    Verdict.TAKEN: lazy("has left"),
    Verdict.LATER: lazy("is tried again later"),
    Verdict.ADDRESS: lazy("the address was refused"),
    Verdict.CONTENT: lazy("the letter was refused, not its address"),
    Verdict.OURS: lazy("the mail relay refuses us"),
}
"""What became of one try to deliver a letter."""

LETTER_STATES: dict[LetterState, Any] = {
    LetterState.QUEUED: lazy("waits to be sent"),
    LetterState.SENDING: lazy("is being sent"),
    LetterState.SENT: lazy("has left"),
    LetterState.REFUSED: lazy("was refused"),
    LetterState.FAILED: lazy("could not be sent"),
    LetterState.CANCELLED: lazy("cancelled"),
    LetterState.RETURNED: lazy("came back"),
}
"""What became of a letter."""


def letter(kind: LetterKind, occasion: str) -> str:
    """What one letter is about: a letter on a deadline announces a new one, or says that a request was declined."""
    if kind is LetterKind.EXTENSION and occasion.startswith("request-"):
        return _("Request for more time declined")
    return str(LETTERS[kind])

"""What became of letters, as facts of their invitations: whom the campaign reached."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.campaigns import invitations
from outreach.campaigns.invitations import NewFact
from outreach.campaigns.stages import FactKind
from outreach.correspondence import queries as letters
from outreach.correspondence import returns
from outreach.correspondence.ledger import Outcome
from outreach.correspondence.models import LetterKind, LetterState
from outreach.correspondence.returns import SentLetter
from outreach.directory import service as directory

REACHING = frozenset({LetterKind.INVITATION, LetterKind.FORWARDED})
"""The letters that ask an institution; a reminder, receipt or code doesn't say whether it was reached."""


def letters_settled(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Record the outcomes of many letters at once, in the transaction that accounts for them.

    An institution with several addresses is reached once one of them took its letter, whatever the others said before or after.
    """
    # Held first, as by whoever reads mail about them.
    invitations.hold(session, {o.invitation_id for o in outcomes if o.invitation_id is not None})
    taken = sorted((o.at, o.contact_id) for o in outcomes if o.contact_id and o.state is LetterState.SENT)
    directory.addresses_delivered(session, {contact_id: at for at, contact_id in taken})
    directory.addresses_refused(
        session,
        {o.contact_id: o.words for o in outcomes if o.contact_id is not None and o.state is LetterState.REFUSED},
    )
    invitations.record_held(session, [fact for outcome in outcomes if (fact := _fact(session, outcome)) is not None])


def letters_returned(session: Session, words: Mapping[SentLetter, str], at: datetime) -> set[uuid.UUID]:
    """Servers sent these letters back, in these words; of which that is new. What it says of their addresses, the caller knows."""
    if not words:
        return set()
    # Whatever waits behind these rows takes its locks in the same order.
    invitations.hold(session, {letter.invitation_id for letter in words if letter.invitation_id is not None})
    new = returns.came_back(session, {letter.id: said for letter, said in words.items()})
    asking = [letter for letter in words if letter.id in new and _asks(letter)]
    arrived = letters.arrived_elsewhere(session, [letter.id for letter in asking])
    facts = [
        _about_return(letter, FactKind.LETTER_RETURNED, "a mail server", at, words[letter])
        for letter in asking
        if letter.id not in arrived
    ]
    invitations.record_held(session, facts)
    return new


def return_taken_back(session: Session, letter: SentLetter, by: str, at: datetime) -> None:
    """Staff say that what was held to be the report about a letter was none: it has left, and its address is written to again."""
    if letter.invitation_id is not None:
        invitations.hold(session, [letter.invitation_id])
    if not returns.stayed(session, letter.id):
        return
    if letter.contact_id is not None:
        directory.refusal_taken_back(session, letter.contact_id, letter.words)
    if _asks(letter):
        invitations.record_held(session, [_about_return(letter, FactKind.RETURN_TAKEN_BACK, by, at, None)])


def _asks(letter: SentLetter) -> bool:
    return letter.invitation_id is not None and letter.kind in REACHING


def _about_return(letter: SentLetter, kind: FactKind, by: str, at: datetime, words: str | None) -> NewFact:
    assert letter.invitation_id is not None
    details = {"letter": str(letter.id), "kind": letter.kind.value}
    return NewFact(letter.invitation_id, kind, by, at, words, details)


def _fact(session: Session, outcome: Outcome) -> NewFact | None:
    if outcome.invitation_id is None or outcome.kind not in REACHING:
        return None
    sent, cancelled = outcome.state is LetterState.SENT, outcome.state is LetterState.CANCELLED
    if not sent and not cancelled and letters.arrived_elsewhere(session, [outcome.letter_id]):
        return None
    return NewFact(
        invitation_id=outcome.invitation_id,
        kind=FactKind.LETTER_SENT if sent else FactKind.LETTER_CANCELLED if cancelled else FactKind.LETTER_REFUSED,
        by="the Secretariat" if cancelled else "the mail relay",
        at=outcome.at,
        note=None if sent else outcome.words,
        details={"letter": str(outcome.letter_id), "kind": outcome.kind.value},
    )

"""What became of letters, as facts of their invitations: whom the campaign reached."""

from collections.abc import Sequence
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

_REACHING = frozenset({LetterKind.INVITATION, LetterKind.FORWARDED})
"""The letters that ask an institution; a reminder, receipt or code doesn't say whether it was reached."""


def letters_settled(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Record the outcomes of many letters at once, in the transaction that accounts for them.

    An institution with several addresses is reached once one of them took its letter, whatever the others said before or after.
    """
    taken = sorted((o.at, o.contact_id) for o in outcomes if o.contact_id and o.state is LetterState.SENT)
    directory.addresses_delivered(session, {contact_id: at for at, contact_id in taken})
    directory.addresses_refused(
        session,
        {o.contact_id: o.words for o in outcomes if o.contact_id is not None and o.state is LetterState.REFUSED},
    )
    invitations.record_many(session, [fact for outcome in outcomes if (fact := _fact(session, outcome)) is not None])


def letter_returned(session: Session, letter: SentLetter, words: str, at: datetime, *, for_good: bool) -> bool:
    """A server sent a letter back `at` that instant, in these words; whether that is new. `for_good`: its address gets no more letters."""
    # Whatever waits behind this row takes its locks in the same order.
    if letter.invitation_id is not None:
        invitations.hold(session, [letter.invitation_id])
    if not returns.came_back(session, letter.id, words):
        return False
    if for_good and letter.contact_id is not None:
        directory.addresses_refused(session, {letter.contact_id: words})
    if _asks(letter) and not letters.arrived_elsewhere(session, letter.id):
        _record_return(session, letter, FactKind.LETTER_RETURNED, "a mail server", at, words)
    return True


def return_taken_back(session: Session, letter: SentLetter, by: str, at: datetime) -> None:
    """Staff say that what was held to be the report about a letter was none: it has left, and its address is written to again."""
    if letter.invitation_id is not None:
        invitations.hold(session, [letter.invitation_id])
    if not returns.stayed(session, letter.id):
        return
    if letter.contact_id is not None:
        directory.refusal_taken_back(session, letter.contact_id, letter.words)
    if _asks(letter):
        _record_return(session, letter, FactKind.RETURN_TAKEN_BACK, by, at, None)


def _asks(letter: SentLetter) -> bool:
    return letter.invitation_id is not None and letter.kind in _REACHING


def _record_return(
    session: Session, letter: SentLetter, kind: FactKind, by: str, at: datetime, words: str | None
) -> None:
    assert letter.invitation_id is not None
    details = {"letter": str(letter.id), "kind": letter.kind.value}
    invitations.record(session, letter.invitation_id, kind, by=by, note=words, details=details, at=at)


def _fact(session: Session, outcome: Outcome) -> NewFact | None:
    if outcome.invitation_id is None or outcome.kind not in _REACHING:
        return None
    sent, cancelled = outcome.state is LetterState.SENT, outcome.state is LetterState.CANCELLED
    if not sent and not cancelled and letters.arrived_elsewhere(session, outcome.letter_id):
        return None
    return NewFact(
        invitation_id=outcome.invitation_id,
        kind=FactKind.LETTER_SENT if sent else FactKind.LETTER_CANCELLED if cancelled else FactKind.LETTER_REFUSED,
        by="the Secretariat" if cancelled else "the mail relay",
        at=outcome.at,
        note=None if sent else outcome.words,
        details={"letter": str(outcome.letter_id), "kind": outcome.kind.value},
    )

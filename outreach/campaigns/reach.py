"""What became of letters, as facts of their invitations: whom the campaign reached."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from outreach.campaigns import invitations
from outreach.campaigns.invitations import NewFact
from outreach.campaigns.stages import FactKind
from outreach.correspondence import queries as letters
from outreach.correspondence.ledger import Outcome
from outreach.correspondence.models import LetterKind, LetterState
from outreach.directory import service as directory

_REACHING = frozenset({LetterKind.INVITATION, LetterKind.FORWARDED})
"""The letters that ask an institution; a reminder, receipt or code doesn't say whether it was reached."""


def letters_settled(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Record the outcomes of many letters at once, in the transaction that accounts for them.

    An institution with several addresses is reached once one of them took its letter, whatever the others said before or after.
    """
    directory.addresses_delivered(
        session, {o.contact_id for o in outcomes if o.contact_id is not None and o.state is LetterState.SENT}
    )
    directory.addresses_refused(
        session,
        {o.contact_id: o.words for o in outcomes if o.contact_id is not None and o.state is LetterState.REFUSED},
    )
    invitations.record_many(session, [fact for outcome in outcomes if (fact := _fact(session, outcome)) is not None])


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

"""What became of letters, as facts of their invitations: whom the campaign reached."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from outreach.campaigns import invitations
from outreach.campaigns.stages import FactKind
from outreach.correspondence import queries as letters
from outreach.correspondence.delivery import Outcome
from outreach.correspondence.models import LetterKind, LetterState
from outreach.directory import service as directory

_REACHING = frozenset({LetterKind.INVITATION, LetterKind.FORWARDED})
"""The letters that ask an institution; a reminder, receipt or code doesn't say whether it was reached."""


def letters_settled(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Record the outcomes of letters, in the transaction that settles them.

    An institution with several addresses is reached once one of them took its letter, whatever the others said before or after.
    """
    for outcome in outcomes:
        if outcome.contact_id is not None:
            if outcome.state is LetterState.REFUSED:
                directory.address_refused(session, outcome.contact_id, outcome.words)
            elif outcome.state is LetterState.SENT:
                directory.address_delivered(session, outcome.contact_id)
        if outcome.invitation_id is None or outcome.kind not in _REACHING:
            continue
        if outcome.state is not LetterState.SENT and letters.arrived_elsewhere(session, outcome.letter_id):
            continue
        kind = FactKind.LETTER_SENT if outcome.state is LetterState.SENT else FactKind.LETTER_REFUSED
        invitations.record(
            session,
            outcome.invitation_id,
            kind,
            by="the mail relay",
            note=None if kind is FactKind.LETTER_SENT else outcome.words,
            details={"letter": str(outcome.letter_id), "kind": outcome.kind.value},
            at=outcome.at,
        )

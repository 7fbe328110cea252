"""The answers that staff wrote to mails: what became of each. A mail waits again where its answer did not arrive."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns import reach
from outreach.correspondence.ledger import Outcome
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.db import any_of
from outreach.identity.audit import SERVICE
from outreach.inbox import holding
from outreach.inbox.models import MailAnswer, MailOutcome, ReceivedMail

_LOST = frozenset({LetterState.REFUSED, LetterState.FAILED, LetterState.RETURNED})


@dataclass(frozen=True)
class AnswerLine:
    """An answer to a mail, and what became of it; `reason` is a server's words, where it did not arrive."""

    letter_id: uuid.UUID
    number: int
    by: str
    at: datetime
    to_address: str
    state: LetterState
    reason: str

    @property
    def lost(self) -> bool:
        """Whether it did not arrive."""
        return self.state in _LOST


def answers_to(session: Session, mail_id: uuid.UUID) -> list[AnswerLine]:
    """The answers to a mail, the first one first."""
    rows = session.execute(
        select(MailAnswer, Letter)
        .join(Letter, Letter.id == MailAnswer.letter_id)
        .where(MailAnswer.mail_id == mail_id)
        .order_by(MailAnswer.number)
    )
    return [
        AnswerLine(letter.id, one.number, one.by, one.at, letter.to_address, letter.state, letter.reason or "")
        for one, letter in rows
    ]


def answered(session: Session, mail_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these mails that somebody has answered."""
    return set(session.scalars(select(MailAnswer.mail_id).where(MailAnswer.mail_id == any_of(mail_ids))))


def mail_of(session: Session, letter_id: uuid.UUID) -> uuid.UUID | None:
    """The mail that a letter answers, None where it answers none."""
    return session.scalar(select(MailAnswer.mail_id).where(MailAnswer.letter_id == letter_id))


def belonging(session: Session, letter_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The invitations that the mails belong to which these letters answer, by letter."""
    if not letter_ids:
        return {}
    rows = session.execute(
        select(MailAnswer.letter_id, ReceivedMail.invitation_id)
        .join(ReceivedMail, ReceivedMail.id == MailAnswer.mail_id)
        .where(MailAnswer.letter_id == any_of(letter_ids))
    )
    return {letter_id: key for letter_id, key in rows if key is not None}


def letters_settled(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Record the outcomes of many letters at once, as `campaigns.reach` does, and lay the mails of lost answers before staff again."""
    lost = [one.letter_id for one in outcomes if one.kind is LetterKind.ANSWER and one.state in _LOST]
    hold(session, lost)
    reach.letters_settled(session, outcomes)
    did_not_arrive(session, lost)


def hold(session: Session, letter_ids: Collection[uuid.UUID]) -> Sequence[ReceivedMail]:
    """Lock the mails that these letters answer. To be called before invitations are held: whoever deals with a mail takes its row first."""
    if not letter_ids:
        return []
    wanted = (
        select(ReceivedMail)
        .join(MailAnswer, MailAnswer.mail_id == ReceivedMail.id)
        .where(MailAnswer.letter_id == any_of(letter_ids))
        .order_by(ReceivedMail.id)
        .with_for_update(of=ReceivedMail)
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def did_not_arrive(session: Session, letter_ids: Collection[uuid.UUID]) -> None:
    """These letters did not arrive: the mails that they answer wait again, where nothing was recorded of them.

    One that was recorded as a reply stays so; its page says that the answer was lost.
    """
    for mail in hold(session, letter_ids):
        if mail.outcome is MailOutcome.NO_ACTION:
            mail.outcome, mail.looked_at_at, mail.looked_at_by, mail.former = None, None, None, None
            session.flush()
            if mail.invitation_id is not None:
                holding.came(session, mail, SERVICE)

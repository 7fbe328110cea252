"""How far a reminder's step has come, so that a tick finds who is left and looks at nobody twice."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach.campaigns.models import ReminderWalk
from outreach.campaigns.stages import FactKind
from outreach.db import Keys

LETS_GO_ON = frozenset(FactKind) - {
    FactKind.LETTER_REFUSED,
    FactKind.ACKNOWLEDGED,
    FactKind.FORWARDED,
    FactKind.PASSED_ON,
    FactKind.DRAFT_BEGUN,
    FactKind.SENT_TO_MISSION,
    FactKind.SUBMITTED,
    FactKind.TRANSMITTED,
    FactKind.ACCEPTED,
    FactKind.NO_SUBMISSION_EXPECTED,
    FactKind.WRONG_ADDRESSEE,
    FactKind.REDIRECTED,
    FactKind.MORE_TIME_ASKED,
    FactKind.MAIL_RECEIVED,
}
"""After one of these facts somebody may be reminded who was not when the step came to them; the others come often, and stop at most."""

_AGAIN = text(
    """
    DELETE FROM reminder_walk USING invitation
    WHERE invitation.id = ANY(:keys) AND reminder_walk.campaign_id = invitation.campaign_id
        AND reminder_walk.state_code = COALESCE(invitation.state_code, '')
    """
).bindparams(bindparam("keys", type_=Keys()))


@dataclass(frozen=True)
class Position:
    """How far a step has come in one State ("": among those without one)."""

    after: uuid.UUID | None = None
    passed_over: bool = False
    ended: bool = False


def positions(session: Session, campaign_id: uuid.UUID) -> dict[tuple[str, str], Position]:
    """How far steps have come, by State and occasion."""
    rows = session.execute(
        select(
            ReminderWalk.state_code,
            ReminderWalk.occasion,
            ReminderWalk.after,
            ReminderWalk.passed_over,
            ReminderWalk.ended,
        ).where(ReminderWalk.campaign_id == campaign_id)
    )
    return {(row.state_code, row.occasion): Position(row.after, row.passed_over, row.ended) for row in rows}


def keep(session: Session, campaign_id: uuid.UUID, state_code: str, occasion: str, position: Position) -> None:
    """Write down how far a step has come."""
    values = {"after": position.after, "passed_over": position.passed_over, "ended": position.ended}
    key = {"campaign_id": campaign_id, "occasion": occasion, "state_code": state_code}
    session.execute(
        insert(ReminderWalk)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=["campaign_id", "occasion", "state_code"], set_=values)
    )


def again(session: Session, invitation_ids: Iterable[uuid.UUID]) -> None:
    """Let the steps that are due look again at the States of these invitations. Whoever calls holds the invitations' rows."""
    session.execute(_AGAIN, {"keys": list(invitation_ids)})

"""What staff do while letters leave: pause them, let them go on, cancel the rest, and try the relay again."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach.campaigns import queries
from outreach.correspondence import holds, outbox
from outreach.correspondence.models import LetterKind
from outreach.errors import Refused
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor

CANCELLABLE = (LetterKind.INVITATION, LetterKind.REMINDER, LetterKind.EXTENSION)
"""What "cancel the rest" cancels: what the Secretariat sends of its own accord. What a mission forwards is not ours to cancel."""


@dataclass(frozen=True)
class Rest:
    """What waits in a campaign: the letters that can be cancelled, by kind; other letters; and those that a sender has in its hands."""

    letters: dict[LetterKind, int]
    others: int
    in_hand: int

    @property
    def number(self) -> int:
        """How many letters would be cancelled."""
        return sum(self.letters.values())


def pause(session: Session, campaign_id: uuid.UUID, reason: str, actor: Actor) -> bool:
    """Let the letters of a campaign wait, also those that a sender has claimed and not begun to give to the relay; False where they wait
    already. What somebody waits for (a code, a receipt) leaves nevertheless. Raises Missing, and Refused before the launch.
    """
    campaign = queries.campaign(session, campaign_id)
    if campaign.launched_at is None:
        raise Refused(_("This call for input is not launched yet: nothing leaves that could be paused."))
    done = holds.stop(session, campaign_id, reason.strip(), by=_who(actor))
    if done:
        audit.record(
            session, actor, "sending.paused", "campaign", campaign_id, after={"reason": reason.strip() or None}
        )
    return done


def resume(session: Session, campaign_id: uuid.UUID, actor: Actor) -> bool:
    """Let the letters of a paused campaign go on; False where it was not paused. Raises Missing."""
    queries.campaign(session, campaign_id)
    done = holds.go_on(session, campaign_id)
    if done:
        audit.record(session, actor, "sending.resumed", "campaign", campaign_id)
    return done


def rest(session: Session, campaign_id: uuid.UUID) -> Rest:
    """What "cancel the rest" would cancel, and what not."""
    waiting, in_hand = outbox.waiting_letters(session, campaign_id)
    return Rest(
        letters={kind: waiting[kind] for kind in CANCELLABLE if kind in waiting},
        others=sum(number for kind, number in waiting.items() if kind not in CANCELLABLE),
        in_hand=in_hand,
    )


def cancel_rest(session: Session, campaign_id: uuid.UUID, actor: Actor) -> Rest:
    """Cancel what has not left, and end the pause; what was cancelled. Who was to be asked by it stands as not asked, until asked again.

    The pause stays while a sender has letters in its hands: the relay may put them off, and they would leave later. Raises Missing, and
    Refused where sending is not paused (letters would leave while they are cancelled), and Busy while it is being launched.
    """
    queries.at_rest(session, campaign_id)
    hold = holds.current(session, campaign_id)
    if hold is None:
        raise Refused(_("Please pause the sending first: letters would leave while the rest is cancelled."))
    before = rest(session, campaign_id)
    reason = _("Cancelled by the Secretariat before it left.")
    number = outbox.cancel_waiting(session, campaign_id, CANCELLABLE, reason)
    if not before.in_hand:
        holds.go_on(session, campaign_id)
    audit.record(session, actor, "sending.cancelled", "campaign", campaign_id, after={"letters": number})
    return before


def try_again(session: Session, actor: Actor) -> bool:
    """Let everything go on that we stopped by ourselves, and ring for the senders; False where nothing was stopped."""
    hold = holds.current(session, None)
    if hold is None:
        return False
    holds.go_on(session, None)
    audit.record(
        session,
        actor,
        "sending.tried_again",
        "sending_hold",
        hold.id,
        after={"reason": hold.reason, "since": hold.since.isoformat()},
    )
    return True


def _who(actor: Actor) -> str:
    return str(actor.staff_id) if actor.staff_id else actor.name

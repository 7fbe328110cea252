"""Reads of campaigns and invitations, as small frozen values."""

import uuid
from collections.abc import Iterable

from psycopg.errors import LockNotAvailable
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign, CampaignFile, CampaignOrder, CampaignText, Invitation, OrderedAct
from outreach.campaigns.wording import Asked
from outreach.db import any_of
from outreach.errors import Busy, Missing
from outreach.i18n import _

PATIENCE = "8s"
"""So long a person's act waits for another one that changes the same campaign; a launch can take longer."""

_WAIT = text("SELECT set_config('lock_timeout', :limit, true)")


def campaign_by_code(session: Session, code: str) -> Campaign:
    """The campaign with this code (compared without case). Raises Missing."""
    found = session.scalars(select(Campaign).where(Campaign.code == code.upper())).one_or_none()
    if found is None:
        raise Missing(_("There is no call for input with the code %(code)s.", code=code))
    return found


def campaign(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """The campaign. Raises Missing."""
    found = session.get(Campaign, campaign_id)
    if found is None:
        raise Missing(_("There is no such call for input."))
    return found


def held(session: Session, campaign_id: uuid.UUID, *, patience: str | None = None) -> Campaign:
    """The campaign as it stands now, locked until the end of the transaction. Raises Missing, and Busy where somebody else holds it for
    longer than `patience` ("0": never; by itself PATIENCE).

    Whoever only refers to it (a letter, an answer) does not wait: with a stronger lock they and we would wait in a circle.
    """
    try:
        with session.begin_nested():
            former = session.scalar(text("SELECT current_setting('lock_timeout')"))
            session.execute(_WAIT, {"limit": patience or PATIENCE})
            found = session.get(Campaign, campaign_id, populate_existing=True, with_for_update={"key_share": True})
            session.execute(_WAIT, {"limit": former})
    except OperationalError as fault:
        if not isinstance(fault.orig, LockNotAvailable):
            raise
        raise Busy(
            _("Somebody else is changing this call for input at this moment. Please try again in a minute.")
        ) from None
    if found is None:
        raise Missing(_("There is no such call for input."))
    return found


def at_rest(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """The campaign, held, for an act that would change what is being written to all. Raises Missing, and Busy where that is under way."""
    # Looked at before, for whoever holds it then would let us wait; and after, for somebody may just have asked.
    _demand_rest(session, campaign_id)
    found = held(session, campaign_id)
    _demand_rest(session, campaign_id)
    return found


def under_way(act: OrderedAct) -> str:
    """That an act for all is under way, for whoever has to wait for its end."""
    if act is OrderedAct.LAUNCH:
        return _("This call for input is being launched. Please wait until that is done.")
    return _("Letters of this call for input are being written. Please wait until that is done.")


def _demand_rest(session: Session, campaign_id: uuid.UUID) -> None:
    waits = select(CampaignOrder.act).where(
        CampaignOrder.campaign_id == campaign_id, CampaignOrder.given_up_at.is_(None)
    )
    act = session.scalar(waits)
    if act is not None:
        raise Busy(under_way(act))


def invitation(session: Session, invitation_id: uuid.UUID) -> Invitation:
    """The invitation. Raises Missing."""
    found = session.get(Invitation, invitation_id)
    if found is None:
        raise Missing(
            _("This link no longer leads anywhere. Please write to the address for questions in your note or letter.")
        )
    return found


def asked(session: Session, invitation_ids: Iterable[uuid.UUID]) -> list[Asked]:
    """What letters need to know of these invitations, in one statement."""
    rows = session.execute(
        select(
            Invitation.id, Invitation.institution_id, Invitation.state_code, Invitation.code, Invitation.origin,
            Invitation.reply_route, Invitation.parent_id, Invitation.message,
        ).where(Invitation.id == any_of(invitation_ids))
    )  # fmt: skip
    return [Asked(*row) for row in rows]


def texts(session: Session, campaign_id: uuid.UUID) -> dict[str, CampaignText]:
    """The texts of a campaign by language."""
    return {t.language: t for t in session.scalars(select(CampaignText).where(CampaignText.campaign_id == campaign_id))}


def files(session: Session, campaign_id: uuid.UUID) -> list[CampaignFile]:
    """The notes and annexes of a campaign."""
    return list(session.scalars(select(CampaignFile).where(CampaignFile.campaign_id == campaign_id)))


def children(session: Session, invitation_id: uuid.UUID) -> list[Invitation]:
    """Those to whom an invitation was forwarded, the oldest first."""
    return list(
        session.scalars(
            select(Invitation)
            .where(Invitation.parent_id == invitation_id)
            .order_by(Invitation.created_at, Invitation.id)
        )
    )


def missions_of_state(session: Session, campaign_id: uuid.UUID, state_code: str) -> list[Invitation]:
    """The invitations of a State's missions in a campaign: those without a parent."""
    return list(
        session.scalars(
            select(Invitation).where(
                Invitation.campaign_id == campaign_id,
                Invitation.state_code == state_code,
                Invitation.parent_id.is_(None),
            )
        )
    )

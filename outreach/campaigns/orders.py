"""Acts that write to everybody: asked for and checked on a page, carried out by a worker. Whoever looks sees how far one has come."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from outreach import clock, doorbell, i18n
from outreach.campaigns import asking, audience, extensions, launch, queries
from outreach.campaigns.lint import TryLinks
from outreach.campaigns.models import Campaign, CampaignOrder, Invitation, OrderedAct
from outreach.db import Database
from outreach.errors import Busy, Invalid, Refused
from outreach.identity import audit
from outreach.identity.audit import Actor

MOST_TRIES = 5
"""So often an act is begun that ends without having said why: its worker was ended, or there is a fault of ours."""

TOLD = 0.5
"""So many seconds lie between two notes of how far an act has come."""

IDLE = timedelta(minutes=1)
"""An act of which no worker has written for so long waits for one."""

Progress = Callable[[int, int], None]

_TRAIL = {
    OrderedAct.LAUNCH: ("campaign.launch_asked", "campaign.launch_called_off"),
    OrderedAct.EXTEND: ("campaign.extension_asked", "campaign.extension_called_off"),
    OrderedAct.ASK_AGAIN: ("campaign.asking_asked", "campaign.asking_called_off"),
    OrderedAct.ASK_REFUSED: ("campaign.asking_asked", "campaign.asking_called_off"),
}
"""What the audit trail says of an act that is asked for, and of one that is called off."""


@dataclass(frozen=True)
class Order:
    """An act that was asked for, and how it stands. Where it was given up, `against` has the reasons, in `language`; none: our fault."""

    act: OrderedAct
    asked_at: datetime
    asked_by: str
    language: str
    done: int
    of: int
    given_up_at: datetime | None
    told_at: datetime | None
    against: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether it is carried out, or about to be."""
        return self.given_up_at is None

    @property
    def idle_since(self) -> datetime | None:
        """Since when it waits for a worker; None where one is at it, or may just be coming."""
        last = self.told_at or self.asked_at
        return last if self.stands and clock.now() - last > IDLE else None


class _CalledOff(Exception):
    """Somebody called the act off while it was carried out."""


def ask_launch(session: Session, campaign_id: uuid.UUID, actor: Actor, *, try_links: TryLinks | None = None) -> bool:
    """Have everybody in the audience asked who was not asked yet; False where there is nobody. Asked for twice, it is one launch.

    Raises Missing, Busy, and what `launch.check` raises: then it will not be tried.
    """
    if _stands(session, campaign_id, OrderedAct.LAUNCH):
        return True
    # Links take seconds: nobody waits for us meanwhile.
    launch.check(session, queries.campaign(session, campaign_id), try_links)
    campaign = queries.held(session, campaign_id)
    if _stands(session, campaign_id, OrderedAct.LAUNCH):
        return True
    number = audience.headcount(session, campaign).to_ask
    if campaign.launched_at is not None and not number:
        return False
    _place(session, campaign_id, OrderedAct.LAUNCH, number, {}, actor)
    return True


def ask_extension(session: Session, campaign_id: uuid.UUID, deadline_at: datetime, reason: str, actor: Actor) -> None:
    """Have the deadline of all extended and announced. Asked for twice, it is one extension. Raises what `extensions.extend` raises."""
    details = {"deadline": deadline_at.isoformat(), "reason": reason.strip()}
    if _stands(session, campaign_id, OrderedAct.EXTEND, details):
        return
    extensions.check(session, queries.at_rest(session, campaign_id), None, deadline_at, reason)
    of_campaign = select(func.count()).select_from(Invitation).where(Invitation.campaign_id == campaign_id)
    _place(session, campaign_id, OrderedAct.EXTEND, session.scalar(of_campaign) or 0, details, actor)


def ask_again(session: Session, campaign_id: uuid.UUID, actor: Actor, *, refused: bool = False) -> None:
    """Have all asked again whose letters were cancelled, or those that the relay `refused` lately. Asked for twice, it happens once.

    Raises Missing, Busy, Refused where the call is not open, Invalid where there is nobody.
    """
    act = OrderedAct.ASK_REFUSED if refused else OrderedAct.ASK_AGAIN
    if _stands(session, campaign_id, act):
        return
    queries.at_rest(session, campaign_id)
    number = (asking.check_refused if refused else asking.check_cancelled)(session, campaign_id)
    _place(session, campaign_id, act, number, {}, actor)


def call_off(session: Session, campaign_id: uuid.UUID, actor: Actor) -> bool:
    """Let an act that was asked for not happen, also where a worker is at it: then all that it wrote is undone. False where it is done."""
    # The worker deletes the order when it is ready: one of us finds it gone.
    waits = (CampaignOrder.campaign_id == campaign_id, CampaignOrder.given_up_at.is_(None))
    act = session.scalar(delete(CampaignOrder).where(*waits).returning(CampaignOrder.act))
    if act is None:
        return False
    audit.record(session, actor, _TRAIL[act][1], "campaign", campaign_id)
    return True


def current(session: Session, campaign_id: uuid.UUID) -> Order | None:
    """The act that was asked for and is not done, or was given up; None where nobody asked since the last one."""
    row = session.execute(
        select(
            CampaignOrder.act, CampaignOrder.asked_at, CampaignOrder.asked_by, CampaignOrder.language, CampaignOrder.done,
            CampaignOrder.of, CampaignOrder.given_up_at, CampaignOrder.told_at, CampaignOrder.against,
        ).where(CampaignOrder.campaign_id == campaign_id)
    ).one_or_none()  # fmt: skip
    return None if row is None else Order(*row[:8], against=tuple(row.against))


def carry_out(database: Database) -> None:
    """Carry out the acts that wait, one after the other, each in one transaction. What another worker is at is left to that one.

    What stands against one by now is kept for whoever asked, and it is given up. Any other exception ends us; the next tick tries again.
    """
    with database.read() as session:
        waiting = session.execute(
            select(CampaignOrder.id, CampaignOrder.campaign_id)
            .where(CampaignOrder.given_up_at.is_(None))
            .order_by(CampaignOrder.asked_at, CampaignOrder.id)
        ).all()
    for order_id, campaign_id in waiting:
        try:
            _carry_out(database, order_id, campaign_id)
        except (Invalid, Refused) as refused:
            against = [*(refused.faults if isinstance(refused, Invalid) else ())] or [refused.message]
            with database.write() as session:
                _change(session, order_id, given_up_at=clock.now(), against=against)
        except _CalledOff:
            pass


def _stands(
    session: Session, campaign_id: uuid.UUID, act: OrderedAct, details: Mapping[str, Any] | None = None
) -> bool:
    """Whether the very act is under way already. Raises Busy where another one is."""
    found = session.execute(
        select(CampaignOrder.act, CampaignOrder.details).where(
            CampaignOrder.campaign_id == campaign_id, CampaignOrder.given_up_at.is_(None)
        )
    ).one_or_none()
    if found is None:
        return False
    if found.act is not act or (details is not None and found.details != details):
        raise Busy(queries.under_way(found.act))
    return True


def _place(
    session: Session, campaign_id: uuid.UUID, act: OrderedAct, number: int, details: dict[str, Any], actor: Actor
) -> None:
    session.execute(delete(CampaignOrder).where(CampaignOrder.campaign_id == campaign_id))
    session.add(
        CampaignOrder(
            campaign_id=campaign_id,
            act=act,
            details=details,
            asked_at=clock.now(),
            asked_by=actor.name,
            staff_id=actor.staff_id,
            language=i18n.language(),
            done=0,
            of=number,
            against=[],
        )
    )
    audit.record(session, actor, _TRAIL[act][0], "campaign", campaign_id, after=details or None)
    doorbell.after_commit(session, doorbell.ORDERS)


def _carry_out(database: Database, order_id: uuid.UUID, campaign_id: uuid.UUID) -> None:
    with database.write() as session:
        free = select(Campaign.id).where(Campaign.id == campaign_id).with_for_update(key_share=True, skip_locked=True)
        if session.scalar(free) is None:
            return
        order = _begun(database, order_id)
        if order is None:
            return
        with i18n.speaking(order.language):
            _act(session, order, Actor(order.asked_by, order.staff_id), _Told(database, order_id))
        if (
            session.scalar(delete(CampaignOrder).where(CampaignOrder.id == order_id).returning(CampaignOrder.id))
            is None
        ):
            raise _CalledOff


def _act(session: Session, order: CampaignOrder, actor: Actor, progress: Progress) -> None:
    """Do what was asked for, as if whoever asked did it now."""
    match order.act:
        case OrderedAct.LAUNCH:
            launch.launch(session, order.campaign_id, actor, progress=progress)
        case OrderedAct.EXTEND:
            deadline_at = datetime.fromisoformat(order.details["deadline"])
            extensions.extend(
                session, order.campaign_id, None, deadline_at, order.details["reason"], actor, ordered=progress
            )
        case OrderedAct.ASK_AGAIN:
            asking.ask_again(session, order.campaign_id, actor, told=progress)
        case OrderedAct.ASK_REFUSED:
            asking.ask_refused(session, order.campaign_id, actor, told=progress)


def _begun(database: Database, order_id: uuid.UUID) -> CampaignOrder | None:
    """The order, with one more try; None where it does not stand any more, or was tried too often: then it is given up."""
    with database.write() as session:
        order = session.get(CampaignOrder, order_id, with_for_update=True)
        if order is None or order.given_up_at is not None:
            return None
        if order.tries >= MOST_TRIES:
            order.given_up_at = clock.now()
            return None
        order.tries, order.done, order.told_at = order.tries + 1, 0, clock.now()
        return order


class _Told:
    """Writes down how far an act has come, in transactions of its own: the act itself can be seen when it is committed."""

    def __init__(self, database: Database, order_id: uuid.UUID) -> None:
        self._database, self._order_id, self._last = database, order_id, time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if time.monotonic() - self._last < TOLD:
            return
        with self._database.write() as session:
            if not _change(session, self._order_id, done=done, of=of, told_at=clock.now()):
                raise _CalledOff
        self._last = time.monotonic()


def _change(session: Session, order_id: uuid.UUID, **values: object) -> bool:
    """Change an order that stands; whether it does."""
    stands = (CampaignOrder.id == order_id, CampaignOrder.given_up_at.is_(None))
    changed = session.scalar(update(CampaignOrder).where(*stands).values(**values).returning(CampaignOrder.id))
    return changed is not None

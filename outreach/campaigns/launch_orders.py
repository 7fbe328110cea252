"""Launches that were asked for on a page: checked there, carried out by a worker. Whoever looks sees how far one has come."""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from outreach import clock, doorbell, i18n
from outreach.campaigns import audience, launch, queries
from outreach.campaigns.lint import TryLinks
from outreach.campaigns.models import Campaign, LaunchOrder
from outreach.db import Database
from outreach.errors import Invalid, Refused
from outreach.identity import audit
from outreach.identity.audit import Actor

MOST_TRIES = 5
"""So often a launch is begun that ends without having said why: its worker was ended, or there is a fault of ours."""

TOLD = 0.5
"""So many seconds lie between two notes of how far a launch has come."""


@dataclass(frozen=True)
class Order:
    """A launch that was asked for, and how it stands. Where it was given up, `against` has the reasons, in `language`; none: our fault."""

    asked_at: datetime
    asked_by: str
    language: str
    done: int
    of: int
    given_up_at: datetime | None
    against: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether it is carried out, or about to be."""
        return self.given_up_at is None


class _CalledOff(Exception):
    """Somebody called the launch off while it was carried out."""


def ask(session: Session, campaign_id: uuid.UUID, actor: Actor, *, try_links: TryLinks | None = None) -> bool:
    """Have everybody in the audience asked who was not asked yet; False where there is nobody. Asked for twice, it is one launch.

    Raises Missing, Busy, and what `launch.check` raises: then it will not be tried.
    """
    found = current(session, campaign_id)
    if found is not None and found.stands:
        return True
    # Links take seconds: nobody waits for us meanwhile.
    launch.check(session, queries.campaign(session, campaign_id), try_links)
    campaign = queries.held(session, campaign_id)
    found = current(session, campaign_id)
    if found is not None and found.stands:
        return True
    number = audience.headcount(session, campaign).to_ask
    if campaign.launched_at is not None and not number:
        return False
    session.execute(delete(LaunchOrder).where(LaunchOrder.campaign_id == campaign_id))
    session.add(
        LaunchOrder(
            campaign_id=campaign_id,
            asked_at=clock.now(),
            asked_by=actor.name,
            staff_id=actor.staff_id,
            language=i18n.language(),
            done=0,
            of=number,
            against=[],
        )
    )
    audit.record(session, actor, "campaign.launch_asked", "campaign", campaign_id)
    doorbell.after_commit(session, doorbell.LAUNCHES)
    return True


def call_off(session: Session, campaign_id: uuid.UUID, actor: Actor) -> bool:
    """Let a launch that was asked for not happen, also where a worker is at it: then all that it wrote is undone. False where it is done."""
    # The worker deletes the order when it is ready: one of us finds it gone.
    waits = (LaunchOrder.campaign_id == campaign_id, LaunchOrder.given_up_at.is_(None))
    if session.scalar(delete(LaunchOrder).where(*waits).returning(LaunchOrder.id)) is None:
        return False
    audit.record(session, actor, "campaign.launch_called_off", "campaign", campaign_id)
    return True


def current(session: Session, campaign_id: uuid.UUID) -> Order | None:
    """The launch that was asked for and is not done, or was given up; None where nobody asked since the last one."""
    row = session.execute(
        select(
            LaunchOrder.asked_at, LaunchOrder.asked_by, LaunchOrder.language, LaunchOrder.done, LaunchOrder.of,
            LaunchOrder.given_up_at, LaunchOrder.against,
        ).where(LaunchOrder.campaign_id == campaign_id)
    ).one_or_none()  # fmt: skip
    return None if row is None else Order(*row[:6], against=tuple(row.against))


def carry_out(database: Database) -> None:
    """Carry out the launches that wait, one after the other, each in one transaction. What another worker is at is left to that one.

    What stands against one by now is kept for whoever asked, and it is given up. Any other exception ends us; the next tick tries again.
    """
    with database.read() as session:
        waiting = session.execute(
            select(LaunchOrder.id, LaunchOrder.campaign_id)
            .where(LaunchOrder.given_up_at.is_(None))
            .order_by(LaunchOrder.asked_at, LaunchOrder.id)
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


def _carry_out(database: Database, order_id: uuid.UUID, campaign_id: uuid.UUID) -> None:
    with database.write() as session:
        free = select(Campaign.id).where(Campaign.id == campaign_id).with_for_update(key_share=True, skip_locked=True)
        if session.scalar(free) is None:
            return
        order = _begun(database, order_id)
        if order is None:
            return
        with i18n.speaking(order.language):
            launch.launch(
                session, campaign_id, Actor(order.asked_by, order.staff_id), progress=_Told(database, order_id)
            )
        if session.scalar(delete(LaunchOrder).where(LaunchOrder.id == order_id).returning(LaunchOrder.id)) is None:
            raise _CalledOff


def _begun(database: Database, order_id: uuid.UUID) -> LaunchOrder | None:
    """The order, with one more try; None where it does not stand any more, or was tried too often: then it is given up."""
    with database.write() as session:
        order = session.get(LaunchOrder, order_id, with_for_update=True)
        if order is None or order.given_up_at is not None:
            return None
        if order.tries >= MOST_TRIES:
            order.given_up_at = clock.now()
            return None
        order.tries, order.done = order.tries + 1, 0
        return order


class _Told:
    """Writes down how far a launch has come, in transactions of its own: the launch itself can be seen when it is committed."""

    def __init__(self, database: Database, order_id: uuid.UUID) -> None:
        self._database, self._order_id, self._last = database, order_id, time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if time.monotonic() - self._last < TOLD:
            return
        with self._database.write() as session:
            if not _change(session, self._order_id, done=done, of=of):
                raise _CalledOff
        self._last = time.monotonic()


def _change(session: Session, order_id: uuid.UUID, **values: object) -> bool:
    """Change an order that stands; whether it does."""
    stands = (LaunchOrder.id == order_id, LaunchOrder.given_up_at.is_(None))
    changed = session.scalar(update(LaunchOrder).where(*stands).values(**values).returning(LaunchOrder.id))
    return changed is not None

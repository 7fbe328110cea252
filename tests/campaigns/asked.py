"""Who is asked in the tests of campaigns: two missions of one State with bodies below them, another State, and one without a State."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns import invitations, queries, reminders
from outreach.campaigns.models import Campaign, Invitation
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import Letter, LetterKind
from outreach.directory.models import Institution, InstitutionKind, Seat
from outreach.identity.audit import Actor
from tests import factories

MANAGER = Actor("manager@secretariat.example")
PLAN = (-14, -5, 3)


@dataclass(frozen=True)
class World:
    """Kazakhstan's missions in Geneva and New York, three bodies below Geneva's, Jordan's mission, an organization without a State."""

    campaign: Campaign
    geneva: Invitation
    new_york: Invitation
    ministry: Invitation
    commission: Invitation
    union: Invitation
    jordan: Invitation
    organization: Invitation

    @property
    def everybody(self) -> dict[str, Invitation]:
        """The invitations by the names that they have here."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "campaign"}


def world(session: Session, days: tuple[int, ...] = PLAN, **columns: Any) -> World:
    """All of them asked at the launch, and reached; reminders planned on `days` from the deadline's."""
    with clock.stopped_at(factories.LAUNCHED):
        campaign = factories.campaign(session, **columns)
        reminders.set_plan(session, campaign.id, days)
        geneva = factories.invitation(session, campaign, _mission(session, "KAZ"))

        def body(kind: InstitutionKind, name: str, state: str | None = "KAZ") -> Invitation:
            email = f"{name.lower()}.{campaign.code.lower()}@bodies.example"
            of = factories.institution(session, kind, state_code=state, name=name, email=email)
            return factories.invitation(session, campaign, of, parent=geneva if state else None)

        made = World(
            campaign=campaign,
            geneva=geneva,
            new_york=factories.invitation(session, campaign, _mission(session, "KAZ", Seat.NEW_YORK)),
            ministry=body(InstitutionKind.MINISTRY, "Ministry"),
            commission=body(InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION, "Commission"),
            union=body(InstitutionKind.TRADE_UNION, "Union"),
            jordan=factories.invitation(session, campaign, _mission(session, "JOR")),
            organization=body(InstitutionKind.INTERGOVERNMENTAL, "Organization", None),
        )
        for one in made.everybody.values():
            happened(session, one, FactKind.LETTER_SENT)
    return made


def _mission(session: Session, state: str, seat: Seat = Seat.GENEVA) -> Institution:
    # A State has one mission at a post, whatever the number of campaigns.
    found = session.scalars(
        select(Institution).where(Institution.state_code == state, Institution.seat == seat)
    ).first()
    return found or factories.mission(session, state, seat)


def happened(session: Session, one: Invitation, *kinds: FactKind, at: datetime = factories.LAUNCHED) -> None:
    """Facts of an invitation, in this order at one instant."""
    for kind in kinds:
        invitations.record(session, one.id, kind, by="tests", at=at)


def tick(session: Session, at: datetime) -> int:
    """What the beat does at an instant."""
    with clock.stopped_at(at):
        return reminders.queue_due(session)


def letters(session: Session, one: Invitation, kind: LetterKind) -> list[Letter]:
    """The letters of a kind to one of them, the oldest first."""
    return list(
        session.scalars(
            select(Letter)
            .where(Letter.invitation_id == one.id, Letter.kind == kind)
            .order_by(Letter.queued_at, Letter.id)
        )
    )


def reminded(session: Session, w: World) -> set[str]:
    """Who was queued a reminder, by the names that they have here."""
    return {name for name, one in w.everybody.items() if letters(session, one, LetterKind.REMINDER)}


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Run the acts in a thread each; what they raised."""
    faults: list[BaseException] = []
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            with i18n.speaking("en"):
                together.wait(timeout=600)
                act()
        except BaseException as fault:  # noqa: BLE001 - handed to the test
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    with pytest.MonkeyPatch.context() as patch:
        # A machine that stands still makes nobody give up the wait for another.
        patch.setattr(queries, "PATIENCE", "100s")
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=600)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return faults

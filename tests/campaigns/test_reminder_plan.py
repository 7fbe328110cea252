"""The plan of reminders, as staff see and change it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import extensions, reminders, service
from outreach.campaigns.models import Campaign
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import LetterKind, LetterState
from outreach.errors import Invalid, Refused
from tests import factories
from tests.campaigns.asked import MANAGER, happened, letters, tick, world
from tests.campaigns.test_reminders import EVERYBODY, FIVE_BEFORE, LATER, queued_reminders

pytestmark = pytest.mark.usefixtures("english")


def test_the_plan_shows_what_has_left_and_whom_a_step_would_reach(session: Session) -> None:
    w = world(session)
    happened(session, w.union, FactKind.SUBMITTED, at=factories.NOW)
    tick(session, FIVE_BEFORE)
    for one in queued_reminders(session, w):
        one.state = LetterState.SENT
    letters(session, w.jordan, LetterKind.REMINDER)[0].state = LetterState.FAILED
    session.flush()
    with clock.stopped_at(FIVE_BEFORE + timedelta(hours=1)):
        extensions.extend(session, w.campaign.id, "JOR", LATER, "Time", MANAGER)
        shown = reminders.plan(session, w.campaign.id)
    assert [(step.days, step.passed, step.sent) for step in shown] == [(-14, True, 0), (-5, True, 5), (3, False, 0)]
    # Jordan's own deadline lies ahead: the first step does so for Jordan alone, and the second was queued to it once for ever.
    assert [step.would_reach for step in shown] == [1, 0, len(EVERYBODY) - 1]


def test_the_plan_of_a_call_that_is_closed_reaches_nobody(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(factories.NOW):
        service.close(session, w.campaign.id, MANAGER)
        assert [step.would_reach for step in reminders.plan(session, w.campaign.id)] == [0, 0, 0]


def days_planned(session: Session, campaign: Campaign) -> list[int]:
    return sorted(step.days for step in reminders.steps_of(session, campaign.id))


def test_staff_change_the_plan_while_the_call_runs(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(factories.NOW):
        assert service.set_reminders(session, w.campaign.id, (-5, -2, 3), MANAGER)
        assert not service.set_reminders(session, w.campaign.id, (3, -2, -5), MANAGER)
    assert days_planned(session, w.campaign) == [-5, -2, 3]


def test_a_new_step_lies_ahead_for_somebody_and_leaves_to_nobody_at_once(session: Session) -> None:
    w = world(session)
    yesterday, far = (-12, -13, -14), (-15, -14)
    with clock.stopped_at(factories.NOW):  # eleven days before the deadline
        for days in (yesterday, far):
            with pytest.raises(Invalid) as told:
                service.set_reminders(session, w.campaign.id, days, MANAGER)
            assert told.value.field == "reminder_days"
        factories.extension(session, w.campaign, LATER, state_code="JOR")
        service.set_reminders(session, w.campaign.id, (-15, -14), MANAGER)
        with pytest.raises(Invalid):
            service.set_reminders(session, w.campaign.id, (-12,), MANAGER)
    assert days_planned(session, w.campaign) == [-15, -14]


def test_before_the_launch_any_plan_can_be_written(session: Session) -> None:
    campaign = factories.campaign(session, launched=False)
    with clock.stopped_at(factories.NOW):
        service.set_reminders(session, campaign.id, (-40,), MANAGER)
    assert days_planned(session, campaign) == [-40]


def test_the_plan_of_a_closed_call_stays(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(factories.NOW):
        service.close(session, w.campaign.id, MANAGER)
        with pytest.raises(Refused):
            service.set_reminders(session, w.campaign.id, (), MANAGER)

"""The clock steps by an hour and a day, both ways, about a deadline on the day on which clocks go back: each reminder once, none skipped."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import deadlines, reminders
from outreach.campaigns.deadlines import Deadline
from outreach.campaigns.models import Campaign
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import Letter, LetterKind
from tests import factories
from tests.campaigns.asked import happened, tick

pytestmark = pytest.mark.usefixtures("english")

DAYS = (-4, -1, 0, 2)
# The day on which clocks go back; in Santiago and Cairo the hour before midnight comes twice on it.
PLACES = {
    "Europe/Zurich": date(2027, 10, 31),
    "America/New_York": date(2027, 11, 7),
    "America/Santiago": date(2027, 4, 3),
    "Africa/Cairo": date(2027, 10, 28),
}
STATES = ("KAZ",)
HALF_DAYS = 16
_BY = [timedelta(hours=1), timedelta(days=1)]
STEPS = st.dictionaries(
    st.integers(0, HALF_DAYS - 1),
    st.lists(st.sampled_from(_BY + [-by for by in _BY]), min_size=1, max_size=3),
    max_size=6,
)


def _call(session: Session, zone: str) -> Campaign:
    deadline = deadlines.instant_of(PLACES[zone], time(23, 59), zone)
    began = deadline - timedelta(days=40)
    with clock.stopped_at(began):
        made = factories.campaign(
            session, deadline_at=deadline, deadline_zone=zone, launched_at=began, created_at=began
        )
        reminders.set_plan(session, made.id, DAYS)
        for state in STATES:
            asked = factories.invitation(session, made, factories.mission(session, state))
            happened(session, asked, FactKind.LETTER_SENT, at=began)
    return made


@pytest.mark.parametrize("zone", PLACES)
@settings(max_examples=3)
@given(steps=STEPS)
def test_each_reminder_leaves_once_whatever_the_clock_does(
    session: Session, zone: str, steps: dict[int, list[timedelta]]
) -> None:
    life = session.begin_nested()
    try:
        call = _call(session, zone)
        moment = Deadline(call.deadline_at, zone).day(DAYS[0]) - timedelta(days=1, hours=1)
        for number in range(HALF_DAYS):
            # The clock steps, perhaps more than once, and is set right again.
            for wrong in steps.get(number, []):
                tick(session, moment + wrong)
            tick(session, moment)
            moment += timedelta(hours=12)
        rows = session.scalars(
            select(Letter).where(Letter.campaign_id == call.id, Letter.kind == LetterKind.REMINDER)
        ).all()
        times = Counter((row.contact_id, row.occasion) for row in rows)
        assert set(times.values()) == {1}, "a reminder came twice"
        assert {occasion for _contact, occasion in times} == {f"step{day:+d}" for day in DAYS}, "a reminder was skipped"
        assert len(times) == len(STATES) * len(DAYS)
    finally:
        life.rollback()
        session.info.clear()


def test_the_days_are_those_on_which_clocks_go_back() -> None:
    for zone, day in PLACES.items():
        begin, end = (deadlines.instant_of(day, hour, zone) for hour in (time(0, 0), time(23, 59)))
        assert end - begin == timedelta(hours=24, minutes=59), zone

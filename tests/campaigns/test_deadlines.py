"""Deadlines: an instant and its zone, days counted on the calendar of the zone, clock changes, and extensions for all or one State."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from outreach.campaigns import deadlines
from outreach.campaigns.deadlines import Deadline, instant_of
from outreach.dates import un_instant
from tests import factories

ZONES = ("Europe/Zurich", "America/New_York", "America/Santiago", "Africa/Cairo")

# The evening of the day on which each goes back to winter time; in Santiago and Cairo the last hour of that day comes twice.
CLOCKS_BACK = {
    "Europe/Zurich": (date(2027, 10, 31), datetime(2027, 10, 31, 22, 59, tzinfo=UTC)),
    "America/New_York": (date(2027, 11, 7), datetime(2027, 11, 8, 4, 59, tzinfo=UTC)),
    "America/Santiago": (date(2027, 4, 3), datetime(2027, 4, 4, 3, 59, tzinfo=UTC)),
    "Africa/Cairo": (date(2027, 10, 28), datetime(2027, 10, 28, 21, 59, tzinfo=UTC)),
}


def test_no_later_than_includes_the_instant() -> None:
    deadline = Deadline(factories.DEADLINE, "Europe/Zurich")
    assert not deadline.passed(factories.DEADLINE)
    assert deadline.passed(factories.DEADLINE + timedelta(microseconds=1))


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_on_which_clocks_go_back_ends_with_its_last_hour(zone: str) -> None:
    day, end = CLOCKS_BACK[zone]
    assert instant_of(day, time(23, 59), zone) == end
    assert (end + timedelta(minutes=1)).astimezone(ZoneInfo(zone)).date() == day + timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), minute=st.integers(0, 24 * 60 - 1))
def test_a_wall_clock_time_is_taken_for_the_last_instant_that_it_can_mean(zone: str, day: date, minute: int) -> None:
    hour = time(*divmod(minute, 60))
    found = instant_of(day, hour, zone)
    shown = found.astimezone(ZoneInfo(zone))
    if (shown.date(), shown.time()) != (day, hour):
        # The clocks skip this time: the instant lies within an hour after the jump.
        assert timedelta() < shown.replace(tzinfo=None) - datetime.combine(day, hour) <= timedelta(hours=1)
        return
    again = (found + timedelta(hours=1)).astimezone(ZoneInfo(zone))
    assert (again.date(), again.time()) != (day, hour), "an hour later clocks show the same once more"


@pytest.mark.parametrize("zone", ZONES)
@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), days=st.integers(-120, 120))
def test_a_step_lies_at_nine_on_its_calendar_day_whatever_the_clocks_do_between(
    zone: str, day: date, days: int
) -> None:
    at = Deadline(instant_of(day, time(23, 59), zone), zone).day(days)
    shown = at.astimezone(ZoneInfo(zone))
    assert (shown.date(), shown.time()) == (day + timedelta(days=days), time(9, 0))


def test_the_hour_that_comes_twice_reads_as_it_was_written(english: None) -> None:
    at = instant_of(date(2027, 10, 28), time(23, 59), "Africa/Cairo")
    assert un_instant(at, "Africa/Cairo") == "28 October 2027, 23:59 (Cairo)"


def test_the_latest_that_was_granted_holds(session: Session) -> None:
    campaign = factories.campaign(session)
    first, week, fortnight = (factories.DEADLINE + timedelta(days=days) for days in (0, 7, 14))

    def found(state: str | None) -> datetime:
        return deadlines.deadline_for(session, campaign, state).at

    assert found("KAZ") == found(None) == first
    factories.extension(session, campaign, fortnight, state_code="KAZ")
    assert (found("KAZ"), found("JOR"), found(None)) == (fortnight, first, first)
    factories.extension(session, campaign, week)
    assert (found("KAZ"), found("JOR"), found(None)) == (fortnight, week, week)
    assert deadlines.deadlines_by_state(session, campaign.id) == (week, {"KAZ": fortnight})
    assert deadlines.deadlines_by_state(session, factories.campaign(session).id) == (None, {})


def test_an_extension_that_is_no_later_shortens_nothing(session: Session) -> None:
    campaign = factories.campaign(session)
    factories.extension(session, campaign, factories.DEADLINE - timedelta(days=3))
    assert deadlines.deadline_for(session, campaign, "KAZ").at == factories.DEADLINE

"""The deadline as an entry for calendars."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns.deadline_calendar import deadline_calendar
from outreach.campaigns.models import Campaign
from tests import factories


def entry(session: Session, campaign: Campaign, state_code: str | None = None, language: str = "en") -> Any:
    """The event of the file, as another program reads it."""
    with i18n.speaking(language), clock.stopped_at(factories.NOW):
        calendar: Any = Calendar.from_ical(deadline_calendar(session, campaign.id, state_code).content)
    assert calendar["METHOD"] == "PUBLISH"
    (event,) = calendar.walk("VEVENT")
    return event


def test_an_entry_stays_the_same_and_is_numbered_anew_by_each_extension(session: Session) -> None:
    campaign = factories.campaign(session, "KH-2027")
    first = entry(session, campaign, "KAZ")
    assert (first["UID"], first["SEQUENCE"]) == ("deadline-kh-2027-kaz@outreach.example", 0)
    assert first["DTSTART"].dt == factories.DEADLINE
    assert first["DTSTAMP"].dt == factories.NOW
    later = factories.DEADLINE + timedelta(days=14)
    factories.extension(session, campaign, later)
    factories.extension(session, campaign, later + timedelta(days=7), state_code="KAZ")
    moved = entry(session, campaign, "KAZ")
    assert (moved["UID"], moved["SEQUENCE"], moved["DTSTART"].dt) == (first["UID"], 2, later + timedelta(days=7))
    for_all = entry(session, campaign)
    assert (for_all["SEQUENCE"], for_all["DTSTART"].dt) == (1, later)


def test_it_warns_a_week_before_in_the_morning_and_not_in_the_past(session: Session) -> None:
    campaign = factories.campaign(session)
    (alarm,) = entry(session, campaign).walk("VALARM")
    assert alarm["TRIGGER"].dt == datetime(2027, 2, 19, 8, 0, tzinfo=UTC)
    soon = factories.campaign(session, deadline_at=factories.NOW + timedelta(days=3))
    assert entry(session, soon).walk("VALARM") == []


@pytest.mark.parametrize(
    ("language", "instant"), [("fr", "26 février 2027, 23 h 59 (Genève)"), ("ar", "26 شباط/فبراير 2027"), ("zh", "2027年2月26日23时59分（日内瓦）")]
)  # fmt: skip
def test_it_speaks_the_readers_language_and_holds_no_link_that_acts(
    session: Session, language: str, instant: str
) -> None:
    campaign = factories.campaign(session, "KH-2027")
    event = entry(session, campaign, "KAZ", language)
    assert factories.TITLES[language] in event["SUMMARY"]
    assert event["SUMMARY"].params["LANGUAGE"] == language
    assert instant in event["DESCRIPTION"].replace("\u00a0", " ")
    assert event["URL"] == f"http://127.0.0.1:8000/c/KH-2027?lang={language}"

"""The deadline as an entry for calendars (iCalendar): the same entry for ever, with a number that grows with each extension.

It is the instant itself, in UTC, so that every calendar shows it at its own hour. Calendars are shared: the entry holds the call's
public address, never a link that acts for somebody.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from icalendar import Alarm, Calendar, Event
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import queries
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.models import Campaign, Extension
from outreach.dates import un_date, un_instant
from outreach.i18n import _, language

WARNS_BEFORE = 7
"""Days before the deadline on which the calendar speaks up, at nine in the morning where the Secretariat sits."""


@dataclass(frozen=True)
class DeadlineEntry:
    """The file, and the code of the call it is of."""

    code: str
    content: bytes


def deadline_calendar(session: Session, campaign_id: uuid.UUID, state_code: str | None) -> DeadlineEntry:
    """The deadline that holds for a State (None: for everybody), in the language spoken now. Raises Missing."""
    campaign = queries.campaign(session, campaign_id)
    deadline = deadline_for(session, campaign, state_code)
    texts = queries.texts(session, campaign_id)
    title = (texts.get(language()) or texts[campaign.original_language]).title
    address = f"{config.settings().base_url}/c/{campaign.code}?lang={language()}"
    times, last = _extensions(session, campaign, state_code)

    event = Event()
    event.add("uid", f"deadline-{campaign.code}-{state_code or 'all'}@{config.settings().mail_domain}".lower())
    event.add("sequence", times)
    event.add("dtstamp", clock.now())
    event.add("last-modified", last or campaign.launched_at or campaign.created_at)
    event.add("dtstart", deadline.at)
    event.add(
        "summary", _("Deadline of %(code)s: %(title)s", code=campaign.code, title=title), {"LANGUAGE": language()}
    )
    event.add("description", _description(campaign, un_instant(deadline.at, deadline.zone), address))
    event.add("url", address)
    # It takes nobody's time.
    event.add("transp", "TRANSPARENT")
    warned_at = deadline.day(-WARNS_BEFORE)
    if warned_at > clock.now():
        event.add_component(_alarm(warned_at, title))

    calendar = Calendar()
    calendar.add("prodid", "-//Outreach//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return DeadlineEntry(campaign.code, calendar.to_ical())


def _extensions(session: Session, campaign: Campaign, state_code: str | None) -> tuple[int, datetime | None]:
    """How often the deadline was moved for this State or for all, and when it was last."""
    whose = or_(Extension.state_code.is_(None), Extension.state_code == state_code)
    found = session.execute(
        select(func.count(), func.max(Extension.granted_at)).where(Extension.campaign_id == campaign.id, whose)
    ).one()
    return found[0], found[1]


def _description(campaign: Campaign, instant: str, address: str) -> str:
    note = _(
        "Note verbale %(reference)s of %(date)s",
        reference=campaign.note_reference,
        date=un_date(campaign.note_date),
    )
    asked = _("Please reply no later than %(instant)s", instant=instant)
    return "\n".join([asked, note, address, _("Questions: %(contact)s", contact=campaign.contact)])


def _alarm(at: datetime, title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", at)
    return alarm

"""The demonstration's calendar: its staff turn to the next day, or to the next reminder, and watch what leaves. Not there in production."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from outreach import clock, doorbell
from outreach.campaigns import coming
from outreach.correspondence import queries as letters
from outreach.errors import Refused
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff
from outreach.web.staff import ZONE, blueprint
from outreach.web.staff.frame import demo_clock

_MORNING = time(9, 5)
"""Reminders are due at nine."""


@blueprint.before_request
def _only_in_a_demonstration() -> Response | None:
    if request.endpoint in ("staff.demo", "staff.turn") and demo_clock() is None:
        abort(404)
    return None


@blueprint.get("/demo")
@staff(StaffRole.MANAGER)
def demo() -> str:
    """The day that the demonstration shows, and what its calendar brings next."""
    return render_template("staff/demo.html", now=clock.now(), reminder=coming.next_reminder(unit.session()), zone=ZONE)


@blueprint.post("/demo")
@staff(StaffRole.MANAGER)
def turn() -> Answer:
    """Move the clock of all processes forward, and ask the workers to look."""
    session = unit.session()
    file = demo_clock()
    assert file is not None
    if letters.waiting(session):
        # A clock that jumps would end the time within which a sender must record what it has just sent.
        raise Refused(_("Letters are leaving at this moment. Please try again when they have left."))
    reminder = coming.next_reminder(session)
    if request.form.get("to") == "reminder" and reminder is not None:
        at = max(_morning(0, reminder.at), reminder.at + timedelta(minutes=5))
    else:
        at = _morning(1, clock.now())
    clock.move_to(at, file)
    doorbell.after_commit(session, doorbell.REMINDERS)
    doorbell.after_commit(session, doorbell.LETTERS)
    flash(
        _("The demonstration goes on. Letters that are due leave now; load the page again to see what became of them."),
        "done",
    )
    running = [reminder.code] if reminder else [campaign.code for campaign in coming.open_campaigns(session)]
    return redirect(url_for("staff.board", code=running[0]) if running else url_for("staff.today"))


def _morning(days: int, of: datetime) -> datetime:
    local = of.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=days)
    return datetime.combine(local, _MORNING, ZoneInfo(ZONE))

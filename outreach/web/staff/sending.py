"""While letters leave: how far it has come, pausing, cancelling the rest, asking again; and trying a relay again that refused us."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from outreach.campaigns import asking, orders
from outreach.campaigns import queries as campaigns
from outreach.campaigns import sending as service
from outreach.correspondence import holds
from outreach.correspondence.holds import Hold
from outreach.correspondence.progress import Progress, idle_since, progress
from outreach.correspondence.words import HoldKind, LetterKind
from outreach.errors import Invalid, Missing
from outreach.i18n import _, ngettext
from outreach.identity import queries as identity
from outreach.identity import service as accounts
from outreach.identity.words import StaffRole
from outreach.reports.sentences import refused_words, time_left_words
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import blueprint
from outreach.web.staff.state import state_shown

LONGEST_REASON = 300


@dataclass(frozen=True)
class Standstill:
    """Why letters wait: a hold, who paused, a relay that can't be reached, and since when no sender takes them; each None where it is
    not so.
    """

    hold: Hold | None
    paused_by: str | None
    away: Hold | None
    idle_since: datetime | None

    @property
    def refused_in_a_row(self) -> str:
        """That so many letters were refused, where that is why we stopped; the hold's reason is what was said of the last."""
        return refused_words(self.hold) if self.hold else ""


@dataclass(frozen=True)
class Sending:
    """How the letters of a call stand. `state` is one word that changes where the page has something else to offer."""

    progress: Progress
    still: Standstill
    state: str
    time_left: str

    @property
    def number(self) -> int:
        """All letters but those that were cancelled."""
        found = self.progress
        return found.sent + found.refused + found.failed + found.waiting


def standstill(session: Session, campaign_id: uuid.UUID | None) -> Standstill:
    """What keeps the letters of a call (or all letters) from leaving now."""
    hold = holds.current(session, campaign_id)
    away = holds.out_of_reach(session)
    idle = idle_since(session) if hold is None and away is None else None
    return Standstill(hold, _name(session, hold.by) if hold and hold.by else None, away, idle)


def sending(session: Session, campaign_id: uuid.UUID) -> Sending:
    """How the letters of a call stand now."""
    found, still = progress(session, campaign_id), standstill(session, campaign_id)
    state = "leaving" if found.waiting else "done"
    if still.hold is not None:
        state = still.hold.kind.value
    elif still.away is not None and found.waiting:
        state = HoldKind.UNREACHABLE.value
    elif still.idle_since is not None and found.waiting:
        state = "idle"
    return Sending(found, still, state, "" if still.hold else time_left_words(found.time_left))


def may_try() -> bool:
    """Whether the member of staff who signed in may try the relay again."""
    return accounts.role_of(current_user) is StaffRole.ADMINISTRATOR


@blueprint.get("/campaigns/<code>/sending")
@staff(StaffRole.READER)
def sending_figures(code: str) -> str:
    """The figures alone, for the page that looks at them every few seconds."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    return render_template("staff/_sending.html", campaign=campaign, sending=sending(session, campaign.id))


@blueprint.post("/campaigns/<code>/sending/pause")
@staff(StaffRole.MANAGER)
def pause(code: str) -> Response:
    """Let the letters of the call wait."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    service.pause(session, campaign.id, reason, staff_actor())
    flash(_("Sending is paused. What the relay has taken already cannot be called back."), "done")
    return _back(code)


@blueprint.post("/campaigns/<code>/sending/resume")
@staff(StaffRole.MANAGER)
def resume(code: str) -> Response:
    """Let them go on."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    service.resume(session, campaign.id, staff_actor())
    flash(_("The letters go on leaving."), "done")
    return _back(code)


@blueprint.get("/campaigns/<code>/sending/cancel")
@staff(StaffRole.MANAGER)
def cancel_rest(code: str) -> str:
    """Ask whether to cancel what has not left, with its numbers."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    rest = service.rest(session, campaign.id)
    return render_template(
        "staff/cancel_rest.html",
        paused=holds.current(session, campaign.id) is not None,
        campaign=campaign,
        rest=rest,
        lines=_lines(rest),
        sent=progress(session, campaign.id).sent,
    )


@blueprint.post("/campaigns/<code>/sending/cancel")
@staff(StaffRole.MANAGER)
def rest_cancelled(code: str) -> Response:
    """Cancel it. Done twice, nothing more happens."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    done = service.cancel_rest(session, campaign.id, staff_actor())
    flash(ngettext("%(num)s letter is cancelled.", "%(num)s letters are cancelled.", done.number), "done")
    if done.in_hand:
        flash(
            ngettext(
                "%(num)s letter is with the relay at this moment, so the pause stays. Please look again in a minute.",
                "%(num)s letters are with the relay at this moment, so the pause stays. Please look again in a minute.",
                done.in_hand,
            ),
            "note",
        )
    return _back(code)


@blueprint.post("/campaigns/<code>/sending/ask-again")
@staff(StaffRole.MANAGER)
def ask_cancelled(code: str) -> Response:
    """Have all asked again whose letters were cancelled, by a worker."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    orders.ask_again(session, campaign.id, staff_actor())
    return redirect(url_for("staff.call", code=campaign.code, _anchor="under-way"))


@blueprint.post("/campaigns/<code>/invitations/<uuid:invitation_id>/ask-again")
@staff(StaffRole.MANAGER)
def ask_again(code: str, invitation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Send the note or letter again to the addresses of one institution that work."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    asked = campaigns.invitation(session, invitation_id)
    if asked.campaign_id != campaign.id:
        raise Missing(_("There is no such letter."))
    try:
        number = asking.ask_again(session, campaign.id, staff_actor(), invitation_id)
    except Invalid as fault:
        if asked.state_code is None:
            raise
        session.rollback()
        return state_shown(campaign.code, asked.state_code, fault.message), 422
    flash(on_their_way(number), "done")
    if asked.state_code is None:
        return _back(code)
    return redirect(url_for("staff.state", code=campaign.code, state_code=asked.state_code))


@blueprint.post("/sending/try-again")
@staff(StaffRole.ADMINISTRATOR)
def try_again() -> Response:
    """Let everything go on that we stopped by ourselves."""
    session = unit.session()
    hold = holds.current(session, None)
    if service.try_again(session, staff_actor()):
        relay = hold is None or hold.kind is HoldKind.RELAY
        flash(
            _("The relay is tried again now. Please look in a minute whether letters leave.")
            if relay
            else _("The letters go on leaving."),
            "done",
        )
    return redirect(url_for("staff.today"))


def _back(code: str) -> Response:
    return redirect(url_for("staff.call", code=code.upper(), _anchor="sending"))


def on_their_way(number: int) -> str:
    """How many letters were queued again."""
    return ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", number)


def _name(session: Session, by: str) -> str:
    """Who paused: the name of a member of staff, else what stands there."""
    try:
        return identity.account(session, uuid.UUID(by)).name
    except (ValueError, Missing):
        return by


def _lines(rest: service.Rest) -> Sequence[str]:
    """What is cancelled, and what not, in sentences."""
    sentences = {
        LetterKind.INVITATION: lambda number: ngettext(
            "%(num)s call for input: its institution is not asked until you ask it again.",
            "%(num)s calls for input: their institutions are not asked until you ask them again.",
            number,
        ),
        LetterKind.REMINDER: lambda number: ngettext(
            "%(num)s reminder: this step of the plan does not come again for its institution.",
            "%(num)s reminders: this step of the plan does not come again for their institutions.",
            number,
        ),
        LetterKind.EXTENSION: lambda number: ngettext(
            "%(num)s letter on a deadline: the new deadline holds, but is not announced.",
            "%(num)s letters on a deadline: the new deadline holds, but is not announced.",
            number,
        ),
    }
    return [sentences[kind](number) for kind, number in rest.letters.items()]

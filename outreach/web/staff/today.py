"""Where staff begin: what needs somebody today, and all calls for input; and the one-time link by which staff may enter."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask_security.utils import login_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from outreach import i18n
from outreach.campaigns import attention
from outreach.campaigns.attention import Need, NeedKind
from outreach.i18n import _, ngettext
from outreach.identity import service as identity
from outreach.identity.words import StaffRole
from outreach.inbox import queries as inbox
from outreach.inbox.queries import Show
from outreach.reports.calls import CallState, calls
from outreach.web import unit
from outreach.web.access import everyone, staff
from outreach.web.staff import ZONE, blueprint
from outreach.web.staff.sending import may_try, standstill
from outreach.web.staff.state import may_change


@dataclass(frozen=True)
class NeedLine:
    """What needs somebody, in words, and the page on which it is done."""

    words: str
    address: str
    code: str


@blueprint.get("/")
@staff(StaffRole.READER)
def today() -> str:
    """What needs somebody today, and the calls for input."""
    session = unit.session()
    return render_template(
        "staff/today.html",
        needs=[*(_line(need) for need in attention.needs(session)), *_mail_of_nobody(session)],
        calls=calls(session, i18n.language()),
        CallState=CallState,
        may_change=may_change(),
        still=standstill(session, None),
        may_try=may_try(),
        zone=ZONE,
    )


@blueprint.get("/enter/<token>")
@everyone
def enter(token: str) -> str:
    """Ask whether to sign in; a mail scanner that opens the link changes nothing."""
    return render_template("staff/enter.html", token=token)


@blueprint.post("/enter/<token>")
@everyone
def entered(token: str) -> Response:
    """Sign in by a one-time link."""
    login_user(identity.enter(unit.session(), token), authn_via=["link"])
    return redirect(url_for("staff.today"))


def _mail_of_nobody(session: Session) -> list[NeedLine]:
    """The line about mail that belongs to no call yet, where there is such mail."""
    number = inbox.counts(session)[Show.UNMATCHED]
    if not number:
        return []
    sentence = ngettext("%(num)s mail belongs to nobody yet", "%(num)s mails belong to nobody yet", number)
    return [NeedLine(sentence, url_for("staff.mail", show=Show.UNMATCHED.value), "")]


_WORDS: dict[NeedKind, Callable[[int], str]] = {
    NeedKind.NOT_ASKED: lambda number: ngettext(
        "%(num)s institution was not asked: its letter was cancelled",
        "%(num)s institutions were not asked: their letters were cancelled",
        number,
    ),
    NeedKind.UNDELIVERABLE: lambda number: ngettext(
        "%(num)s institution could not be reached", "%(num)s institutions could not be reached", number
    ),
    NeedKind.MORE_TIME: lambda number: ngettext(
        "%(num)s request for more time waits for a decision",
        "%(num)s requests for more time wait for a decision",
        number,
    ),
    NeedKind.WRONG_ADDRESSEE: lambda number: ngettext(
        "%(num)s institution says that it is the wrong addressee",
        "%(num)s institutions say that they are the wrong addressee",
        number,
    ),
    NeedKind.MAIL: lambda number: ngettext(
        "%(num)s institution wrote by mail, and nobody has looked at it",
        "%(num)s institutions wrote by mail, and nobody has looked at it",
        number,
    ),
    NeedKind.PAST_DEADLINE: lambda number: _("The deadline has passed, and the call for input is still open"),
}


def _line(need: Need) -> NeedLine:
    if need.kind is NeedKind.PAST_DEADLINE and may_change():
        address = url_for("staff.close", code=need.campaign_code)
    elif need.kind is NeedKind.PAST_DEADLINE:
        address = url_for("staff.board", code=need.campaign_code)
    elif need.kind is NeedKind.MORE_TIME:
        address = url_for("staff.deadlines", code=need.campaign_code, _anchor="requests")
    elif need.kind is NeedKind.WRONG_ADDRESSEE:
        address = url_for("staff.addressees", code=need.campaign_code)
    elif need.kind is NeedKind.NOT_ASKED:
        address = url_for("staff.call", code=need.campaign_code, _anchor="sending")
    elif need.kind is NeedKind.MAIL:
        address = url_for("staff.mail")
    else:
        address = url_for("staff.unreached", code=need.campaign_code)
    return NeedLine(_WORDS[need.kind](need.count), address, need.campaign_code)

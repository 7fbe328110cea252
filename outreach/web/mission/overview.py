"""The first page behind the link of a mission or body: who am I, what is asked, until when, what became of it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.campaigns.words import Origin, ReplyRoute, Stage
from outreach.dates import un_date, un_instant
from outreach.directory import queries as directory
from outreach.forwarding import queries
from outreach.i18n import language
from outreach.reports.words import STAGE_COLOURS, STAGES
from outreach.submissions import queries as submissions
from outreach.submissions import respondent, transmitted
from outreach.submissions.respondent import Standing
from outreach.web import names, unit
from outreach.web.access import here, holder
from outreach.web.call import call_view
from outreach.web.mission import blueprint


def frame() -> dict[str, Any]:
    """What every page of a holder shows: the institution, the call, the words for both kinds of readers."""
    session, own = unit.session(), here()
    institution = queries.who(session, own.invitation_id, language())
    call = call_view(session, own.campaign_id, institution)

    def day(instant: datetime) -> str:
        return un_date(instant.astimezone(ZoneInfo(call.zone)).date())

    return {
        "day": day,
        "token": own.token,
        "institution": institution,
        "is_mission": queries.is_mission(institution),
        "call": call,
        "stages": STAGES,
        "stage_colours": STAGE_COLOURS,
        "routes": names.routes(),
        "file_names": names.files(),
    }


@blueprint.get("/m/<token>")
@holder(LinkKind.MISSION)
def overview() -> str:
    """Everything on one page, one main act."""
    session, own = unit.session(), here()
    framed = frame()
    bodies = queries.tree(session, own.invitation_id, language())
    received = transmitted.sent(session, own.invitation_id)
    return render_template(
        "mission/overview.html",
        bodies=bodies,
        names_of={body.invitation_id: body.name for body in bodies},
        parts=submissions.waiting_parts(session, own.invitation_id) if framed["is_mission"] else {},
        received=received,
        received_of={one.invitation_id: one for one in received},
        received_from=directory.institutions(session, [one.institution_id for one in received], language()),
        at=lambda instant: un_instant(instant, framed["call"].zone),
        answer=respondent.own_answer(session, own.invitation_id),
        sisters=queries.sisters(session, own.invitation_id, language()),
        done=queries.acts_done(session, own.invitation_id),
        asked_by=queries.asked_by(session, own.invitation_id, language()),
        answer_address=f"/{LinkKind.ANSWER.value}/{links.sign(LinkKind.ANSWER, own.invitation_id)}",
        Stage=Stage,
        ReplyRoute=ReplyRoute,
        Origin=Origin,
        Standing=Standing,
        **framed,
    )

"""The board of a call for input, its CSV, and the list of submissions that count for no State."""

import enum
import uuid
from typing import TypeVar

from flask import Response, render_template, request, url_for

from outreach import i18n
from outreach.campaigns import orders
from outreach.campaigns import queries as campaigns
from outreach.campaigns.words import Stage
from outreach.directory import queries as directory
from outreach.directory.words import RegionalGroup
from outreach.identity.words import StaffRole
from outreach.reports import board as reports
from outreach.reports import words
from outreach.reports.board import Filters, Show
from outreach.reports.export import board_csv
from outreach.reports.lines import day
from outreach.reports.replies import others_counted, others_page
from outreach.reports.sentences import replies_sentence
from outreach.submissions.words import Behalf
from outreach.web import unit
from outreach.web.access import staff
from outreach.web.staff import blueprint
from outreach.web.staff.paging import place, place_after
from outreach.web.staff.sending import may_try, sending

_A_PAGE = 50

Choice = TypeVar("Choice", bound=enum.StrEnum)


@blueprint.get("/campaigns/<code>")
@staff(StaffRole.READER)
def board(code: str) -> str:
    """All States of a call for input: how far each got, its reply, the next act."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    filters = _filters()
    shown = reports.board(session, campaign.id, i18n.language(), filters)
    spoken = request.args.get("report", "")
    spoken = spoken if spoken in i18n.LANGUAGES else i18n.language()
    return render_template(
        "staff/board.html",
        board=shown,
        sending=sending(session, campaign.id),
        order=orders.current(session, campaign.id),
        may_try=may_try(),
        campaign=campaign,
        title=_title(campaign.id, campaign.original_language),
        filters=filters,
        Show=Show,
        Stage=Stage,
        groups=[*words.GROUPS.items(), (reports.OBSERVERS, words.OBSERVERS)],
        words=words,
        day=lambda at: day(at, campaign.deadline_zone),
        # Looked up once, not once a row: gettext and addresses are most of what a row costs.
        stage_words={stage: str(name) for stage, name in words.STAGES.items()},
        state_address=url_for("staff.state", code=campaign.code, state_code=""),
        report=replies_sentence(session, shown.replied, spoken),
        report_language=spoken,
        query={key: value for key, value in request.args.items() if key not in ("report", "lang") and value},
    )


@blueprint.get("/campaigns/<code>/board.csv")
@staff(StaffRole.READER)
def board_file(code: str) -> Response:
    """The rows that the board shows under the same filters, for a spreadsheet program."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    shown = reports.board(session, campaign.id, i18n.language(), _filters())
    answer = Response(board_csv(session, shown, i18n.language()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{campaign.code}-board.csv"'
    return answer


@blueprint.get("/campaigns/<code>/others")
@staff(StaffRole.READER)
def others(code: str) -> str:
    """The submissions that count for no State, the newest first, by the behalf that they are on."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    behalf = _one_of(Behalf, request.args.get("behalf", ""))
    rows = others_page(session, campaign.id, behalf, place_after(request.args.get("after", "")), _A_PAGE + 1)
    further = len(rows) > _A_PAGE
    rows = rows[:_A_PAGE]
    counted = others_counted(session, campaign.id)
    return render_template(
        "staff/others.html",
        campaign=campaign,
        title=_title(campaign.id, campaign.original_language),
        rows=rows,
        institutions=directory.institutions(session, {row.institution_id for row in rows}, i18n.language()),
        states={state.code: state.short for state in directory.states(session, i18n.language())},
        counts={one: sum(c.number for c in counted if c.behalf is one) for one in Behalf},
        total=sum(one.number for one in counted),
        late=sum(one.late for one in counted),
        behalf=behalf,
        words=words,
        after=place(rows[-1].received_at, rows[-1].submission_id) if further else None,
    )


def _title(campaign_id: uuid.UUID, original: str) -> str:
    texts = campaigns.texts(unit.session(), campaign_id)
    found = texts.get(i18n.language()) or texts.get(original)
    return found.title if found else ""


def _filters() -> Filters:
    group = request.args.get("group", "")
    return Filters(
        text=request.args.get("q", "").strip()[:200],
        group=reports.OBSERVERS if group == reports.OBSERVERS else _one_of(RegionalGroup, group),
        stage=_one_of(Stage, request.args.get("stage", "")),
        show=_one_of(Show, request.args.get("show", "")) or Show.ASKED,
    )


def _one_of(choices: type[Choice], value: str) -> Choice | None:
    # What the address asks for and does not exist is not filtered by.
    return next((one for one in choices if one.value == value), None)

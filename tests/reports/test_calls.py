"""The list of calls for input: its figures are those of each call's board."""

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.directory.models import InstitutionKind, Seat
from outreach.reports.board import Show, board
from outreach.reports.calls import CallState, calls
from outreach.submissions.models import Behalf
from tests import factories
from tests.reports.answers import submitted

pytestmark = pytest.mark.usefixtures("english")


def test_the_figures_are_those_of_the_board(session: Session) -> None:
    campaign = factories.campaign(session, "KH-2027")
    other = factories.campaign(session, "XX-2027")
    kazakhstan = [
        factories.invitation(session, campaign, factories.mission(session, "KAZ", seat))
        for seat in (Seat.GENEVA, Seat.NEW_YORK)
    ]
    jordan = factories.invitation(session, campaign, factories.mission(session, "JOR"))
    for mission in kazakhstan:
        submitted(session, mission, by_mission=mission)
    union = factories.institution(session, InstitutionKind.TRADE_UNION, state_code="JOR")
    submitted(session, factories.invitation(session, campaign, union, parent=jordan), Behalf.STAKEHOLDER)
    factories.invitation(session, other, factories.mission(session, "FRA"))
    with clock.stopped_at(factories.NOW):
        counted = {line.code: (line.replied, line.asked) for line in calls(session, "en")}
        figures = board(session, campaign.id, "en").figures.states
    assert counted == {"KH-2027": (1, 2), "XX-2027": (0, 1)}
    assert counted["KH-2027"] == (figures[Show.REPLIED], figures[Show.ASKED])


def test_a_call_is_a_draft_then_launched_then_closed(session: Session) -> None:
    factories.campaign(session, "DRAFT", launched=False)
    factories.campaign(session, "OPEN")
    factories.campaign(session, "CLOSED", closed_at=factories.NOW)
    states = {line.code: line.state for line in calls(session, "en")}
    assert states == {"DRAFT": CallState.DRAFT, "OPEN": CallState.LAUNCHED, "CLOSED": CallState.CLOSED}

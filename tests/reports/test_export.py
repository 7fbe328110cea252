"""The CSV: what is shown, readable by spreadsheet programs, harmless in them."""

import csv
import io

from sqlalchemy.orm import Session

from outreach.campaigns import invitations
from outreach.campaigns.stages import FactKind
from outreach.reports.board import Filters, board
from outreach.reports.export import board_csv
from tests import factories
from tests.reports.answers import submitted


def _rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_one_line_a_state_with_its_codes_and_reply(session: Session) -> None:
    campaign = factories.campaign(session)
    for code in ("KAZ", "AFG"):
        one = factories.invitation(session, campaign, factories.mission(session, code))
        if code == "KAZ":
            submitted(session, one, by_mission=one, late=True)
    found = _rows(board_csv(session, board(session, campaign.id, "en"), "en"))
    assert [line["State"] for line in found] == ["Afghanistan", "Kazakhstan"]
    assert found[0]["M49 code"] == "004"
    assert found[1]["State code (ISO 3166-1)"] == "KAZ"
    assert found[1]["Regional group"] == "Asia-Pacific States"
    assert found[1]["Stage"] == "received"
    assert found[1]["Received"] == "2027-02-15T10:00+01:00"
    assert found[1]["After the deadline"] == "yes"


def test_only_what_is_shown(session: Session) -> None:
    campaign = factories.campaign(session)
    for code in ("KAZ", "FRA"):
        factories.invitation(session, campaign, factories.mission(session, code))
    shown = board(session, campaign.id, "en", Filters(text="Kazakhstan"))
    assert [line["State"] for line in _rows(board_csv(session, shown, "en"))] == ["Kazakhstan"]


def test_a_name_that_looks_like_a_formula_is_text(session: Session) -> None:
    campaign = factories.campaign(session)
    mission = factories.invitation(session, campaign, factories.mission(session))
    evil = factories.institution(session, name='=HYPERLINK("http://elsewhere.example")')
    child = factories.invitation(session, campaign, evil, parent=mission)
    invitations.record(session, child.id, FactKind.SENT_TO_MISSION, by="test")
    found = _rows(board_csv(session, board(session, campaign.id, "en"), "en"))
    assert found[0]["How far it got"].startswith("'=HYPERLINK")


def test_names_are_in_the_language_of_the_page(session: Session) -> None:
    campaign = factories.campaign(session)
    factories.invitation(session, campaign, factories.mission(session, "DEU"))
    content = board_csv(session, board(session, campaign.id, "zh"), "zh").decode("utf-8-sig")
    assert "德国" in content

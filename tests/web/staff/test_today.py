"""Where staff begin: what needs somebody, and all calls for input."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.campaigns import invitations
from outreach.campaigns.stages import FactKind
from outreach.identity.words import StaffRole
from tests import factories
from tests.reports.answers import submitted
from tests.web.desk import signed_in
from tests.web.visitor import document, text_of

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


def test_where_nothing_is_yet_words_say_how_to_begin(manager: FlaskClient) -> None:
    page = manager.get("/staff/")
    assert "There is no call for input yet." in text_of(page)
    (act,) = document(page).xpath('//main//a[@class="btn"]')
    assert manager.get(act.get("href")).status_code == 200


def test_a_reader_is_offered_nothing_to_begin(app: Flask, session: Session) -> None:
    page = signed_in(app, session, StaffRole.READER).get("/staff/")
    assert not document(page).xpath('//main//a[@class="btn"]')


def test_calls_are_listed_with_where_they_stand_and_how_many_replied(manager: FlaskClient, session: Session) -> None:
    campaign = factories.campaign(session, "OPEN-2027")
    first = factories.invitation(session, campaign, factories.mission(session, "KAZ"))
    factories.invitation(session, campaign, factories.mission(session, "JOR"))
    submitted(session, first, by_mission=first)
    factories.campaign(session, "NEW-2027", launched=False)
    factories.campaign(session, "OLD-2027", closed_at=factories.NOW)
    session.commit()
    page = document(manager.get("/staff/"))
    rows = {
        row.xpath("string(.//bdi)"): (
            " ".join(row.xpath("string(td[2])").split()),
            " ".join(row.xpath("string(td[4])").split()),
            row.xpath("string(.//a/@href)"),
        )
        for row in page.xpath("//tbody/tr")
    }
    assert rows == {
        "OPEN-2027": ("open", "1 of 2 States asked", "/staff/campaigns/OPEN-2027"),
        "NEW-2027": ("in preparation", "not yet sent", "/staff/campaigns/NEW-2027/call"),
        "OLD-2027": ("closed", "0 of 0 States asked", "/staff/campaigns/OLD-2027"),
    }


def test_what_needs_somebody_leads_to_where_it_is_done(manager: FlaskClient, session: Session) -> None:
    campaign = factories.campaign(session, "OPEN-2027")
    lost = factories.invitation(session, campaign, factories.mission(session, "KAZ"))
    invitations.record(session, lost.id, FactKind.LETTER_REFUSED, by="the service")
    factories.campaign(session, "LATE-2027", deadline_at=factories.NOW - timedelta(days=1))
    session.commit()
    page = document(manager.get("/staff/"))
    needs = {a.text_content(): a.get("href") for a in page.xpath('//ul[@class="todo"]/li/a')}
    assert set(needs) == {
        "1 institution could not be reached",
        "The deadline has passed, and the call for input is still open",
    }
    for sentence, address in needs.items():
        assert manager.get(address).status_code == 200, sentence
    unreached = document(manager.get(needs["1 institution could not be reached"]))
    (asked,) = unreached.xpath("//tbody/tr/td[1]/a/text()|//tbody/tr/td[1]/a/bdi/text()")
    assert asked.startswith("Permanent Mission of Kazakhstan")

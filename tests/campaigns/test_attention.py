"""What waits for staff, counted over all campaigns; and the list of campaigns with the deadline that holds."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import attention, extensions, invitations, service
from outreach.campaigns.attention import Need, NeedKind
from outreach.campaigns.models import CampaignText
from outreach.campaigns.stages import FactKind
from tests import factories
from tests.campaigns.asked import MANAGER, World, happened, world

pytestmark = pytest.mark.usefixtures("english", "_at_the_time")


@pytest.fixture
def _at_the_time() -> Iterator[None]:
    with clock.stopped_at(factories.NOW):
        yield


def needs(session: Session) -> dict[NeedKind, int]:
    return {need.kind: need.count for need in attention.needs(session)}


def test_nothing_waits_where_everything_runs(session: Session) -> None:
    world(session)
    assert needs(session) == {}


def test_each_need_is_counted_by_institution_and_goes_away_when_it_is_met(session: Session) -> None:
    w = world(session)
    later = factories.NOW + timedelta(minutes=1)
    invitations.record(session, w.jordan.id, FactKind.LETTER_REFUSED, by="relay", at=factories.NOW)
    request = extensions.ask_for_time(session, w.geneva.id, date(2027, 3, 31), "Consultations", MANAGER)
    happened(session, w.ministry, FactKind.WRONG_ADDRESSEE, at=factories.NOW)
    happened(session, w.organization, FactKind.WRONG_ADDRESSEE, at=factories.NOW)
    happened(session, w.union, FactKind.MAIL_RECEIVED, FactKind.MAIL_RECEIVED, at=factories.NOW)
    assert needs(session) == {
        NeedKind.UNDELIVERABLE: 1,
        NeedKind.MORE_TIME: 1,
        NeedKind.WRONG_ADDRESSEE: 2,
        NeedKind.MAIL: 1,
    }
    extensions.decline(session, request, "No", MANAGER)
    happened(session, w.jordan, FactKind.LETTER_SENT, at=later)
    happened(session, w.ministry, FactKind.REDIRECTED, at=later)
    happened(session, w.organization, FactKind.ADDRESSEE_KEPT, at=later)
    happened(session, w.union, FactKind.MAIL_LOOKED_AT, at=later)
    assert needs(session) == {}


def test_what_came_since_somebody_looked_waits_again(session: Session) -> None:
    w = world(session)
    happened(session, w.union, FactKind.MAIL_RECEIVED, FactKind.MAIL_LOOKED_AT, at=factories.NOW)
    assert needs(session) == {}
    happened(session, w.union, FactKind.MAIL_RECEIVED, at=factories.NOW + timedelta(seconds=1))
    assert needs(session) == {NeedKind.MAIL: 1}


def test_a_deadline_that_has_passed_asks_for_closing_unless_it_was_extended(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(factories.DEADLINE):
        assert needs(session) == {}
    with clock.stopped_at(factories.DEADLINE + timedelta(seconds=1)):
        assert needs(session) == {NeedKind.PAST_DEADLINE: 1}
        factories.extension(session, w.campaign, factories.DEADLINE + timedelta(days=5))
        assert needs(session) == {}


def test_only_calls_that_run_need_anybody(session: Session) -> None:
    w = world(session)
    draft = factories.campaign(session, launched=False)
    for one in (w.jordan, factories.invitation(session, draft, factories.mission(session, "FRA"))):
        invitations.record(session, one.id, FactKind.LETTER_REFUSED, by="relay", at=factories.NOW)
    assert attention.needs(session) == [Need(NeedKind.UNDELIVERABLE, w.campaign.code, 1)]
    service.close(session, w.campaign.id, MANAGER)
    assert attention.needs(session) == []


def test_needs_come_by_urgency_and_then_by_call(session: Session) -> None:
    worlds = [world(session, code=code) for code in ("B-2027", "A-2027")]
    for w in worlds:
        happened(session, w.union, FactKind.MAIL_RECEIVED, at=factories.NOW)
    invitations.record(session, worlds[0].jordan.id, FactKind.LETTER_REFUSED, by="relay", at=factories.NOW)
    assert [(need.kind, need.campaign_code) for need in attention.needs(session)] == [
        (NeedKind.UNDELIVERABLE, "B-2027"),
        (NeedKind.MAIL, "A-2027"),
        (NeedKind.MAIL, "B-2027"),
    ]


def test_campaigns_are_listed_with_title_deadline_and_number_asked(session: Session) -> None:
    w: World = world(session, code="A-2027")
    fresh = factories.campaign(session, "B-2027", launched=False, created_at=factories.NOW)
    session.delete(session.get_one(CampaignText, (fresh.id, "fr")))
    factories.extension(session, w.campaign, factories.DEADLINE + timedelta(days=5))
    factories.extension(session, w.campaign, factories.DEADLINE + timedelta(days=50), state_code="KAZ")
    first, second = attention.campaigns(session, "fr")
    assert (first.code, first.language, first.title, first.invitations) == ("B-2027", "en", factories.TITLES["en"], 0)
    assert (second.code, second.language, second.title) == ("A-2027", "fr", factories.TITLES["fr"])
    assert (second.deadline_at, second.invitations) == (factories.DEADLINE + timedelta(days=5), 7)


def test_the_number_of_statements_does_not_grow_with_the_calls(session: Session) -> None:
    def statements() -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            attention.needs(session)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    world(session)
    one = statements()
    for _number in range(3):
        factories.campaign(session)
    session.flush()
    assert statements() == one

"""The launch: whom it asks, once; what it would send, said before; what keeps it from sending."""

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import launch
from outreach.campaigns.models import Campaign, Invitation
from outreach.correspondence.models import Letter
from outreach.directory.models import Seat
from outreach.errors import Invalid
from outreach.identity.audit import SERVICE
from outreach.storage import Storage
from tests import factories

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    """Ready to be launched, and nobody asked yet."""
    version = factories.questionnaire(session, {})
    return factories.campaign(
        session, storage=storage, launched=False, deadline_at=factories.DEADLINE, questionnaire_version_id=version.id
    )


def test_the_plan_is_what_the_launch_does(session: Session, campaign: Campaign) -> None:
    factories.mission(session, "FRA", language="fr")
    both = factories.mission(session, "KAZ")
    factories.contact(session, both, "second@geneva.example", language="ru")
    factories.contact(session, both, "gone@geneva.example", refused_at=factories.NOW, refused_words="550 no such user")
    with clock.stopped_at(factories.NOW):
        planned = launch.plan(session, campaign)
        done = launch.launch(session, campaign.id, SERVICE)
    assert (planned.missions, planned.states, planned.letters) == (2, 2, 3)
    assert (done.invitations, done.letters) == (2, 3)
    queued = session.scalars(select(Letter.language)).all()
    assert planned.languages == {language: queued.count(language) for language in queued}
    assert {"fr", "ru"} <= set(planned.languages)


def test_a_mission_whose_addresses_were_all_refused_is_not_asked_without_a_letter(
    session: Session, campaign: Campaign
) -> None:
    factories.mission(session, "FRA")
    lost = factories.institution(
        session, factories.InstitutionKind.PERMANENT_MISSION, state_code="KAZ", seat=Seat.GENEVA
    )
    factories.contact(session, lost, "gone@geneva.example", refused_at=factories.NOW, refused_words="550 no such user")
    with clock.stopped_at(factories.NOW):
        planned = launch.plan(session, campaign)
        launch.launch(session, campaign.id, SERVICE)
    assert (planned.letters, planned.without_address) == (1, 1)
    assert session.scalars(select(Invitation.institution_id)).all() != []
    assert lost.id not in session.scalars(select(Invitation.institution_id)).all()


def test_launching_twice_asks_only_those_who_came_since(session: Session, campaign: Campaign) -> None:
    factories.mission(session, "FRA")
    with clock.stopped_at(factories.NOW):
        first = launch.launch(session, campaign.id, SERVICE)
        again = launch.launch(session, campaign.id, SERVICE)
        factories.mission(session, "KAZ")
        later = launch.launch(session, campaign.id, SERVICE)
    assert [done.letters for done in (first, again, later)] == [1, 0, 1]


def test_nobody_is_asked_where_something_stands_against_it(session: Session, campaign: Campaign) -> None:
    factories.mission(session, "FRA")
    with clock.stopped_at(factories.DEADLINE), pytest.raises(Invalid) as refused:
        launch.launch(session, campaign.id, SERVICE)
    assert any("has passed" in sentence for sentence in refused.value.faults)
    assert session.scalars(select(Invitation.id)).all() == []


def test_what_is_the_same_for_all_is_read_once(session: Session, storage: Storage) -> None:
    """A launch to hundreds happens while somebody waits for the page: four statements a letter, and no more."""

    def statements(states: list[str]) -> int:
        version = factories.questionnaire(session, {})
        one = factories.campaign(session, storage=storage, launched=False, questionnaire_version_id=version.id)
        for state in states:
            factories.mission(session, state, language="en")
        session.flush()
        seen: list[str] = []

        def note(*given: object) -> None:
            seen.append(str(given[2]))

        event.listen(session.get_bind(), "before_cursor_execute", note)
        with clock.stopped_at(factories.NOW):
            done = launch.launch(session, one.id, SERVICE)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(seen) - 4 * done.letters

    few = statements(["FRA", "KAZ"])
    assert statements(["JOR", "PER", "BEN", "BTN", "AGO", "DZA"]) <= few

"""A letter that did not arrive: a corrected address, the other post."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns import asking, extensions, invitations, service
from outreach.campaigns.letters import queue_for
from outreach.campaigns.models import Invitation, Origin
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence import queries as correspondence
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.directory import queries as directory
from outreach.directory.models import Seat
from outreach.errors import Invalid, Refused
from outreach.reports.state_page import state_page
from tests import factories
from tests.campaigns.asked import MANAGER, World, letters, world

pytestmark = pytest.mark.usefixtures("english", "_at_the_time")


@pytest.fixture
def _at_the_time() -> Iterator[None]:
    with clock.stopped_at(factories.NOW):
        yield


@pytest.fixture
def w(session: Session) -> World:
    return world(session)


def refused(session: Session, one: Invitation) -> Letter:
    """Its note, which the address refused."""
    (key,) = queue_for(session, one, LetterKind.INVITATION, "launch")
    letter = session.get_one(Letter, key)
    letter.state, letter.settled_at = LetterState.REFUSED, clock.now()
    invitations.record(session, one.id, FactKind.LETTER_REFUSED, by="the mail relay")
    return letter


def test_the_other_post_is_offered_where_no_mission_was_reached(session: Session) -> None:
    campaign = factories.campaign(session)
    geneva = factories.invitation(session, campaign, factories.mission(session, "FRA"))
    assert asking.missions_to_ask(session, campaign.id, "FRA", "en") == []
    refused(session, geneva)
    assert asking.missions_to_ask(session, campaign.id, "FRA", "en") == []
    new_york = factories.mission(session, "FRA", Seat.NEW_YORK)
    (offered,) = asking.missions_to_ask(session, campaign.id, "FRA", "en")
    assert offered.id == new_york.id
    made = asking.ask(session, campaign.id, new_york.id, MANAGER)
    assert asking.ask(session, campaign.id, new_york.id, MANAGER) == made
    found = session.get_one(Invitation, made)
    assert (found.origin, found.stage, found.state_code) == (Origin.STAFF, Stage.QUEUED, "FRA")
    assert len(letters(session, found, LetterKind.INVITATION)) == 1


def test_a_letter_that_came_back_is_sent_again_once_its_address_works(session: Session) -> None:
    campaign = factories.campaign(session)
    one = factories.invitation(session, campaign, factories.mission(session, "FRA"))
    letter = refused(session, one)
    letter.state = LetterState.RETURNED
    session.flush()
    with i18n.speaking("en"):
        assert state_page(session, campaign.id, "FRA", "en").tree[0].can_be_asked_again
    assert asking.ask_again(session, campaign.id, MANAGER, invitation_id=one.id) == 1
    assert len(letters(session, one, LetterKind.INVITATION)) == 2


def test_nobody_is_asked_in_a_call_that_is_not_open(session: Session, w: World) -> None:
    service.close(session, w.campaign.id, MANAGER)
    with pytest.raises(Refused):
        asking.ask(session, w.campaign.id, factories.mission(session, "FRA").id, MANAGER)
    with pytest.raises(Refused):
        asking.ask(session, factories.campaign(session, launched=False).id, w.jordan.institution_id, MANAGER)


def test_an_address_is_corrected_and_the_same_letter_goes_there(session: Session) -> None:
    one = factories.invitation(session, factories.campaign(session), factories.mission(session, "FRA"))
    letter = refused(session, one)
    with pytest.raises(Invalid):
        asking.correct_address(session, letter.id, letter.to_address, MANAGER)
    fresh = session.get_one(Letter, asking.correct_address(session, letter.id, "new@geneva.example", MANAGER))
    assert (fresh.to_address, fresh.attempt, fresh.edition_id) == ("new@geneva.example", 2, letter.edition_id)
    assert [contact.email for contact in directory.contacts(session, one.institution_id)] == ["new@geneva.example"]
    with pytest.raises(Invalid):
        asking.correct_address(session, fresh.id, "other@geneva.example", MANAGER)


def test_a_letter_that_goes_again_says_the_deadline_that_holds_by_now(session: Session) -> None:
    campaign = factories.campaign(session)
    one = factories.invitation(session, campaign, factories.mission(session, "FRA", language="fr"))
    letter = refused(session, one)
    later = extensions.end_of(date(2027, 3, 31), "Europe/Zurich")
    extensions.extend(session, campaign.id, "FRA", later, "Consultations", MANAGER)
    fresh = asking.correct_address(session, letter.id, "new@geneva.example", MANAGER)
    words = correspondence.shown(session, fresh).text
    assert "31 mars 2027" in words and "26 février 2027" not in words

"""A wrong addressee: the institution that it named is asked, or written to at its own new address, or left as it is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import attention, invitations, service, wrong_addressees
from outreach.campaigns.attention import NeedKind
from outreach.campaigns.models import Invitation, InvitationFact, Origin, ReplyRoute
from outreach.campaigns.reminders import stopped
from outreach.campaigns.stages import FactKind
from outreach.campaigns.standing import StopReason
from outreach.campaigns.wrong_addressees import Addressee
from outreach.correspondence.models import LetterKind
from outreach.db import Database
from outreach.directory import queries as directory
from outreach.directory.models import Institution, InstitutionKind
from outreach.errors import Invalid, Missing, Refused, Stale
from outreach.identity.models import AuditEntry
from tests import factories
from tests.campaigns.asked import MANAGER, World, at_once, happened, letters, world

pytestmark = pytest.mark.usefixtures("english", "_at_the_time")

TOWN = Addressee("health@town.example", "Ministry of Health", InstitutionKind.MINISTRY)


@pytest.fixture
def _at_the_time() -> Iterator[None]:
    with clock.stopped_at(factories.NOW):
        yield


@pytest.fixture
def w(session: Session) -> World:
    return world(session)


def says_wrong(session: Session, one: Invitation, write_to: str = "", words: str = "", minutes: int = 0) -> None:
    invitations.record(
        session,
        one.id,
        FactKind.WRONG_ADDRESSEE,
        by="the institution",
        details={"write_to": write_to, "words": words},
        at=factories.NOW - timedelta(hours=1) + timedelta(minutes=minutes),
    )


def needed(session: Session) -> list[NeedKind]:
    return [need.kind for need in attention.needs(session)]


def test_a_proposal_waits_for_a_decision(session: Session, w: World) -> None:
    says_wrong(session, w.ministry, "health@town.example", "The Ministry of Health")
    says_wrong(session, w.organization, words="Another organization", minutes=5)
    first, second = wrong_addressees.proposals(session, w.campaign.id)
    assert (first.invitation_id, first.state_code, first.write_to) == (w.ministry.id, "KAZ", "health@town.example")
    assert (first.words, first.known) == ("The Ministry of Health", None)
    assert (second.state_code, second.write_to, second.known) == (None, "", None)
    assert [one.invitation_id for one in wrong_addressees.proposals(session, w.campaign.id, "KAZ")] == [w.ministry.id]
    assert wrong_addressees.proposals(session, w.campaign.id, "JOR") == []
    assert NeedKind.WRONG_ADDRESSEE in needed(session)


def test_the_latest_word_of_an_institution_counts(session: Session, w: World) -> None:
    says_wrong(session, w.ministry, "first@town.example")
    says_wrong(session, w.ministry, "second@town.example", minutes=5)
    (found,) = wrong_addressees.proposals(session, w.campaign.id)
    assert found.write_to == "second@town.example"
    happened(session, w.ministry, FactKind.ADDRESS_CHANGED, at=factories.NOW)
    assert wrong_addressees.proposals(session, w.campaign.id) == []


def test_another_institution_is_asked_in_its_place(session: Session, w: World) -> None:
    w.ministry.reply_route = ReplyRoute.THROUGH_MISSION
    says_wrong(session, w.ministry, "health@town.example")
    done = wrong_addressees.write_instead(session, w.ministry.id, TOWN, MANAGER)
    made = session.get_one(Invitation, done.invitation_id)
    assert (made.parent_id, made.reply_route, made.state_code) == (w.geneva.id, ReplyRoute.THROUGH_MISSION, "KAZ")
    assert (done.name, done.letters) == ("Ministry of Health", 1)
    (letter,) = letters(session, made, LetterKind.FORWARDED)
    assert letter.to_address == "health@town.example"
    assert needed(session) == []
    assert stopped(session, w.campaign.id)[w.ministry.id] is StopReason.WRONG_ADDRESSEE
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "invitation.redirected")).one()
    assert (entry.actor, entry.subject_id) == (MANAGER.name, w.ministry.id)
    with pytest.raises(Stale):
        wrong_addressees.write_instead(session, w.ministry.id, TOWN, MANAGER)


def test_a_mission_that_names_a_ministry_has_it_asked_by_a_letter_of_ours(session: Session, w: World) -> None:
    says_wrong(session, w.jordan, "health@town.example")
    done = wrong_addressees.write_instead(session, w.jordan.id, TOWN, MANAGER)
    made = session.get_one(Invitation, done.invitation_id)
    assert (made.parent_id, made.state_code, made.origin) == (None, "JOR", Origin.STAFF)
    assert len(letters(session, made, LetterKind.INVITATION)) == 1


def test_an_institution_that_the_directory_knows_is_not_added_again(session: Session, w: World) -> None:
    known = factories.institution(session, name="Ministry of Labour", email="Labour@town.example")
    factories.institution(session, state_code="FRA", name="Ministère", email="labour@town.example")
    says_wrong(session, w.ministry, "labour@town.example")
    (found,) = wrong_addressees.proposals(session, w.campaign.id)
    assert found.known == known.id
    done = wrong_addressees.write_instead(session, w.ministry.id, Addressee("labour@town.example"), MANAGER)
    assert done.name == "Ministry of Labour"
    assert session.get_one(Invitation, done.invitation_id).institution_id == known.id


def test_an_institution_that_was_asked_already_gets_no_second_letter(session: Session, w: World) -> None:
    says_wrong(session, w.ministry, "union@bodies.example")
    email = directory.contacts(session, w.union.institution_id)[0].email
    done = wrong_addressees.write_instead(session, w.ministry.id, Addressee(email), MANAGER)
    assert (done.invitation_id, done.letters) == (w.union.id, 0)
    assert needed(session) == []


@pytest.mark.parametrize(
    ("addressee", "field"),
    [
        (Addressee("nonsense", "A", InstitutionKind.MINISTRY), "email"),
        (Addressee("a@town.example", " ", InstitutionKind.MINISTRY), "name"),
        (Addressee("a@town.example", "A", None), "kind"),
        (Addressee("a@town.example", "A", InstitutionKind.PERMANENT_MISSION), "kind"),
        (Addressee("gone@town.example"), "email"),
    ],
)
def test_what_is_missing_of_an_addressee_is_said_at_its_field(
    session: Session, w: World, addressee: Addressee, field: str
) -> None:
    gone = factories.institution(session, name="Gone")
    factories.contact(session, gone, "gone@town.example", refused_at=factories.NOW, refused_words="550")
    says_wrong(session, w.ministry, "a@town.example")
    with pytest.raises(Invalid) as found:
        wrong_addressees.write_instead(session, w.ministry.id, addressee, MANAGER)
    assert found.value.field == field


def test_the_institution_may_have_meant_its_own_new_address(session: Session, w: World) -> None:
    says_wrong(session, w.union, "office@union.example")
    assert wrong_addressees.change_own_address(session, w.union.id, "office@union.example", MANAGER) == 1
    assert [one.email for one in directory.contacts(session, w.union.institution_id)] == ["office@union.example"]
    assert letters(session, w.union, LetterKind.FORWARDED)[0].to_address == "office@union.example"
    assert needed(session) == []
    assert w.union.id not in stopped(session, w.campaign.id)
    says_wrong(session, w.jordan, "nonsense")
    with pytest.raises(Invalid) as found:
        wrong_addressees.change_own_address(session, w.jordan.id, "nonsense", MANAGER)
    assert found.value.field == "email"


def test_the_addressee_is_left_as_it_is_and_reminded_again(session: Session, w: World) -> None:
    says_wrong(session, w.jordan, words="The capital")
    assert stopped(session, w.campaign.id)[w.jordan.id] is StopReason.WRONG_ADDRESSEE
    wrong_addressees.keep_addressee(session, w.jordan.id, "Agreed by telephone", MANAGER)
    assert needed(session) == []
    assert w.jordan.id not in stopped(session, w.campaign.id)
    fact = session.scalars(select(InvitationFact).where(InvitationFact.kind == FactKind.ADDRESSEE_KEPT)).one()
    assert (fact.by, fact.note) == (MANAGER.name, "Agreed by telephone")
    with pytest.raises(Stale):
        wrong_addressees.keep_addressee(session, w.jordan.id, "", MANAGER)
    says_wrong(session, w.jordan, "mfa@jordan.example", minutes=90)
    assert NeedKind.WRONG_ADDRESSEE in needed(session)


def test_nothing_is_decided_where_nothing_waits_or_the_call_is_closed(session: Session, w: World) -> None:
    with pytest.raises(Stale):
        wrong_addressees.keep_addressee(session, w.jordan.id, "", MANAGER)
    with pytest.raises(Missing):
        wrong_addressees.keep_addressee(session, w.campaign.id, "", MANAGER)
    says_wrong(session, w.jordan, "mfa@jordan.example")
    service.close(session, w.campaign.id, MANAGER)
    with pytest.raises(Refused):
        wrong_addressees.write_instead(session, w.jordan.id, TOWN, MANAGER)
    with pytest.raises(Refused):
        wrong_addressees.change_own_address(session, w.jordan.id, "mfa@jordan.example", MANAGER)


def test_two_who_decide_at_once_write_once(session: Session, database: Database, w: World) -> None:
    says_wrong(session, w.jordan, "health@town.example")
    session.commit()

    def write() -> None:
        with database.writing() as own:
            wrong_addressees.write_instead(own, w.jordan.id, TOWN, MANAGER)
            own.commit()

    faults = at_once(write, write, write)
    assert [type(fault) for fault in faults] == [Stale, Stale]
    assert len(session.scalars(select(Institution).where(Institution.name == TOWN.name)).all()) == 1

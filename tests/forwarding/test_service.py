"""Forwarding: who is asked, once; what the mission may do and what nobody may."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Campaign, Invitation, InvitationFact, Origin, ReplyRoute
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence import queries as correspondence
from outreach.correspondence.models import Letter, LetterKind
from outreach.db import Database
from outreach.directory.models import Contact, Institution, InstitutionKind, Seat, Sector
from outreach.errors import Invalid, Refused, TooMany
from outreach.forwarding import bodies, queries, service
from outreach.forwarding.service import BodyDetails, BodyToAsk, ForwardRequest
from outreach.identity.audit import Actor
from outreach.storage import Storage
from tests import factories

GENEVA = Actor("Permanent Mission of Kazakhstan to the United Nations Office at Geneva")
HEALTH = BodyToAsk(
    name="Ministry of Health",
    kind=InstitutionKind.MINISTRY,
    email="office@health.example",
    language="fr",
    sector=Sector.HEALTH,
    message="Please answer by <b>Friday</b> {code}.",
)

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    return factories.campaign(session, storage=storage)


@pytest.fixture
def mission(session: Session, campaign: Campaign) -> Invitation:
    return factories.invitation(session, campaign, factories.mission(session))


def _forward(session: Session, asking: Invitation, *asked: BodyToAsk) -> list[service.Forwarded]:
    return service.forward(session, asking.id, ForwardRequest(asked), GENEVA)


def _letters(session: Session, invitation: Invitation) -> list[Letter]:
    return list(session.scalars(select(Letter).where(Letter.invitation_id == invitation.id)))


def test_a_body_gets_an_invitation_a_contact_and_a_letter_with_a_copy_to_the_mission(
    session: Session, mission: Invitation
) -> None:
    (outcome,) = _forward(session, mission, HEALTH)
    child = session.get_one(Invitation, outcome.invitation_id)
    body = session.get_one(Institution, child.institution_id)
    contact = session.scalars(select(Contact).where(Contact.institution_id == body.id)).one()
    assert outcome.before is None
    assert (child.parent_id, child.origin, child.state_code) == (mission.id, Origin.FORWARDED, "KAZ")
    assert child.reply_route is ReplyRoute.THROUGH_MISSION
    assert (body.name, body.kind, body.sector) == ("Ministry of Health", InstitutionKind.MINISTRY, Sector.HEALTH)
    assert (contact.email, contact.source, contact.language) == ("office@health.example", GENEVA.name, "fr")
    assert mission.stage is Stage.FORWARDED
    letter, copy = sorted(_letters(session, child), key=lambda one: one.kind is LetterKind.COPY)
    assert (letter.kind, letter.language, letter.to_address) == (LetterKind.FORWARDED, "fr", "office@health.example")
    assert (copy.kind, copy.language, copy.to_address) == (LetterKind.COPY, "fr", "mission.kaz@geneva.example")


def test_the_copy_holds_no_link_that_acts_for_the_body(session: Session, mission: Invitation) -> None:
    (outcome,) = _forward(session, mission, HEALTH)
    letter, copy = sorted(
        _letters(session, session.get_one(Invitation, outcome.invitation_id)),
        key=lambda one: one.kind is LetterKind.COPY,
    )
    token = links.sign(LinkKind.ANSWER, outcome.invitation_id)
    shown = [correspondence.shown(session, one.id) for one in (letter, copy)]
    assert token in shown[0].text
    for kind in LinkKind:
        assert links.sign(kind, outcome.invitation_id) not in shown[1].text + shown[1].html + str(copy.merge)


def test_the_own_message_is_kept_as_typed(session: Session, mission: Invitation) -> None:
    (outcome,) = _forward(session, mission, HEALTH)
    assert session.get_one(Invitation, outcome.invitation_id).message == "Please answer by <b>Friday</b> {code}."


def test_an_institution_of_the_state_at_this_address_is_asked_and_not_made_anew(
    session: Session, mission: Invitation
) -> None:
    known = factories.institution(session, name="Health Ministry", email="Office@health.example")
    factories.institution(session, state_code="TGO", name="Another State's", email="office@health.example")
    (outcome,) = _forward(session, mission, HEALTH)
    assert session.get_one(Invitation, outcome.invitation_id).institution_id == known.id


def test_an_institution_of_another_state_at_this_address_is_left_alone(session: Session, mission: Invitation) -> None:
    other = factories.institution(session, state_code="TGO", email="office@health.example")
    (outcome,) = _forward(session, mission, HEALTH)
    assert session.get_one(Invitation, outcome.invitation_id).institution_id != other.id


def test_who_was_asked_by_the_other_mission_is_not_asked_again(
    session: Session, campaign: Campaign, mission: Invitation
) -> None:
    new_york = factories.invitation(session, campaign, factories.mission(session, seat=Seat.NEW_YORK))
    with clock.stopped_at(factories.NOW):
        _forward(session, new_york, HEALTH)
        before = session.scalar(select(func.count()).select_from(Letter))
        (again,) = _forward(session, mission, replace(HEALTH, email="OFFICE@health.example"))
    assert again.sentence == (
        "Ministry of Health has already been asked, by Permanent Mission of Kazakhstan to the United Nations, "
        "on 15 February 2027. It was not written to again."
    )
    assert session.scalar(select(func.count()).select_from(Letter)) == before
    assert mission.stage is not Stage.FORWARDED


def test_one_body_twice_in_one_form_is_asked_once(session: Session, mission: Invitation) -> None:
    first, second = _forward(session, mission, HEALTH, HEALTH)
    assert second.invitation_id == first.invitation_id
    assert second.before is not None


def test_two_missions_that_forward_to_one_body_at_once_ask_it_once(database: Database, session: Session) -> None:
    campaign = factories.campaign(session)
    asking = [
        factories.invitation(session, campaign, factories.mission(session, seat=seat)).id
        for seat in (Seat.GENEVA, Seat.NEW_YORK)
    ]
    session.commit()
    start = threading.Barrier(2)
    faults: list[BaseException] = []

    def run(place: int) -> None:
        try:
            with i18n.speaking("en"), database.write() as own:
                start.wait()
                service.forward(own, asking[place], ForwardRequest((HEALTH,)), GENEVA)
        except BaseException as fault:  # noqa: BLE001 - shown below
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    count = select(func.count()).select_from(Institution).where(Institution.name == "Ministry of Health")
    assert session.scalar(count) == 1


@pytest.mark.parametrize("address", ["mission.kaz@geneva.example", "Mission.KAZ@Geneva.example"])
def test_the_missions_own_address_is_refused(session: Session, mission: Invitation, address: str) -> None:
    with pytest.raises(Invalid) as fault:
        _forward(session, mission, HEALTH, replace(HEALTH, email=address))
    assert fault.value.field == "bodies-1-email"


def test_the_address_of_a_mission_that_was_not_asked_is_refused(session: Session, mission: Invitation) -> None:
    factories.mission(session, seat=Seat.NEW_YORK)
    with pytest.raises(Invalid, match="address of a mission"):
        _forward(session, mission, replace(HEALTH, email="mission.kaz@new-york.example"))


def test_a_mission_can_not_be_made_by_forwarding(session: Session, mission: Invitation) -> None:
    with pytest.raises(Invalid):
        _forward(session, mission, replace(HEALTH, kind=InstitutionKind.PERMANENT_MISSION))


def test_at_most_twenty_at_once_and_a_hundred_below_a_mission(session: Session, mission: Invitation) -> None:
    many = [replace(HEALTH, name=f"Body {n}", email=f"body{n}@state.example") for n in range(101)]
    with pytest.raises(TooMany):
        _forward(session, mission, *many[:21])
    for start in range(0, 100, 20):
        _forward(session, mission, *many[start : start + 20])
    below = bodies.below(session, mission.id)[0]
    with pytest.raises(TooMany):
        _forward(session, below, many[100])


def test_a_ministry_forwards_further_by_the_route_that_it_was_given(session: Session, mission: Invitation) -> None:
    (through,) = _forward(session, mission, HEALTH)
    (direct,) = _forward(
        session, mission, replace(HEALTH, name="Union", email="union@workers.example", route=ReplyRoute.DIRECT)
    )
    agency = replace(HEALTH, name="Agency", email="agency@health.example", route=ReplyRoute.DIRECT)
    (below,) = _forward(session, session.get_one(Invitation, through.invitation_id), agency)
    branch = replace(HEALTH, name="Branch", email="branch@workers.example")
    (beside,) = _forward(session, session.get_one(Invitation, direct.invitation_id), branch)
    assert session.get_one(Invitation, below.invitation_id).reply_route is ReplyRoute.THROUGH_MISSION
    assert session.get_one(Invitation, beside.invitation_id).reply_route is ReplyRoute.DIRECT
    above = bodies.mission_above(session, below.invitation_id)
    assert above is not None
    assert above.id == mission.id
    assert [(line.name, line.depth) for line in queries.tree(session, mission.id, "en")] == [
        ("Ministry of Health", 1), ("Agency", 2), ("Union", 1), ("Branch", 2),
    ]  # fmt: skip


def test_a_closed_call_is_not_forwarded(session: Session, campaign: Campaign, mission: Invitation) -> None:
    campaign.closed_at = factories.NOW
    with pytest.raises(Refused):
        _forward(session, mission, HEALTH)


def _refused(session: Session, mission: Invitation) -> Invitation:
    (outcome,) = _forward(session, mission, HEALTH)
    child = session.get_one(Invitation, outcome.invitation_id)
    contact = session.scalars(select(Contact).where(Contact.institution_id == child.institution_id)).one()
    contact.refused_at = clock.now()
    session.flush()
    return child


def test_a_refused_address_is_corrected_and_written_to(session: Session, mission: Invitation) -> None:
    child = _refused(session, mission)
    service.correct_address(session, child.id, "registry@health.example", GENEVA)
    kept = session.scalars(
        select(Contact.email).where(Contact.institution_id == child.institution_id, Contact.retired_at.is_(None))
    ).all()
    assert kept == ["registry@health.example"]
    assert "registry@health.example" in {letter.to_address for letter in _letters(session, child)}
    facts = session.scalars(select(InvitationFact.kind).where(InvitationFact.invitation_id == child.id)).all()
    assert FactKind.ADDRESS_CHANGED in facts


def test_an_address_that_was_not_refused_is_not_corrected(session: Session, mission: Invitation) -> None:
    (outcome,) = _forward(session, mission, HEALTH)
    with pytest.raises(Refused):
        service.correct_address(session, outcome.invitation_id, "registry@health.example", GENEVA)


def test_a_corrected_address_is_neither_the_refused_one_nor_another_bodys(
    session: Session, mission: Invitation
) -> None:
    child = _refused(session, mission)
    _forward(session, mission, replace(HEALTH, name="Education", email="office@education.example"))
    for taken in ("OFFICE@health.example", "office@education.example", "mission.kaz@geneva.example"):
        with pytest.raises(Invalid):
            service.correct_address(session, child.id, taken, GENEVA)


UNION = BodyDetails("Union of Nurses", InstitutionKind.TRADE_UNION, "office@nurses.example", "en", Sector.HEALTH)


def test_a_body_begins_by_the_link_that_was_passed_on(session: Session, mission: Invitation) -> None:
    begun = service.begin_own(session, mission.id, UNION)
    child = session.get_one(Invitation, begun.invitation_id)
    assert begun.led
    assert (child.origin, child.reply_route, child.parent_id) == (Origin.PASSED_ON, ReplyRoute.DIRECT, mission.id)
    (letter,) = _letters(session, child)
    assert letter.to_address == "office@nurses.example"
    (fact,) = session.scalars(select(InvitationFact).where(InvitationFact.invitation_id == mission.id))
    assert fact.kind is FactKind.PASSED_ON
    assert [line.email for line in queries.tree(session, mission.id, "en")] == [None]


def test_who_types_a_known_address_is_not_led_to_the_answer_behind_it(session: Session, mission: Invitation) -> None:
    (asked,) = _forward(session, mission, HEALTH)
    factories.institution(session, email="known@labour.example")
    again = service.begin_own(session, mission.id, replace(UNION, email="office@HEALTH.example"))
    known = service.begin_own(session, mission.id, replace(UNION, email="known@labour.example"))
    assert (again.led, again.invitation_id) == (False, asked.invitation_id)
    assert not known.led


def test_a_known_address_is_mailed_once_a_day(session: Session, mission: Invitation) -> None:
    (asked,) = _forward(session, mission, HEALTH)
    child = session.get_one(Invitation, asked.invitation_id)
    for _again in range(3):
        service.begin_own(session, mission.id, replace(UNION, email=HEALTH.email))
    kinds = sorted(letter.kind for letter in _letters(session, child))
    assert kinds == [LetterKind.COPY, LetterKind.FORWARDED, LetterKind.FORWARDED]


def test_nobody_begins_as_a_mission(session: Session, mission: Invitation) -> None:
    with pytest.raises(Invalid):
        service.begin_own(session, mission.id, replace(UNION, email="mission.kaz@geneva.example"))
    with pytest.raises(Invalid):
        service.begin_own(session, mission.id, replace(UNION, kind=InstitutionKind.PERMANENT_MISSION))


def test_a_link_that_was_passed_on_begins_so_many_answers_an_hour(session: Session, mission: Invitation) -> None:
    for number in range(service.BEGUN_AN_HOUR):
        service.begin_own(session, mission.id, replace(UNION, email=f"office{number}@nurses.example"))
    with pytest.raises(TooMany):
        service.begin_own(session, mission.id, UNION)

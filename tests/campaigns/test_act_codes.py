"""Codes for acts that bind: mailed to the addresses on file, good for one act and a quarter of an hour, guessed at five times at most."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import act_codes
from outreach.campaigns.models import ActCode, Invitation
from outreach.correspondence.models import Letter, LetterKind
from outreach.db import Database
from outreach.directory import queries
from outreach.directory import service as directory
from outreach.errors import Invalid, Missing, Refused, TooMany
from outreach.identity.audit import SERVICE
from tests import factories
from tests.campaigns.asked import at_once

pytestmark = pytest.mark.usefixtures("english", "_at_the_time")


@pytest.fixture
def _at_the_time() -> Iterator[None]:
    with clock.stopped_at(factories.NOW):
        yield


@pytest.fixture
def mission(session: Session) -> Invitation:
    made = factories.invitation(session, factories.campaign(session), factories.mission(session, "FRA"))
    session.commit()
    return made


def mailed(session: Session, one: Invitation, act: str = "transmit", minutes: int = 0) -> str:
    """Have a code mailed, and read it from the mail."""
    with clock.stopped_at(factories.NOW + timedelta(minutes=minutes)):
        act_codes.send_code(session, one.id, act)
    session.commit()
    return codes(session, one)[-1]


def codes(session: Session, one: Invitation) -> list[str]:
    found = session.scalars(
        select(Letter)
        .join(ActCode, Letter.occasion.contains(ActCode.id.cast(Letter.occasion.type)))
        .where(Letter.invitation_id == one.id, Letter.kind == LetterKind.CODE)
        .order_by(ActCode.created_at, ActCode.id)
    )
    return [next(iter(letter.merge.values()))["code"] for letter in found]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_is_in_the_mail_and_nowhere_else(session: Session, mission: Invitation) -> None:
    code = mailed(session, mission)
    assert len(code) == 6 and code.isdecimal()
    kept = session.scalars(select(ActCode)).one()
    assert code not in kept.digest
    act_codes.redeem(session, mission.id, "transmit", f" {code[:3]} {code[3:]}\n")
    assert kept.used_at == factories.NOW


def test_every_address_on_file_gets_the_same_code(session: Session, mission: Invitation) -> None:
    of = session.get_one(factories.Institution, mission.institution_id)
    factories.contact(session, of, "second@geneva.example", language="fr")
    mailed(session, mission)
    letters = session.scalars(select(Letter).where(Letter.kind == LetterKind.CODE)).all()
    assert {letter.to_address for letter in letters} == {"mission.fra@geneva.example", "second@geneva.example"}
    assert len({values["code"] for letter in letters for values in letter.merge.values()}) == 1


def test_a_code_is_used_once(session: Session, mission: Invitation) -> None:
    code = mailed(session, mission)
    act_codes.redeem(session, mission.id, "transmit", code)
    session.commit()
    with pytest.raises(Invalid) as again:
        act_codes.redeem(session, mission.id, "transmit", code)
    assert again.value.field == "code"


def test_two_who_type_it_at_once_act_once(session: Session, database: Database, mission: Invitation) -> None:
    code = mailed(session, mission)

    def redeem() -> None:
        with database.writing() as own:
            act_codes.redeem(own, mission.id, "transmit", code)
            own.commit()

    faults = at_once(redeem, redeem, redeem)
    assert [type(fault) for fault in faults] == [Invalid, Invalid]


def test_where_the_act_fails_the_code_still_holds(session: Session, mission: Invitation) -> None:
    code = mailed(session, mission)
    act_codes.redeem(session, mission.id, "transmit", code)
    session.rollback()
    act_codes.redeem(session, mission.id, "transmit", code)
    session.commit()


@pytest.mark.parametrize(("minutes", "holds"), [(14, True), (15, False), (16, False)])
def test_a_code_holds_for_a_quarter_of_an_hour(
    session: Session, mission: Invitation, minutes: int, holds: bool
) -> None:
    code = mailed(session, mission)
    with clock.stopped_at(factories.NOW + timedelta(minutes=minutes)):
        if holds:
            act_codes.redeem(session, mission.id, "transmit", code)
        else:
            with pytest.raises(Invalid):
                act_codes.redeem(session, mission.id, "transmit", code)


def test_a_code_is_for_its_act_and_its_institution(session: Session, mission: Invitation) -> None:
    code = mailed(session, mission)
    campaign_id = mission.campaign_id
    other = factories.invitation(
        session, session.get_one(factories.Campaign, campaign_id), factories.mission(session, "JOR")
    )
    session.commit()
    for invitation_id, act in ((mission.id, "no_submission_expected"), (other.id, "transmit")):
        with pytest.raises(Invalid):
            act_codes.redeem(session, invitation_id, act, code)
    act_codes.redeem(session, mission.id, "transmit", code)


def test_a_new_code_makes_the_former_one_void(session: Session, mission: Invitation) -> None:
    first = mailed(session, mission)
    second = mailed(session, mission, minutes=1)
    with clock.stopped_at(factories.NOW + timedelta(minutes=2)):
        if first != second:
            with pytest.raises(Invalid):
                act_codes.redeem(session, mission.id, "transmit", first)
        act_codes.redeem(session, mission.id, "transmit", second)


def test_codes_of_two_acts_hold_beside_each_other(session: Session, mission: Invitation) -> None:
    first = mailed(session, mission)
    second = mailed(session, mission, "change_of_address", minutes=1)
    act_codes.redeem(session, mission.id, "transmit", first)
    act_codes.redeem(session, mission.id, "change_of_address", second)


@pytest.mark.parametrize("guess", ["", "12345", "1234567", "abcdef", "0" * 5000, "١٢٣٤٥٦", "12\x0034"])
def test_what_is_no_code_is_a_wrong_one(session: Session, mission: Invitation, guess: str) -> None:
    mailed(session, mission)
    with pytest.raises(Invalid):
        act_codes.redeem(session, mission.id, "transmit", guess)


def test_after_five_wrong_guesses_even_the_right_one_is_refused(session: Session, mission: Invitation) -> None:
    code = mailed(session, mission)
    for _guess in range(act_codes.MOST_TRIES):
        with pytest.raises(Invalid):
            act_codes.redeem(session, mission.id, "transmit", other_than(code))
        # The page that answers "wrong" commits nothing.
        session.rollback()
    with pytest.raises(TooMany):
        act_codes.redeem(session, mission.id, "transmit", code)
    fresh = mailed(session, mission, minutes=1)
    with clock.stopped_at(factories.NOW + timedelta(minutes=1)):
        act_codes.redeem(session, mission.id, "transmit", fresh)


def test_guesses_at_once_are_counted_each(session: Session, database: Database, mission: Invitation) -> None:
    code = mailed(session, mission)

    def guess() -> None:
        with database.writing() as own:
            act_codes.redeem(own, mission.id, "transmit", other_than(code))

    faults = at_once(*[guess] * 12)
    kinds = [type(fault) for fault in faults]
    assert kinds.count(Invalid) == act_codes.MOST_TRIES
    assert kinds.count(TooMany) == 12 - act_codes.MOST_TRIES


def test_five_codes_an_hour_are_mailed_for_one_institution(session: Session, mission: Invitation) -> None:
    for number in range(act_codes.MOST_SENT):
        mailed(session, mission, ["transmit", "change_of_address"][number % 2], minutes=number)
    with pytest.raises(TooMany):
        mailed(session, mission, minutes=59)
    session.rollback()
    mailed(session, mission, minutes=61)


def test_codes_asked_for_at_once_are_counted_each(session: Session, database: Database, mission: Invitation) -> None:
    def send() -> None:
        with database.writing() as own:
            act_codes.send_code(own, mission.id, "transmit")
            own.commit()

    faults = at_once(*[send] * 8)
    assert [type(fault) for fault in faults] == [TooMany] * (8 - act_codes.MOST_SENT)
    assert len(session.scalars(select(ActCode)).all()) == act_codes.MOST_SENT


def test_without_an_address_on_file_no_code_is_made(session: Session, mission: Invitation) -> None:
    for contact in queries.contacts(session, mission.institution_id):
        directory.retire_contact(session, contact.id, SERVICE)
    session.flush()
    with pytest.raises(Refused):
        act_codes.send_code(session, mission.id, "transmit")
    assert session.scalars(select(ActCode)).all() == []
    with pytest.raises(Missing):
        act_codes.send_code(session, mission.campaign_id, "transmit")

"""Acts: once is enough; what binds takes the code from the mail; a proposal changes no address."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns import act_codes
from outreach.campaigns.models import Campaign, Invitation, InvitationFact
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence.models import Letter, LetterKind
from outreach.directory import queries as directory
from outreach.errors import Invalid, Refused
from outreach.forwarding import acts
from outreach.identity.audit import Actor
from outreach.storage import Storage
from tests import factories

GENEVA = Actor("Permanent Mission")

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    return factories.campaign(session, storage=storage)


@pytest.fixture
def mission(session: Session, campaign: Campaign) -> Invitation:
    return factories.invitation(session, campaign, factories.mission(session))


def _facts(session: Session, invitation: Invitation) -> list[FactKind]:
    return list(session.scalars(select(InvitationFact.kind).where(InvitationFact.invitation_id == invitation.id)))


def mailed_code(session: Session, invitation: Invitation, act: str) -> str:
    """The code as the mission reads it in its mail."""
    act_codes.send_code(session, invitation.id, act)
    session.commit()
    letter = session.scalars(
        select(Letter)
        .where(Letter.invitation_id == invitation.id, Letter.kind == LetterKind.CODE)
        .order_by(Letter.queued_at, Letter.id)
    ).all()[-1]
    found = re.search(r"\b\d{6}\b", " ".join(str(value) for value in letter.merge.values()))
    assert found is not None
    return found[0]


def test_receipt_is_acknowledged_once(session: Session, mission: Invitation) -> None:
    assert acts.acknowledge(session, mission.id, GENEVA)
    assert not acts.acknowledge(session, mission.id, GENEVA)
    assert _facts(session, mission) == [FactKind.ACKNOWLEDGED]
    assert mission.stage is Stage.ACKNOWLEDGED


def test_no_submission_expected_takes_the_code_of_this_very_act(session: Session, mission: Invitation) -> None:
    other = mailed_code(session, mission, acts.CHANGE_OF_ADDRESS)
    for wrong in ("", "000000", other):
        with pytest.raises(Invalid):
            acts.no_submission_expected(session, mission.id, wrong, GENEVA)
    assert _facts(session, mission) == []
    code = mailed_code(session, mission, acts.NO_SUBMISSION_EXPECTED)
    assert acts.no_submission_expected(session, mission.id, code, GENEVA, "As decided in the capital.")
    assert not acts.no_submission_expected(session, mission.id, code, GENEVA)
    assert _facts(session, mission) == [FactKind.NO_SUBMISSION_EXPECTED]
    assert mission.stage is Stage.NO_SUBMISSION_EXPECTED


def test_wrong_addressee_is_a_proposal(session: Session, mission: Invitation) -> None:
    before = directory.contacts(session, mission.institution_id)
    assert acts.wrong_addressee(session, mission.id, "un@mfa.example", "The ministry.", GENEVA)
    assert not acts.wrong_addressee(session, mission.id, "un@mfa.example", "The ministry.", GENEVA)
    (fact,) = session.scalars(select(InvitationFact).where(InvitationFact.invitation_id == mission.id))
    assert fact.details == {"write_to": "un@mfa.example", "words": "The ministry."}
    assert directory.contacts(session, mission.institution_id) == before


def test_wrong_addressee_says_something(session: Session, mission: Invitation) -> None:
    with pytest.raises(Invalid):
        acts.wrong_addressee(session, mission.id, " ", " ", GENEVA)


def test_the_own_address_changes_by_code_only(session: Session, mission: Invitation) -> None:
    mailed_code(session, mission, acts.CHANGE_OF_ADDRESS)
    with pytest.raises(Invalid):
        acts.change_address(session, mission.id, "new@geneva.example", "nonsense", GENEVA)
    assert [c.email for c in directory.contacts(session, mission.institution_id)] == ["mission.kaz@geneva.example"]
    code = mailed_code(session, mission, acts.CHANGE_OF_ADDRESS)
    assert acts.change_address(session, mission.id, "new@geneva.example", code, GENEVA)
    assert [c.email for c in directory.contacts(session, mission.institution_id)] == ["new@geneva.example"]


def test_a_closed_call_takes_no_acts(session: Session, campaign: Campaign, mission: Invitation) -> None:
    campaign.closed_at = factories.NOW
    with pytest.raises(Refused):
        acts.acknowledge(session, mission.id, GENEVA)
    with pytest.raises(Refused):
        acts.no_submission_expected(session, mission.id, "000000", GENEVA)

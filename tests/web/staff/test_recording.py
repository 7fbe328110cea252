"""Staff record a reply that came by mail or on paper."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach.campaigns import invitations
from outreach.campaigns.models import Campaign, Invitation
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence.models import Letter, LetterKind
from outreach.directory.models import InstitutionKind
from outreach.identity.words import StaffRole
from outreach.storage import Storage
from outreach.submissions import counting
from outreach.submissions.models import Behalf, Channel, Submission, SubmissionVersion
from tests import factories
from tests.factories import PDF
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now")

PAGE = "/staff/campaigns/KH-2027/record"


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    made = factories.campaign(session, "KH-2027", storage=storage)
    session.commit()
    return made


@pytest.fixture
def mission(session: Session, campaign: Campaign) -> Invitation:
    made = factories.invitation(session, campaign, factories.mission(session))
    invitations.record(session, made.id, FactKind.LETTER_SENT, by="test")
    session.commit()
    return made


@pytest.fixture
def manager(app: Flask, session: Session, mission: Invitation) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


def _given(client: FlaskClient, state: str = "KAZ", **changed: object) -> TestResponse:
    data = {
        "who": "state",
        "behalf": "state",
        "reason": "Note verbale no. 17/2027",
        "channel": "mail",
        "received_on": "2027-02-10",
        "documents": (io.BytesIO(PDF), "reply.pdf"),
        **changed,
    }
    return send(client, f"{PAGE}?state={state}", data, content_type="multipart/form-data")


def test_first_the_state_then_those_who_were_asked_in_it(
    manager: FlaskClient, session: Session, mission: Invitation, campaign: Campaign
) -> None:
    body = factories.institution(session, name="Ministry of Health", email="office@health.example")
    factories.invitation(session, campaign, body, parent=mission)
    session.commit()
    first = manager.get(PAGE)
    assert len(document(first).xpath("//select[@name='state']/option")) == 196
    assert not document(first).xpath("//input[@name='who']")
    page = document(manager.get(f"{PAGE}?state=KAZ"))
    labels = [label.text_content().strip() for label in page.xpath("//input[@name='who']/..")]
    assert labels[0] == "Permanent Mission of Kazakhstan to the United Nations Office at Geneva"
    assert labels[1] == "— Ministry of Health"
    assert not page.xpath("//input[@type='radio'][@checked]")


def test_a_reply_of_the_state_is_recorded_counted_receipted_and_stops_reminders(
    manager: FlaskClient, session: Session, mission: Invitation, campaign: Campaign
) -> None:
    answer = _given(manager)
    assert answer.status_code == 302
    assert answer.location == "/staff/campaigns/KH-2027/states/KAZ#submissions"
    assert "recorded under the number KH-2027-KAZ-0001" in text_of(manager.get(answer.location))
    session.expire_all()
    version = session.scalars(select(SubmissionVersion)).one()
    assert (version.channel, version.behalf, version.late) == (Channel.MAIL, Behalf.STATE, False)
    assert set(counting.replies_of_states(session, campaign.id)) == {"KAZ"}
    assert session.get_one(Invitation, mission.id).stage is Stage.SUBMITTED
    assert session.scalars(select(Letter.kind).where(Letter.kind == LetterKind.RECEIPT)).all()


def test_a_union_that_was_not_asked_is_counted_apart(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    answer = _given(manager, "", who="body", body="Union of Nurses", behalf="stakeholder", reason="")
    assert (answer.status_code, answer.location) == (302, "/staff/campaigns/KH-2027/others")
    assert counting.replies_of_states(session, campaign.id) == {}
    assert counting.others(session, campaign.id)[Behalf.STAKEHOLDER].number == 1


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"reason": " "}, "reason", "Please say why this is accepted"),
        ({"received_on": "2027-02-16"}, "received_on", "lies in the future"),
        ({"documents": (io.BytesIO(b""), "")}, "documents", "Please add the reply as a document"),
        ({"who": "body", "behalf": "stakeholder"}, "body", "Please choose the institution"),
        ({"channel": ""}, "channel", "Please fill in this field"),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(
    manager: FlaskClient, session: Session, changed: dict[str, object], field: str, sentence: str
) -> None:
    answer = _given(manager, note="kept for colleagues", **changed)
    assert answer.status_code == 422
    page = document(answer)
    assert sentence in page.get_element_by_id(f"{field}-fault").text_content()
    assert "kept for colleagues" in page.xpath("//textarea[@name='note']")[0].text
    assert session.scalars(select(Submission)).all() == []


def test_a_file_that_is_not_taken_is_named(manager: FlaskClient) -> None:
    answer = _given(manager, documents=(io.BytesIO(b"MZ\x90\x00\xff"), "reply.exe"))
    assert answer.status_code == 422
    assert "The file reply.exe can't be taken." in text_of(answer)


def test_an_institution_of_another_kind_may_be_chosen(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    body = factories.institution(
        session, InstitutionKind.TRADE_UNION, state_code="KAZ", name="Union", email="u@u.example"
    )
    union = factories.invitation(session, campaign, body)
    session.commit()
    assert _given(manager, who=str(union.id), behalf="stakeholder", reason="").status_code == 302
    assert counting.others(session, campaign.id)[Behalf.STAKEHOLDER].number == 1


def test_readers_only_read(app: Flask, session: Session, mission: Invitation) -> None:
    assert signed_in(app, session, StaffRole.READER).get(PAGE).status_code == 403


def test_a_body_gets_its_receipt_where_staff_say_and_they_read_where_none_leaves(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    typed = {"who": "body", "body": "League of Readers", "behalf": "stakeholder", "reason": ""}
    wrong = _given(manager, **typed, email="nonsense")
    assert wrong.status_code == 422
    assert document(wrong).get_element_by_id("email-fault") is not None
    assert document(wrong).get_element_by_id("email").get("value") == "nonsense"
    silent = _given(manager, **typed)
    assert "so no receipt leaves" in text_of(manager.get(silent.location))
    told = _given(manager, **typed, email="office@readers.example", note="Signed now")
    assert "so no receipt leaves" not in text_of(manager.get(told.location))
    session.expire_all()
    assert session.scalars(select(Letter.to_address).where(Letter.kind == LetterKind.RECEIPT)).all() == [
        "office@readers.example"
    ]
    assert counting.others(session, campaign.id)[Behalf.STAKEHOLDER].number == 1


def test_an_institution_without_a_state_that_was_asked_may_be_chosen(
    manager: FlaskClient, session: Session, campaign: Campaign
) -> None:
    body = factories.institution(
        session, InstitutionKind.INTERGOVERNMENTAL, state_code=None, name="Organization", email="o@o.example"
    )
    asked = factories.invitation(session, campaign, body)
    session.commit()
    assert "Organization" in text_of(manager.get(f"{PAGE}?state="))
    assert _given(manager, "", who=str(asked.id), behalf="stakeholder", reason="").status_code == 302
    assert session.scalars(select(Submission.invitation_id)).all() == [asked.id]


def test_a_reply_of_a_state_of_which_no_mission_is_known_is_refused_at_its_field(manager: FlaskClient) -> None:
    answer = _given(manager, "TGO")
    assert answer.status_code == 422
    assert "has no mission of this State" in document(answer).get_element_by_id("who-fault").text_content()


def test_nothing_is_recorded_in_a_call_that_was_not_sent(manager: FlaskClient, session: Session) -> None:
    factories.campaign(session, "DRAFT-2027", launched=False)
    session.commit()
    page = manager.get("/staff/campaigns/DRAFT-2027/record?state=KAZ")
    assert "This call for input is not launched yet." in text_of(page)
    assert not document(page).xpath("//input[@name='who']")

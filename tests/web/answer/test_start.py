"""The first page says who I am, what is asked, until when, who gave my address, and how my answer stands."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Campaign, Invitation, ReplyRoute
from outreach.i18n import speaking
from outreach.submissions import drafts, service
from outreach.submissions.respondent import Standing
from tests import factories
from tests.submissions.answering import ACTOR, sent
from tests.web.answer.conftest import Call, answer_address, begin, filled, own, save
from tests.web.visitor import csrf_token, document, send, text_of


def test_a_ministry_reads_who_it_is_at_whose_request_until_when_and_the_way(client: FlaskClient, call: Call) -> None:
    text = text_of(client.get(f"{call.ministry}?lang=en"))
    assert "Ministry of Health" in text
    assert "Knowledge hub: needs and expectations" in text
    assert (
        "Sent to you at the request of: Permanent Mission of Kazakhstan to the United Nations Office at Geneva" in text
    )
    assert "Please reply no later than 26 February 2027, 23:59 (Geneva) 11 days are left." in text
    assert "The reply travels through the Permanent Mission" in text
    assert "Begin the answer" in text


def test_the_notice_says_purpose_readers_retention_contact_and_who_gave_the_address(
    client: FlaskClient, call: Call
) -> None:
    text = text_of(client.get(f"{call.ministry}?lang=en"))
    for word in ("Purpose", "Readers", "Retention", "Contact knowledge-hub@secretariat.example"):
        assert word in text
    assert "was given to the Secretariat, for this call, by: Permanent Mission of Kazakhstan" in text
    assert "was given to the Secretariat" not in text_of(client.get(f"{call.geneva}?lang=en"))


def test_others_read_their_own_way(client: FlaskClient, call: Call) -> None:
    assert "The reply goes directly to the Secretariat." in text_of(client.get(f"{call.union}?lang=en"))
    assert "What you submit here is the reply of the State." in text_of(client.get(f"{call.geneva}?lang=en"))


def test_a_draft_begins_by_a_post_and_names_who_answers(client: FlaskClient, session: Session, call: Call) -> None:
    client.get(call.ministry)
    assert drafts.of_invitation(session, call.ministry_id) is None
    page = begin(client, call.ministry, name="An officer", email="officer@health.example")
    assert page.headers["Location"] == f"{call.ministry}/parts/1"
    answer = own(session, call.ministry_id)
    assert (answer.respondent_name, answer.respondent_email) == ("An officer", "officer@health.example")
    assert "The receipt goes to officer@health.example." in text_of(client.get(call.ministry))


def test_an_address_that_is_none_gets_a_sentence_and_nothing_is_begun(
    client: FlaskClient, session: Session, call: Call
) -> None:
    page = begin(client, call.ministry, name="An officer", email="officer at health")
    assert page.status_code == 422
    tree = document(page)
    assert "Please write one e-mail address" in tree.get_element_by_id("email-fault").text_content()
    assert tree.get_element_by_id("email").get("value") == "officer at health"
    assert tree.get_element_by_id("name").get("value") == "An officer"
    assert drafts.of_invitation(session, call.ministry_id) is None


def test_name_and_address_can_be_taken_back(client: FlaskClient, session: Session, call: Call) -> None:
    begin(client, call.ministry, name="An officer", email="officer@health.example")
    wrong = send(client, f"{call.ministry}/respondent", {"name": "", "email": "none"}, page=call.ministry)
    assert wrong.status_code == 422
    assert document(wrong).xpath("//details[@open]//input[@name='email']")
    page = send(
        client, f"{call.ministry}/respondent", {"name": "", "email": ""}, page=call.ministry, follow_redirects=True
    )
    assert "Saved." in text_of(page)
    answer = own(session, call.ministry_id)
    assert (answer.respondent_name, answer.respondent_email) == (None, None)


def test_the_draft_is_gone_on_with_where_it_is_not_complete(client: FlaskClient, call: Call) -> None:
    begin(client, call.union)
    save(client, call.union, 1, {"q-plan": "no"})
    page = client.get(call.union)
    (main,) = document(page).xpath("//main//a[@class='btn']")
    assert (main.text_content(), main.get("href")) == ("Go on with the answer", f"{call.union}/parts/2")
    text = text_of(page)
    assert "1 Your institution complete 2 Needs not begun" in text
    assert "This is a draft, not yet a submission. Saved on 15 February 2027, 10:00 (Geneva)." in text


def test_what_waits_for_the_mission_says_since_when_and_can_only_be_read(
    client: FlaskClient, session: Session, call: Call
) -> None:
    with speaking("en"):
        sent(session, session.get_one(Invitation, call.ministry_id))
    session.commit()
    text = text_of(client.get(f"{call.ministry}?lang=en"))
    assert "Your answer was sent to the Permanent Mission on 15 February 2027, 10:00 (Geneva)." in text
    assert client.get(f"{call.ministry}/parts/1").headers["Location"] == call.ministry
    review = client.get(f"{call.ministry}/review")
    assert "The strategy of 2023." in text_of(review)
    assert not document(review).xpath("//main//form")


def test_what_the_mission_returned_shows_its_reason(client: FlaskClient, session: Session, call: Call) -> None:
    with speaking("en"):
        draft = sent(session, session.get_one(Invitation, call.ministry_id))
        service.return_part(session, draft.id, call.geneva_id, "Please add figures.", ACTOR)
    session.commit()
    page = client.get(f"{call.ministry}?lang=en")
    assert (
        "The Permanent Mission returned your answer on 15 February 2027, 10:00 (Geneva), with these remarks: "
        "Please add figures." in text_of(page)
    )
    (main,) = document(page).xpath("//main//a[@class='btn']")
    assert main.text_content() == "Rework the answer"
    assert own(session, call.ministry_id).standing is Standing.RETURNED


def test_a_closed_call_begins_nothing_and_keeps_a_draft_to_read(
    client: FlaskClient, session: Session, call: Call
) -> None:
    filled(client, call.union)
    opened = client.get(f"{call.direct}?lang=en")
    session.get_one(Campaign, call.campaign_id).closed_at = factories.NOW
    session.commit()
    refused = client.post(f"{call.direct}/begin", data={"csrf_token": csrf_token(opened)})
    assert refused.status_code == 403
    assert "This call for input was closed on 15 February 2027" in text_of(refused)
    assert not document(client.get(call.direct)).xpath("//main//form")
    text = text_of(client.get(call.union))
    assert "This draft was not sent before the call was closed" in text
    assert "The strategy of 2023." in text_of(client.get(f"{call.union}/review"))
    assert client.get(f"{call.union}/parts/1").status_code == 302


@pytest.mark.parametrize("path", ["", "/parts/1", "/review", "/receipt", "/letter", "/questionnaire"])
@pytest.mark.parametrize("kind", [LinkKind.MISSION, LinkKind.PASS_ON])
def test_a_link_of_another_kind_opens_no_answer(client: FlaskClient, call: Call, kind: LinkKind, path: str) -> None:
    assert client.get(f"/a/{links.sign(kind, call.ministry_id)}{path}").status_code == 404


def test_an_answering_link_never_leads_to_the_pages_of_a_mission(client: FlaskClient, call: Call) -> None:
    filled(client, call.geneva)
    for path in ("", "/parts/1", "/review"):
        assert not document(client.get(f"{call.geneva}{path}")).xpath("//a[starts-with(@href, '/m/')]")


def test_an_arabic_page_runs_from_the_right_and_marks_what_does_not(client: FlaskClient, call: Call) -> None:
    begin(client, call.union)
    page = document(client.get(f"{call.union}/parts/1?lang=ar"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    (label,) = page.xpath("//fieldset[@id='q-plan']/legend/span[@lang]")
    assert (label.get("lang"), label.get("dir")) == ("en", "ltr")
    assert [bdi.text for bdi in page.xpath("//fieldset[@id='q-plan']/legend/bdi")] == ["1.1"]


def test_the_page_of_an_act_can_be_opened_again_in_another_language(client: FlaskClient, call: Call) -> None:
    for act, page in (("begin", ""), ("submit", "/review"), ("publication", "/receipt"), ("correct", "/receipt")):
        assert client.get(f"{call.union}/{act}?lang=fr").headers["Location"] == f"{call.union}{page}?lang=fr"
    hostile = "_external=1&_scheme=javascript&token=x&page=y&_anchor=z"
    assert client.get(f"{call.union}/submit?{hostile}").headers["Location"] == f"{call.union}/review?{hostile}"


def test_a_body_that_took_up_a_passed_on_link_is_told_of_no_giver(client: FlaskClient, session: Session) -> None:
    campaign = factories.campaign(session, "KH-2028")
    mission = factories.invitation(session, campaign, factories.mission(session))
    body = factories.invitation(
        session,
        campaign,
        factories.institution(session, name="Ministry of Culture", email="office@culture.example"),
        parent=mission,
        origin=factories.Origin.PASSED_ON,
        reply_route=ReplyRoute.DIRECT,
    )
    session.commit()
    text = text_of(client.get(f"{answer_address(body.id)}?lang=en"))
    assert "Sent to you at the request of: Permanent Mission of Kazakhstan" in text
    assert "was given to the Secretariat" not in text


def test_the_letter_the_questionnaire_and_the_documents_can_be_read(
    client: FlaskClient, session: Session, call: Call
) -> None:
    assert "The Office would be grateful for an answer (zh)." in text_of(
        client.get(f"{call.union}/letter?lang=en&text=zh")
    )
    assert "transmit its note (en)." in text_of(client.get(f"{call.geneva}/letter"))
    assert "Is there a plan?" in text_of(client.get(f"{call.union}/questionnaire"))
    assert client.get(f"{call.union}/documents/fr/note").mimetype == "application/pdf"
    assert client.get(f"{call.union}/documents/fr/other").status_code == 404

"""One part on a page: every kind of question, saved as typed, sentences at the fields, two colleagues at once."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign
from outreach.i18n import speaking
from outreach.submissions import service
from outreach.submissions.models import Publication
from tests import clamd, factories
from tests.submissions.answering import ACTOR
from tests.web.answer.conftest import Call, begin, filled, own, press, save, send
from tests.web.visitor import csrf_token, document, text_of


@pytest.fixture(autouse=True)
def _begun(client: FlaskClient, call: Call) -> None:
    begin(client, call.union)


def test_each_kind_of_question_is_a_plain_field(client: FlaskClient, call: Call) -> None:
    one, two = document(client.get(f"{call.union}/parts/1")), document(client.get(f"{call.union}/parts/2"))
    assert "Please read this first." in one.text_content()
    assert one.xpath("//fieldset[@id='q-plan']//input[@type='radio']/@value") == ["yes", "no"]
    assert one.xpath("//textarea[@id='q-why']")
    assert two.xpath("//fieldset[@id='q-needs']//input[@type='checkbox']/@value") == ["training", "data"]
    assert two.xpath("//input[@id='q-staff']/@inputmode") == ["numeric"]
    assert two.xpath("//input[@id='q-day']/@type") == ["date"]
    assert two.xpath("//input[@id='q-paper']/@type") == ["file"]
    assert not one.xpath("//input[@checked]")
    for control in [*one.xpath("//textarea"), *two.xpath("//input[@id][not(@type='hidden' or @readonly)]")]:
        assert two.xpath(f"//label[@for='{control.get('id')}']") or one.xpath(f"//label[@for='{control.get('id')}']")


def test_a_question_that_depends_on_another_says_so(client: FlaskClient, call: Call) -> None:
    page = document(client.get(f"{call.union}/parts/1"))
    sentence = page.get_element_by_id("q-why-when1").text_content().replace("\u2068", "").replace("\u2069", "")
    assert sentence == "Only if you answered 1.1 with: Yes."
    assert "q-why-when1" in page.get_element_by_id("q-why").get("aria-describedby")


def test_what_was_saved_is_there_for_whoever_opens_the_link_next(app: Flask, client: FlaskClient, call: Call) -> None:
    page = save(client, call.union, 1, {"q-plan": "yes", "q-why": "Line one.\r\nLine two."})
    assert page.headers["Location"] == f"{call.union}/parts/2"
    save(client, call.union, 2, {"q-needs": ["data", "training"], "q-staff": "12", "q-day": "2026-05-01"}, do="save")
    colleague = app.test_client()
    one = document(colleague.get(f"{call.union}/parts/1?lang=en"))
    assert one.xpath("//input[@name='q-plan'][@checked]/@value") == ["yes"]
    assert one.get_element_by_id("q-why").text == "Line one.\nLine two."
    two = document(colleague.get(f"{call.union}/parts/2"))
    assert two.xpath("//input[@name='q-needs'][@checked]/@value") == ["training", "data"]
    assert two.get_element_by_id("q-staff").get("value") == "12"
    assert two.get_element_by_id("q-day").get("value") == "2026-05-01"


def test_the_buttons_lead_on_back_and_to_the_review(client: FlaskClient, call: Call) -> None:
    assert save(client, call.union, 1, {}, do="back").headers["Location"] == call.union
    assert save(client, call.union, 2, {}, do="back").headers["Location"] == f"{call.union}/parts/1"
    assert save(client, call.union, 2, {}).headers["Location"] == f"{call.union}/review"
    saved = save(client, call.union, 1, {"q-plan": "no"}, do="save", follow_redirects=True)
    assert "Saved." in text_of(saved)


def test_too_many_words_are_saved_with_a_sentence_at_the_field(
    client: FlaskClient, session: Session, call: Call
) -> None:
    page = save(client, call.union, 1, {"q-plan": "yes", "q-why": "word " * 61})
    assert page.status_code == 200
    tree = document(page)
    sentence = "This is 61 words long; at most 60 words are possible."
    assert tree.get_element_by_id("q-why-fault").text_content() == sentence
    assert tree.get_element_by_id("q-why").get("aria-invalid") == "true"
    assert "What you typed is saved." in text_of(page)
    assert own(session, call.union_id).answers["why"] == ("word " * 61).strip()
    assert sentence in text_of(client.get(f"{call.union}/parts/1"))
    assert "What you typed is saved." not in text_of(client.get(f"{call.union}/parts/2"))


def test_the_sentence_is_in_the_readers_language(client: FlaskClient, call: Call) -> None:
    client.get(f"{call.union}?lang=fr")
    fault = document(save(client, call.union, 2, {"q-staff": "a dozen"})).get_element_by_id("q-staff-fault")
    with speaking("fr"):
        from outreach.i18n import _

        assert fault.text_content() == _(
            "Please write a whole number in digits, without points or commas, such as 1200."
        )


def test_numbers_and_dates_that_are_none_are_shown_as_typed(client: FlaskClient, session: Session, call: Call) -> None:
    tree = document(save(client, call.union, 2, {"q-staff": "a dozen", "q-day": "in May"}))
    assert tree.get_element_by_id("q-staff").get("value") == "a dozen"
    # A date field would be shown empty by the browser.
    assert (tree.get_element_by_id("q-day").get("type"), tree.get_element_by_id("q-day").get("value")) == (
        None,
        "in May",
    )
    assert "Please write the date as year-month-day" in tree.get_element_by_id("q-day-fault").text_content()
    assert own(session, call.union_id).answers == {"staff": "a dozen", "day": "in May"}


def test_files_are_added_listed_downloaded_and_removed(client: FlaskClient, session: Session, call: Call) -> None:
    page = save(
        client,
        call.union,
        2,
        {"q-paper": [(io.BytesIO(factories.PDF), "Приложение 1.pdf"), (io.BytesIO(b"words"), "notes.txt")]},
        do="save",
        follow_redirects=True,
    )
    first, second = sorted(own(session, call.union_id).files, key=lambda file: file.media_type)
    assert "Приложение 1.pdf" in text_of(page) and "notes.txt" in text_of(page)
    got = client.get(f"{call.union}/files/{first.id}")
    assert (got.data, got.headers["Content-Disposition"].startswith("attachment")) == (factories.PDF, True)
    begin(client, call.direct)
    assert client.get(f"{call.direct}/files/{first.id}").status_code == 404
    assert client.get(f"{call.ministry}/files/{first.id}").status_code == 404
    page = save(client, call.union, 2, {"q-staff": "7", "remove": str(first.id)}, do="", follow_redirects=True)
    assert "Приложение 1.pdf" not in text_of(page)
    answer = own(session, call.union_id)
    assert ([file.id for file in answer.files], answer.answers["staff"]) == ([second.id], "7")


def test_a_file_that_can_not_be_taken_gets_a_sentence_and_all_else_is_kept(
    client: FlaskClient, session: Session, call: Call
) -> None:
    sent = [(io.BytesIO(b"MZ\x00"), "virus.exe"), (io.BytesIO(factories.PDF), "good.pdf")]
    page = save(client, call.union, 2, {"q-staff": "12", "q-paper": sent})
    assert page.status_code == 200
    fault = document(page).get_element_by_id("q-paper-fault").text_content()
    assert fault.startswith("The file virus.exe can't be taken.")
    answer = own(session, call.union_id)
    assert ([file.filename for file in answer.files], answer.answers) == (["good.pdf"], {"staff": "12"})
    page = save(client, call.union, 2, {"q-paper": [(io.BytesIO(b""), "empty.pdf")]})
    assert "The file empty.pdf is empty." in document(page).get_element_by_id("q-paper-fault").text_content()
    with clamd.set_to("unix:///nowhere/clamd.sock"):
        late = [(io.BytesIO(b"words"), "late.txt")]
        page = save(client, call.union, 2, {"q-staff": "13", "q-paper": late})
    assert "could not be checked for viruses" in document(page).get_element_by_id("q-paper-fault").text_content()
    answer = own(session, call.union_id)
    assert ([file.filename for file in answer.files], answer.answers) == (["good.pdf"], {"staff": "13"})


def test_the_enter_key_saves_and_never_removes_a_file(client: FlaskClient, call: Call) -> None:
    page = save(client, call.union, 2, {"q-paper": [(io.BytesIO(b"words"), "a.txt")]}, do="save", follow_redirects=True)
    first, *others = document(page).xpath("//main//form//button")
    assert (first.get("name"), first.get("value")) == ("do", "save")
    assert "remove" in [button.get("name") for button in others]


def test_an_answer_can_be_taken_back(client: FlaskClient, session: Session, call: Call) -> None:
    save(client, call.union, 2, {"q-staff": "12", "q-needs": ["data"]})
    save(client, call.union, 2, {"q-staff": ""})
    assert own(session, call.union_id).answers == {}


def test_two_colleagues_who_answer_different_questions_keep_both(
    client: FlaskClient, session: Session, call: Call
) -> None:
    opened = client.get(f"{call.union}/parts/2")
    save(client, call.union, 2, {"q-staff": "12"})
    page = press(client, call.union, 2, opened, {"q-day": "2026-05-01"})
    assert page.status_code == 302
    assert own(session, call.union_id).answers == {"staff": "12", "day": "2026-05-01"}


def test_two_colleagues_who_answer_the_same_question_see_both_and_choose(
    client: FlaskClient, session: Session, call: Call
) -> None:
    opened = client.get(f"{call.union}/parts/1")
    save(client, call.union, 1, {"q-plan": "yes", "q-why": "Theirs."})
    both = press(client, call.union, 1, opened, {"q-plan": "yes", "q-why": "Ours.\r\nTwo lines."})
    assert both.status_code == 409
    assert "Saved meanwhile by somebody else Theirs. Typed by you Ours. Two lines." in text_of(both)
    assert not document(both).xpath("//input[@checked]")
    assert own(session, call.union_id).answers["why"] == "Theirs."

    held = dict(document(both).forms[0].form_values())
    unsaid = client.post(f"{call.union}/parts/1", data={**held, "do": "save"})
    assert unsaid.status_code == 422
    assert "Please choose one of the two." in text_of(unsaid)
    assert "Ours. Two lines." in text_of(unsaid)

    held = dict(document(unsaid).forms[0].form_values())
    kept = client.post(f"{call.union}/parts/1", data={**held, "keep-why": "saved", "do": "save"})
    assert kept.status_code == 302
    assert own(session, call.union_id).answers == {"plan": "yes", "why": "Theirs."}
    chosen = client.post(f"{call.union}/parts/1", data={**held, "keep-why": "typed", "do": "save"})
    assert chosen.status_code == 302
    assert own(session, call.union_id).answers == {"plan": "yes", "why": "Ours.\nTwo lines."}


def test_what_is_typed_while_a_colleague_submits_is_shown_again_and_not_saved(
    client: FlaskClient, session: Session, call: Call
) -> None:
    filled(client, call.union)
    opened = client.get(f"{call.union}/parts/1")
    assert send(client, call.union).status_code == 302
    page = press(client, call.union, 1, opened, {"q-plan": "yes", "q-why": "Too late."})
    assert page.status_code == 403
    text = text_of(page)
    assert "This answer was submitted." in text and "What you typed was not saved." in text
    assert document(page).get_element_by_id("q-why").text == "Too late."
    assert not document(page).xpath("//main//form//button")


def test_what_is_typed_while_the_call_is_closed_is_shown_again(
    client: FlaskClient, session: Session, call: Call
) -> None:
    opened = client.get(f"{call.union}/parts/1")
    session.get_one(Campaign, call.campaign_id).closed_at = factories.NOW
    session.commit()
    page = press(client, call.union, 1, opened, {"q-why": "A moment too late."})
    assert page.status_code == 403
    assert "was closed on 15 February 2027" in text_of(page)
    assert document(page).get_element_by_id("q-why").text == "A moment too late."


def test_a_part_that_does_not_exist_is_not_there(client: FlaskClient, call: Call) -> None:
    for number in ("0", "3", "99"):
        assert client.get(f"{call.union}/parts/{number}").status_code == 404
    token = csrf_token(client.get(f"{call.union}/parts/1"))
    assert client.post(f"{call.union}/parts/3", data={"csrf_token": token}).status_code == 404


def test_before_it_is_begun_nothing_can_be_saved(client: FlaskClient, call: Call) -> None:
    assert client.get(f"{call.direct}/parts/1").headers["Location"] == call.direct
    token = csrf_token(client.get(call.direct))
    page = client.post(f"{call.direct}/parts/1", data={"csrf_token": token, "q-plan": "yes"})
    assert page.headers["Location"] == call.direct


def test_a_hostile_answer_is_only_text(client: FlaskClient, session: Session, call: Call) -> None:
    hostile = "</textarea><script>alert(1)</script>\x00"
    save(client, call.union, 1, {"q-plan": "yes", "q-why": hostile})
    page = client.get(f"{call.union}/parts/1")
    assert b"<script>alert" not in page.data
    assert document(page).get_element_by_id("q-why").text == "</textarea><script>alert(1)</script>"
    assert b"<script>alert" not in client.get(f"{call.union}/review").data


def test_a_choice_that_is_not_on_the_list_is_said_before_sending(
    client: FlaskClient, session: Session, call: Call
) -> None:
    page = save(client, call.union, 1, {"q-plan": "perhaps"})
    assert document(page).get_element_by_id("q-plan-fault").text_content() == "Please choose one answer from the list."
    with pytest.raises(service.completeness.Incomplete), speaking("en"):
        answer = own(session, call.union_id)
        service.submit(session, answer.id, revision=answer.revision, publication=Publication.PUBLISH, actor=ACTOR)

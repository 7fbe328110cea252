"""The last look, the choice about publication, and the one act: directly, through the mission, or with a mission's code."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence.models import LetterKind
from outreach.submissions import counting
from outreach.submissions.models import Publication, SubmissionVersion
from outreach.submissions.respondent import Standing
from tests.factories import DEADLINE, NOW
from tests.web.answer.conftest import (
    Call,
    begin,
    filled,
    hidden,
    letters,
    own,
    save,
    send,
    value_of,
)
from tests.web.visitor import csrf_token, document, text_of


def versions(session: Session) -> int:
    """How many versions were received."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(SubmissionVersion)) or 0


def test_the_review_shows_every_answer_in_words(client: FlaskClient, call: Call) -> None:
    filled(client, call.union)
    text = text_of(client.get(f"{call.union}/review?lang=en"))
    assert "1.1 Is there a plan? Yes 1.1.a Please explain The strategy of 2023." in text
    assert "2.1 Which support? Training 2.2 How many staff? 12 2.3 Since when? No answer" in text
    assert "Not asked now" not in text
    save(client, call.union, 1, {"q-plan": "no", "q-why": "The strategy of 2023."})
    review = client.get(f"{call.union}/review?lang=en")
    assert "Please explain The strategy of 2023. Not asked now, as another question was answered otherwise." in text_of(
        review
    )
    (away,) = document(review).xpath("//a[text()='Remove']/@href")
    asked = client.get(away)
    assert "The strategy of 2023." in text_of(asked)
    assert client.post(away, data={"csrf_token": csrf_token(asked)}).status_code == 302
    assert "The strategy of 2023." not in text_of(client.get(f"{call.union}/review?lang=en"))
    # What is asked is not removed this way.
    assert client.get(away.replace("why", "plan")).status_code == 302
    client.post(away.replace("why", "plan"), data={"csrf_token": csrf_token(asked)})
    assert "1.1 Is there a plan? No" in text_of(client.get(f"{call.union}/review?lang=en"))


def test_numbers_follow_the_page_and_texts_their_own_direction(client: FlaskClient, call: Call) -> None:
    filled(client, call.union)
    page = document(client.get(f"{call.union}/review?lang=ar"))
    directions = {p.text_content(): p.get("dir") for p in page.xpath("//p[@class='pre']")}
    assert directions == {"The strategy of 2023.": "auto", "12": None}


def test_nothing_is_ticked_beforehand_and_a_choice_is_needed(client: FlaskClient, session: Session, call: Call) -> None:
    filled(client, call.union)
    page = document(client.get(f"{call.union}/review"))
    radios = page.xpath("//input[@name='publication']")
    assert [radio.get("value") for radio in radios] == ["publish", "without_names", "do_not_publish"]
    assert not page.xpath("//input[@name='publication'][@checked]")
    refused = send(client, call.union, publication="")
    assert refused.status_code == 422
    fault = document(refused).get_element_by_id("publication-fault").text_content()
    assert fault == "Please choose how your answer may be published."
    assert document(refused).get_element_by_id("publication").tag == "fieldset"
    assert versions(session) == 0


def test_what_is_missing_leads_to_its_question_and_nothing_is_sent(
    client: FlaskClient, session: Session, call: Call
) -> None:
    begin(client, call.union)
    save(client, call.union, 2, {"q-staff": "a dozen"})
    page = client.get(f"{call.union}/review")
    lines = {line.text_content(): line.xpath("a/@href") for line in document(page).xpath("//div[@id='faults']//li")}
    assert lines == {
        "1.1 Is there a plan? An answer to this question is needed.": [f"{call.union}/parts/1#q-plan"],
        "2.2 How many staff? Please write a whole number in digits, without points or commas, such as 1200.": [
            f"{call.union}/parts/2#q-staff"
        ],
    }
    assert not document(page).xpath("//main//form")
    data = {"csrf_token": csrf_token(client.get(call.union)), "publication": "publish"}
    data["revision"] = str(own(session, call.union_id).revision)
    refused = client.post(f"{call.union}/submit", data=data)
    assert refused.status_code == 422
    assert "An answer to this question is needed." in text_of(refused)
    assert versions(session) == 0


def test_nothing_at_all_is_said_too(client: FlaskClient, call: Call) -> None:
    begin(client, call.union)
    save(client, call.union, 1, {})
    assert "Nothing has been answered yet." in text_of(client.get(f"{call.union}/review?lang=en"))


def test_a_body_that_replies_directly_submits_to_the_secretariat(
    client: FlaskClient, session: Session, call: Call
) -> None:
    filled(client, call.union)
    (button,) = document(client.get(f"{call.union}/review?lang=en")).xpath("//main//form//button")
    assert button.text_content() == "Submit to the Secretariat"
    page = send(client, call.union, publication="without_names")
    assert page.headers["Location"] == f"{call.union}/receipt"
    answer = own(session, call.union_id)
    assert (answer.standing, answer.number) == (Standing.SUBMITTED, "KH-2027-KAZ-0001")
    assert answer.publication is Publication.WITHOUT_NAMES
    assert counting.replies_of_states(session, call.campaign_id) == {}


def test_the_same_click_twice_is_one_version(client: FlaskClient, session: Session, call: Call) -> None:
    filled(client, call.union)
    opened = client.get(f"{call.union}/review")
    data = {"csrf_token": csrf_token(opened), "revision": hidden(opened, "revision"), "publication": "publish"}
    for _click in range(2):
        page = client.post(f"{call.union}/submit", data=data)
        assert page.headers["Location"] == f"{call.union}/receipt"
    assert versions(session) == 1


def test_what_a_colleague_changed_meanwhile_is_looked_at_once_more(
    client: FlaskClient, session: Session, call: Call
) -> None:
    filled(client, call.union)
    opened = client.get(f"{call.union}/review?lang=en")
    save(client, call.union, 2, {"q-needs": ["training"], "q-staff": "13"})
    data = {"csrf_token": csrf_token(opened), "revision": hidden(opened, "revision"), "publication": "publish"}
    page = client.post(f"{call.union}/submit", data=data)
    assert page.status_code == 409
    assert "The draft was changed after you had opened this page. Nothing was sent" in text_of(page)
    assert "2.2 How many staff? 13" in text_of(page)
    assert document(page).xpath("//input[@name='publication'][@checked]/@value") == ["publish"]
    again = {**data, "csrf_token": csrf_token(page), "revision": hidden(page, "revision")}
    assert client.post(f"{call.union}/submit", data=again).status_code == 302
    assert versions(session) == 1


def test_through_the_mission_to_the_receipt(client: FlaskClient, session: Session, call: Call) -> None:
    filled(client, call.ministry, email="officer@health.example")
    (button,) = document(client.get(f"{call.ministry}/review?lang=en")).xpath("//main//form//button")
    assert button.text_content() == "Send to the Permanent Mission"
    assert send(client, call.ministry).headers["Location"] == call.ministry
    assert versions(session) == 0
    assert client.get(f"{call.ministry}/receipt").headers["Location"] == call.ministry

    (told,) = letters(session, LetterKind.PART_FOR_MISSION, call.geneva_id)
    part = value_of(told, "linkpart").removeprefix("http://127.0.0.1:8000")
    read = client.get(part)
    assert "The strategy of 2023." in text_of(read)
    path = part.split("?")[0]
    assert client.post(path, data={"csrf_token": csrf_token(read), "do": "send"}).status_code == 200
    (code,) = letters(session, LetterKind.CODE, call.geneva_id)
    confirmed = {"csrf_token": csrf_token(read), "do": "confirm", "code": value_of(code, "code")}
    pressed = [client.post(path, data=confirmed).headers["Location"] for _twice in range(2)]
    assert pressed == [path.replace("/parts/", "/transmitted/")] * 2
    assert versions(session) == 1

    assert client.get(f"{call.ministry}/review").headers["Location"] == f"{call.ministry}/receipt"
    text = text_of(client.get(f"{call.ministry}/receipt?lang=en"))
    assert "KH-2027-KAZ-0001" in text
    assert "Transmitted by Permanent Mission of Kazakhstan to the United Nations Office at Geneva" in text
    assert "a national authority reply of the State" in text
    assert list(counting.replies_of_states(session, call.campaign_id)) == ["KAZ"]
    (receipt,) = letters(session, LetterKind.RECEIPT, call.ministry_id)
    assert receipt.to_address == "officer@health.example"


def test_a_mission_confirms_its_own_reply_with_the_code(client: FlaskClient, session: Session, call: Call) -> None:
    filled(client, call.geneva)
    unchosen = send(client, call.geneva, publication="", do="send")
    assert unchosen.status_code == 422
    assert letters(session, LetterKind.CODE, call.geneva_id) == []
    assert not document(unchosen).xpath("//input[@name='code']")

    asked = send(client, call.geneva, publication="do_not_publish", do="send")
    assert asked.status_code == 200
    assert "A code has been mailed to the address on file." in text_of(asked)
    tree = document(asked)
    assert tree.xpath("//input[@name='publication'][@checked]/@value") == ["do_not_publish"]
    (code,) = letters(session, LetterKind.CODE, call.geneva_id)
    right = value_of(code, "code")

    held = dict(tree.forms[0].form_values())
    wrong = client.post(
        f"{call.geneva}/submit", data={**held, "do": "confirm", "code": f"{(int(right) + 1) % 10**6:06d}"}
    )
    assert wrong.status_code == 422
    assert "This is not the code that was mailed last." in text_of(wrong)
    assert document(wrong).xpath("//input[@name='publication'][@checked]/@value") == ["do_not_publish"]
    assert versions(session) == 0

    done = client.post(f"{call.geneva}/submit", data={**held, "do": "confirm", "code": right})
    assert done.headers["Location"] == f"{call.geneva}/receipt"
    assert list(counting.replies_of_states(session, call.campaign_id)) == ["KAZ"]
    assert "On behalf of the State reply of the State" in text_of(client.get(f"{call.geneva}/receipt"))


def test_no_code_is_mailed_for_an_answer_that_is_not_complete(
    client: FlaskClient, session: Session, call: Call
) -> None:
    begin(client, call.geneva)
    data = {"csrf_token": csrf_token(client.get(call.geneva)), "publication": "publish", "do": "send"}
    data["revision"] = str(own(session, call.geneva_id).revision)
    assert client.post(f"{call.geneva}/submit", data=data).status_code == 422
    assert letters(session, LetterKind.CODE, call.geneva_id) == []


def test_a_code_that_was_mailed_before_can_be_typed(client: FlaskClient, call: Call) -> None:
    filled(client, call.geneva)
    page = client.get(f"{call.geneva}/submit?code=sent", follow_redirects=True)
    assert document(page).xpath("//input[@name='code']")


def test_after_the_deadline_it_is_taken_and_marked(client: FlaskClient, session: Session, call: Call) -> None:
    filled(client, call.union)
    with clock.stopped_at(DEADLINE + timedelta(minutes=1)):
        assert "what is sent now is marked “received after the deadline”" in text_of(
            client.get(f"{call.union}/review?lang=en")
        )
        send(client, call.union)
        text = text_of(client.get(f"{call.union}/receipt"))
    assert "received after the deadline" in text
    assert "It was received after the deadline, and is marked so." in text


def test_up_to_the_deadline_it_is_not_late(client: FlaskClient, session: Session, call: Call) -> None:
    filled(client, call.union)
    with clock.stopped_at(DEADLINE):
        send(client, call.union)
        assert "after the deadline" not in text_of(client.get(f"{call.union}/receipt?lang=en"))


def test_without_a_draft_there_is_nothing_to_review_or_send(client: FlaskClient, session: Session, call: Call) -> None:
    assert client.get(f"{call.union}/review").headers["Location"] == call.union
    data = {"csrf_token": csrf_token(client.get(call.union)), "publication": "publish", "revision": "0"}
    assert client.post(f"{call.union}/submit", data=data).headers["Location"] == call.union
    assert clock.now() == NOW

"""A part that repeats and depends on itself: instances are added and taken out by buttons, and what is typed is saved while it is."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.questionnaires.form import Form, Group, Part, Question, QuestionType
from tests import factories
from tests.submissions import answering
from tests.submissions.answering import NO, YES
from tests.web.answer.conftest import Call, begin, hidden, own, press
from tests.web.visitor import csrf_token, document, text_of

FORM = Form(
    id="practices",
    title="Practices",
    default_language="en",
    languages=("en",),
    parts=(
        Part(
            "one",
            {"en": "Practices"},
            (
                Question("any", QuestionType.SELECT_ONE, {"en": "Any?"}, "1", choices=(YES, NO)),
                Question("why", QuestionType.TEXT, {"en": "Why not?"}, "1.a", relevant="${any} = 'no'"),
                Group(
                    "practice",
                    {"en": "Practice"},
                    (
                        Question("title", QuestionType.TEXT, {"en": "Title"}, "2.a", required=True),
                        Question("paper", QuestionType.FILE, {"en": "Paper"}, "2.b"),
                    ),
                    repeat=True,
                ),
            ),
        ),
        Part("two", {"en": "More"}, (Question("more", QuestionType.TEXT, {"en": "More"}),), relevant="${any} = 'yes'"),
        Part("three", {"en": "Last"}, (Question("last", QuestionType.TEXT, {"en": "Last of ${any}"}),)),
        Part("four", {"en": "Unions"}, (Question("members", QuestionType.TEXT, {"en": "Members"}),)),
    ),
)
TITLES = "//input[contains(@name, '.title')]/@value"


@pytest.fixture(autouse=True)
def _begun(monkeypatch: pytest.MonkeyPatch, client: FlaskClient, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(answering, "FORM", FORM)
    begin(client, request.getfixturevalue("call").union)


def practices(*titles: str) -> dict[str, object]:
    """The fields of the practices with these titles."""
    sent: dict[str, object] = {"q-practice": [str(number) for number, _title in enumerate(titles, start=1)]}
    for number, title in enumerate(titles, start=1):
        sent |= {f"q-practice.{number}": "title", f"q-practice.{number}.title": title}
    return sent


def test_instances_are_added_filled_and_taken_out_with_their_files(
    client: FlaskClient, session: Session, call: Call
) -> None:
    first = document(client.get(f"{call.union}/parts/1"))
    assert first.xpath("//input[@name='q-practice']/@value") == ["1"] and not first.xpath("//button[@name='without']")
    paper = {"q-practice.2.paper": (io.BytesIO(factories.PDF), "nets.pdf"), "language-of-practice.2.paper": "fr"}
    press(
        client, call.union, 1, client.get(f"{call.union}/parts/1"), {**practices("Boats", "Nets"), **paper}, do="save"
    )
    (file,) = own(session, call.union_id).files
    assert (file.question, file.language) == ("practice.2.paper", "fr")

    opened = client.get(f"{call.union}/parts/1")
    page = press(client, call.union, 1, opened, {**practices("Boats", "Nets"), "add": "practice"}, do="")
    assert page.headers["Location"].startswith(f"{call.union}/parts/1?more=practice")
    assert document(client.get(page.headers["Location"])).xpath("//input[@name='q-practice']/@value") == ["1", "2", "3"]

    press(client, call.union, 1, opened, {**practices("Boats", "Nets"), "without": "practice.1"}, do="")
    answer = own(session, call.union_id)
    assert answer.answers == {"practice": [{"title": "Nets"}]}
    assert [file.question for file in answer.files] == ["practice.1.paper"]
    assert document(client.get(f"{call.union}/parts/1")).xpath(TITLES) == ["Nets"]
    assert "Practice – No. 1" in text_of(client.get(f"{call.union}/review"))


def live(client: FlaskClient, call: Call, seen: str, token: str, **sent: object) -> tuple[str, str]:
    """What the page gets while somebody types: its text, and the new mark."""
    page = client.post(f"{call.union}/parts/1/live", data={"csrf_token": token, "seen": seen, **sent})
    assert page.status_code == 200
    marks = document(page).xpath("//input[@id='seen']/@value")
    return page.get_data(as_text=True), marks[0] if marks else ""


def test_what_is_typed_is_saved_and_what_follows_is_said(client: FlaskClient, session: Session, call: Call) -> None:
    opened = client.get(f"{call.union}/parts/1")
    assert document(opened).xpath("//*[@data-key='q-why']/@data-asked") == ["no"]
    seen, token = hidden(opened, "seen"), csrf_token(opened)
    said, mark = live(client, call, seen, token, **{"q-any": "no", **practices("")})
    assert 'data-asked-now="q-why"' in said and "Saved on" in said
    assert own(session, call.union_id).answers == {"any": "no"}
    assert "More" not in said.split('id="steps"')[1] and "Last" in said.split('id="steps"')[1]

    theirs = client.get(f"{call.union}/parts/1")
    press(client, call.union, 1, theirs, {"q-any": "no", "q-why": "Theirs"}, do="save")
    said, nothing = live(client, call, mark, token, **{"q-any": "no", "q-why": "Ours"})
    assert "Somebody else answered the same question" in said and not nothing
    assert own(session, call.union_id).answers == {"any": "no", "why": "Theirs"}
    # What was typed is compared when it is sent.
    both = press(client, call.union, 1, opened, {"q-any": "no", "q-why": "Ours", "seen": mark})
    assert both.status_code == 409


def test_what_somebody_else_saved_is_not_written_over_by_a_page_that_does_not_show_it(
    client: FlaskClient, session: Session, call: Call
) -> None:
    opened = client.get(f"{call.union}/parts/1")
    token = csrf_token(opened)
    _said, mark = live(client, call, hidden(opened, "seen"), token, **{"q-any": "no", "q-why": "Ours"})
    press(client, call.union, 1, client.get(f"{call.union}/parts/1"), {"q-any": "no", "q-why": "Theirs"}, do="save")
    # The first page still shows "Ours" while something else is typed there, twice.
    for titles in (("Boats",), ("Boats and nets",)):
        said, mark = live(client, call, mark, token, **{"q-any": "no", "q-why": "Ours", **practices(*titles)})
        assert "Saved on" in said
    assert own(session, call.union_id).answers == {
        "any": "no", "why": "Theirs", "practice": [{"title": "Boats and nets"}]
    }  # fmt: skip


def test_a_part_that_is_not_asked_is_passed_over(client: FlaskClient, call: Call) -> None:
    opened = client.get(f"{call.union}/parts/1")
    on = press(client, call.union, 1, opened, {"q-any": "no"})
    assert on.headers["Location"] == f"{call.union}/parts/3"
    assert "Last of no" in text_of(client.get(on.headers["Location"]))
    assert "Nothing is asked here" in text_of(client.get(f"{call.union}/parts/2"))
    back = press(client, call.union, 3, client.get(f"{call.union}/parts/3"), {"q-last": "x"}, do="back")
    assert back.headers["Location"] == f"{call.union}/parts/1"


def test_one_part_alone_stays_alone(client: FlaskClient, session: Session, call: Call) -> None:
    alone = client.get(f"{call.union}/parts/4?only=yes")
    assert not document(alone).xpath("//button[@value='continue']") and not document(alone).xpath("//*[@id='steps']")
    saved = press(client, call.union, 4, alone, {"q-members": "9", "only": "yes"}, do="save")
    assert saved.headers["Location"] == f"{call.union}/parts/4?only=yes"
    assert own(session, call.union_id).answers == {"members": "9"}

"""Answers as people read them."""

from outreach.questionnaires.form import Form, Part, Question, QuestionType
from outreach.submissions import reading

FORM = Form(
    id="f",
    title="f",
    default_language="en",
    languages=("en",),
    parts=(Part("p", {"en": "Part"}, (Question("adopted", QuestionType.DATE, {"en": "Adopted on"}),)),),
)


def test_a_day_is_written_as_the_united_nations_writes_it() -> None:
    (part,) = reading.parts(FORM, {"adopted": "2027-01-01"}, (), "fr")
    assert part.lines[0].text == "1er janvier 2027"


def test_what_is_no_day_is_shown_as_it_was_typed() -> None:
    (part,) = reading.parts(FORM, {"adopted": "in spring"}, (), "fr")
    assert part.lines[0].text == "in spring"

"""Answers as people read them."""

from outreach.questionnaires.form import Form, Group, Part, Publish, Question, QuestionType
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


def test_each_answer_says_which_groups_begin_with_it_whatever_is_left_out() -> None:
    title, year = (Question(name, QuestionType.TEXT, {"en": name}) for name in ("title", "year"))
    practice = Group("practice", {"en": "Practice"}, (title, Group("when", {"en": "When"}, (year,))), repeat=True)
    form = Form("f", "f", "en", ("en",), (Part("p", {"en": "Part"}, (practice,)),))
    given = {"practice": [{"title": "A", "year": "1"}, {"year": "2"}]}
    (part,) = reading.parts(form, given, (), "en")
    begun, former = [], None
    for line in part.lines:
        if line.answered:
            begun.append([(one.label.text, one.number) for one in line.begins(former)])
            former = line
    assert begun == [[("Practice", 1)], [("When", 0)], [("Practice", 2), ("When", 0)]]


def test_whoever_reads_an_answer_reads_that_it_was_promised_never_to_be_published() -> None:
    asked = (Question(one.value, QuestionType.TEXT, {"en": one.value}, publish=one) for one in Publish if one)
    form = Form("f", "f", "en", ("en",), (Part("p", {"en": "Part"}, tuple(asked)),))
    (part,) = reading.parts(form, {}, (), "en")
    assert [(line.name, line.never_published) for line in part.lines] == [("never", True), ("ask", False)]

"""What the world's institutions say fits the sample's questions: in each language, within each limit."""

import pytest

from outreach import i18n
from outreach.i18n import LANGUAGES
from outreach.questionnaires import answers as shapes
from outreach.questionnaires import rules, xlsform
from outreach.questionnaires.form import Form, Group
from outreach.rehearsal.answers import LEFT_OPEN, MAILBOX, PRACTICE, SHARES, TEXTS
from outreach.rehearsal.secretariat import SAMPLE


@pytest.fixture(scope="module")
def form() -> Form:
    with i18n.speaking("en"):
        return xlsform.read((SAMPLE / "questionnaire.xlsx").read_bytes())


def test_every_text_is_of_a_question_in_six_languages_and_not_too_long(form: Form) -> None:
    for name, by_language in TEXTS.items():
        question = form.question(name)
        assert question is not None and set(by_language) == set(LANGUAGES), name
        longest = max(shapes.words(text) for texts in by_language.values() for text in texts)
        assert question.word_limit is None or longest <= question.word_limit, name


def test_what_is_left_open_may_be_left_open(form: Form) -> None:
    for name in LEFT_OPEN:
        question = form.question(name)
        assert question is not None and not question.required, name
    assert any(isinstance(item, Group) and item.repeat and item.name == PRACTICE for item in form.items())


def test_mailbox_and_shares_are_what_the_rules_take(form: Form) -> None:
    for shares in SHARES:
        given = dict(zip(("share_guidance", "share_data", "share_exchange"), map(str, shares), strict=True))
        with i18n.speaking("en"):
            found = rules.outcome(form, {**given, "contact_mailbox": MAILBOX}, submitting=False)
        assert not found.faults and found.calculated["share_total"] == str(sum(shares))

"""A questionnaire that is corrected while people answer: drafts are carried over by name, changes are seen once, nothing is lost."""

import pytest
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign, Invitation
from outreach.errors import Stale
from outreach.identity.audit import SERVICE
from outreach.questionnaires.carrying import carry
from outreach.questionnaires.differences import differences, sentence
from outreach.questionnaires.form import Choice, Form, Group, Part, Question, QuestionType, to_json
from outreach.submissions import drafts, forgetting, respondent, service
from outreach.submissions.models import Publication, SubmissionFile
from tests import factories

pytestmark = pytest.mark.usefixtures("english")

YES, NO, BOTH = (Choice(name, {"en": name.title(), "fr": f"{name} (fr)"}) for name in ("yes", "no", "both"))


def _text(name: str, code: str, label: str, **more: object) -> Question:
    return Question(name, QuestionType.TEXT, {"en": label, "fr": f"{label} (fr)"}, code, **more)  # type: ignore[arg-type]


def _form(*items: Question | Group) -> Form:
    return Form("kh", "Hub", "en", ("en", "fr"), (Part("one", {"en": "One", "fr": "Un"}, items, "1"),))


PRACTICES = Group(
    "practices",
    {"en": "Practices"},
    (_text("title", "1.4.a", "Title"), _text("old", "1.4.b", "Old")),
    "1.4",
    repeat=True,
)
OLD = _form(
    Question("plan", QuestionType.SELECT_ONE, {"en": "A plan?"}, "1.1", choices=(YES, NO, BOTH)),
    Question("ways", QuestionType.SELECT_MULTIPLE, {"en": "Ways?"}, "1.2", choices=(YES, NO)),
    _text("why", "1.3", "Why?"),
    PRACTICES,
)
NEW = _form(
    Question("plan", QuestionType.SELECT_ONE, {"en": "Is there a plan?"}, "1.1", choices=(YES, NO)),
    Question("ways", QuestionType.SELECT_MULTIPLE, {"en": "Ways?"}, "1.3", choices=(YES, NO)),
    _text("more", "1.2", "More?"),
    Group("practices", {"en": "Practices"}, (_text("title", "1.4.a", "Title"),), "1.4", repeat=True),
)
ANSWERS = {
    "plan": "both",
    "ways": ["yes"],
    "why": "Because.",
    "practices": [{"title": "A", "old": "Gone"}, {"title": "B"}],
}


def test_changes_are_told_in_sentences_by_number() -> None:
    told = [sentence(one).replace("\u2068", "").replace("\u2069", "") for one in differences(OLD, NEW, "en")]
    assert told == [
        "1.1 was reworded.",
        "The choices of 1.1 were changed.",
        "1.2 now has the number 1.3.",
        "1.2 is new.",
        "1.3 was taken out.",
        "1.4.b was taken out.",
    ]
    french = _form(_text("why", "1.3", "Why?"))
    translated = _form(Question("why", QuestionType.TEXT, {"en": "Why?", "fr": "Pourquoi ?"}, "1.3"))
    assert differences(french, translated, "en") == []
    assert len(differences(french, translated, "fr")) == 1


def test_answers_keep_their_place_by_name_and_what_has_none_is_set_aside_in_words() -> None:
    kept, aside = carry(ANSWERS, OLD, NEW, "en")
    assert kept == {"ways": ["yes"], "practices": [{"title": "A"}, {"title": "B"}]}
    assert [(one.code, one.text) for one in aside] == [("1.1", "Both"), ("1.3", "Because."), ("1.4.b", "Gone")]
    assert carry(ANSWERS, OLD, OLD, "en") == (ANSWERS, [])


@pytest.mark.parametrize(
    ("was", "now", "value", "kept", "left"),
    [
        (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE, "yes", ["yes"], ""),
        (QuestionType.SELECT_MULTIPLE, QuestionType.SELECT_ONE, ["yes"], "yes", ""),
        (QuestionType.SELECT_MULTIPLE, QuestionType.SELECT_ONE, ["yes", "no"], None, "Yes\nNo"),
        (QuestionType.SELECT_ONE, QuestionType.TEXT, "yes", None, "Yes"),
        (QuestionType.TEXT, QuestionType.INTEGER, "twelve", "twelve", ""),
        (QuestionType.TEXT, QuestionType.SELECT_ONE, "perhaps", None, "perhaps"),
    ],
)
def test_another_type_takes_what_it_can(
    was: QuestionType, now: QuestionType, value: object, kept: object, left: str
) -> None:
    old, new = (_form(Question("a", of, {"en": "A"}, choices=(YES, NO))) for of in (was, now))
    carried, aside = carry({"a": value}, old, new, "en")
    assert (carried.get("a"), "".join(one.text for one in aside)) == (kept, left)


def _begun(session: Session, answers: dict[str, object]) -> tuple[Campaign, Invitation]:
    campaign = factories.campaign(session, form=to_json(OLD))
    invitation = factories.invitation(session, campaign, factories.institution(session, email="a@ministry.example"))
    draft = drafts.begin(session, invitation.id, SERVICE)
    empty = {name: "" if isinstance(value, str) else [] for name, value in answers.items()}
    drafts.save(session, draft.id, answers, drafts.mark(empty))
    return campaign, invitation


def _correct(session: Session, campaign: Campaign, form: Form) -> None:
    campaign.questionnaire_version_id = factories.questionnaire(session, to_json(form), campaign.code).id
    session.flush()


def test_a_draft_goes_on_with_the_corrected_questionnaire_and_its_changes_are_seen_once(session: Session) -> None:
    campaign, invitation = _begun(session, ANSWERS)
    _correct(session, campaign, NEW)
    own = respondent.own_answer(session, invitation.id)
    assert own is not None
    assert (len(own.changes), len(own.set_aside)) == (6, 3)
    # Saving before the changes were looked at carries the draft over; the changes stay until they are seen.
    drafts.save(session, own.id, {"more": "Yes."}, drafts.mark({"more": ""}))
    with pytest.raises(Stale):
        service.submit(session, own.id, revision=9, publication=Publication.PUBLISH, actor=SERVICE)
    drafts.changes_seen(session, own.id)
    after = respondent.own_answer(session, invitation.id)
    assert after is not None
    assert (after.changes, len(after.set_aside)) == ((), 3)
    version = service.submit(session, own.id, revision=after.revision, publication=Publication.PUBLISH, actor=SERVICE)
    assert version.questionnaire_version_id == campaign.questionnaire_version_id
    assert version.answers == {"ways": ["yes"], "more": "Yes.", "practices": [{"title": "A"}, {"title": "B"}]}


def test_a_file_of_a_question_that_was_taken_out_stays_with_the_draft_and_is_not_sent(session: Session) -> None:
    annex = Question("annex", QuestionType.FILE, {"en": "Annex"}, "1.5")
    campaign, invitation = _begun(session, {"why": "Because."})
    _correct(session, campaign, _form(*OLD.parts[0].items, annex))
    own = respondent.own_answer(session, invitation.id)
    assert own is not None
    session.add(
        SubmissionFile(
            submission_id=own.id, question="annex", filename="annex.pdf", media_type="application/pdf", size=9,
            content="0" * 64, uploaded_at=factories.NOW,
        )
    )  # fmt: skip
    _correct(session, campaign, OLD)
    drafts.changes_seen(session, own.id)
    after = respondent.own_answer(session, invitation.id)
    assert after is not None
    assert [one.text for one in after.set_aside] == ["annex.pdf"]
    forgetting.forget(session, own.id, after.set_aside[0].mark)
    after = respondent.own_answer(session, invitation.id)
    assert after is not None
    assert (after.set_aside, after.files) == ((), ())
    version = service.submit(session, own.id, revision=after.revision, publication=Publication.PUBLISH, actor=SERVICE)
    assert version.files == []


def test_what_was_set_aside_is_removed_for_good_one_by_one(session: Session) -> None:
    campaign, invitation = _begun(session, ANSWERS)
    _correct(session, campaign, NEW)
    own = respondent.own_answer(session, invitation.id)
    assert own is not None
    # Before the draft was carried over, and twice.
    forgetting.forget(session, own.id, own.set_aside[1].mark)
    forgetting.forget(session, own.id, own.set_aside[1].mark)
    after = respondent.own_answer(session, invitation.id)
    assert after is not None
    assert after.set_aside == (own.set_aside[0], own.set_aside[2])
    assert after.answers == own.answers and after.changes == own.changes


def test_what_was_submitted_keeps_its_version_until_it_is_corrected(session: Session) -> None:
    campaign, invitation = _begun(session, {"why": "Because."})
    first = campaign.questionnaire_version_id
    own = respondent.own_answer(session, invitation.id)
    assert own is not None
    service.submit(session, own.id, revision=own.revision, publication=Publication.PUBLISH, actor=SERVICE)
    _correct(session, campaign, NEW)
    sent = respondent.own_answer(session, invitation.id)
    assert sent is not None
    assert (sent.questionnaire_version_id, sent.answers, sent.changes) == (first, {"why": "Because."}, ())
    service.reopen(session, own.id, SERVICE)
    opened = respondent.own_answer(session, invitation.id)
    assert opened is not None
    assert opened.questionnaire_version_id == campaign.questionnaire_version_id
    assert [one.text for one in opened.set_aside] == ["Because."]
    assert opened.changes


def test_a_change_in_another_language_only_stands_in_nobodys_way(session: Session) -> None:
    campaign, invitation = _begun(session, {"why": "Because."})
    _correct(
        session,
        campaign,
        _form(
            *OLD.parts[0].items[:2],
            Question("why", QuestionType.TEXT, {"en": "Why?", "fr": "Pourquoi"}, "1.3"),
            PRACTICES,
        ),
    )
    own = respondent.own_answer(session, invitation.id)
    assert own is not None
    assert own.changes == ()
    service.submit(session, own.id, revision=own.revision, publication=Publication.PUBLISH, actor=SERVICE)

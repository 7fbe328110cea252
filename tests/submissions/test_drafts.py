"""Drafts: begun once, saved part by part, never overwritten in silence, and nobody else's to read."""

import inspect
from typing import Any

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns.stages import FactKind
from outreach.errors import Refused
from outreach.storage import Storage
from outreach.submissions import counting, drafts, files, queries, service
from tests.factories import NOW
from tests.submissions.answering import ACTOR, GOOD, drafted, facts, sent, submitted, world

pytestmark = pytest.mark.usefixtures("english")


def test_begun_twice_is_one_draft_and_one_fact(session: Session) -> None:
    w = world(session)
    first = service.begin(session, w.union.id, ACTOR, name="Office of the President")
    again = service.begin(session, w.union.id, ACTOR, email="office@union.example")
    assert first.id == again.id
    assert (again.respondent_name, again.respondent_email) == ("Office of the President", "office@union.example")
    assert facts(session, w.union) == [FactKind.DRAFT_BEGUN]


def test_a_draft_holds_whatever_was_typed(session: Session) -> None:
    w = world(session)
    draft = drafted(session, w.union, {"staff": "a dozen", "plan": "", "needs": []})
    assert draft.answers == {"staff": "a dozen"}


def test_two_who_save_the_same_part_are_told_with_both_versions(session: Session) -> None:
    w = world(session)
    draft = service.begin(session, w.union.id, ACTOR)
    seen = drafts.mark({"why": ""})
    service.save(session, draft.id, {"why": "ours"}, seen)
    with pytest.raises(drafts.Changed) as told:
        service.save(session, draft.id, {"why": "theirs"}, seen)
    assert (told.value.kept, told.value.typed) == ({"why": "ours"}, {"why": "theirs"})
    assert draft.answers == {"why": "ours"}
    service.save(session, draft.id, {"why": "agreed"}, drafts.mark(told.value.kept))
    assert draft.answers == {"why": "agreed"}


def test_two_who_save_different_parts_do_not_disturb_each_other(session: Session) -> None:
    w = world(session)
    draft = service.begin(session, w.union.id, ACTOR)
    service.save(session, draft.id, {"why": "ours"}, drafts.mark({"why": ""}))
    service.save(session, draft.id, {"staff": "3"}, drafts.mark({"staff": ""}))
    service.save(session, draft.id, {"staff": "3"}, "of an older page, but the same text")
    assert draft.answers == {"why": "ours", "staff": "3"}


def test_two_who_answer_different_questions_of_one_part_keep_both(session: Session) -> None:
    w = world(session)
    draft = drafted(session, w.union, {"why": "first", "staff": "3", "needs": ["data"]})
    seen = drafts.mark({"why": "first", "staff": "3", "needs": ["data"]})
    service.save(session, draft.id, {"why": "first", "staff": "12", "needs": []}, seen)
    service.save(session, draft.id, {"why": "better", "staff": "3", "needs": ["data"]}, seen)
    assert draft.answers == {"why": "better", "staff": "12"}
    with pytest.raises(drafts.Changed) as told:
        service.save(session, draft.id, {"why": "first", "staff": "4", "needs": ["training"]}, seen)
    assert told.value.questions == ("staff", "needs")
    assert told.value.typed == {"why": "better", "staff": "4", "needs": ["training"]}
    assert draft.answers == {"why": "better", "staff": "12"}


def test_who_answers_can_be_named_and_taken_back(session: Session) -> None:
    w = world(session)
    draft = service.begin(session, w.union.id, ACTOR, name="An officer", email="officer@union.example")
    drafts.name_respondent(session, draft.id, " Another officer ", "other@union.example")
    assert (draft.respondent_name, draft.respondent_email) == ("Another officer", "other@union.example")
    drafts.name_respondent(session, draft.id, "", " ")
    assert (draft.respondent_name, draft.respondent_email) == (None, None)
    version = submitted(session, w.direct)
    with pytest.raises(Refused, match="was submitted"):
        drafts.name_respondent(session, version.submission_id, "Too late", "")


def test_a_closed_call_refuses_in_a_sentence(session: Session) -> None:
    w = world(session)
    draft = drafted(session, w.union)
    w.campaign.closed_at = NOW
    with pytest.raises(Refused, match="was closed on 15 February 2027"):
        service.save(session, draft.id, {"why": "more"}, drafts.mark({"why": GOOD["why"]}))
    with pytest.raises(Refused, match="closed"):
        service.begin(session, w.direct.id, ACTOR)


def test_what_is_with_the_mission_or_submitted_is_not_open(session: Session) -> None:
    w = world(session)
    waiting = sent(session, w.ministry)
    with pytest.raises(Refused, match="with the Permanent Mission"):
        service.save(session, waiting.id, {"why": "x"}, drafts.mark({"why": GOOD["why"]}))
    version = submitted(session, w.union)
    with pytest.raises(Refused, match="was submitted"):
        service.save(session, version.submission_id, {"why": "x"}, drafts.mark({"why": GOOD["why"]}))


SECRET = "not for the Secretariat yet"


def test_staff_see_that_a_draft_exists_but_never_its_text(session: Session, storage: Storage) -> None:
    """Every function of `queries` and `counting` is called on a draft, and nothing of it comes back."""
    w = world(session)
    with clock.stopped_at(NOW):
        draft = drafted(session, w.ministry, {**GOOD, "why": SECRET})
        files.add(session, storage, draft.id, "paper", f"{SECRET}.txt", b"words")
        service.send_to_mission(
            session, draft.id, revision=draft.revision, publication=service.Publication.PUBLISH, actor=ACTOR
        )
    file_id = files.in_draft(session, draft.id)[0].id
    given: dict[str, Any] = {
        "campaign_id": w.campaign.id,
        "submission_id": draft.id,
        "mission_invitation_id": w.geneva.id,
        "invitation_ids": [w.ministry.id],
        "file_id": file_id,
    }
    called = 0
    for module in (queries, counting):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_") or name == "is_reply_of_state":
                continue
            parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "session"]
            needed = {p.name: given[p.name] for p in parameters if p.default is p.empty}
            try:
                answer = repr(function(session, **needed))
            except queries.Missing:
                answer = ""
            called += 1
            assert SECRET not in answer, name
    assert called >= 6
    assert queries.drafts_of(session, [w.ministry.id])[w.ministry.id].sent_to_mission_at == NOW
    assert queries.waiting_parts(session, w.geneva.id) == {w.ministry.id: draft.id}
    assert queries.waiting_parts(session, w.new_york.id) == {}

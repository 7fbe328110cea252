"""Submitting: one version a click, numbers once, corrections that keep the former, late replies marked, what counts."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns.stages import FactKind, Stage
from outreach.db import Database
from outreach.errors import Invalid, Missing, Refused, Stale
from outreach.i18n import speaking
from outreach.submissions import clearance, completeness, counting, drafts, service, versions
from outreach.submissions.models import Behalf, Publication, SubmissionVersion
from tests import factories
from tests.factories import DEADLINE, NOW
from tests.submissions.answering import ACTOR, GOOD, STAFF, drafted, facts, sent, submitted, world

pytestmark = pytest.mark.usefixtures("english")


def test_a_direct_submission_is_numbered_hashed_and_counted_apart(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        version = submitted(session, w.direct)
    submission = drafts.of_invitation(session, w.direct.id)
    assert submission is not None
    assert submission.number == "KH-2027-KAZ-0001"
    assert (version.number, version.behalf, version.late, version.received_at) == (
        1,
        Behalf.NATIONAL_AUTHORITY,
        False,
        NOW,
    )
    assert version.digest == versions.digest(GOOD, [])
    assert facts(session, w.direct) == [FactKind.DRAFT_BEGUN, FactKind.SUBMITTED]
    assert w.direct.stage is Stage.SUBMITTED
    assert counting.replies_of_states(session, w.campaign.id) == {}
    assert counting.others(session, w.campaign.id) == {Behalf.NATIONAL_AUTHORITY: counting.Count(1, 0)}


def test_the_same_click_twice_is_one_version(session: Session) -> None:
    w = world(session)
    first = submitted(session, w.union)
    again = service.submit(session, first.submission_id, revision=0, publication=None, actor=ACTOR)
    assert again.id == first.id
    assert facts(session, w.union).count(FactKind.SUBMITTED) == 1


def test_two_clicks_at_once_are_one_version(database: Database) -> None:
    with database.write() as session:
        w = world(session)
        draft = drafted(session, w.union)
    got: list[object] = []
    start = threading.Barrier(2)

    def click() -> None:
        with speaking("en"), database.write() as own:
            start.wait()
            got.append(
                service.submit(own, draft.id, revision=draft.revision, publication=Publication.PUBLISH, actor=ACTOR).id
            )

    both = [threading.Thread(target=click) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(got) == 2 and len(set(got)) == 1
    with database.read() as session:
        assert len(session.scalars(select(SubmissionVersion)).all()) == 1


def test_numbers_run_through_the_campaign_and_name_the_state(session: Session) -> None:
    w = world(session)
    nowhere = factories.invitation(session, w.campaign, factories.institution(session, state_code=None))
    for invitation in (w.direct, w.union, nowhere):
        submitted(session, invitation)
    found = [drafts.of_invitation(session, one.id) for one in (w.direct, w.union, nowhere)]
    assert [one.number for one in found if one] == ["KH-2027-KAZ-0001", "KH-2027-KAZ-0002", "KH-2027-XX-0003"]


def test_what_is_missing_is_said_by_question_and_nothing_is_sent(session: Session) -> None:
    w = world(session)
    draft = drafted(session, w.union, {"staff": "a dozen"})
    with pytest.raises(completeness.Incomplete) as told:
        service.submit(session, draft.id, revision=draft.revision, publication=Publication.PUBLISH, actor=ACTOR)
    assert set(told.value.by_question) == {"plan", "staff"}
    assert draft.number is None


def test_the_choice_about_publication_must_be_made(session: Session) -> None:
    w = world(session)
    draft = drafted(session, w.union)
    with pytest.raises(Invalid) as told:
        service.submit(session, draft.id, revision=draft.revision, publication=None, actor=ACTOR)
    assert told.value.field == "publication"


def test_what_was_changed_since_the_review_is_not_sent(session: Session) -> None:
    w = world(session)
    draft = drafted(session, w.union)
    with pytest.raises(Stale):
        service.submit(session, draft.id, revision=draft.revision - 1, publication=Publication.PUBLISH, actor=ACTOR)


def test_a_correction_supersedes_and_keeps_the_former(session: Session) -> None:
    w = world(session)
    first = submitted(session, w.union)
    draft = service.reopen(session, first.submission_id, ACTOR)
    service.save(session, draft.id, {"why": "Better words."}, drafts.mark({"why": GOOD["why"]}))
    second = service.submit(
        session, draft.id, revision=draft.revision, publication=Publication.WITHOUT_NAMES, actor=ACTOR
    )
    kept = versions.versions(session, draft.id)
    assert [(v.number, v.answers["why"]) for v in kept] == [(1, GOOD["why"]), (2, "Better words.")]
    assert kept[0].digest != second.digest
    assert draft.number == "KH-2027-KAZ-0001"
    assert FactKind.CORRECTED in facts(session, w.union)
    assert counting.others(session, w.campaign.id)[Behalf.STAKEHOLDER].number == 1


def test_late_is_after_the_deadline_that_holds_for_the_state(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(DEADLINE):
        assert not submitted(session, w.direct).late
    with clock.stopped_at(DEADLINE + timedelta(seconds=1)):
        assert submitted(session, w.union).late
    factories.extension(session, w.campaign, DEADLINE + timedelta(days=7), state_code="KAZ")
    third = factories.invitation(session, w.campaign, factories.institution(session))
    with clock.stopped_at(DEADLINE + timedelta(days=6)):
        assert not submitted(session, third).late
    assert counting.others(session, w.campaign.id)[Behalf.STAKEHOLDER] == counting.Count(1, 1)


def test_a_ministry_replies_through_its_mission(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        waiting = sent(session, w.ministry)
        assert w.ministry.stage is Stage.SENT_TO_MISSION
        assert counting.replies_of_states(session, w.campaign.id) == {}
        read = clearance.part(session, w.geneva.id, waiting.id)
        assert read.parts[0].lines[1].text == GOOD["why"]
        with pytest.raises(Missing):
            clearance.part(session, w.new_york.id, waiting.id)
        with pytest.raises(Missing):
            service.transmit(session, waiting.id, w.new_york.id, ACTOR)
        version = service.transmit(session, waiting.id, w.geneva.id, ACTOR)
        assert service.transmit(session, waiting.id, w.geneva.id, ACTOR).id == version.id
    assert (version.transmitted_by_id, version.behalf) == (w.geneva.id, Behalf.NATIONAL_AUTHORITY)
    assert FactKind.SUBMITTED in facts(session, w.ministry)
    assert facts(session, w.geneva) == [FactKind.TRANSMITTED]
    assert counting.replies_of_states(session, w.campaign.id) == {"KAZ": NOW}
    assert counting.others(session, w.campaign.id) == {}


def test_what_the_mission_returns_is_a_draft_again(session: Session) -> None:
    w = world(session)
    waiting = sent(session, w.ministry)
    with pytest.raises(Invalid):
        service.return_part(session, waiting.id, w.geneva.id, "  ", ACTOR)
    service.return_part(session, waiting.id, w.geneva.id, "Please add the budget.", ACTOR)
    assert (w.ministry.stage, waiting.return_reason) == (Stage.DRAFTING, "Please add the budget.")
    assert drafts.editable(waiting)
    with pytest.raises(Missing):
        service.transmit(session, waiting.id, w.geneva.id, ACTOR)
    again = service.send_to_mission(
        session, waiting.id, revision=waiting.revision, publication=Publication.PUBLISH, actor=ACTOR
    )
    assert (again.return_reason, w.ministry.stage) == (None, Stage.SENT_TO_MISSION)


def test_the_routes_are_not_interchangeable(session: Session) -> None:
    w = world(session)
    through, direct = drafted(session, w.ministry), drafted(session, w.union)
    with pytest.raises(Refused, match="through the Permanent Mission"):
        service.submit(session, through.id, revision=through.revision, publication=Publication.PUBLISH, actor=ACTOR)
    with pytest.raises(Refused, match="directly"):
        service.send_to_mission(
            session, direct.id, revision=direct.revision, publication=Publication.PUBLISH, actor=ACTOR
        )


def test_staff_accept_with_a_reason_only(session: Session) -> None:
    w = world(session)
    version = submitted(session, w.direct)
    with pytest.raises(Invalid):
        service.accept_as_state(session, version.submission_id, " ", STAFF)
    service.accept_as_state(session, version.submission_id, "Letter of the Mission of 3 March", STAFF)
    assert counting.replies_of_states(session, w.campaign.id) == {"KAZ": version.received_at}
    assert FactKind.ACCEPTED in facts(session, w.direct)
    unsent = drafted(session, w.union)
    with pytest.raises(Refused):
        service.accept_as_state(session, unsent.id, "no", STAFF)


def test_publication_can_be_changed_later_and_the_version_keeps_what_was_said(session: Session) -> None:
    w = world(session)
    version = submitted(session, w.union)
    changed = service.change_publication(session, version.submission_id, Publication.DO_NOT_PUBLISH, ACTOR)
    assert (changed.publication, version.publication) == (Publication.DO_NOT_PUBLISH, Publication.PUBLISH)

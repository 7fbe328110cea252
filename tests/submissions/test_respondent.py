"""A respondent reads how its own answer stands at every step, and what stands in its way."""

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.questionnaires.contribution import contribution_form
from outreach.submissions import respondent, service
from outreach.submissions.models import Publication
from outreach.submissions.respondent import Standing
from tests.factories import NOW
from tests.submissions.answering import ACTOR, FORM, drafted, sent, world

pytestmark = pytest.mark.usefixtures("english")


def test_the_way_through_the_mission_and_a_correction(session: Session) -> None:
    w = world(session)
    assert respondent.own_answer(session, w.ministry.id) is None

    def now() -> tuple[Standing, bool]:
        own = respondent.own_answer(session, w.ministry.id)
        assert own is not None
        return own.standing, own.editable

    drafted(session, w.ministry)
    assert now() == (Standing.DRAFT, True)
    with clock.stopped_at(NOW):
        draft = sent(session, w.ministry)
    assert now() == (Standing.WITH_MISSION, False)
    service.return_part(session, draft.id, w.geneva.id, "Please add figures.", ACTOR)
    assert now() == (Standing.RETURNED, True)
    own = respondent.own_answer(session, w.ministry.id)
    assert own is not None and own.return_reason == "Please add figures."
    service.send_to_mission(session, draft.id, revision=draft.revision, publication=Publication.PUBLISH, actor=ACTOR)
    service.transmit(session, draft.id, w.geneva.id, ACTOR)
    assert now() == (Standing.SUBMITTED, False)
    service.reopen(session, draft.id, ACTOR)
    assert now() == (Standing.CORRECTING, True)
    assert respondent.mission_between(session, w.ministry.id) == w.geneva.institution_id
    assert respondent.mission_between(session, w.direct.id) is None


def test_what_is_missing_is_said_before_anything_is_sent(session: Session) -> None:
    w = world(session)
    drafted(session, w.union, {"staff": "a dozen"})
    own = respondent.own_answer(session, w.union.id)
    assert own is not None
    found = respondent.faults(session, own, FORM)
    assert list(found) == ["plan", "staff"]
    part = respondent.parts(own, FORM)[1]
    assert (part.done, part.asked) == (1, 4)


def test_an_empty_contribution_has_something_in_its_way(session: Session) -> None:
    w = world(session)
    service.begin(session, w.union.id, ACTOR)
    own = respondent.own_answer(session, w.union.id)
    assert own is not None
    assert respondent.faults(session, own, contribution_form()) == {"text": "Nothing has been answered yet."}

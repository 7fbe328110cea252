"""What staff recorded can be taken back: all is then as it was, the mail waits again, and what happened stays to be read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations, reminders
from outreach.campaigns.models import InvitationFact
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.errors import Invalid, Refused, Stale
from outreach.identity.models import AuditEntry
from outreach.inbox import looking, queries, service, undoing
from outreach.inbox.models import MailOutcome, ReceivedMail
from outreach.inbox.queries import Show
from outreach.reports.replies import others_counted, replies
from outreach.storage import Storage
from outreach.submissions import counting, drafts, respondent
from outreach.submissions import queries as submissions
from outreach.submissions.models import Behalf, Submission
from tests.factories import NOW, PDF
from tests.inbox.mails import MANAGER, World, facts, mail, world

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def recorded(
    session: Session, storage: Storage, w: World, behalf: Behalf = Behalf.STATE, content: bytes = PDF
) -> tuple[ReceivedMail, Submission]:
    """A mail from somebody who is no contact of the mission, recorded an hour after it came."""
    raw = mail(In_Reply_To=w.letter.message_id, files=(("reply.pdf", content),))
    mail_id = service.take_in(session, storage, raw, "test", arrived_at=NOW - timedelta(hours=1)).mail_id
    done = service.record_as_reply(session, storage, mail_id, behalf, "Signed note 17/2027", MANAGER)
    return session.get_one(ReceivedMail, mail_id), session.get_one(Submission, done.submission_id)


def stands(session: Session, w: World) -> dict[str, Any]:
    """All that boards, reports and reminders know of what came back."""
    session.refresh(w.mission)
    return {
        "stage": (w.mission.stage, w.mission.stage_at),
        "states": counting.replies_of_states(session, w.campaign.id),
        "board": replies(session, w.campaign.id),
        "others": (counting.others(session, w.campaign.id), others_counted(session, w.campaign.id)),
        "received": submissions.received(session, w.campaign.id),
        "drafts": submissions.drafts_of(session, [w.mission.id]),
        "own": respondent.own_answer(session, w.mission.id),
    }


def letters_to_the_sender(session: Session) -> list[str]:
    wanted = select(Letter).where(Letter.to_address == "someone@mission.example", Letter.state == LetterState.QUEUED)
    return [one.occasion for one in session.scalars(wanted.order_by(Letter.queued_at, Letter.id))]


@pytest.mark.parametrize("behalf", [Behalf.STATE, Behalf.NATIONAL_AUTHORITY])
def test_a_record_that_is_taken_back_leaves_all_as_it_was_and_the_mail_waits_again(
    session: Session, storage: Storage, behalf: Behalf
) -> None:
    w = world(session)
    before = stands(session, w)
    kept, submission = recorded(session, storage, w, behalf)
    number = submission.number
    assert stands(session, w) != before
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        undoing.take_back_mail(session, kept.id, "It is of another institution", MANAGER)
    assert stands(session, w) == before
    assert invitations.project(session, [w.mission.id]) == 0
    assert (kept.outcome, kept.submission_id, kept.looked_at_at) == (None, None, None)
    assert [line.id for line in queries.tray(session, Show.WAITING, "en", 9)] == [kept.id]
    assert looking.recorded(session, kept.id) == []
    assert facts(session, w.mission)[-1] is FactKind.MAIL_RECEIVED
    assert w.mission.id in reminders.stopped(session, w.campaign.id)
    version = submissions.version(session, submission.id)
    assert (version.number, version.in_force, version.taken_back_by) == (number, False, MANAGER.name)
    assert (version.taken_back_reason, [file.filename for file in version.files]) == (
        "It is of another institution",
        ["reply.pdf"],
    )
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("%taken_back"))).all()
    assert sorted(acts) == ["mail.record_taken_back", "submission.taken_back"]


def test_what_happened_stays_in_the_history_and_a_later_fact_takes_it_back(session: Session, storage: Storage) -> None:
    w = world(session)
    kept, _submission = recorded(session, storage, w)
    undoing.take_back_mail(session, kept.id, "Recorded twice", MANAGER)
    told = session.scalars(select(InvitationFact).where(InvitationFact.invitation_id == w.mission.id)).all()
    gone = {fact.takes_back_id: fact for fact in told if fact.kind is FactKind.TAKEN_BACK}
    assert sorted(fact.kind for fact in told if fact.id in gone) == [FactKind.ACCEPTED, FactKind.SUBMITTED]
    assert {(fact.by, fact.note) for fact in gone.values()} == {(MANAGER.name, "Recorded twice")}


def test_recorded_once_more_it_has_another_number_and_the_sender_is_told(session: Session, storage: Storage) -> None:
    w = world(session)
    kept, submission = recorded(session, storage, w)
    first = submission.number
    told = letters_to_the_sender(session)
    undoing.take_back_mail(session, kept.id, "On behalf of a ministry", MANAGER)
    # What was queued for the sender is not called back, only a receipt that has not left.
    assert letters_to_the_sender(session) == told
    receipts = session.scalars(select(Letter.state).where(Letter.kind == LetterKind.RECEIPT)).all()
    assert set(receipts) == {LetterState.CANCELLED}
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        service.record_as_reply(session, storage, kept.id, Behalf.NATIONAL_AUTHORITY, "", MANAGER)
    assert submission.number not in (None, first)
    *before, last = letters_to_the_sender(session)
    assert before == told
    assert str(submission.number) in last
    assert kept.outcome is MailOutcome.RECORDED
    assert [one.number for one in looking.recorded(session, kept.id)] == [submission.number]
    session.refresh(w.mission)
    assert w.mission.stage is Stage.SUBMITTED
    assert not counting.replies_of_states(session, w.campaign.id)


def test_the_version_before_it_is_in_force_again(session: Session, storage: Storage) -> None:
    w = world(session)
    _first, submission = recorded(session, storage, w)
    before = stands(session, w)
    with clock.stopped_at(NOW + timedelta(days=1)):
        second, again = recorded(session, storage, w, content=PDF + b"%")
        assert again.id == submission.id
        with pytest.raises(Refused):
            undoing.take_back(session, submission.id, 1, "The first one", MANAGER)
        undoing.take_back_mail(session, second.id, "The same note once more", MANAGER)
    assert stands(session, w) == before
    last = drafts.last_version(session, submission.id)
    assert last is not None and (last.number, submission.accepted_reason) == (1, "Signed note 17/2027")


def test_what_is_refused(session: Session, storage: Storage) -> None:
    w = world(session)
    kept, submission = recorded(session, storage, w)
    with pytest.raises(Invalid) as fault:
        undoing.take_back_mail(session, kept.id, "  ", MANAGER)
    assert fault.value.field == "reason"
    undoing.take_back(session, submission.id, 1, "Wrong", MANAGER)
    with pytest.raises(Stale):
        undoing.take_back(session, submission.id, 1, "Wrong", MANAGER)
    with pytest.raises(Refused):
        undoing.take_back_mail(session, kept.id, "Wrong", MANAGER)


def test_an_institution_may_begin_its_own_answer_after_it(session: Session, storage: Storage) -> None:
    w = world(session)
    kept, submission = recorded(session, storage, w)
    undoing.take_back_mail(session, kept.id, "Sent to us by mistake", MANAGER)
    begun = drafts.begin(session, w.mission.id, MANAGER)
    assert (begun.id, drafts.editable(begun), begun.begun_at) == (submission.id, True, NOW)
    session.refresh(w.mission)
    assert w.mission.stage is Stage.DRAFTING

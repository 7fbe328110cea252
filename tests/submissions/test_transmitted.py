"""What a link lets its holder read again: a body its own answer, a mission what it transmitted, nobody what is another's."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from outreach import clock
from outreach.directory.models import InstitutionKind
from outreach.errors import Missing
from outreach.reports.copy_pdf import copy_pdf
from outreach.storage import Storage
from outreach.submissions import drafts, service, taking_back, transmitted
from outreach.submissions.models import Behalf, Channel, Publication, Submission, SubmissionVersion
from outreach.submissions.recording import RecordedReply
from tests import factories
from tests.factories import NOW
from tests.submissions.answering import ACTOR, STAFF, World, sent, submitted, world

pytestmark = pytest.mark.usefixtures("english")


def _through(session: Session, w: World) -> Submission:
    """The ministry's answer, which the mission in Geneva transmitted."""
    submission = sent(session, w.ministry)
    service.transmit(session, submission.id, w.geneva.id, ACTOR)
    return submission


def _again(session: Session, w: World, submission: Submission, why: str) -> SubmissionVersion:
    """The ministry corrects it, and the mission transmits it again."""
    service.reopen(session, submission.id, ACTOR)
    service.save(session, submission.id, {"why": why}, drafts.mark(drafts.shown(submission, {"why": ""})))
    service.send_to_mission(
        session, submission.id, revision=submission.revision, publication=Publication.DO_NOT_PUBLISH, actor=ACTOR
    )
    return service.transmit(session, submission.id, w.geneva.id, ACTOR)


def test_each_reads_its_own_and_a_mission_what_it_transmitted(session: Session) -> None:
    w = world(session)
    agency = factories.institution(session, InstitutionKind.MINISTRY, name="Agency", email="office@agency.example")
    below = factories.invitation(session, w.campaign, agency, parent=w.ministry)
    with clock.stopped_at(NOW):
        answers = {"through": _through(session, w).id, "direct": submitted(session, w.direct).submission_id}
    readers = {"Geneva": w.geneva, "New York": w.new_york, "ministry": w.ministry, "direct": w.direct, "below": below}
    allowed = {
        (reader, answer)
        for reader, invitation in readers.items()
        for answer, submission_id in answers.items()
        if transmitted.may_read(session, invitation.id, submission_id)
    }
    assert allowed == {("Geneva", "through"), ("ministry", "through"), ("direct", "direct")}
    assert [line.submission_id for line in transmitted.sent(session, w.geneva.id)] == [answers["through"]]
    assert transmitted.sent(session, w.new_york.id) == []


def test_a_version_is_read_as_it_was_sent_beside_what_changed_since(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        submission = _through(session, w)
        _again(session, w, submission, "The strategy of 2026.")
    for reader in (w.geneva, w.ministry):
        first, second = (transmitted.copy(session, reader.id, submission.id, number) for number in (1, 2))
        assert [(one.version, one.in_force) for one in second.versions] == [(1, False), (2, True)]
        assert (first.former, first.changes) == (None, ())
        (change,) = second.changes
        assert change.before is not None and change.after is not None
        assert change.line.name == "why"
        assert (change.before.text, change.after.text) == ("The strategy of 2023.", "The strategy of 2026.")
        assert (second.former, second.documents) == (1, None)
        assert transmitted.copy(session, reader.id, submission.id).line.version == 2


def test_a_version_that_went_past_the_mission_is_not_the_missions(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        submission = _through(session, w)
        _again(session, w, submission, "Sent directly.").transmitted_by_id = None
    read = transmitted.copy(session, w.geneva.id, submission.id)
    assert [(one.version, one.in_force) for one in read.versions] == [(1, False)]
    with pytest.raises(Missing):
        transmitted.copy(session, w.geneva.id, submission.id, 2)
    assert len(transmitted.copy(session, w.ministry.id, submission.id).versions) == 2


def test_a_record_that_was_taken_back_is_still_read_and_says_so(session: Session, storage: Storage) -> None:
    w = world(session)
    reply = RecordedReply(
        campaign_id=w.campaign.id,
        behalf=Behalf.STAKEHOLDER,
        channel=Channel.MAIL,
        received_on=date(2027, 2, 15),
        documents=(("Reply.pdf", factories.PDF),),
        invitation_id=w.union.id,
    )
    with clock.stopped_at(NOW):
        version = service.record_by_staff(session, storage, reply, STAFF)
        taking_back.take_back(session, version.submission_id, 1, "It was of another call.", STAFF)
    (line,) = transmitted.sent(session, w.union.id)
    assert (line.number, line.in_force, line.taken_back_at) == ("KH-2027-KAZ-0001", False, NOW)
    read = transmitted.copy(session, w.union.id, line.submission_id)
    copied = " ".join(PdfReader(BytesIO(copy_pdf(session, read))).pages[0].extract_text().split())
    assert "1 – taken back Documents Reply.pdf Publication not asked yet The reply came as a document" in copied
    assert "Is there a plan?" not in copied
    (file,) = read.line.files
    assert transmitted.file(session, w.union.id, line.submission_id, file.id).filename == "Reply.pdf"
    with pytest.raises(Missing):
        transmitted.file(session, w.geneva.id, line.submission_id, file.id)

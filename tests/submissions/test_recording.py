"""Staff record what came by mail or on paper: the same number, marks and counts."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from outreach import clock, file_types
from outreach.campaigns.letters import queue_for
from outreach.campaigns.models import Origin
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import LetterKind, LetterState
from outreach.correspondence.queries import letters_of
from outreach.db import Database
from outreach.errors import Invalid
from outreach.office_files import OLE
from outreach.storage import Storage
from outreach.submissions import counting, drafts, files, queries, service
from outreach.submissions.models import Behalf, Channel
from outreach.submissions.recording import RecordedReply
from tests.campaigns.asked import at_once
from tests.factories import DEADLINE, NOW, PDF
from tests.submissions.answering import ACTOR, GOOD, STAFF, World, drafted, facts, world

pytestmark = pytest.mark.usefixtures("english")


def reply(w: World, **changes: object) -> RecordedReply:
    whole = RecordedReply(
        campaign_id=w.campaign.id,
        behalf=Behalf.STATE,
        channel=Channel.MAIL,
        received_on=date(2027, 2, 10),
        documents=(("Reply of Kazakhstan.pdf", PDF),),
        state_code="KAZ",
        note="With a covering note",
        reason="Signed by the Permanent Representative",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_a_mailed_reply_of_a_state_counts_and_is_numbered(session: Session, storage: Storage) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        version = service.record_by_staff(session, storage, reply(w), STAFF)
    submission = drafts.of_invitation(session, w.geneva.id)
    assert submission is not None and submission.number == "KH-2027-KAZ-0001"
    assert version.received_at.date() == date(2027, 2, 10)
    assert facts(session, w.geneva) == [FactKind.ACCEPTED, FactKind.SUBMITTED]
    assert list(counting.replies_of_states(session, w.campaign.id)) == ["KAZ"]
    read = queries.version(session, submission.id)
    assert [line.filename for line in read.documents] == ["Reply of Kazakhstan.pdf"]
    assert (read.channel, read.note, read.publication) == (Channel.MAIL, "With a covering note", None)


def test_a_reply_of_the_deadlines_day_is_in_time_and_of_the_next_is_late(session: Session, storage: Storage) -> None:
    w = world(session)
    with clock.stopped_at(DEADLINE + timedelta(days=9)):
        on_the_day = reply(w, invitation_id=w.union.id, behalf=Behalf.STAKEHOLDER, received_on=date(2027, 2, 26))
        assert not service.record_by_staff(session, storage, on_the_day, STAFF).late
        after = reply(w, invitation_id=w.direct.id, behalf=Behalf.NATIONAL_AUTHORITY, received_on=date(2027, 2, 27))
        assert service.record_by_staff(session, storage, after, STAFF).late
    assert counting.others(session, w.campaign.id) == {
        Behalf.STAKEHOLDER: counting.Count(1, 0),
        Behalf.NATIONAL_AUTHORITY: counting.Count(1, 1),
    }


def test_a_body_that_was_not_asked_is_added(session: Session, storage: Storage) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        version = service.record_by_staff(
            session, storage, reply(w, behalf=Behalf.STAKEHOLDER, state_code=None, body="League of Readers"), STAFF
        )
    line = queries.received(session, w.campaign.id)[0]
    assert (line.number, line.behalf, line.reply_of_state) == ("KH-2027-XX-0001", Behalf.STAKEHOLDER, False)
    assert version.transmitted_by_id is None
    assert drafts.campaigns.invitation(session, line.invitation_id).origin is Origin.STAFF


def test_what_the_respondent_is_drafting_on_the_web_stays(session: Session, storage: Storage) -> None:
    w = world(session)
    draft = drafted(session, w.geneva)
    with clock.stopped_at(NOW):
        version = service.record_by_staff(session, storage, reply(w), STAFF)
    assert (version.answers, draft.answers) == ({}, GOOD)
    reopened = service.reopen(session, draft.id, ACTOR)
    assert drafts.editable(reopened)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"received_on": date(2027, 2, 16)}, "received_on"),
        ({"channel": Channel.WEB}, "channel"),
        ({"documents": ()}, "documents"),
        ({"documents": (("a.exe", b"MZ\x00"),)}, "documents"),
        ({"documents": tuple((f"{number}.pdf", PDF) for number in range(21))}, "documents"),
        ({"received_on": date(2027, 1, 11)}, "received_on"),
        ({"body": "Ministry of Health"}, "behalf"),
        ({"behalf": Behalf.STAKEHOLDER, "body": "League", "email": "nonsense"}, "email"),
        ({"state_code": None}, "state"),
        ({"state_code": "FRA"}, "state"),
        ({"behalf": Behalf.STAKEHOLDER}, "body"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    session: Session, storage: Storage, changes: dict[str, object], field: str | None
) -> None:
    w = world(session)
    with clock.stopped_at(NOW), pytest.raises(Invalid) as told:
        service.record_by_staff(session, storage, reply(w, **changes), STAFF)
    assert told.value.field == field


def test_the_same_click_twice_is_one_version(session: Session, storage: Storage) -> None:
    w = world(session)
    body = reply(w, behalf=Behalf.STAKEHOLDER, state_code=None, body="League of Readers")
    with clock.stopped_at(NOW):
        for wanted in (reply(w), body, reply(w, invitation_id=w.union.id, behalf=Behalf.STAKEHOLDER)):
            first = service.record_by_staff(session, storage, wanted, STAFF)
            again = service.record_by_staff(session, storage, replace(wanted), STAFF)
            assert again.id == first.id
    assert len(queries.received(session, w.campaign.id)) == 3
    with clock.stopped_at(NOW):
        corrected = service.record_by_staff(session, storage, replace(body, note="Signed now"), STAFF)
    assert corrected.number == 2


def test_two_who_record_the_same_at_once_record_it_once(database: Database, session: Session, storage: Storage) -> None:
    w = world(session)
    session.commit()
    made: list[uuid.UUID] = []

    def record() -> None:
        with database.writing() as own:
            wanted = reply(w, behalf=Behalf.STAKEHOLDER, state_code=None, body="League of Readers")
            made.append(service.record_by_staff(own, storage, wanted, STAFF).id)
            own.commit()

    with clock.stopped_at(NOW):
        assert at_once(record, record) == []
    assert len(set(made)) == 1
    assert len(queries.received(session, w.campaign.id)) == 1


def test_a_file_of_an_old_word_is_recorded_as_it_came(session: Session, storage: Storage) -> None:
    old = OLE + bytes(500) + "WordDocument".encode("utf-16-le")
    w = world(session)
    with clock.stopped_at(NOW):
        version = service.record_by_staff(session, storage, reply(w, documents=(("Reply", old),)), STAFF)
        locked = OLE + "EncryptedPackage".encode("utf-16-le")
        with pytest.raises(Invalid, match="locked by a password"):
            service.record_by_staff(session, storage, reply(w, documents=(("Reply.docx", locked),)), STAFF)
    (line,) = files.of_version(version)
    assert (line.filename, line.media_type) == ("Reply.doc", file_types.DOC)
    assert files.content(session, storage, version.submission_id, line.id)[1] == old


def test_what_a_draft_holds_does_not_keep_a_document_out(session: Session, storage: Storage) -> None:
    w = world(session)
    draft = drafted(session, w.geneva)
    for number in range(files.MOST_FILES):
        files.add(session, storage, draft.id, "paper", f"{number}.pdf", PDF + b"%d" % number)
    with clock.stopped_at(NOW):
        version = service.record_by_staff(session, storage, reply(w), STAFF)
    assert [line.filename for line in files.of_version(version)] == ["Reply of Kazakhstan.pdf"]
    assert len(files.in_draft(session, draft.id)) == files.MOST_FILES


def test_a_body_that_was_not_asked_gets_its_receipt_where_staff_say(session: Session, storage: Storage) -> None:
    w = world(session)
    wanted = reply(w, behalf=Behalf.STAKEHOLDER, body="League of Readers", email="office@readers.example")
    with clock.stopped_at(NOW):
        service.record_by_staff(session, storage, wanted, STAFF)
    (line,) = queries.received(session, w.campaign.id)
    (letter,) = letters_of(session, [line.invitation_id])
    assert (letter.kind, letter.to_address) == (LetterKind.RECEIPT, "office@readers.example")


def test_a_recorded_reply_of_the_state_stops_reminders_that_wait(session: Session, storage: Storage) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        for one in (w.geneva, w.new_york, w.ministry, w.union):
            queue_for(session, one, LetterKind.REMINDER, "step-5")
        service.record_by_staff(session, storage, reply(w), STAFF)
    session.expire_all()
    states = [
        letter.state
        for one in (w.geneva, w.new_york, w.ministry, w.union)
        for letter in letters_of(session, [one.id])
        if letter.kind is LetterKind.REMINDER
    ]
    assert states == [LetterState.CANCELLED] * 3 + [LetterState.QUEUED]

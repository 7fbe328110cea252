"""What becomes of a mail: kept once, held, looked at, given to another, recorded as a reply."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns import reminders
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import Letter, LetterKind
from outreach.db import Database
from outreach.errors import Invalid, Missing, Refused, Stale
from outreach.identity.models import AuditEntry
from outreach.inbox import documents, queries, service
from outreach.inbox.models import MailOutcome, MatchedBy, ReceivedMail
from outreach.inbox.queries import Show
from outreach.storage import Storage
from outreach.submissions import counting
from outreach.submissions import queries as submissions
from outreach.submissions.models import Behalf, Channel
from tests.factories import DEADLINE, NOW, PDF
from tests.inbox.mails import MANAGER, World, all_mail, bounce, facts, mail, reminded, world

pytestmark = pytest.mark.usefixtures("english")

REMINDER = DEADLINE - timedelta(days=5)
CAME, LOOKED = DEADLINE - timedelta(days=8), DEADLINE - timedelta(days=7)


@pytest.fixture(autouse=True)
def _the_day_after() -> Iterator[None]:
    with clock.stopped_at(LOOKED):
        yield


def taken_in(session: Session, storage: Storage, raw: bytes, at: datetime = CAME) -> ReceivedMail:
    with clock.stopped_at(at):
        taken = service.take_in(session, storage, raw, "test", arrived_at=at)
    return session.get_one(ReceivedMail, taken.mail_id)


def answer(w: World, **changes: object) -> bytes:
    return mail(**({"In_Reply_To": w.letter.message_id} | changes))  # type: ignore[arg-type]


def test_a_mail_is_kept_as_it_came_and_its_record_says_what_it_is(session: Session, storage: Storage) -> None:
    w = world(session)
    raw = answer(w, files=(("reply.pdf", PDF),))
    kept = taken_in(session, storage, raw)
    assert kept.content == hashlib.sha256(raw).hexdigest()
    assert storage.get(kept.content) == raw
    assert (kept.size, kept.received_at, kept.source, kept.readable) == (len(raw), CAME, "test", True)
    assert (kept.from_address, kept.subject) == ("someone@mission.example", "Re: Knowledge hub")
    assert kept.attachments == [{"filename": "reply.pdf", "media_type": "application/octet-stream", "size": len(PDF)}]
    assert (kept.invitation_id, kept.matched_by) == (w.mission.id, MatchedBy.REPLY_TO_OUR_LETTER)
    assert kept.in_reply_to == w.letter.message_id
    assert (kept.outcome, kept.looked_at_at, kept.submission_id) == (None, None, None)


def test_a_mail_to_a_letters_own_address_or_with_its_code_finds_its_invitation(
    session: Session, storage: Storage
) -> None:
    w = world(session)
    by_address = taken_in(session, storage, mail(to=f"office@secretariat.example, {w.bounces_to}"))
    by_code = taken_in(session, storage, mail(text=f"Code: {w.other.code.lower()}"))
    assert (by_address.invitation_id, by_address.matched_by) == (w.mission.id, MatchedBy.ADDRESS_TOKEN)
    assert by_address.found_for == w.bounces_to
    assert (by_code.invitation_id, by_code.matched_by) == (w.other.id, MatchedBy.CODE_IN_TEXT)


def test_the_same_mail_twice_is_one_record_and_one_fact(session: Session, storage: Storage) -> None:
    w = world(session)
    raw = answer(w)
    first = service.take_in(session, storage, raw, "mailbox")
    again = service.take_in(session, storage, raw, "file")
    assert (first.new, again.new, again.mail_id) == (True, False, first.mail_id)
    assert [one.source for one in all_mail(session)] == ["mailbox"]
    assert facts(session, w.mission) == [FactKind.MAIL_RECEIVED]


def test_reminders_wait_until_somebody_has_looked(session: Session, storage: Storage) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w))
    assert reminded(session, REMINDER) == {"JOR"}
    assert reminders.stopped(session, w.campaign.id)[w.mission.id].value == "held"
    with clock.stopped_at(REMINDER + timedelta(minutes=1)):
        service.mark_looked_at(session, kept.id, MANAGER)
    assert (kept.outcome, kept.looked_at_by) == (MailOutcome.NO_ACTION, MANAGER.name)
    assert reminded(session, REMINDER + timedelta(minutes=2)) == {"KAZ"}


def test_reminders_wait_for_the_last_of_several_mails(session: Session, storage: Storage) -> None:
    w = world(session)
    first, second = (taken_in(session, storage, answer(w, text=text)) for text in ("one", "two"))
    service.mark_looked_at(session, first.id, MANAGER)
    assert reminders.stopped(session, w.campaign.id)[w.mission.id].value == "held"
    service.mark_looked_at(session, second.id, MANAGER)
    service.mark_looked_at(session, second.id, MANAGER)
    assert w.mission.id not in reminders.stopped(session, w.campaign.id)
    assert facts(session, w.mission).count(FactKind.MAIL_LOOKED_AT) == 1


def test_a_mail_that_arrived_before_the_last_look_but_was_read_after_it_holds(
    session: Session, storage: Storage
) -> None:
    w = world(session)
    first = taken_in(session, storage, answer(w, text="one"))
    service.mark_looked_at(session, first.id, MANAGER)
    with clock.stopped_at(LOOKED + timedelta(minutes=5)):
        service.take_in(session, storage, answer(w, text="two"), "test", arrived_at=LOOKED - timedelta(hours=1))
    assert reminders.stopped(session, w.campaign.id)[w.mission.id].value == "held"


def test_two_who_look_at_two_mails_at_once_let_the_reminders_go(
    database: Database, session: Session, storage: Storage
) -> None:
    w = world(session)
    first, second = (taken_in(session, storage, answer(w, text=text)).id for text in ("one", "two"))
    session.commit()

    def look_at_second() -> None:
        with i18n.speaking("en"), database.write() as own:
            service.mark_looked_at(own, second, MANAGER)

    other = threading.Thread(target=look_at_second)
    with database.write() as own:
        service.mark_looked_at(own, first, MANAGER)
        other.start()
        # The other one ends, or waits for us; then we end.
        while other.is_alive() and not _somebody_waits(session):
            pass
    other.join()
    session.rollback()
    assert w.mission.id not in reminders.stopped(session, w.campaign.id)


def test_two_mails_of_one_institution_that_come_at_once_do_not_wait_in_a_circle(
    database: Database, session: Session, storage: Storage
) -> None:
    w = world(session)
    session.commit()

    def take(words: str) -> None:
        with i18n.speaking("en"), database.write() as own:
            service.take_in(own, storage, answer(w, text=words), "test")

    other = threading.Thread(target=take, args=("two",))

    def meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO received_mail") and not other.ident:
            other.start()
            while other.is_alive() and not _somebody_waits(session):
                pass

    event.listen(database.engine, "after_cursor_execute", meanwhile)
    take("one")
    other.join()
    session.rollback()
    assert len(all_mail(session)) == 2


def _somebody_waits(session: Session) -> bool:
    session.rollback()
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(session.scalar(text(waiting)))


def test_mail_that_comes_while_the_last_one_is_looked_at_holds(
    database: Database, session: Session, storage: Storage
) -> None:
    w = world(session)
    first = taken_in(session, storage, answer(w, text="one")).id
    session.commit()

    def look() -> None:
        with i18n.speaking("en"), database.write() as own:
            service.mark_looked_at(own, first, MANAGER)

    other = threading.Thread(target=look)
    with database.write() as own:
        service.take_in(own, storage, answer(w, text="two"), "test")
        other.start()
        while other.is_alive() and not _somebody_waits(session):
            pass
    other.join()
    session.rollback()
    assert reminders.stopped(session, w.campaign.id)[w.mission.id].value == "held"


def test_a_delivery_report_is_kept_apart_and_holds_nothing(session: Session, storage: Storage) -> None:
    w = world(session)
    report = taken_in(session, storage, bounce(w, failed="somebody@elsewhere.example"))
    assert (report.outcome, report.invitation_id) == (MailOutcome.DELIVERY_REPORT, w.mission.id)
    assert facts(session, w.mission) == []
    assert reminded(session, REMINDER) == {"KAZ", "JOR"}
    assert [line.id for line in queries.tray(session, Show.REPORTS, "en", 9)] == [report.id]
    assert queries.tray(session, Show.WAITING, "en", 9) == []


def test_a_report_that_was_none_can_be_given_back_and_holds_then(session: Session, storage: Storage) -> None:
    w = world(session)
    report = taken_in(session, storage, bounce(w, failed="somebody@elsewhere.example"))
    service.attach_to(session, report.id, w.mission.id, MANAGER)
    assert report.outcome is None
    assert reminders.stopped(session, w.campaign.id)[w.mission.id].value == "held"


def test_mail_that_belongs_to_nobody_lies_in_the_tray_and_can_be_given_to_somebody(
    session: Session, storage: Storage
) -> None:
    w = world(session)
    kept = taken_in(session, storage, mail(From="mission.kaz@geneva.example"))
    assert (kept.invitation_id, kept.matched_by, kept.outcome) == (None, MatchedBy.NONE, None)
    assert [line.id for line in queries.tray(session, Show.UNMATCHED, "en", 9)] == [kept.id]
    with pytest.raises(Refused, match="first to whom"):
        service.record_as_reply(session, storage, kept.id, Behalf.STATE, "reason", MANAGER)
    suggested = queries.suggested(session, kept.from_address, "en")
    assert [one.invitation_id for one in suggested] == [w.mission.id]
    service.attach_to(session, kept.id, w.mission.id, MANAGER)
    service.attach_to(session, kept.id, w.mission.id, MANAGER)
    assert (kept.invitation_id, kept.matched_by) == (w.mission.id, MatchedBy.STAFF)
    assert facts(session, w.mission) == [FactKind.MAIL_RECEIVED]
    assert queries.tray(session, Show.UNMATCHED, "en", 9) == []
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "mail.attached"))
    assert (entry.actor, entry.after["state"]) == (MANAGER.name, "KAZ")


def test_mail_that_was_given_to_another_holds_that_one_and_no_longer_the_first(
    session: Session, storage: Storage
) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w))
    service.attach_to(session, kept.id, w.other.id, MANAGER)
    stopped = reminders.stopped(session, w.campaign.id)
    assert w.mission.id not in stopped and stopped[w.other.id].value == "held"


def test_a_reply_by_mail_is_a_submission_with_number_receipt_and_no_further_reminder(
    session: Session, storage: Storage
) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w, files=(("Reply.pdf", PDF), ("logo.bin", b"\x00\x01"))))
    done = service.record_as_reply(session, storage, kept.id, Behalf.STATE, "Signed note 17/2027", MANAGER)
    assert done.number == f"{w.campaign.code}-KAZ-0001"
    assert (kept.outcome, kept.submission_id, kept.looked_at_by) == (
        MailOutcome.RECORDED,
        done.submission_id,
        MANAGER.name,
    )
    read = submissions.version(session, done.submission_id)
    assert [line.filename for line in read.documents] == ["Reply.pdf"]
    assert (read.channel, read.received_at.date(), read.late) == (Channel.MAIL, CAME.date(), False)
    assert list(counting.replies_of_states(session, w.campaign.id)) == ["KAZ"]
    receipts = select(func.count()).where(Letter.kind == LetterKind.RECEIPT, Letter.invitation_id == w.mission.id)
    assert session.scalar(receipts) == 1
    assert facts(session, w.mission) == [FactKind.MAIL_RECEIVED, FactKind.MAIL_LOOKED_AT]
    assert reminded(session, REMINDER) == {"JOR"}
    acts = set(session.scalars(select(AuditEntry.act)))
    assert {"mail.recorded", "submission.received"} <= acts


def test_a_mail_without_documents_is_recorded_by_its_words(session: Session, storage: Storage) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w, text="We have no such plan."))
    done = service.record_as_reply(session, storage, kept.id, Behalf.NATIONAL_AUTHORITY, "By the desk officer", MANAGER)
    read = submissions.version(session, done.submission_id)
    (document,) = read.documents
    assert (document.filename, storage.get(document.content)) == ("Re Knowledge hub.txt", b"We have no such plan.")
    assert (read.behalf, read.note) == (Behalf.NATIONAL_AUTHORITY, "By the desk officer")


def test_the_documents_that_were_chosen_are_recorded(session: Session, storage: Storage) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w, files=(("a.pdf", PDF), ("b.pdf", PDF + b"%b"))))
    keys = [one.key for one in queries.to_record(session, storage, kept.id)]
    assert keys == ["0", "1", documents.WORDS]
    done = service.record_as_reply(
        session, storage, kept.id, Behalf.STATE, "Signed", MANAGER, chosen=["1", documents.WORDS]
    )
    names = [line.filename for line in submissions.version(session, done.submission_id).documents]
    assert names == ["Re Knowledge hub.txt", "b.pdf"]


@pytest.mark.parametrize(("reason", "chosen", "field"), [("", None, "reason"), ("Signed", [], "documents")])
def test_what_is_missing_for_a_recording_is_said_at_its_field(
    session: Session, storage: Storage, reason: str, chosen: list[str] | None, field: str
) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w))
    with pytest.raises(Invalid) as told:
        service.record_as_reply(session, storage, kept.id, Behalf.STATE, reason, MANAGER, chosen=chosen)
    assert told.value.field == field
    assert kept.outcome is None


def test_what_was_recorded_stays_as_it_is(session: Session, storage: Storage) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w))
    done = service.record_as_reply(session, storage, kept.id, Behalf.STATE, "Signed", MANAGER)
    with pytest.raises(Stale):
        service.record_as_reply(session, storage, kept.id, Behalf.STATE, "Signed", MANAGER)
    with pytest.raises(Refused):
        service.attach_to(session, kept.id, w.other.id, MANAGER)
    service.mark_looked_at(session, kept.id, MANAGER)
    assert (kept.outcome, kept.submission_id) == (MailOutcome.RECORDED, done.submission_id)


def test_what_was_looked_at_in_haste_can_still_be_recorded(session: Session, storage: Storage) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w))
    service.mark_looked_at(session, kept.id, MANAGER)
    service.record_as_reply(session, storage, kept.id, Behalf.STATE, "Signed", MANAGER)
    assert kept.outcome is MailOutcome.RECORDED


def test_a_mail_of_the_deadlines_last_minute_is_in_time_and_of_the_next_day_is_late(
    session: Session, storage: Storage
) -> None:
    w = world(session)
    in_time = taken_in(session, storage, answer(w), DEADLINE - timedelta(seconds=30))
    late = taken_in(session, storage, mail(text=w.other.code), DEADLINE + timedelta(minutes=2))
    with clock.stopped_at(DEADLINE + timedelta(days=3)):
        kept = [
            service.record_as_reply(session, storage, one.id, Behalf.STATE, "Signed", MANAGER)
            for one in (in_time, late)
        ]
    assert [submissions.version(session, one.submission_id).late for one in kept] == [False, True]


def test_a_mail_that_cannot_be_parsed_is_kept_and_shown_as_it_was_written(session: Session, storage: Storage) -> None:
    kept = taken_in(session, storage, b"From  : nobody\r\n\x00\xff\r\n\r\nwords")
    assert not kept.readable
    shown = queries.shown(session, storage, kept.id, "en")
    assert shown.beginning.startswith("From  : nobody")
    assert queries.raw(session, storage, kept.id) == storage.get(kept.content)


def test_the_arrival_never_lies_in_the_future_and_a_file_has_its_last_servers(
    session: Session, storage: Storage
) -> None:
    with clock.stopped_at(NOW):
        forged = service.take_in(session, storage, mail(at=NOW + timedelta(days=400)), "file")
        plain = service.take_in(session, storage, mail(at=NOW - timedelta(days=4)), "file")
    assert session.get_one(ReceivedMail, forged.mail_id).received_at == NOW
    assert session.get_one(ReceivedMail, plain.mail_id).received_at == NOW - timedelta(days=4)


def test_the_tray_shows_the_longest_waiting_first_page_by_page(session: Session, storage: Storage) -> None:
    ids = [
        taken_in(session, storage, mail(f"Mail {n}"), datetime(2027, 1, 20 + n % 3, tzinfo=UTC)).id for n in range(7)
    ]
    seen = []
    after: queries.Place | None = None
    while lines := queries.tray(session, Show.WAITING, "en", 3, after):
        seen += [line.id for line in lines]
        after = (lines[-1].rank, lines[-1].received_at, lines[-1].id)
    assert sorted(seen) == sorted(ids) and len(seen) == 7
    days = [session.get_one(ReceivedMail, one).received_at for one in seen]
    assert days == sorted(days)
    assert queries.counts(session) == {Show.WAITING: 7, Show.UNMATCHED: 7}
    newest = [line.received_at for line in queries.tray(session, Show.ALL, "en", 9)]
    assert newest == sorted(newest, reverse=True)


def test_an_attachment_is_found_by_its_place_and_no_other(session: Session, storage: Storage) -> None:
    kept = taken_in(session, storage, mail(files=(("a.pdf", PDF),)))
    assert queries.attachment(session, storage, kept.id, 0).content == PDF
    for index in (1, -1):
        with pytest.raises(Missing):
            queries.attachment(session, storage, kept.id, index)
    (storage.root / kept.content[:2] / kept.content).unlink()
    assert queries.attachment(session, storage, kept.id, 0).filename == "a.pdf"  # a request opens a mail once


def test_the_mail_of_a_state_that_waits_is_listed(session: Session, storage: Storage) -> None:
    w = world(session)
    kept = taken_in(session, storage, answer(w))
    assert [line.id for line in queries.waiting_of(session, w.campaign.id, "KAZ", "en")] == [kept.id]
    assert queries.waiting_of(session, w.campaign.id, "JOR", "en") == []

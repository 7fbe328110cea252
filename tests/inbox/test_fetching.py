"""The mailbox, by a real IMAP server: kept before it is marked, once whatever happens, and as it is byte by byte."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns.models import InvitationFact
from outreach.campaigns.stages import FactKind
from outreach.db import Database
from outreach.inbox import fetching, mailbox
from outreach.inbox.fetching import Fetched, MailboxAtFault
from outreach.storage import Storage
from tests.factories import PDF
from tests.inbox.conftest import Folder
from tests.inbox.mails import all_mail, facts, mail, world

ARRIVED = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_what_is_unseen_is_kept_byte_by_byte_and_marked_as_seen(
    folder: Folder, database: Database, session: Session, storage: Storage
) -> None:
    raws = [mail("One", files=(("a.pdf", PDF),)), mail("Two", "Ünï\r\n.\r\nçode"), b"no mail at all \xff\xfe"]
    folder.deliver(*raws, at=ARRIVED)
    assert folder.unseen() == 3
    assert fetching.fetch(database, storage, folder.settings()) == Fetched(new=3, known=0, failed=0)
    kept = all_mail(session)
    assert {storage.get(one.content) for one in kept} == set(raws)
    assert {one.received_at for one in kept} == {ARRIVED}
    assert all(one.source.startswith(f"replies@secretariat.example/{folder.name}/") for one in kept)
    assert folder.unseen() == 0
    assert fetching.fetch(database, storage, folder.settings()) == Fetched(new=0, known=0, failed=0)


def test_a_break_between_keeping_and_marking_keeps_the_mail_once(
    folder: Folder,
    database: Database,
    session: Session,
    storage: Storage,
    cut_at: Callable[[bytes], int],
) -> None:
    w = world(session)
    session.commit()
    folder.deliver(mail(In_Reply_To=w.letter.message_id))
    with pytest.raises(MailboxAtFault):
        fetching.fetch(database, storage, folder.settings(cut_at(b"STORE")))
    assert len(all_mail(session)) == 1
    assert folder.unseen() == 1
    assert fetching.fetch(database, storage, folder.settings()) == Fetched(new=0, known=1, failed=0)
    assert len(all_mail(session)) == 1
    assert facts(session, w.mission) == [FactKind.MAIL_RECEIVED]
    assert folder.unseen() == 0


def test_two_who_fetch_at_once_keep_each_mail_once(
    folder: Folder, database: Database, session: Session, storage: Storage
) -> None:
    w = world(session)
    session.commit()
    folder.deliver(*(mail(f"Mail {n}", In_Reply_To=w.letter.message_id) for n in range(12)))
    ready, done = threading.Barrier(2), []

    def run() -> None:
        ready.wait(600)
        done.append(fetching.fetch(database, storage, folder.settings()))

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(one.new for one in done) == 12
    assert sum(one.failed for one in done) == 0
    assert len(all_mail(session)) == 12
    assert session.scalar(select(func.count()).where(InvitationFact.kind == FactKind.MAIL_RECEIVED)) == 12
    assert folder.unseen() == 0


def test_a_mail_that_cannot_be_kept_stays_unseen_and_stops_no_other(
    folder: Folder, database: Database, session: Session, tmp_path: Path
) -> None:
    class Full(Storage):
        def put_all(self, contents: Sequence[bytes]) -> list[str]:
            if any(b"Second" in content for content in contents):
                raise OSError(28, "No space left on device")
            return super().put_all(contents)

    folder.deliver(mail("First"), mail("Second"), mail("Third"))
    done = fetching.fetch(database, Full(tmp_path / "storage"), folder.settings())
    assert done == Fetched(new=2, known=0, failed=1)
    assert folder.unseen() == 1
    again = fetching.fetch(database, Storage(tmp_path / "storage"), folder.settings())
    assert again == Fetched(new=1, known=0, failed=0)
    assert {one.subject for one in all_mail(session)} == {"First", "Second", "Third"}


def test_what_somebody_opened_in_a_mail_program_is_found_when_everything_is_asked_for(
    folder: Folder, database: Database, session: Session, storage: Storage
) -> None:
    folder.deliver(mail("Opened"))
    folder.look_at_all()
    assert fetching.fetch(database, storage, folder.settings()).new == 0
    assert fetching.fetch(database, storage, folder.settings(), everything=True).new == 1
    assert fetching.fetch(database, storage, folder.settings(), everything=True).known == 1


def test_a_run_takes_the_oldest_and_no_more_than_it_is_asked_to(
    folder: Folder, database: Database, session: Session, storage: Storage
) -> None:
    folder.deliver(*(mail(f"Mail {n}") for n in range(5)))
    assert fetching.fetch(database, storage, folder.settings(), most=2).new == 2
    assert {one.subject for one in all_mail(session)} == {"Mail 0", "Mail 1"}
    assert folder.unseen() == 3


def test_in_a_demonstration_the_arrival_follows_the_clock_that_was_moved(
    folder: Folder, database: Database, session: Session, storage: Storage, tmp_path: Path
) -> None:
    folder.deliver(mail("Now", Received="nothing"), at=ARRIVED)
    moved = replace(folder.settings(), clock_file=tmp_path / "clock")
    instant = ARRIVED + timedelta(days=300)
    with clock.stopped_at(instant):
        fetching.fetch(database, storage, moved)
    assert [one.received_at for one in all_mail(session)] == [instant]


@pytest.mark.parametrize("wrong", ["password", "folder", "port"])
def test_a_mailbox_that_cannot_be_read_is_said_without_its_password(
    folder: Folder, database: Database, storage: Storage, wrong: str
) -> None:
    url = {
        "password": f"imap://replies%40secretariat.example:hunter2@127.0.0.1:{folder.port}/{folder.name}",
        "folder": folder.settings().inbox_url + "-none",
        "port": "imap://someone:hunter2@127.0.0.1:9/INBOX",
    }[wrong]
    with pytest.raises(MailboxAtFault, match=r"127\.0\.0\.1") as told:
        fetching.fetch(database, storage, replace(config.settings(), inbox_url=url))
    assert "hunter2" not in str(told.value) and "a pass/word" not in str(told.value)


def test_the_folder_is_inbox_where_none_is_named() -> None:
    chosen = replace(_settings(), inbox_url="imaps://a%40b.example:c%2Fd@mail.example")
    assert mailbox.place(chosen) == mailbox.Place("imaps", "mail.example", 993, "a@b.example", ("INBOX",))
    named = replace(
        _settings(), inbox_url="imap+starttls://a:c@mail.example:1143/Replies%20to%20us/2027,Old%2C%20older"
    )
    assert mailbox.place(named).folders == ("Replies to us/2027", "Old, older")


def _settings() -> config.Settings:
    from tests.test_config import GOOD

    return config.load(GOOD)

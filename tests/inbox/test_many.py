"""Many mails understood at once: as one by one, in few statements, and a bad one takes no other with it."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from outreach import config, i18n
from outreach.campaigns import invitations
from outreach.campaigns.models import InvitationFact
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.db import Database
from outreach.inbox import gist, keeping, taking_in
from outreach.inbox.keeping import Incoming
from outreach.inbox.models import MailOutcome
from outreach.storage import Storage
from tests.inbox.mails import World, all_mail, bounce, facts, mail, world

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def w(session: Session) -> World:
    made = world(session)
    session.commit()
    return made


def answer(w: World, text: str, **headers: str) -> bytes:
    return mail(text=text, In_Reply_To=w.letter.message_id, **headers)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", listen)
    yield said
    event.remove(database.engine, "before_cursor_execute", listen)


def keep(database: Database, storage: Storage, *raws: bytes) -> list[keeping.Kept]:
    return taking_in.keep(database, storage, [Incoming(raw, "test") for raw in raws])


def test_what_many_say_follows_once_and_as_from_one_by_one(
    database: Database, session: Session, storage: Storage, w: World
) -> None:
    twice = answer(w, "the very same")
    kept = keep(
        database, storage,
        twice, twice,
        answer(w, "first", Message_ID="<same@mission.example>"),
        answer(w, "second", Message_ID="<same@mission.example>"),
        answer(w, "another sender", From="other@ministry.example"),
        answer(w, "absent", Auto_Submitted="auto-replied", Subject="Automatic reply: Knowledge hub"),
        bounce(w), bounce(w, permanent=False),
        b"no mail at all \xff",
    )  # fmt: skip
    assert [one.new for one in kept] == [True, False, *[True] * 7]
    assert kept[0].mail_id == kept[1].mail_id
    assert taking_in.go_on(database, storage) == 8
    mails = all_mail(session)
    assert Counter(one.outcome for one in mails) == {
        None: 5, MailOutcome.DELIVERY_REPORT: 2, MailOutcome.AUTO_REPLY: 1
    }  # fmt: skip
    assert [one.same_id_as is not None for one in mails if one.message_id == "<same@mission.example>"].count(True) == 1
    assert facts(session, w.mission) == [FactKind.MAIL_RECEIVED] * 4
    returned = select(InvitationFact).where(InvitationFact.kind == FactKind.LETTER_RETURNED)
    assert len(session.scalars(returned).all()) == 1
    assert session.get_one(Letter, w.letter.id).state is LetterState.RETURNED
    told = select(Letter.to_address).where(Letter.kind == LetterKind.ACKNOWLEDGEMENT).order_by(Letter.to_address)
    assert session.scalars(told).all() == ["other@ministry.example", "someone@mission.example"]


def test_many_take_as_many_statements_as_a_few(database: Database, storage: Storage, w: World) -> None:
    numbers = []
    for many in (3, 25):
        keep(database, storage, *(answer(w, f"{many} {n}", From=f"{many}.{n}@mission.example") for n in range(many)))
        with counted(database) as said:
            taking_in.go_on(database, storage)
        numbers.append(len(said))
    few, many = numbers
    assert many <= few + 2 < 45


def test_many_give_way_to_a_person_who_takes_their_rows_in_another_order(
    database: Database, session: Session, storage: Storage, w: World
) -> None:
    low, high = sorted([w.mission.id, w.other.id])
    kept = keep(database, storage, mail(text=w.mission.code), mail(text=w.other.code))
    worker = threading.Thread(
        target=taking_in.understand, args=(database, storage, [one.mail_id for one in kept]), daemon=True
    )
    with database.write() as person:
        invitations.hold(person, [high])
        worker.start()
        waits = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        until = time.monotonic() + 600
        while not session.scalar(waits) and time.monotonic() < until:
            session.rollback()
        invitations.hold(person, [low])
    worker.join(600)
    assert [one.invitation_id is not None for one in all_mail(session)] == [True, True]


def _reads_until_it_ends(settings: config.Settings) -> None:
    """A worker whose parser one mail ends, as a fault in a library of C would. What a dead worker had begun is free at once."""
    keeping.LEASE *= 0  # not to wait for it in a test
    config.use(settings)
    read = gist._read

    def deadly(raw: bytes) -> gist.Gist:
        if b"Deadly" in raw:
            os._exit(9)
        return read(raw)

    gist._read = deadly
    with i18n.speaking("en"):
        taking_in.go_on(Database(settings.database_url), Storage(settings.storage))


def test_a_mail_that_ends_its_process_is_set_aside_and_takes_no_other_with_it(
    database: Database, session: Session, storage: Storage, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Processes made from this one would inherit the locks that its other threads hold.
    processes = get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    subjects = [f"Harmless {n}" for n in range(4)]
    keep(database, storage, mail("Deadly"), *(mail(subject) for subject in subjects))
    monkeypatch.setattr(keeping, "LEASE", keeping.LEASE * 0)
    settings = replace(settings, database_url=database.engine.url.render_as_string(hide_password=False))
    ends = []
    for _try in range(keeping.MOST_TRIES):
        worker = processes.Process(target=_reads_until_it_ends, args=(settings,))
        worker.start()
        worker.join(600)
        ends.append(worker.exitcode)
    assert ends == [9] * keeping.MOST_TRIES
    taking_in.go_on(database, storage)
    mails = all_mail(session)
    assert sorted(one.subject for one in mails) == ["", *subjects]
    assert {one.evidence[0] for one in mails if not one.subject} == {"Reading it failed 3 times"}


def test_reading_a_mail_gets_no_more_memory_than_one_mail_may_take(storage: Storage) -> None:
    usual = storage.put(mail())
    large = storage.root / "aa" / ("a" * 64)
    large.parent.mkdir()
    with large.open("wb") as file:
        file.truncate(2 * gist.LARGEST)  # it takes no room on the disk
    with pytest.raises(MemoryError):  # it is tried again, and set aside
        gist.of(storage, large.name)
    assert gist.of(storage, usual).mail.readable

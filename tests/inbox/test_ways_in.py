"""Further ways in: several folders, a folder for what is done, a token instead of a password, a Maildir, files, and a mail that ends
whoever reads it."""

import base64
import imaplib
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from io import RawIOBase
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted
from imap_tools.idle import IdleManager
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.db import Database
from outreach.inbox import fetching, gist, keeping, mail_files, mailbox, taking_in
from outreach.inbox.fetching import Fetched, MailboxAtFault
from outreach.inbox.keeping import Incoming
from outreach.inbox.understanding import MailKind
from outreach.stack.ports import HOST
from outreach.storage import Storage
from tests.inbox.conftest import PASSWORD, USER, Folder
from tests.inbox.mails import all_mail, mail


def names(folder: Folder, name: str) -> int:
    with MailBoxUnencrypted(HOST, folder.port, timeout=30).login(USER, PASSWORD, initial_folder=name) as box:
        return len(box.uids("ALL"))


def test_several_folders_are_read_and_what_is_kept_moves_away(
    folder: Folder, database: Database, session: Session, storage: Storage
) -> None:
    other, done = f"{folder.name}-Junk", f"{folder.name}-Read"
    with MailBoxUnencrypted(HOST, folder.port, timeout=30).login(USER, PASSWORD) as box:
        box.folder.create(other)
        box.folder.create(done)
    folder.deliver(mail("One"), mail("Two"))
    Folder(folder.port, other).deliver(mail("Three"))
    settings = folder.settings()
    settings = replace(settings, inbox_url=f"{settings.inbox_url},{other}", inbox_move_to=done)
    assert fetching.fetch(database, storage, settings) == Fetched(new=3, known=0, failed=0)
    assert {one.subject for one in all_mail(session)} == {"One", "Two", "Three"}
    assert [names(folder, name) for name in (folder.name, other, done)] == [0, 0, 3]


def test_a_folder_that_is_made_anew_is_read_anew_and_nothing_is_kept_twice(
    folder: Folder, database: Database, session: Session, storage: Storage
) -> None:
    folder.deliver(mail("One"))
    fetching.fetch(database, storage, folder.settings())
    with MailBoxUnencrypted(HOST, folder.port, timeout=30).login(USER, PASSWORD) as box:
        before = box.folder.status(folder.name)["UIDVALIDITY"]
        box.folder.delete(folder.name)
        box.folder.create(folder.name)
        assert box.folder.status(folder.name)["UIDVALIDITY"] != before
    folder.deliver(mail("One"), mail("Two"))
    assert fetching.fetch(database, storage, folder.settings()) == Fetched(new=1, known=1, failed=0)
    assert len(all_mail(session)) == 2


def test_a_mailbox_that_is_watched_is_read_when_mail_comes_also_while_it_is_being_read(
    folder: Folder, database: Database, session: Session, storage: Storage
) -> None:
    seen: list[int] = []

    def changed() -> None:
        seen.append(fetching.fetch(database, storage, folder.settings()).new)
        if len(seen) == 1:
            folder.deliver(mail("Came"))
        if sum(seen) == 1:
            raise _Enough

    with pytest.raises(_Enough):
        fetching.watch(folder.settings(), changed)
    assert seen[0] == 0


def test_a_watch_whose_connection_breaks_goes_on(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise imaplib.IMAP4.abort("socket error: unterminated line")

    monkeypatch.setattr(IdleManager, "poll", broken)
    rounds: list[None] = []
    fetching.watch(folder.settings(), lambda: rounds.append(None), rounds=2)
    assert len(rounds) == 2


class _Enough(Exception):
    """The mail was read."""


class _TokenServer:
    """The words of a hosted mailbox that takes no password (XOAUTH2), as far as signing in goes."""

    def __init__(self) -> None:
        self._door = socket.create_server((HOST, 0))
        self.port: int = self._door.getsockname()[1]
        self.told: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            client, _address = self._door.accept()
            with client, client.makefile("rwb", buffering=0) as way:
                way.write(b"* OK ready\r\n")
                while line := way.readline():
                    tag, _blank, command = line.strip().partition(b" ")
                    word = command.split()[0].upper()
                    if word == b"CAPABILITY":
                        way.write(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\n")
                    elif word == b"AUTHENTICATE":
                        way.write(b"+ \r\n")
                        self.told.append(base64.b64decode(way.readline().strip()))
                    elif word in (b"SELECT", b"EXAMINE"):
                        way.write(b"* 0 EXISTS\r\n")
                    way.write(tag + b" " + self._said(command, way) + b"\r\n")

    def _said(self, command: bytes, way: RawIOBase) -> bytes:
        if command.startswith(b"UID"):
            way.write(b"* SEARCH\r\n")
        return b"OK done"


@pytest.mark.parametrize("way", ["file", "command"])
def test_a_hosted_mailbox_takes_a_token(
    database: Database, storage: Storage, tmp_path: Path, settings: config.Settings, way: str
) -> None:
    server = _TokenServer()
    (tmp_path / "token").write_text("ya29.token\n")
    chosen = replace(
        settings,
        inbox_url=f"imap://replies%40secretariat.example@{HOST}:{server.port}/INBOX",
        inbox_token=f"file://{tmp_path}/token" if way == "file" else f"command:cat {tmp_path}/token",
    )
    assert fetching.fetch(database, storage, chosen) == Fetched(0, 0, 0)
    assert server.told == [b"user=replies@secretariat.example\x01auth=Bearer ya29.token\x01\x01"]


class _OneBroken(_TokenServer):
    """A server with three mails, of which it does not give out the second."""

    def _said(self, command: bytes, way: RawIOBase) -> bytes:
        if command.startswith(b"LOGIN"):
            return b"OK done"
        if command.startswith(b"UID SEARCH"):
            way.write(b"* SEARCH 1 2 3\r\n")
        if command.startswith(b"UID STORE"):
            self.told.append(command)
        if command.startswith(b"UID FETCH") and b"SIZE" in command:
            for number in (1, 2, 3):
                way.write(b"* %d FETCH (UID %d RFC822.SIZE 900)\r\n" % (number, number))
        elif command.startswith(b"UID FETCH"):
            asked = command.split()[2].split(b",")
            if b"2" in asked:
                return b"NO it is damaged"
            for number in asked:
                raw = mail(f"Mail {number.decode()}")
                way.write(b"* %s FETCH (BODY[] {%d}\r\n%s UID %s)\r\n" % (number, len(raw), raw, number))
        return b"OK done"


def test_a_mail_that_the_server_does_not_give_out_stops_no_other(
    database: Database, session: Session, storage: Storage, settings: config.Settings
) -> None:
    server = _OneBroken()
    chosen = replace(settings, inbox_url=f"imap://replies:secret@{HOST}:{server.port}/INBOX")
    assert fetching.fetch(database, storage, chosen) == Fetched(new=2, known=0, failed=1)
    assert {one.subject for one in all_mail(session)} == {"Mail 1", "Mail 3"}
    assert [command.split()[2] for command in server.told] == [b"1,3"]


def test_a_token_that_cannot_be_had_is_said_without_what_the_command_said(settings: config.Settings) -> None:
    chosen = replace(settings, inbox_url="imap://a@127.0.0.1:9/INBOX", inbox_token="command:ls /secret-place")
    with pytest.raises(MailboxAtFault) as told, mailbox.opened(chosen):
        pass
    assert "secret-place" not in str(told.value)


def test_a_maildir_is_read_and_its_mail_is_seen_then(
    database: Database, session: Session, storage: Storage, tmp_path: Path, settings: config.Settings
) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.host").write_bytes(mail("New"))
    (tmp_path / "box" / "cur" / "2.host:2,F").write_bytes(mail("Opened, not read"))
    (tmp_path / "box" / "cur" / "3.host:2,S").write_bytes(mail("Read"))
    chosen = replace(settings, inbox_url=f"maildir://{tmp_path}/box")
    assert fetching.fetch(database, storage, chosen) == Fetched(new=2, known=0, failed=0)
    assert sorted(one.name for one in (tmp_path / "box" / "cur").iterdir()) == [
        "1.host:2,S",
        "2.host:2,FS",
        "3.host:2,S",
    ]
    assert fetching.fetch(database, storage, chosen) == Fetched(new=0, known=0, failed=0)
    assert fetching.fetch(database, storage, chosen, everything=True).new == 1


def test_an_old_mailbox_in_one_file_is_divided_into_its_mails(tmp_path: Path) -> None:
    file = tmp_path / "old.mbox"
    file.write_bytes(
        b"From a@b.example Thu Jan  7 10:00:00 2027\nSubject: One\n\nFirst\n>From here on\nFrom there: 10:00\n\n"
        b"From c@d.example Thu Jan  7 11:00:00 2027\nSubject: Two\n\nSecond\n"
    )
    assert list(mail_files.mails(file)) == [
        ("old.mbox 1", b"Subject: One\n\nFirst\nFrom here on\nFrom there: 10:00\n\n"),
        ("old.mbox 2", b"Subject: Two\n\nSecond\n"),
    ]
    single = tmp_path / "one.eml"
    single.write_bytes(mail())
    assert list(mail_files.mails(single)) == [("one.eml", mail())]


def test_a_mail_that_ends_its_reader_is_set_aside_after_three_tries_and_the_next_goes_on(
    database: Database, session: Session, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = gist._read

    def ends(raw: bytes) -> object:
        if b"Deadly" in raw:
            raise MemoryError
        return read(raw)

    monkeypatch.setattr(gist, "_read", ends)
    taking_in.keep(database, storage, [Incoming(mail(subject), "test") for subject in ("Deadly", "Harmless")])
    assert [taking_in.go_on(database, storage) for _again in range(2)] == [2, 0]
    for times in range(1, 4):
        with clock.stopped_at(clock.now() + times * keeping.LEASE):
            assert taking_in.go_on(database, storage) == 1
    aside, fine = sorted(all_mail(session), key=lambda one: one.readable)
    assert (aside.readable, aside.kind, aside.outcome, fine.subject) == (False, MailKind.OTHER, None, "Harmless")
    assert keeping.begin_again(session, 10) == []


def test_hundreds_that_wait_are_understood_by_two_at_once_each_by_one_of_them(
    database: Database, session: Session, storage: Storage, tmp_path: Path, settings: config.Settings
) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    for number in range(300):
        (tmp_path / "box" / "new" / f"{number:03d}.host").write_bytes(mail(f"Mail {number}"))
    helping: list[threading.Thread] = []

    def help_along() -> None:
        helping.append(threading.Thread(target=taking_in.go_on, args=(database, storage)))
        helping[-1].start()

    chosen, new = replace(settings, inbox_url=f"maildir://{tmp_path}/box"), []
    while not new or new[-1]:
        new.append(fetching.fetch(database, storage, chosen, most=100, kept=help_along).new)
    for one in helping:
        one.join()
    assert (new, len(helping)) == ([100, 100, 100, 0], 6)
    kept = all_mail(session)
    assert len(kept) == 300
    assert {(one.tries, one.understood_at is not None) for one in kept} == {(1, True)}

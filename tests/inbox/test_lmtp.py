"""Mail by LMTP, as a mail server hands it over: refused by recipient, answered by recipient, kept before it is answered."""

import smtplib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from outreach.correspondence import addresses, outbox
from outreach.db import Database
from outreach.inbox import taking_in
from outreach.inbox.lmtp import listener
from outreach.inbox.models import MatchedBy
from outreach.stack.ports import HOST, free_port
from outreach.storage import Storage
from tests.inbox.mails import World, all_mail, mail, world

pytestmark = pytest.mark.usefixtures("english")


class Disk(Storage):
    """A storage whose disk can be full."""

    full = False

    def put_all(self, contents: Sequence[bytes]) -> list[str]:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().put_all(contents)


@pytest.fixture
def w(session: Session) -> World:
    made = world(session)
    session.commit()
    return made


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "storage")


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture
def hand_over(database: Database, disk: Disk, rung: list[str]) -> Iterator[Callable[..., list[tuple[int, str]]]]:
    """Hands a mail to recipients, as an MTA does; the answers by recipient, of RCPT where that is none, else after the data."""
    port = free_port(18024)
    listening = listener(database, disk, (HOST, port), kept=lambda: rung.append("rung"))
    listening.start()

    def hand(raw: bytes, *recipients: str, sender: str = "someone@mission.example") -> list[tuple[int, str]]:
        with smtplib.LMTP(HOST, port) as lmtp:
            lmtp.ehlo("mx.secretariat.example")
            lmtp.mail(sender)
            said = [lmtp.rcpt(one) for one in recipients]
            taken = [place for place, (code, _words) in enumerate(said) if code == 250]
            if taken:
                said[taken[0]] = lmtp.data(raw)
                for place in taken[1:]:
                    said[place] = lmtp.getreply()
        return [(code, words.decode()) for code, words in said]

    yield hand
    listening.stop()


def test_mail_to_an_address_of_a_letter_is_kept_and_then_understood(
    hand_over: Callable[..., list[tuple[int, str]]],
    database: Database,
    session: Session,
    disk: Disk,
    rung: list[str],
    w: World,
) -> None:
    to = addresses.reply_address(w.mission.code)
    assert [code for code, _words in hand_over(mail(to="undisclosed@mission.example"), to, sender="")] == [250]
    assert rung == ["rung"]
    assert disk.get(all_mail(session)[0].content).startswith(b"Return-Path: <>\r\nDelivered-To: reply+")
    assert taking_in.go_on(database, disk) == 1
    (kept,) = all_mail(session)
    assert (kept.invitation_id, kept.matched_by, kept.found_for) == (w.mission.id, MatchedBy.REPLY_ADDRESS, to)


def test_guessed_addresses_are_refused_by_name_and_the_others_have_their_own_answer(
    hand_over: Callable[..., list[tuple[int, str]]], session: Session, w: World
) -> None:
    guessed = addresses.reply_address(w.mission.code).replace("@", "2@")
    unknown = addresses.reply_address("ZZZZ-2222")
    said = hand_over(
        mail(),
        guessed,
        addresses.reply_address(w.mission.code),
        unknown,
        "postmaster@outreach.example",
        outbox.envelope_sender("0" * 32),
        w.bounces_to,
        w.campaign.contact.upper(),
    )
    assert [code for code, _words in said] == [550, 250, 550, 550, 550, 250, 250]
    assert said[0][1].startswith("5.1.1")
    assert len(all_mail(session)) == 3


def test_a_full_disk_leaves_the_mail_with_the_server_until_there_is_room(
    hand_over: Callable[..., list[tuple[int, str]]], session: Session, disk: Disk, rung: list[str], w: World
) -> None:
    to = addresses.reply_address(w.mission.code)
    disk.full = True
    ((code, words),) = hand_over(mail(), to)
    assert (code, words.split()[0], rung, all_mail(session)) == (452, "4.3.1", [], [])
    disk.full = False
    assert hand_over(mail(), to)[0][0] == 250
    assert len(all_mail(session)) == 1

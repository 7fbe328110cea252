"""Bounces, real and forged; automatic replies; acknowledgements, which never make a loop."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import reminders
from outreach.campaigns.models import InvitationFact
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence import addresses
from outreach.correspondence.models import Letter, LetterKind, LetterState, Unaccounted
from outreach.directory import queries as directory
from outreach.inbox import service, thinking
from outreach.inbox.models import MailOutcome, MatchedBy, ReceivedMail
from outreach.inbox.understanding import MailKind
from outreach.storage import Storage
from outreach.submissions.models import Behalf
from tests.factories import DEADLINE, PDF
from tests.inbox.mails import MANAGER, World, bounce, mail, world

pytestmark = pytest.mark.usefixtures("english")

CAME = DEADLINE - timedelta(days=20)


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with clock.stopped_at(CAME):
        yield


@pytest.fixture
def w(session: Session) -> World:
    """The world of these tests."""
    return world(session)


def leave(letter: Letter) -> None:
    letter.state, letter.settled_at = LetterState.SENT, CAME


def take(session: Session, storage: Storage, raw: bytes, *, silent: bool = False) -> ReceivedMail:
    taken = service.take_in(session, storage, raw, "test", arrived_at=clock.now(), silent=silent)
    return session.get_one(ReceivedMail, taken.mail_id)


def refused(session: Session, w: World) -> bool:
    (contact,) = directory.contacts(session, w.mission.institution_id)
    return contact.refused_at is not None


def stands(session: Session, w: World) -> tuple[LetterState, Stage, bool]:
    session.flush()
    session.expire_all()
    return w.letter.state, w.mission.stage, refused(session, w)


UNTOUCHED = (LetterState.SENT, Stage.SENT, False)


@pytest.mark.parametrize("by", ["token", "token in capitals", "Message-ID", "reply address"])
def test_a_bounce_changes_its_letter_its_address_and_its_invitation_at_once(
    session: Session, storage: Storage, w: World, by: str
) -> None:
    office = "office@secretariat.example"
    raw = {
        "token": bounce(w),
        "token in capitals": bounce(w, to=w.bounces_to.upper()),
        "Message-ID": bounce(w, to=office, id_=w.letter.message_id),
        "reply address": bounce(w, to=addresses.reply_address(w.mission.code)),
    }[by]
    kept = take(session, storage, raw)
    assert (kept.kind, kept.permanent, kept.outcome) == (MailKind.BOUNCE, True, MailOutcome.DELIVERY_REPORT)
    assert kept.letter_id == w.letter.id
    assert stands(session, w) == (LetterState.RETURNED, Stage.UNDELIVERABLE, True)
    assert "No such mailbox" in (w.letter.reason or "")
    assert w.mission.id not in reminders.stopped(session, w.campaign.id) or kept.outcome is not None


def test_staff_who_say_that_it_was_no_bounce_set_all_of_that_right(
    session: Session, storage: Storage, w: World
) -> None:
    kept = take(session, storage, bounce(w))
    service.mark_as(session, kept.id, MailKind.REPLY, MANAGER)
    assert stands(session, w) == UNTOUCHED
    assert (kept.outcome, kept.kind_by) == (None, MANAGER.name)
    assert reminders.stopped(session, w.campaign.id)[w.mission.id].value == "held"


@pytest.mark.parametrize("forged", ["no token", "guessed token", "guessed reply", "other recipient", "guessed id"])
def test_a_bounce_that_proves_nothing_changes_nothing(
    session: Session, storage: Storage, w: World, forged: str
) -> None:
    other = w.other.code.replace("-", "").lower()
    raw = {
        "no token": bounce(w, to="office@secretariat.example"),
        "guessed token": bounce(w, to="bounces+0123456789abcdef0123456789abcdef@outreach.example"),
        "guessed reply": bounce(w, to=f"reply+{other}aaaaaaaaaaaaa@outreach.example"),
        "other recipient": bounce(w, failed="somebody@capital.example"),
        "guessed id": bounce(
            w, to="office@secretariat.example", id_="<00000000-0000-4000-8000-000000000000@outreach.example>"
        ),
    }[forged]
    kept = take(session, storage, raw)
    assert kept.outcome is MailOutcome.DELIVERY_REPORT
    assert kept.letter_id is None
    assert stands(session, w) == UNTOUCHED


def test_an_address_that_fails_for_a_while_is_given_up_after_some_days(
    session: Session, storage: Storage, w: World
) -> None:
    for day in range(4):
        assert not refused(session, w)
        with clock.stopped_at(CAME + timedelta(days=day)):
            leave(w.letter)
            session.flush()
            take(session, storage, bounce(w, permanent=False))
        assert stands(session, w)[0] is LetterState.RETURNED
    assert refused(session, w)


def test_a_bounce_that_comes_before_its_letter_is_settled_waits_for_that(
    session: Session, storage: Storage, w: World
) -> None:
    w.letter.state, w.letter.settled_at = LetterState.SENDING, None
    session.flush()
    raw = bounce(w)
    kept = take(session, storage, raw)
    assert (kept.understood_at, kept.tries) == (None, 0)
    leave(w.letter)
    session.add(Unaccounted(letter_id=w.letter.id))
    session.flush()
    assert thinking.think(session, storage, [kept.id]) == set()
    session.execute(delete(Unaccounted))
    assert thinking.think(session, storage, [kept.id]) == {kept.id}
    assert stands(session, w) == (LetterState.RETURNED, Stage.UNDELIVERABLE, True)


def out_of_office(w: World, **headers: str) -> bytes:
    return mail(
        "Automatic reply: Knowledge hub",
        "I am out of the office until 3 December 2030 and will answer on my return.",
        In_Reply_To=w.letter.message_id,
        Auto_Submitted="auto-replied",
        **headers,
    )


def test_an_automatic_reply_is_noted_and_holds_nothing(session: Session, storage: Storage, w: World) -> None:
    kept = take(session, storage, out_of_office(w))
    assert (kept.kind, kept.outcome) == (MailKind.AUTO_REPLY, MailOutcome.AUTO_REPLY)
    noted = select(InvitationFact.kind).where(InvitationFact.details["mail"].astext == str(kept.id))
    assert list(session.scalars(noted)) == [FactKind.AUTO_REPLY]
    assert w.mission.id not in reminders.stopped(session, w.campaign.id)
    assert acknowledged(session) == []


def acknowledged(session: Session) -> list[str]:
    """To whom acknowledgements were queued."""
    return list(
        session.scalars(
            select(Letter.to_address)
            .where(Letter.kind == LetterKind.ACKNOWLEDGEMENT)
            .order_by(Letter.queued_at, Letter.id)
        )
    )


def reply(w: World, text: str = "Please find our answer.", **headers: str) -> bytes:
    return mail(text=text, to=addresses.reply_address(w.mission.code), **headers)


def test_a_reply_is_acknowledged_once_a_day_and_once_when_it_is_recorded(
    session: Session, storage: Storage, w: World
) -> None:
    first = take(session, storage, mail(to=addresses.reply_address(w.mission.code), files=(("reply.pdf", PDF),)))
    assert (first.kind, first.matched_by) == (MailKind.REPLY, MatchedBy.REPLY_ADDRESS)
    second = take(session, storage, reply(w, "One more thing."))
    assert acknowledged(session) == ["someone@mission.example"]
    service.record_as_reply(session, storage, first.id, Behalf.NATIONAL_AUTHORITY, "", MANAGER)
    assert acknowledged(session) == ["someone@mission.example"] * 2
    service.mark_looked_at(session, second.id, MANAGER)
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        take(session, storage, reply(w, "And another."))
    assert len(acknowledged(session)) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"Return_Path": "<>"},
        {"From": "no-reply@mission.example"},
        {"From": "noreply-news@mission.example"},
        {"From": "MAILER-DAEMON@mission.example"},
        {"List_Id": "<all.mission.example>"},
        {"Precedence": "bulk"},
        {"Auto_Submitted": "auto-generated"},
        {"X_Auto_Response_Suppress": "All"},
        {"From": "nobody"},
        {"From": "knowledge-hub@secretariat.example"},
    ],
    ids=str,
)
def test_who_must_not_be_answered_is_not(session: Session, storage: Storage, w: World, headers: dict[str, str]) -> None:
    take(session, storage, reply(w, **headers))
    assert acknowledged(session) == []


def test_what_is_imported_from_files_writes_to_nobody(session: Session, storage: Storage, w: World) -> None:
    kept = take(session, storage, reply(w), silent=True)
    service.record_as_reply(session, storage, kept.id, Behalf.NATIONAL_AUTHORITY, "", MANAGER)
    assert acknowledged(session) == []


@pytest.mark.parametrize(("result", "verified", "answers"), [("pass", True, 1), ("fail", False, 0)])
def test_what_our_mail_server_found_about_the_sender_is_marked(
    session: Session, storage: Storage, w: World, result: str, verified: bool, answers: int
) -> None:
    config.use(replace(config.settings(), authserv_id="mx.secretariat.example"))
    header = f"mx.secretariat.example; dmarc={result} header.from=mission.example"
    kept = take(session, storage, reply(w, Authentication_Results=header))
    assert kept.sender_verified is verified
    assert len(acknowledged(session)) == answers


@pytest.mark.parametrize("answers_ours", [True, False])
def test_a_machine_that_answers_each_acknowledgement_gets_one_for_ever(
    session: Session, storage: Storage, w: World, answers_ours: bool
) -> None:
    for number in range(30):
        with clock.stopped_at(CAME + timedelta(hours=number)):
            ours = session.scalars(select(Letter).where(Letter.kind == LetterKind.ACKNOWLEDGEMENT)).first()
            headers = {"In_Reply_To": ours.message_id} if ours is not None and answers_ours else {}
            take(session, storage, reply(w, f"We have received your message {number}.", **headers))
    assert len(acknowledged(session)) == 1


def test_the_last_act_of_staff_is_undone(session: Session, storage: Storage, w: World) -> None:
    kept = take(session, storage, reply(w))

    def held() -> set[uuid.UUID]:
        return {key for key in (w.mission.id, w.other.id) if key in reminders.stopped(session, w.campaign.id)}

    assert held() == {w.mission.id}
    acts: tuple[Callable[[], None], ...] = (
        lambda: service.mark_looked_at(session, kept.id, MANAGER),
        lambda: service.attach_to(session, kept.id, w.other.id, MANAGER),
        lambda: service.mark_as(session, kept.id, MailKind.AUTO_REPLY, MANAGER),
    )
    for hour, act in enumerate(acts, 1):
        with clock.stopped_at(CAME + timedelta(hours=hour)):
            act()
        assert held() != {w.mission.id}
        with clock.stopped_at(CAME + timedelta(hours=hour, minutes=1)):
            service.undo(session, kept.id, MANAGER)
        assert held() == {w.mission.id}
        assert (kept.outcome, kept.kind, kept.matched_by) == (None, MailKind.REPLY, MatchedBy.REPLY_ADDRESS)

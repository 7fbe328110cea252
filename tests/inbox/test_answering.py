"""Answers of staff to mails: where they go and where never, what leaves, once, and what follows where one is lost."""

import email
import email.policy
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import reminders
from outreach.correspondence import addresses
from outreach.correspondence.claims import Claimed
from outreach.correspondence.ledger import Outcome
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.correspondence.press import Press
from outreach.db import Database
from outreach.errors import Refused, Stale
from outreach.identity.audit import Actor
from outreach.identity.models import AuditEntry
from outreach.inbox import answering, answers, service
from outreach.inbox.answering import Obstacle, Words
from outreach.inbox.models import MailAnswer, MailOutcome, ReceivedMail
from outreach.storage import Storage
from tests.factories import DEADLINE
from tests.inbox.mails import MANAGER, TO, World, bounce, mail, world

pytestmark = pytest.mark.usefixtures("english")

CAME = DEADLINE - timedelta(days=20)
WORDS = Words("fr", "", "La version signée suffit.\n\nMerci.")


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with clock.stopped_at(CAME):
        yield


@pytest.fixture
def _replies_are_read(database: Database) -> None:
    config.use(replace(config.settings(), lmtp_listen=("127.0.0.1", 9)))


@pytest.fixture
def w(session: Session) -> World:
    return world(session)


def take(session: Session, storage: Storage, raw: bytes) -> ReceivedMail:
    return session.get_one(ReceivedMail, service.take_in(session, storage, raw, "test", arrived_at=CAME).mail_id)


def answer(
    session: Session, storage: Storage, one: ReceivedMail, words: Words = WORDS, *, known: int = 0, settles: bool = True
) -> Letter:
    letter_id = answering.send(session, storage, one.id, words, MANAGER, known=known, settles=settles)
    return session.get_one(Letter, letter_id)


def leaving(session: Session, database: Database, storage: Storage, letter: Letter) -> email.message.EmailMessage:
    """What leaves, as a mail program reads it."""
    session.commit()
    claimed = Claimed(
        id=str(letter.id),
        kind=letter.kind,
        language=letter.language,
        edition_id=str(letter.edition_id),
        to_address=letter.to_address,
        merge=letter.merge,
        message_id=letter.message_id,
        envelope_token=letter.envelope_token,
        reply_to=letter.reply_to,
        tries=0,
        queued_at=CAME,
        due_at=CAME,
        urgent=True,
        domain=letter.domain,
    )
    raw = Press(database, storage, lambda: None).composed(claimed)
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, email.message.EmailMessage)
    return made


def settled(letter: Letter, state: LetterState) -> Outcome:
    return Outcome(
        letter_id=letter.id,
        invitation_id=letter.invitation_id,
        contact_id=letter.contact_id,
        kind=letter.kind,
        state=state,
        at=CAME,
        words="550 No such mailbox",
    )


@pytest.mark.usefixtures("_replies_are_read")
def test_an_answer_leaves_in_the_thread_of_the_mail_as_written_by_a_person(
    session: Session, database: Database, storage: Storage, w: World
) -> None:
    one = take(
        session,
        storage,
        mail(
            "Notre réponse",
            "Un scan suffit-il ?\n\nOn 3 May 2027, Secretariat wrote:\n> Please reply.",
            In_Reply_To=w.letter.message_id,
            References=f"<first@mission.example> {w.letter.message_id}",
            Message_ID="<question@mission.example>",
            Reply_To="Registry <registry@mission.example>",
        ),
    )
    letter = answer(session, storage, one)
    made = leaving(session, database, storage, letter)
    assert made["To"] == "registry@mission.example"
    assert made["Subject"] == "Re: Notre réponse"
    assert made["In-Reply-To"] == "<question@mission.example>"
    assert made["References"].split() == ["<first@mission.example>", w.letter.message_id, "<question@mission.example>"]
    assert addresses.reply_address(w.mission.code) in made["Reply-To"]
    assert made["Auto-Submitted"] is made["X-Auto-Response-Suppress"] is made["List-Unsubscribe"] is None
    assert made["Content-Language"] == "fr"
    body = made.get_body(("plain",))
    assert body is not None
    lines = [line for line in str(body.get_content()).splitlines() if line]
    assert lines[:4] == [
        "Madame, Monsieur,",
        "La version signée suffit.",
        "Merci.",
        "Veuillez agréer l’assurance de notre considération distinguée.",
    ]
    assert w.mission.code in "".join(lines)
    # What the mail itself quotes is not quoted again.
    assert lines[-1] == "> Un scan suffit-il ?" and lines[-2].endswith("Someone a écrit\u00a0:")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "mail.answered")).one()
    assert (entry.subject_id, entry.actor) == (one.id, MANAGER.name)
    assert entry.after == {"email": "registry@mission.example", "words": WORDS.message}


def test_what_is_seen_is_what_leaves_and_forged_headers_do_not(
    session: Session, database: Database, storage: Storage, w: World
) -> None:
    one = take(
        session,
        storage,
        mail(
            "RE: \u202eHub",
            In_Reply_To=w.letter.message_id,
            Message_ID="<a b@mission.example>",
            References="<x@mis sion.example> junk <" + "y" * 400 + "@mission.example>",
            From="Very <b>bold</b> <someone@mission.example>",
        ),
    )
    words = Words("ar", "Excellency,", "First line\r\nBcc: everybody@world.example\n<script>")
    seen = answering.preview(session, storage, one.id, words)
    letter = answer(session, storage, one, words)
    made = leaving(session, database, storage, letter)
    assert made["Subject"] == seen.subject == "RE: Hub"
    assert made["Bcc"] is made["In-Reply-To"] is made["References"] is None
    html = made.get_body(("html",))
    assert html is not None
    written = str(html.get_content())
    assert '<html lang="ar" dir="rtl">' in written and "&lt;script&gt;" in written and "<b>bold" not in written
    assert seen.text.startswith("Excellency,\n\nFirst line\nBcc: everybody@world.example\n<script>")


def test_no_answer_goes_where_a_person_would_not_read_it(session: Session, storage: Storage, w: World) -> None:
    cases: list[tuple[Obstacle | None, dict[str, str]]] = [
        (None, {}),
        (Obstacle.NOBODY_READS, {"Reply_To": "no-reply@mission.example"}),
        (Obstacle.NOBODY_READS, {"From": "noreply@mission.example"}),
        (Obstacle.NOBODY_READS, {"Return_Path": "<>"}),
        (Obstacle.LIST, {"List_Id": "Missions <missions.list.example>"}),
        (Obstacle.OURS, {"From": TO}),
        (Obstacle.OURS, {"From": "reply+abc@outreach.example", "Reply_To": "nonsense"}),
        # An address of ours in Reply-To would bring the answer back to ourselves.
        (None, {"Reply_To": TO}),
        (Obstacle.NO_ADDRESS, {"From": "Nobody"}),
    ]
    for number, (obstacle, headers) in enumerate(cases):
        given = {"Message_ID": f"<{number}@mission.example>", "In_Reply_To": w.letter.message_id} | headers
        one = take(session, storage, mail("A question", "May we ask something?", **given))
        found = answering.prospect(session, storage, one.id)
        assert found.obstacle is obstacle, headers
        if obstacle is None:
            assert found.to_address == "someone@mission.example", headers
        else:
            with pytest.raises(Refused):
                answer(session, storage, one)
    absent = mail(
        "Out of office: I am absent", "I am out of the office until 3 May 2027.", Auto_Submitted="auto-replied"
    )
    assert answering.prospect(session, storage, take(session, storage, absent).id).obstacle is Obstacle.MACHINE
    assert not session.scalars(select(MailAnswer)).all()


@pytest.mark.usefixtures("_replies_are_read")
def test_a_mail_of_nobody_is_answered_too_and_its_answer_names_no_call(
    session: Session, database: Database, storage: Storage
) -> None:
    one = take(session, storage, mail("Who asks?", to="desk@outreach.example"))
    made = leaving(session, database, storage, answer(session, storage, one))
    body = made.get_body(("plain",))
    assert body is not None and "Code" not in str(body.get_content())
    assert made["Reply-To"] == "desk@outreach.example"
    assert one.outcome is MailOutcome.NO_ACTION


def test_what_follows_on_an_answer_belongs_where_its_mail_was_put_meanwhile(
    session: Session, storage: Storage, w: World
) -> None:
    one = take(session, storage, mail("Who asks?", to="desk@outreach.example"))
    letter = answer(session, storage, one)
    assert take(session, storage, mail("Re: one", In_Reply_To=letter.message_id)).invitation_id is None
    service.attach_to(session, one.id, w.other.id, MANAGER)
    assert take(session, storage, mail("Re: two", In_Reply_To=letter.message_id)).invitation_id == w.other.id


def test_a_second_click_is_one_letter_and_a_colleague_who_was_quicker_is_read_first(
    session: Session, storage: Storage, w: World
) -> None:
    one = take(session, storage, mail(In_Reply_To=w.letter.message_id))
    first = answer(session, storage, one)
    assert answer(session, storage, one).id == first.id
    with pytest.raises(Stale, match=r"manager@secretariat\.example has answered"):
        answering.send(session, storage, one.id, WORDS, Actor("other"), known=0, settles=True)
    second = answer(session, storage, one, Words("en", "", "One thing more."), known=1)
    assert [(line.letter_id, line.number) for line in answers.answers_to(session, one.id)] == [
        (first.id, 1),
        (second.id, 2),
    ]


def test_an_answer_deals_with_the_mail_or_leaves_it_waiting(session: Session, storage: Storage, w: World) -> None:
    one = take(session, storage, mail(In_Reply_To=w.letter.message_id))
    answer(session, storage, one, settles=False)
    assert one.outcome is None and w.mission.id in reminders.stopped(session, w.campaign.id)
    answer(session, storage, one, Words("en", "", "And this."), known=1)
    assert one.outcome is MailOutcome.NO_ACTION and one.looked_at_by == MANAGER.name
    assert w.mission.id not in reminders.stopped(session, w.campaign.id)


def test_a_mail_whose_answer_is_refused_or_comes_back_waits_again(session: Session, storage: Storage, w: World) -> None:
    one = take(session, storage, mail(In_Reply_To=w.letter.message_id))
    letter = answer(session, storage, one)
    letter.state, letter.settled_at, letter.reason = LetterState.REFUSED, CAME, "550 No such mailbox"
    session.flush()
    with clock.stopped_at(CAME + timedelta(minutes=1)):
        answers.letters_settled(session, [settled(letter, LetterState.REFUSED)])
    assert one.outcome is None and w.mission.id in reminders.stopped(session, w.campaign.id)
    with clock.stopped_at(CAME + timedelta(minutes=2)):
        again = answer(session, storage, one, answering.words_of(session, letter.id), known=1)
    assert again.merge == letter.merge and one.outcome is MailOutcome.NO_ACTION
    again.state, again.settled_at = LetterState.SENT, CAME
    session.flush()
    answers.letters_settled(session, [settled(again, LetterState.SENT)])
    assert one.outcome is MailOutcome.NO_ACTION
    report = bounce(w, to=f"bounces+{again.envelope_token}@outreach.example", failed=again.to_address)
    with clock.stopped_at(CAME + timedelta(minutes=3)):
        take(session, storage, report)
    assert [(line.state, line.lost) for line in answers.answers_to(session, one.id)] == [
        (LetterState.REFUSED, True),
        (LetterState.RETURNED, True),
    ]
    assert one.outcome is None and w.mission.id in reminders.stopped(session, w.campaign.id)


def test_an_answer_to_an_address_of_the_directory_is_in_its_language_with_its_salutation(
    session: Session, storage: Storage, w: World
) -> None:
    one = take(session, storage, mail(From=w.letter.to_address, In_Reply_To=w.letter.message_id))
    found = answering.prospect(session, storage, one.id)
    assert found.contact_id == w.letter.contact_id
    assert found.language == (w.letter.language if len(w.letter.language) == 2 else "en")
    assert answer(session, storage, one, Words(found.language, found.salutation, "Thank you.")).contact_id is not None


def test_an_answer_names_its_mail(session: Session, storage: Storage, w: World) -> None:
    one = take(session, storage, mail(In_Reply_To=w.letter.message_id))
    letter = answer(session, storage, one)
    assert answers.mail_of(session, letter.id) == one.id and answers.mail_of(session, uuid.uuid4()) is None
    assert answers.answered(session, [one.id, uuid.uuid4()]) == {one.id}
    assert letter.kind is LetterKind.ANSWER and letter.invitation_id == w.mission.id

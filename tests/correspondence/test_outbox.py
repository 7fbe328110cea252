"""The outbox: the unique key says what was written already; nothing cancelled is claimed."""

import threading
import uuid
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach import doorbell, i18n
from outreach.correspondence import editions, outbox
from outreach.correspondence.editions import Attachment, Rendering
from outreach.correspondence.ledger import Ledger
from outreach.correspondence.models import Edition, Letter, LetterKind, LetterState, Register
from outreach.correspondence.outbox import LetterOrder
from outreach.db import Database
from outreach.directory.models import Contact, Institution
from outreach.errors import Invalid, Missing
from tests import factories
from tests.correspondence.letters import lines, queued, reloaded

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def asked(session: Session) -> dict[str, Any]:
    campaign = factories.campaign(session)
    mission = factories.mission(session)
    contact = factories.contact(session, mission, "second@geneva.example")
    invitation = factories.invitation(session, campaign, mission)
    return {"campaign_id": campaign.id, "invitation_id": invitation.id, "contact_id": contact.id}


def _order(session: Session, asked: dict[str, Any]) -> LetterOrder:
    wanted = Rendering(LetterKind.REMINDER, Register.NOTE, "en")
    return LetterOrder(
        edition_id=editions.freeze(session, wanted, editions.render(wanted, lines), ()),
        kind=LetterKind.REMINDER,
        language="en",
        to_address="second@geneva.example",
        occasion="step-1",
        values={},
        **asked,
    )


def test_the_same_letter_is_queued_once_and_rings_once(session: Session, asked: dict[str, Any]) -> None:
    order = _order(session, asked)
    letter_id = outbox.queue(session, order)
    assert letter_id is not None
    assert session.info["bells"] == {doorbell.LETTERS}
    session.info.clear()
    assert outbox.queue(session, order) is None
    assert "bells" not in session.info
    letter = session.get_one(Letter, letter_id)
    assert letter.message_id == f"<{letter_id}@outreach.example>"
    assert outbox.envelope_sender(letter.envelope_token) == f"bounces+{letter_id.hex}@outreach.example"


@pytest.mark.parametrize("table", ["contact", "edition"])
def test_what_a_letter_names_cannot_be_deleted(session: Session, asked: dict[str, Any], table: str) -> None:
    spare = factories.contact(session, factories.mission(session, "FRA"), "nobody@geneva.example")
    outbox.queue(session, _order(session, asked))
    session.execute(text("DELETE FROM contact WHERE id = :id"), {"id": spare.id})
    with pytest.raises(IntegrityError, match=f"names this {table}"):
        session.execute(text(f"DELETE FROM {table} WHERE id IN (SELECT {table}_id FROM letter)"))


@pytest.mark.parametrize("invited", [True, False])
def test_without_a_contact_the_address_keeps_letters_apart(
    session: Session, asked: dict[str, Any], invited: bool
) -> None:
    """Receipts and codes to a respondent have an invitation; mails to staff, digests and tests have none."""
    without: dict[str, Any] = {"campaign_id": None, "invitation_id": None} if not invited else {}
    order = _order(session, asked)._replace(contact_id=None, **without)
    other = order._replace(to_address="other@geneva.example")
    later = order._replace(occasion="step-2")
    assert len(outbox.queue_all(session, [order, other, later])) == 3
    assert outbox.queue_all(session, [order, other, later]) == []


def test_contacts_of_one_institution_each_have_their_letter(session: Session, asked: dict[str, Any]) -> None:
    order = _order(session, asked)
    of = session.get_one(Contact, order.contact_id).institution_id
    second = factories.contact(session, session.get_one(Institution, of), order.to_address)
    queued = outbox.queue_all(session, [order, order._replace(contact_id=second.id), order])
    assert len(queued) == 2


def test_two_threads_queue_one_letter(database: Database, session: Session, asked: dict[str, Any]) -> None:
    order = _order(session, asked)
    session.commit()
    start, made = threading.Barrier(2), []

    def run() -> None:
        with i18n.speaking("en"), database.write() as own:
            start.wait()
            made.append(outbox.queue(own, order))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in made) == 1
    assert session.scalar(select(func.count()).select_from(Letter)) == 1


def test_an_edition_is_kept_once_for_the_same_content(session: Session) -> None:
    wanted = Rendering(LetterKind.INVITATION, Register.NOTE, "ar")
    rendered = editions.render(wanted, lines)
    file = Attachment("note.pdf", "application/pdf", "0" * 64)
    first = editions.freeze(session, wanted, rendered, [file])
    assert editions.freeze(session, wanted, rendered, [file]) == first
    assert editions.freeze(session, wanted, rendered, []) != first
    assert session.scalar(select(func.count()).select_from(Edition)) == 2


def test_what_is_cancelled_is_neither_claimed_nor_cancelled_twice(
    database: Database, session: Session, asked: dict[str, Any]
) -> None:
    letter_id = outbox.queue(session, _order(session, asked))
    assert letter_id is not None
    invited = asked["invitation_id"]
    assert outbox.cancel(session, [invited], [LetterKind.RECEIPT], "no") == 0
    assert outbox.cancel(session, [uuid.uuid4()], [LetterKind.REMINDER], "no") == 0
    assert outbox.cancel(session, [invited], [LetterKind.REMINDER], "a reply was received") == 1
    assert outbox.cancel(session, [invited], [LetterKind.REMINDER], "again") == 0
    session.commit()
    with Ledger(database, "one") as ledger:
        assert ledger.claim(5) == []
    letter = reloaded(session, letter_id)
    assert (letter.state, letter.reason) == (LetterState.CANCELLED, "a reply was received")


def test_only_a_person_sends_a_letter_again_as_a_further_attempt(session: Session, asked: dict[str, Any]) -> None:
    first = outbox.queue(session, _order(session, asked))
    assert first is not None
    with pytest.raises(Invalid):
        outbox.resend(session, first, contact_id=asked["contact_id"], to_address="third@geneva.example")
    session.get_one(Letter, first).state = LetterState.REFUSED
    again = outbox.resend(session, first, contact_id=asked["contact_id"], to_address="third@geneva.example")
    letter, former = session.get_one(Letter, again), session.get_one(Letter, first)
    assert (letter.attempt, letter.to_address, letter.state) == (2, "third@geneva.example", LetterState.QUEUED)
    assert letter.message_id != former.message_id
    assert letter.edition_id == former.edition_id
    with pytest.raises(Missing):
        outbox.resend(session, uuid.uuid4(), contact_id=asked["contact_id"], to_address="x@geneva.example")


def test_a_letter_is_found_by_the_names_that_it_bears_outside(session: Session) -> None:
    letter = session.get_one(Letter, queued(session))
    assert outbox.letter_named(letter.message_id) == letter.id
    assert outbox.letter_named(letter.envelope_token) == letter.id
    for other in ("", "<>", "<a@b.example>", "<nonsense", "x" * 5000):
        assert outbox.letter_named(other) is None

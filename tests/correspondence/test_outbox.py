"""The outbox: the unique key says what was written already; a claim is a lease; nothing cancelled is claimed."""

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from outreach import clock, doorbell, i18n
from outreach.correspondence import editions, outbox
from outreach.correspondence.editions import Attachment, Rendering
from outreach.correspondence.models import Edition, Letter, LetterKind, LetterState, Register
from outreach.correspondence.outbox import LetterOrder
from outreach.db import Database
from outreach.errors import Invalid, Missing
from tests import factories
from tests.correspondence.letters import lines, queued, reloaded
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def asked(session: Session) -> dict[str, uuid.UUID]:
    campaign = factories.campaign(session)
    mission = factories.mission(session)
    contact = factories.contact(session, mission, "second@geneva.example")
    invitation = factories.invitation(session, campaign, mission)
    return {"campaign_id": campaign.id, "invitation_id": invitation.id, "contact_id": contact.id}


def _order(session: Session, asked: dict[str, uuid.UUID]) -> LetterOrder:
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


def test_the_same_letter_is_queued_once_and_rings_once(session: Session, asked: dict[str, uuid.UUID]) -> None:
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


def test_two_threads_queue_one_letter(database: Database, session: Session, asked: dict[str, uuid.UUID]) -> None:
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


def test_two_workers_share_what_is_due_and_the_longest_due_goes_first(database: Database, session: Session) -> None:
    with clock.stopped_at(NOW):
        ids = [queued(session, due_at=NOW - timedelta(minutes=minutes)) for minutes in (1, 3, 2)]
        later = queued(session, due_at=NOW + timedelta(minutes=1))
        session.commit()
        with database.writing() as one, database.writing() as other:
            first = outbox.claim_due(one, 2, "one")
            second = outbox.claim_due(other, 5, "other")
            one.commit()
            other.commit()
    assert first == [ids[1], ids[2]]
    assert second == [ids[0]]
    assert later not in first + second


def test_a_lease_that_ran_out_is_claimed_by_another(session: Session) -> None:
    with clock.stopped_at(NOW):
        letter_id = queued(session, due_at=NOW)
        assert outbox.claim_due(session, 5, "one") == [letter_id]
        assert outbox.claim_due(session, 5, "other") == []
    with clock.stopped_at(NOW + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.claim_due(session, 5, "other") == [letter_id]


def test_the_claim_reads_the_index_of_what_is_due(session: Session) -> None:
    with clock.stopped_at(NOW):
        queued(session)
        session.commit()
        session.execute(text("SET LOCAL enable_seqscan = off"))
        statements: list[str] = []

        from sqlalchemy import event

        @event.listens_for(session.connection().engine, "before_cursor_execute")
        def _keep(_c: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
            statements.append(statement)

        outbox.claim_due(session, 5, "one")
    claim = next(one for one in statements if "MATERIALIZED" in one)
    assert "'queued'" in claim  # literal, so that the partial index serves under a generic plan
    assert "SKIP LOCKED" in claim


def test_what_is_cancelled_is_neither_claimed_nor_cancelled_twice(
    session: Session, asked: dict[str, uuid.UUID]
) -> None:
    letter_id = outbox.queue(session, _order(session, asked))
    assert letter_id is not None
    invited = asked["invitation_id"]
    assert outbox.cancel(session, [invited], [LetterKind.RECEIPT], "no") == 0
    assert outbox.cancel(session, [uuid.uuid4()], [LetterKind.REMINDER], "no") == 0
    assert outbox.cancel(session, [invited], [LetterKind.REMINDER], "a reply was received") == 1
    assert outbox.cancel(session, [invited], [LetterKind.REMINDER], "again") == 0
    assert outbox.claim_due(session, 5, "one") == []
    session.commit()
    letter = reloaded(session, letter_id)
    assert (letter.state, letter.reason) == (LetterState.CANCELLED, "a reply was received")


def test_only_a_person_sends_a_letter_again_as_a_further_attempt(session: Session, asked: dict[str, uuid.UUID]) -> None:
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

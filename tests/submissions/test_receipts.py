"""The letters that an answer gives rise to: who is told what, in which language, once; and the reminders it cancels."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import letters, links
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Invitation
from outreach.correspondence import queries
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.submissions import clearance, service
from outreach.submissions.models import Publication
from tests.factories import DEADLINE, NOW
from tests.submissions.answering import ACTOR, drafted, sent, submitted, world

pytestmark = pytest.mark.usefixtures("english")


def _of(session: Session, invitation: Invitation, kind: LetterKind) -> list[queries.ShownLetter]:
    rows = session.scalars(
        select(Letter.id)
        .where(Letter.invitation_id == invitation.id, Letter.kind == kind)
        .order_by(Letter.queued_at, Letter.to_address)
    )
    return [queries.shown(session, letter_id) for letter_id in rows]


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_a_receipt_names_number_instant_behalf_and_hash(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        version = submitted(session, w.direct)
    (receipt,) = _of(session, w.direct, LetterKind.RECEIPT)
    text = _flat(receipt.text)
    assert receipt.subject.startswith("Receipt KH-2027-KAZ-0001: ")
    assert "- Number: KH-2027-KAZ-0001 - Received: 15 February 2027, 10:00 (Geneva)" in text
    assert "- On behalf of: a national authority - Version: 1" in text
    assert version.digest in text
    assert links.address(LinkKind.ANSWER, w.direct.id, "en", "/receipt") in receipt.text
    assert "after the deadline" not in text


def test_a_late_answer_is_told_so(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(DEADLINE.replace(month=3)):
        submitted(session, w.direct)
    assert "It was received after the deadline" in _flat(_of(session, w.direct, LetterKind.RECEIPT)[0].text)


def test_the_respondents_own_address_gets_the_receipt_in_the_language_of_the_answer(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        submission = drafted(session, w.direct)
        submission.respondent_email = "officer@labour.example"
        service.submit(
            session, submission.id, revision=submission.revision, publication=Publication.PUBLISH, actor=ACTOR
        )
    (receipt,) = _of(session, w.direct, LetterKind.RECEIPT)
    assert (receipt.line.to_address, receipt.line.language) == ("officer@labour.example", "en")


def test_the_mission_is_told_of_a_part_and_both_get_a_receipt_once_it_is_transmitted(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        submission = sent(session, w.ministry)
        (told,) = _of(session, w.geneva, LetterKind.PART_FOR_MISSION)
        assert "Sent by: Ministry of Health" in told.text
        assert links.address(LinkKind.MISSION, w.geneva.id, "en", f"/parts/{submission.id}") in told.text
        assert _of(session, w.ministry, LetterKind.RECEIPT) == []
        clearance.transmit(session, submission.id, w.geneva.id, ACTOR)
    (of_body,) = _of(session, w.ministry, LetterKind.RECEIPT)
    (of_mission,) = _of(session, w.geneva, LetterKind.RECEIPT)
    assert "/a/" in of_body.text
    assert "/a/" not in of_mission.text
    assert links.address(LinkKind.MISSION, w.geneva.id, "en", f"/transmitted/{submission.id}") in of_mission.text
    assert "KH-2027-KAZ-0001" in of_mission.subject
    assert "presents its compliments to the Permanent Mission of Kazakhstan" in _flat(of_mission.text)


def test_a_returned_part_comes_back_with_the_missions_words(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        submission = sent(session, w.ministry)
        clearance.return_part(session, submission.id, w.geneva.id, "Please complete 2.1.", ACTOR)
    (letter,) = _of(session, w.ministry, LetterKind.RETURNED)
    assert "returned to you on behalf of the Permanent Mission of Kazakhstan" in _flat(letter.text)
    assert "> Please complete 2.1." in letter.text


def test_a_reply_of_the_state_cancels_the_reminders_of_both_missions_and_all_authorities(session: Session) -> None:
    w = world(session)
    everybody = (w.geneva, w.new_york, w.ministry, w.direct, w.union)
    with clock.stopped_at(NOW):
        for invitation in everybody:
            letters.queue_for(session, invitation, LetterKind.REMINDER, "step-1")
        submission = sent(session, w.ministry)
        clearance.transmit(session, submission.id, w.geneva.id, ACTOR)
    states = [_of(session, one, LetterKind.REMINDER)[0].line.state for one in everybody]
    assert states == [LetterState.CANCELLED] * 4 + [LetterState.QUEUED]


def test_a_stakeholders_answer_cancels_only_its_own_reminder(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(NOW):
        for invitation in (w.geneva, w.union):
            letters.queue_for(session, invitation, LetterKind.REMINDER, "step-1")
        submitted(session, w.union)
    assert _of(session, w.geneva, LetterKind.REMINDER)[0].line.state is LetterState.QUEUED
    assert _of(session, w.union, LetterKind.REMINDER)[0].line.state is LetterState.CANCELLED

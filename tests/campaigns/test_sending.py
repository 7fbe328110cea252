"""What staff do while letters leave: a pause, the rest cancelled, asked again; and how far sending has come."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import asking, attention, launch, reach, sending
from outreach.campaigns.attention import NeedKind
from outreach.campaigns.models import Campaign, Invitation
from outreach.campaigns.stages import Stage
from outreach.campaigns.standing import StopReason, standings, stop_reason
from outreach.correspondence import holds, ledger
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.correspondence.progress import progress
from outreach.correspondence.queries import letters_of
from outreach.db import Database
from outreach.errors import Invalid, Refused
from outreach.identity.audit import SERVICE
from outreach.reports.board import board
from outreach.reports.lines import NextKind
from outreach.storage import Storage
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    """Launched a moment ago to three missions of two States; nothing has left."""
    version = factories.questionnaire(session)
    made = factories.campaign(session, storage=storage, launched=False, questionnaire_version_id=version.id)
    for state_code in ("FRA", "KAZ"):
        factories.mission(session, state_code)
    factories.mission(session, "KAZ", factories.Seat.NEW_YORK)
    with clock.stopped_at(NOW):
        launch.launch(session, made.id, SERVICE)
    session.commit()
    return made


def _ends(session: Session, database: Database, address: str, state: LetterState, words: str | None = None) -> None:
    session.execute(
        text(
            """
            WITH ended AS (
                UPDATE letter SET state = :state, settled_at = :now, reason = :words
                WHERE to_address = :to AND settled_at IS NULL RETURNING id
            )
            INSERT INTO unaccounted_letter (letter_id) SELECT id FROM ended
            """
        ),
        {"state": state.value, "now": clock.now(), "words": words, "to": address},
    )
    session.commit()
    ledger.account(database, reach.letters_settled)
    session.expire_all()


def _stages(session: Session, campaign: Campaign) -> list[str]:
    session.expire_all()
    return sorted(session.scalars(select(Invitation.stage).where(Invitation.campaign_id == campaign.id)))


def test_who_was_to_be_asked_by_a_cancelled_letter_stands_as_not_asked_until_asked_again(
    session: Session, database: Database, campaign: Campaign
) -> None:
    with clock.stopped_at(NOW):
        _ends(session, database, "mission.fra@geneva.example", LetterState.SENT)
        with pytest.raises(Refused, match="pause"):
            sending.cancel_rest(session, campaign.id, SERVICE)
        assert sending.pause(session, campaign.id, " the annex is wrong ", SERVICE)
        assert not sending.pause(session, campaign.id, "", SERVICE)
        assert sending.rest(session, campaign.id).letters == {LetterKind.INVITATION: 2}
        done = sending.cancel_rest(session, campaign.id, SERVICE)
        assert (done.number, holds.current(session, campaign.id)) == (2, None)
        session.commit()
        ledger.account(database, reach.letters_settled)
        assert _stages(session, campaign) == [Stage.CANCELLED, Stage.CANCELLED, Stage.SENT]

        rows = {row.code: row for group in board(session, campaign.id, "en").groups for row in group.rows}
        assert (rows["KAZ"].stage, rows["KAZ"].next.kind, rows["KAZ"].next.ours) == (
            Stage.CANCELLED,
            NextKind.ASK,
            True,
        )
        assert [need.count for need in attention.needs(session) if need.kind is NeedKind.NOT_ASKED] == [2]
        silent = [stop_reason(one) for one in standings(session, campaign.id, Invitation.state_code == "KAZ")]
        assert silent == [StopReason.NOT_REACHED, StopReason.NOT_REACHED]

        found = progress(session, campaign.id)
        assert (found.sent, found.waiting, found.cancelled) == (1, 0, 2)
        assert asking.ask_again(session, campaign.id, SERVICE) == 2
        session.commit()
        assert _stages(session, campaign) == [Stage.QUEUED, Stage.QUEUED, Stage.SENT]
        found = progress(session, campaign.id)
        assert (found.sent, found.waiting, found.cancelled) == (1, 2, 0)
        with pytest.raises(Invalid):
            asking.ask_again(session, campaign.id, SERVICE)
        _ends(session, database, "mission.kaz@geneva.example", LetterState.SENT)
        assert _stages(session, campaign) == [Stage.QUEUED, Stage.SENT, Stage.SENT]
        found = progress(session, campaign.id)
        assert (found.sent, found.waiting, found.cancelled) == (2, 1, 0)


def test_letters_in_the_hands_of_a_sender_are_not_cancelled_and_the_pause_stays(
    session: Session, database: Database, campaign: Campaign
) -> None:
    with clock.stopped_at(NOW), ledger.Ledger(database, "one") as sender:
        claimed = sender.claim(1)
        sender.turn([], claimed)
        sending.pause(session, campaign.id, "", SERVICE)
        done = sending.cancel_rest(session, campaign.id, SERVICE)
        session.commit()
        assert (done.number, done.in_hand) == (2, 1)
        assert holds.current(session, campaign.id) is not None
        kept = session.get_one(Letter, claimed[0].id)
        assert kept.state is LetterState.SENDING


def test_a_letter_that_failed_goes_again_to_the_addresses_that_work_with_the_deadline_that_holds(
    session: Session, database: Database, campaign: Campaign
) -> None:
    (asked,) = session.scalars(select(Invitation).where(Invitation.state_code == "FRA"))
    with clock.stopped_at(NOW):
        _ends(session, database, "mission.fra@geneva.example", LetterState.FAILED, "554 5.7.1 looks like spam")
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        factories.extension(session, campaign, campaign.deadline_at + timedelta(days=30), state_code="FRA")
        assert asking.ask_again(session, campaign.id, SERVICE, asked.id) == 1
        # Somebody else clicks at the same moment: nothing waits to be sent again.
        with pytest.raises(Invalid):
            asking.ask_again(session, campaign.id, SERVICE, asked.id)
    session.commit()
    former, again = letters_of(session, [asked.id])
    assert (again.attempt, again.state, again.to_address) == (2, LetterState.QUEUED, former.to_address)
    told = session.execute(
        text("SELECT merge->'en'->>'deadline' FROM letter WHERE id = :id"), {"id": again.id}
    ).scalar()
    before = session.execute(
        text("SELECT merge->'en'->>'deadline' FROM letter WHERE id = :id"), {"id": former.id}
    ).scalar()
    assert told and before and told != before


def test_an_institution_that_one_address_reached_stays_reached_when_a_corrected_one_refuses(
    session: Session, database: Database, campaign: Campaign
) -> None:
    (asked,) = session.scalars(select(Invitation).where(Invitation.state_code == "FRA"))
    (first,) = letters_of(session, [asked.id])
    with clock.stopped_at(NOW):
        second = factories.contact(
            session, session.get_one(factories.Institution, asked.institution_id), "second@geneva.example"
        )
        session.execute(
            text("""INSERT INTO letter (id, edition_id, kind, language, campaign_id, invitation_id, contact_id, occasion, attempt,
                to_address, merge, message_id, envelope_token, state, due_at, queued_at, tries)
                SELECT gen_random_uuid(), edition_id, kind, language, campaign_id, invitation_id, :contact, occasion, attempt,
                'second@geneva.example', merge, 'x', 'x', state, due_at, queued_at, 0 FROM letter WHERE id = :id"""),
            {"contact": second.id, "id": first.id},
        )
        _ends(session, database, "mission.fra@geneva.example", LetterState.REFUSED, "550 5.1.1 no such user")
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        _ends(session, database, "second@geneva.example", LetterState.SENT)
    with clock.stopped_at(NOW + timedelta(minutes=2)):
        asking.correct_address(session, first.id, "third@geneva.example", SERVICE)
        _ends(session, database, "third@geneva.example", LetterState.REFUSED, "550 5.1.1 no such user")
        session.refresh(asked)
        assert asked.stage is Stage.SENT


def test_progress_is_counted_as_letters_end(session: Session, database: Database, campaign: Campaign) -> None:
    with clock.stopped_at(NOW):
        _ends(session, database, "mission.fra@geneva.example", LetterState.SENT)
        _ends(session, database, "mission.kaz@geneva.example", LetterState.REFUSED, "550 no such user")
    with clock.stopped_at(NOW + timedelta(seconds=30)):
        found = progress(session, campaign.id)
        assert (found.sent, found.refused, found.waiting, found.per_minute) == (1, 1, 1, 2)
        assert found.time_left == timedelta(seconds=30)
    with clock.stopped_at(NOW + timedelta(minutes=5)):
        found = progress(session, campaign.id)
        assert (found.sent, found.per_minute, found.time_left) == (1, 0, None)

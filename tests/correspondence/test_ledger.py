"""The database's side of delivery: claims are shared, leased and quick to find."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence import ledger
from outreach.correspondence.ledger import LEASE, Ledger
from outreach.db import Database
from tests.correspondence.letters import queued
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("english")


def test_two_workers_share_what_is_due_and_the_longest_due_goes_first(database: Database, session: Session) -> None:
    with clock.stopped_at(NOW):
        ids = [queued(session, due_at=NOW - timedelta(minutes=minutes)) for minutes in (1, 3, 2)]
        queued(session, due_at=NOW + timedelta(minutes=1))
        session.commit()
        with Ledger(database, "one") as one, Ledger(database, "other") as other:
            assert [letter.id for letter in one.claim(2)] == [str(ids[1]), str(ids[2])]
            assert [letter.id for letter in other.claim(5)] == [str(ids[0])]


def test_a_lease_that_ran_out_is_claimed_by_another(database: Database, session: Session) -> None:
    with Ledger(database, "one") as one, Ledger(database, "other") as other:
        with clock.stopped_at(NOW):
            letter_id = queued(session, due_at=NOW)
            session.commit()
            assert [letter.id for letter in one.claim(5)] == [str(letter_id)]
            assert other.claim(5) == []
        with clock.stopped_at(NOW + LEASE + timedelta(seconds=1)):
            assert [letter.id for letter in other.claim(5)] == [str(letter_id)]
            # The first is told so when it comes to the letter.
            assert one.turn([], one.claim(5)) == (set(), [])


def test_the_claim_reads_the_index_of_what_is_due_and_sorts_nothing(database: Database, session: Session) -> None:
    with clock.stopped_at(NOW):
        for _number in range(300):
            queued(session)
        session.execute(text("UPDATE letter SET state = 'sent' WHERE due_at <= :now"), {"now": NOW})
        for _number in range(50):
            queued(session)
        session.commit()
        session.execute(text("ANALYZE letter"))
        session.commit()
    with database.direct() as connection:
        values = {"now": NOW, "limit": 20, "worker": "one", "until": NOW + LEASE}
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {ledger._CLAIM}", values))
    assert "Index Scan using ix_letter_due" in plan
    assert "Sort" not in plan

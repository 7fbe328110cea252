"""The database's side of delivery: claims are shared, leased and quick to find."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence import claims
from outreach.correspondence.claims import CLAIM, CLAIM_BY_DOMAIN
from outreach.correspondence.ledger import LEASE, Ledger
from outreach.correspondence.models import LetterKind
from outreach.db import Database
from tests.correspondence.letters import queued
from tests.factories import NOW

_WALK = CLAIM_BY_DOMAIN.format(domains=claims._WALKED.format(urgent=False), urgent=False)

pytestmark = pytest.mark.usefixtures("english")

_MANY = text(
    """
    INSERT INTO letter (id, edition_id, kind, language, occasion, attempt, to_address, merge, message_id, envelope_token, state,
        due_at, queued_at, tries)
    SELECT gen_random_uuid(), edition_id, kind, language, :domain || n, 1, 'm' || n || '@' || :domain, merge, message_id,
        envelope_token, 'queued', :at, :at, 0
    FROM letter, generate_series(1, :many) AS n WHERE id = :like
    """
)


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


def test_what_answers_somebody_comes_before_what_asks(database: Database, session: Session) -> None:
    with clock.stopped_at(NOW):
        kinds = list(LetterKind)
        for minutes, kind in enumerate(kinds):
            letter_id = queued(session, due_at=NOW - timedelta(minutes=minutes))
            session.execute(text("UPDATE letter SET kind = :kind WHERE id = :id"), {"kind": kind, "id": letter_id})
        session.commit()
        with Ledger(database, "one") as ledger:
            found = [letter.kind for letter in ledger.claim(100)]
    asking = [LetterKind.EXTENSION, LetterKind.REMINDER, LetterKind.FORWARDED, LetterKind.INVITATION]
    assert found == [kind for kind in reversed(kinds) if kind not in asking] + asking


def test_each_claim_reads_an_index_of_what_waits_and_sorts_nothing(database: Database, session: Session) -> None:
    with clock.stopped_at(NOW):
        letter_id = queued(session)
        session.execute(_MANY, {"many": 5000, "at": NOW, "domain": "settled.example", "like": letter_id})
        session.execute(text("UPDATE letter SET settled_at = due_at, state = 'sent'"))
        session.execute(_MANY, {"many": 500, "at": NOW, "domain": "geneva.example", "like": letter_id})
        session.commit()
        session.execute(text("ANALYZE letter"))
        session.commit()
    values = {"now": NOW, "lapsed": NOW, "limit": 20, "others": 20, "worker": "one", "until": NOW + LEASE}
    values |= {"since": NOW, "a_domain": 5, "after": ""}
    with database.direct() as connection:
        for statement, index in ((CLAIM, "ix_letter_due"), (_WALK, "ix_letter_domain")):
            plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {statement}", values))
            assert f"using {index}" in plan
            assert "Sort" not in plan, plan
            assert "Seq Scan on letter" not in plan, plan


def test_a_claim_and_a_turn_touch_no_index(database: Database, session: Session) -> None:
    counted = text("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'letter'")
    # Pages that a former test filled have no room for a second version beside the first, until they are tidied up.
    session.execute(text("TRUNCATE letter CASCADE"))
    with clock.stopped_at(NOW), Ledger(database, "one") as ledger:
        for _number in range(20):
            queued(session)
        session.commit()
        before = session.execute(counted).one()
        session.commit()
        ledger.turn([], ledger.claim(20))
        ledger._connection.execute("SELECT pg_stat_force_next_flush()")
        after = session.execute(counted).one()
    assert (after[0] - before[0], after[1] - before[1]) == (40, 40)

"""The two kinds of session, the column types, and that migrations make what the models say."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from outreach import schema
from outreach.db import Database, alembic_config, fresh_key, fresh_keys
from outreach.identity.audit import SERVICE, record
from outreach.identity.models import AuditEntry

assert schema.ALL


def _entry(database: Database) -> None:
    import uuid

    with database.write() as session:
        record(session, SERVICE, "test.done", "test", uuid.uuid4())


def test_a_reading_session_cannot_write(database: Database) -> None:
    with database.read() as session, pytest.raises(DBAPIError, match="read-only transaction"):
        session.execute(text("DELETE FROM audit_entry"))


def test_an_act_that_fails_leaves_nothing(database: Database) -> None:
    import uuid

    with pytest.raises(RuntimeError), database.write() as session:
        record(session, SERVICE, "test.done", "test", uuid.uuid4())
        session.flush()
        raise RuntimeError
    with database.read() as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_a_fault_does_not_tell_what_the_statement_carried(database: Database) -> None:
    with database.read() as session, pytest.raises(DBAPIError) as fault:
        session.execute(text("SELECT 1 / 0 WHERE :words = 'x'"), {"words": "words of a stranger"})
    assert "words of a stranger" not in str(fault.value)


def test_instants_come_back_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    _entry(database)
    amman = timezone(timedelta(hours=3))
    with database.write() as session:
        entry = session.scalars(select(AuditEntry)).one()
        entry.at = datetime(2024, 7, 31, 12, tzinfo=amman)
    with database.read() as session:
        found = session.scalars(select(AuditEntry)).one().at
        assert (found, found.tzinfo) == (datetime(2024, 7, 31, 9, tzinfo=UTC), UTC)
    with database.write() as session:
        session.scalars(select(AuditEntry)).one().at = datetime(2024, 7, 31)  # noqa: DTZ001 - naive on purpose
        with pytest.raises(StatementError, match="an instant needs its zone"):
            session.flush()
        session.rollback()


def test_migrations_make_what_the_models_say(database_url: str) -> None:
    command.check(alembic_config(database_url))


def test_keys_sort_as_they_were_made_whatever_the_clock_does(monkeypatch: pytest.MonkeyPatch) -> None:
    made = fresh_keys(5000)
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now - 3_600 * 10**9)
    made += [fresh_key() for _ in range(1000)]
    assert made == sorted(made)
    assert len({key.int & (1 << 62) - 1 for key in made}) == len(made)

"""Real parts for all tests: one PostgreSQL for the run, a database as good as new for each test, real settings, the application."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling, Scheduling

from outreach import clock, config, db, i18n, schema
from outreach.config import Settings
from outreach.db import Database
from outreach.storage import Storage
from tests import factories

assert schema.ALL

# Seconds until a mail server of a test must listen; five, its own choice, are not enough on a busy machine.
os.environ["AIOSMTPD_CONTROLLER_TIMEOUT"] = "120"

# A property holds at any speed of the machine, and the same examples are tried in each run, on rows that each rolls back.
# A test that has a list of its own here would forget that a machine may be slow.
hypothesis.settings.register_profile(
    "outreach",
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("outreach")

_TESTS = Path(__file__).parent
_LONG = ("journeys", "rehearsal", "stack", "faults", "test_bootstrap.py")


class _ByFile(LoadFileScheduling):
    """One process runs a whole file; and all journeys, which share a running service."""

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """How processes share the tests, where there are several (`-n 3 --dist loadfile`)."""
    return _ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of few long tests come first, so that no process is left alone with one of them at the end."""
    items.sort(key=lambda item: item.path.relative_to(_TESTS).parts[0] not in _LONG)


_numbers = itertools.count()
_SEEDED = ("state", "state_name")
_CHANGED = "(TABLE {0} EXCEPT TABLE kept.{0}) UNION ALL (TABLE kept.{0} EXCEPT TABLE {0}) LIMIT 1"


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server's `postgres` database: TEST_DATABASE_URL, else our own embedded one."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    from outreach.stack.postgres import Postgres

    with Postgres(tmp_path_factory.mktemp("postgres"), throwaway=True) as server:
        yield server.url("postgres")


def _admin(server_url: str) -> psycopg.Connection:
    plain = make_url(server_url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def _with_database(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of a migrated database that holds the 195 States, from which each test's own is copied."""
    from outreach.directory.seed import seed_states

    name = f"template_{os.getpid()}"
    with _admin(server_url) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    url = _with_database(server_url, name)
    db.migrate(url)
    database = Database(url)
    with database.write() as session:
        seed_states(session)
        session.execute(text("CREATE SCHEMA kept"))
        for table in _SEEDED:
            session.execute(text(f"CREATE TABLE kept.{table} AS TABLE {table}"))
    database.dispose()
    return name


@pytest.fixture(scope="session")
def spare_databases(server_url: str) -> Iterator[list[str]]:
    """The names of copies of the template that former tests have left tidy."""
    names: list[str] = []
    yield names
    with _admin(server_url) as admin:
        for name in names:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(server_url: str, template: str, spare_databases: list[str]) -> Iterator[str]:
    """The URL of a database that holds what the template holds.

    A copy takes up to 0.4 s where files are made slowly, tidying up 10 ms: tests use the same one after another.
    """
    if spare_databases:
        name = spare_databases.pop()
    else:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with _admin(server_url) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = _with_database(server_url, name)
    yield url
    with _admin(url) as admin:
        _tidy_up(admin)
    spare_databases.append(name)


def _tidy_up(admin: psycopg.Connection) -> None:
    """Make a database what its template was: nobody else connected, no row but those of the States, as they were seeded."""
    admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    names = [table.name for table in db.Base.metadata.sorted_tables]
    admin.execute(";".join(f'DELETE FROM "{name}"' for name in reversed(names) if name not in _SEEDED))
    if any(admin.execute(_CHANGED.format(name)).fetchone() for name in _SEEDED):
        admin.execute(";".join(f"DELETE FROM {name}" for name in reversed(_SEEDED)))
        admin.execute(";".join(f"INSERT INTO {name} TABLE kept.{name}" for name in _SEEDED))


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings that lead nowhere but to this machine; in force for the whole process during the test."""
    chosen = config.load(
        {
            "OUTREACH_DATABASE_URL": "postgresql+psycopg://outreach@127.0.0.1:9/none",
            "OUTREACH_BROKER_URL": "redis+socket:///nonexistent/valkey.sock",
            "OUTREACH_SMTP_URL": "smtp://127.0.0.1:9",
            "OUTREACH_STORAGE_URL": f"file://{tmp_path}/storage",
            "OUTREACH_BASE_URL": "http://127.0.0.1:8000",
            "OUTREACH_SECRET_KEY": "a secret of tests only, of forty characters",
            "OUTREACH_MAIL_DOMAIN": "outreach.example",
            "OUTREACH_SENDER": "Outreach <outreach@secretariat.example>",
            "OUTREACH_DEMO": "1",
        }
    )
    config.use(chosen)
    yield chosen
    config.use(None)


@pytest.fixture
def database(settings: Settings, database_url: str) -> Iterator[Database]:
    """A fresh database with the 195 States."""
    config.use(replace(settings, database_url=database_url))
    found = Database(database_url)
    yield found
    found.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session that may write; the test commits where another session must see it."""
    with database.writing() as opened:
        yield opened


@pytest.fixture
def storage(settings: Settings) -> Storage:
    """A file storage of the test's own."""
    return Storage(settings.storage)


@pytest.fixture
def at_now() -> Iterator[None]:
    """The clock stands still between the launch and the deadline of the calls that `factories` makes."""
    with clock.stopped_at(factories.NOW):
        yield


@pytest.fixture
def english() -> Iterator[None]:
    """English is spoken."""
    with i18n.speaking("en"):
        yield


@pytest.fixture(scope="session")
def made_apps() -> list[Flask]:
    """The application that tests use one after another: making it, and compiling its templates, takes longer than most tests."""
    return []


@pytest.fixture
def own_app(database: Database) -> Flask:
    """An application on the test's database that the test may change: add routes, set limits."""
    from outreach.app import create_app

    made = create_app(config.settings(), database)
    made.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    return made


@pytest.fixture
def app(made_apps: list[Flask], request: pytest.FixtureRequest, database: Database) -> Flask:
    """The application on the test's database. A test that changes it takes `own_app`."""
    if not made_apps:
        made_apps.append(request.getfixturevalue("own_app"))
    made_apps[0].extensions |= {
        "outreach.settings": config.settings(),
        "outreach.database": database,
        "outreach.storage": Storage(config.settings().storage),
    }
    return made_apps[0]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without a browser; CSRF is on, as for visitors."""
    return app.test_client()

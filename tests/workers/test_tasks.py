"""The Celery application: what the beat and the doorbell name exists, tasks are safe to lose, and a ring sends a letter at once."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, config, db, doorbell, i18n
from outreach.campaigns import orders
from outreach.config import Settings
from outreach.correspondence.channel import RelayAtFault
from outreach.correspondence.models import Letter, LetterState
from outreach.db import Database
from outreach.identity.audit import SERVICE
from outreach.stack.valkey import Valkey
from outreach.storage import Storage
from tests import factories
from tests.correspondence.conftest import Sink, letter_settings, smtp_sink  # noqa: F401 - fixtures
from tests.correspondence.letters import queued, reloaded


@pytest.fixture
def app(letter_settings: Settings) -> Iterator[Celery]:  # noqa: F811
    """The application as a worker has it, on the test's database."""
    from workers import app as module

    module.database.cache_clear()
    module.app.loader.import_default_modules()
    yield module.app
    module.database().dispose()
    module.database.cache_clear()


def test_every_task_that_is_scheduled_or_rung_for_exists(app: Celery, letter_settings: Settings) -> None:  # noqa: F811
    from workers.schedule import schedule

    rung = {name for name, value in vars(doorbell).items() if name.isupper() and isinstance(value, str)}
    named = {
        entry["task"]
        for entry in schedule(replace(letter_settings, inbox_url="imaps://a:b@mail.example/INBOX")).values()
    }
    named |= {getattr(doorbell, name) for name in rung}
    assert "workers.correspondence.send_due" in named
    assert named <= set(app.tasks)
    from workers import beat

    assert beat.app.conf.beat_schedule == schedule(letter_settings)
    assert beat.app.conf.task_serializer == app.conf.task_serializer


def test_a_task_that_is_lost_comes_back_and_speaks_json(app: Celery) -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.task_ignore_result
    assert (app.conf.task_serializer, app.conf.accept_content) == ("json", ["json"])
    options = app.conf.broker_transport_options
    assert (options["unacked_restore_interval"], options["unacked_restore_throttle"]) == (2, 1)


def test_the_task_sends_what_is_due(app: Celery, session: Session, smtp_sink: Sink) -> None:  # noqa: F811
    letter_id = queued(session)
    session.commit()
    app.tasks[doorbell.LETTERS]()
    assert len(smtp_sink.got) == 1
    assert reloaded(session, letter_id).state is LetterState.SENT


def test_the_task_says_that_the_relay_is_at_fault(app: Celery, session: Session, smtp_sink: Sink) -> None:  # noqa: F811
    letter_id = queued(session)
    session.commit()
    smtp_sink.to_mail = ["550 5.7.1 not you"]
    with pytest.raises(RelayAtFault):
        app.tasks[doorbell.LETTERS]()
    assert reloaded(session, letter_id).state is LetterState.QUEUED


def test_the_reminders_task_runs_on_an_empty_database(app: Celery, database: Database) -> None:
    app.tasks["workers.campaigns.remind"]()


def test_the_task_carries_out_a_launch_that_was_asked_for(
    app: Celery, session: Session, database: Database, storage: Storage
) -> None:
    version = factories.questionnaire(session)
    made = factories.campaign(session, storage=storage, launched=False, questionnaire_version_id=version.id)
    factories.mission(session, "FRA")
    with clock.stopped_at(factories.NOW):
        with i18n.speaking("en"):
            assert orders.ask_launch(session, made.id, SERVICE)
        db.commit(session)
        app.tasks[doorbell.ORDERS]()
    assert session.scalars(select(Letter.state)).all() == [LetterState.QUEUED]


def test_a_ring_after_the_commit_sends_the_letter_through_a_real_broker_and_worker(
    app: Celery,
    session: Session,
    smtp_sink: Sink,  # noqa: F811
    tmp_path: Path,
) -> None:
    from celery.contrib.testing.worker import start_worker

    came = threading.Event()
    smtp_sink.at_data = came.set
    with Valkey(tmp_path / "valkey") as broker:
        config.use(replace(config.settings(), broker_url=broker.url))
        before = app.conf.broker_url
        app.conf.broker_url = broker.url
        try:
            with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=120):
                queued(session)
                assert not came.is_set()
                db.commit(session)
                assert came.wait(120)
        finally:
            app.conf.broker_url = before
            app.pool.force_close_all()

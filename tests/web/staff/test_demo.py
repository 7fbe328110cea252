"""The demonstration's calendar: forward only, by POST only, and not in production."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach import clock, config, doorbell
from outreach.app import create_app
from outreach.campaigns import letters
from outreach.campaigns.models import ReminderStep
from outreach.correspondence.models import LetterKind
from outreach.db import Database
from outreach.identity.words import StaffRole
from tests import factories
from tests.web.desk import signed_in
from tests.web.visitor import csrf_token, send, text_of

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were rung for."""
    names: list[str] = []
    monkeypatch.setattr(doorbell, "ring", names.append)
    return names


@pytest.fixture
def clock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A demonstration's clock, which shows NOW at the beginning."""
    file = tmp_path / "var" / "clock"
    monkeypatch.setenv("OUTREACH_CLOCK_FILE", str(file))
    clock.move_to(factories.NOW, file)
    return file


@pytest.fixture
def demonstration(database: Database, clock_file: Path) -> Flask:
    return create_app(replace(config.settings(), clock_file=clock_file), database)


@pytest.fixture
def manager(demonstration: Flask, session: Session, rung: list[str]) -> FlaskClient:
    client = signed_in(demonstration, session, StaffRole.MANAGER)
    rung.clear()
    return client


def shows(day: int, month: int = 2, hour: int = 8, minute: int = 5) -> bool:
    """Whether the clock shows this minute of 2027 (UTC), give or take the time that the test takes."""
    return timedelta(0) <= clock.now() - datetime(2027, month, day, hour, minute, tzinfo=UTC) < timedelta(minutes=4)


def test_the_clock_turns_to_the_next_morning_in_geneva(manager: FlaskClient, rung: list[str]) -> None:
    assert "15 February 2027" in text_of(manager.get("/staff/demo"))
    assert send(manager, "/staff/demo", {"to": "day"}).headers["Location"] == "/staff/"
    assert shows(16)
    assert set(rung) == {doorbell.REMINDERS, doorbell.LETTERS}
    assert "16 February 2027" in manager.get("/staff/").get_data(as_text=True)


def test_the_clock_turns_to_the_next_reminder_and_leads_to_its_board(manager: FlaskClient, session: Session) -> None:
    campaign = factories.campaign(session, "KH-2027")
    session.add_all(ReminderStep(campaign_id=campaign.id, number=n, days=-days) for n, days in enumerate((20, 5, 2)))
    factories.extension(session, campaign, factories.DEADLINE - timedelta(days=4), state_code="KAZ")
    session.commit()
    for day in (17, 20, 21, 24):
        answer = send(manager, "/staff/demo", {"to": "reminder"})
        assert answer.headers["Location"] == "/staff/campaigns/KH-2027"
        assert shows(day), clock.now()
    assert "No reminder is to come." in text_of(manager.get("/staff/demo"))


def test_the_clock_waits_for_letters_that_are_leaving(manager: FlaskClient, session: Session) -> None:
    campaign = factories.campaign(session, "KH-2027")
    invitation = factories.invitation(session, campaign, factories.mission(session))
    letters.queue_for(session, invitation, LetterKind.INVITATION, "launch")
    session.commit()
    answer = send(manager, "/staff/demo", {"to": "day"})
    assert answer.status_code == 403 and "Letters are leaving" in text_of(answer)
    assert shows(15, hour=9, minute=0)


def test_opening_the_page_moves_nothing(manager: FlaskClient, clock_file: Path) -> None:
    before = clock_file.read_text()
    for address in ("/staff/demo", "/staff/demo?to=day", "/staff/"):
        manager.get(address)
    assert manager.post("/staff/demo", data={"to": "day"}).status_code == 400, "without its token"
    assert clock_file.read_text() == before


def test_readers_do_not_turn_it(demonstration: Flask, session: Session, rung: list[str], clock_file: Path) -> None:
    reader = signed_in(demonstration, session, StaffRole.READER)
    before = clock_file.read_text()
    assert reader.get("/staff/demo").status_code == 403
    assert send(reader, "/staff/demo", {"to": "day"}, page="/staff/").status_code == 403
    assert clock_file.read_text() == before


@pytest.mark.parametrize("demo", [True, False])
def test_where_no_demonstration_is_shown_there_is_no_calendar(
    database: Database, session: Session, rung: list[str], tmp_path: Path, demo: bool
) -> None:
    file = None if demo else tmp_path / "clock"  # without its file, or without the demonstration
    app = create_app(replace(config.settings(), demo=demo, clock_file=file), database)
    assert app.test_client().get("/staff/demo").status_code == 404
    client = signed_in(app, session, StaffRole.ADMINISTRATOR)
    page = client.get("/staff/")
    assert "/staff/demo" not in page.get_data(as_text=True)
    assert client.get("/staff/demo").status_code == 404
    assert client.post("/staff/demo", data={"csrf_token": csrf_token(page), "to": "day"}).status_code == 404
    assert not (tmp_path / "clock").exists()

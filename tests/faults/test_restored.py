"""A database that was restored from a backup: nothing that had left is sent again until a person says so."""

import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from outreach.correspondence import departures, holds
from outreach.correspondence.delivery import Outcome, send_due
from outreach.correspondence.models import HoldKind, LetterKind, LetterState
from outreach.correspondence.transport import Relay
from outreach.db import Database
from outreach.storage import Storage
from tests.correspondence.conftest import Sink, letter_settings, relay, smtp_sink  # noqa: F401 - fixtures
from tests.correspondence.letters import queued, reloaded

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def post(database: Database, storage: Storage, relay: Relay) -> "Post":  # noqa: F811
    return Post(database, storage, relay)


class Post:
    """Sends what is due."""

    def __init__(self, *parts: object) -> None:
        self.parts = parts

    def __call__(self) -> int:
        return send_due(*self.parts, self.keep, worker=uuid.uuid4().hex)  # type: ignore[arg-type]

    def keep(self, _session: Session, _outcomes: Sequence[Outcome]) -> None:
        """Nothing follows from them."""


def _as_before_they_left(session: Session, number: int = 0) -> None:
    """The rows as a backup from before the letters left has them."""
    session.execute(text("UPDATE letter SET state = 'queued', settled_at = NULL, claimed_by = NULL, tries = 0"))
    session.execute(text("DELETE FROM delivery_attempt"))
    session.execute(text("UPDATE departures SET number = :number"), {"number": number})
    session.commit()


def test_a_database_that_is_older_than_what_has_left_sends_nothing_until_a_person_says_so(
    session: Session,
    smtp_sink: Sink,  # noqa: F811
    post: Post,
) -> None:
    letter_id, code = queued(session), queued(session, kind=LetterKind.CODE)
    session.commit()
    assert post() == 2
    _as_before_they_left(session)
    # Not even what somebody waits for: it is not known what that is.
    assert (post(), post()) == (0, 0)
    assert len(smtp_sink.got) == 2
    hold = holds.current(session, None)
    assert hold is not None
    assert (hold.kind, hold.by) == (HoldKind.RESTORED, None)
    assert "restored from a backup" in hold.reason
    assert holds.go_on(session, None)
    session.commit()
    assert post() == 2
    assert {reloaded(session, one).state for one in (letter_id, code)} == {LetterState.SENT}
    queued(session)
    session.commit()
    assert post() == 1


def test_a_storage_whose_file_is_gone_holds_too_and_a_new_service_begins_without(
    session: Session,
    storage: Storage,
    smtp_sink: Sink,  # noqa: F811
    post: Post,
) -> None:
    queued(session)
    session.commit()
    assert post() == 1
    (storage.root / departures.NAME).unlink()
    queued(session)
    session.commit()
    assert post() == 0
    assert holds.current(session, None) is not None
    holds.go_on(session, None)
    session.commit()
    assert post() == 1


def test_a_database_that_is_ahead_of_the_file_sends(
    session: Session,
    database: Database,
    storage: Storage,
    smtp_sink: Sink,  # noqa: F811
    post: Post,
) -> None:
    # A sender died between the row and the file, or the storage alone comes from a backup.
    queued(session)
    session.execute(text("INSERT INTO departures VALUES (1, 7)"))
    session.commit()
    (storage.root).mkdir(parents=True, exist_ok=True)
    (storage.root / departures.NAME).write_text("3 2027-01-12T09:00:00Z\n")
    assert post() == 1
    departures.check(database, storage)
    assert holds.current(session, None) is None


def test_a_sender_that_starts_while_another_one_notes_the_first_letters_holds_nothing(
    session: Session, database: Database, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, begun = departures._read, False

    def read_just_before(file: Path) -> tuple[int | None, str]:
        nonlocal begun
        found = read(file)
        if not begun:
            begun = True
            departures.note(database, storage)
        return found

    monkeypatch.setattr(departures, "_read", read_just_before)
    departures.check(database, storage)
    assert begun and holds.current(session, None) is None


def test_the_number_grows_by_each_note(database: Database, storage: Storage) -> None:
    for number in (1, 2, 3):
        departures.note(database, storage)
        assert departures._read(storage.root / departures.NAME)[0] == number
    assert (storage.root / departures.NAME).stat().st_size == len("00000000000000000012 2027-01-12T09:00:00Z\n")

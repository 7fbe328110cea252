"""`outreach directory import`: preview, apply, and the report."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from outreach.cli.directory import directory
from outreach.db import Database
from outreach.directory.models import Contact, UnmatchedRow

TABLE = (
    "state;kind;seat;email;source;as_of\n"
    "Jordan;permanent_mission;geneva;mission@jordan.example;List 1;2024-05-01\n"
    "Atlantis;permanent_mission;geneva;mission@atlantis.example;List 1;2024-05-01\n"
)


def recorded(database: Database) -> tuple[int, int]:
    with database.read() as session:
        contacts = session.scalar(select(func.count()).select_from(Contact))
        return contacts or 0, session.scalar(select(func.count()).select_from(UnmatchedRow)) or 0


def test_preview_then_apply_then_again(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(TABLE, "utf-8")
    preview = CliRunner().invoke(directory, ["import", str(file)])
    assert preview.exit_code == 0, preview.output
    assert "Line 3: “Atlantis” names no State of the 195." in preview.output
    assert "Contacts added: 1" in preview.output
    assert "This was a preview" in preview.output
    assert recorded(database) == (0, 0)
    applied = CliRunner().invoke(directory, ["import", str(file), "--apply"])
    assert applied.exit_code == 0, applied.output
    assert recorded(database) == (1, 1)
    again = CliRunner().invoke(directory, ["import", str(file), "--apply"])
    assert "Contacts added: 0" in again.output
    assert "Rows that change nothing: 1" in again.output
    assert recorded(database) == (1, 1)


def test_rows_not_taken_end_with_status_1(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(TABLE.replace("geneva", "vienna", 1), "utf-8")
    result = CliRunner().invoke(directory, ["import", str(file), "--apply"])
    assert result.exit_code == 1
    assert "Line 2: “vienna”" in result.output
    assert recorded(database) == (0, 1)


def test_interrupted_import_has_changed_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "list.csv"
    file.write_text(TABLE, "utf-8")
    monkeypatch.setattr("outreach.cli.directory._Bar.__call__", interrupt)
    result = CliRunner().invoke(directory, ["import", str(file), "--apply"])
    assert result.exit_code == 130
    assert "nothing was changed" in result.output
    assert recorded(database) == (0, 0)

"""What every command has in common: help, wrong arguments, and a database that is not there or not as it should be."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.engine import make_url

from outreach import cli, config, i18n
from outreach.cli.inbox import inbox
from outreach.cli.questionnaire import questionnaire
from outreach.db import Database


@pytest.mark.parametrize("command", [name for name in cli.COMMANDS if name != "test"])
def test_each_command_explains_itself_and_refuses_what_it_does_not_know(command: str) -> None:
    assert "Usage: " in CliRunner().invoke(cli.outreach, [command, "--help"]).output
    assert CliRunner().invoke(cli.outreach, [command, "--nonsense"]).exit_code == 2


def fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says of the database, as people call it."""
    monkeypatch.setattr(sys, "argv", ["outreach", "sending", "state"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    return capsys.readouterr().err


def test_a_database_that_is_away_or_older_is_told_in_a_sentence(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.write() as session:
        session.execute(text("ALTER TABLE sending_hold RENAME TO gone"))
    assert fails(monkeypatch, capsys) == "The database is not at the schema of this version. Next: outreach migrate\n"
    with database.write() as session:
        session.execute(text("ALTER TABLE gone RENAME TO sending_hold"))
    away = make_url(config.settings().database_url).set(host="127.0.0.1", port=9, query={})
    config.use(replace(config.settings(), database_url=away.render_as_string(hide_password=False)))
    said = fails(monkeypatch, capsys)
    assert said.startswith("The database can't be used: ") and "Traceback" not in said


def test_files_that_are_none_are_refused_with_words(tmp_path: Path) -> None:
    with i18n.speaking("en"):
        assert "directory" in CliRunner().invoke(inbox, ["ingest", str(tmp_path)]).output
        assert "has no labels.jsonl" in CliRunner().invoke(inbox, ["evaluate", str(tmp_path)]).output
        lines = tmp_path / "lines"
        lines.write_bytes(b"\xff\xfe\n")
        checked = CliRunner().invoke(questionnaire, ["check", str(lines)])
    assert (checked.exit_code, "This line is no JSON." in checked.output) == (0, True)

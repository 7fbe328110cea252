"""`outreach inbox` and the mailbox in `outreach check`."""

from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import config, i18n
from outreach.cli import inbox, production
from outreach.db import Database
from outreach.errors import OutreachError
from outreach.identity.models import AuditEntry
from tests import clamd
from tests.inbox.conftest import Folder, folder, imap_port  # noqa: F401 - fixtures
from tests.inbox.mails import all_mail, mail


def run(command: click.Command, *arguments: str) -> Result:
    with i18n.speaking("en"):
        return CliRunner().invoke(command, list(arguments))


def test_the_mailbox_is_read(folder: Folder, session: Session) -> None:  # noqa: F811
    config.use(folder.settings())
    folder.deliver(mail("One"), mail("Two"))
    folder.look_at_all()
    assert "new: 0" in run(inbox.fetch_command).output
    assert "new: 2; known already: 0" in run(inbox.fetch_command, "--all").output
    assert "new: 0; known already: 2" in run(inbox.fetch_command, "--all").output
    assert len(all_mail(session)) == 2


def test_without_a_mailbox_or_with_a_wrong_one_it_says_so(folder: Folder) -> None:  # noqa: F811
    failed = run(inbox.fetch_command)
    assert isinstance(failed.exception, OutreachError) and "OUTREACH_INBOX_URL" in failed.exception.message
    config.use(replace(folder.settings(), inbox_url="imap://a:hunter2@127.0.0.1:9/INBOX"))
    failed = run(inbox.fetch_command)
    assert isinstance(failed.exception, OutreachError) and "127.0.0.1:9" in failed.exception.message
    assert "hunter2" not in failed.exception.message


def test_files_are_taken_in_once_and_by_whom_is_in_the_trail(session: Session, tmp_path: Path) -> None:
    files = [tmp_path / "one.eml", tmp_path / "two.eml"]
    for file in files:
        file.write_bytes(mail(file.stem))
    assert "new: 2; known already: 0" in run(inbox.ingest_command, *map(str, files)).output
    assert "new: 0; known already: 1" in run(inbox.ingest_command, str(files[0])).output
    assert [one.source for one in all_mail(session)] == ["one.eml", "two.eml"]
    entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "mail.taken_in")).all()
    assert len(entries) == 2 and all(entry.actor.startswith("command line") for entry in entries)


@pytest.mark.parametrize("port", [None, 9])
def test_the_check_opens_the_mailbox_where_there_is_one(folder: Folder, port: int | None) -> None:  # noqa: F811
    config.use(folder.settings(port))
    said = [line for line in run(production.check).output.splitlines() if line.startswith("mailbox")]
    assert said == ["mailbox    as it should be"] if port is None else "MailboxAtFault" in said[0]
    config.use(replace(config.settings(), inbox_url=""))
    assert "mailbox" not in run(production.check).output


def test_the_check_says_how_files_are_scanned(database: Database) -> None:
    assert "scanner    none is set: files of others are not scanned" in run(production.check).output
    with clamd.running():
        assert "scanner    as it should be" in run(production.check).output
    with clamd.set_to("unix:///nowhere/clamd.sock"):
        said = run(production.check)
        assert "scanner    FileNotFoundError" in said.output and said.exit_code == 1

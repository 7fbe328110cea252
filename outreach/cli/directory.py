"""`outreach directory`: the directory from files."""

import getpass
import sys
from pathlib import Path

import click

from outreach import i18n
from outreach.config import settings
from outreach.db import Database, commit
from outreach.directory import import_words
from outreach.directory.importing import ImportReport, LineNote, import_file
from outreach.i18n import _
from outreach.identity.audit import Actor

SHOWN_AT_MOST = 200


@click.group()
def directory() -> None:
    """States, institutions and contacts."""


@directory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "write", is_flag=True, help="Write the import; without it nothing changes.")
def import_command(file: Path, write: bool) -> None:
    """Import institutions and contacts from a CSV FILE (docs/directory-import.md): a preview, unless --apply.

    Ends with status 1 when rows were not taken. Interrupted, it has changed nothing.
    """
    database = Database(settings().database_url)
    try:
        with i18n.speaking("en"), database.writing() as session:
            actor = Actor(_("command line (%(user)s)", user=getpass.getuser()))
            report = import_file(session, file.read_bytes(), file.name, actor, _Bar())
            if write:
                commit(session)
            else:
                session.rollback()
            _say(report, written=write)
    except KeyboardInterrupt:
        with i18n.speaking("en"):
            click.echo("\n" + _("Interrupted: nothing was changed."), err=True)
        raise click.exceptions.Exit(130) from None
    finally:
        database.dispose()
    if report.faults:
        raise click.exceptions.Exit(1)


class _Bar:
    """Shows progress on a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, rows: int) -> None:
        if self._shown:
            end = "\n" if done == rows else "\r"
            click.echo(_("%(done)s of %(rows)s rows", done=done, rows=rows) + end, nl=False, err=True)


def _say(report: ImportReport, *, written: bool) -> None:
    for heading, notes in import_words.remarks(report):
        _say_lines(heading, notes)
    for line in import_words.figures(report):
        click.echo(line)
    if not written:
        click.echo(_("This was a preview: nothing was changed. With --apply the import is done."))


def _say_lines(heading: str, notes: list[LineNote]) -> None:
    click.echo(heading)
    for note in notes[:SHOWN_AT_MOST]:
        click.echo("  " + _("Line %(line)s: %(reason)s", line=note.line, reason=note.reason))
    if len(notes) > SHOWN_AT_MOST:
        click.echo("  " + _("and %(count)s more", count=len(notes) - SHOWN_AT_MOST))

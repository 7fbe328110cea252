"""`outreach inbox`: mail taken in from the mailbox, or from files."""

import os
import sys
import time
from pathlib import Path

import click

from outreach.cli.staff import command_line
from outreach.config import settings
from outreach.db import Database
from outreach.errors import OutreachError
from outreach.i18n import _
from outreach.inbox import fetching, mail_files, taking_in
from outreach.inbox.fetching import MailboxAtFault
from outreach.inbox.keeping import Incoming
from outreach.inbox.understanding import evaluation
from outreach.storage import Storage

_PAUSE = 30.0
"""Seconds until a mailbox that could not be read is tried again."""


@click.group()
def inbox() -> None:
    """Received mail: kept as it came, and laid before staff."""


@inbox.command("fetch")
@click.option(
    "--all", "everything", is_flag=True, help="Also the mail that somebody has opened in the mailbox already."
)
def fetch_command(everything: bool) -> None:
    """Take in the mail that is not seen yet. Twice the same changes nothing. Ends with status 1 where a mail could not be kept."""
    if not settings().inbox_url:
        raise OutreachError(_("OUTREACH_INBOX_URL names no mailbox."))
    database = Database(settings().database_url)
    try:
        done = fetching.fetch(database, Storage(settings().storage), settings(), everything=everything)
    except MailboxAtFault as fault:
        raise OutreachError(_("The mailbox can't be read: %(reason)s", reason=fault)) from None
    finally:
        database.dispose()
    click.echo(_("Mails that are new: %(new)s; known already: %(known)s", new=done.new, known=done.known))
    if done.failed:
        click.echo(_("Mails that could not be kept; they stay unseen in the mailbox: %(count)s", count=done.failed))
        raise click.exceptions.Exit(1)


@inbox.command("watch")
def watch_command() -> None:
    """Take in mail as soon as it comes, for a mailbox whose server tells of it (IDLE). It goes on after a break, and ends with Ctrl-C."""
    if not settings().inbox_url:
        raise OutreachError(_("OUTREACH_INBOX_URL names no mailbox."))
    database, storage = Database(settings().database_url), Storage(settings().storage)
    while True:
        try:
            fetching.watch(settings(), lambda: fetching.fetch(database, storage, settings()))
        except MailboxAtFault as fault:
            click.echo(_("The mailbox can't be read: %(reason)s", reason=fault), err=True)
            time.sleep(_PAUSE)


@inbox.command("ingest")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
def ingest_command(files: tuple[Path, ...]) -> None:
    """Take in mails from FILES: each one mail (.eml), or many (.mbox); “-” is standard input. Nobody is written to because of it.

    Twice the same changes nothing.
    """
    database, storage = Database(settings().database_url), Storage(settings().storage)
    new = known = 0
    try:
        for file in files:
            mails = (Incoming(raw, source) for source, raw in mail_files.mails(file))
            for some in taking_in.in_batches(mails):
                kept = taking_in.keep(database, storage, some, silent=True, actor=command_line())
                taking_in.understand(database, storage, [one.mail_id for one in kept if one.new])
                new, known = new + sum(one.new for one in kept), known + sum(not one.new for one in kept)
    finally:
        database.dispose()
    click.echo(_("Mails that are new: %(new)s; known already: %(known)s", new=new, known=known))


@inbox.command("classify")
def classify_command() -> None:
    """Say what mails are: paths on standard input, a line of JSON for each, whatever it holds. Nothing is kept."""
    for line in sys.stdin.buffer:
        click.echo(evaluation.answer(os.fsdecode(line.rstrip(b"\r\n"))).as_json())


@inbox.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--faults", is_flag=True, help="Also each mail that was understood wrongly.")
def evaluate_command(folder: Path, faults: bool) -> None:
    """Score how mails are understood against the labels.jsonl of FOLDER, and print the table."""
    try:
        scores = evaluation.evaluate(folder)
    except FileNotFoundError:
        raise click.ClickException(f"{folder} has no labels.jsonl.") from None
    except (OSError, ValueError, KeyError) as fault:
        raise click.ClickException(f"The labels can't be read: {fault}") from None
    for line in scores.lines():
        click.echo(line)
    for fault_of_one in scores.faults if faults else ():
        click.echo(fault_of_one)

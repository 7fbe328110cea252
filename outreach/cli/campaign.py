"""`outreach campaign`: campaigns from folders, drafting, lint and launch, and the proof of the stages."""

import contextlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import click
from sqlalchemy.orm import Session

from outreach import i18n
from outreach.campaigns import attention, invitations, launch, links_check, lint, note_files, queries, service
from outreach.campaigns.draft import read_note
from outreach.campaigns.draft_findings import NoteDraft
from outreach.campaigns.draft_folder import write_folder
from outreach.campaigns.dry_run import DryRun, dry_run
from outreach.campaigns.folder import read_folder
from outreach.campaigns.links_check import Verdict
from outreach.campaigns.lint import Severity
from outreach.cli.staff import command_line
from outreach.config import settings
from outreach.dates import un_instant
from outreach.db import Database
from outreach.i18n import _, ngettext
from outreach.questionnaires import versions
from outreach.storage import Storage

PATIENCE = 20.0
"""Seconds that the command waits for the sites to which links lead; what has not answered by then is to be opened by hand."""

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def campaign() -> None:
    """Calls for input: import, check, launch."""


@contextlib.contextmanager
def writing() -> Iterator[Session]:
    """One transaction in English; an interruption leaves everything as it was."""
    database = Database(settings().database_url)
    try:
        with i18n.speaking("en"), database.write() as session:
            yield session
    except KeyboardInterrupt:
        with i18n.speaking("en"):
            click.echo("\n" + _("Interrupted: nothing was changed."), err=True)
        raise click.exceptions.Exit(130) from None
    finally:
        database.dispose()


class _Bar:
    """Shows progress on a terminal."""

    def __init__(self, what: str) -> None:
        self._what, self._shown = what, sys.stderr.isatty()

    def __call__(self, done: int, of: int) -> None:
        if self._shown:
            click.echo(f"\r{self._what} {done}/{of}" + ("\n" if done == of else ""), nl=False, err=True)


@campaign.command("import")
@click.argument("folder", type=_FOLDER)
def import_command(folder: Path) -> None:
    """Create or update an unlaunched campaign from a FOLDER (docs/campaign-folder.md). Twice the same changes nothing."""
    with writing() as session:
        held = read_folder(folder)
        found = service.import_folder(session, Storage(settings().storage), held, command_line())
        remarks = list(held.pictures.refused)
        if held.questionnaire and found.questionnaire_version_id:
            storage, version_id = Storage(settings().storage), found.questionnaire_version_id
            remarks += versions.remarks(session, storage, version_id)
            remarks += versions.missing_pictures(session, storage, version_id)
        if remarks:
            click.echo(_("The workbook was taken over. Please note:"))
            for remark in remarks:
                click.echo(f"  - {remark}")
        click.echo(_("%(code)s is imported. Next: outreach campaign lint %(code)s", code=found.code))


@campaign.command("lint")
@click.argument("code")
@click.option("--no-links", is_flag=True, help="Do not try the links.")
def lint_command(code: str, no_links: bool) -> None:
    """Say what must be mended before the launch, and what to consider. Ends with status 1 where a launch would be refused."""
    with writing() as session:
        found = lint.lint(session, queries.campaign_by_code(session, code).id, None if no_links else _try_links)
        session.rollback()
        _say(found, Severity.REFUSE, _("Must be mended:"))
        _say(found, Severity.WARN, _("Please consider:"))
        if not found:
            click.echo(_("Nothing stands against the launch."))
    if lint.refusals(found):
        raise click.exceptions.Exit(1)


def _say(found: list[lint.Finding], severity: Severity, heading: str) -> None:
    sentences = [finding.sentence for finding in found if finding.severity is severity]
    if sentences:
        click.echo(heading)
        for sentence in sentences:
            click.echo(f"  - {sentence}")


def _try_links(links: Iterable[str]) -> Mapping[str, Verdict]:
    return links_check.check_all(links, PATIENCE)


@campaign.command("launch")
@click.argument("code")
@click.option("--no-links", is_flag=True, help="Do not try the links, for example offline.")
@click.option("--dry-run", "dry", is_flag=True, help="Compose every letter, send none, change nothing.")
def launch_command(code: str, no_links: bool, dry: bool) -> None:
    """Invite everybody in the audience who was not invited yet. Harmless when repeated; interrupted, it has changed nothing."""
    if dry:
        _dry_run(code)
        return
    with writing() as session:
        done = launch.launch(
            session,
            queries.campaign_by_code(session, code).id,
            command_line(),
            try_links=None if no_links else _try_links,
            progress=_Bar(_("Invitations:")),
        )
        if done.invitations:
            sentence = ngettext(
                "%(num)s letter to %(institutions)s institutions is queued; it leaves by itself.",
                "%(num)s letters to %(institutions)s institutions are queued; they leave by themselves.",
                done.letters,
                institutions=done.invitations,
            )
        else:
            sentence = _("Everybody in the audience was invited already; nothing was added.")
    click.echo(sentence)


def _dry_run(code: str) -> None:
    """Ends with status 1 where a letter could not be composed."""
    database, chosen = Database(settings().database_url), settings()
    with i18n.speaking("en"), database.read() as session:
        one, bar = queries.campaign_by_code(session, code), _Bar(_("Invitations:"))
        of = launch.plan(session, one)
        found = dry_run(
            session, Storage(chosen.storage), one, progress=lambda done: bar(done, max(done, of.missions + of.others))
        )
        click.echo(ngettext("%(num)s letter was composed.", "%(num)s letters were composed.", found.letters))
        for (language, register), letters in sorted(found.by_language.items()):
            click.echo(f"  {language:6} {register.value:7} {letters:8}")
        if found.letters:
            click.echo(_largest(found))
        for fault in found.named:
            click.echo(f"  - {fault.institution} {fault.address}: {fault.why}")
        if found.not_composed:
            click.echo(_not_composed(found))
        click.echo(
            _("Nothing was sent, and nothing was changed. It took %(seconds)s seconds.", seconds=f"{found.seconds:.1f}")
        )
    database.dispose()
    if found.not_composed:
        raise click.exceptions.Exit(1)


def _largest(found: DryRun) -> str:
    return _(
        "The largest letter has %(kilobytes)s KB; it goes to: %(institution)s",
        kilobytes=-(-found.largest // 1024),
        institution=found.largest_to,
    )


def _not_composed(found: DryRun) -> str:
    return ngettext(
        "%(num)s letter could not be composed.", "%(num)s letters could not be composed.", found.not_composed
    )


@campaign.command("draft")
@click.argument("note", type=_FILE)
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), help="The new folder; without it, what was found is only said."
)
def draft_command(note: Path, folder: Path | None) -> None:
    """Begin a campaign's folder from a NOTE verbale that exists: text, Word or PDF, in any of the six languages."""
    with i18n.speaking("en"):
        found = read_note(note_files.text_of(note.read_bytes()))
        _say_draft(found)
        if folder is not None:
            for path in write_folder(found, folder):
                click.echo(_("Written: %(path)s", path=path))


def _say_draft(found: NoteDraft) -> None:
    """Each value with the line and the words that it was read from."""
    for field in fields(found):
        if field.name in ("body", "warnings", "text", "questionnaire"):
            continue
        values = getattr(found, field.name)
        for one in values if isinstance(values, tuple) else (values,) if values is not None else ():
            where = _("line %(line)s: “%(words)s”", line=one.line, words=one.words)
            click.echo(f"{field.name.replace('_', ' '):14} {_shown(one.value)}  ({where})")
    if found.left_open:
        click.echo(_("Left open: %(names)s", names=", ".join(name.replace("_", " ") for name in found.left_open)))
    if found.warnings:
        click.echo(_("Please consider:"))
        for warning in found.warnings:
            click.echo("  - " + _("Line %(line)s: %(reason)s", line=warning.line, reason=warning.sentence()))


def _shown(value: object) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        return ", ".join(str(part) for part in (getattr(value, f.name) for f in fields(value)) if part is not None)
    return str(value)


@campaign.command("recount")
@click.argument("code")
def recount_command(code: str) -> None:
    """Prove that every stored stage is what its facts amount to; mend and say those that are not."""
    with writing() as session:
        ids = service.invitation_ids(session, queries.campaign_by_code(session, code).id)
        wrong = 0
        bar, step = _Bar(_("Invitations:")), 500
        for start in range(0, len(ids), step):
            wrong += invitations.project(session, ids[start : start + step])
            bar(min(start + step, len(ids)), len(ids))
        click.echo(
            _("Invitations: %(count)s; stages that differed from their facts: %(wrong)s", count=len(ids), wrong=wrong)
        )
    if wrong:
        raise click.exceptions.Exit(1)


@campaign.command("list")
def list_command() -> None:
    """The campaigns, the newest first."""
    with writing() as session:
        for one in attention.campaigns(session, "en"):
            state = _("draft")
            if one.closed_at is not None:
                state = _("closed")
            elif one.launched_at is not None:
                state = _("launched")
            click.echo(f"{one.code:24} {state:10} {un_instant(one.deadline_at, one.deadline_zone)}  {one.title}")
        session.rollback()

"""The commands that need nothing but Python: `demo`, `serve` and `test`."""

import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from outreach.errors import OutreachError
from outreach.paths import ROOT, translations_dir, var_dir

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""What the browser of the tests may be called, best the one that has no windows to draw."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@click.command()
@click.option("--fresh", is_flag=True, help="Begin again: forget the former demonstration.")
def demo(fresh: bool) -> None:
    """Show the whole service at work: an invented world answers a campaign, and you look on."""
    from outreach.identity.service import entry_token
    from outreach.rehearsal.play import play
    from outreach.rehearsal.secretariat import administrator
    from outreach.stack import service

    folder = var_dir() / "demo"
    played = folder / "played"
    if fresh or (folder.exists() and not played.exists()):
        service.forget(folder)
    signal.signal(signal.SIGTERM, _stop)
    try:
        with service.running(folder, demo=True, say=click.echo) as found:
            if not played.exists():
                with click.progressbar(
                    length=100, label="Playing the rehearsal", show_eta=False, item_show_func=str
                ) as bar:
                    play(found, lambda percent, scene: bar.update(max(0, percent - bar.pos), scene))
                played.touch()
            found.until_it_answers()
            member = administrator(found.database)
            click.echo(f"\n  Outreach:          {found.settings.base_url}/")
            click.echo(f"  Sign in as staff:  {found.settings.base_url}/staff/enter/{entry_token(member)}")
            click.echo(f"  Mail caught:       {found.catcher_url}")
            click.echo(
                "\nThe sign-in link works once; each start prints a new one. Ctrl-C stops the demonstration; its state is kept."
            )
            found.watch()
    except KeyboardInterrupt:
        click.echo("\nStopped.")


@click.command()
def serve() -> None:
    """Run the service for own use on this machine, with everything it needs."""
    from outreach.cli.staff import first_administrator
    from outreach.stack import service

    signal.signal(signal.SIGTERM, _stop)
    try:
        with service.running(var_dir() / "serve", demo=False, say=click.echo) as found:
            first_administrator(found.database)
            found.until_it_answers()
            click.echo(f"\n  Outreach:     {found.settings.base_url}/staff/")
            if found.catcher_url:
                click.echo(f"  Mail caught:  {found.catcher_url} (set OUTREACH_SMTP_URL to send for real)")
            found.watch()
    except KeyboardInterrupt:
        click.echo("\nStopped.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run the tests against real servers; ARGUMENTS go to pytest."""
    from outreach.stack.catalogues import compile_catalogues

    try:
        import pytest
    except ImportError:
        raise OutreachError(
            "The tests need requirements-dev.lock; run `python3 -m outreach test` outside any virtual environment."
        ) from None
    compile_catalogues(translations_dir())
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    click.echo(f"Browser tests run in {browser}." if browser else "Browser tests are skipped: no Chromium was found.")
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    sys.exit(int(pytest.main(list(arguments) or [str(Path("tests"))])))

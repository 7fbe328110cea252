"""`outreach sending`: whether letters may leave at all, and a person's word that they go on; for those who restore backups."""

import click

from outreach.campaigns import coming
from outreach.campaigns import sending as acts
from outreach.cli.campaign import writing
from outreach.cli.staff import command_line
from outreach.correspondence import holds, outbox
from outreach.correspondence.words import HoldKind
from outreach.dates import un_instant
from outreach.identity import audit
from outreach.reports.sentences import hold_words


@click.group()
def sending() -> None:
    """Letters of all calls: whether they leave, and going on after a backup was restored."""


@sending.command("state")
def state_command() -> None:
    """Say whether everything is held and why, and what waits in each open call."""
    with writing() as session:
        hold = holds.current(session, None)
        if hold is not None:
            click.echo(hold_words(hold, un_instant(hold.since, "UTC")))
            click.echo(f"  “{hold.reason}”")
        away = holds.out_of_reach(session)
        if away is not None:
            click.echo(f"The mail relay cannot be reached since {un_instant(away.since, 'UTC')}: {away.reason}")
        if hold is None and away is None:
            click.echo("Letters leave.")
        for call in coming.open_campaigns(session):
            waiting, in_hand = outbox.waiting_letters(session, call.id)
            kinds = ", ".join(f"{number} {kind.value}" for kind, number in sorted(waiting.items()))
            click.echo(f"{call.code}: {kinds or 'nothing'} waits; {in_hand} with the relay")
        session.rollback()


@sending.command("hold")
@click.option("--reason", default="Held before a backup was restored.", show_default=True)
def hold_command(reason: str) -> None:
    """Let all letters wait, codes and receipts too, until `outreach sending go-on`."""
    with writing() as session:
        done = holds.stop(session, None, reason, kind=HoldKind.RESTORED)
        if done:
            hold = holds.current(session, None)
            assert hold is not None
            audit.record(session, command_line(), "sending.paused", "sending_hold", hold.id, after={"reason": reason})
        click.echo("Nothing leaves until `outreach sending go-on`." if done else "Everything is held already.")


@sending.command("go-on")
@click.option("--yes", is_flag=True, help="Do not ask.")
def go_on_command(yes: bool) -> None:
    """Let everything go on that was held for all calls: what waits and is due leaves at once."""
    with writing() as session:
        hold = holds.current(session, None)
        if hold is None:
            click.echo("Nothing is held.")
            return
        click.echo(hold_words(hold, un_instant(hold.since, "UTC")))
        click.echo(f"  “{hold.reason}”")
        if not yes:
            click.confirm("What waits leaves at once, though it may have left before. Go on?", abort=True)
        acts.try_again(session, command_line())
        click.echo("The letters go on leaving.")

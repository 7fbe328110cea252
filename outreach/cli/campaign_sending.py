"""`outreach campaign pause`, `resume`, `cancel-rest` and `progress`: what staff do on the call's page while letters leave."""

import time

import click

from outreach.campaigns import queries, sending
from outreach.cli.campaign import campaign, writing
from outreach.cli.staff import command_line
from outreach.correspondence import holds
from outreach.correspondence.progress import Progress, progress
from outreach.dates import un_instant
from outreach.errors import Refused
from outreach.i18n import _, ngettext
from outreach.reports.sentences import hold_words, time_left_words

__all__ = ["campaign"]

_LOOK = 5.0
"""Seconds between two looks of `progress --follow`."""


@campaign.command("pause")
@click.argument("code")
@click.option("--reason", default="", help="What colleagues read on the call's page.")
def pause_command(code: str, reason: str) -> None:
    """Let the letters of a campaign wait, also those that a sender has claimed. Codes and receipts leave nevertheless."""
    with writing() as session:
        if sending.pause(session, queries.campaign_by_code(session, code).id, reason, command_line()):
            click.echo(_("Sending is paused. What the relay has taken already cannot be called back."))
        else:
            click.echo("Sending is paused already; the first reason stays.")


@campaign.command("resume")
@click.argument("code")
def resume_command(code: str) -> None:
    """Let the letters of a paused campaign go on."""
    with writing() as session:
        campaign_id = queries.campaign_by_code(session, code).id
        resumed = sending.resume(session, campaign_id, command_line())
        hold = holds.current(session, campaign_id)
        if hold is not None:
            click.echo(hold_words(hold, un_instant(hold.since, "UTC")))
            click.echo("All calls are held by that: `outreach sending go-on` lets them go on.")
        else:
            click.echo(_("The letters go on leaving.") if resumed else "Sending is not paused.")


@campaign.command("cancel-rest")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
def cancel_command(code: str, yes: bool) -> None:
    """Cancel what has not left of a paused campaign; who was to be asked by it stands as not asked."""
    with writing() as session:
        campaign_id = queries.campaign_by_code(session, code).id
        if holds.current(session, campaign_id) is None:
            raise Refused(_("Please pause the sending first: letters would leave while the rest is cancelled."))
        rest = sending.rest(session, campaign_id)
        number = rest.number
        session.rollback()
        if not number and not rest.in_hand:
            click.echo(_("Nothing waits that could be cancelled."))
            return
        if not yes:
            click.confirm(ngettext("Cancel %(num)s letter", "Cancel %(num)s letters", number), abort=True)
        done = sending.cancel_rest(session, campaign_id, command_line())
        click.echo(ngettext("%(num)s letter is cancelled.", "%(num)s letters are cancelled.", done.number))
        if done.in_hand:
            click.echo(
                ngettext(
                    "%(num)s letter is with the relay at this moment, so the pause stays. Please look again in a minute.",
                    "%(num)s letters are with the relay at this moment, so the pause stays. Please look again in a minute.",
                    done.in_hand,
                )
            )


@campaign.command("progress")
@click.argument("code")
@click.option("--follow", is_flag=True, help="Look again every five seconds until nothing waits.")
def progress_command(code: str, follow: bool) -> None:
    """Say how many letters have left, how fast, and why nothing moves."""
    while True:
        with writing() as session:
            found = queries.campaign_by_code(session, code)
            if found.launched_at is None:
                click.echo(_("In preparation: nothing has been sent."))
                return
            now = progress(session, found.id)
            click.echo(" · ".join(_said(now)))
            hold, away = holds.current(session, found.id), holds.out_of_reach(session)
            if hold is not None:
                click.echo(hold_words(hold, un_instant(hold.since, found.deadline_zone)))
                if hold.reason:
                    click.echo(f"  “{hold.reason}”")
            elif away is not None:
                since = un_instant(away.since, found.deadline_zone)
                click.echo(
                    _(
                        "The mail relay cannot be reached. It is tried again every minute since %(instant)s; nothing is lost.",
                        instant=since,
                    )
                )
            session.rollback()
        if not follow or not now.waiting:
            return
        time.sleep(_LOOK)


def _said(now: Progress) -> list[str]:
    number = now.sent + now.refused + now.failed + now.waiting
    said = [
        ngettext("%(sent)s of %(num)s letter has left", "%(sent)s of %(num)s letters have left", number, sent=now.sent)
    ]
    if now.waiting:
        said.append(ngettext("%(num)s waits", "%(num)s wait", now.waiting))
    if now.refused:
        said.append(
            ngettext("%(num)s was refused by its address", "%(num)s were refused by their addresses", now.refused)
        )
    if now.failed:
        said.append(ngettext("%(num)s could not be sent", "%(num)s could not be sent", now.failed))
    if now.per_minute:
        said.append(ngettext("%(num)s letter in the last minute", "%(num)s letters in the last minute", now.per_minute))
    if time_left_words(now.time_left):
        said.append(time_left_words(now.time_left))
    return said

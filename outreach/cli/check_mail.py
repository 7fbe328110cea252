"""`outreach check mail`: what a receiving server would object to, before anything is sent; with an address also a test letter."""

import sys
import time
import uuid
from collections.abc import Iterable

import click

from outreach import clock, config
from outreach.correspondence.acceptance import Finding, Level
from outreach.errors import Invalid, OutreachError

_RESERVED = frozenset({"example", "test", "invalid"})
_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


@click.command("mail")
@click.argument("address", required=False)
@click.option("--dkim-record", is_flag=True, help="Only print what DNS is to say of the keys that sign.")
@click.option("--wait", default=20, show_default=True, help="Seconds to wait until the test letter has left.")
def mail(address: str | None, dkim_record: bool, wait: int) -> None:
    """Look at settings, relay, DNS and letters as a receiving server would; exit 1 where something is to be mended.

    With ADDRESS one test letter goes there, through the outbox like all others.
    """
    from outreach.correspondence.acceptance.at_relay import look_at_relay
    from outreach.correspondence.acceptance.in_dns import Dns, look_into_dns
    from outreach.correspondence.acceptance.in_letters import look_at_letters
    from outreach.correspondence.acceptance.wiring import look_at_settings

    settings = config.settings()
    to = _checked(address) if address is not None else None
    if dkim_record:
        _print_records()
        return
    failed = _say("settings", look_at_settings(settings))
    failed |= _say("relay", look_at_relay(settings))
    if settings.demo:
        click.echo(f"{'':5} DNS: not asked, since the names of a demonstration are in no DNS")
    else:
        failed |= _say("DNS", look_into_dns(settings, Dns()))
    try:
        failed |= _say("letters", look_at_letters(settings))
    except OutreachError as wrong:
        click.echo(f"FAIL  letters: {wrong.message}")
        failed = True
    if to is not None and not failed:
        _send(to, wait)
    sys.exit(int(failed))


def _say(part: str, findings: Iterable[Finding]) -> bool:
    """Print a line each; whether one of them is a failure."""
    failed = False
    for found in findings:
        click.echo(f"{click.style(f'{found.level.value:5}', fg=_COLOURS[found.level])} {part}: {found.words}")
        failed |= found.level is Level.FAIL
    return failed


def _print_records() -> None:
    from outreach.correspondence.signing import signer, zone_lines

    keys = signer(config.settings())
    if keys is None:
        raise OutreachError("OUTREACH_DKIM_KEYS names no key, so letters are not signed.")
    for key in keys.keys:
        click.echo(zone_lines(keys.domain, key))


def _checked(address: str) -> str:
    """The address, as it may be written to; what is wrong with it is said before anything is looked at."""
    from outreach.directory.addresses import checked_address

    to = checked_address(address)
    if config.settings().demo and to.rpartition(".")[2].lower() not in _RESERVED:
        raise Invalid(
            "This is a demonstration: a test letter goes only to addresses that end with .example, .test or .invalid."
        )
    return to


def _send(to: str, wait: int) -> None:
    """Queue a test letter, and say what became of it within some seconds."""
    from outreach.correspondence import accounts, queries
    from outreach.correspondence.words import LetterState
    from outreach.db import Database

    words = "This letter was sent to see how mail of this service arrives. Nothing is to be done."
    database = Database(config.settings().database_url, pool_size=1)
    with database.write() as session:
        occasion = f"check {clock.now():%Y%m%dT%H%M%S} {uuid.uuid4().hex[:8]}"
        letter_id = accounts.queue_mail(session, to, "Test letter", words, "en", occasion=occasion, warning=True)
    assert letter_id is not None
    for _second in range(wait + 1):
        with database.read() as session:
            line = queries.letter(session, letter_id)
        if line.settled_at is not None or not wait:
            break
        time.sleep(1)
    if line.state is LetterState.SENT:
        click.echo(f"The test letter to {to} was taken by the relay.")
    elif line.settled_at is not None:
        raise OutreachError(f"The test letter to {to} did not leave: {line.reason}")
    else:
        click.echo(f"The test letter to {to} waits in the outbox; a worker sends it.")

"""The commands that production runs: `web`, `worker`, `beat`, `migrate`, `check`. All settings come from the environment."""

import os
import sys

import click

from outreach import config
from outreach.cli.check_mail import mail


def _become(*command: str) -> None:
    """Replace this process, so that signals reach the program itself. The settings are checked first."""
    config.settings()
    os.execv(sys.executable, [sys.executable, "-m", *command])


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="HOST:PORT to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=4, show_default=True, help="Threads a process.")
def web(bind: str, workers: int, threads: int) -> None:
    """Serve the pages."""
    _become(
        "gunicorn", "--preload", "--bind", bind, "--workers", str(workers), "--threads", str(threads),
        "--access-logfile", "-", "--access-logformat", '%(t)s %(m)s %(s)s %(M)sms', "outreach.app:serving()",
    )  # fmt: skip


@click.command()
@click.option("--processes", default=2, show_default=True, help="Letters are sent by so many processes.")
def worker(processes: int) -> None:
    """Send letters and do what is due; as many workers as you like."""
    from outreach.correspondence import signing

    # A key that can't sign is said now, not at the first letter.
    signing.signer(config.settings())
    _become(
        "celery",
        "-A",
        "workers.app",
        "worker",
        "-c",
        str(processes),
        "--without-gossip",
        "--without-mingle",
        "-l",
        "INFO",
    )


@click.command()
@click.option("--schedule", default="/tmp/outreach-beat", show_default=True, help="A file of the beat's own.")  # noqa: S108 - it holds no data
def beat(schedule: str) -> None:
    """Ring for what is due; one in all."""
    _become("celery", "-A", "workers.beat", "beat", "-s", schedule, "--pidfile=", "-l", "INFO")


@click.command()
def lmtp() -> None:
    """Take mail from our own mail server by LMTP, where OUTREACH_LMTP_LISTEN says; as many as you like behind one address."""
    import signal
    import threading

    from outreach import doorbell
    from outreach.db import Database
    from outreach.errors import OutreachError
    from outreach.i18n import _
    from outreach.inbox.lmtp import listener
    from outreach.storage import Storage

    settings = config.settings()
    if settings.lmtp_listen is None:
        raise OutreachError(_("OUTREACH_LMTP_LISTEN names no address."))
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    database = Database(settings.database_url)
    listening = listener(
        database, Storage(settings.storage), settings.lmtp_listen, kept=lambda: doorbell.ring(doorbell.MAIL)
    )
    listening.start()
    click.echo(f"Listening at {settings.lmtp_listen[0]}:{settings.lmtp_listen[1]}")
    stopping.wait()
    listening.stop()
    database.dispose()


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema, with the 195 States."""
    from outreach.db import Database
    from outreach.db import migrate as bring
    from outreach.directory.seed import seed_states

    url = config.settings().database_url
    bring(url)
    database = Database(url)
    with database.write() as session:
        seed_states(session)
    click.echo("The database is at the newest schema.")


@click.group(invoke_without_command=True)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Say whether settings, database, broker, storage, mail relay, mailbox and scanner are as they should be; exit 1 where one is not."""
    if ctx.invoked_subcommand:
        return
    config.settings()
    click.echo("settings   as they should be")
    failed = False
    probes = {"database": _database, "broker": _broker, "storage": _storage, "relay": _relay}
    if config.settings().inbox_url:
        probes["mailbox"] = _mailbox
    if config.settings().clamd_url:
        probes["scanner"] = _scanner
    for name, probe in probes.items():
        try:
            probe()
            click.echo(f"{name:10} as it should be")
        except Exception as error:  # noqa: BLE001 - whatever is wrong is said, and the others are still looked at
            failed = True
            click.echo(f"{name:10} {type(error).__name__}: {error}")
    if "scanner" not in probes:
        click.echo("scanner    none is set: files of others are not scanned")
    sys.exit(int(failed))


check.add_command(mail)


def _database() -> None:
    from alembic import command

    from outreach import schema
    from outreach.db import alembic_config

    assert schema.ALL
    command.check(alembic_config(config.settings().database_url))


def _broker() -> None:
    from kombu import Connection

    with Connection(config.settings().broker_url, transport_options={"socket_connect_timeout": 5}) as broker:
        broker.ensure_connection(max_retries=0)


def _storage() -> None:
    from outreach.storage import Storage

    kept = Storage(config.settings().storage)
    kept.get(kept.put(b"outreach check"))


def _relay() -> None:
    from outreach.correspondence.transport import Relay

    relay = Relay(config.settings())
    relay.open()
    relay.close()


def _mailbox() -> None:
    from outreach.inbox.fetching import look

    look(config.settings())


def _scanner() -> None:
    from outreach import scanning

    scanning.version()

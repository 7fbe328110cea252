"""The command line. Each command's module is loaded when it is called, so that none pays for the others."""

import importlib
import sys

import click

from outreach import i18n
from outreach.errors import Invalid, OutreachError

COMMANDS = {
    "demo": "run:demo",
    "serve": "run:serve",
    "test": "run:test",
    "web": "production:web",
    "worker": "production:worker",
    "beat": "production:beat",
    "migrate": "production:migrate",
    "check": "production:check",
    "directory": "directory:directory",
    "campaign": "campaign_notes:campaign",
    "sending": "sending:sending",
    "staff": "staff:staff",
    "inbox": "inbox:inbox",
    "lmtp": "production:lmtp",
    "questionnaire": "questionnaire:questionnaire",
}


_NO_TABLE_OR_COLUMN = ("42P01", "42703")


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, name = where.split(":")
        command: click.Command = getattr(importlib.import_module(f"outreach.cli.{module}"), name)
        return command


@click.group(cls=_Commands)
def outreach() -> None:
    """Ask every State a question, and make sure that each answer arrives, is seen, counted and published."""


def main() -> None:
    """Run the command line; what went wrong is said in sentences, and the exit status is 1."""
    with i18n.speaking("en"):
        try:
            outreach(prog_name="outreach")
        except OutreachError as error:
            click.echo(error.message, err=True)
            if isinstance(error, Invalid):
                for fault in error.faults:
                    click.echo(f"  - {fault}", err=True)
            sys.exit(1)
        except Exception as error:
            sentence = _of_database(error)
            if sentence is None:
                raise
            click.echo(sentence, err=True)
            sys.exit(1)


def _of_database(error: Exception) -> str | None:
    """What to do about a database that can't be reached or is not as this version needs it; None for any other error."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    if isinstance(error, OperationalError):
        return f"The database can't be used: {str(error.orig).strip()}"
    if isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", "") in _NO_TABLE_OR_COLUMN:
        return "The database is not at the schema of this version. Next: outreach migrate"
    return None

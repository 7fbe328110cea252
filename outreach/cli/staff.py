"""`outreach staff`: accounts of the secretariat's staff."""

import getpass

import click

from outreach import i18n
from outreach.config import settings
from outreach.db import Database
from outreach.directory.addresses import checked_address
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.identity import service as identity
from outreach.identity.audit import Actor
from outreach.identity.words import StaffRole


@click.group()
def staff() -> None:
    """Accounts of the secretariat's staff."""


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that pages and the audit trail show.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in StaffRole]),
    default=StaffRole.MANAGER.value,
    show_default=True,
    help="What the account may do.",
)
def add(email: str, name: str, role: str) -> None:
    """Add an account and print a sign-in link that works once, within a day."""
    database = Database(settings().database_url)
    try:
        with i18n.speaking("en"), database.write() as session:
            member = identity.add_staff(
                session,
                email=checked_address(email),
                name=name,
                role=StaffRole(role),
                password=None,
                actor=command_line(),
            )
            link = f"{settings().base_url}/staff/enter/{identity.entry_token(member)}"
    finally:
        database.dispose()
    click.echo(_("The account was added. This link signs in once, within 24 hours:"))
    click.echo(link)


@staff.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a new sign-in link for an account that exists, for example after a lost password."""
    database = Database(settings().database_url)
    try:
        with i18n.speaking("en"), database.read() as session:
            member = next((one for one in identity.all_staff(session) if one.email.lower() == email.lower()), None)
            if member is None or not member.active:
                raise Invalid(_("There is no active account with the address %(email)s.", email=email))
            click.echo(f"{settings().base_url}/staff/enter/{identity.entry_token(member)}")
    finally:
        database.dispose()


def command_line() -> Actor:
    """Whoever types, as the audit trail names them."""
    return Actor(_("command line (%(user)s)", user=getpass.getuser()))


def first_administrator(database: Database) -> None:
    """Ask for a first administrator where nobody has an account yet, and print a sign-in link."""
    with i18n.speaking("en"):
        with database.read() as session:
            if not identity.is_empty(session):
                return
        click.echo(_("Nobody has an account yet. Please name the first administrator."))
        while True:
            email, name = click.prompt(_("E-mail address")), click.prompt(_("Name"))
            try:
                with database.write() as session:
                    member = identity.add_staff(
                        session,
                        email=checked_address(email),
                        name=name,
                        role=StaffRole.ADMINISTRATOR,
                        password=None,
                        actor=command_line(),
                    )
                    address = f"{settings().base_url}/staff/enter/{identity.entry_token(member)}"
            except Invalid as fault:
                click.echo(fault.message, err=True)
                continue
            click.echo(_("Sign in with this link; it works once, within 24 hours:"))
            click.echo(f"  {address}")
            return

"""The secretariat of the play: its staff, the directory, the campaign and its launch, and what its staff do on their pages."""

import uuid
from pathlib import Path

from outreach import i18n
from outreach.campaigns import launch, service
from outreach.campaigns.folder import read_folder
from outreach.db import Database
from outreach.directory import queries as directory
from outreach.directory.importing import import_file
from outreach.errors import Invalid
from outreach.identity import service as identity
from outreach.identity.audit import Actor
from outreach.identity.models import Staff
from outreach.identity.words import StaffRole
from outreach.rehearsal.visitor import Page, Visitor
from outreach.rehearsal.world import World
from outreach.storage import Storage

SAMPLE = Path(__file__).resolve().parent.parent / "campaigns" / "sample"
ADMINISTRATOR = "administrator@secretariat.example"
MANAGER = "campaigns@secretariat.example"
_PLAY = Actor("the rehearsal")


def open_office(database: Database) -> None:
    """The staff, each with an account."""
    with i18n.speaking("en"), database.write() as session:
        for email, name, role in (
            (ADMINISTRATOR, "Amal Example", StaffRole.ADMINISTRATOR),
            (MANAGER, "Robin Example", StaffRole.MANAGER),
        ):
            identity.add_staff(session, email=email, name=name, role=role, password=None, actor=_PLAY)


def fill_directory(database: Database, world: World) -> None:
    """Import the world's missions, as staff import a list. Raises Invalid where a row is not taken."""
    with i18n.speaking("en"), database.write() as session:
        table = world.table(directory.states(session, "en"))
        report = import_file(session, table, "rehearsal.csv", _PLAY)
        if report.faults or report.unmatched:
            raise Invalid("The directory of the rehearsal was not taken whole.")


def import_sample(database: Database, storage: Storage) -> uuid.UUID:
    """The sample campaign, not launched yet."""
    with i18n.speaking("en"), database.write() as session:
        return service.import_folder(session, storage, read_folder(SAMPLE), _PLAY).id


def launch_sample(database: Database, campaign_id: uuid.UUID) -> None:
    """Ask all missions. Links are not tried: the rehearsal speaks to nobody but itself."""
    with i18n.speaking("en"), database.write() as session:
        launch.launch(session, campaign_id, _PLAY)


def administrator(database: Database) -> Staff:
    """The account that the demonstration's sign-in link is for."""
    with database.read() as session:
        return next(member for member in identity.all_staff(session) if member.email == ADMINISTRATOR)


class Desk(Visitor):
    """A member of staff at their desk, signed in by a one-time link."""

    def __init__(self, base_url: str, database: Database, email: str = MANAGER) -> None:
        super().__init__(base_url)
        with database.read() as session:
            member = next(one for one in identity.all_staff(session) if one.email == email)
            token = identity.entry_token(member)
        self.send(self.open(f"/staff/enter/{token}?lang=en"), f"/staff/enter/{token}")

    def record_mail(self, reason: str) -> Page:
        """Find in the tray the mail that waits first, and record it as the reply of its State, with the file that it carries."""
        page = self.open(self.open("/staff/mail").link("/staff/mail/"))
        return self.send(page, "/record", {"behalf": "state", "reason": reason})

    def grant(self, code: str, reason: str) -> Page:
        """Grant the request for more time that waits, until the day that was asked for."""
        page = self.open(f"/staff/campaigns/{code}/deadline")
        (field,) = page.form("/grant").xpath(".//textarea/@name")
        return self.send(page, "/grant", {str(field): reason})

    def board(self, code: str) -> Page:
        """The board of a call."""
        return self.open(f"/staff/campaigns/{code}")

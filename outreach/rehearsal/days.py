"""The play's calendar: the clock of all processes moves from day to day, and only when no letter is on its way."""

import time
import uuid
from datetime import date, datetime
from datetime import time as hour
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach import clock, doorbell
from outreach.campaigns import reminders
from outreach.correspondence import queries as letters
from outreach.db import Database
from outreach.inbox import queries as inbox
from outreach.rehearsal.visitor import PlayError

ZONE = "Europe/Zurich"
PATIENCE = 300.0
"""Seconds of real time that the play waits for letters to leave."""


class Days:
    """Moves the clock of the service at `clock_file`."""

    def __init__(self, database: Database, clock_file: Path) -> None:
        self._database = database
        self._clock_file = clock_file

    def begin(self, day: date, at: hour) -> None:
        """Go on at this hour in Geneva, once all letters of the former day have left."""
        self.quiet()
        clock.move_to(datetime.combine(day, at, ZoneInfo(ZONE)), self._clock_file)

    def remind(self, campaign_id: uuid.UUID, day: date, at: hour) -> None:
        """Go on at an hour at which reminders are due, ring for them, and wait until they have left. Raises PlayError where none does."""
        # Counted before the clock moves: the beat looks as well, and may be quicker.
        self.quiet()
        before = self._reminded(campaign_id)
        self.begin(day, at)
        doorbell.ring(doorbell.REMINDERS)
        limit = time.monotonic() + PATIENCE
        while self._reminded(campaign_id) == before:
            if time.monotonic() > limit:
                raise PlayError("the reminders that were due did not leave")
            time.sleep(0.1)
        self.quiet()

    def take_in(self, subject: str) -> None:
        """Ring for the mailbox, and wait until a mail that is about this has been read and understood. Raises PlayError where none comes."""
        doorbell.ring(doorbell.MAILBOX)
        limit = time.monotonic() + PATIENCE
        while True:
            with self._database.read() as session:
                if inbox.has_come(session, subject):
                    return
            if time.monotonic() > limit:
                raise PlayError(f"no mail was taken in about: {subject}")
            time.sleep(0.05)

    def quiet(self) -> None:
        """Wait until no letter is due or on its way: a moved clock would end the lease of one that is being sent."""
        limit = time.monotonic() + PATIENCE
        while True:
            with self._database.read() as session:
                waiting = letters.waiting(session)
            if not waiting:
                return
            if time.monotonic() > limit:
                raise PlayError(f"{waiting} letters did not leave")
            time.sleep(0.05)

    def _reminded(self, campaign_id: uuid.UUID) -> int:
        with self._database.read() as session:
            return sum(step.sent for step in reminders.plan(session, campaign_id))

"""What a scene has at hand: the service at work, the world's people, the calendar, the secretariat's desk."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from outreach.db import Database
from outreach.rehearsal.acts import Stage
from outreach.rehearsal.days import Days
from outreach.rehearsal.secretariat import Desk
from outreach.rehearsal.world import World

CODE = "KH-2027"
"""The code of the sample campaign."""


@dataclass
class Company:
    """All that the play works with."""

    database: Database
    stage: Stage
    world: World
    days: Days
    campaign_id: uuid.UUID

    @cached_property
    def desk(self) -> Desk:
        """The secretariat's own desk, signed in once."""
        return Desk(self.stage.base_url, self.database)

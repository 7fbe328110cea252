"""The whole rehearsal, from an empty database to the eve of the last reminder."""

import random
from collections.abc import Callable
from datetime import date
from datetime import time as hour

from outreach import i18n
from outreach.directory import queries as directory
from outreach.rehearsal import secretariat
from outreach.rehearsal.acts import Stage
from outreach.rehearsal.company import Company
from outreach.rehearsal.crowd import crowd
from outreach.rehearsal.days import Days
from outreach.rehearsal.mail import Mailboxes
from outreach.rehearsal.scenes import RESERVED, SCENES
from outreach.rehearsal.world import SEED, make_world
from outreach.stack.service import Running
from outreach.storage import Storage

Progress = Callable[[int, str], None]
"""Percent done, and what is being played."""

LAUNCH = date(2027, 1, 12)
REMINDED = (date(2027, 2, 12), date(2027, 2, 21), date(2027, 2, 26))
"""The first two steps of the sample's plan, and the first step of the State whose deadline was extended."""
_MORNING, _REMINDING = hour(8, 30), hour(9, 5)


def launch(found: Running) -> Company:
    """Open the secretariat's office, fill the directory, launch the sample campaign, and wait until its letters have left."""
    assert found.letterbox is not None
    assert found.settings.clock_file is not None
    days = Days(found.database, found.settings.clock_file)
    days.begin(date(2027, 1, 11), _MORNING)
    with i18n.speaking("en"), found.database.read() as session:
        world = make_world(directory.states(session, "en"), RESERVED)
    secretariat.open_office(found.database)
    secretariat.fill_directory(found.database, world)
    campaign_id = secretariat.import_sample(found.database, Storage(found.settings.storage))
    days.begin(LAUNCH, _MORNING)
    secretariat.launch_sample(found.database, campaign_id)
    days.quiet()
    chance = random.Random(SEED)  # noqa: S311 - a play, not a secret
    stage = Stage(found.settings.base_url, found.settings.smtp_url, Mailboxes(found.letterbox), chance)
    return Company(found.database, stage, world, days, campaign_id)


def play(found: Running, progress: Progress) -> Company:
    """Play everything; the clock stands after the deadline in the end, and the reminder after it is still to come."""
    progress(2, "The secretariat launches the call")
    company = launch(found)
    others = crowd(company.world)
    calendar = sorted({*SCENES, *others, *REMINDED})
    for place, day in enumerate(calendar):
        progress(20 + 78 * place // len(calendar), f"{day:%d %B %Y}")
        if day in REMINDED:
            company.days.remind(company.campaign_id, day, _REMINDING)
        else:
            company.days.begin(day, _MORNING)
        for act in (*others.get(day, ()), *SCENES.get(day, ())):
            act(company)
    company.days.quiet()
    progress(100, "")
    return company

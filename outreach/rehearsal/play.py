"""The whole rehearsal, from an empty database to the eve of the last reminder."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
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
from outreach.rehearsal.scenes import RESERVED, SCENES, Act
from outreach.rehearsal.world import SEED, make_world
from outreach.stack.service import Running
from outreach.storage import Storage

Progress = Callable[[int, str], None]
"""Percent done, and what is being played."""

LAUNCH = date(2027, 1, 12)
REMINDED = (date(2027, 2, 12), date(2027, 2, 21), date(2027, 2, 26))
"""The first two steps of the sample's plan, and the first step of the State whose deadline was extended."""
_MORNING, _REMINDING = hour(8, 30), hour(9, 5)
_AT_ONCE = 3
"""So many act side by side: while one waits for a letter, another is at a page. No State acts twice on a day, but in the scenes."""


def launch(found: Running) -> Company:
    """Open the secretariat's office, fill the directory, launch the sample campaign, and wait until its letters have left and the pages
    can be opened."""
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
    found.until_it_answers()
    stage = Stage(found.settings.base_url, found.settings.smtp_url, Mailboxes(found.letterbox), SEED)
    return Company(found.database, stage, world, days, campaign_id)


def play(found: Running, progress: Progress) -> Company:
    """Play everything; the clock stands after the deadline in the end, and the reminder after it is still to come."""
    progress(2, "The secretariat launches the call")
    company = launch(found)
    others = crowd(company.world)
    calendar = sorted({*SCENES, *others, *REMINDED})
    hands = ThreadPoolExecutor(_AT_ONCE)
    try:
        for place, day in enumerate(calendar):
            progress(20 + 78 * place // len(calendar), f"{day:%d %B %Y}")
            if day in REMINDED:
                company.days.remind(company.campaign_id, day, _REMINDING)
            else:
                company.days.begin(day, _MORNING)
            acts: list[Iterable[Act]] = [SCENES.get(day, ()), *((act,) for act in others.get(day, ()))]
            for done in [hands.submit(_one_after_another, company, some) for some in acts]:
                done.result()
    finally:
        hands.shutdown(cancel_futures=True)
    company.days.quiet()
    progress(100, "")
    return company


def _one_after_another(company: Company, some: Iterable[Act]) -> None:
    for act in some:
        act(company)

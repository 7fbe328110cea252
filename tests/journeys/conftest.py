"""One running service with the rehearsal's world, and one Chromium, for all journeys; nothing of them is left to other tests."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from outreach.cli.run import BROWSERS
from outreach.rehearsal import play
from outreach.rehearsal.company import Company
from tests.journeys.person import Person, Staff
from tests.stack.embedded import embedded

PATIENCE = 60_000
"""Milliseconds that a page may take: a journey says whether a page works, not how fast the machine is."""

NARROW, WIDE, HEIGHT = 360, 1280, 900
"""The widths of a telephone and of a screen on a desk, and the height of both, in pixels."""

SitsDown = Callable[..., Person]

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; without one the journeys are skipped."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("No Chromium was found: the journeys in a browser are not tried.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@contextmanager
def running_world(folder: Path) -> Iterator[Company]:
    """The whole service in a folder, with the world of the rehearsal; its call is launched, its letters have left."""
    with embedded(folder) as found:
        yield play.launch(found)


@pytest.fixture(scope="package")
def company(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The world. It needs the browser first, so that nothing starts where there is none."""
    with running_world(tmp_path_factory.mktemp("journeys")) as launched:
        yield launched


def new_person(browser: Browser, company: Company, language: str, *, width: int = WIDE, scripts: bool = True) -> Person:
    """Somebody at a browser of their own, with cookies of their own; `scripts` False: one that runs none."""
    context = browser.new_context(
        base_url=company.stage.base_url,
        locale=language,
        viewport={"width": width, "height": HEIGHT},
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return Person(context.new_page(), company, language)


@pytest.fixture
def sits_down(chromium: Browser, company: Company) -> Iterator[SitsDown]:
    """Seats people at browsers until the end of the test: `sits_down("fr", width=NARROW)`."""
    with ExitStack() as leaving:

        def seat(language: str, *, width: int = WIDE, scripts: bool = True) -> Person:
            person = new_person(chromium, company, language, width=width, scripts=scripts)
            leaving.callback(person.page.context.close)
            return person

        yield seat


@pytest.fixture
def desk(sits_down: SitsDown) -> Staff:
    """A member of staff who has signed in, and reads English."""
    staff = Staff.of(sits_down("en"))
    staff.signs_in()
    return staff

"""One running service with the rehearsal's world, and one Chromium, for all journeys; nothing of them is left to other tests."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from outreach import config
from outreach.rehearsal import play
from outreach.rehearsal.company import Company
from outreach.stack import places, service
from outreach.stack.ports import HOST
from tests.journeys.person import Person, Staff

PATIENCE = 20_000
"""Milliseconds that a page may take: a journey says whether a page works, not how fast the machine is."""

NARROW, WIDE = 360, 1280
"""A telephone and a desk."""

SitsDown = Callable[..., Person]

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; without one the journeys are skipped."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
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
    """The whole service in a folder, with the world of the rehearsal and its call launched."""
    with service.running(folder, demo=True, say=lambda _words: None) as found:
        yield play.launch(found)


@pytest.fixture(scope="package")
def company(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The world, its letters sent. Needs the browser first, so that nothing starts where there is none."""
    folder = tmp_path_factory.mktemp("journeys")
    before = {name: value for name, value in os.environ.items() if name.startswith("OUTREACH_")}
    with pytest.MonkeyPatch.context() as patch:
        # Two services that start at once must not look for the same port.
        for name in ("WEB_PORT", "CATCHER_PORT", "SMTP_PORT"):
            patch.setattr(service, name, _unused_port())
        try:
            with running_world(folder) as launched:
                yield launched
        finally:
            for name in [name for name in os.environ if name.startswith("OUTREACH_")]:
                del os.environ[name]
            os.environ.update(before)
            config.use(None)
            # As root it may lie elsewhere, where pytest does not tidy up.
            places.remove(folder / "postgres")


def _unused_port() -> int:
    with socket.socket() as asking:
        asking.bind((HOST, 0))
        port: int = asking.getsockname()[1]
        return port


@pytest.fixture
def sits_down(chromium: Browser, company: Company) -> Iterator[SitsDown]:
    """Seats people, each at a browser of their own: `sits_down("fr", width=NARROW)`."""
    with ExitStack() as leaving:

        def seat(language: str, *, width: int = WIDE, scripts: bool = True) -> Person:
            context = chromium.new_context(
                base_url=company.stage.base_url,
                locale=language,
                viewport={"width": width, "height": 900},
                java_script_enabled=scripts,
                reduced_motion="reduce",
            )
            leaving.callback(context.close)
            context.set_default_timeout(PATIENCE)
            return Person(context.new_page(), company, language)

        yield seat


@pytest.fixture
def desk(sits_down: SitsDown) -> Staff:
    """A member of staff who has signed in, and reads English."""
    staff = Staff.of(sits_down("en"))
    staff.signs_in()
    return staff

"""The task that reads the mailbox, and the beat that rings for it only where there is one."""

from collections.abc import Iterator

import pytest
from celery import Celery
from sqlalchemy.orm import Session

from outreach import config
from outreach.config import Settings
from tests.inbox.conftest import Folder, folder, imap_port  # noqa: F401 - fixtures
from tests.inbox.mails import all_mail, mail
from tests.test_config import GOOD
from workers.schedule import schedule


@pytest.fixture
def app(folder: Folder) -> Iterator[Celery]:  # noqa: F811
    """The application as a worker has it, with the folder as its mailbox."""
    from workers import app as module

    config.use(folder.settings())
    module.database.cache_clear()
    module.app.loader.import_default_modules()
    yield module.app
    module.database().dispose()
    module.database.cache_clear()


def test_the_task_takes_in_what_is_unseen(app: Celery, folder: Folder, session: Session, settings: Settings) -> None:  # noqa: F811
    folder.deliver(mail("One"), mail("Two"))
    app.tasks["workers.inbox.fetch"]()
    app.tasks["workers.inbox.fetch"]()
    assert sorted(one.subject for one in all_mail(session)) == ["One", "Two"]


@pytest.mark.parametrize(("url", "rings"), [("", False), ("imaps://a:b@mail.example/INBOX", True)])
def test_the_beat_rings_for_the_mailbox_only_where_there_is_one(url: str, rings: bool) -> None:
    tasks = {entry["task"] for entry in schedule(config.load({**GOOD, "OUTREACH_INBOX_URL": url})).values()}
    assert ("workers.inbox.fetch" in tasks) is rings

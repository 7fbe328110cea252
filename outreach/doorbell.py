"""The doorbell: after a commit, ask a worker to look now. The database is the truth; a ring that is lost costs at most a beat tick."""

import logging
from functools import lru_cache

from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy.orm import Session

from outreach import config

log = logging.getLogger(__name__)

LETTERS = "workers.correspondence.send_due"
MAIL = "workers.inbox.understand"
MAILBOX = "workers.inbox.fetch"
ORDERS = "workers.campaigns.carry_out"
REMINDERS = "workers.campaigns.remind"


@lru_cache(maxsize=4)
def _sender(broker_url: str) -> Celery:
    app = Celery(broker=broker_url, set_as_current=False)
    app.conf.update(
        broker_connection_timeout=2,
        # Tried once: a person's page must not wait for a broker that is away.
        broker_transport_options={"max_retries": 0},
        task_ignore_result=True,
        task_serializer="json",
    )
    return app


def after_commit(session: Session, task: str) -> None:
    """Ring for `task` (a name from this module) once the session's transaction is committed."""
    session.info.setdefault("bells", set()).add(task)


def ring_collected(session: Session) -> None:
    """Ring for what was collected; a broker that is away is logged and left to the beat."""
    for task in sorted(session.info.pop("bells", set())):
        ring(task)


def ring(task: str) -> None:
    """Ask a worker to run the task now."""
    try:
        _sender(config.settings().broker_url).send_task(task, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no bell for %s, the next beat will do it: %s", task, error)

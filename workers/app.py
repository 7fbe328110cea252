"""The Celery application. The database is the truth; a task that is lost or runs twice changes nothing."""

import gc
from functools import lru_cache
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from outreach import config, schema
from outreach.db import Database
from outreach.storage import Storage

assert schema.ALL

app = Celery(
    "outreach",
    broker=config.settings().broker_url,
    include=["workers.correspondence", "workers.campaigns", "workers.inbox"],
)
app.conf.update(
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    # With the defaults, a task of a killed worker came back after 108 s instead of 15 s.
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    },
    timezone="UTC",
    # On a busy machine a process that takes longer than four seconds to begin is not a dead one.
    worker_proc_alive_timeout=60,
    worker_hijack_root_logger=False,
)


@lru_cache(maxsize=1)
def database() -> Database:
    """This process's database."""
    return Database(config.settings().database_url, pool_size=4)


def storage() -> Storage:
    """The file storage."""
    return Storage(config.settings().storage)


@worker_process_init.connect
def _begin_process(**_: Any) -> None:
    # A forked process must not share its parent's connections.
    database.cache_clear()
    # All that is loaded stays loaded: looking through it for garbage took a tenth of the time of sending.
    gc.freeze()

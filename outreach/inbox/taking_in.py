"""Mail from wherever it comes: kept and committed first, understood in a transaction of its own. What fails then is begun again later.

Like delivery, this takes the database and not a session: whatever a mail does to the process that reads it, it is kept by then.
"""

import logging
import uuid
from datetime import datetime

from outreach import i18n
from outreach.db import Database
from outreach.identity.audit import SERVICE, Actor
from outreach.inbox import keeping, thinking
from outreach.inbox.keeping import Kept
from outreach.inbox.thinking import TookTooLong
from outreach.storage import Storage

log = logging.getLogger(__name__)

AT_ONCE = 20
"""So many mails one takes for itself at a time: within `keeping.LEASE` even where each takes as long as it may."""


def keep(
    database: Database,
    storage: Storage,
    raw: bytes,
    source: str,
    *,
    arrived_at: datetime | None = None,
    silent: bool = False,
    begun: bool = True,
    actor: Actor = SERVICE,
) -> Kept:
    """Keep a mail and commit that: whoever had it may forget it. Raises whatever keeps it from being kept."""
    with i18n.speaking("en"), database.write() as session:
        return keeping.keep(
            session, storage, raw, source, arrived_at=arrived_at, silent=silent, begun=begun, actor=actor
        )


def understand(database: Database, storage: Storage, mail_id: uuid.UUID) -> bool:
    """Understand a mail that is kept; whether that is done. What goes wrong is logged, and tried again by `go_on`."""
    try:
        with i18n.speaking("en"), database.write() as session:
            return thinking.think(session, storage, mail_id)
    except (Exception, TookTooLong):
        log.exception("mail %s could not be understood now", mail_id)
        return False


def go_on(database: Database, storage: Storage, most: int = 100) -> int:
    """Understand what was kept and is not understood; how many were begun. Several can be at it: each takes some at a time for itself."""
    begun = 0
    while begun < most:
        with database.write() as session:
            some = keeping.begin_again(session, min(AT_ONCE, most - begun))
        for mail_id in some:
            understand(database, storage, mail_id)
        begun += len(some)
        if len(some) < AT_ONCE:
            break
    return begun

"""Mail from wherever it comes: kept and committed first, understood in another transaction. What fails then is begun again later.

Like delivery, this takes the database and not a session: whatever a mail does to the process that reads it, it is kept by then.
"""

import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import text

from outreach import i18n
from outreach.db import Database
from outreach.identity.audit import SERVICE, Actor
from outreach.inbox import keeping, thinking
from outreach.inbox.gist import TookTooLong
from outreach.inbox.keeping import Incoming, Kept
from outreach.storage import Storage

log = logging.getLogger(__name__)

AT_ONCE = 50
"""So many mails one takes for itself at a time. Their rows are held meanwhile: the lease is for one whose process has ended."""
BYTES_AT_ONCE = 16 * 1024 * 1024
"""And so many bytes of mail are held at a time, unless one mail alone has more."""
_GIVE_WAY = text("SET LOCAL lock_timeout TO '700ms'")
"""Whoever holds the rows of many gives way to a person who waits for one of them in another order, before PostgreSQL ends either's act."""


def in_batches(mails: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """Mails in such numbers as are kept at once."""
    some: list[Incoming] = []
    for one in mails:
        if some and (len(some) == AT_ONCE or sum(len(each.raw) for each in [*some, one]) > BYTES_AT_ONCE):
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def keep(
    database: Database, storage: Storage, mails: Sequence[Incoming], *, silent: bool = False, actor: Actor = SERVICE
) -> list[Kept]:
    """Keep mails and commit that: whoever had them may forget them. They wait to be understood. Raises whatever keeps them from being kept."""
    with i18n.speaking("en"), database.write() as session:
        return keeping.keep(session, storage, mails, silent=silent, begun=False, actor=actor)


def keep_what_can_be(database: Database, storage: Storage, mails: Sequence[Incoming]) -> list[Kept | None]:
    """Keep mails and commit that; None for one that could not be kept: it must not stand before the others."""
    try:
        return list(keep(database, storage, mails))
    except Exception:
        # Whatever is wrong with one, a full disk or a row that the database refuses, the others are kept, and it stays where it is.
        if len(mails) > 1:
            return [kept for one in mails for kept in keep_what_can_be(database, storage, [one])]
        log.exception("mail %s could not be kept", mails[0].source)
        return [None]


def understand(database: Database, storage: Storage, mail_ids: Sequence[uuid.UUID]) -> None:
    """Understand mails that are kept, in one transaction; each in its own where that fails.

    What goes wrong with one is logged, and tried again by `go_on`.
    """
    if not mail_ids:
        return
    try:
        with i18n.speaking("en"), database.write() as session:
            if len(mail_ids) > 1:
                session.execute(_GIVE_WAY)
            thinking.think(session, storage, mail_ids)
    except (Exception, TookTooLong):
        if len(mail_ids) > 1:
            for mail_id in mail_ids:
                understand(database, storage, [mail_id])
            return
        log.exception("mail %s could not be understood now", mail_ids[0])


def go_on(database: Database, storage: Storage, most: int = 100) -> int:
    """Understand what was kept and is not understood; how many were begun. Several can be at it: each takes some at a time for itself."""
    begun = 0
    while begun < most:
        with database.write() as session:
            some = keeping.begin_again(session, min(AT_ONCE, most - begun))
        if not some:
            break
        understand(database, storage, some)
        begun += len(some)
    return begun

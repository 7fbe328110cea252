"""A mail is kept before anything is read from it: its bytes in the storage, a row that says so. What it is, is found out afterwards."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock
from outreach.db import any_of, fresh_key
from outreach.identity import audit
from outreach.identity.audit import SERVICE, Actor
from outreach.inbox.models import MatchedBy, ReceivedMail
from outreach.storage import Storage

MOST_TRIES = 3
"""A mail that ended the process that read it so often is set aside, and shown as it was written."""
LEASE = timedelta(minutes=2)
"""So long nobody else begins a mail that somebody has begun; who takes several at once is done with them by then."""


@dataclass(frozen=True)
class Incoming:
    """A mail as it came: `source` says where it was read, `arrived_at` when it reached the mailbox, where that is known."""

    raw: bytes
    source: str
    arrived_at: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """A mail that is kept. `new` False: the very same mail, byte by byte, was kept before, and nothing changed."""

    mail_id: uuid.UUID
    new: bool


def keep(
    session: Session,
    storage: Storage,
    mails: Sequence[Incoming],
    *,
    silent: bool = False,
    begun: bool = True,
    actor: Actor = SERVICE,
) -> list[Kept]:
    """Keep mails as they came, all at once.

    One whose arrival is not known arrived when its last server wrote so, else now. `silent` ones write to nobody; `begun`: whoever keeps
    them goes on with them at once. Raises OSError where the storage does not take them.
    """
    now = clock.now()
    rows: dict[str, dict[str, Any]] = {}
    contents = storage.put_all([one.raw for one in mails])
    for content, one in zip(contents, mails, strict=True):
        rows.setdefault(
            content,
            {
                "id": fresh_key(),
                "content": content,
                "size": len(one.raw),
                "received_at": min(one.arrived_at or now, now),
                "source": one.source,
                "silent": silent,
                "dated": one.arrived_at is not None,
                "matched_by": MatchedBy.NONE,
                "tries": int(begun),
                "begun_at": now if begun else None,
                "readable": False,
                "attachments": [],
                **dict.fromkeys(("from_name", "from_address", "subject", "message_id", "in_reply_to", "text"), ""),
            },
        )
    # In one order: two who keep the same mails at once don't wait for each other in a circle.
    wanted = insert(ReceivedMail).on_conflict_do_nothing(index_elements=["content"])
    made = session.execute(
        wanted.returning(ReceivedMail.content, ReceivedMail.id), [rows[content] for content in sorted(rows)]
    )
    new = dict(made.all())
    known = set(rows) - set(new)
    found = select(ReceivedMail.content, ReceivedMail.id).where(ReceivedMail.content.in_(known))
    ids = new | (dict(session.execute(found).all()) if known else {})
    kept = []
    for content, one in zip(contents, mails, strict=True):
        first = content in new and rows.pop(content, None) is not None
        kept.append(Kept(ids[content], first))
        if first and actor != SERVICE:
            audit.record(session, actor, "mail.taken_in", "received_mail", ids[content], after={"source": one.source})
    return kept


def begin_again(session: Session, most: int) -> list[uuid.UUID]:
    """The mails that are kept and were not understood, the oldest first, counted as begun once more, but for those that another has begun.

    One that was begun before is given alone: should it end the process again, no other mail is begun in vain with it. To be committed
    before they are read.
    """
    waiting = session.execute(
        select(ReceivedMail.id, ReceivedMail.tries)
        .where(
            ReceivedMail.understood_at.is_(None),
            or_(ReceivedMail.begun_at.is_(None), ReceivedMail.begun_at <= clock.now() - LEASE),
        )
        .order_by(ReceivedMail.received_at, ReceivedMail.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    fresh = [mail_id for mail_id, _tries in takewhile(lambda row: row.tries == 0, waiting)]
    chosen = fresh or [mail_id for mail_id, _tries in waiting[:1]]
    if chosen:
        session.execute(
            update(ReceivedMail)
            .where(ReceivedMail.id == any_of(chosen))
            .values(tries=ReceivedMail.tries + 1, begun_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    return chosen

"""A mail is kept before anything is read from it: its bytes in the storage, a row that says so. What it is, is found out afterwards."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock
from outreach.identity import audit
from outreach.identity.audit import SERVICE, Actor
from outreach.inbox.models import MatchedBy, ReceivedMail
from outreach.storage import Storage

MOST_TRIES = 3
"""A mail that ended the process that read it so often is set aside, and shown as it was written."""
LEASE = timedelta(minutes=2)
"""So long nobody else begins a mail that somebody has begun; who takes several at once is done with them by then."""


@dataclass(frozen=True)
class Kept:
    """A mail that is kept. `new` False: the very same mail, byte by byte, was kept before, and nothing changed."""

    mail_id: uuid.UUID
    new: bool


def keep(
    session: Session,
    storage: Storage,
    raw: bytes,
    source: str,
    *,
    arrived_at: datetime | None = None,
    silent: bool = False,
    begun: bool = True,
    actor: Actor = SERVICE,
) -> Kept:
    """Keep a mail as it came.

    `source` says where it was read, `arrived_at` when it reached the mailbox (default: what its last server wrote, else now). One
    that is `silent` writes to nobody; `begun`: whoever keeps it goes on with it at once. Raises OSError where the storage does not take it.
    """
    content = storage.put(raw)
    mail_id = session.execute(
        insert(ReceivedMail)
        .values(
            id=uuid.uuid4(),
            content=content,
            size=len(raw),
            received_at=min(arrived_at or clock.now(), clock.now()),
            source=source,
            silent=silent,
            dated=arrived_at is not None,
            matched_by=MatchedBy.NONE,
            tries=int(begun),
            begun_at=clock.now() if begun else None,
            readable=False,
            attachments=[],
            **dict.fromkeys(("from_name", "from_address", "subject", "message_id", "in_reply_to", "text"), ""),
        )
        .on_conflict_do_nothing(index_elements=["content"])
        .returning(ReceivedMail.id)
    ).scalar_one_or_none()
    if mail_id is None:
        return Kept(session.scalars(select(ReceivedMail.id).where(ReceivedMail.content == content)).one(), False)
    if actor != SERVICE:
        audit.record(session, actor, "mail.taken_in", "received_mail", mail_id, after={"source": source})
    return Kept(mail_id, True)


def begin_again(session: Session, most: int) -> list[uuid.UUID]:
    """The mails that are kept and were not understood, the oldest first, counted as begun once more, but for those that another has begun.

    To be committed before they are read.
    """
    waiting = (
        select(ReceivedMail.id)
        .where(
            ReceivedMail.understood_at.is_(None),
            or_(ReceivedMail.begun_at.is_(None), ReceivedMail.begun_at <= clock.now() - LEASE),
        )
        .order_by(ReceivedMail.received_at, ReceivedMail.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("waiting")
        .prefix_with("MATERIALIZED")
    )
    begun = session.execute(
        update(ReceivedMail)
        .where(ReceivedMail.id == waiting.c.id)
        .values(tries=ReceivedMail.tries + 1, begun_at=clock.now())
        .returning(ReceivedMail.received_at, ReceivedMail.id)
        .execution_options(synchronize_session=False)
    ).all()
    return [mail_id for _at, mail_id in sorted(begun)]

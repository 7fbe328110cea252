"""Delivery: claim, send and record are separate transactions, and none is open while the relay is spoken to."""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_mail import BadHeaderError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.correspondence import outbox
from outreach.correspondence.composition import Enclosure, compose, merge
from outreach.correspondence.models import DeliveryAttempt, Edition, Letter, LetterKind, LetterState
from outreach.correspondence.transport import Relay, RelayAtFault, Reply
from outreach.db import Database
from outreach.errors import Missing
from outreach.storage import Storage

log = logging.getLogger(__name__)

BACK_OFF = (1, 5, 15, 60, 180)
"""Minutes until the next try; the last one goes on until PATIENCE ends."""
PATIENCE = timedelta(days=3)
ON_ITS_WAY = timedelta(minutes=10)
"""How long a letter belongs to its sender once the relay is spoken to: longer than the relay may take at most."""
MOST_UNRECORDED = 3
"""A letter whose outcome could not be recorded so often is not sent again: it may have arrived each time."""
_SECRET = {LetterKind.CODE: {"code"}, LetterKind.ACCOUNT: {"message", "link"}}
"""Values that open something: once the letter is settled they are in the mail alone, not in the database."""


@dataclass(frozen=True)
class Outcome:
    """What became of one letter for good: SENT, REFUSED (its address) or FAILED. `code` and `words` are the relay's."""

    letter_id: uuid.UUID
    invitation_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    kind: LetterKind
    state: LetterState
    code: int | None
    words: str
    at: datetime


Recorded = Callable[[Session, Sequence[Outcome]], None]
"""Called in the transaction that settles letters, with their outcomes; what is only tried again later is not among them."""


@dataclass(frozen=True)
class _Wire:
    """One letter, ready for the relay; `fault` says why it can't be composed."""

    letter_id: uuid.UUID
    envelope_from: str
    to_address: str
    copies: tuple[str, ...]
    content: bytes
    fault: str = ""


def send_due(
    database: Database, storage: Storage, relay: Relay, recorded: Recorded, *, worker: str, limit: int = 50
) -> int:
    """Claim up to `limit` letters that are due and send them, one after the other, each recorded before the next; how many were claimed.

    `worker` names this run, and no other. Raises RelayAtFault where the relay can't be used: what is left is due again in a minute.
    """
    with database.write() as session:
        claimed = outbox.claim_due(session, limit, worker)
    waiting = list(claimed)
    begun: uuid.UUID | None = None
    try:
        while waiting:
            relay.open()
            begun = waiting.pop(0)
            wire = _begin(database, storage, begun, worker)
            if wire is not None:
                reply = (
                    Reply(LetterState.FAILED, None, wire.fault)
                    if wire.fault
                    else relay.hand_over(wire.envelope_from, wire.to_address, wire.copies, wire.content)
                )
                with database.write() as session:
                    _record(session, begun, worker, reply, recorded)
            begun = None
    except RelayAtFault as fault:
        log.error("the relay can't be used, letters wait: %s", fault)
        _give_back(database, waiting, worker, begun)
        raise
    except BaseException:
        # What became of the letter at hand is not known: its lease runs out first. The others were not touched.
        _give_back(database, waiting, worker, None)
        raise
    return len(claimed)


def _begin(database: Database, storage: Storage, letter_id: uuid.UUID, worker: str) -> _Wire | None:
    """Take the letter in hand, in a transaction of its own: is it still ours to send? None: it was cancelled, or the lease is over."""
    with database.write() as session:
        letter = session.get_one(Letter, letter_id, with_for_update=True)
        if not _is_ours(letter, worker) or letter.claimed_until is None or letter.claimed_until < clock.now():
            return None
        known = session.scalar(select(func.count()).where(DeliveryAttempt.letter_id == letter_id)) or 0
        if letter.tries - known >= MOST_UNRECORDED:
            letter.state, letter.settled_at = LetterState.FAILED, clock.now()
            letter.reason = "What became of it could not be recorded, so it is not sent again."
            log.error("letter %s was tried %s times without a record and is given up", letter_id, MOST_UNRECORDED)
            return None
        letter.tries += 1
        letter.claimed_until = clock.now() + ON_ITS_WAY
        edition = session.get_one(Edition, letter.edition_id)
        content, fault = b"", ""
        try:
            content = _composed(letter, edition, storage)
        except (KeyError, ValueError, Missing, BadHeaderError) as wrong:
            fault = f"It could not be composed: {type(wrong).__name__}: {wrong}"
            log.error("letter %s could not be composed", letter_id, exc_info=wrong)
        return _Wire(
            letter_id,
            outbox.envelope_sender(letter.envelope_token),
            letter.to_address,
            tuple(letter.cc_addresses),
            content,
            fault,
        )


def _is_ours(letter: Letter, worker: str) -> bool:
    return letter.state is LetterState.SENDING and letter.claimed_by == worker


def _composed(letter: Letter, edition: Edition, storage: Storage) -> bytes:
    return compose(
        merge(edition.subject, edition.text, edition.html, letter.merge),
        sender=config.settings().sender,
        to_address=letter.to_address,
        cc_addresses=letter.cc_addresses,
        reply_to=letter.reply_to,
        message_id=letter.message_id,
        language=letter.language,
        at=clock.now(),
        enclosures=[
            Enclosure(file["filename"], file["media_type"], storage.get(file["content"]))
            for file in edition.attachments
        ],
    )


def _record(session: Session, letter_id: uuid.UUID, worker: str, reply: Reply, recorded: Recorded) -> None:
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    at, words = clock.now(), reply.words[:2000].replace("\x00", "")
    session.add(DeliveryAttempt(letter_id=letter.id, at=at, outcome=reply.state, code=reply.code, words=words))
    if reply.state is not LetterState.SENT and not _is_ours(letter, worker):
        return  # cancelled while it was on its way, or another's by now
    letter.claimed_by = letter.claimed_until = None
    state = reply.state
    if state is LetterState.QUEUED and at - letter.queued_at > PATIENCE:
        state = LetterState.FAILED
    letter.state = state
    letter.reason = None if state is LetterState.SENT else words
    if state is LetterState.QUEUED:
        letter.due_at = at + timedelta(minutes=BACK_OFF[min(letter.tries, len(BACK_OFF)) - 1])
        return
    letter.settled_at = at
    _forget_secrets(letter)
    session.flush()
    recorded(
        session,
        [Outcome(letter.id, letter.invitation_id, letter.contact_id, letter.kind, state, reply.code, words, at)],
    )


def _forget_secrets(letter: Letter) -> None:
    secret = _SECRET.get(letter.kind)
    if secret:
        letter.merge = {
            language: {place: "…" if place in secret else value for place, value in values.items()}
            for language, values in letter.merge.items()
        }


def _give_back(database: Database, letter_ids: Sequence[uuid.UUID], worker: str, begun: uuid.UUID | None) -> None:
    """What was claimed and not sent is due again in a minute; `begun` was in hand when the relay turned out to be at fault."""
    with database.write() as session:
        for letter in session.scalars(
            select(Letter)
            .where(Letter.id.in_([*letter_ids, *([begun] if begun else [])]))
            .order_by(Letter.id)
            .with_for_update()
        ):
            if not _is_ours(letter, worker):
                continue
            letter.state = LetterState.QUEUED
            letter.claimed_by = letter.claimed_until = None
            letter.due_at = clock.now() + timedelta(minutes=1)
            if letter.id == begun:
                letter.tries -= 1

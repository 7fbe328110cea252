"""Delivery: letters are claimed, sent over several connections at once, and recorded in turns; no transaction is open while the
relay is spoken to."""

import logging
import selectors
import time
import uuid
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import islice

from flask_mail import BadHeaderError

from outreach import clock, config
from outreach.correspondence import outbox
from outreach.correspondence.channel import Channel, Gone, RelayAtFault, Reply, Wire
from outreach.correspondence.composition import Enclosure, Frame, Mould
from outreach.correspondence.ledger import Claimed, Ledger, Outcome, Recorded, account
from outreach.correspondence.models import Edition, LetterState
from outreach.correspondence.transport import Relay
from outreach.db import Database
from outreach.errors import Missing
from outreach.storage import Storage

__all__ = ["Outcome", "Recorded", "send_due"]

log = logging.getLogger(__name__)

LONGEST = 120.0
"""Seconds after which a run claims no more: one that is too long would be given to a second worker while the first still has it."""
_ACCOUNTED = 1.0
"""Seconds after which outcomes are told, while letters go on leaving."""


def send_due(
    database: Database,
    storage: Storage,
    relay: Relay,
    recorded: Recorded,
    *,
    worker: str,
    limit: int = 100,
    many: Callable[[], None] = lambda: None,
) -> int:
    """Send the letters that are due, claiming `limit` at a time; how many were claimed. What became of them is told to `recorded`.

    `worker` names this run, and no other. `many` is called once where more wait than one claim takes, so that others help. Raises RelayAtFault where the relay can't be used: what is left is due again in a minute.
    """
    run = _Run(database, storage, relay, recorded, worker, limit, many)
    try:
        run.work()
    finally:
        run.leave()
        while account(database, recorded):
            pass
    if run.fault is not None:
        raise run.fault
    return run.claimed


class _Run:
    """One run: a queue of claimed letters, and a letter in hand on each busy channel."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        relay: Relay,
        recorded: Recorded,
        worker: str,
        limit: int,
        many: Callable[[], None],
    ) -> None:
        self._database, self._relay, self._recorded = database, relay, recorded
        self._limit, self._many = limit, many
        self._ledger = Ledger(database, worker)
        self._press = _Press(database, storage)
        self._queue: deque[Claimed] = deque()
        self._again: deque[tuple[Claimed, Wire]] = deque()
        self._in_hand: dict[Channel, tuple[Claimed, Wire]] = {}
        self._said: list[tuple[Claimed, Reply]] = []
        self._selector = selectors.DefaultSelector()
        self._begun = self._told = time.monotonic()
        self._more = True
        self.claimed = 0
        self.fault: RelayAtFault | None = None

    def work(self) -> None:
        """Go on until nothing is due, or the relay is at fault; what is in hand then is still brought to its end."""
        while True:
            self._claim()
            if self.fault is None:
                self._hand_out()
            elif self._said:
                self._ledger.turn(self._said, ())
                self._said = []
            if not self._in_hand:
                if self._said or (self.fault is None and (self._queue or self._again)):
                    continue
                return
            self._listen()
            if time.monotonic() - self._told > _ACCOUNTED:
                account(self._database, self._recorded)
                self._told = time.monotonic()

    def leave(self) -> None:
        """Give back what was not begun. What is in hand keeps its lease: whether it arrived is not known."""
        self._selector.close()
        for channel in list(self._in_hand):
            channel.close()
            self._relay.release(channel)
        if self.fault is not None:
            log.error("the relay can't be used, letters wait: %s", self.fault)
        self._ledger.give_back(self._queue, [letter for letter, _wire in self._again])

    def _claim(self) -> None:
        wanting = self._more and self.fault is None and len(self._queue) < self._limit // 2
        if wanting and time.monotonic() - self._begun < LONGEST:
            found = self._ledger.claim(self._limit)
            self._queue.extend(found)
            self.claimed += len(found)
            # Fewer than were asked for: the next run finds what becomes due meanwhile.
            self._more = len(found) == self._limit
            if self._more and self.claimed == self._limit:
                self._many()

    def _hand_out(self) -> None:
        """Record what was said, and give each idle channel the next letter that is still ours to send."""
        try:
            idle = self._relay.idle(len(self._again) + len(self._queue)) if self._again or self._queue else []
        except RelayAtFault as fault:
            self._fail(fault)
            idle = []
        begin = [self._again.popleft() for _place in range(min(len(idle), len(self._again)))]
        wanted = list(islice(self._queue, len(idle) - len(begin)))
        if self._said or wanted:
            ours, given_up = self._ledger.turn(self._said, wanted)
            self._said = []
            for _letter in wanted:
                self._queue.popleft()
            for letter_id in given_up:
                log.error("letter %s was tried often without a record and is given up", letter_id)
            for letter in wanted:
                if letter.id in ours:
                    wire = self._wire(letter)
                    if wire is not None:
                        begin.append((letter, wire))
        for channel, (letter, wire) in zip(idle, begin, strict=False):
            self._relay.occupy(channel)
            self._in_hand[channel] = letter, wire
            self._selector.register(channel.socket, selectors.EVENT_READ, channel)
            self._go(channel, partial(channel.begin, wire))

    def _listen(self) -> None:
        """Wait until a channel can go on, or has taken too long."""
        for busy in self._in_hand:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if busy.sending else 0)
            if self._selector.get_key(busy.socket).events != events:
                self._selector.modify(busy.socket, events, busy)
        soonest = max(0.0, min(busy.remaining for busy in self._in_hand))
        for key, events in self._selector.select(min(soonest, _ACCOUNTED)):
            channel: Channel = key.data
            if events & selectors.EVENT_WRITE:
                self._go(channel, channel.write)
            if events & selectors.EVENT_READ and channel in self._in_hand:
                self._go(channel, channel.read)
        for late in [busy for busy in self._in_hand if busy.remaining <= 0]:
            self._go(late, late.expire)

    def _go(self, channel: Channel, step: Callable[[], None]) -> None:
        """One step of a channel, and what follows from it."""
        letter, wire = self._in_hand[channel]
        socket = channel.socket
        try:
            step()
        except Gone as gone:
            self._put_down(channel, socket)
            # A kept connection may have been closed while it was idle: the letter begins anew over another one.
            if channel.letters > 1:
                self._again.append((letter, wire))
            else:
                self._said.append((letter, Reply(LetterState.QUEUED, None, str(gone))))
        except RelayAtFault as fault:
            self._put_down(channel, socket)
            self._again.append((letter, wire))
            self._fail(fault)
        else:
            if channel.reply is not None:
                self._put_down(channel, socket)
                self._said.append((letter, channel.reply))

    def _put_down(self, channel: Channel, socket: object) -> None:
        del self._in_hand[channel]
        self._selector.unregister(socket)  # type: ignore[arg-type]
        self._relay.release(channel)

    def _fail(self, fault: RelayAtFault) -> None:
        self.fault = self.fault or fault

    def _wire(self, letter: Claimed) -> Wire | None:
        """The letter as the relay takes it; one that can't be composed has failed, and the others go on."""
        try:
            content = self._press.composed(letter)
        except (KeyError, ValueError, Missing, BadHeaderError) as wrong:
            log.error("letter %s could not be composed", letter.id, exc_info=wrong)
            said = f"It could not be composed: {type(wrong).__name__}: {wrong}"
            self._said.append((letter, Reply(LetterState.FAILED, None, said)))
            return None
        sender = outbox.envelope_sender(letter.envelope_token)
        return Wire(sender, letter.to_address, tuple(letter.cc_addresses), content)


class _Press:
    """Composes letters; each edition is prepared once a run."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database, self._storage = database, storage
        self._ready: dict[tuple[uuid.UUID, str], Frame] = {}

    def composed(self, letter: Claimed) -> bytes:
        """The letter's bytes. Raises KeyError, ValueError, Missing or BadHeaderError where it can't be composed."""
        key = letter.edition_id, letter.language
        if key not in self._ready:
            self._ready[key] = self._prepared(letter)
        return self._ready[key].filled(
            letter.merge,
            to_address=letter.to_address,
            cc_addresses=letter.cc_addresses,
            reply_to=letter.reply_to,
            message_id=letter.message_id,
            at=clock.now(),
        )

    def _prepared(self, letter: Claimed) -> Frame:
        with self._database.read() as session:
            edition = session.get_one(Edition, letter.edition_id)
            enclosures = [
                Enclosure(file["filename"], file["media_type"], self._storage.get(file["content"]))
                for file in edition.attachments
            ]
            mould = Mould(edition.subject, edition.text, edition.html)
            return Frame(mould, sender=config.settings().sender, language=letter.language, enclosures=enclosures)

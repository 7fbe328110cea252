"""Delivery: letters are claimed, sent over several connections at once, and recorded in turns; no transaction is open while the
relay is spoken to."""

import logging
import selectors
import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence

from flask_mail import BadHeaderError

from outreach import clock, config
from outreach.correspondence import outbox
from outreach.correspondence.channel import Channel, RelayAtFault, Reply, Wire
from outreach.correspondence.composition import Enclosure, Frame, Mould
from outreach.correspondence.ledger import Claimed, Ledger, Outcome, Recorded, account
from outreach.correspondence.models import Edition, LetterState
from outreach.correspondence.signing import signer
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
_GATHERED = 0.002
"""Seconds that a turn waits for the answers of further channels: each turn costs a round trip to the database."""


def send_due(
    database: Database,
    storage: Storage,
    relay: Relay,
    recorded: Recorded,
    *,
    worker: str,
    limit: int = 200,
    many: Callable[[], None] = lambda: None,
) -> int:
    """Send the letters that are due, claiming `limit` at a time; how many were claimed. What became of them is told to `recorded`.

    `worker` names this run, and no other. `many` is called once where more wait than one claim takes, so that others help. Raises RelayAtFault where the relay can't be used: what is left is due again in a minute.
    """
    with Ledger(database, worker) as ledger:
        ledger.sort_out()
        run = _Run(ledger, _Press(database, storage), relay, lambda: account(database, recorded), limit, many)
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
    """One run: a queue of claimed letters; on each channel a letter whose content was given, and one whose envelope was."""

    def __init__(
        self,
        ledger: Ledger,
        press: "_Press",
        relay: Relay,
        account: Callable[[], int],
        limit: int,
        many: Callable[[], None],
    ) -> None:
        self._ledger, self._press, self._relay, self._account = ledger, press, relay, account
        self._limit, self._many = limit, many
        self._queue: deque[Claimed] = deque()
        self._begun: dict[str, Claimed] = {}
        self._said: list[tuple[Claimed, Reply]] = []
        self._selector = selectors.DefaultSelector()
        self._listening: dict[Channel, int] = {}
        self._started = self._told = time.monotonic()
        self._more = True
        self.claimed = 0
        self.fault: RelayAtFault | None = None

    def work(self) -> None:
        """Go on until nothing is due, or the relay is at fault; what was given then is still brought to its end."""
        while True:
            self._claim()
            self._begin()
            if not self._begun and not self._said:
                return
            self._listen()
            self._turn()
            if time.monotonic() - self._told > _ACCOUNTED:
                self._account()
                self._told = time.monotonic()

    def leave(self) -> None:
        """Give back what was not given. What was keeps its lease: whether it arrived is not known."""
        self._selector.close()
        for channel in self._listening:
            if not channel.idle:
                channel.close()
                self._queue.extend(self._begun[wire.letter_id] for wire in channel.returned)
        if self.fault is not None:
            log.error("the relay can't be used, letters wait: %s", self.fault)
        self._ledger.give_back(self._queue)

    def _claim(self) -> None:
        wanting = self._more and self.fault is None and len(self._queue) < self._limit // 2
        if wanting and time.monotonic() - self._started < LONGEST:
            found = self._ledger.claim(self._limit)
            self._queue.extend(found)
            self.claimed += len(found)
            # Fewer than were asked for: the next run finds what becomes due meanwhile.
            self._more = len(found) == self._limit
            if self._more and self.claimed == self._limit:
                self._many()

    def _begin(self) -> None:
        """Send the envelope of a letter on each channel that has none."""
        if self.fault is not None or not self._queue:
            return
        try:
            channels = self._relay.channels(len(self._queue) + len(self._begun))
        except RelayAtFault as fault:
            self.fault = fault
            return
        for channel in channels:
            if channel.idle and (wire := self._next()):
                channel.begin(wire)
                self._gather(channel)

    def _next(self) -> Wire | None:
        """The next letter as the relay takes it; one that can't be composed has failed, and the others go on."""
        while self._queue and self.fault is None:
            letter = self._queue.popleft()
            try:
                content = self._press.composed(letter)
            except (KeyError, ValueError, Missing, BadHeaderError) as wrong:
                log.error("letter %s could not be composed", letter.id, exc_info=wrong)
                said = f"It could not be composed: {type(wrong).__name__}: {wrong}"
                self._said.append((letter, Reply(LetterState.FAILED, None, said)))
                continue
            self._begun[letter.id] = letter
            sender = outbox.envelope_sender(letter.envelope_token)
            return Wire(letter.id, sender, letter.to_address, content)
        return None

    def _listen(self) -> None:
        """Wait until channels can go on or have taken too long; then a moment longer, until half of them wait for a turn."""
        wait = self._patience()
        while self._listening:
            heard = self._selector.select(wait)
            for key, events in heard:
                channel: Channel = key.data
                if events & selectors.EVENT_WRITE:
                    channel.write()
                if events & selectors.EVENT_READ:
                    channel.read()
                self._gather(channel)
            if not heard:
                break
            if sum(1 for channel in self._listening if channel.ready or channel.idle) * 2 >= len(self._listening):
                return
            wait = min(_GATHERED, self._patience())
        now = time.monotonic()
        for channel in [late for late in self._listening if late.limit <= now]:
            channel.expire()
            self._gather(channel)

    def _patience(self) -> float:
        soonest = min((channel.limit for channel in self._listening), default=0.0)
        waiting = self._said or any(channel.ready for channel in self._listening)
        return _GATHERED if waiting else min(max(0.0, soonest - time.monotonic()), _ACCOUNTED)

    def _gather(self, channel: Channel) -> None:
        """Take over what came of a step of a channel, and listen for what it waits for."""
        for wire, reply in channel.said:
            self._said.append((self._begun.pop(wire.letter_id), reply))
        for wire in channel.returned:
            letter = self._begun.pop(wire.letter_id)
            if channel.lost and channel.letters == 1:
                self._said.append((letter, Reply(LetterState.QUEUED, None, channel.lost)))
            else:
                # A kept connection may have been closed while it was idle: the letter begins anew over another one.
                self._queue.appendleft(letter)
        channel.said.clear()
        channel.returned.clear()
        self.fault, channel.fault = self.fault or channel.fault, None
        wanted = 0 if channel.lost else selectors.EVENT_READ | (selectors.EVENT_WRITE if channel.sending else 0)
        listening = self._listening.get(channel, 0)
        if wanted and not listening:
            self._selector.register(channel.socket, wanted, channel)
            self._listening[channel] = wanted
        elif not wanted and listening:
            del self._listening[channel]
            self._selector.unregister(channel.socket)
        elif wanted != listening:
            self._selector.modify(channel.socket, wanted, channel)
            self._listening[channel] = wanted

    def _turn(self) -> None:
        """Record what was said, and give the relay the contents it waits for, where the letters are still ours to send."""
        ready = {channel: channel.ready for channel in self._listening if channel.ready}
        if not ready and not self._said:
            return
        wanted = [] if self.fault else [self._begun[wire.letter_id] for wire in ready.values()]
        longest = max((len(wire.content) for wire in ready.values()), default=0)
        ours, given_up = self._ledger.turn(self._said, wanted, longest)
        self._said = []
        for letter_id in given_up:
            log.error("letter %s was tried often without a record and is given up", letter_id)
        if len(ours) < len(wanted):
            self._winnow([letter for letter in wanted if letter.id not in ours])
        for channel, wire in ready.items():
            if wire.letter_id in ours:
                channel.give(self._next())
            else:
                letter = self._begun.pop(wire.letter_id)
                if self.fault is not None:
                    self._queue.append(letter)
                channel.abandon()
            self._gather(channel)

    def _winnow(self, stopped: Sequence[Claimed]) -> None:
        """Some letters are not to leave: what was claimed with them may have been held or cancelled as well, and is not begun then."""
        ours = self._ledger.keep([*self._queue, *stopped])
        self._queue = deque(letter for letter in self._queue if letter.id in ours)


class _Press:
    """Composes letters; each edition is prepared once a run."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database, self._storage = database, storage
        self._ready: dict[tuple[str, str], Frame] = {}

    def composed(self, letter: Claimed) -> bytes:
        """The letter's bytes. Raises KeyError, ValueError, Missing or BadHeaderError where it can't be composed."""
        key = letter.edition_id, letter.language
        if key not in self._ready:
            self._ready[key] = self._prepared(letter)
        return self._ready[key].filled(
            letter.merge,
            to_address=letter.to_address,
            reply_to=letter.reply_to,
            message_id=letter.message_id,
            at=clock.now(),
        )

    def _prepared(self, letter: Claimed) -> Frame:
        with self._database.read() as session:
            edition = session.get_one(Edition, uuid.UUID(letter.edition_id))
            enclosures = [
                Enclosure(file["filename"], file["media_type"], self._storage.get(file["content"]))
                for file in edition.attachments
            ]
            mould = Mould(edition.subject, edition.text, edition.html)
            chosen = config.settings()
            return Frame(
                mould, sender=chosen.sender, language=letter.language, enclosures=enclosures, signer=signer(chosen)
            )

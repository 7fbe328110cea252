"""Delivery: letters are claimed, sent over several connections at once, and recorded in turns; no transaction is open while the
relay is spoken to."""

import logging
import selectors
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta

from flask_mail import BadHeaderError

from outreach import clock
from outreach.correspondence import departures, holds, outbox
from outreach.correspondence.channel import Channel, RelayAtFault, RelayRefusesUs, Reply, Wire
from outreach.correspondence.claims import Claimed
from outreach.correspondence.ledger import Ledger, Outcome, Recorded, account
from outreach.correspondence.outcomes import Verdict, crowded
from outreach.correspondence.press import Press
from outreach.correspondence.transport import Relay
from outreach.db import Database
from outreach.errors import Missing
from outreach.storage import Storage

__all__ = ["Outcome", "Recorded", "send_due"]

log = logging.getLogger(__name__)

LONGEST = 120.0
"""Seconds after which a run claims no more: one that is too long would be given to a second worker while the first still has it."""
AGAIN = timedelta(minutes=1)
"""How long a relay that can't be reached, or has too much, is left alone."""
TOO_OFTEN = 10
"""After so many letters in a row for which the relay had no time, or hung up, it is left alone."""
REFUSED_IN_A_ROW = 50
"""A relay that refuses so many letters in a row, and takes none, refuses us: a person has to look before it refuses all the others."""
_ACCOUNTED = 1.0
"""Seconds after which outcomes are told, and letters that somebody waits for are looked for, while others go on leaving."""
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

    `worker` names this run, and no other. `many` is called once where more wait than one claim takes, so that others help, and where marks of held letters are left to bring up to date.
    Raises RelayAtFault where the relay can't be used: what is left is due again in a minute, and until then no run tries it again.
    Raises RelayRefusesUs where it does not take letters from us: all letters are held until a person says that sending goes on.
    """
    try:
        return _send(database, storage, relay, recorded, worker, limit, many)
    except RelayRefusesUs as fault:
        log.error("run %s: the relay refuses us at letter %s, all letters are held: %s", worker, fault.letter_id, fault)
        with database.write() as session:
            holds.stop(session, None, str(fault), refused_in_a_row=fault.in_a_row)
        raise
    except RelayAtFault as fault:
        log.error("run %s: the relay can't be used, letters wait: %s", worker, fault)
        with database.write() as session:
            holds.unreachable(session, str(fault))
        raise


def _send(
    database: Database,
    storage: Storage,
    relay: Relay,
    recorded: Recorded,
    worker: str,
    limit: int,
    many: Callable[[], None],
) -> int:
    # Letters are cancelled also while none can leave.
    while account(database, recorded):
        pass
    if _left_alone(database, relay):
        return 0
    departures.check(database, storage)

    def tell() -> int:
        departures.note(database, storage)
        return account(database, recorded)

    with Ledger(database, worker) as ledger:
        unsorted = ledger.sort_out()
        run = _Run(ledger, Press(database, storage, lambda: relay.largest), relay, tell, limit, many)
        run.reached = lambda: _reached(database)
        try:
            run.work()
        finally:
            run.leave()
    while account(database, recorded):
        pass
    if unsorted:
        many()
    if run.claimed:
        departures.note(database, storage)
    if run.fault is not None:
        raise run.fault
    return run.claimed


def _left_alone(database: Database, relay: Relay) -> bool:
    """Whether the relay could not be used a moment ago. After a minute it is tried, before letters are claimed. Raises RelayAtFault."""
    with database.read() as session:
        away = holds.out_of_reach(session)
    if away is None:
        return False
    if timedelta() <= clock.now() - away.tried_at < AGAIN:
        return True
    relay.open()
    _reached(database)
    return False


def _reached(database: Database) -> None:
    """The relay can be used: note it, where another run has noted that it can't."""
    with database.read() as session:
        away = holds.out_of_reach(session)
    if away is not None:
        log.info("the relay can be used again, since %s it could not: %s", away.since, away.reason)
        with database.write() as session:
            holds.reached(session)


class _Run:
    """One run: a queue of claimed letters; on each channel a letter whose content was given, and one whose envelope was."""

    def __init__(
        self,
        ledger: Ledger,
        press: Press,
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
        self._started = self._told = self._looked = time.monotonic()
        self._eased = float("-inf")
        self._more = True
        self._taken = False
        self._without_time = self._refused = 0
        self.reached: Callable[[], None] = lambda: None
        """Called now and then while the relay takes letters."""
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
                if self._taken:
                    self.reached()
                self._taken = False
                self._told = time.monotonic()

    def leave(self) -> None:
        """Give back what was not given. What was keeps its lease: whether it arrived is not known."""
        self._selector.close()
        for channel in self._listening:
            if not channel.idle:
                channel.close()
                self._queue.extend(self._begun[wire.letter_id] for wire in channel.returned)
        self._ledger.give_back(self._queue)

    def _claim(self) -> None:
        now = time.monotonic()
        if self.fault is not None or not self._more or now - self._started > LONGEST:
            return
        if len(self._queue) < max(1, self._limit // 2):
            found = self._ledger.claim(self._limit)
            # Fewer than were asked for: the next run finds what becomes due meanwhile.
            self._more = len(found) == self._limit
            if self._more and not self.claimed:
                self._many()
        elif now - self._looked > _ACCOUNTED:
            # Where letters leave slowly, what somebody waits for does not wait for the queue.
            found = self._ledger.claim(self._limit, urgent=True)
        else:
            return
        self._looked = now
        if found and not self.claimed:
            self._account()  # notes that letters are about to leave
        self.claimed += len(found)
        self._queue = deque(sorted([*self._queue, *found], key=lambda letter: not letter.urgent))

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
                self._said.append((letter, Reply(Verdict.CONTENT, None, said)))
                continue
            if self._relay.largest and len(content) > self._relay.largest:
                log.error("letter %s has %s bytes, the relay takes %s", letter.id, len(content), self._relay.largest)
                said = f"It has {len(content)} bytes, and the relay takes {self._relay.largest} at most."
                self._said.append((letter, Reply(Verdict.CONTENT, None, said)))
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
            self._heed(reply)
        for wire in channel.returned:
            letter = self._begun.pop(wire.letter_id)
            if channel.lost and channel.letters == 1:
                reply = Reply(Verdict.LATER, channel.lost_code, channel.lost)
                self._said.append((letter, reply))
                self._heed(reply)
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

    def _heed(self, reply: Reply) -> None:
        """Go on more gently where the relay has too much of us, and not at all where it takes nothing."""
        if reply.verdict is Verdict.TAKEN:
            self._taken, self._without_time, self._refused = True, 0, 0
        elif reply.verdict is Verdict.LATER and (reply.code is None or crowded(reply.code, reply.words)):
            self._without_time += 1
            if time.monotonic() - self._eased > _ACCOUNTED:
                self._eased = time.monotonic()
                self._relay.fewer()
            if self._without_time == TOO_OFTEN:
                self.fault = self.fault or RelayAtFault(f"{reply.code or ''} {reply.words}".strip())
        elif reply.verdict in (Verdict.ADDRESS, Verdict.CONTENT):
            self._refused += 1
            if self._refused == REFUSED_IN_A_ROW:
                self.fault = self.fault or RelayRefusesUs(f"{reply.code} {reply.words}", in_a_row=self._refused)

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
                channel.give(None if self._relay.spare(channel) else self._next())
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

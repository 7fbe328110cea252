"""Claims: which of the letters that are due a sender takes next. Those that somebody waits for come first; the limits per minute hold for
all senders on all machines together.

The count of what was claimed within a minute is kept in the database, in the transaction of the claim. It is one at a time then; without
limits a claim is a single statement, and senders pass each other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from outreach.correspondence.holds import HELD

WINDOW = timedelta(minutes=1)
"""The limits hold in every stretch of time of this length, not only in a minute of the clock."""
_KEPT_FREE = 10
"""One letter in so many of a limit is kept for those that somebody waits for."""
_ALL = ""
"""The domain under which all letters are counted."""
_LOCK = 7_313_001
_FEW = 1000

_FREE = f"""settled_at IS NULL AND NOT held AND due_at <= %(now)s AND (claimed_until IS NULL OR claimed_until < %(lapsed)s)
            AND NOT {HELD}"""
_TAKE = """UPDATE letter SET state = 'sending', claimed_by = %(worker)s, claimed_until = %(until)s
    FROM wanted WHERE letter.id = wanted.id
    RETURNING letter.id::text, kind, language, edition_id::text, to_address, merge, message_id, envelope_token, reply_to, tries,
        queued_at, due_at, urgent, domain"""

# All letters of a launch are due at one instant: no order among them is asked for, which would have to be sorted for each claim.
# The second list is read only as far as the first one leaves room.
CLAIM = f"""
    WITH pressing AS MATERIALIZED (
        SELECT id FROM letter WHERE urgent AND {_FREE} ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), others AS MATERIALIZED (
        SELECT id FROM letter WHERE NOT urgent AND {_FREE} ORDER BY due_at LIMIT %(others)s FOR UPDATE SKIP LOCKED
    ), wanted AS MATERIALIZED (
        SELECT id FROM pressing UNION ALL SELECT id FROM others LIMIT %(limit)s
    )
    {_TAKE}
"""  # noqa: S608 - our own words

# Which domains have letters that are due, where these are few.
_DUE = f"""
    SELECT domain, count(*) FROM (
        SELECT domain FROM letter WHERE urgent = {{urgent}} AND {_FREE} ORDER BY due_at LIMIT %(few)s
    ) AS due GROUP BY domain
"""  # noqa: S608 - our own words
_GIVEN = "SELECT domain FROM unnest(%(domains)s::text[]) WITH ORDINALITY AS given (domain, place) ORDER BY place"
# Else from domain to domain by the index, so that a hundred thousand letters to one that had enough are passed in one step.
_WALKED = """(
            SELECT domain FROM letter WHERE settled_at IS NULL AND NOT held AND urgent = {urgent} AND domain > %(after)s
            ORDER BY domain LIMIT 1
        )
        UNION ALL
        SELECT following.domain FROM domains, LATERAL (
            SELECT domain FROM letter WHERE settled_at IS NULL AND NOT held AND urgent = {urgent} AND domain > domains.domain
            ORDER BY domain LIMIT 1
        ) AS following"""
CLAIM_BY_DOMAIN = f"""
    WITH RECURSIVE domains AS (
        {{domains}}
    ), wanted AS MATERIALIZED (
        SELECT found.id FROM domains, LATERAL (
            SELECT GREATEST(0, %(a_domain)s - COALESCE(sum(taken), 0)) AS free FROM sending_pace
            WHERE domain = domains.domain AND at > %(since)s
        ) AS room, LATERAL (
            SELECT id FROM letter WHERE urgent = {{urgent}} AND domain = domains.domain AND {_FREE}
            ORDER BY due_at LIMIT room.free FOR UPDATE SKIP LOCKED
        ) AS found
        LIMIT %(limit)s
    )
    {_TAKE}
"""  # noqa: S608 - our own words
_FORGET = "DELETE FROM sending_pace WHERE at <= %(since)s OR at > %(ahead)s"
_TAKEN = "SELECT COALESCE(sum(taken), 0)::int FROM sending_pace WHERE domain = %(all)s AND at > %(since)s"
_LAST = "SELECT domain FROM sending_pace WHERE domain <> %(all)s ORDER BY at DESC, domain DESC LIMIT 1"
_COUNT = """
    INSERT INTO sending_pace (domain, at, taken) SELECT domain, %(now)s, taken
    FROM unnest(%(domains)s::text[], %(counts)s::int[]) AS counted (domain, taken)
    ON CONFLICT (domain, at) DO UPDATE SET taken = sending_pace.taken + excluded.taken
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that is ours to send, as long as the lease holds."""

    id: str
    kind: str
    language: str
    edition_id: str
    to_address: str
    merge: Mapping[str, Mapping[str, str]]
    message_id: str
    envelope_token: str
    reply_to: str | None
    tries: int
    """How often it was tried before."""
    queued_at: datetime
    due_at: datetime
    urgent: bool
    domain: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How many letters may leave in a minute, in all and to one receiving domain; 0: as many as there are."""

    in_all: int
    a_domain: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Who takes how many letters at most, when, and until when they are theirs; `urgent`: only those that somebody waits for."""

    worker: str
    limit: int
    now: datetime
    until: datetime
    urgent: bool = False
    lapsed: datetime | None = None
    """The instant by which the leases of others have ended, where that is not now."""

    @property
    def instants(self) -> dict[str, datetime]:
        """As the statements name them."""
        return {"now": self.now, "lapsed": self.lapsed or self.now}


def take(connection: Connection[Any], claim: Claim, limits: Limits) -> list[Claimed]:
    """Take letters that are due, or whose sender lost its lease: first those that somebody waits for, then the longest due.

    With a limit for each domain, domain after domain in turn. On a connection that commits by itself.
    """
    if not limits.in_all and not limits.a_domain:
        found = _by_time(connection, claim, claim.limit, 0 if claim.urgent else claim.limit)
    else:
        with connection.transaction():
            found = _within(connection, claim, limits)
    return sorted(found, key=lambda letter: (not letter.urgent, letter.due_at))  # RETURNING gives no order


def _by_time(connection: Connection[Any], claim: Claim, limit: int, others: int) -> list[Claimed]:
    return _taken(connection, CLAIM, claim, {"limit": limit, "others": others})


def _within(connection: Connection[Any], claim: Claim, limits: Limits) -> list[Claimed]:
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    values = {"since": claim.now - WINDOW, "ahead": claim.now + WINDOW, "all": _ALL}
    connection.execute(_FORGET, values)
    limit = others = claim.limit
    if limits.in_all:
        (taken,) = connection.execute(_TAKEN, values).fetchone() or (0,)
        limit = max(0, min(limit, limits.in_all - taken))
        others = max(0, min(others, _for_others(limits.in_all) - taken))
    if claim.urgent:
        others = 0
    if not limits.a_domain:
        found = _by_time(connection, claim, limit, others) if limit else []
    else:
        found = _by_domain(connection, claim, limits.a_domain, limit, others)
    if limits.in_all:
        _count(connection, claim, {_ALL: len(found)})
    return found


def _by_domain(connection: Connection[Any], claim: Claim, a_domain: int, limit: int, others: int) -> list[Claimed]:
    values: dict[str, Any] = {**claim.instants, "since": claim.now - WINDOW, "all": _ALL, "few": _FEW}
    (last,) = connection.execute(_LAST, values).fetchone() or ("",)
    found: list[Claimed] = []
    for urgent in (True, False):
        most = limit if urgent else min(limit, len(found) + others)
        values["a_domain"] = a_domain if urgent else _for_others(a_domain)
        for domains, after in _domains(connection, urgent, last, values) if len(found) < most else ():
            statement = CLAIM_BY_DOMAIN.format(domains=domains.format(urgent=urgent), urgent=urgent)
            came = _taken(connection, statement, claim, values | after | {"limit": most - len(found)})
            _count(connection, claim, Counter(letter.domain for letter in came))
            found += came
            if len(found) == most:
                break
    return found


def _domains(
    connection: Connection[Any], urgent: bool, last: str, values: Mapping[str, Any]
) -> Sequence[tuple[str, dict[str, Any]]]:
    """How domains are gone through, with what belongs to it: from behind the one that had its turn last, and then from the beginning."""
    due: dict[str, int] = dict(connection.execute(_DUE.format(urgent=urgent), values).fetchall())
    if sum(due.values()) < _FEW:
        return [(_GIVEN, {"domains": sorted(due, key=lambda domain: (domain <= last, domain))})] if due else []
    return [(_WALKED, {"after": after}) for after in dict.fromkeys((last, ""))]


def _count(connection: Connection[Any], claim: Claim, taken: Mapping[str, int]) -> None:
    values = {"now": claim.now, "domains": list(taken.keys()), "counts": list(taken.values())}
    connection.execute(_COUNT, values)


def _taken(connection: Connection[Any], statement: str, claim: Claim, more: Mapping[str, object]) -> list[Claimed]:
    values = {"worker": claim.worker, "until": claim.until, **claim.instants, **more}
    with connection.cursor(binary=True, row_factory=class_row(Claimed)) as cursor:
        return cursor.execute(statement, values, prepare=False).fetchall()


def _for_others(limit: int) -> int:
    return limit - limit // _KEPT_FREE

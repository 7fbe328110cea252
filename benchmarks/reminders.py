"""What reminders cost at ten thousand invitations and at a million: a tick with nothing due, and each reminder that is.

    .venv/bin/python -m benchmarks.reminders [--invitations 10000 1000000] [--one-in 10]

A throw-away PostgreSQL with a world of each size, made in bulk: universities of all 195 States and, one in eleven, of none. All were asked and
reached, and the step is due; `--one-in` so many has not answered. Prints a table and, as the last line, JSON.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.launching import NOW, make_campaign, settings_for
from outreach import clock, config, db, i18n
from outreach.campaigns import reminders
from outreach.campaigns.models import ReminderStep
from outreach.db import Database
from outreach.directory.seed import seed_states
from outreach.stack.postgres import Postgres
from outreach.storage import Storage

DAYS = -5
BEFORE = NOW + timedelta(days=38)
"""Nothing is due yet."""
DUE = NOW + timedelta(days=40, hours=3)

_WORLD = """
    WITH states AS (
        SELECT array_agg(code ORDER BY code) AS codes FROM state
    ), numbers AS MATERIALIZED (
        SELECT n, gen_random_uuid() AS institution, gen_random_uuid() AS invitation,
            CASE WHEN n % 11 = 0 THEN NULL ELSE codes[1 + n % 195] END AS state_code,
            CASE WHEN n % :one_in = 0 THEN 'sent' ELSE 'submitted' END AS stage
        FROM generate_series(1, :invitations) AS n, states
    ), institutions AS (
        INSERT INTO institution (id, kind, state_code, name, language, created_at)
        SELECT institution, 'university', state_code, 'Invented University ' || n, 'en', :now FROM numbers
    ), contacts AS (
        INSERT INTO contact (id, institution_id, email, source, created_at)
        SELECT gen_random_uuid(), institution, 'rector' || n || '@university' || n || '.example', 'benchmark', :now FROM numbers
    ), invitations AS (
        INSERT INTO invitation (id, campaign_id, institution_id, state_code, code, origin, reply_route, created_at, stage, stage_at)
        SELECT invitation, :campaign, institution, state_code, lpad(n::text, 8, '0'), 'launch', 'direct', :now, stage, :now FROM numbers
    )
    INSERT INTO invitation_fact (id, invitation_id, kind, at, by, details)
    SELECT gen_random_uuid(), invitation, fact.kind, :now, 'benchmark', '{}'
    FROM numbers, LATERAL (SELECT 'letter_sent' AS kind UNION ALL SELECT 'submitted' WHERE stage = 'submitted') AS fact
"""


def make_world(database: Database, storage: Storage, invitations: int, one_in: int) -> None:
    """So many invitations; one in `one_in` has not answered."""
    with database.write() as session:
        seed_states(session)
        campaign = make_campaign(session, storage, launched=True)
        session.add(ReminderStep(campaign_id=campaign.id, number=1, days=DAYS))
        session.flush()
        for constraint in ("institution", "contact", "invitation", "invitation_fact"):
            session.execute(text(f"ALTER TABLE {constraint} DISABLE TRIGGER ALL"))  # a reference checked row by row
        values = {"invitations": invitations, "one_in": one_in, "campaign": campaign.id, "now": NOW}
        session.execute(text(_WORLD), values)
        for constraint in ("institution", "contact", "invitation", "invitation_fact"):
            session.execute(text(f"ALTER TABLE {constraint} ENABLE TRIGGER ALL"))
    with database.writing() as session:
        session.execute(text("ANALYZE"))
        session.commit()


def tick(database: Database) -> tuple[int, float, float]:
    """What the beat's task does: the reminders queued, the seconds that it took, and the longest transaction among them."""
    began, longest, queued, going = time.perf_counter(), 0.0, 0, reminders.Tick()
    while True:
        alone = time.perf_counter()
        with database.writing() as session:
            some = reminders.queue_some(session, going)
            session.commit()  # no bell: there is no broker
        longest = max(longest, time.perf_counter() - alone)
        if some is None:
            return queued, time.perf_counter() - began, longest
        queued += some


def quiet_tick(database: Database) -> float:
    """Milliseconds of a tick that finds nothing, the median of twenty."""
    took = []
    for _round in range(20):
        queued, seconds, _longest = tick(database)
        assert queued == 0
        took.append(seconds * 1000)
    return round(statistics.median(took), 1)


def measured(database: Database, invitations: int) -> dict[str, Any]:
    """All figures of one world."""
    with i18n.speaking("en"):
        with clock.stopped_at(BEFORE):
            before = quiet_tick(database)
        with clock.stopped_at(DUE):
            queued, seconds, longest = tick(database)
            after = quiet_tick(database)
    return {
        "invitations": invitations, "nothing_due_ms": before, "all_reminded_ms": after, "reminders": queued,
        "seconds": round(seconds, 2), "ms_each": round(seconds * 1000 / max(queued, 1), 3),
        "us_an_invitation": round(seconds * 1e6 / invitations, 1), "longest_transaction_ms": round(longest * 1000),
    }  # fmt: skip


def main() -> None:
    """Make the worlds, tick, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--invitations", type=int, nargs="+", default=[10_000, 1_000_000])
    options.add_argument("--one-in", type=int, default=10)
    chosen = options.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as name, Postgres(Path(name) / "postgres", throwaway=True) as server:
        for size in chosen.invitations:
            server.make_database(f"world{size}")
            settings = settings_for(server.url(f"world{size}"), Path(name))
            config.use(settings)
            db.migrate(settings.database_url)
            database = Database(settings.database_url)
            make_world(database, Storage(settings.storage), size, chosen.one_in)
            found.append(measured(database, size))
            database.dispose()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")
    print(
        f"{'invitations':>12}{'reminders':>11}{'ms each':>9}{'µs an invitation':>18}{'nothing due ms':>16}{'all reminded ms':>17}{'longest ms':>12}"
    )
    for one in found:
        print(
            f"{one['invitations']:>12}{one['reminders']:>11}{one['ms_each']:>9}{one['us_an_invitation']:>18}"
            f"{one['nothing_due_ms']:>16}{one['all_reminded_ms']:>17}{one['longest_transaction_ms']:>12}"
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main()

"""How long a launch takes and how much memory it needs, for ten thousand and for a hundred thousand institutions.

    .venv/bin/python -m benchmarks.launching [--invitations 10000 100000] [--rounds 3]

A throw-away PostgreSQL with the 195 States and universities all over them, in seven languages of letters. Each launch is the whole act,
from the check of the call for input to the commit, in a process of its own, whose largest size is read at its end. The
processor time of both processes says what it would take where nothing else runs, and that of a signature by RSA how fast the processor
is at that moment. Prints a table and, as the last line, JSON.
"""

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from sqlalchemy import text
from sqlalchemy.orm import Session

from outreach import clock, config, db, i18n, schema
from outreach.campaigns import launch, queries
from outreach.campaigns.models import Campaign, CampaignFile, CampaignKind, CampaignText, FileKind, Sensitivity
from outreach.config import Settings
from outreach.db import Database
from outreach.directory.seed import seed_states
from outreach.i18n import LANGUAGES
from outreach.identity.audit import SERVICE
from outreach.stack.postgres import Postgres
from outreach.storage import Storage

assert schema.ALL

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_SIGNATURES = 1000
_FRESH = multiprocessing.get_context("spawn")

_ASKED = """
    WITH states AS (
        SELECT array_agg(code ORDER BY code) AS codes FROM state
    ), numbers AS MATERIALIZED (
        SELECT n, uuidv7() AS institution, codes[1 + n % 195] AS state_code,
            (ARRAY['ar', 'zh', 'en', 'fr', 'ru', 'es', NULL])[1 + n % 7] AS language
        FROM generate_series(1, :institutions) AS n, states
    ), institutions AS (
        INSERT INTO institution (id, kind, state_code, name, language, created_at)
        SELECT institution, 'university', state_code, 'Invented University ' || n, language, :now FROM numbers
    )
    INSERT INTO contact (id, institution_id, email, source, created_at)
    SELECT uuidv7(), institution, 'rector' || n || '@university' || n || '.example', 'benchmark', :now FROM numbers
"""


def settings_for(url: str, folder: Path) -> Settings:
    """Settings that lead nowhere but to this database and folder."""
    return config.load(
        {
            "OUTREACH_DATABASE_URL": url,
            "OUTREACH_BROKER_URL": "redis+socket:///nonexistent/valkey.sock",
            "OUTREACH_SMTP_URL": "smtp://127.0.0.1:9",
            "OUTREACH_STORAGE_URL": f"file://{folder}/storage",
            "OUTREACH_BASE_URL": "http://127.0.0.1:8000",
            "OUTREACH_SECRET_KEY": "a secret of benchmarks only, of forty characters",
            "OUTREACH_MAIL_DOMAIN": "outreach.example",
            "OUTREACH_SENDER": "Outreach <outreach@secretariat.example>",
            "OUTREACH_DEMO": "1",
        }
    )


def make_campaign(session: Session, storage: Storage, *, launched: bool = False) -> Campaign:
    """A call for contributions to universities, in six languages."""
    made = Campaign(
        id=uuid.uuid4(), code="BENCH", kind=CampaignKind.CALL_FOR_CONTRIBUTIONS, mandate_symbol="A/HRC/RES/54/22",
        note_reference="BENCH/1", note_date=NOW.date(), original_language="en", contact="office@secretariat.example",
        deadline_at=NOW + timedelta(days=45), deadline_zone="Europe/Zurich", sensitivity=Sensitivity.ORDINARY,
        audience={"seats": [], "kinds": ["university"]}, created_at=NOW, launched_at=NOW if launched else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for language in LANGUAGES:
        session.add(
            CampaignText(
                campaign_id=made.id, language=language, title=f"A benchmark ({language})", mandate="Resolution 54/22",
                note="The Office has the honour to ask.", letter="The Office would be grateful for an answer.\n\n" * 20,
                translated_by="Secretariat", reviewed_by="Secretariat",
            )
        )  # fmt: skip
        for kind in FileKind:
            content = storage.put(_PDF + f"% {kind} {language}\n".encode())
            session.add(
                CampaignFile(
                    campaign_id=made.id, language=language, kind=kind, filename=f"{kind}.{language}.pdf",
                    media_type="application/pdf", size=len(_PDF), content=content,
                )
            )  # fmt: skip
    session.flush()
    return made


def make_world(settings: Settings, institutions: int) -> None:
    """The States, so many universities with an address each, and a campaign that nobody has launched."""
    db.migrate(settings.database_url)
    database = Database(settings.database_url)
    with database.write() as session:
        seed_states(session)
        session.execute(text(_ASKED), {"institutions": institutions, "now": NOW})
        make_campaign(session, Storage(settings.storage))
    with database.writing() as session:
        session.execute(text("ANALYZE"))
        session.commit()
    database.dispose()


def megabytes() -> float:
    """The largest size that this process has had."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def cpu_of(process: int) -> float:
    """The processor time, in seconds, of another process on this machine."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(settings: Settings, told: "Queue[dict[str, Any]]") -> None:
    """Launch, in a process of its own."""
    config.use(settings)
    database = Database(settings.database_url)
    with i18n.speaking("en"), clock.stopped_at(NOW):
        before = megabytes()
        began, cpu = time.perf_counter(), time.process_time()
        with database.writing() as session:
            server = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            server_before = cpu_of(server)
            done = launch.launch(session, queries.campaign_by_code(session, "BENCH").id, SERVICE)
            session.commit()  # no bell: there is no broker
            server_seconds = cpu_of(server) - server_before
        seconds = time.perf_counter() - began
    told.put(
        {
            "invitations": done.invitations, "letters": done.letters, "seconds": round(seconds, 2),
            "own_seconds": round(time.process_time() - cpu, 2), "server_seconds": round(server_seconds, 2), "megabytes_before": before, "megabytes": megabytes(),
        }
    )  # fmt: skip
    database.dispose()


def signature() -> float:
    """Processor time of a signature by RSA 2048, in milliseconds: how fast this processor is at this moment."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    began = time.process_time()
    for _round in range(_SIGNATURES):
        key.sign(b"as long as it takes", PKCS1v15(), hashes.SHA256())
    return (time.process_time() - began) / _SIGNATURES * 1000


@contextmanager
def copies(server: Postgres, template: str) -> Iterator[str]:
    """A fresh copy of a database, for the length of the block."""
    name = f"{template}_copy"
    admin = Database(server.url("postgres"))
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        try:
            yield server.url(name)
        finally:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def measured(settings: Settings) -> dict[str, Any]:
    """What one launch took."""
    told: Queue[dict[str, Any]] = _FRESH.Queue()
    process = _FRESH.Process(target=run, args=(settings, told))
    process.start()
    found = told.get(timeout=1200)
    process.join()
    return found


def main() -> None:
    """Make the worlds, launch, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--invitations", type=int, nargs="+", default=[10_000, 100_000])
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, Postgres(Path(name) / "postgres", throwaway=True) as server:
        folder = Path(name)
        for size in chosen.invitations:
            server.make_database(f"world{size}")
            settings = settings_for(server.url(f"world{size}"), folder)
            config.use(settings)
            make_world(settings, size)
        for _round in range(chosen.rounds):
            for size in chosen.invitations:
                with copies(server, f"world{size}") as url:
                    found.append(measured(settings_for(url, folder)))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end; median of {chosen.rounds} rounds")
    print(f"a signature by RSA 2048 takes {signature():.2f} ms on this processor")
    print(
        f"{'invitations':>12}{'seconds':>9}{'least':>8}{'own CPU s':>11}{'server CPU s':>14}{'µs CPU each':>13}{'MB before':>11}{'MB at most':>12}"
    )
    for size in chosen.invitations:
        rounds = [one for one in found if one["invitations"] == size]
        seconds = statistics.median(one["seconds"] for one in rounds)
        own = statistics.median(one["own_seconds"] for one in rounds)
        server_cpu = statistics.median(one["server_seconds"] for one in rounds)
        print(
            f"{size:>12}{seconds:>9.2f}{min(one['seconds'] for one in rounds):>8.2f}{own:>11.2f}{server_cpu:>14.2f}{(own + server_cpu) / size * 1e6:>13.0f}"
            f"{max(one['megabytes_before'] for one in rounds):>11}{max(one['megabytes'] for one in rounds):>12}"
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main()

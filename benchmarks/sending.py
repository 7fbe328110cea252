"""How fast letters leave, against a bare `smtplib` loop that sends finished messages to the same sink in the same round.

    .venv/bin/python -m benchmarks.sending [--letters 20000] [--rounds 5] [--only pipelining]

Two worker processes send by the real path: rows claimed from PostgreSQL, merged, sent, recorded, accounted for as facts of their invitations.
The bare loop has two processes too, and nothing to do but `sendmail`. The sink counts what came by Message-ID. Rounds alternate; what
counts is the ratio within a round. Prints a table and, as the last line, JSON.
"""

import argparse
import gc
import json
import multiprocessing
import os
import resource
import smtplib
import socket
import statistics
import tempfile
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks import sending_world, sink
from benchmarks.sink import Sink
from outreach import config, db, i18n, schema
from outreach.campaigns.reach import letters_settled
from outreach.config import Settings
from outreach.correspondence import delivery
from outreach.correspondence.ledger import Ledger
from outreach.correspondence.transport import Relay
from outreach.db import Database
from outreach.stack.postgres import Postgres
from outreach.storage import Storage

assert schema.ALL

PROCESSES = 2
_FRESH = multiprocessing.get_context("spawn")
_READY_MADE = 200


@dataclass(frozen=True)
class Case:
    """One way to send, and the least ratio that we aim at."""

    name: str
    aim: float
    pipelining: bool = True
    delay: float = 0.0
    attached: bool = False
    connections: int = 16
    letters: float = 1.0
    """Times the letters of the whole run."""
    bare_processes: int = PROCESSES
    bare_letters: int | None = None


CASES = {
    "pipelining": Case("PIPELINING", 1.0),
    "plain": Case("without PIPELINING", 0.65, pipelining=False),
    "attached": Case("100 KB PDF attached", 0.8, attached=True, letters=0.25),
    "delayed": Case("5 ms reply delay", 40.0, delay=0.005, connections=16, bare_processes=1, bare_letters=150),
    "few": Case("a tenth of the letters", 0.0, letters=0.1),
    "many": Case("four times the letters", 0.0, letters=4.0),
}


@dataclass
class Found:
    """What was measured in the rounds of a case."""

    ratios: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    lost: int = 0
    repeated: int = 0
    megabytes: float = 0.0


def settings_for(url: str, folder: str, port: int, connections: int) -> Settings:
    """The settings of a worker that sends to the sink."""
    return config.load(
        {
            "OUTREACH_DATABASE_URL": url,
            "OUTREACH_BROKER_URL": "redis+socket:///nonexistent/valkey.sock",
            "OUTREACH_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "OUTREACH_SMTP_CONNECTIONS": str(connections),
            "OUTREACH_STORAGE_URL": f"file://{folder}/storage",
            "OUTREACH_BASE_URL": "http://127.0.0.1:8000",
            "OUTREACH_SECRET_KEY": "a secret of benchmarks only, of forty characters",
            "OUTREACH_MAIL_DOMAIN": "outreach.example",
            "OUTREACH_SENDER": "Outreach <outreach@secretariat.example>",
            "OUTREACH_DEMO": "1",
        }
    )


def send_ours(chosen: Settings, start: Any, ended: Any) -> None:
    """A worker process: it does what the task does until nothing is due."""
    config.use(chosen)
    gc.freeze()  # as a worker process does
    database = Database(chosen.database_url, pool_size=4)
    database.engine.connect().close()
    start.wait()
    with i18n.speaking("en"):
        while True:
            with closing(Relay(chosen)) as relay:
                worker = f"benchmark:{os.getpid()}:{uuid.uuid4().hex[:8]}"
                found = delivery.send_due(database, Storage(chosen.storage), relay, letters_settled, worker=worker)
            if not found:
                break
    ended.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def send_bare(port: int, ready_made: Path, letters: int, start: Any, ended: Any) -> None:
    """A process with nothing to do but to hand over messages that are finished."""
    messages = [path.read_bytes() for path in sorted(ready_made.glob("*.eml"))]
    relay = smtplib.SMTP("127.0.0.1", port)
    assert relay.sock is not None
    relay.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    relay.ehlo()
    start.wait()
    for number in range(letters):
        relay.sendmail("bounces@outreach.example", [f"office{number}@body.example"], messages[number % len(messages)])
    relay.quit()
    ended.put(0.0)


def timed(work: Any, arguments: tuple[Any, ...], processes: int) -> tuple[float, list[float]]:
    """Seconds that processes take from a common start to the end of the last; and what each said at its end."""
    start, ended = _FRESH.Barrier(processes + 1), _FRESH.Queue()
    started = [_FRESH.Process(target=work, args=(*arguments, start, ended)) for _ in range(processes)]
    for process in started:
        process.start()
    start.wait()
    began = time.perf_counter()
    said = [ended.get() for _ in started]
    took = time.perf_counter() - began
    for process in started:
        process.join()
    assert all(process.exitcode == 0 for process in started)
    return took, said


def make_ready(database: Database, chosen: Settings, folder: Path) -> int:
    """Messages as our letters leave, finished, for the bare loop; the mean of their bytes."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.eml"):
        old.unlink()
    press = delivery._Press(database, Storage(chosen.storage))
    letters = Ledger(database, "ready-made").claim(_READY_MADE)
    sizes = []
    for number, letter in enumerate(letters):
        content = press.composed(letter)
        sizes.append(len(content))
        (folder / f"{number:04d}.eml").write_bytes(content)
    with database.write() as session:
        session.execute(text("UPDATE letter SET state = 'queued', claimed_by = NULL, claimed_until = NULL"))
    return round(statistics.mean(sizes))


def measure(
    case: Case, chosen: Settings, database: Database, server: Sink, folder: Path, letters: int, found: Found
) -> None:
    """One round of a case: bare and ours, one after the other."""
    with database.write() as session:
        sending_world.make(session, Storage(chosen.storage), letters, attached=case.attached)
    make_ready(database, chosen, folder / "ready")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for command in ("VACUUM ANALYZE", "CHECKPOINT"):
            connection.execute(text(command))
    bare_each = (case.bare_letters or letters) // case.bare_processes
    took, _said = timed(send_bare, (server.port, folder / "ready", bare_each), case.bare_processes)
    bare = bare_each * case.bare_processes / took
    server.forget()
    took, said = timed(send_ours, (chosen,), PROCESSES)
    ours = letters / took
    came = server.took()
    with database.read() as session:
        names = set(session.scalars(text("SELECT message_id FROM letter")))
        settled = session.scalar(
            text(
                "SELECT count(*) FROM letter JOIN invitation ON invitation.id = invitation_id"
                " WHERE state = 'sent' AND accounted_at IS NOT NULL AND stage = 'sent'"
            )
        )
    assert settled == letters, f"{settled} of {letters} letters are settled and accounted for"
    server.forget()
    found.lost += len(names - {name.decode() for name in came})
    found.repeated += sum(times - 1 for times in came.values())
    found.ours.append(ours)
    found.bare.append(bare)
    found.ratios.append(ours / bare)
    found.megabytes = max(found.megabytes, *said)


def main() -> None:
    """Make the world, measure each case, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--letters", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", choices=CASES, nargs="*", default=list(CASES))
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name, Postgres(Path(name) / "postgres") as server:
        server.make_database("sending")
        url = server.url("sending")
        config.use(settings_for(url, name, 9, 1))
        db.migrate(url)
        database = Database(url)
        results: dict[str, Found] = {}
        for key in given.only:
            case, found = CASES[key], Found()
            with sink.running(pipelining=case.pipelining, delay=case.delay) as running:
                chosen = settings_for(url, name, running.port, case.connections)
                config.use(chosen)
                for _round in range(given.rounds):
                    measure(case, chosen, database, running, Path(name), int(given.letters * case.letters), found)
            results[key] = found
        database.dispose()
    print(f"{given.letters} letters, {given.rounds} rounds, {os.cpu_count()} cores")
    print(
        f"{'case':24}{'ratio':>7}{'least':>7}{'most':>7}{'aim':>7}{'ours/s':>9}{'bare/s':>9}{'lost':>6}{'twice':>6}{'MB':>6}"
    )
    for key, found in results.items():
        case = CASES[key]
        print(
            f"{case.name:24}{statistics.median(found.ratios):7.2f}{min(found.ratios):7.2f}{max(found.ratios):7.2f}{case.aim:7.2f}"
            f"{statistics.median(found.ours):9.0f}{statistics.median(found.bare):9.0f}{found.lost:6}{found.repeated:6}{found.megabytes:6.0f}"
        )
    print(json.dumps({"letters": given.letters, "cases": {key: vars(found) for key, found in results.items()}}))


if __name__ == "__main__":
    main()

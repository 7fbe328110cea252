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
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import text

from benchmarks import sending_world, sink
from benchmarks.sink import Sink
from outreach import config, db, i18n, schema
from outreach.campaigns.reach import letters_settled
from outreach.config import Settings
from outreach.correspondence import delivery
from outreach.correspondence.ledger import Ledger
from outreach.correspondence.press import Press
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
    signed: bool = False
    attached: bool = False
    connections: int = 32
    letters: float = 1.0
    """Times the letters of the whole run."""
    bare_processes: int = PROCESSES
    bare_letters: int | None = None


CASES = {
    "pipelining": Case("PIPELINING", 1.0),
    "plain": Case("without PIPELINING", 0.65, pipelining=False),
    "attached": Case("100 KB PDF attached", 0.8, attached=True, letters=0.25),
    "delayed": Case("5 ms reply delay", 40.0, delay=0.005, bare_processes=1, bare_letters=150),
    "signed": Case("signed with DKIM", 0.6, signed=True),
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
    ours_cpu: list[float] = field(default_factory=list)
    bare_cpu: list[float] = field(default_factory=list)

    def keep(self, letters: int, ours: "Timed", bare_letters: int, bare: Sequence["Timed"]) -> None:
        """Add a round."""
        self.ours.append(letters / ours.seconds)
        self.bare.append(bare_letters / sum(part.seconds for part in bare))
        self.ratios.append(self.ours[-1] / self.bare[-1])
        self.ours_cpu.append(1000 * ours.cpu / letters)
        self.bare_cpu.append(1000 * sum(part.cpu for part in bare) / bare_letters)
        self.megabytes = max(self.megabytes, *ours.said)

    @property
    def cpu(self) -> float:
        """The processor time of the bare loop over ours, sink and database in both: what the ratio would be on a machine of its own."""
        return statistics.median(bare / ours for bare, ours in zip(self.bare_cpu, self.ours_cpu, strict=True))


@dataclass
class Timed:
    """What processes took from a common start to the end of the last, and what each said at its end."""

    seconds: float
    cpu: float
    said: list[float]


def cpu_seconds() -> float:
    """Processor time of this process, of all below it, and of those below it that have ended."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid], ticks[pid] = int(words[1]), sum(map(int, words[11:15]))
    below = {os.getpid()}
    for _generation in range(6):
        below |= {pid for pid, parent in parents.items() if parent in below}
    return sum(ticks[pid] for pid in below) / os.sysconf("SC_CLK_TCK")


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


def a_key(folder: Path) -> Path:
    """An RSA key of 2048 bits on disk, to sign with."""
    path = folder / "key.pem"
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


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
    start.wait()


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
    start.wait()


def timed(work: Any, arguments: tuple[Any, ...], processes: int) -> Timed:
    """Run processes from a common start."""
    start, ended = _FRESH.Barrier(processes + 1), _FRESH.Queue()
    started = [_FRESH.Process(target=work, args=(*arguments, start, ended)) for _ in range(processes)]
    for process in started:
        process.start()
    while start.n_waiting < processes:
        time.sleep(0.01)
    before = cpu_seconds()
    start.wait()
    began = time.perf_counter()
    said = [ended.get() for _ in started]
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - before
    start.wait()
    for process in started:
        process.join()
    assert all(process.exitcode == 0 for process in started)
    return Timed(seconds, cpu, said)


def make_ready(database: Database, chosen: Settings, folder: Path) -> None:
    """Messages as our letters leave, finished, for the bare loop."""
    folder.mkdir(exist_ok=True)
    press = Press(database, Storage(chosen.storage), lambda: None)
    with Ledger(database, "ready-made") as ledger:
        letters = ledger.claim(_READY_MADE)
    for number, letter in enumerate(letters):
        (folder / f"{number:04d}.eml").write_bytes(press.composed(letter))
    with database.write() as session:
        session.execute(text("UPDATE letter SET state = 'queued', claimed_by = NULL, claimed_until = NULL"))


def measure(
    case: Case, chosen: Settings, database: Database, server: Sink, folder: Path, letters: int, found: Found
) -> None:
    """One round of a case. Half of the bare loop runs before ours and half after, so that a neighbour who comes or goes meets both."""
    with database.write() as session:
        sending_world.make(session, Storage(chosen.storage), letters, attached=case.attached)
    make_ready(database, chosen, folder / "ready")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for command in ("VACUUM ANALYZE", "CHECKPOINT"):
            connection.execute(text(command))
    bare_each = (case.bare_letters or letters) // case.bare_processes // 2
    bare = (server.port, folder / "ready", bare_each)
    before = timed(send_bare, bare, case.bare_processes)
    server.forget()
    ours = timed(send_ours, (chosen,), PROCESSES)
    came = server.took()
    after = timed(send_bare, bare, case.bare_processes)
    with database.read() as session:
        names = set(session.scalars(text("SELECT message_id FROM letter")))
        settled = session.scalar(
            text(
                "SELECT count(*) FROM letter JOIN invitation ON invitation.id = invitation_id"
                " WHERE state = 'sent' AND stage = 'sent'"
                " AND NOT EXISTS (SELECT FROM unaccounted_letter WHERE letter_id = letter.id)"
            )
        )
    assert settled == letters, f"{settled} of {letters} letters are settled and accounted for"
    found.lost += len(names - {name.decode() for name in came})
    found.repeated += sum(times - 1 for times in came.values())
    found.keep(letters, ours, 2 * bare_each * case.bare_processes, (before, after))


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
                if case.signed:
                    chosen = replace(chosen, dkim_keys=(("benchmark", a_key(Path(name))),))
                config.use(chosen)
                for _round in range(given.rounds):
                    measure(case, chosen, database, running, Path(name), int(given.letters * case.letters), found)
            results[key] = found
        database.dispose()
    print(f"{given.letters} letters, {given.rounds} rounds, {os.cpu_count()} cores")
    print(
        f"{'case':24}{'ratio':>7}{'least':>7}{'most':>7}{'aim':>7}{'CPU':>7}{'ours/s':>9}{'bare/s':>9}{'lost':>6}{'twice':>6}{'MB':>6}"
    )
    for key, found in results.items():
        print(
            f"{CASES[key].name:24}{statistics.median(found.ratios):7.2f}{min(found.ratios):7.2f}{max(found.ratios):7.2f}"
            f"{CASES[key].aim:7.2f}{found.cpu:7.2f}{statistics.median(found.ours):9.0f}{statistics.median(found.bare):9.0f}"
            f"{found.lost:6}{found.repeated:6}{found.megabytes:6.0f}"
        )
    print(json.dumps({"letters": given.letters, "cases": {key: vars(found) for key, found in results.items()}}))


if __name__ == "__main__":
    main()

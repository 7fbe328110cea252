"""The stage of a trial: PostgreSQL, Valkey, workers and beats as processes of their own, a world of letters, and the sink outside."""

import os
import shutil
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks import sending_world
from benchmarks.faults import again, processes, sink
from benchmarks.faults.processes import Process
from benchmarks.faults.sink import Came, Sink
from outreach import clock, config, db, i18n, schema
from outreach.config import Settings
from outreach.db import Database
from outreach.paths import ROOT
from outreach.stack import places
from outreach.stack.child import Child
from outreach.stack.postgres import Postgres
from outreach.stack.valkey import Valkey
from outreach.storage import Storage

assert schema.ALL

_DATABASE = "faults"
CHILDREN, CONNECTIONS = 2, 4
"""How many sending processes a worker has, and how many connections each of them."""


@dataclass(frozen=True)
class Count:
    """What the sink has against what the database knows."""

    lost: int
    repeated: int
    unsettled: int
    """Letters that are neither sent nor refused, failed or cancelled."""
    wrongly_sent: int
    """Letters that the database calls sent and that never arrived."""


class Stage:
    """The servers have addresses that last: after a crash they come back where the others look for them."""

    def __init__(self, folder: Path, mail: Sink) -> None:
        self.folder, self.mail = folder, mail
        self._doors = places.socket_folder(servant=False)
        self.postgres, self.valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
        self._programs: dict[str, Child] = {}
        self.keeps_programs = False
        self.start_postgres()
        self.start_valkey()
        self.postgres.make_database(_DATABASE)
        self.environment = {
            "OUTREACH_DATABASE_URL": self.database_url("pg"),
            "OUTREACH_BROKER_URL": f"redis+socket://{self._doors}/valkey/valkey.sock",
            "OUTREACH_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
            "OUTREACH_SMTP_CONNECTIONS": str(CONNECTIONS),
            "OUTREACH_STORAGE_URL": f"file://{folder}/storage",
            "OUTREACH_BASE_URL": "http://127.0.0.1:8000",
            "OUTREACH_SECRET_KEY": "a secret of trials only, of some forty characters",
            "OUTREACH_MAIL_DOMAIN": "outreach.example",
            "OUTREACH_SENDER": "Outreach <outreach@secretariat.example>",
            "OUTREACH_CLOCK_FILE": str(folder / "clock"),
        }
        self.settings: Settings = config.load(self.environment)
        db.migrate(self.settings.database_url)
        self.database = Database(self.settings.database_url)
        self.storage = Storage(self.settings.storage)

    def database_url(self, door: str) -> str:
        """The address of the database behind one of the doors."""
        return f"postgresql+psycopg://outreach@/{_DATABASE}?host={self._doors}/{door}"

    # Servers

    def start_postgres(self) -> None:
        """Start the database, where it was."""
        self.postgres.start()
        self._open("pg", Path(self.postgres.url(_DATABASE).partition("host=")[2]))

    def kill_postgres(self) -> None:
        """kill -9 of the database with all that belongs to it."""
        _kill(self.postgres._child)
        self.postgres.stop()

    def start_valkey(self) -> None:
        """Start the broker, where it was."""
        self.valkey.start()
        self._open("valkey", Path(self.valkey.url.removeprefix("redis+socket://")).parent)

    def kill_valkey(self, *, wipe: bool = False) -> None:
        """kill -9 of the broker, whose folder is emptied with `wipe`."""
        _kill(self.valkey._child)
        self.valkey.stop()
        if wipe:
            shutil.rmtree(self.folder / "valkey")

    def open_door(self, name: str) -> Path:
        """A folder for somebody who stands in front of a server."""
        folder = self._doors / name
        folder.mkdir(exist_ok=True)
        return folder

    def _open(self, door: str, leads_to: Path) -> None:
        fresh = self._doors / f"{door}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(leads_to)
        fresh.replace(self._doors / door)

    # Programs

    def start(self, name: str, *arguments: str, **environment: str) -> Child:
        """Start a worker or a beat, by the arguments of celery, unless it runs; it comes again whenever it ends."""
        command = [sys.executable, "-m", again.__name__, sys.executable, "-m", "celery", "-A", *arguments]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("OUTREACH_")}
        made = Child(
            name,
            command,
            log=self.folder / "log" / f"{name}.log",
            environment={**kept, **self.environment, **environment, "PYTHONPATH": str(ROOT)},
        )
        self._programs[name] = made
        return made

    def without_programs(self) -> None:
        """End all programs: a trial does without them."""
        for name in list(self._programs):
            self._programs.pop(name).stop()

    def start_worker(self, name: str = "worker", **environment: str) -> Child:
        """Start a worker with its sending processes."""
        quiet = ("--without-gossip", "--without-mingle", "-l", "INFO")
        return self.start(name, "workers.app", "worker", "-c", str(CHILDREN), "-n", name, *quiet, **environment)

    def start_beat(self, name: str = "beat") -> Child:
        """Start a beat."""
        kept = str(self.folder / f"{name}-schedule")
        return self.start(name, "workers.beat", "beat", "-s", kept, "--pidfile=", "-l", "INFO")

    def stop(self, *names: str) -> None:
        """End programs for good, unless the next trial goes on with them."""
        for name in names:
            if not self.keeps_programs:
                self._programs.pop(name).stop()

    def parents_and_children(self, name: str) -> tuple[list[int], list[int]]:
        """The process ids of a program: its main process, and those that the main process (or a former one) made."""
        found = processes.all_of_them()
        supervisor = next((one.pid for one in found if one.parent == _keeper(self._programs[name])), 0)
        belonging = [one for one in found if one.session == supervisor and one.pid != supervisor]
        parents = [one.pid for one in belonging if one.parent == supervisor]
        return parents, [one.pid for one in belonging if one.pid not in parents]

    def kill_program(self, pid: int) -> int:
        """kill -9 of one process; how many connections to the sink died with it."""
        return processes.kill(pid, self.mail.port)

    def connections_of(self, pid: int) -> int:
        """How many connections to the sink a process has."""
        return processes.connections(pid, self.mail.port)

    # Letters

    def letters(self, number: int) -> None:
        """Make the world anew, with so many letters that are due now."""
        with self.database.write() as session, i18n.speaking("en"):
            sending_world.make(session, self.storage, number, attached=False)
            session.execute(text("UPDATE letter SET due_at = :now, queued_at = :now"), {"now": clock.now()})

    def asked(self, statement: str, **values: Any) -> Any:
        """One value from the database."""
        with self.database.read() as session:
            return session.scalar(text(statement), values)

    def column(self, statement: str) -> list[Any]:
        """The first column of what the database answers."""
        with self.database.read() as session:
            return list(session.scalars(text(statement)))

    def change(self, statement: str, **values: Any) -> None:
        """Change rows from outside."""
        with self.database.write() as session:
            session.execute(text(statement), values)

    def ring(self) -> None:
        """Ring for the letters, as a launch does."""
        from outreach import doorbell

        config.use(self.settings)
        doorbell.ring(doorbell.LETTERS)

    def unsettled(self) -> int:
        """How many letters are not final, or not yet accounted for."""
        found: int = self.asked(
            "SELECT (SELECT count(*) FROM letter WHERE settled_at IS NULL) + (SELECT count(*) FROM unaccounted_letter)"
        )
        return found

    def wait_until(self, condition: Callable[[], bool], seconds: float = 180.0, what: str = "it") -> float:
        """Wait for a condition; how many seconds it took. Raises TimeoutError."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"waited in vain for {what}; the logs are in {self.folder / 'log'}")
            time.sleep(0.05)
        return time.monotonic() - began

    def count(self, came: Came | None = None) -> Count:
        """Compare what arrived with what the database says."""
        came = came or self.mail.came()
        with self.database.read() as session:
            rows = session.execute(text("SELECT message_id, state, settled_at FROM letter")).all()
        sent = {row.message_id for row in rows if row.state == "sent"}
        return Count(
            lost=len({row.message_id for row in rows} - set(came.took)),
            repeated=sum(came.repeated.values()),
            unsettled=sum(row.settled_at is None for row in rows),
            wrongly_sent=len(sent - set(came.took)),
        )

    def end_leases_of_the_dead(self) -> int:
        """What passing time does: the leases of senders that run no more end now; how many. A claim names its sender's process."""
        with self.database.write() as session:
            holders = session.scalars(text("SELECT DISTINCT claimed_by FROM letter WHERE state = 'sending'")).all()
            # In this order: a process that begins meanwhile is not taken for a dead one.
            alive = {str(one.pid) for one in processes.all_of_them()}
            dead = [name for name in holders if name and name.split(":")[1] not in alive]
            ended = text(
                "UPDATE letter SET claimed_until = :past"
                " WHERE state = 'sending' AND claimed_by = ANY(:dead) AND claimed_until > :past RETURNING id"
            )
            return len(session.execute(ended, {"past": clock.now() - timedelta(days=1), "dead": dead}).all())

    def end_all_leases(self) -> None:
        """What passing time does, where every sender has lost the database: all leases end now."""
        self.change(
            "UPDATE letter SET claimed_until = :past WHERE state = 'sending'", past=clock.now() - timedelta(days=1)
        )

    def close(self) -> None:
        """End everything."""
        self.without_programs()
        self.database.dispose()
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self._doors, ignore_errors=True)
        places.remove(self.folder / "postgres")


def _keeper(child: Child) -> int:
    return child._keeper.pid


def _kill(child: Child | None) -> None:
    """kill -9 of what the keeper runs; the keeper then ends what is left of its group."""
    assert child is not None
    for one in processes.all_of_them():
        if one.parent == _keeper(child):
            with suppress(ProcessLookupError):
                os.kill(one.pid, 9)
    while child.ended() is None:
        time.sleep(0.01)


@contextmanager
def set_up(folder: Path, *, drip: float = sink.DRIP_SECONDS) -> Iterator[Stage]:
    """A stage without programs, for the length of a `with` block."""
    # What a trial that was killed left here is nobody's.
    places.remove(folder / "postgres")
    with sink.running(drip=drip) as mail:
        stage = Stage(folder, mail)
        before = config._current
        config.use(stage.settings)
        try:
            yield stage
        finally:
            stage.close()
            config.use(before)


def worker_name() -> str:
    """A name for a run of this process."""
    return f"trial:{os.getpid()}:{uuid.uuid4().hex[:8]}"


__all__ = ["Count", "Process", "Stage", "set_up", "worker_name"]

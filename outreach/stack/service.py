"""The whole service on one machine: PostgreSQL, Valkey, mail catcher, worker, beat and web, for `demo` and `serve`."""

import fcntl
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from outreach import clock, config, db
from outreach.config import Settings
from outreach.db import Database
from outreach.directory.seed import seed_states
from outreach.errors import OutreachError
from outreach.paths import PACKAGE, ROOT, translations_dir
from outreach.stack import catcher, places
from outreach.stack.catalogues import compile_catalogues
from outreach.stack.child import Child
from outreach.stack.letterbox import Letterbox
from outreach.stack.ports import HOST, answers, free_port
from outreach.stack.postgres import Postgres
from outreach.stack.valkey import Valkey

WEB_PORT, CATCHER_PORT, SMTP_PORT = 8000, 8025, 2525
MAIL_DOMAIN = "outreach.example"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Running:
    """The running service: its settings and database, and where mail is caught (None: it goes to a real relay)."""

    settings: Settings
    database: Database
    children: tuple[Child | Postgres | Valkey, ...]
    web: Child
    port: int
    letterbox: Letterbox | None
    catcher_url: str | None
    folder: Path

    def until_it_answers(self) -> None:
        """Wait until the pages can be opened. Raises OutreachError where the web does not start."""
        self.web.wait_until(lambda: answers(self.port))

    def watch(self) -> None:
        """Return only by an exception: KeyboardInterrupt, or OutreachError when a part has ended by itself."""
        while True:
            if self.settings.clock_file is not None:
                _keep_instant(self.folder)
            for child in self.children:
                if child.ended() is not None:
                    name = child.name if isinstance(child, Child) else type(child).__name__
                    raise OutreachError(f"{name} has ended by itself. Its log is {child.log}.")
            time.sleep(0.5)


def _keep_instant(folder: Path) -> None:
    """Note what a demo's clock shows, so that the next start goes on there, however long it was stopped."""
    fresh = folder / "instant.new"
    fresh.write_text(clock.now().isoformat())
    fresh.replace(folder / "instant")


def _go_on_from_instant(folder: Path) -> None:
    kept = folder / "instant"
    if kept.exists():
        clock.move_to(datetime.fromisoformat(kept.read_text()), folder / "clock")


def secret_of(folder: Path) -> str:
    """The secret key of an embedded service: made once, readable by its owner alone."""
    file = folder / "secret-key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder for this process. Raises OutreachError where another one has it: two services must not share their state."""
    # Caught mail holds links, and the storage answers: other users of the machine must not read them.
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "held").open("w") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutreachError(f"It is running already, with its state in {folder}. Please stop it first.") from None
        yield


def forget(folder: Path) -> None:
    """Remove the whole state of an embedded service. Raises OutreachError while it is running."""
    with held(folder):
        _remove(folder)


def _remove(folder: Path) -> None:
    for part in ("postgres", "valkey", "storage", "mail", "log"):
        places.remove(folder / part)
    places.remove(folder)


@contextmanager
def running(folder: Path, *, demo: bool, say: Say) -> Iterator[Running]:
    """Start everything, in order; at the end stop everything, in reverse. Raises OutreachError where a part does not start.

    The web may need a few seconds more before it answers: whoever opens a page waits for it (`Running.until_it_answers`).
    """
    with held(folder):
        compile_catalogues(translations_dir())
        if demo:
            _go_on_from_instant(folder)
        yield from _running(folder, demo, say)


def _running(folder: Path, demo: bool, say: Say) -> Iterator[Running]:
    started: list[Child | Postgres | Valkey] = []
    try:
        say("Starting PostgreSQL and Valkey …")
        postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
        for server in (postgres, valkey):
            started.append(server)
            server.start()
        postgres.make_database("outreach")

        relay = None if demo else os.environ.get("OUTREACH_SMTP_URL")
        letterbox, catcher_url = None, None
        if relay is None:
            smtp, page = free_port(SMTP_PORT), free_port(CATCHER_PORT)
            letterbox = Letterbox(folder / "mail")
            domain = MAIL_DOMAIN if demo else os.environ.get("OUTREACH_MAIL_DOMAIN", MAIL_DOMAIN)
            catching: list[str | Path] = [folder / "mail", str(smtp), str(page), HOST, folder / "inbox", domain]
            caught = _start(
                "the mail catcher", [sys.executable, "-m", catcher.__name__, *catching], folder, dict(os.environ)
            )
            started.append(caught)
            relay, catcher_url = f"smtp://{HOST}:{smtp}", f"http://{HOST}:{page}/"

        port = free_port(WEB_PORT)
        inbox = f"maildir://{quote(str((folder / 'inbox').resolve()))}" if letterbox is not None else ""
        environment = _environment(folder, demo, postgres, valkey, relay, inbox, port)
        os.environ.update(environment)
        settings = config.load(os.environ)
        config.use(settings)
        # The web asks the database nothing before somebody opens a page: it loads its programs meanwhile.
        web = _start("the web", _web(folder, port), folder, dict(os.environ))
        started.append(web)
        say("Preparing the database …")
        db.migrate(settings.database_url)
        database = Database(settings.database_url)
        with database.write() as session:
            seed_states(session)

        say("Starting web, worker and beat …")
        for name, command in _workers(folder).items():
            started.append(_start(name, command, folder, dict(os.environ)))
        if letterbox is not None:
            caught.wait_until(lambda: answers(smtp) and answers(page))
        yield Running(settings, database, tuple(started), web, port, letterbox, catcher_url, folder)
        database.dispose()
    finally:
        for child in reversed(started):
            child.stop()


def _environment(
    folder: Path, demo: bool, postgres: Postgres, valkey: Valkey, relay: str, inbox: str, port: int
) -> dict[str, str]:
    """The settings of an embedded service; what the environment says already is left as it is, except in a demo."""
    fixed = {
        "OUTREACH_DATABASE_URL": postgres.url("outreach"),
        "OUTREACH_BROKER_URL": valkey.url,
        "OUTREACH_SMTP_URL": relay,
        "OUTREACH_STORAGE_URL": f"file://{(folder / 'storage').resolve()}",
        "OUTREACH_SECRET_KEY": secret_of(folder),
        "OUTREACH_DEMO": "1" if demo else "0",
        "OUTREACH_CLOCK_FILE": str((folder / "clock").resolve()) if demo else "",
    }
    usual = {
        "OUTREACH_BASE_URL": f"http://{HOST}:{port}",
        "OUTREACH_MAIL_DOMAIN": MAIL_DOMAIN,
        "OUTREACH_SENDER": "Outreach <outreach@secretariat.example>",
        "OUTREACH_INBOX_URL": inbox,
        # In a demo the invented office of the sample writes.
        "OUTREACH_SECRETARIAT": str(PACKAGE / "campaigns" / "sample" / "secretariat.toml") if demo else "",
    }
    return fixed | (usual if demo else {key: os.environ.get(key, value) for key, value in usual.items()})


def _workers(folder: Path) -> dict[str, list[str | Path]]:
    celery: list[str | Path] = [sys.executable, "-m", "celery", "-A"]
    return {
        "the worker": [
            *celery,
            "workers.app",
            "worker",
            "-c",
            "2",
            "--without-gossip",
            "--without-mingle",
            "-l",
            "INFO",
        ],
        "the beat": [*celery, "workers.beat", "beat", "-s", folder / "beat-schedule", "--pidfile=", "-l", "INFO"],
    }


def _web(folder: Path, port: int) -> list[str | Path]:
    return [
        sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--preload", "--workers", "2", "--threads", "4", "--no-control-socket",
        # On a busy machine a process that gets no time for half a minute is not a dead one.
        "--timeout", "300", "--worker-tmp-dir", folder, "outreach.app:serving()",
    ]  # fmt: skip


def _start(name: str, command: list[str | Path], folder: Path, environment: dict[str, str]) -> Child:
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH")]))
    # The keeper runs isolated; the program itself must find the package from any working folder.
    log = folder / "log" / f"{name.removeprefix('the ').replace(' ', '-')}.log"
    return Child(name, command, log=log, environment=environment)

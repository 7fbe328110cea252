"""The embedded servers: they start, keep what they are given over a kill -9, and never outlive whoever started them."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy.engine import make_url

from outreach.errors import OutreachError
from outreach.paths import ROOT
from outreach.stack import places
from outreach.stack.child import Child
from outreach.stack.ports import HOST, free_port
from outreach.stack.postgres import Postgres
from outreach.stack.valkey import Valkey

LONG = 180.0


def wait_for(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that ended but was not waited for is not alive.
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def connect(server: Postgres, database: str = "outreach") -> psycopg.Connection:
    return psycopg.connect(
        make_url(server.url(database)).set(drivername="postgresql").render_as_string(), autocommit=True
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    yield tmp_path / "postgres"  # type: ignore[misc]
    places.remove(tmp_path / "postgres")


def test_postgres_keeps_its_data_from_one_start_to_the_next(folder: Path) -> None:
    with Postgres(folder) as server:
        server.make_database("outreach")
        server.make_database("outreach")
        with connect(server) as session:
            session.execute("CREATE TABLE kept AS SELECT 42 AS number")
    with Postgres(folder) as server, connect(server) as session:
        assert session.execute("SELECT number FROM kept").fetchone() == (42,)


def test_valkey_keeps_its_data_from_one_start_to_the_next(tmp_path: Path) -> None:
    for expected in (None, b"rung"):
        with Valkey(tmp_path / "valkey") as broker:
            client = redis.Redis(unix_socket_path=broker.url.removeprefix("redis+socket://"))
            assert client.get("bell") == expected
            client.set("bell", "rung")
            client.close()


def test_servers_end_with_a_parent_that_was_killed_and_start_again_on_their_data(folder: Path, tmp_path: Path) -> None:
    program = textwrap.dedent(
        f"""
        import time
        from pathlib import Path
        import psycopg
        from outreach.stack.postgres import Postgres
        from outreach.stack.valkey import Valkey
        server, broker = Postgres(Path({str(folder)!r})), Valkey(Path({str(tmp_path / "valkey")!r}))
        server.start(); broker.start(); server.make_database("outreach")
        host = server.url("x").split("host=")[1]
        with psycopg.connect(host=host, user="outreach", dbname="outreach", autocommit=True) as session:
            session.execute("CREATE TABLE kept AS SELECT 42 AS number")
            print(session.execute("SELECT pg_backend_pid()").fetchone()[0], flush=True)
        print(Path(server._data, "postmaster.pid").read_text().split()[0], flush=True)
        time.sleep(600)
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert parent.stdout is not None
    parent.stdout.readline()
    postmaster = int(parent.stdout.readline())
    assert alive(postmaster)
    parent.kill()
    parent.wait()
    wait_for(lambda: not alive(postmaster))
    with Postgres(folder) as server, connect(server) as session:
        assert session.execute("SELECT number FROM kept").fetchone() == (42,)


def test_a_child_and_its_own_children_end_with_it(tmp_path: Path) -> None:
    marks = tmp_path / "pids"
    program = f"import os,time; os.fork(); open({str(marks)!r},'a').write(str(os.getpid())+chr(10)); time.sleep(600)"
    child = Child("the test", [sys.executable, "-c", program], log=tmp_path / "log")
    wait_for(lambda: marks.exists() and len(marks.read_text().split()) == 2)
    pids = [int(word) for word in marks.read_text().split()]
    assert all(alive(pid) for pid in pids)
    child.stop()
    child.stop()
    wait_for(lambda: not any(alive(pid) for pid in pids))


def test_a_child_that_ignores_the_polite_signal_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = tmp_path / "ready"
    program = f"import signal,time,pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path({str(ready)!r}).touch(); time.sleep(600)"
    child = Child("the test", [sys.executable, "-c", program], log=tmp_path / "log")
    wait_for(ready.exists)
    child.stop()
    assert child.ended() == 128 + signal.SIGKILL


def test_a_program_that_does_not_start_is_named_with_its_log(tmp_path: Path) -> None:
    child = Child("the test", [sys.executable, "-c", "raise SystemExit('no')"], log=tmp_path / "log")
    with pytest.raises(OutreachError, match=r"the test did not start\. Its log is .*log"):
        child.wait_until(lambda: False)


def test_the_next_port_is_taken_where_one_is_busy() -> None:
    import socket

    with socket.socket() as busy:
        busy.bind((HOST, 0))
        busy.listen()
        taken = busy.getsockname()[1]
        assert free_port(taken) > taken


def test_a_port_is_promised_to_one_process_of_those_that_ask_before_they_listen() -> None:
    asking = "from outreach.stack.ports import free_port; print(free_port(24025), flush=True); input()"
    askers = [
        subprocess.Popen([sys.executable, "-c", asking], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    try:
        assert len({asker.stdout.readline() for asker in askers if asker.stdout}) == 3
    finally:
        for asker in askers:
            asker.communicate("\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user's folder to care for")
def test_as_root_no_permission_changes_outside_our_own_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    wanted = home / "var" / "postgres"
    users = Path("/etc/passwd").read_bytes()
    with Postgres(wanted) as server:
        server.make_database("outreach")
        assert home.stat().st_mode & 0o777 == 0o700
        assert not places.servants_place(wanted).is_relative_to(home)
    assert Path("/etc/passwd").read_bytes() == users
    places.remove(wanted)
    assert not places.servants_place(wanted).exists()

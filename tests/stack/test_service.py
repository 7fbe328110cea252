"""The whole service on one machine: it starts, shows its pages, keeps a demo's clock, and leaves no process behind, however it ends."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach import clock
from outreach.errors import OutreachError
from outreach.paths import ROOT
from outreach.stack import service
from tests.stack.test_servers import alive, wait_for

SCRIPT = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from outreach.stack import service
    with service.running(Path(sys.argv[1]), demo=True, say=lambda words: None) as found:
        found.until_it_answers()
        print(found.settings.base_url, *(child._keeper.pid for child in found.children if hasattr(child, "_keeper")), flush=True)
        found.watch()
    """
)


def start(folder: Path) -> "subprocess.Popen[str]":
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OUTREACH_")}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT)},
    )


def belonging_to(folder: Path) -> list[int]:
    """All processes that have the folder in their command or environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words and alive(int(entry.name)):
            found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found by /proc")
def test_no_process_outlives_a_demo_however_it_ends_and_it_starts_again(tmp_path: Path) -> None:
    for how in (signal.SIGKILL, signal.SIGINT):
        process = start(tmp_path / "demo")
        try:
            assert process.stdout is not None
            base_url, *keepers = process.stdout.readline().split()
            assert len(keepers) >= 4
            with urllib.request.urlopen(f"{base_url}/health", timeout=120) as answer:  # our own server on loopback
                assert answer.status == 200
            assert len(belonging_to(tmp_path)) > 8
            process.send_signal(how)
            process.wait(180)
            wait_for(lambda: not belonging_to(tmp_path))
        finally:
            process.kill()


def test_a_demos_clock_goes_on_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_CLOCK_FILE", str(tmp_path / "clock"))
    then = datetime(2027, 2, 28, 8, 30, tzinfo=UTC)
    clock.move_to(then, tmp_path / "clock")
    service._keep_instant(tmp_path)
    # Days pass before the next start: the true clock has gone on, the demo's has not.
    clock.move_to(then + timedelta(days=9), tmp_path / "clock")
    service._go_on_from_instant(tmp_path)
    assert timedelta() <= clock.now() - then < timedelta(hours=1)


def test_the_secret_key_is_its_owners_alone(tmp_path: Path) -> None:
    first = service.secret_of(tmp_path)
    assert re.fullmatch(r"[\w-]{60,}", first)
    assert service.secret_of(tmp_path) == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_two_services_do_not_share_their_state(tmp_path: Path) -> None:
    folder = tmp_path / "service"
    with service.held(folder):
        assert folder.stat().st_mode & 0o077 == 0
        with pytest.raises(OutreachError, match="running already"), service.held(folder):
            pass
        with pytest.raises(OutreachError, match="running already"):
            service.forget(folder)
    service.forget(folder)
    assert not folder.exists()

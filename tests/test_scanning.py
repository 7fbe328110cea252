"""Files are looked at by clamd over its socket; without an answer they are held."""

import pytest

from outreach import config, scanning
from outreach.scanning import Finding, Scan, scan, scan_all
from tests import clamd
from tests.clamd import EICAR

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    scanning._clean.clear()


def test_without_a_scanner_nothing_is_asked() -> None:
    assert scan(EICAR) == Scan(Finding.NOT_ASKED)
    assert scan(EICAR).passes


def test_clean_passes_and_infected_does_not_with_the_words_of_clamd() -> None:
    large = b"x" * 200_000
    with clamd.running() as fake:
        assert scan_all([b"words", b"zip" + EICAR, large]) == [
            Scan(Finding.CLEAN),
            Scan(Finding.INFECTED, "Eicar-Test-Signature"),
            Scan(Finding.CLEAN),
        ]
        assert fake.seen == [b"words", b"zip" + EICAR, large]
        # What is clean is remembered a while; what is not is looked at again.
        scan_all([b"words", b"zip" + EICAR])
        assert fake.seen[3:] == [b"zip" + EICAR]
        assert scanning.version().startswith("ClamAV 1.4.2")


def test_what_clamd_does_not_take_is_held() -> None:
    with clamd.running() as fake:
        fake.most = 300_000
        held = scan(b"y" * 3_000_000)
    assert (held.finding, held.words) == (Finding.HELD, "INSTREAM size limit exceeded. ERROR")


def test_what_unpacks_beyond_the_limits_of_clamd_is_held() -> None:
    with clamd.running() as fake:
        fake.finds = "Heuristics.Limits.Exceeded.MaxScanSize"
        assert scan(b"bomb" + EICAR) == Scan(Finding.HELD, fake.finds)


def test_no_answer_in_time_holds_and_the_rest_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with clamd.running() as fake:
        scan(b"known")
        fake.silent = True
        monkeypatch.setattr(scanning, "LONGEST", 0.2)
        found = scan_all([b"one", b"known", b"two"])
    assert [one.finding for one in found] == [Finding.HELD, Finding.CLEAN, Finding.HELD]
    assert found[0].words == "clamd did not answer in time"


@pytest.mark.parametrize("url", ["unix:///nowhere/clamd.sock", "tcp://127.0.0.1:1"])
def test_nobody_at_the_socket_holds(url: str) -> None:
    with clamd.set_to(url):
        held = scan(b"words")
        assert held.finding is Finding.HELD and not held.passes
        assert held.words.startswith("clamd could not be reached: ")
        with pytest.raises(OSError):
            scanning.version()


def test_the_setting_takes_a_socket_or_a_host() -> None:
    table = {setting.name: setting for setting in config.TABLE}
    read = table["OUTREACH_CLAMD_URL"].read
    for url in ("", "unix:///run/clamav/clamd.sock", "tcp://clamd.internal.test:3310"):
        assert read(url) == url
    for url in ("unix://host", "tcp:///path", "http://x", "tcp://host:port"):
        with pytest.raises(ValueError):
            read(url)

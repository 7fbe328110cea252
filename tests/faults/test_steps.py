"""The clock steps while letters are on their way: whoever sends them keeps them."""

import threading
from contextlib import closing
from datetime import timedelta

import pytest

from benchmarks.faults.stage import Stage, worker_name
from outreach import clock, config, i18n
from outreach.campaigns.reach import letters_settled
from outreach.correspondence import ledger
from outreach.correspondence.delivery import send_due
from outreach.correspondence.transport import Relay

LETTERS = 12
LONG = timedelta(minutes=30)


def _send(stage: Stage) -> None:
    with i18n.speaking("en"), closing(Relay(stage.settings)) as relay:
        send_due(stage.database, stage.storage, relay, letters_settled, worker=worker_name())


@pytest.mark.parametrize(
    "step", [timedelta(hours=1), timedelta(days=1), timedelta(hours=-1), timedelta(days=-1)], ids=str
)
def test_a_step_of_the_clock_sends_nothing_twice_and_skips_nothing(
    stage: Stage, step: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is, it is the step that a lease could take for the truth, and nothing else.
    monkeypatch.setattr(ledger, "LEASE", LONG)
    monkeypatch.setattr(ledger, "MARGIN", LONG)
    monkeypatch.setattr(clock, "_FORGOTTEN", LONG.total_seconds())
    monkeypatch.setenv("OUTREACH_CLOCK_FILE", str(stage.folder / "steps"))
    stage.without_programs()
    config.use(stage.settings)
    clock.move_to(clock.now(), stage.folder / "steps")
    stage.letters(LETTERS)
    stage.mail.forget()
    stage.mail.delay(0.5)
    first = threading.Thread(target=_send, args=(stage,))
    first.start()
    try:
        stage.wait_until(lambda: bool(stage.mail.came().took), what="the first letter")
        clock.move_to(clock.now() + step, stage.folder / "steps")
        _send(stage)
    finally:
        first.join(600)
        (stage.folder / "steps").unlink()
    assert not first.is_alive()
    came = stage.mail.came()
    assert (len(came.took), came.repeated) == (LETTERS, {})
    assert stage.column("SELECT DISTINCT state FROM letter") == ["sent"]

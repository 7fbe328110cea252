"""Relays that misbehave at each step of a letter: the rest goes on, time-outs hold, and no address is marked by what passes."""

import time
from contextlib import closing, suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest

from benchmarks.faults.sink import CUT, DRIP, HANG, Fault
from benchmarks.faults.stage import Stage, worker_name
from outreach import clock, config, i18n
from outreach.campaigns.reach import letters_settled
from outreach.correspondence import channel, delivery, transport
from outreach.correspondence.channel import RelayAtFault
from outreach.correspondence.delivery import send_due
from outreach.correspondence.transport import Relay

STEP = 6.0
"""Seconds, in place of thirty, while some letters hang: long enough for the others."""
STANDSTILL = 1.0
"""Seconds between two looks at the time after which the machine itself is taken to stand still: no more of them count."""
SHORT = 2.0
"""Seconds where nothing behaves."""

# Each is what goes wrong with one letter, in the order of its tries.
PASSES = {
    "closes at RCPT": [Fault("rcpt", "421 4.3.2 closing")],
    "busy mailbox": [Fault("rcpt", "450 4.2.1 busy")] * 2,
    "later after the content": [Fault("end", "451 4.3.0 later")],
    "later at MAIL": [Fault("mail", "451 4.3.0 later")],
    "cut before DATA": [Fault("data", CUT)],
    "cut in the content": [Fault("middle", CUT)],
    "drips at RCPT": [Fault("rcpt", DRIP)],
    "hangs at RCPT": [Fault("rcpt", HANG)],
}
IN_DOUBT = {
    "cut after the dot": [Fault("end", CUT)],
    "hangs after the dot": [Fault("end", HANG)],
    "drips after the dot": [Fault("end", DRIP)],
}
LASTS = {
    "no such mailbox": [Fault("rcpt", "550 5.1.1 no such mailbox")],
    "too large": [Fault("end", "552 5.3.4 too large")],
}
LETTERS = 40


@pytest.fixture
def alone(stage: Stage) -> None:
    """A sink that behaves and answers at once; no worker beside us."""
    stage.without_programs()
    config.use(stage.settings)
    stage.mail.forget()
    stage.mail.delay(0)
    stage.change("DELETE FROM sending_hold")


def _send(stage: Stage) -> None:
    with i18n.speaking("en"), closing(Relay(stage.settings)) as relay, suppress(RelayAtFault):
        send_due(stage.database, stage.storage, relay, letters_settled, worker=worker_name())


class _Worked:
    """The seconds that this process worked or waited, without those for which the machine stood still: in these nobody hangs."""

    def __init__(self) -> None:
        self._looked = self._worked = time.monotonic()

    def monotonic(self) -> float:
        passed = time.monotonic() - self._looked
        self._looked += passed
        self._worked += min(passed, STANDSTILL)
        return self._worked


@pytest.mark.usefixtures("alone")
def test_each_letter_comes_to_its_end_whatever_the_relay_does_to_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.letters(LETTERS)
    addresses: list[str] = stage.column("SELECT to_address FROM letter ORDER BY to_address")
    named = dict(zip([*PASSES, *IN_DOUBT, *LASTS], addresses, strict=False))
    tokens = {to: stage.asked("SELECT envelope_token FROM letter WHERE to_address = :to", to=to) for to in addresses}
    wrong = {**PASSES, **IN_DOUBT, **LASTS}
    stage.mail.misbehave({tokens[to] if wrong[name][0].at == "mail" else to: wrong[name] for name, to in named.items()})
    began = clock.now()
    for passed in (0, 2, 10, 30, 120, 400, 800, 1200):
        with clock.stopped_at(began + timedelta(minutes=passed)), monkeypatch.context() as patch:
            if passed == 0:
                patch.setattr(channel, "STEP", STEP)
                worked = SimpleNamespace(monotonic=_Worked().monotonic)
                patch.setattr(channel, "time", worked)
                patch.setattr(delivery, "time", worked)
            _send(stage)
        if passed == 0:
            # Whoever is not hurt has left in the first run already, though others hung and dripped beside.
            others = stage.asked(
                "SELECT count(*) FROM letter WHERE state = 'sent' AND NOT to_address = ANY(:hurt)",
                hurt=list(named.values()),
            )
            assert others == LETTERS - len(named)
    states = {name: stage.asked("SELECT state FROM letter WHERE to_address = :to", to=to) for name, to in named.items()}
    assert states == dict.fromkeys([*PASSES, *IN_DOUBT], "sent") | {"no such mailbox": "refused", "too large": "failed"}
    came = stage.mail.came()
    names = {
        name: stage.asked("SELECT message_id FROM letter WHERE to_address = :to", to=to) for name, to in named.items()
    }
    twice = {name for name, message_id in names.items() if len(came.took.get(message_id, [])) > 1}
    assert twice == set(IN_DOUBT)
    assert set(came.repeated.values()) == {1}
    assert len(came.took) == LETTERS - len(LASTS)
    marked = stage.column("SELECT email FROM contact WHERE refused_at IS NOT NULL")
    assert marked == [named["no such mailbox"]]


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("how", [DRIP, HANG])
def test_a_relay_that_never_gets_ready_holds_nobody_for_long(
    stage: Stage, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.letters(3)
    stage.mail.misbehave(greetings=[Fault("greeting", how)])
    # Without a time-out in all, a byte every now and then holds us for ever.
    with monkeypatch.context() as patch:
        patch.setattr(transport, "TIMEOUT", SHORT)
        _send(stage)
    assert stage.column("SELECT DISTINCT state FROM letter") == ["queued"]
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        _send(stage)
    assert stage.column("SELECT DISTINCT state FROM letter") == ["sent"]
    assert stage.mail.came().repeated == {}

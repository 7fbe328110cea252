"""The doorbell: who rings never waits for a broker that is away."""

import logging

import kombu.utils.functional
import pytest

from outreach import doorbell
from outreach.config import Settings


def test_a_broker_that_is_away_is_tried_once_and_said(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(kombu.utils.functional, "sleep", waited.append)
    with caplog.at_level(logging.WARNING):
        doorbell.ring(doorbell.LETTERS)
    assert waited == []
    assert doorbell.LETTERS in caplog.text

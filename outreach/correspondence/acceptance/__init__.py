"""What a receiving server would object to: looked for in the settings, at the relay, in DNS and in letters, before anything is sent."""

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How much a finding matters: FAIL is mended before anything is sent, WARN costs acceptance or speed."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    """One line for the person who sets up sending: what was found, and what to do where something is to be done."""

    level: Level
    words: str


def fine(words: str) -> Finding:
    """All as it should be."""
    return Finding(Level.OK, words)


def warn(words: str) -> Finding:
    """It works, and could be better."""
    return Finding(Level.WARN, words)


def fail(words: str) -> Finding:
    """It is to be mended."""
    return Finding(Level.FAIL, words)

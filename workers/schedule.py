"""What the beat rings for, and how often (seconds of real time). Nothing depends on a tick that is missed."""

from typing import Any

from outreach.config import Settings

_ALWAYS = {
    "send letters that are due": {"task": "workers.correspondence.send_due", "schedule": 10.0},
    "queue reminders that are due": {"task": "workers.campaigns.remind", "schedule": 30.0},
    "carry out what was asked for": {
        "task": "workers.campaigns.carry_out",
        "schedule": 15.0,
        "options": {"expires": 14.0},
    },
}

_WITH_MAIL = {
    "understand mail that was kept": {
        "task": "workers.inbox.understand",
        "schedule": 60.0,
        "options": {"expires": 55.0},
    },
}
_WITH_A_MAILBOX = {
    # A tick that was not taken up before the next one is dropped: two at once are harmless, but letters wait behind them.
    "read the mailbox": {"task": "workers.inbox.fetch", "schedule": 60.0, "options": {"expires": 55.0}},
}


def schedule(settings: Settings) -> dict[str, Any]:
    """What the beat rings for: letters, reminders and what was asked for on pages; where mail comes at all, that too; where a mailbox is named, the mailbox."""
    return _ALWAYS | (_WITH_MAIL if settings.reads_mail else {}) | (_WITH_A_MAILBOX if settings.inbox_url else {})

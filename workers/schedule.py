"""What the beat rings for, and how often (seconds of real time). Nothing depends on a tick that is missed."""

SCHEDULE = {
    "send letters that are due": {"task": "workers.correspondence.send_due", "schedule": 10.0},
    "queue reminders that are due": {"task": "workers.campaigns.remind", "schedule": 30.0},
}

WITH_MAIL = {
    "understand mail that was kept": {
        "task": "workers.inbox.understand",
        "schedule": 60.0,
        "options": {"expires": 55.0},
    },
}
"""What the beat rings for beside, where mail comes at all."""

WITH_A_MAILBOX = {
    # A tick that was not taken up before the next one is dropped: two at once are harmless, but letters wait behind them.
    "read the mailbox": {"task": "workers.inbox.fetch", "schedule": 60.0, "options": {"expires": 55.0}},
}
"""What the beat rings for beside, where OUTREACH_INBOX_URL names a mailbox."""

"""What the beat rings for, and how often (seconds of real time). Nothing depends on a tick that is missed."""

SCHEDULE = {
    "send letters that are due": {"task": "workers.correspondence.send_due", "schedule": 10.0},
    "queue reminders that are due": {"task": "workers.campaigns.remind", "schedule": 30.0},
}

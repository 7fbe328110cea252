"""Tasks of campaigns."""

from outreach import i18n
from outreach.campaigns import reminders
from workers.app import app, database


@app.task(name="workers.campaigns.remind")
def remind() -> None:
    """Queue the reminders that are due."""
    with i18n.speaking("en"), database().write() as session:
        reminders.queue_due(session)

"""Tasks of campaigns."""

from outreach import doorbell, i18n
from outreach.campaigns import orders, reminders
from workers.app import app, database


@app.task(name="workers.campaigns.remind")
def remind() -> None:
    """Queue the reminders that are due, a State at a time, each in a transaction of its own: nobody's answer waits long for them."""
    tick, left = reminders.Tick(), True
    while left:
        with i18n.speaking("en"), database().write() as session:
            left = reminders.queue_some(session, tick) is not None


@app.task(name=doorbell.ORDERS)
def carry_out() -> None:
    """Carry out what was asked for on a page and writes to everybody: launches, extensions for all, letters to all once more."""
    orders.carry_out(database())

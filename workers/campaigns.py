"""Tasks of campaigns."""

from outreach import doorbell, i18n
from outreach.campaigns import launch_orders, reminders
from workers.app import app, database


@app.task(name="workers.campaigns.remind")
def remind() -> None:
    """Queue the reminders that are due, a State at a time, each in a transaction of its own: nobody's answer waits long for them."""
    tick, left = reminders.Tick(), True
    while left:
        with i18n.speaking("en"), database().write() as session:
            left = reminders.queue_some(session, tick) is not None


@app.task(name=doorbell.LAUNCHES)
def launch() -> None:
    """Carry out the launches that were asked for."""
    launch_orders.carry_out(database())

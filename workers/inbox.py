"""Tasks of received mail."""

from outreach import config, doorbell
from outreach.inbox import fetching, taking_in
from outreach.inbox.fetching import MailboxAtFault
from workers.app import app, database, storage

BATCH = 100


@app.task(name=doorbell.MAILBOX, throws=(MailboxAtFault,))
def fetch() -> None:
    """Take in the mail that is not seen yet. Raises MailboxAtFault where the mailbox can't be read; the next tick tries again."""
    done = fetching.fetch(
        database(), storage(), config.settings(), most=BATCH, kept=lambda: doorbell.ring(doorbell.MAIL)
    )
    if done.new + done.known >= BATCH:
        doorbell.ring(doorbell.MAILBOX)


@app.task(name=doorbell.MAIL)
def understand() -> None:
    """Understand mail that was kept and not understood: it came by LMTP, or whoever kept it was ended."""
    if taking_in.go_on(database(), storage(), most=BATCH) == BATCH:
        doorbell.ring(doorbell.MAIL)

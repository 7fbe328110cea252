"""Tasks of received mail."""

from outreach import config
from outreach.inbox import fetching
from outreach.inbox.fetching import MailboxAtFault
from workers.app import app, database, storage

BATCH = 100


@app.task(name="workers.inbox.fetch", throws=(MailboxAtFault,))
def fetch() -> None:
    """Take in the mail that is not seen yet. Raises MailboxAtFault where the mailbox can't be read; the next tick tries again."""
    fetching.fetch(database(), storage(), config.settings(), most=BATCH)

"""Tasks of correspondence."""

import os
import socket
import uuid
from contextlib import closing

from outreach import config, i18n
from outreach.campaigns.reach import letters_settled
from outreach.correspondence import delivery
from outreach.correspondence.transport import Relay, RelayAtFault
from workers.app import app, database, storage

BATCH = 50
MOST_BATCHES = 10
"""So many in one run; the next tick goes on. A run that is too long would be given to a second worker while the first still has it."""


@app.task(name="workers.correspondence.send_due", throws=(RelayAtFault,))
def send_due() -> None:
    """Send the letters that are due. Raises RelayAtFault where the relay can't be used."""
    with i18n.speaking("en"), closing(Relay(config.settings())) as relay:
        for _batch in range(MOST_BATCHES):
            worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
            if delivery.send_due(database(), storage(), relay, letters_settled, worker=worker, limit=BATCH) < BATCH:
                return

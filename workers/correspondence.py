"""Tasks of correspondence."""

import os
import socket
import uuid
from contextlib import closing

from outreach import config, doorbell, i18n
from outreach.correspondence import delivery
from outreach.correspondence.channel import RelayAtFault
from outreach.correspondence.transport import Relay
from outreach.inbox.answers import letters_settled
from workers.app import app, database, storage


@app.task(name=doorbell.LETTERS, throws=(RelayAtFault,))
def send_due() -> None:
    """Send the letters that are due. Raises RelayAtFault where the relay can't be used, or does not take letters from us."""
    with i18n.speaking("en"), closing(Relay(config.settings())) as relay:
        worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        delivery.send_due(
            database(),
            storage(),
            relay,
            letters_settled,
            worker=worker,
            limit=config.settings().smtp_batch,
            many=lambda: doorbell.ring(doorbell.LETTERS),
        )

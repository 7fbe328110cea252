"""The service's own mailbox of demo and trials: a Maildir, into which the catcher delivers what is written to the service's mail domain."""

import secrets
from pathlib import Path


class Maildir:
    """A folder of mail that came for one domain, each recipient's mail in a file of its own."""

    def __init__(self, folder: Path, domain: str) -> None:
        self.folder = folder
        self._domain = domain.lower()
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def deliver(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Deliver a mail to those of its recipients who are of this domain, under the envelope, as a mail server does."""
        for to in recipients:
            if to.rpartition("@")[2].lower() != self._domain:
                continue
            # aiosmtpd writes the null sender with its angle brackets.
            head = f"Return-Path: <{sender.strip('<>')}>\r\nDelivered-To: {to}\r\n".encode("utf-8", "surrogateescape")
            name = f"{secrets.token_hex(12)}.outreach"
            fresh = self.folder / "tmp" / name
            fresh.write_bytes(head + content)
            fresh.rename(self.folder / "new" / name)

"""What `classify` answers."""

import enum
from dataclasses import dataclass, field
from datetime import date


class MailKind(enum.StrEnum):
    """What a mail is."""

    BOUNCE = "bounce"
    DELAY = "delay"
    DELIVERY_RECEIPT = "delivery_receipt"
    READ_RECEIPT = "read_receipt"
    AUTO_REPLY = "auto_reply"
    COMPLAINT = "complaint"
    CHALLENGE = "challenge"
    REPLY = "reply"
    FORWARDED = "forwarded"
    LIST = "list"
    SPAM_LIKE = "spam_like"
    OTHER = "other"

    @property
    def is_automatic(self) -> bool:
        """Whether a machine wrote it, so that it is never answered and holds no reminder."""
        return self in _AUTOMATIC


_AUTOMATIC = frozenset(
    {
        MailKind.BOUNCE,
        MailKind.DELAY,
        MailKind.DELIVERY_RECEIPT,
        MailKind.READ_RECEIPT,
        MailKind.AUTO_REPLY,
        MailKind.COMPLAINT,
        MailKind.CHALLENGE,
    }
)


@dataclass(frozen=True)
class Failure:
    """One address that a mail did not reach. `permanent` False: it may be reached later; None: nothing says which."""

    address: str
    permanent: bool | None = None
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True)
class Understanding:
    """What a mail is, and why that is believed.

    `evidence` are sentences in plain English for staff; `confidence` lies between 0 and 1. `status` is the enhanced status code of
    the first failure (RFC 3463), `diagnostic` what the server said. `until` is the day on which an absent person is back, or the last
    day of the absence, as the mail puts it; `substitute` the address that it names for the meantime.
    """

    kind: MailKind
    permanent: bool | None = None
    failures: tuple[Failure, ...] = ()
    status: str = ""
    diagnostic: str = ""
    until: date | None = None
    substitute: str = ""
    evidence: tuple[str, ...] = ()
    confidence: float = 0.5
    original_ids: tuple[str, ...] = field(default=(), repr=False)
    """Message-IDs in the mail that it returns or reports on."""

    @property
    def failed_recipients(self) -> tuple[str, ...]:
        """The addresses that the mail did not reach, as they were written."""
        return tuple(failure.address for failure in self.failures)

"""What the mail catcher kept: one .eml file a message, with the envelope in two headers of ours, numbered as they came."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

SENDER_HEADER = "X-Envelope-From"
RECIPIENT_HEADER = "X-Envelope-To"


@dataclass(frozen=True)
class Caught:
    """One message that was caught."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes

    def body(self, kind: str) -> str:
        """The text ("plain") or HTML ("html") part, empty where there is none."""
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part is not None else ""


class Letterbox:
    """A folder of caught messages; one process writes, others read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._next = max((int(path.stem) for path in folder.glob("*.eml")), default=0) + 1

    def keep(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Keep one message; it is whole under its name, or not there."""
        head = f"{SENDER_HEADER}: {sender}\r\n{RECIPIENT_HEADER}: {', '.join(recipients)}\r\n".encode()
        fresh = self.folder / "arriving"
        fresh.write_bytes(head + content)
        fresh.rename(self.folder / f"{self._next:06d}.eml")
        self._next += 1

    def numbers(self, after: int = 0) -> list[int]:
        """The numbers of all messages later than `after`, the oldest first."""
        return sorted(number for path in self.folder.glob("*.eml") if (number := int(path.stem)) > after)

    def read(self, number: int) -> Caught | None:
        """One message, or None where there is none of that number."""
        path = self.folder / f"{number:06d}.eml"
        if not path.is_file():
            return None
        raw = path.read_bytes()
        message = message_from_bytes(raw, policy=policy.default)
        recipients = tuple(part.strip() for part in str(message[RECIPIENT_HEADER]).split(","))
        return Caught(number, str(message[SENDER_HEADER]), recipients, message, raw)

    def recipients(self, number: int) -> tuple[str, ...]:
        """To whom a message went, from its second line alone: a message may carry megabytes."""
        with (self.folder / f"{number:06d}.eml").open("rb") as raw:
            raw.readline()
            head = raw.readline().decode().strip()
        return tuple(part.strip() for part in head.removeprefix(f"{RECIPIENT_HEADER}:").split(","))

    def all(self, after: int = 0) -> Iterator[Caught]:
        """All messages later than `after`, the oldest first."""
        for number in self.numbers(after):
            found = self.read(number)
            if found is not None:
                yield found

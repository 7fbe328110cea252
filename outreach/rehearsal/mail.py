"""The world's mailboxes: what each address received, as the catcher kept it, and the links and codes in it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from threading import Lock

from outreach.stack.letterbox import Caught, Letterbox

_LINK = re.compile(r"https?://[^\s<>\"]+/([mpau])/([A-Za-z0-9_.\-]+)")
_CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)
"""It stands alone on its line; six digits may be in a link, too."""


class Mailboxes:
    """Reads the catcher's folder as it fills; several may ask at once."""

    def __init__(self, box: Letterbox) -> None:
        self._box = box
        self._last = 0
        self._by_address: dict[str, list[int]] = defaultdict(list)
        self._reading = Lock()

    def _of(self, address: str) -> list[int]:
        """The numbers of all mail of one address, the oldest first."""
        with self._reading:
            for number in self._box.numbers(after=self._last):
                self._last = number
                for recipient in self._box.recipients(number):
                    self._by_address[recipient.lower()].append(number)
            return list(self._by_address[address.lower()])

    def _newest(self, address: str, after: int = 0) -> Iterator[Caught]:
        """The mail of one address but its first `after`, the newest first."""
        for number in reversed(self._of(address)[after:]):
            found = self._box.read(number)
            if found is not None:
                yield found

    def count(self, address: str) -> int:
        """How many mails the address received so far."""
        return len(self._of(address))

    def subjects(self, address: str) -> list[str]:
        """What the mails of one address are about, the newest first."""
        return [str(caught.message["Subject"]) for caught in self._newest(address)]

    def link(self, address: str, kind: str) -> str | None:
        """The path of the newest link of a kind ("m", "p" or "a") that the address received."""
        for caught in self._newest(address):
            for found in _LINK.finditer(caught.body("plain")):
                if found.group(1) == kind:
                    return f"/{found.group(1)}/{found.group(2)}"
        return None

    def newest(self, address: str, after: int) -> Caught | None:
        """The newest mail that the address received as more than its first `after` mails."""
        return next(self._newest(address, after), None)

    def code(self, address: str, after: int) -> str | None:
        """The six-digit code in the newest mail that the address received as more than its first `after` mails."""
        for caught in self._newest(address, after):
            found = _CODE.search(caught.body("plain"))
            if found:
                return found.group(1)
        return None

"""A mail that is kept, taken apart once for all who look at it within one request."""

from functools import cached_property

from sqlalchemy.orm import Session

from outreach.inbox import mime, parsing
from outreach.inbox.mime import Part
from outreach.inbox.parsing import ParsedMail
from outreach.storage import Storage

_PLACE = "opened mail"


class OpenedMail:
    """A mail: its bytes, its parts, and what it says, each found when somebody asks for it."""

    def __init__(self, content: str, raw: bytes) -> None:
        self.content = content
        self.raw = raw

    @cached_property
    def part(self) -> Part:
        """The mail as a part, with its parts below it."""
        return mime.opened(self.raw)

    @cached_property
    def says(self) -> ParsedMail:
        """What it says, with its files."""
        return parsing.of_opened(self.part)


def opened(session: Session, storage: Storage, content: str) -> OpenedMail:
    """The mail with this content. The session remembers the last one, and a request's session ends with it. Raises Missing."""
    last: OpenedMail | None = session.info.get(_PLACE)
    if last is None or last.content != content:
        last = session.info[_PLACE] = OpenedMail(content, storage.get(content))
    return last

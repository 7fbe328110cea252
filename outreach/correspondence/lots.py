"""Letters in lots of a thousand, for a launch: PostgreSQL writes one lot while the next is composed."""

import json
import uuid
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import cast

import psycopg
from sqlalchemy.orm import Session

from outreach import clock, config, doorbell
from outreach.correspondence.models import LetterState
from outreach.correspondence.outbox import LetterOrder

_COLUMNS = (
    "id", "edition_id", "kind", "language", "campaign_id", "invitation_id", "contact_id", "occasion", "attempt", "to_address", "merge",
    "message_id", "envelope_token", "reply_to", "state", "due_at", "queued_at", "tries",
)  # fmt: skip
_COPY = f"COPY letter ({', '.join(_COLUMNS)}) FROM STDIN"
_NONE = "\\N"


class Lots:
    """Writes letters that are new for certain, about invitations of the same transaction; nothing else may be in their way.

    The connection is shared: the driver lets one thread at a time speak to the server, so whatever the session asks meanwhile waits.
    To be used in a `with` block, at whose end everything is written.
    """

    def __init__(self, session: Session) -> None:
        session.flush()
        self._session = session
        self._connection = cast("psycopg.Connection", session.connection().connection.driver_connection)
        self._writer = ThreadPoolExecutor(1)
        self._orders: Sequence[LetterOrder] = ()
        self._writing: Future[int] | None = None
        self.written = 0
        """How many letters were written."""

    def __enter__(self) -> "Lots":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.write()
                self._settle()
        finally:
            # Nothing is still being written when the transaction ends.
            self._writer.shutdown()
        if self.written:
            doorbell.after_commit(self._session, doorbell.LETTERS)

    def add(self, orders: Sequence[LetterOrder]) -> None:
        """Keep a lot for the next `write`, once the former is written. Raises RuntimeError where that could not be."""
        self._settle()
        self._orders = orders

    def write(self) -> None:
        """Begin to write the lot that was added."""
        if self._orders:
            lines = _lines(self._orders, config.settings().mail_domain, clock.now())
            self._writing = self._writer.submit(self._copy, lines)
            self._orders = ()

    def _settle(self) -> None:
        if self._writing is not None:
            self.written += self._writing.result()
            self._writing = None

    def _copy(self, lines: str) -> int:
        try:
            with self._connection.cursor() as cursor:
                with cursor.copy(_COPY) as copy:
                    copy.write(lines)
                return cursor.rowcount
        except psycopg.Error as fault:
            # Its own words quote the line, and a line holds links that open something.
            raise RuntimeError(f"Letters could not be written: {fault.diag.message_primary}") from None


def _lines(orders: Sequence[LetterOrder], domain: str, now: datetime) -> str:
    """The letters as COPY reads them (PostgreSQL's text format): a line each, tabs between values."""
    lines = []
    for order in orders:
        key = uuid.uuid4()
        values = (
            key.hex, order.edition_id.hex, order.kind.value, order.language, _key(order.campaign_id), _key(order.invitation_id),
            _key(order.contact_id), _text(order.occasion), "1", _text(order.to_address), _text(json.dumps(order.values)),
            f"<{key}@{domain}>", key.hex, _NONE if order.reply_to is None else _text(order.reply_to), LetterState.QUEUED.value,
            (order.due_at or now).isoformat(), now.isoformat(), "0",
        )  # fmt: skip
        lines.append("\t".join(values))
    return "\n".join([*lines, ""])


def _key(key: uuid.UUID | None) -> str:
    return _NONE if key is None else key.hex


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")

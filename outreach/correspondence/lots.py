"""Letters in lots of a thousand, for a launch, by COPY: for such as are new for certain."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

import orjson
import psycopg

from outreach import clock, config
from outreach.correspondence.models import LetterState
from outreach.correspondence.outbox import LetterOrder
from outreach.db import fresh_keys

_COLUMNS = (
    "id", "edition_id", "kind", "language", "campaign_id", "invitation_id", "contact_id", "occasion", "attempt", "to_address", "merge",
    "message_id", "envelope_token", "reply_to", "state", "due_at", "queued_at", "tries",
)  # fmt: skip
_COPY = f"COPY letter ({', '.join(_COLUMNS)}) FROM STDIN"
_NONE = "\\N"


def writing(orders: Sequence[LetterOrder]) -> Callable[[psycopg.Connection], int]:
    """The act that writes letters about invitations of the same transaction, which nobody else can have written; how many."""
    lines = _lines(orders, config.settings().mail_domain, clock.now())

    def write(connection: psycopg.Connection) -> int:
        with connection.cursor() as cursor:
            with cursor.copy(_COPY) as copy:
                copy.write(lines)
            return cursor.rowcount

    return write


def _lines(orders: Sequence[LetterOrder], domain: str, now: datetime) -> str:
    """The letters as COPY reads them (PostgreSQL's text format): a line each, tabs between values."""
    lines, queued_at = [], now.isoformat()
    for key, order in zip(fresh_keys(len(orders)), orders, strict=True):
        name = key.hex
        values = (
            name, order.edition_id.hex, order.kind.value, order.language, _key(order.campaign_id), _key(order.invitation_id),
            _key(order.contact_id), _text(order.occasion), "1", _text(order.to_address), _text(orjson.dumps(order.values).decode()),
            f"<{key}@{domain}>", name, _NONE if order.reply_to is None else _text(order.reply_to), LetterState.QUEUED.value,
            order.due_at.isoformat() if order.due_at else queued_at, queued_at, "0",
        )  # fmt: skip
        lines.append("\t".join(values))
    return "\n".join([*lines, ""])


def _key(key: uuid.UUID | None) -> str:
    return _NONE if key is None else key.hex


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")

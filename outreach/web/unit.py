"""One request, one transaction: a GET reads on a session that PostgreSQL holds read-only; a POST that succeeded is committed."""

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from outreach.db import Database, commit
from outreach.storage import Storage

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def database() -> Database:
    """The application's database."""
    found: Database = current_app.extensions["outreach.database"]
    return found


def storage() -> Storage:
    """The application's file storage."""
    found: Storage = current_app.extensions["outreach.storage"]
    return found


def session() -> Session:
    """The session of this request, opened at the first call."""
    if "unit_session" not in g:
        g.unit_session = database().reading() if request.method in _READS else database().writing()
    opened: Session = g.unit_session
    return opened


def _finish(response: Response) -> Response:
    opened: Session | None = g.get("unit_session")
    if opened is not None and request.method not in _READS and response.status_code < 400:
        commit(opened)
    return response


def _close(error: BaseException | None) -> None:
    opened: Session | None = g.pop("unit_session", None)
    if opened is not None:
        opened.close()


def install(app: Flask) -> None:
    """Commit after a successful act, close the session after every request."""
    app.after_request(_finish)
    app.teardown_request(_close)

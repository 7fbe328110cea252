"""Work on a session's connection behind the back of who goes on: PostgreSQL writes while the next rows are made ready."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar, cast

import psycopg
from sqlalchemy.orm import Session

Result = TypeVar("Result")


class Behind:
    """Does acts one after the other in a thread of its own, in the session's transaction. To be used in a `with` block, at whose end all are done.

    The connection is shared: the driver lets one thread at a time speak to the server, so whatever the session asks meanwhile waits.
    """

    def __init__(self, session: Session) -> None:
        session.flush()
        self._connection = cast("psycopg.Connection", session.connection().connection.driver_connection)
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> "Behind":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Nothing is still being done when the transaction ends.
        self._thread.shutdown(cancel_futures=kind is not None)

    def begin(self, act: Callable[[psycopg.Connection], Result]) -> "Future[Result]":
        """Do an act once those before it are done. What goes wrong with it is raised by its result, which is to be asked for."""
        return self._thread.submit(self._done, act)

    def _done(self, act: Callable[[psycopg.Connection], Result]) -> Result:
        try:
            return act(self._connection)
        except psycopg.Error as fault:
            # Its own words quote the rows, and rows hold links that open something.
            raise RuntimeError(f"PostgreSQL did not take the rows: {fault.diag.message_primary}") from None

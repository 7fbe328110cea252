"""Work on a session's connection behind the back of who goes on: PostgreSQL writes while the next rows are made ready."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar, cast

import psycopg
from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Result = TypeVar("Result")


class Behind:
    """Does acts one after the other in a thread of its own, in the session's transaction. To be used in a `with` block, at whose end all are done.

    The connection is shared: the driver lets one thread at a time speak to the server, so whatever the session asks meanwhile waits.
    """

    def __init__(self, session: Session) -> None:
        session.flush()
        self._session = session
        self._dialect = session.get_bind().dialect
        self._connection = cast("psycopg.Connection", session.connection().connection.driver_connection)
        self._thread = ThreadPoolExecutor(1)
        self._reading: list[psycopg.ServerCursor] = []

    def __enter__(self) -> "Behind":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Nothing is still being done when the transaction ends.
        self._thread.shutdown(cancel_futures=kind is not None)
        for cursor in self._reading:
            cursor.close()  # says nothing to a server that is gone, or has refused something
        if self._connection.broken:
            self._session.invalidate()

    def begin(self, act: Callable[[psycopg.Connection], Result]) -> "Future[Result]":
        """Do an act once those before it are done. Its result, which is to be asked for, raises DBAPIError where PostgreSQL refuses it."""
        return self._thread.submit(self._done, act)

    def rows(self, statement: Select[Any], at_once: int) -> Iterator[Sequence[tuple[Any, ...]]]:
        """What a statement finds, so many rows at a time; while the caller works with these, the next ones are fetched.

        Values are as PostgreSQL gives them: no type of SQLAlchemy's is asked.
        """
        asked = str(statement.compile(dialect=self._dialect, compile_kwargs={"literal_binds": True}))
        cursor = self._connection.cursor(name=f"behind_{len(self._reading)}")
        self._reading.append(cursor)
        coming = self.begin(lambda _connection: cursor.execute(asked).fetchmany(at_once))
        while found := coming.result():
            coming = self.begin(lambda _connection: cursor.fetchmany(at_once))
            yield found

    def _done(self, act: Callable[[psycopg.Connection], Result]) -> Result:
        try:
            return act(self._connection)
        except psycopg.Error as fault:
            # Its own words quote the rows, and rows hold links that open something.
            said = fault.diag.message_primary or ("the connection is lost" if self._connection.broken else "")
            told = type(fault)(f"PostgreSQL did not take the rows: {said}")
            raise DBAPIError(None, None, told, connection_invalidated=self._connection.broken) from None

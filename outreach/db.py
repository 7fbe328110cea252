"""The database: column types, the two kinds of session, migrations. PostgreSQL only."""

import enum
import secrets
import struct
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg
from alembic import command
from alembic.config import Config
from psycopg.types import json
from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Text,
    Uuid,
    any_,
    create_engine,
    literal,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, UserDefinedType

from outreach import doorbell

# A letter's values are written once and read once, and so are the answers of the relay, a hundred thousand at a time.
json.set_json_dumps(orjson.dumps)
json.set_json_loads(orjson.loads)

_latest = 0


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: timestamptz; refuses a datetime without a zone, returns UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC. Raises ValueError for a naive datetime."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: UTC."""
        return None if value is None else value.astimezone(UTC)


def text_enum(members: type[enum.StrEnum]) -> Enum:
    """A column type for an enumeration: text with its values, held by a check constraint."""
    return Enum(
        members,
        native_enum=False,
        length=40,
        validate_strings=True,
        create_constraint=True,
        values_callable=lambda chosen: [member.value for member in chosen],
        name=members.__name__.lower(),
    )


class Base(DeclarativeBase):
    """All tables: UUID keys, instants in UTC, JSONB, named constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: JSONB(),
        list[str]: JSONB(),
        list[Any]: JSONB(),
        str: Text(),
        uuid.UUID: Uuid(),
    }


class Database:
    """One engine and its two kinds of session: `write` (one transaction, committed at the end) and `read` (read-only)."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        # Statements carry mail, answers and links: a fault is logged without them.
        self.engine: Engine = create_engine(
            url, pool_size=pool_size, max_overflow=8, pool_pre_ping=True, hide_parameters=True
        )
        self._readonly = self.engine.execution_options(postgresql_readonly=True)

    def writing(self) -> Session:
        """A session that may write; whoever opened it commits (or uses `write`)."""
        return Session(self.engine, expire_on_commit=False)

    def reading(self) -> Session:
        """A session in which PostgreSQL itself refuses every write."""
        return Session(self._readonly, expire_on_commit=False)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One act: commits at the end, rolls back on any exception, then rings the bells that the act asked for."""
        with self.writing() as session:
            yield session
            commit(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A read-only session for the length of a `with` block."""
        with self.reading() as session:
            yield session

    def direct(self) -> psycopg.Connection:
        """A connection of the driver's own, on which each statement is a transaction, for what SQLAlchemy would slow down.

        Whoever opened it closes it.
        """
        url = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def fresh_keys(number: int) -> list[uuid.UUID]:
    """New keys, for many rows: each sorts after all that this process has made before, and 62 of its bits are chance.

    Version 7 of RFC 9562 with the fraction of the millisecond (its section 6.2, method 3), as PostgreSQL's `uuidv7()` makes
    them. What is written at one instant keeps its order; rows lie in an index as they come; and a letter's key, which stands
    in its envelope, cannot be guessed from that of another.
    """
    global _latest
    chance = secrets.token_bytes(8 * number)
    first = max(time.time_ns() * 4096 // 1_000_000, _latest + 1)
    _latest = first + number - 1
    return [
        uuid.UUID(int=(tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62 | part >> 2)
        for tick, (part,) in enumerate(struct.iter_unpack("Q", chance), first)
    ]


def fresh_key() -> uuid.UUID:
    """One new key, as `fresh_keys` makes them."""
    return fresh_keys(1)[0]


class Keys(UserDefinedType[Iterable[uuid.UUID]]):
    """Keys as one parameter, written by ourselves: the driver takes longer for an array than PostgreSQL to look its members up."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: Any) -> str:
        """The type that PostgreSQL reads it as."""
        return "UUID[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Iterable[uuid.UUID] | None], str]:
        """To the database: the text of an array."""
        return lambda keys: f"{{{','.join([key.hex for key in keys or ()])}}}"


def any_of(keys: Iterable[uuid.UUID]) -> ColumnElement[bool]:
    """What a key column is compared with to be one of these; one parameter whatever their number."""
    return any_(literal(keys, Keys()))


def commit(session: Session) -> None:
    """Commit, then ring what `doorbell.after_commit` collected: the workers must find what they are called for."""
    session.commit()
    doorbell.ring_collected(session)


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the migrations in `outreach/migrations`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema."""
    command.upgrade(alembic_config(url), "head")

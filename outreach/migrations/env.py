"""Alembic's entry: migrations run on the URL that `outreach.db.migrate` hands over."""

from alembic import context
from sqlalchemy import create_engine

from outreach import schema
from outreach.db import Base

assert schema.ALL
target_metadata = Base.metadata


def run() -> None:
    """Run the migrations in one transaction."""
    engine = create_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()

"""Alembic's entry: runs the migrations on the connection that `Database.migrate` gives."""

from alembic import context
from sqlmodel import SQLModel

from samrutine.storage import rows

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, transactional_ddl=True
)
assert rows.Row.metadata is SQLModel.metadata  # noqa: S101  the import registers the tables
context.run_migrations()

"""What all tables share: the instant, the retention class, the base."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, String, TypeDecorator
from sqlmodel import SQLModel


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's
        """Refuse a time without a zone, since nobody can say which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's
        """Give the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Bytewise = String().with_variant(String(collation="C"), "postgresql")
"""Text that is sorted byte by byte on every database, whatever language its server was set up in."""


def kept(retention: str, *constraints: Any) -> tuple[Any, ...]:
    """Give the table arguments with the table's retention class."""
    return (*constraints, {"info": {"retention": retention}})


class Row(SQLModel):
    """Base of all tables."""

    __table_args__: ClassVar[Any]

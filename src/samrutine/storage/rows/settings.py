"""The library itself and its settings, as last settled."""

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from samrutine.storage.rows.base import Row, kept


class LibraryRow(Row, table=True):
    """The library itself: one row, written when it was opened."""

    __tablename__ = "library"
    __table_args__ = kept("permanent", CheckConstraint("id = 1", name="library_one_row"))

    id: int = Field(primary_key=True)
    demo: bool
    language: str
    opened_number: int


class LibraryFileRow(Row, table=True):
    """A file of `library/` as last settled: networks, policies, subjects, vocabulary, templates."""

    __tablename__ = "library_file"
    __table_args__ = kept("permanent")

    path: str = Field(primary_key=True)
    digest: str = Field(foreign_key="words.digest")
    settled_number: int


class MunicipalityRow(Row, table=True):
    """A municipality of the library."""

    __tablename__ = "municipality"
    __table_args__ = kept("derived")

    number: str = Field(primary_key=True)
    name: str
    slug: str = Field(unique=True)
    sami_name: str | None = None
    colour: str | None = None


class NetworkRow(Row, table=True):
    """A professional network and the policy by which it agrees."""

    __tablename__ = "network"
    __table_args__ = kept("derived")

    id: str = Field(primary_key=True)
    name: str
    policy: str = Field(sa_type=Text)


class TableRetentionRow(Row, table=True):
    """How long each table's rows are kept, for those who ask without reading code."""

    __tablename__ = "table_retention"
    __table_args__ = kept("derived")

    table_name: str = Field(primary_key=True)
    retention_class: str

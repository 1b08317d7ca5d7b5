"""Where documents are published, and what lies there."""

from datetime import datetime
from typing import Final

from sqlalchemy import Text
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept

TAKEN_AWAY: Final = ""
"""
Stands in `TargetRow.manifest` for an ended target at which nothing of ours is left.

None would not do: a delivery that was killed before its receipt has left files too, and its row has no manifest.
"""


class TargetRow(Row, table=True):
    """
    Where a municipality has its documents published.

    `paused_at` is set when the library was restored from a backup: nothing is delivered until what lies there was read back.
    """

    __tablename__ = "publication_target"
    __table_args__ = kept("permanent")

    id: str = Field(primary_key=True)
    municipality: str = Field(foreign_key="municipality.number", index=True)
    name: str
    connector: str
    location: str = Field(sa_type=Text)
    set_number: int
    ended_number: int | None = None
    manifest: str | None = Field(default=None, sa_type=Text)
    checked_at: datetime | None = Field(default=None, sa_type=Instant)
    paused_at: datetime | None = Field(default=None, sa_type=Instant)


class PublicationRow(Row, table=True):
    """One procedure at one target: what was delivered there last, and what was read back."""

    __tablename__ = "publication"
    __table_args__ = kept("permanent")

    target_id: str = Field(primary_key=True, foreign_key="publication_target.id")
    procedure_id: str = Field(primary_key=True)
    state: str
    version: str
    effective_digest: str
    receipt: str = Field(sa_type=Text)
    chain_number: int
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    verified_at: datetime | None = Field(default=None, sa_type=Instant)
    detail: str | None = Field(default=None, sa_type=Text)

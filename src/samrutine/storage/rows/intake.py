"""Documents that somebody sent in, and where routines could be found before they came here."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class IncomingDocumentRow(Row, table=True):
    """
    A document that was sent in: what came out of it, what is wrong with it, and what became of it.

    Its bytes lie in a file by `source_digest` (SHA-256) until it is decided. `municipality` is None for one of a network's
    own. `report` is canonical JSON, and names values that must not be kept by place and key only. `text` is the canonical
    Markdown below its front matter, as it will be proposed; empty when it was refused or rejected. `state` is waiting,
    accepted, rejected (by a person) or refused (it cannot be read, or there is nothing new in it).
    """

    __tablename__ = "incoming_document"
    __table_args__ = kept(
        "working",
        Index("incoming_document_waiting", "network", "state"),
        Index("incoming_document_source", "source_digest", "network", "municipality"),
    )

    id: str = Field(primary_key=True)
    collection_id: str | None = Field(default=None, index=True)
    municipality: str | None = Field(default=None, foreign_key="municipality.number")
    network: str = Field(foreign_key="network.id")
    name: str = Field(sa_type=Text)
    source_digest: str
    size: int
    kind: str | None = None
    state: str
    title: str = Field(default="", sa_type=Text)
    text: bytes = Field(sa_type=LargeBinary)
    report: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=Instant)
    received_by: str = Field(foreign_key="actor.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: str | None = None
    reason: str | None = Field(default=None, sa_type=Text)
    proposal_id: str | None = None
    old_number: str | None = Field(default=None, sa_type=Text)
    old_address: str | None = Field(default=None, sa_type=Text)


class OldAddressRow(Row, table=True):
    """Where a routine lay in another system, so that a link to it from before still leads to it."""

    __tablename__ = "old_address"
    __table_args__ = kept("working", Index("old_address_of", "procedure_id"))

    address: str = Field(primary_key=True)
    procedure_id: str
    system: str
    document_id: str
    added_at: datetime = Field(sa_type=Instant)

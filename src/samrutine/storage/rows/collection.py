"""What a network asks the municipalities to send in, what they answer, and what becomes of what they sent."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class CollectionRow(Row, table=True):
    """A network asks all municipalities for the routines that they have about something, until a day."""

    __tablename__ = "collection"
    __table_args__ = kept("working", Index("collection_of", "network", "closed_at"))

    id: str = Field(primary_key=True)
    network: str = Field(foreign_key="network.id")
    what: str | None = Field(default=None, sa_type=Text)
    deadline: date
    asked_at: datetime = Field(sa_type=Instant)
    asked_by: str = Field(foreign_key="actor.id")
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = None
    reminders: int = 0
    reminded_on: date | None = None


class CollectionAnswerRow(Row, table=True):
    """What a municipality says of a collection: that it has sent what it has, or that it has none. The newest stands."""

    __tablename__ = "collection_answer"
    __table_args__ = kept("working", Index("collection_answer_of", "collection_id", "municipality", unique=True))

    id: str = Field(primary_key=True)
    collection_id: str = Field(foreign_key="collection.id")
    municipality: str = Field(foreign_key="municipality.number")
    answer: str
    reason: str | None = Field(default=None, sa_type=Text)
    actor_id: str = Field(foreign_key="actor.id")
    answered_at: datetime = Field(sa_type=Instant)


class TriageRow(Row, table=True):
    """What becomes of a document that was sent in; `proposal_id` is the draft that was made of its group. The newest stands."""

    __tablename__ = "triage"
    __table_args__ = kept("working")

    id: str = Field(primary_key=True)
    document_id: str = Field(index=True)
    outcome: str
    reason: str | None = Field(default=None, sa_type=Text)
    actor_id: str = Field(foreign_key="actor.id")
    answered_at: datetime = Field(sa_type=Instant)
    proposal_id: str | None = None


class OfferRow(Row, table=True):
    """
    What a municipality sent in and the shared draft does not say, offered to it as something of its own.

    `taken_number` is the decision by which it was taken.
    """

    __tablename__ = "offer"
    __table_args__ = kept("working", Index("offer_of", "proposal_id", "municipality"))

    id: str = Field(primary_key=True)
    proposal_id: str = Field(foreign_key="proposal.id")
    municipality: str = Field(foreign_key="municipality.number")
    procedure_id: str
    place: int
    kind: str
    section_key: str
    field: str
    text: str | None = Field(default=None, sa_type=Text)
    departs: bool
    document_id: str
    taken_number: int | None = None

"""What waits for whom, and who is to be told."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class WaitingRow(Row, table=True):
    """
    Something that waits for a body: the inbox. Owner and due day; closed by the decision that answered it.

    `verb` is the right that whoever answers must have; None is whoever has any role in the body. Not shown before
    `shown_from`: a deferral comes back that day.
    """

    __tablename__ = "waiting"
    __table_args__ = kept("working", Index("waiting_open", "body", "closed_number"), Index("waiting_about", "subject"))

    id: str = Field(primary_key=True)
    body: str
    subject: str
    what: str
    owner_actor: str | None = Field(default=None, foreign_key="actor.id")
    due_on: date | None = None
    opened_number: int
    closed_number: int | None = None
    verb: str | None = None
    shown_from: date | None = None


class NotificationRow(Row, table=True):
    """A message that somebody should get once."""

    __tablename__ = "notification"
    __table_args__ = kept("working")

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id", index=True)
    what: str
    subject: str
    number: int
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)
    body: str | None = None

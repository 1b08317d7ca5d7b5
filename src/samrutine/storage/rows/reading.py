"""What readers said, and what was looked through."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class FeedbackRow(Row, table=True):
    """«Er noe feil her?»: what a reader said about a routine, what was answered, and the proposal it became."""

    __tablename__ = "feedback"
    __table_args__ = kept("reading", Index("feedback_about", "procedure_id", "state"))

    id: str = Field(primary_key=True)
    procedure_id: str
    version: str
    municipality: str | None = None
    section_key: str | None = None
    text: str | None = Field(default=None, sa_type=Text)
    actor_id: str = Field(foreign_key="actor.id")
    given_at: datetime = Field(sa_type=Instant)
    state: str
    answer: str | None = Field(default=None, sa_type=Text)
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    proposal_id: str | None = None


class WishRow(Row, table=True):
    """A routine that is missing, in one sentence, and what became of the wish."""

    __tablename__ = "wish"
    __table_args__ = kept("reading", Index("wish_state", "state"))

    id: str = Field(primary_key=True)
    sentence: str | None = Field(default=None, sa_type=Text)
    municipality: str | None = None
    network: str | None = None
    actor_id: str = Field(foreign_key="actor.id")
    made_at: datetime = Field(sa_type=Instant)
    state: str
    answer: str | None = Field(default=None, sa_type=Text)
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    proposal_id: str | None = None
    procedure_id: str | None = None


class UnansweredSearchRow(Row, table=True):
    """
    Words that were searched for and found nowhere, and how often that day; nothing of who asked.

    `day_at` is when the day began in Norway: the instant of a search would point at a person.
    """

    __tablename__ = "unanswered_search"
    __table_args__ = kept("reading")

    day_at: datetime = Field(primary_key=True, sa_type=Instant)
    words: str = Field(primary_key=True)
    count: int


class WishSupportRow(Row, table=True):
    """«Vi trenger også»: a municipality that needs what somebody wished for; once each."""

    __tablename__ = "wish_support"
    __table_args__ = kept("reading")

    wish_id: str = Field(primary_key=True, foreign_key="wish.id")
    municipality: str = Field(primary_key=True, foreign_key="municipality.number")
    actor_id: str = Field(foreign_key="actor.id")
    made_at: datetime = Field(sa_type=Instant)


class ReviewRow(Row, table=True):
    """A routine that its network looked through: unchanged, or to be changed."""

    __tablename__ = "review"
    __table_args__ = kept("permanent", Index("review_procedure", "procedure_id"))

    decided_number: int = Field(primary_key=True, foreign_key="decision.number")
    procedure_id: str
    version: str
    outcome: str
    reviewed_on: date
    next_review: date
    network: str


class BarrierRow(Row, table=True):
    """What shut somebody out of the pages. `contact` is where one who was not signed in is answered, and goes when they were."""

    __tablename__ = "barrier"
    __table_args__ = kept("reading")

    id: str = Field(primary_key=True)
    text: str | None = Field(default=None, sa_type=Text)
    page: str | None = None
    actor_id: str | None = Field(default=None, foreign_key="actor.id")
    contact: str | None = None
    given_at: datetime = Field(sa_type=Instant)
    answer: str | None = Field(default=None, sa_type=Text)
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)

"""The chain of decisions, and how far each consumer has come."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept

BRANCH_CONSUMERS: Final = ("main", "register", "restricted")
"""The consumers whose work is a branch in git, which is in every backup; what others make is made anew on each disk."""


class ChainHeadRow(Row, table=True):
    """
    The chain's last link: the row that every act locks first.

    `checkpoint` is the commit of the newest signed checkpoint, so that its branch cannot go away unnoticed.
    """

    __tablename__ = "chain_head"
    __table_args__ = kept("permanent", CheckConstraint("id = 1", name="chain_head_one_row"))

    id: int = Field(primary_key=True)
    number: int
    hash: str
    form: int
    checkpoint: str | None = None


_WITHDRAWS = text("kind = 'procedure_withdrawn' OR kind = 'version_refused'")


class DecisionRow(Row, table=True):
    """One link of the chain. `record` is the very text that was hashed; the other columns repeat it for queries."""

    __tablename__ = "decision"
    __table_args__ = kept(
        "permanent",
        Index("decision_register", "register_folder", "number"),
        Index("decision_subject", "subject", "number"),
        # A few in a million, and each paper of a past day asks for them.
        Index("decision_withdrawal", "subject", "number", sqlite_where=_WITHDRAWS, postgresql_where=_WITHDRAWS),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: str = Field(unique=True)
    act_id: str = Field(index=True)
    request: str
    kind: str
    body: str
    subject: str | None = None
    register_folder: str
    actor_id: str
    role: str
    decided_at: datetime = Field(sa_type=Instant)
    record: str = Field(sa_type=Text)
    hash: str = Field(unique=True)


class DecisionTextRow(Row, table=True):
    """Free text given with a decision. Outside the chain but for a salted hash, so that it can be erased on order."""

    __tablename__ = "decision_text"
    __table_args__ = kept("permanent")

    number: int = Field(primary_key=True, foreign_key="decision.number")
    name: str = Field(primary_key=True)
    salt: str
    text: str | None = Field(default=None, sa_type=Text)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class OutboxRow(Row, table=True):
    """What a decision left to be brought up to date: subjects, never instructions."""

    __tablename__ = "outbox"
    __table_args__ = kept("derived")

    number: int = Field(primary_key=True, foreign_key="decision.number")
    subjects: str = Field(sa_type=Text)


class OutboxPositionRow(Row, table=True):
    """How far a consumer has come, and how its last try went. `mark` is the consumer's own: a branch tip, a checksum."""

    __tablename__ = "outbox_position"
    __table_args__ = kept("derived")

    consumer: str = Field(primary_key=True)
    position: int
    mark: str | None = None
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error: str | None = Field(default=None, sa_type=Text)
    updated_at: datetime = Field(sa_type=Instant)


class DeadLetterRow(Row, table=True):
    """What a consumer could not bring up to date after its last try, waiting for a person."""

    __tablename__ = "dead_letter"
    __table_args__ = kept("working")

    consumer: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    error: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)


class CounterRow(Row, table=True):
    """A total, kept in the transactions that change it, so that nobody counts a million rows."""

    __tablename__ = "counter"
    __table_args__ = kept("derived")

    name: str = Field(primary_key=True)
    value: int

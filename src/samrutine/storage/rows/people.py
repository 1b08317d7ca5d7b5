"""Who there is, and what they may do."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class PersonRow(Row, table=True):
    """A name and an address: the only place where they lie."""

    __tablename__ = "person"
    __table_args__ = kept("person")

    id: str = Field(primary_key=True)
    login: str | None = Field(default=None, unique=True)
    name: str | None = None
    email: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class ActorRow(Row, table=True):
    """Whoever acts: a person, the system, or an outsider by a personal link. The id is opaque and is never reused."""

    __tablename__ = "actor"
    __table_args__ = kept("permanent", CheckConstraint("kind IN ('person', 'system', 'link')", name="actor_kind"))

    id: str = Field(primary_key=True)
    kind: str
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    created_number: int | None = None


class RoleGrantRow(Row, table=True):
    """A role in a body from a day until a day, perhaps as somebody's deputy. A vacant role has no row."""

    __tablename__ = "role_grant"
    __table_args__ = kept("permanent", Index("role_grant_body", "body", "role"))

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id", index=True)
    body: str
    role: str
    from_on: date
    until_on: date | None = None
    deputy_of: str | None = Field(default=None, foreign_key="role_grant.id")
    decided_number: int
    ended_number: int | None = None


class DelegationRow(Row, table=True):
    """The right to decide use on a level in a municipality, held under a position's name, by registered delegation."""

    __tablename__ = "delegation"
    __table_args__ = kept("permanent")

    id: str = Field(primary_key=True)
    municipality: str = Field(foreign_key="municipality.number", index=True)
    actor_id: str = Field(foreign_key="actor.id", index=True)
    level: str
    position: str
    reference: str | None = None
    from_on: date
    until_on: date | None = None
    decided_number: int
    ended_number: int | None = None

"""How people show who they are, and where they are signed in."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class AccountRow(Row, table=True):
    """
    A local account of somebody who acts: the password as Argon2id keeps it, and how often a wrong one was given.

    Goes with the person. `failures` are those since the last right one; until `wait_until` no password is looked at.
    """

    __tablename__ = "account"
    __table_args__ = kept("person")

    actor_id: str = Field(primary_key=True, foreign_key="actor.id")
    password_hash: str | None = None
    password_set_at: datetime | None = Field(default=None, sa_type=Instant)
    failures: int = 0
    wait_until: datetime | None = Field(default=None, sa_type=Instant)


class WebSessionRow(Row, table=True):
    """Somewhere that somebody is signed in. `id` is the SHA-256 of what the browser holds, which is kept nowhere here."""

    __tablename__ = "web_session"
    __table_args__ = kept("person", Index("web_session_of", "actor_id"), Index("web_session_ends", "expires_at"))

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id")
    made_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    device: str = ""


class SecondStepRow(Row, table=True):
    """
    The second step of somebody who turned it on: what their telephone makes codes of, and their recovery codes.

    `secret` is sealed by a key that lies outside the database; `recovery_codes` are SHA-256, with space between. Until
    `turned_on_at` is set no code is asked for. No code of `last_step`, or of one before it, is taken again.
    """

    __tablename__ = "second_step"
    __table_args__ = kept("person")

    actor_id: str = Field(primary_key=True, foreign_key="actor.id")
    secret: str
    made_at: datetime = Field(sa_type=Instant)
    turned_on_at: datetime | None = Field(default=None, sa_type=Instant)
    recovery_codes: str = ""
    last_step: int = 0
    failures: int = 0
    wait_until: datetime | None = Field(default=None, sa_type=Instant)


class HalfSignInRow(Row, table=True):
    """Somebody whose password was right and whose code is awaited. `id` as of a session; it opens no page."""

    __tablename__ = "half_sign_in"
    __table_args__ = kept("person", Index("half_sign_in_of", "actor_id"), Index("half_sign_in_ends", "expires_at"))

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id")
    expires_at: datetime = Field(sa_type=Instant)
    device: str = ""


class ConnectedRow(Row, table=True):
    """
    A service that somebody signs in with.

    `subject` is a keyed hash of who they are there: it may be a national identity number, and the key lies outside the
    database. `roles` are those that the service gave here, a line each, so that they end when it gives them no more.
    """

    __tablename__ = "connected_service"
    __table_args__ = kept("person", UniqueConstraint("service", "subject"), Index("connected_service_of", "actor_id"))

    id: str = Field(primary_key=True)
    service: str
    subject: str
    actor_id: str = Field(foreign_key="actor.id")
    made_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    roles: str = ""


class BegunElsewhereRow(Row, table=True):
    """
    A sign-in with a service that is awaited. `id` and `browser` are SHA-256 of what goes there and of what the browser holds.

    `actor_id` is who connects the service, where they are signed in already.
    """

    __tablename__ = "begun_elsewhere"
    __table_args__ = kept(
        "person", Index("begun_elsewhere_ends", "expires_at"), Index("begun_elsewhere_of", "actor_id")
    )

    id: str = Field(primary_key=True)
    browser: str
    service: str
    next_page: str = ""
    actor_id: str | None = Field(default=None, foreign_key="actor.id")
    expires_at: datetime = Field(sa_type=Instant)


class ApiTokenRow(Row, table=True):
    """A program that acts for somebody. `id` is the SHA-256 of what the program holds, which is kept nowhere here."""

    __tablename__ = "api_token"
    __table_args__ = kept("person", Index("api_token_of", "actor_id"), Index("api_token_ends", "last_day"))

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id")
    name: str
    scope: str
    made_at: datetime = Field(sa_type=Instant)
    last_day: date
    seen_at: datetime | None = Field(default=None, sa_type=Instant)


class PasswordLinkRow(Row, table=True):
    """
    A link by which somebody chooses a password themself. `id` is the SHA-256 of its secret, which is kept nowhere here.

    Somebody has one at the most by each who made it, and it is gone once it was used.
    """

    __tablename__ = "password_link"
    __table_args__ = kept(
        "person", UniqueConstraint("actor_id", "made_by"), Index("password_link_ends", "expires_at"),
        Index("password_link_by", "made_by"),
    )  # fmt: skip

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id")
    made_by: str = Field(foreign_key="actor.id")
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class MeetingLinkRow(Row, table=True):
    """A link by which those at a meeting enter themselves, in one body and role. `id` as of a password link."""

    __tablename__ = "meeting_link"
    __table_args__ = kept("person", Index("meeting_link_by", "made_by"), Index("meeting_link_ends", "expires_at"))

    id: str = Field(primary_key=True)
    body: str
    role: str
    made_by: str = Field(foreign_key="actor.id")
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    places_left: int

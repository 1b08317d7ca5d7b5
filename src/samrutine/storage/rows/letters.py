"""Letters by e-mail, what somebody wants of them, and the calendars that people let their programs read."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class LetterRow(Row, table=True):
    """
    A letter to somebody: written down before it is sent, so that it is sent once however often it is tried.

    `id` is also what its Message-ID is made of. `about` names what it tells of, with spaces between, so that a letter that
    waited is not sent when its reader may not know of that any more. The words go when the letter is gone: `subject`, `plain`,
    `html` and `stop`, by which one gets no more of them, are empty from then on. No address stands here. `state` is waiting, sent, silent (there was nothing to write)
    or given-up; while somebody sends it, nobody else takes it before `claimed_until`.
    """

    __tablename__ = "letter"
    __table_args__ = kept(
        "working", Index("letter_due", "state", "next_try_at"), Index("letter_of", "actor_id", "kind", "made_at")
    )

    id: str = Field(primary_key=True)
    key: str = Field(unique=True)
    actor_id: str = Field(foreign_key="actor.id")
    kind: str
    about: str = ""
    subject: str = ""
    plain: str = Field(default="", sa_type=Text)
    html: str = Field(default="", sa_type=Text)
    stop: str = ""
    made_at: datetime = Field(sa_type=Instant)
    state: str
    tries: int = 0
    next_try_at: datetime = Field(sa_type=Instant)
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    fault: str | None = None


class LetterLinkRow(Row, table=True):
    """
    A link in a letter: for whom, and to which page here. `id` is the SHA-256 of its secret, which is kept nowhere here.

    It signs nobody in.
    """

    __tablename__ = "letter_link"
    __table_args__ = kept("working", Index("letter_link_of", "actor_id"), Index("letter_link_ends", "expires_at"))

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id")
    address: str
    expires_at: datetime = Field(sa_type=Instant)


class LetterChoiceRow(Row, table=True):
    """What somebody chose themself: whether they want the weekly letter, and in which language. Without a row: yes, and bokmål."""

    __tablename__ = "letter_choice"
    __table_args__ = kept("person")

    actor_id: str = Field(primary_key=True, foreign_key="actor.id")
    weekly: bool = True
    language: str | None = None


class CalendarFeedRow(Row, table=True):
    """An address at which a program reads somebody's days. `id` is the SHA-256 of its secret, which is kept nowhere here."""

    __tablename__ = "calendar_feed"
    __table_args__ = kept("person")

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id", unique=True)
    made_at: datetime = Field(sa_type=Instant)

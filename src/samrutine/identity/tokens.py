"""
Let programs in, each by a word of its own that somebody made for it: a token.

A token is 256 random bits after `samrutine_`, and the database holds its SHA-256 alone. Whoever finds one can tell what it
is, and so can those who look for secrets that were left in a file: `samrutine_`, 43 letters and digits, and eight
hexadecimal digits that are the CRC-32 of what stands before them. Nothing here is a decision, as nothing of a session is:
what a program does by its token is decided as the person whose it is, in each verb.
"""

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, select

from samrutine.actors import ActorId
from samrutine.arguments import LONGEST_NAME, require_text
from samrutine.days import norwegian_day
from samrutine.identity.model import LONGEST_DAYS, LOOKED_AT_EVERY, Scope
from samrutine.reasons import Because, refuse
from samrutine.storage.rows import ApiTokenRow
from samrutine.storage.sql import Database

PREFIX: Final = "samrutine_"
PATTERN: Final = re.compile(rf"{PREFIX}[0-9A-Za-z]{{43}}[0-9a-f]{{8}}")
"""What every token looks like, for those who look for secrets."""
MOST: Final = 20
"""Tokens that one person has at the same time."""
_SIGNS: Final = string.digits + string.ascii_letters
_COUNT: Final = 43
_KEY: Final = 16


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A new token. `token` is for the program and is given this once; only its SHA-256 is kept."""

    key: str
    name: str
    scope: Scope
    last_day: date
    token: str


@dataclass(frozen=True, slots=True)
class TokenSeen:
    """
    A token that holds.

    Attributes:
        key: How one names it to end it; nothing that opens it.
        name: What it is for, in its person's words.
        last_day: The last day in Norway on which it opens anything.
        seen_at: When it was last used, within minutes; None for never.
    """

    key: str
    actor: ActorId
    name: str
    scope: Scope
    made_at: datetime
    last_day: date
    seen_at: datetime | None


@dataclass(frozen=True)
class TokenDayOver(Because):
    """The last day of a token would be before today."""

    today: date


@dataclass(frozen=True)
class TokenLastsTooLong(Because):
    """A token would hold for more than a year."""

    latest: date


@dataclass(frozen=True)
class TooManyTokens(Because):
    """Somebody has as many tokens as one may have."""

    most: int


class Tokens:
    """The tokens of an opened library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, name: str, scope: Scope, *, last_day: date, by: ActorId, now: datetime) -> TokenMade:
        """
        Make a token for a program, of one's own. Each call makes another.

        Args:
            name: What it is for.
            last_day: From today to a year on.

        Raises:
            Refused: The last day is over or too far off, or there are twenty already.
            InvalidRequest: The name is empty, too long, or no text.
        """
        called = " ".join(require_text("name", name, longest=LONGEST_NAME, may_be_empty=False).split())
        today = norwegian_day(now)
        latest = today + timedelta(days=LONGEST_DAYS)
        if last_day < today:
            refuse([TokenDayOver(today)])
        if last_day > latest:
            refuse([TokenLastsTooLong(latest)])
        token = new_token()
        with self._database.writing() as session:
            session.execute(delete(ApiTokenRow).where(col(ApiTokenRow.last_day) < today))
            if len(session.exec(select(ApiTokenRow.id).where(ApiTokenRow.actor_id == by)).all()) >= MOST:
                refuse([TooManyTokens(MOST)])
            row = ApiTokenRow(
                id=_kept(token), actor_id=by, name=called, scope=scope.value, made_at=now, last_day=last_day
            )
            session.add(row)
            return TokenMade(row.id[:_KEY], called, scope, last_day, token)

    def tokens(self, *, by: ActorId, now: datetime) -> Sequence[TokenSeen]:
        """Give one's own that hold, the newest first."""
        with self._database.reading() as session:
            rows = session.exec(
                select(ApiTokenRow)
                .where(ApiTokenRow.actor_id == by, col(ApiTokenRow.last_day) >= norwegian_day(now))
                .order_by(col(ApiTokenRow.made_at).desc(), col(ApiTokenRow.id))
            )
            return [_seen(row) for row in rows]

    def end(self, key: str, *, by: ActorId) -> bool:
        """End one of one's own at once; tells whether there was one. Others' are not touched."""
        with self._database.writing() as session:
            mine = session.exec(select(ApiTokenRow).where(ApiTokenRow.actor_id == by)).all()
            ended = [row for row in mine if key and row.id[:_KEY] == key]
            for row in ended:
                session.delete(row)
            return bool(ended)

    def signed_in(self, token: str, *, now: datetime) -> TokenSeen | None:
        """Give whose a token is and what it may; None when it holds no more, or never did."""
        if not is_token(token):
            return None  # whoever guesses has nothing looked up
        key, today = _kept(token), norwegian_day(now)
        with self._database.reading() as session:
            row = session.get(ApiTokenRow, key)
            if row is None or row.last_day < today:
                return None
            seen = _seen(row)
        if seen.seen_at is not None and now - seen.seen_at < LOOKED_AT_EVERY:
            return seen
        with self._database.writing() as session:
            again = session.get(ApiTokenRow, key, with_for_update=True)
            if again is None:
                return None
            again.seen_at = max(now, again.seen_at or now)
            session.add(again)
            return _seen(again)


def new_token() -> str:
    """Give a token that nobody had before."""
    word = PREFIX + "".join(secrets.choice(_SIGNS) for _ in range(_COUNT))
    return word + _sum(word)


def is_token(text: str) -> bool:
    """Tell whether a text may be a token: one with a letter typed wrong is none."""
    return PATTERN.fullmatch(text) is not None and _sum(text[:-8]) == text[-8:]


def forget_tokens(session: Session, actor: str) -> None:
    """Take away the tokens of somebody who is erased."""
    session.execute(delete(ApiTokenRow).where(col(ApiTokenRow.actor_id) == actor))


def _sum(word: str) -> str:
    return f"{zlib.crc32(word.encode()):08x}"


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _seen(row: ApiTokenRow) -> TokenSeen:
    return TokenSeen(
        row.id[:_KEY], ActorId(row.actor_id), row.name, Scope(row.scope), row.made_at, row.last_day, row.seen_at
    )

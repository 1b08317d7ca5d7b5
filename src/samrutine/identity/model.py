"""Being signed in, as people see it, and why somebody is not: values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from samrutine.actors import ActorId
from samrutine.reasons import Because

LASTS: Final = timedelta(hours=12)
"""How long anybody stays signed in at the most: a long shift."""
IDLE: Final = timedelta(hours=4)
"""How long somebody stays signed in without doing anything."""
LOOKED_AT_EVERY: Final = timedelta(minutes=5)
"""How often it is written down that somebody was seen: not at each page."""
FREE_TRIES: Final = 5
LONGEST_WAIT: Final = timedelta(minutes=15)
CODE_AWAITED: Final = timedelta(minutes=5)
"""How long after the right password a code is awaited."""
LONGEST_DAYS: Final = 366
"""How long a token may hold: a year, since whoever made it may have left by then."""


class Scope(StrEnum):
    """What a program may do by its token, within what its person may."""

    READ = "read"
    WRITE = "write"
    """Read and write."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in. `token` is for their browser and is given this once; only its SHA-256 is kept."""

    actor: ActorId
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """
    Somebody's password was right, and nobody is signed in: a code is asked for.

    `token` is for their browser and is given this once. It opens no page, and is worth a code for five minutes.
    """

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """
    Somewhere that somebody is signed in.

    Attributes:
        key: How one names it to end it; nothing that opens it.
        device: What the browser said of itself, in a few words.
    """

    key: str
    actor: ActorId
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    device: str


@dataclass(frozen=True)
class WrongSignIn(Because):
    """Nobody signs in by that name and password; nobody is told which of them is wrong."""

    about_who = True


@dataclass(frozen=True)
class TooManyTries(Because):
    """A wrong password, or a wrong code, was given too often; none is looked at for a while."""

    about_who = True

    minutes: int


@dataclass(frozen=True)
class NoDemo(Because):
    """Signing in as an invented person is for a demonstration alone."""


def wait_after(failures: int) -> timedelta:
    """Say how long nobody may try again after so many wrong passwords in a row."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(timedelta(minutes=2 ** (failures - FREE_TRIES)), LONGEST_WAIT)


def minutes_left(left: timedelta) -> int:
    """Say in whole minutes how long one must wait, one at the least."""
    return max(1, -(-int(left.total_seconds()) // 60))

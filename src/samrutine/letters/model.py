"""What a letter is, when one is due, and how long it is tried: values and rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from samrutine.days import OSLO

FRIDAY: Final = 5
FROM_HOUR: Final = 7
"""The hour in Norway from which the weekly letter is sent: it lies there when people come to work."""
MOST_WAITING: Final = 12
MOST_NEW: Final = 8
"""Lines of what is new. A letter is to be read in a minute; the rest stands on the first page."""
LINK_LASTS: Final = timedelta(days=14)
STOP_LASTS: Final = timedelta(days=90)
"""How long one may say no by the link in a letter: whoever comes back from leave reads old ones."""
INVITED_WITHIN: Final = timedelta(days=14)
"""How old a hearing may be for an invitation to it: who gets a role late reads of it on the first page."""
REMINDED_BEFORE: Final = timedelta(days=3)
CLAIM_LASTS: Final = timedelta(minutes=10)
_WAITS: Final = (
    timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6), timedelta(hours=12),
    timedelta(days=1), timedelta(days=1),
)  # fmt: skip


class Kind(StrEnum):
    """What a letter is about."""

    WEEKLY = "weekly"
    """*Fredagsbrevet*: what waits for somebody, and what is new for them."""
    HEARING = "hearing"
    """A hearing is open, and one may answer."""
    HEARING_SOON = "hearing-soon"
    """The last days of a hearing that nobody has answered yet."""
    FORGOTTEN = "forgotten"
    """A link for a new password, which somebody asked for."""
    TEST = "test"
    """To see that letters arrive."""


class State(StrEnum):
    """What became of a letter."""

    WAITING = "waiting"
    SENT = "sent"
    SILENT = "silent"
    """There was nothing to write, and nothing was sent."""
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class Line:
    """
    One thing in a letter.

    Attributes:
        title: What it is called, and `detail` what is asked, where and until when.
        links: What one may click, each with the page here that it leads to; the first is behind the title.
        about: The routine and the proposal it tells of, as keys.
    """

    title: str
    detail: str
    links: tuple[tuple[str, str], ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and the things below it; `rest` says how many more there are."""

    heading: str
    lines: tuple[Line, ...]
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """
    A letter, before it is written out.

    Attributes:
        key: What it is about and for whom, so that it is written once.
        last_day: The last day on which its links hold, a day in Norway; None where it has none.
        may_stop: It has a link by which one gets no more of its kind.
    """

    kind: Kind
    key: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    parts: tuple[Part, ...]
    closing: tuple[str, ...]
    language: str
    last_day: date | None = None
    may_stop: bool = False

    @property
    def about(self) -> str:
        """Give what it tells of, as keys with spaces between."""
        found = {key: None for part in self.parts for line in part.lines for key in line.about}
        return " ".join(found)


@dataclass(frozen=True, slots=True)
class LetterSeen:
    """A letter as its reader, or whoever runs the library, sees it: never what stood in it."""

    kind: str
    state: str
    made_at: datetime
    ended_at: datetime | None
    tries: int
    fault: str | None
    actor: str


@dataclass(frozen=True, slots=True)
class LettersSeen:
    """
    What was sent.

    Attributes:
        mine: One's own, the newest first.
        counts: How many there are in each state, for the editor; else None.
        failed: Those that were given up or wait for another try, for the editor.
    """

    mine: tuple[LetterSeen, ...]
    counts: dict[str, int] | None
    failed: tuple[LetterSeen, ...]


@dataclass(frozen=True, slots=True)
class LettersSent:
    """What became of those that were due: `waiting` are tried again later."""

    sent: int
    waiting: int
    given_up: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants: the weekly letter or none, and a language; None where they have not said."""

    weekly: bool
    language: str | None


def week_of_letter(now: datetime) -> str | None:
    """
    Give the week whose letter may be written now, as ISO 8601 names it; None when it is not Friday morning in Norway yet.

    Source:
        ISO 8601: the week belongs to the year that its Thursday is in, so a Friday may lie in week 53 of the year before.
    """
    there = now.astimezone(OSLO)
    year, week, day = there.isocalendar()
    return f"{year}-W{week:02}" if day == FRIDAY and there.hour >= FROM_HOUR else None


def next_try(tries: int, now: datetime) -> datetime | None:
    """Say when a letter that could not be sent so many times is tried again; None when it is given up, after almost three days."""
    return now + _WAITS[tries - 1] if 1 <= tries <= len(_WAITS) else None


def letter_of_hearing(opened_on: date, deadline: date, today: date) -> Kind | None:
    """Say which letter is due about a hearing that one has not answered."""
    if deadline < today:
        return None
    if deadline - today <= REMINDED_BEFORE and opened_on + REMINDED_BEFORE < today:
        return Kind.HEARING_SOON
    return Kind.HEARING if today - opened_on <= INVITED_WITHIN else None


def shortened(lines: Sequence[Line], most: int) -> tuple[tuple[Line, ...], int]:
    """Give the first lines, and how many are left out: never one alone, which would have had room."""
    return (tuple(lines), 0) if len(lines) <= most + 1 else (tuple(lines[:most]), len(lines) - most)


def in_one_line(text: str, longest: int = 200) -> str:
    """Give a text as it may stand in the head of a letter: nothing in it begins a new line."""
    words = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"

"""A checklist that is followed for somebody: who ticks off what, what is done, and when it is over. Values and rules."""

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import count
from typing import Final, NewType

from samrutine.messages import word
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.reasons import Because

RunId = NewType("RunId", str)

LONGEST_WHOM: Final = 80
"""Characters in whom a list is for: a first name or initials will do, and more is not needed."""


class RunState(StrEnum):
    """Where a list stands."""

    OPEN = "open"
    FINISHED = "finished"
    """Every point is done, or did not apply."""
    STOPPED = "stopped"
    """Nobody goes on with it: the person did not begin, or left."""


class PointState(StrEnum):
    """Where a point stands."""

    OPEN = "open"
    DONE = "done"
    NOT_RELEVANT = "not-relevant"
    """It does not apply to this one: MRSA for somebody who does not work in a nursing home."""


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """
    A point to tick off, as the text has it.

    Attributes:
        key: The same for the same words under the same heading in every version, whatever number it has: what was ticked off
            stays with the words. A telephone that the municipality changes makes no other point of it.
        part: Who does it, as the text says above the points ("Fadder"); empty where it says nothing.
    """

    key: str
    number: int
    heading: str
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a point. `name` is who marked it; None when it was erased."""

    state: PointState
    on: date
    name: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a list that is followed; `may_mark` whether whoever asked may."""

    point: CheckPoint
    mark: Mark | None
    may_mark: bool

    @property
    def state(self) -> PointState:
        """Where it stands."""
        return self.mark.state if self.mark is not None else PointState.OPEN


@dataclass(frozen=True, slots=True)
class Part:
    """Those points that one of the text's people does, and who that is here; `actor` None for whoever keeps the list."""

    label: str
    actor: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """
    A list, in short.

    Attributes:
        version: The one that the list was opened from; it keeps to that.
        newest: What applies in the municipality now; None when nothing does.
        whom: Whom it is for: only for those who take part; None to others, and when it was erased.
        keeper: The name of whoever keeps it.
        takes_part: Whether whoever asked does; to others the list is a number, and they may hand it on.
        done, count: Points that are done or did not apply, and all.
    """

    id: RunId
    procedure: ProcedureId
    title: str
    version: VersionNumber
    newest: VersionNumber | None
    municipality: str
    whom: str | None
    keeper: str | None
    is_mine: bool
    takes_part: bool
    opened_on: date
    state: RunState
    ended_on: date | None
    done: int
    count: int


@dataclass(frozen=True, slots=True)
class Run:
    """
    A list, with its points in the order of the text.

    Attributes:
        lost: Marks whose points the text has no longer: it was redacted, or the municipality took its addition away.
    """

    summary: RunSummary
    parts: tuple[Part, ...]
    points: tuple[Point, ...]
    lost: int

    @property
    def open_numbers(self) -> tuple[int, ...]:
        """The numbers of the points that nothing is said of yet."""
        return tuple(one.point.number for one in self.points if one.state is PointState.OPEN)


@dataclass(frozen=True)
class ListIsOver(Because):
    """The list is finished or stopped, and nothing more is written on it. Places: the state in words."""

    settled = True

    state: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the state in words."""
        return {"state": word("checklist_state", self.state, language)}


@dataclass(frozen=True)
class AnothersPoint(Because):
    """The point is for somebody else, and nobody ticks off for others. Places: number, who it is for."""

    about_who = True

    number: int
    part: str


@dataclass(frozen=True)
class NotYourList(Because):
    """Only whoever keeps the list does this: say who helps, finish it, stop it."""

    about_who = True

    keeper: str


@dataclass(frozen=True)
class PointsLeft(Because):
    """The list is not finished while nothing is said of some points. Places: their numbers."""

    numbers: tuple[int, ...]

    def places_in(self, language: str) -> dict[str, object]:  # noqa: ARG002  numbers are written alike in all
        """Give the numbers as people write them, the first of many."""
        shown = ", ".join(str(one) for one in self.numbers[:_MOST_NUMBERS])
        return {"numbers": shown + (" …" if len(self.numbers) > _MOST_NUMBERS else "")}


@dataclass(frozen=True)
class DoesNotWorkThere(Because):
    """Whoever is to help or to take over has no role in the municipality. Places: who, municipality."""

    who: str
    municipality: str


_MOST_NUMBERS: Final = 8


def key_of(heading: str, part: str, words: str, taken: Container[str]) -> str:
    """
    Name a point by its words.

    Args:
        words: What it says, with the names of what a municipality fills in, not the values.
        taken: The keys that came before it: the same words again are another point.
    """
    keys = (_digest_of(heading, part, words, str(again) if again else "") for again in count())
    return next(key for key in keys if key not in taken)


def _digest_of(*said: str) -> str:
    return hashlib.sha256("\x00".join(said).encode()).hexdigest()[:16]


def part_of(introduction: str) -> str:
    """Give who does the points that a short paragraph stands above: «Leder:» is Leder. Empty for any other paragraph."""
    said = introduction.strip()
    return said[:-1].strip() if said.endswith(":") and len(said.split()) <= _MOST_WORDS else ""


_MOST_WORDS: Final = 4


def parts_of(points: Iterable[CheckPoint]) -> tuple[str, ...]:
    """Give who the text says does something, each once, in the order of the text."""
    return tuple(dict.fromkeys(one.part for one in points if one.part))


def may_mark(point: CheckPoint, helpers: Mapping[str, str], *, keeper: str, by: str) -> bool:
    """
    Whether somebody may tick off a point: theirs, or nobody's in particular and they keep the list.

    Args:
        helpers: Who does the points of a part, by part.
    """
    return helpers.get(point.part, keeper) == by


def reasons_against_marking(
    state: RunState, points: Iterable[CheckPoint], helpers: Mapping[str, str], *, keeper: str, by: str
) -> Sequence[Because]:
    """Say why somebody may not mark points: every one of them that is somebody else's. Empty means they may."""
    if state is not RunState.OPEN:
        return [ListIsOver(state.value)]
    return [AnothersPoint(one.number, one.part) for one in points if not may_mark(one, helpers, keeper=keeper, by=by)]


def reasons_against_keeping(state: RunState, *, keeps: bool, keeper: str) -> Sequence[Because]:
    """
    Say why somebody may not do what whoever keeps a list does; empty means they may.

    Args:
        keeps: Whether they keep it, or stand in for whoever does.
        keeper: The name of whoever keeps it.
    """
    if state is not RunState.OPEN:
        return [ListIsOver(state.value)]
    return [] if keeps else [NotYourList(keeper)]


@dataclass(frozen=True, slots=True)
class RunOpened:
    """A list is opened; whoever helps with it is told."""

    run: RunId
    procedure: ProcedureId
    version: VersionNumber
    count: int


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A list is finished or stopped. It is deleted by the library's rule."""

    run: RunId
    state: RunState
    at: datetime

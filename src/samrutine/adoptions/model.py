"""
What a municipality decides about a procedure, and what is in force there from when to when.

Professional approval makes a version *faglig godkjent*; only a municipality's own decision makes it *gjeldende* there,
since the law puts the responsibility there (forskrift om ledelse og kvalitetsforbedring § 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from samrutine.actors import Actor, Delegation, Verb, municipality_body, reasons_against, strongest_delegation
from samrutine.messages import word
from samrutine.procedures.model import DecisionLevel, Digest, LocalInformation, ProcedureId, VersionNumber
from samrutine.reasons import Because


class AdoptionState(StrEnum):
    """What a municipality has answered. The last four are as good as yes: none of them is red."""

    TO_CONSIDER = "to-consider"
    IN_USE = "in-use"
    DECLINED = "declined"
    NOT_RELEVANT = "not-relevant"
    OWN_ROUTINE = "own-routine"
    ENDED = "ended"


LEVELS: Final = (
    DecisionLevel.UNIT_LEADER,
    DecisionLevel.HEAD_OF_SERVICE,
    DecisionLevel.CHIEF_EXECUTIVE,
    DecisionLevel.POLITICAL,
)
"""From the lowest to the highest. A delegation on a level covers those below it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """
    A version in force from a day until the day before `until_on`; open when that is None.

    `row` is where it stands in SQL, None for one that is new.
    """

    from_on: date
    until_on: date | None
    version: VersionNumber
    digest: Digest
    position: str
    adopted_number: int
    row: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the version is in force on `day`."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


class IntervalChange(NamedTuple):
    """What a decision does to the intervals: these no longer are what we know, these are."""

    superseded: tuple[Interval, ...]
    added: tuple[Interval, ...]


def intervals_cut(known: Sequence[Interval], from_day: date) -> IntervalChange:
    """
    End everything that is in force on or after `from_day`.

    An interval that covers the day is replaced by one that ends there; one that begins on or after it is replaced by
    nothing. Intervals that ended before are left alone, so the past stays as it was.
    """
    touched = tuple(one for one in known if one.until_on is None or one.until_on > from_day)
    kept = tuple(replace(one, until_on=from_day, row=None) for one in touched if one.from_on < from_day)
    return IntervalChange(touched, kept)


def intervals_after(known: Sequence[Interval], new: Interval) -> IntervalChange:
    """
    Put a new, open interval in: from its first day it alone is in force.

    Afterwards no day has two versions in force.
    """
    cut = intervals_cut(known, new.from_on)
    return IntervalChange(cut.superseded, (*cut.added, new))


@dataclass(frozen=True)
class LacksDelegation(Because):
    """The routine is decided on a level that the decider has no registered delegation for."""

    about_who = True

    municipality: str
    level: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the level in words."""
        return {**self.places, "level": word("level", self.level, language)}


@dataclass(frozen=True)
class BeforeApproval(Because):
    """A version cannot have applied before its network approved it."""

    procedure: str
    version: str
    approved_on: date
    asked: date


@dataclass(frozen=True)
class LocalInformationMissing(Because):
    """The routine would be dangerous or useless without what the municipality must fill in."""

    municipality: str
    labels: str


@dataclass(frozen=True)
class CaseMissing(Because):
    """The routine is decided politically, so the council's case number must be recorded."""

    procedure: str


@dataclass(frozen=True)
class AlreadyInForce(Because):
    """This version is in force from that day already."""

    procedure: str
    version: str
    municipality: str


@dataclass(frozen=True)
class NotInUse(Because):
    """There is no use to end."""

    procedure: str
    municipality: str


@dataclass(frozen=True)
class ReasonMissing(Because):
    """An answer that is not yes must say why, to those who ask in two years."""

    what: str


@dataclass(frozen=True)
class NotDeclared(Because):
    """The routine asks for no local information of that key."""

    procedure: str
    key_name: str
    declared: str


@dataclass(frozen=True)
class PrivateValue(Because):
    """A value looks like a private person's number, phone or address."""

    key_name: str


def delegation_for(actor: Actor, municipality: str, level: DecisionLevel, today: date) -> Delegation | None:
    """Give the delegation by which the actor may decide on `level` in the municipality today; the nearest level first."""
    enough = [one.value for one in LEVELS[LEVELS.index(level) :]]
    return strongest_delegation(actor.delegations, municipality, enough, today)


def reasons_against_deciding(actor: Actor, municipality: str, level: DecisionLevel, today: date) -> list[Because]:
    """Say why this actor may not decide about use on this level in this municipality; empty means they may."""
    reasons: list[Because] = list(reasons_against(actor, Verb.DECIDE_USE, municipality_body(municipality), today))
    if not reasons and delegation_for(actor, municipality, level, today) is None:
        reasons.append(LacksDelegation(municipality, level.value))
    return reasons


def reasons_against_adopting(
    procedure: ProcedureId,
    version: VersionNumber,
    approved_on: date,
    *,
    municipality: str,
    from_day: date,
    level: DecisionLevel,
    case: str | None,
    known: Sequence[Interval],
    missing: Sequence[LocalInformation],
) -> list[Because]:
    """Say why this version may not be taken into use in this municipality from that day; empty means it may."""
    reasons: list[Because] = []
    if from_day < approved_on:
        reasons.append(BeforeApproval(procedure, str(version), approved_on, from_day))
    if missing:
        reasons.append(LocalInformationMissing(municipality, ", ".join(field.label for field in missing)))
    if level is DecisionLevel.POLITICAL and not case:
        reasons.append(CaseMissing(procedure))
    if any(one.version == version and one.until_on is None and one.holds_on(from_day) for one in known):
        reasons.append(AlreadyInForce(procedure, str(version), municipality))
    return reasons

"""
What a municipality prepares around its answers, as rules: who answers and by when, who was told, and what there was before.

*Gjort kjent* is that somebody told those who follow the routine; that each has read it is another thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from samrutine.adoptions.model import Interval, TooFarAhead, farthest_day
from samrutine.procedures.model import VersionNumber
from samrutine.reasons import Because

LONGEST_WHOM: Final = 500


class How(StrEnum):
    """How those who follow a routine were told of it."""

    MEETING = "meeting"
    EMAIL = "email"
    INTRANET = "intranet"
    TRAINING = "training"
    OTHER = "other"


class InventoryAnswer(StrEnum):
    """What a municipality had before it answered about the shared routine."""

    HAS_OWN = "has-own"
    OWN_OUTDATED = "own-outdated"
    LACKS = "lacks"
    USES_SHARED = "uses-shared"


@dataclass(frozen=True)
class CannotPrepare(Because):
    """Whoever is to prepare an answer must hold a role in the municipality that may."""

    municipality: str


@dataclass(frozen=True)
class NothingWaits(Because):
    """There is no question about the routine that somebody could be asked to prepare."""

    procedure: str
    municipality: str


@dataclass(frozen=True)
class DueBeforeToday(Because):
    """An answer cannot be due on a day that has been."""

    due: date


@dataclass(frozen=True)
class NeverInForce(Because):
    """Only what applies, applied or is decided to apply can be made known."""

    procedure: str
    municipality: str


@dataclass(frozen=True)
class ToldLater(Because):
    """What has not happened yet is not recorded as done."""

    told_on: date


def reasons_against_due(due: date | None, today: date) -> list[Because]:
    """Say why an answer may not be due on that day; empty means it may."""
    if due is None:
        return []
    if due < today:
        return [DueBeforeToday(due)]
    return [TooFarAhead(due, farthest_day(today))] if due > farthest_day(today) else []


def version_made_known(known: Sequence[Interval], version: VersionNumber | None, today: date) -> VersionNumber | None:
    """
    Give the version that somebody was told of: the one named, or what applies today, or is the next to.

    None when it is none of those that apply, applied or are decided to.
    """
    if version is not None:
        return version if any(one.version == version for one in known) else None
    still = [one for one in known if one.until_on is None or one.until_on > today]
    return min(still, key=lambda one: one.from_on).version if still else None


def reasons_against_making_known(
    procedure: str, municipality: str, *, version: VersionNumber | None, told_on: date, today: date
) -> list[Because]:
    """
    Say why it may not be recorded that people were told; empty means it may.

    Args:
        municipality: Its name, for the reason.
        version: The answer of `version_made_known`.
    """
    reasons: list[Because] = []
    if version is None:
        reasons.append(NeverInForce(procedure, municipality))
    if told_on > today:
        reasons.append(ToldLater(told_on))
    return reasons

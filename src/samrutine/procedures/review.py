"""When a procedure must be looked at again, who looks after it, and why a review or an owner is refused."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from samrutine.actors import Actor, network_body
from samrutine.messages import word
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.reasons import Because

NOTICE_DAYS: Final = 60
"""How long before its day a review is shown as coming. Our choice; no law gives a number."""

CHANGE_AFTER_REVIEW: Final = "change-after-review"
"""The code of what waits for a network that looked through a routine and found that it must be changed."""


class ReviewOutcome(StrEnum):
    """What a network found when it looked through a routine."""

    UNCHANGED = "unchanged"
    TO_CHANGE = "to-change"


@dataclass(frozen=True, slots=True)
class DueReview:
    """A routine to look through. `days_left` is negative when the day is past."""

    procedure: ProcedureId
    title: str
    network: str
    version: VersionNumber
    next_review: date
    days_left: int

    @property
    def is_overdue(self) -> bool:
        """The day is past."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class Orphan:
    """
    A routine that nobody looks after.

    Its owner and its deputy are not named, are erased, or have no role in the library any more. `had_owner` tells the last
    from the first.
    """

    procedure: ProcedureId
    title: str
    network: str
    next_review: date
    had_owner: bool


@dataclass(frozen=True)
class NothingToLookAfter(Because):
    """The routine is withdrawn, so there is nothing to look through or look after."""

    procedure: str


@dataclass(frozen=True)
class HoldsNoRoleInNetwork(Because):
    """Who looks after a routine must have a role in the network that owns it."""

    place: str
    network: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give what they were to be in words."""
        return {**self.places, "place": word("looks_after", self.place, language)}


@dataclass(frozen=True)
class SameTwice(Because):
    """The deputy is the owner, so nobody steps in for them."""

    procedure: str


def months_after(day: date, months: int) -> date:
    """
    Give the same day of the month so many months later, or the month's last day where there is no such day.

    Args:
        day: A day in Norway.
        months: Whole months, 0 or more.

    Source:
        The interval is the routine's own; forskrift om ledelse og kvalitetsforbedring § 8 f asks for a yearly look at
        the whole, and gives no number for a single routine.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def next_review_after(outcome: ReviewOutcome, *, planned: date, today: date, interval_months: int) -> date:
    """
    Give the day of the next review after one was done today.

    Found unchanged, the routine is looked through again a whole interval from today. One that must be changed is not done
    with: its day stands until the change is faglig godkjent, or somebody looks again.
    """
    return planned if outcome is ReviewOutcome.TO_CHANGE else months_after(today, interval_months)


def is_overdue(next_review: date, today: date) -> bool:
    """Whether the day of the review is past. On the day itself it is due, not overdue."""
    return next_review < today


def by_month(due: Sequence[DueReview], today: date, months: int = 12) -> Sequence[tuple[date | None, int]]:
    """
    Count reviews by the month of their day: this month and those that follow, each by its first day.

    The first entry, None, counts those that are overdue; what is due after the last month is not counted.
    """
    first = today.replace(day=1)
    counted: dict[date | None, int] = dict.fromkeys([None, *(months_after(first, n) for n in range(months))], 0)
    for one in due:
        month = None if one.is_overdue else one.next_review.replace(day=1)
        if month in counted:
            counted[month] += 1
    return tuple(counted.items())


def reasons_against_looking_after(procedure: str, *, is_withdrawn: bool) -> Sequence[Because]:
    """Say why a routine can neither be reviewed nor be given an owner; empty means it can."""
    return [NothingToLookAfter(procedure)] if is_withdrawn else []


def reasons_against_owners(procedure: str, network: str, who: Mapping[str, Actor], today: date) -> Sequence[Because]:
    """
    Say why these may not look after a routine of the network; empty means they may.

    Args:
        who: The "owner" and the "deputy", those of them that are named.
        today: The day on which they must hold a role in the network.
    """
    found: list[Because] = [
        HoldsNoRoleInNetwork(place, network)
        for place, actor in who.items()
        if not actor.roles_in(network_body(network), today)
    ]
    if len(who) > 1 and len({actor.id for actor in who.values()}) == 1:
        found.append(SameTwice(procedure))
    return found

"""
Standing decisions: a municipality has decided beforehand that minor corrections follow by themselves, until a day.

The rules alone: how long one may last, what it covers, and which corrections somebody must look at all the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from samrutine.adoptions.model import LEVELS, Interval, TooFarAhead
from samrutine.procedures.model import DecisionLevel, FrontMatter, LocalInformation, ProcedureText, VersionNumber
from samrutine.procedures.review import months_after
from samrutine.reasons import Because

LONGEST_STANDING_MONTHS: Final = 24
"""Who decides beforehand for longer no longer knows what they decided. Our choice; no law gives a number."""


class NotFollowed(StrEnum):
    """Why a minor correction waits for somebody, though there is a standing decision."""

    ADDITION = "addition"
    """The section of one of the municipality's own additions says something else now, or it shows what is not filled in now."""
    LOCAL_INFORMATION = "local-information"
    """Local information fell away or asks for something else; or required information is new, or not filled in."""
    CRITICAL = "critical"
    """A number, a dose, a phone number or a negation changed."""
    LEVEL = "level"
    """The routine is now decided on a level above that of the standing decision, or politically."""
    FRONT = "front"
    """What stands around the text changed: title, attachments, who is responsible, sources, who may read it, and the like."""
    DELEGATION = "delegation"
    """The delegation that the standing decision was made by has ended or was taken back."""


@dataclass(frozen=True, slots=True)
class StandingTerms:
    """
    A standing decision.

    Attributes:
        id: Where it is registered.
        procedure: Only of this routine; None for all that its level covers.
        level: The level of the delegation it was decided by.
        until_on: The day after the last on which it holds.
    """

    id: str
    municipality: str
    procedure: str | None
    level: DecisionLevel
    position: str
    delegation: str | None
    from_on: date
    until_on: date

    def holds_on(self, day: date) -> bool:
        """Whether it holds on `day`, a day in Norway."""
        return self.from_on <= day < self.until_on


@dataclass(frozen=True)
class CouncilDecidesEach(Because):
    """What is decided politically has a case of its own each time."""

    procedure: str


@dataclass(frozen=True)
class StandingOverBefore(Because):
    """It would be over before it began."""

    last_day: date


@dataclass(frozen=True)
class NoStandingDecision(Because):
    """There is none to end."""

    municipality: str


@dataclass(frozen=True)
class SameStandingDecision(Because):
    """One about the same holds until the same day already, by the same delegation."""

    municipality: str
    last_day: date


@dataclass(frozen=True)
class OtherStandingDecisions(Because):
    """There is none of the kind that was to end, but others still hold."""

    municipality: str
    left: str


def reasons_against_standing(
    procedure: str | None, level: DecisionLevel | None, *, until: date, today: date
) -> list[Because]:
    """Say why minor corrections may not follow by themselves until that day; empty means they may."""
    reasons: list[Because] = []
    if procedure is not None and level is DecisionLevel.POLITICAL:
        reasons.append(CouncilDecidesEach(procedure))
    farthest = months_after(today, LONGEST_STANDING_MONTHS)
    # People say the last day; the day after it is ours.
    last_day, farthest = max(until, date.min + timedelta(days=1)) - timedelta(days=1), farthest - timedelta(days=1)
    if last_day < today:
        reasons.append(StandingOverBefore(last_day))
    elif last_day > farthest:
        reasons.append(TooFarAhead(last_day, farthest))
    return reasons


def applicable(among: Sequence[StandingTerms], municipality: str, procedure: str, today: date) -> StandingTerms | None:
    """Give the standing decision that a municipality has about a routine today; its own before the one about all."""
    held = [one for one in among if one.municipality == municipality and one.holds_on(today)]
    own = [one for one in held if one.procedure == procedure]
    return next(iter([*own, *(one for one in held if one.procedure is None)]), None)


def follows_from(known: Sequence[Interval], previous: VersionNumber, today: date) -> bool:
    """Whether the version before is what applies today and goes on to: only then is there something to follow."""
    applies = next((one for one in known if one.holds_on(today)), None)
    return applies is not None and applies.until_on is None and applies.version == previous


def reasons_to_look(
    standing: StandingTerms, old: ProcedureText, new: ProcedureText, *, critical: bool, additions_touched: bool,
    missing: Collection[LocalInformation], delegated: bool = True,
) -> tuple[NotFollowed, ...]:  # fmt: skip
    """
    Say why a correction is not followed, though there is a standing decision; empty means it is.

    Args:
        critical: Whether a number, a dose, a phone number or a negation changed between the texts.
        additions_touched: Whether the version asks about one of the municipality's additions.
        missing: What the new version cannot do without and the municipality has not filled in.
        delegated: Whether the delegation by which it was decided still holds.
    """
    level = new.front.decision_level
    before = {one.key: one for one in old.front.local_information}
    after = {one.key: one for one in new.front.local_information}
    # What fell away takes a number off the paper: nobody sees a line that is not there.
    asks_anew = any(after.get(key) != one for key, one in before.items()) or any(
        one.required for key, one in after.items() if key not in before
    )
    found = (
        (NotFollowed.ADDITION, additions_touched),
        (NotFollowed.LOCAL_INFORMATION, asks_anew or bool(missing)),
        (NotFollowed.CRITICAL, critical),
        (
            NotFollowed.LEVEL,
            level is DecisionLevel.POLITICAL or LEVELS.index(level) > LEVELS.index(standing.level),
        ),
        (NotFollowed.FRONT, _without_own_rules(old.front) != _without_own_rules(new.front)),
        (NotFollowed.DELEGATION, not delegated),
    )
    return tuple(why for why, holds in found if holds)


def _without_own_rules(front: FrontMatter) -> FrontMatter:
    """
    Give a front matter without what may change all the same, or has a rule of its own.

    Other names and subjects are for finding the routine; local information and level are asked about above.
    """
    return replace(front, subjects=(), also_called=(), local_information=(), decision_level=DecisionLevel.UNIT_LEADER)


def words_around(text: ProcedureText) -> str:
    """Give what a reader sees of the front matter that may follow, as a body of its own: title and labels, a block each."""
    return "\n\n".join((text.front.title, *(one.label for one in text.front.local_information))) + "\n"

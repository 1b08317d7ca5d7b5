"""
One answer of a municipality about one routine: what may be asked for, why it may not be given, and what it does.

The same rules hold for a single answer and for a row of a list; nothing here knows where things are stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from samrutine.actors import Actor, Delegation
from samrutine.adoptions.additions import Answer
from samrutine.adoptions.model import (
    CASE_PATTERN,
    NOT_IN_CASE,
    AdoptionState,
    Interval,
    IntervalChange,
    PlannedAlready,
    ReasonMissing,
    TooFarAhead,
    cancelled_by,
    intervals_after,
    intervals_cut,
    planned_before,
    private_among,
    reasons_against_adopting,
    reasons_against_deciding,
    reasons_against_ending,
)
from samrutine.errors import InvalidRequest
from samrutine.messages import word
from samrutine.networks.model import Municipality
from samrutine.procedures.model import DecisionLevel, Digest, LocalInformation, ProcedureId, VersionNumber
from samrutine.procedures.review import months_after
from samrutine.reasons import Because

LONGEST_LINK: Final = 2000
LONGEST_DEFERRAL_MONTHS: Final = 24
"""Whoever puts off an answer for longer has answered. Our choice; no law gives a number."""

KINDS: Final[Mapping[AdoptionState, str]] = {
    AdoptionState.IN_USE: "adopted",
    AdoptionState.DEFERRED: "deferred",
    AdoptionState.DECLINED: "declined",
    AdoptionState.NOT_RELEVANT: "found_not_relevant",
    AdoptionState.OWN_ROUTINE: "kept_own_routine",
    AdoptionState.ENDED: "ended",
}
"""The kind of decision by which each answer is given. The other states are not answers."""

SAYS_WHY: Final = frozenset(
    {AdoptionState.DEFERRED, AdoptionState.DECLINED, AdoptionState.NOT_RELEVANT, AdoptionState.ENDED}
)
"""The answers that are nothing without a reason. An own routine is its own."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """
    One row of a list of answers, or a single answer.

    Attributes:
        procedure: Which routine, by id.
        answer: In use, deferred, declined, not relevant, own routine, or ended.
        version: The version to take into use; the newest when None.
        from_on: The first day it is to apply, a day in Norway; today when None.
        until: For a deferral the day it is to come back; for an end the last day of use, today when None.
        reason: Why, in the municipality's words.
        link: Where an own routine stands.
        case: The council's case number, for a routine that is decided politically.
        additions: What becomes of the municipality's own additions, by their ids, when a version is taken into use.
    """

    procedure: ProcedureId
    answer: AdoptionState
    version: VersionNumber | None = None
    from_on: date | None = None
    until: date | None = None
    reason: str | None = None
    link: str | None = None
    case: str | None = None
    additions: tuple[tuple[str, Answer], ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """
    What the rule about an answer rests on: one routine in one municipality, as it stands when it is decided.

    Attributes:
        version: The version that is answered about, with its digest and the day its network approved it.
        level: The level that the routine is decided on.
        intervals: What is known to have been, to be and to become in force there, the oldest first.
        missing: What the version cannot do without and the municipality has not filled in.
        withdrawn: The network has withdrawn the routine; `replaced_by` is where to go, when it said so.
        refused: The version was a *hasteversjon*, and the network refused it afterwards.
    """

    where: Municipality
    procedure: ProcedureId
    title: str
    version: VersionNumber
    digest: Digest
    approved_on: date
    level: DecisionLevel
    intervals: Sequence[Interval] = ()
    missing: Sequence[LocalInformation] = ()
    withdrawn: bool = False
    replaced_by: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer does: its facts in the chain, what becomes of the intervals, and what the answer's row shows."""

    facts: Mapping[str, object]
    change: IntervalChange | None
    version: VersionNumber | None = None
    first: date | None = None
    deferred_until: date | None = None


@dataclass(frozen=True)
class RoutineWithdrawn(Because):
    """The network has withdrawn the routine, and named no other instead."""

    procedure: str


@dataclass(frozen=True)
class RoutineReplaced(Because):
    """The network has withdrawn the routine, and another stands in its place."""

    procedure: str
    replaced_by: str


@dataclass(frozen=True)
class VersionRefused(Because):
    """The version was published in a hurry, and the network refused it afterwards."""

    procedure: str
    version: str


@dataclass(frozen=True)
class NotAhead(Because):
    """An answer is put off until a day to come."""

    asked: date


@dataclass(frozen=True)
class TwiceInList(Because):
    """A list has one answer for each routine."""

    procedure: str


@dataclass(frozen=True)
class NotAnAnswer(Because):
    """The state is one that things come to, and none that a municipality answers."""

    answer: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the state in words."""
        return {"answer": word("adoption", self.answer, language)}


def require_answer(row: ListRow) -> None:
    """
    Look at what was given, before anything is asked of the rules.

    What was given is not quoted in the error: it is wrong because it may be a name, and errors end in logs.

    Raises:
        InvalidRequest: The case is not a case's number, or the address not one that a reader can follow.
    """
    if row.case and not CASE_PATTERN.fullmatch(row.case):
        raise InvalidRequest(what="case", value="…", expected="26/00117, PS 12/26")
    link = row.link or ""
    followed = link.startswith(("https://", "http://", "file://")) and len(link) <= LONGEST_LINK
    if not followed and (link or row.answer is AdoptionState.OWN_ROUTINE):
        raise InvalidRequest(what="link", value="…", expected=f"https://… (≤ {LONGEST_LINK})")


def reasons_against_answering(row: ListRow, now: Situation, actor: Actor, today: date) -> list[Because]:
    """Say why this actor may not give this answer; empty means they may. Who asks comes first."""
    about_who = reasons_against_deciding(actor, now.where, now.level, today)
    return about_who or reasons_against_the_answer(row, now, today)


def reasons_against_the_answer(row: ListRow, now: Situation, today: date) -> list[Because]:
    """Say why this answer may not be given, whoever gives it; empty means it may."""
    reasons: list[Because] = []
    match row.answer:
        case AdoptionState.IN_USE:
            reasons += _reasons_against_use(row, now, today)
        case AdoptionState.DEFERRED:
            reasons += _reasons_against_deferring(row.until, today)
        case AdoptionState.ENDED:
            reasons += reasons_against_ending(
                now.procedure, now.where.name, last_day=row.until, today=today, known=now.intervals
            )
        case AdoptionState.DECLINED | AdoptionState.NOT_RELEVANT | AdoptionState.OWN_ROUTINE:
            pass
        case _:
            reasons.append(NotAnAnswer(row.answer.value))
    if row.answer in SAYS_WHY and not (row.reason or "").strip():
        reasons.append(ReasonMissing(row.answer.value))
    return [*reasons, *private_among({"case": row.case}, NOT_IN_CASE), *private_among({"link": row.link})]


def _reasons_against_use(row: ListRow, now: Situation, today: date) -> list[Because]:
    # Alone: what else is missing is not to be mended in a routine that nobody is to take into use.
    if now.withdrawn and now.replaced_by:
        return [RoutineReplaced(now.procedure, now.replaced_by)]
    if now.withdrawn:
        return [RoutineWithdrawn(now.procedure)]
    reasons: list[Because] = []
    if now.refused:
        reasons.append(VersionRefused(now.procedure, str(now.version)))
    reasons += reasons_against_adopting(
        now.procedure, now.version, now.approved_on, municipality=now.where.name, from_day=row.from_on or today,
        today=today, level=now.level, case=row.case, known=now.intervals, missing=now.missing,
    )  # fmt: skip
    # With answers about additions a planned version is decided anew from its own day.
    anew = row.from_on if row.additions else None
    return [one for one in reasons if not (isinstance(one, PlannedAlready) and one.from_on == anew)]


def _reasons_against_deferring(until: date | None, today: date) -> list[Because]:
    farthest = months_after(today, LONGEST_DEFERRAL_MONTHS)
    if until is None or until <= today:
        return [NotAhead(until or today)]
    return [TooFarAhead(until, farthest)] if until > farthest else []


def outcome(row: ListRow, now: Situation, delegation: Delegation | None, today: date) -> Outcome:
    """
    Say what an answer does that nothing speaks against.

    Args:
        delegation: The one by which it is decided; None for what nobody decides on a level.
    """
    facts: dict[str, object] = {
        "municipality": now.where.number, "procedure": now.procedure, "version": str(now.version),
        "state": row.answer.value, "position": delegation.position if delegation else "", "level": now.level.value,
    }  # fmt: skip
    if delegation is not None and delegation.id:
        facts["delegation"] = delegation.id
    match row.answer:
        case AdoptionState.IN_USE:
            return _taken_into_use(row, now, facts, today)
        case AdoptionState.DEFERRED:
            facts["deferred_until"] = str(row.until)
            return Outcome(facts, None, deferred_until=row.until)
        case _:
            ends_on = (row.until or today) + timedelta(days=1) if row.answer is AdoptionState.ENDED else today
            change = intervals_cut(now.intervals, ends_on)
            if row.answer is AdoptionState.ENDED:
                facts["version"] = str(_ended(now, row.until or today))
                if _never_began(row, now, today):
                    facts["state"] = AdoptionState.TO_CONSIDER.value
            facts |= {"until": ends_on.isoformat(), **_cancels(now.intervals, change, today)}
            return Outcome(facts, change)


def _taken_into_use(row: ListRow, now: Situation, facts: dict[str, object], today: date) -> Outcome:
    first = row.from_on or today
    # The decision has no number yet; it is put in when the change is written.
    new = Interval(
        first, None, now.version, now.digest, str(facts["position"]), adopted_number=0,
        delegation=str(facts["delegation"]) if "delegation" in facts else None,
    )  # fmt: skip
    postpones = planned_before(now.intervals, now.version, first, today)
    if postpones is not None:
        facts["postpones"] = postpones.isoformat()
    change = intervals_after(now.intervals, new, postpones=postpones)
    # The same version from the same day, decided anew with answers about additions, takes nothing away.
    again = {"version": str(now.version), "from": first.isoformat()}
    cancels = _cancels(now.intervals, change, min(first, today), but=again)
    facts |= {"digest": now.digest, "from": first.isoformat(), "case": row.case, **cancels}
    return Outcome(facts, change, version=now.version, first=first)


def _never_began(row: ListRow, now: Situation, today: date) -> bool:
    """Whether all that an end does is to call off the first use of a routine that can still be taken into use."""
    stands = not now.withdrawn and not now.refused
    return stands and row.until is None and all(one.from_on > today for one in now.intervals)


def _ended(now: Situation, last_day: date) -> VersionNumber:
    """Give the version that ends: the one in force on the last day, or the first that is called off."""
    applies = next((one for one in now.intervals if one.holds_on(last_day)), None)
    called_off = next((one for one in now.intervals if one.from_on > last_day), None)
    found = applies or called_off
    return found.version if found else now.version


def on_planned_day(row: ListRow, now: Situation, today: date) -> ListRow:
    """Give the answer with the planned day, where additions are answered for and no day is given: nobody moved it."""
    if row.answer is not AdoptionState.IN_USE or row.from_on is not None or not row.additions:
        return row
    planned = next((one for one in now.intervals if one.version == now.version and one.from_on > today), None)
    applies = any(one.version == now.version and one.holds_on(today) for one in now.intervals)
    return replace(row, from_on=planned.from_on) if planned and not applies else row


def _cancels(
    known: Sequence[Interval], change: IntervalChange, after: date, *, but: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Give what falls away as facts of the decision, `but` for one; nothing where nothing does."""
    every = (
        {"version": str(one.version) if one.version else None, "from": one.from_on.isoformat()}
        for one in cancelled_by(known, change, after)
    )
    gone = [one for one in every if one != but]
    return {"cancels": gone} if gone else {}

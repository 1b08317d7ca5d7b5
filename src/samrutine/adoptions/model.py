"""
What a municipality decides about a procedure, and what is in force there from when to when.

Professional approval makes a version *faglig godkjent*; only a municipality's own decision makes it *gjeldende* there,
since the law puts the responsibility there (forskrift om ledelse og kvalitetsforbedring § 3).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import unquote

from samrutine.actors import (
    Actor,
    Delegation,
    LacksRole,
    Verb,
    municipality_body,
    reasons_against,
    strongest_delegation,
)
from samrutine.adoptions.telephone import looks_like_telephone
from samrutine.messages import word
from samrutine.networks.model import Municipality
from samrutine.procedures.model import (
    DecisionLevel,
    Digest,
    LocalInformation,
    LocalInformationType,
    ProcedureId,
    VersionNumber,
)
from samrutine.procedures.personal_data import PersonalData, personal_data
from samrutine.procedures.review import months_after
from samrutine.reasons import Because


class AdoptionState(StrEnum):
    """What a municipality has answered. Those that are not yes are as good as yes: none of them is red."""

    TO_CONSIDER = "to-consider"
    PLANNED = "planned"
    """Taken into use from a day to come. Only seen from a day before it; the answer that is kept is in use."""
    IN_USE = "in-use"
    DEFERRED = "deferred"
    """Asked again on a day. What is in force goes on meanwhile."""
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

    `row` is where it stands in SQL, None for one that is new. `delegation` is the one it was decided by, where known.
    """

    from_on: date
    until_on: date | None
    version: VersionNumber
    digest: Digest
    position: str
    adopted_number: int
    row: int | None = None
    delegation: str | None = None

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


def intervals_after(known: Sequence[Interval], new: Interval, *, postpones: date | None = None) -> IntervalChange:
    """
    Put a new, open interval in: from its first day it alone is in force.

    Afterwards no day has two versions in force.

    Args:
        postpones: The day from which the version was to apply until now, where the new one is later. What applies before
            that day goes on until the new one.
    """
    if postpones is None:
        cut = intervals_cut(known, new.from_on)
        return IntervalChange(cut.superseded, (*cut.added, new))
    cut = intervals_cut(known, postpones)
    before = tuple(one for one in known if one.until_on == postpones)
    longer = tuple(replace(one, until_on=new.from_on, row=None) for one in before)
    return IntervalChange((*before, *cut.superseded), (*longer, *cut.added, new))


def planned_before(known: Sequence[Interval], version: VersionNumber, from_day: date, today: date) -> date | None:
    """Give the day from which the version is to apply, where that is to come and before `from_day`; else None."""
    found = (one for one in known if one.version == version and one.until_on is None and today < one.from_on < from_day)
    return next((one.from_on for one in found), None)


@dataclass(frozen=True, slots=True)
class Planned:
    """
    What has been decided, and has not come yet: from `from_on` that version applies, or none when `version` is None.

    The last day of a use that ends is the day before `from_on`.
    """

    version: VersionNumber | None
    from_on: date


def planned_after(known: Sequence[Interval], day: date) -> Planned | None:
    """Give the next thing that is to change after `day` in what is in force; None when nothing is."""
    to_come = [Planned(one.version, one.from_on) for one in known if one.from_on > day]
    begins = {one.from_on for one in to_come}
    ends = [one.until_on for one in known if one.until_on is not None and one.until_on > day]
    to_come += [Planned(None, until_on) for until_on in ends if until_on not in begins]
    return min(to_come, key=lambda one: one.from_on, default=None)


def cancelled_by(known: Sequence[Interval], change: IntervalChange, after: date) -> tuple[Planned, ...]:
    """
    Name what was decided before and falls away with a change, by day.

    That is each version that was to apply from a day later than `after`, and never does because of the change; and,
    where a version is put in, the end of a use that now does not end. A use that is cut short is not among them: that
    is what was asked for.
    """
    kept = {(one.from_on, one.version) for one in change.added}
    lost = [one for one in change.superseded if one.from_on > after and (one.from_on, one.version) not in kept]
    gone = [Planned(one.version, one.from_on) for one in lost]
    last = max(known, key=lambda one: one.from_on, default=None)
    goes_on = any(one.until_on is None for one in change.added)
    if goes_on and last is not None and last.until_on is not None and last in change.superseded and last not in lost:
        gone.append(Planned(None, last.until_on))
    return tuple(sorted(gone, key=lambda one: one.from_on))


LONGEST_AHEAD_YEARS: Final = 10
"""How far ahead a day may be decided. A day beyond it is a slip of the hand: 2062 for 2026."""


def farthest_day(today: date) -> date:
    """Give the last day that may be decided about today."""
    return months_after(today, 12 * LONGEST_AHEAD_YEARS)


LONGEST_CASE: Final = 60
_BEFORE_CASE = r"(?:[A-ZÆØÅ]{1,5}|[a-zæøå]{1,2}|(?:[A-ZÆØÅa-zæøå]{1,2}[ .-]?)?[Ss]ak)"
CASE_PATTERN: Final = re.compile(
    rf"(?=.{{1,{LONGEST_CASE}}}$)(?:{_BEFORE_CASE}[ .:-]{{0,2}})?[0-9](?:[0-9 /.-]*[0-9])?"
)
"""
A case's number in the municipality's archive: «26/00117», «PS 12/26», «2026-4711», «K.sak 7».

It stays in the chain for ever, so it has room for a committee's letters and a number, and none for a sentence or a name.
"""

LONGEST_VALUE: Final = 500
"""How many characters one piece of local information may have."""

NOT_IN_GIVEN_TEXT: Final = frozenset({PersonalData.NATIONAL_ID, PersonalData.PRIVATE_EMAIL})
"""A duty telephone often is a mobile number, so a phone is allowed here though it is not in a shared text."""
NOT_IN_CASE: Final = NOT_IN_GIVEN_TEXT | {PersonalData.PRIVATE_PHONE, PersonalData.UNCLEAR_EMAIL}
"""A landline is not among them: the number of a case from this century may look just like one (20264711)."""


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

    settled = True

    procedure: str
    version: str
    municipality: str


@dataclass(frozen=True)
class PlannedAlready(Because):
    """This version is to apply from a day to come, and the decision would change nothing."""

    procedure: str
    version: str
    municipality: str
    from_on: date


@dataclass(frozen=True)
class PlannedWithAdditions(Because):
    """The version is to apply from a day to come, with additions that are decided to change on that very day."""

    procedure: str
    version: str
    municipality: str
    from_on: date


@dataclass(frozen=True)
class WouldOnlyCancel(Because):
    """This version is in force on that day already; all the decision would do is to cancel a newer one that is planned."""

    procedure: str
    version: str
    municipality: str
    planned: str
    planned_from: date


@dataclass(frozen=True)
class TooFarAhead(Because):
    """Nobody decides what applies so far from now; the day is a slip of the hand."""

    asked: date
    farthest: date


@dataclass(frozen=True)
class NotInUse(Because):
    """There is no use to end."""

    settled = True

    procedure: str
    municipality: str


@dataclass(frozen=True)
class NotInForceOn(Because):
    """A use cannot have its last day on a day when it is not in force."""

    procedure: str
    municipality: str
    day: date


@dataclass(frozen=True)
class BegunSince(Because):
    """A use does not end on a day before one that has begun since: that would say that it never applied."""

    procedure: str
    municipality: str
    last_day: date
    began: date


@dataclass(frozen=True)
class NeededWhileInForce(Because):
    """What the routine cannot do without is not cleared while people follow it."""

    procedure: str
    municipality: str
    labels: str


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
class NotATelephone(Because):
    """Where the routine asks for a service's telephone, somebody will ring what stands there."""

    label: str


@dataclass(frozen=True)
class ValueTooLong(Because):
    """Local information is a line in the text, and no text of its own."""

    label: str
    characters: int
    longest: int


@dataclass(frozen=True)
class PrivateValue(Because):
    """
    A case's number or an address looks like a private person's number, phone or address.

    `key_name` is `case` or `link`.
    """

    key_name: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the name in words."""
        return {"key_name": word("given", self.key_name, language)}


def private_among(
    given: Mapping[str, str | None], kept_out: Collection[PersonalData] = NOT_IN_GIVEN_TEXT
) -> list[Because]:
    """
    Name what looks like a private person's number or address among what was given.

    Every free text of a decision is looked at where decisions are made. This sees what that cannot: a case's number,
    which is no free text, and an address as a browser reads it.
    """
    reasons: list[Because] = []
    for name, text in sorted(given.items()):
        # An address may hold an e-mail with its @ written as %40.
        found = (*personal_data(text or ""), *personal_data(unquote(text or "")))
        if any(one.what in kept_out for one in found):
            reasons.append(PrivateValue(name))
    return reasons


def delegation_for(actor: Actor, municipality: str, level: DecisionLevel, today: date) -> Delegation | None:
    """Give the delegation by which the actor may decide on `level` in the municipality today; the nearest level first."""
    enough = [one.value for one in LEVELS[LEVELS.index(level) :]]
    return strongest_delegation(actor.delegations, municipality, enough, today)


def reasons_of_role(actor: Actor, verb: Verb, where: Municipality, today: date) -> list[LacksRole]:
    """Say why this actor may not do `verb` for a municipality, which the reason names as people do; empty means they may."""
    body = municipality_body(where.number)
    return [replace(one, named=where.name) for one in reasons_against(actor, verb, body, today)]


def reasons_against_deciding(actor: Actor, where: Municipality, level: DecisionLevel, today: date) -> list[Because]:
    """Say why this actor may not decide about use on this level in this municipality; empty means they may."""
    reasons: list[Because] = [*reasons_of_role(actor, Verb.DECIDE_USE, where, today)]
    if not reasons and delegation_for(actor, where.number, level, today) is None:
        reasons.append(LacksDelegation(where.name, level.value))
    return reasons


def reasons_against_adopting(
    procedure: ProcedureId,
    version: VersionNumber,
    approved_on: date,
    *,
    municipality: str,
    from_day: date,
    today: date,
    level: DecisionLevel,
    case: str | None,
    known: Sequence[Interval],
    missing: Sequence[LocalInformation],
) -> list[Because]:
    """
    Say why this version may not be taken into use in this municipality from that day; empty means it may.

    Args:
        municipality: Its name, for the reasons.
    """
    reasons: list[Because] = []
    if from_day < approved_on:
        reasons.append(BeforeApproval(procedure, str(version), approved_on, from_day))
    if from_day > farthest_day(today):
        reasons.append(TooFarAhead(from_day, farthest_day(today)))
    if missing:
        reasons.append(LocalInformationMissing(municipality, ", ".join(field.label for field in missing)))
    if level is DecisionLevel.POLITICAL and not case:
        reasons.append(CaseMissing(procedure))
    same = next((one for one in known if one.version == version and one.holds_on(from_day)), None)
    if same is not None and same.until_on is None and same.from_on > today:
        # From a later day it is postponed, which is a decision of its own.
        if same.from_on == from_day:
            reasons.append(PlannedAlready(procedure, str(version), municipality, same.from_on))
    elif same is not None and same.until_on is None:
        reasons.append(AlreadyInForce(procedure, str(version), municipality))
    elif same is not None:
        # It stops only because another begins the next day: taking it into use again would do nothing but call that off.
        planned = next((one for one in known if one.from_on == same.until_on), None)
        if planned is not None:
            reasons.append(
                WouldOnlyCancel(procedure, str(version), municipality, str(planned.version), planned.from_on)
            )
    return reasons


def reasons_against_ending(
    procedure: ProcedureId, municipality: str, *, last_day: date | None, today: date, known: Sequence[Interval]
) -> list[Because]:
    """
    Say why the use may not be ended; empty means it may.

    Args:
        municipality: Its name, for the reason.
        last_day: The last day it is to apply. With None what applies ends today, and what has not begun is called off.
    """
    if last_day is not None and last_day > farthest_day(today):
        return [TooFarAhead(last_day, farthest_day(today))]
    if last_day is not None and not any(one.holds_on(last_day) for one in known):
        return [NotInForceOn(procedure, municipality, last_day)]
    begun = [one.from_on for one in known if last_day is not None and last_day < one.from_on <= today]
    if last_day is not None and begun:
        return [BegunSince(procedure, municipality, last_day, max(begun))]
    if not intervals_cut(known, (last_day or today) + timedelta(days=1)).superseded:
        return [NotInUse(procedure, municipality)]
    return []


def reasons_against_filling_in(
    procedure: ProcedureId,
    municipality: str,
    values: Mapping[str, str],
    *,
    declared: Mapping[str, LocalInformation],
    needed: Collection[str],
) -> list[Because]:
    """
    Say why these values may not be filled in; empty means they may.

    Args:
        municipality: Its name, for the reason.
        values: By key; an empty text clears the value.
        declared: By key, what the routine asks for.
        needed: Keys that what is in force there, or is to be, cannot do without.
    """
    unknown = [
        NotDeclared(procedure, key, ", ".join(sorted(declared)) or "–") for key in sorted(values) if key not in declared
    ]
    asked = [(declared[key], value) for key, value in sorted(values.items()) if key in declared]
    wrong = [one for field, value in asked if value for one in _reasons_against_value(field, value)]
    cleared = [field.label for field, value in asked if field.key in needed and not value]
    gaps = [NeededWhileInForce(procedure, municipality, ", ".join(cleared))] if cleared else []
    return [*unknown, *wrong, *gaps]


def _reasons_against_value(field: LocalInformation, value: str) -> list[Because]:
    """What a function or a text may be is for people to judge; it is printed as written, and never as markup."""
    if len(value) > LONGEST_VALUE:
        return [ValueTooLong(field.label, len(value), LONGEST_VALUE)]
    if field.type is LocalInformationType.SERVICE_PHONE and not looks_like_telephone(value):
        return [NotATelephone(field.label)]
    return []

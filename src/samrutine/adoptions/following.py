"""The verbs of a standing decision, and what it does in the act by which a network approves a minor correction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, and_, col, or_, select

from samrutine.actors import SYSTEM, Actor, ActorId, Delegation, Role, Verb, municipality_body, strongest_delegation
from samrutine.adoptions.answering import Desk, Looked, write
from samrutine.adoptions.answers import ListRow, outcome
from samrutine.adoptions.model import (
    LEVELS,
    AdoptionState,
    LacksDelegation,
    delegation_for,
    reasons_against_deciding,
    reasons_of_role,
)
from samrutine.adoptions.standing import (
    NoStandingDecision,
    NotFollowed,
    OtherStandingDecisions,
    SameStandingDecision,
    StandingTerms,
    applicable,
    follows_from,
    reasons_against_standing,
    reasons_to_look,
    words_around,
)
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor, get_municipality, municipalities
from samrutine.networks.model import Municipality
from samrutine.procedures.access import hidden_versions
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import DecisionLevel, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.text import read
from samrutine.reasons import refusal, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions, decision_of
from samrutine.storage.rows import DecisionRow, DelegationRow, ProcedureRow, StandingDecisionRow, VersionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

MINOR = "minor"
"""How a version's row says that it is a minor correction."""
_BELOW_THE_COUNCIL = tuple(level for level in reversed(LEVELS) if level is not DecisionLevel.POLITICAL)


@dataclass(frozen=True, slots=True)
class StandingSet:
    """A municipality lets minor corrections follow by themselves, of one routine or of all, until the day before a day."""

    id: str
    municipality: str
    procedure: ProcedureId | None
    level: DecisionLevel
    position: str
    until_on: date
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class StandingEnded:
    """A municipality looks at minor corrections itself from now on."""

    municipality: str
    procedure: ProcedureId | None
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """
    A minor correction met a standing decision.

    `because` is empty where the version was taken into use, and else says why somebody must look at it.
    """

    procedure: ProcedureId
    version: VersionNumber
    because: tuple[NotFollowed, ...]
    number: int


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """A standing decision with what it has done, the newest first. `ended` tells one that was ended before its day."""

    standing: StandingTerms
    number: int
    ended: bool
    followed: tuple[Followed, ...]


class StandingDecisions:
    """Standing decisions on minor corrections."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def set_standing(
        self, municipality: str, *, until: date, procedure: ProcedureId | None, reason: str | None, by: ActorId,
        now: datetime, decision_id: DecisionId,
    ) -> StandingSet:  # fmt: skip
        """
        Decide that minor corrections follow by themselves, each from the day its network approves it.

        A correction is not followed, and waits as usual, when it changes the section of one of the municipality's own
        additions, takes away or changes local information, requires more of it, changes a number, a dose, a phone number or a negation, what stands around
        the text (title, attachments, who is responsible, who may read it), or when it raises the level that the routine is
        decided on. Nor is any once the delegation it was decided by has ended. Major changes never follow.

        Args:
            until: The day after the last on which it holds: a day to come, at most two years ahead.
            procedure: Only this routine. With None all that the decider's delegation covers, but for what is decided
                politically, which has a case of its own each time.
            reason: Why, in the municipality's words.

        Returns:
            What holds now. A standing decision about the same that held before is ended by it.

        Raises:
            NotAllowed: No registered delegation on the level of the routine.
            Refused: The day is not ahead or too far ahead, the routine is decided politically, or the same is decided
                already.
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        request = {"municipality": municipality, "procedure": procedure or "", "until": str(until)}
        with self._decisions.act(decision_id, "set_standing", request, by=by, now=now, texts={"reason": reason}) as act:
            if not act.is_repeat:
                where = get_municipality(act.session, municipality)
                actor = get_actor(act.session, by)
                level = _level_of(Eyes.of(act), procedure)
                delegation = _delegation(actor, where, level, act.today)
                refuse(reasons_against_standing(procedure, level, until=until, today=act.today))
                same = ((one.delegation_id, one.until_on) for one in _held(act.session, where.number, procedure))
                if (delegation.id, until) in same:
                    refuse([SameStandingDecision(where.name, until - timedelta(days=1))])
                _keep(act, where, procedure, delegation, until)
        made = act.decisions[0]
        facts = made.facts
        return StandingSet(
            facts["standing"], facts["municipality"], _procedure(facts["procedure"]), DecisionLevel(facts["level"]),
            facts["position"], date.fromisoformat(facts["until"]), made.number, act.projected,
        )  # fmt: skip

    def end_standing(
        self, municipality: str, *, procedure: ProcedureId | None, reason: str | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> StandingEnded:  # fmt: skip
        """
        End a standing decision: from now on somebody looks at every correction. What was followed stands.

        Any decider of the municipality may, on whatever level: to look is never too much.

        Args:
            procedure: The one about this routine; with None the one about all.

        Raises:
            NotAllowed: Not a decider in that municipality.
            Refused: There is none.
        """
        request = {"municipality": municipality, "procedure": procedure or ""}
        with self._decisions.act(decision_id, "end_standing", request, by=by, now=now, texts={"reason": reason}) as act:
            if not act.is_repeat:
                where = get_municipality(act.session, municipality)
                refuse(reasons_of_role(get_actor(act.session, by), Verb.DECIDE_USE, where, act.today))
                held = _held(act.session, where.number, procedure)
                if not held:
                    left = _left(Eyes.of(act), where.number)
                    refuse([OtherStandingDecisions(where.name, left) if left else NoStandingDecision(where.name)])
                decision = act.record(
                    "standing_ended", body=municipality_body(where.number), role=Role.DECIDER, subject=procedure,
                    facts={"municipality": where.number, "procedure": procedure, "ends": [row.id for row in held]},
                )  # fmt: skip
                _end(act.session, held, decision.number)
                tell(act, "standing-ended", f"standing:{held[0].id}", bodies=[(decision.body, Verb.PREPARE)])
        made = act.decisions[0]
        return StandingEnded(
            made.facts["municipality"], _procedure(made.facts["procedure"]), made.number, act.projected
        )

    def standing_decisions(self, municipality: str, *, reader: str | None, today: date) -> Sequence[StandingDecision]:
        """
        Give a municipality's standing decisions, the newest first, each with what it has done and what it has not.

        Args:
            reader: Whose eyes; somebody unknown inside when None. What is done with a routine or a version that they may not
                know of is left out.
            today: The day on which the reader's roles must hold, a day in Norway.
        """
        with self._database.reading() as session:
            hidden = hidden_versions(session, reader, today)
            where = get_municipality(session, municipality)
            rows = session.exec(
                select(StandingDecisionRow)
                .where(StandingDecisionRow.municipality == where.number)
                .order_by(col(StandingDecisionRow.decided_number).desc())
            )
            done = _followed(session, where.number)
            return [
                StandingDecision(
                    _standing(row),
                    row.decided_number,
                    row.ended_number is not None,
                    tuple(one for one in done.get(row.id, ()) if not hidden.hides(one.procedure, one.version)),
                )
                for row in rows
                if row.procedure_id not in hidden.procedures
            ]


def follow_minor(act: Act, procedure: str, version: VersionNumber, previous: VersionNumber) -> None:
    """
    Take a minor correction into use wherever a standing decision says so, in the very act that approves it.

    Where a standing decision covers it and somebody must look all the same, that is decided too, with why: so people
    see it beside what waits for them. Everybody else is asked as usual, and is not touched here.

    Args:
        act: The approval that was enough; the version's rows are written.
        previous: The version that was the newest before.
    """
    session = act.session
    held = session.exec(
        select(StandingDecisionRow).where(
            col(StandingDecisionRow.ended_number).is_(None),
            or_(col(StandingDecisionRow.procedure_id).is_(None), StandingDecisionRow.procedure_id == procedure),
        )
    )
    among = [_standing(row) for row in held]
    if not among:
        return
    old, new = (_text(session, procedure, one) for one in (previous, version))
    critical = _critical(old, new)
    row = ListRow(ProcedureId(procedure), AdoptionState.IN_USE, version=version)
    for where in municipalities(session):
        standing = applicable(among, where.number, procedure, act.today)
        if standing is not None:
            _follow(act, where, standing, row, previous, old, new, critical=critical)


def follow_confirmed(act: Act, version: VersionRow) -> None:
    """
    Do what `follow_minor` does for a minor correction that was published in a hurry, once its network has agreed.

    While it had not, no standing decision followed it.
    """
    if version.significance != MINOR:
        return
    before = act.session.exec(
        select(VersionRow.major, VersionRow.minor)
        .where(
            VersionRow.procedure_id == version.procedure_id, col(VersionRow.refused_number).is_(None),
            or_(
                col(VersionRow.major) < version.major,
                and_(col(VersionRow.major) == version.major, col(VersionRow.minor) < version.minor),
            ),
        )
        .order_by(col(VersionRow.major).desc(), col(VersionRow.minor).desc())
    ).first()  # fmt: skip
    if before is not None:
        follow_minor(act, version.procedure_id, VersionNumber(version.major, version.minor), VersionNumber(*before))


def _follow(
    act: Act, where: Municipality, standing: StandingTerms, row: ListRow, previous: VersionNumber, old: ProcedureText,
    new: ProcedureText, *, critical: bool,
) -> None:  # fmt: skip
    desk = Desk(Eyes(act.session, SYSTEM, act.today), where, [row])
    now = desk.situation(row)
    if not follows_from(now.intervals, previous, act.today):
        return
    when = {"first": act.today, "today": act.today}
    touched = desk.additions.touched(row.procedure, now.version, **when)
    because = reasons_to_look(
        standing, old, new, critical=critical, additions_touched=bool(touched), missing=now.missing,
        delegated=_is_delegated(act.session, standing.delegation, act.today),
    )  # fmt: skip
    subject, body = f"procedure:{row.procedure}", municipality_body(where.number)
    if because:
        act.record(
            "standing_not_followed", body=body, role=Role.DECIDER, subject=row.procedure, by=SYSTEM,
            facts={
                "municipality": where.number, "procedure": row.procedure, "version": str(now.version),
                "standing": standing.id, "because": [one.value for one in because],
            },
        )  # fmt: skip
        tell(act, "minor-not-followed", subject, bodies=[(body, Verb.PREPARE)])
        return
    delegation = Delegation(
        where.number, standing.level.value, standing.position, standing.from_on, standing.until_on, standing.delegation
    )
    made = outcome(row, now, delegation, act.today)
    added = desk.additions.change(row.procedure, now.version, None, answers={}, **when)
    made = replace(made, facts={**made.facts, **added.facts, "standing": standing.id})
    write(act, desk, [Looked(row, now, made, added)], by=SYSTEM)
    tell(act, "minor-followed", subject, bodies=[(body, Verb.PREPARE)])


def _critical(old: ProcedureText, new: ProcedureText) -> bool:
    """Whether something changed that somebody may be harmed by: asked of the prose diff, in this one place."""
    # Imported here: the diff takes a while to import, and few approvals ask for it.
    from samrutine.proposals.prose_diff import critical_changes

    pairs = (old.body, new.body), (words_around(old), words_around(new))
    return any(critical_changes(before, after) for before, after in pairs)


def _is_delegated(session: Session, delegation: str | None, today: date) -> bool:
    """Whether the delegation behind a standing decision still holds: nobody decides by one that was taken back."""
    row = session.get(DelegationRow, delegation) if delegation else None
    return row is None or (row.ended_number is None and (row.until_on is None or today < row.until_on))


def _level_of(eyes: Eyes, procedure: ProcedureId | None) -> DecisionLevel | None:
    return DecisionLevel(eyes.procedure(procedure).decision_level) if procedure else None


def _delegation(actor: Actor, where: Municipality, level: DecisionLevel | None, today: date) -> Delegation:
    """Give the delegation by which it is decided: on the routine's level, or the highest there is below the council."""
    lowest = level or DecisionLevel.UNIT_LEADER
    refuse(reasons_against_deciding(actor, where, lowest, today))
    found = (
        delegation_for(actor, where.number, level, today)
        if level is not None
        else strongest_delegation(
            actor.delegations,
            where.number,
            [DecisionLevel.POLITICAL.value, *(one.value for one in _BELOW_THE_COUNCIL)],
            today,
        )
    )
    if found is None:
        raise refusal([LacksDelegation(where.name, lowest.value)])
    return found


def _keep(act: Act, where: Municipality, procedure: str | None, delegation: Delegation, until: date) -> None:
    standing = f"s-{hashlib.sha256(act.id.encode()).hexdigest()[:16]}"
    replaced = _held(act.session, where.number, procedure)
    facts = {
        "municipality": where.number, "procedure": procedure, "standing": standing, "level": delegation.level,
        "position": delegation.position, "delegation": delegation.id, "from": act.today.isoformat(),
        "until": until.isoformat(), "ends": [row.id for row in replaced],
    }  # fmt: skip
    decision = act.record(
        "standing_set", body=municipality_body(where.number), role=Role.DECIDER, subject=procedure, facts=facts
    )
    _end(act.session, replaced, decision.number)
    act.session.add(
        StandingDecisionRow(
            id=standing, municipality=where.number, procedure_id=procedure, level=delegation.level,
            position=delegation.position, delegation_id=delegation.id, from_on=act.today, until_on=until,
            decided_number=decision.number,
        )
    )  # fmt: skip
    tell(act, "standing-set", f"standing:{standing}", bodies=[(decision.body, Verb.PREPARE)])


def _held(session: Session, municipality: str, procedure: str | None) -> Sequence[StandingDecisionRow]:
    return session.exec(
        select(StandingDecisionRow)
        .where(StandingDecisionRow.municipality == municipality, StandingDecisionRow.procedure_id == procedure)
        .where(col(StandingDecisionRow.ended_number).is_(None))
    ).all()


def _left(eyes: Eyes, municipality: str) -> str:
    """Name what standing decisions that still hold are about, among what they may know of; «–» is the one about all."""
    rows = eyes.session.exec(
        select(StandingDecisionRow)
        .where(StandingDecisionRow.municipality == municipality, col(StandingDecisionRow.ended_number).is_(None))
        .where(col(StandingDecisionRow.until_on) > eyes.today)
        .order_by(col(StandingDecisionRow.decided_number))
    ).all()
    found = []
    for row in rows:
        about = eyes.session.get(ProcedureRow, row.procedure_id) if row.procedure_id else None
        if about is None or eyes.know(about):
            found.append(row.procedure_id or "–")
    return ", ".join(found)


def _end(session: Session, rows: Sequence[StandingDecisionRow], number: int) -> None:
    for row in rows:
        row.ended_number = number
        session.add(row)


def _standing(row: StandingDecisionRow) -> StandingTerms:
    return StandingTerms(
        row.id, row.municipality, row.procedure_id, DecisionLevel(row.level), row.position, row.delegation_id, row.from_on,
        row.until_on,
    )  # fmt: skip


def _text(session: Session, procedure: str, version: VersionNumber) -> ProcedureText:
    row = session.get_one(VersionRow, (procedure, version.major, version.minor))
    return read(Words.from_sql(session, row.digest), procedure)


def _followed(session: Session, municipality: str) -> dict[str, list[Followed]]:
    """Give what each standing decision has met, the newest first."""
    rows = session.exec(
        select(DecisionRow)
        .where(
            DecisionRow.body == municipality_body(municipality), DecisionRow.actor_id == SYSTEM,
            col(DecisionRow.kind).in_(["adopted", "standing_not_followed"]),
        )
        .order_by(col(DecisionRow.number).desc())
    )  # fmt: skip
    found: dict[str, list[Followed]] = {}
    for decision in map(decision_of, rows):
        facts = decision.facts
        found.setdefault(facts["standing"], []).append(
            Followed(
                ProcedureId(facts["procedure"]), VersionNumber.parse(facts["version"]),
                tuple(NotFollowed(one) for one in facts.get("because", ())), decision.number,
            )
        )  # fmt: skip
    return found


def _procedure(value: str | None) -> ProcedureId | None:
    return ProcedureId(value) if value else None

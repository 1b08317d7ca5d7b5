"""The verbs of those who prepare: who answers and by when, who was told of what applies, and what there was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Verb, municipality_body, roles_for
from samrutine.adoptions.in_force import intervals_in
from samrutine.adoptions.model import reasons_of_role
from samrutine.adoptions.overview import in_force_on
from samrutine.adoptions.readiness import (
    LONGEST_WHOM,
    CannotPrepare,
    How,
    InventoryAnswer,
    NothingWaits,
    reasons_against_due,
    reasons_against_making_known,
    version_made_known,
)
from samrutine.arguments import require_text
from samrutine.errors import InvalidRequest, ProcedureNotFound
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor, get_municipality, municipalities
from samrutine.networks.model import Municipality
from samrutine.procedures.access import HiddenVersions, hidden_procedures, hidden_versions
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import DecisionTextRow, InventoryRow, MadeKnownRow, ProcedureRow, WaitingRow
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class Assigned:
    """Somebody prepares the municipality's answer about a routine, by a day."""

    municipality: str
    procedure: ProcedureId
    owner: ActorId | None
    due_on: date | None
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class MadeKnown:
    """It is recorded that those who follow a version were told of it. Whom is kept as free text, and not here."""

    municipality: str
    procedure: ProcedureId
    version: VersionNumber
    told_on: date
    how: How
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Once that people were told: when, how and whom, by whom, and of which version. `whom` is None when it was erased."""

    version: VersionNumber
    told_on: date
    how: How
    whom: str | None
    by: ActorId
    number: int


@dataclass(frozen=True, slots=True)
class KnownRoutine:
    """What applies in a municipality, and how it was made known there, the newest first."""

    procedure: ProcedureId
    title: str
    version: VersionNumber
    in_force_from: date
    told: tuple[Told, ...]

    @property
    def is_made_known(self) -> bool:
        """Whether people were told of the very version that applies."""
        return any(one.version == self.version for one in self.told)


@dataclass(frozen=True, slots=True)
class InventoryTaken:
    """A municipality has said what it had before, of these routines."""

    municipality: str
    answers: Mapping[ProcedureId, InventoryAnswer]
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class Inventory:
    """What each municipality had, by routine: routines by title, municipalities by number. What is not said has no cell."""

    procedures: tuple[tuple[ProcedureId, str], ...]
    municipalities: tuple[Municipality, ...]
    cells: Mapping[tuple[ProcedureId, str], InventoryAnswer]

    def count(self, procedure: ProcedureId, answer: InventoryAnswer) -> int:
        """Give how many municipalities said that of a routine."""
        return sum(self.cells.get((procedure, one.number)) is answer for one in self.municipalities)


class Preparing:
    """What the municipalities prepare around their answers."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def assign(
        self, procedure: ProcedureId, municipality: str, *, owner: str | None, due: date | None, by: ActorId,
        now: datetime, decision_id: DecisionId,
    ) -> Assigned:  # fmt: skip
        """
        Say who prepares the municipality's answer about a routine, and by when. Others may still answer it.

        Args:
            owner: Actor id or sign-in name of somebody who may prepare there; unchanged when None.
            due: The day an answer is hoped for, today or later; unchanged when None.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            Refused: Nothing waits about the routine there, the person may not prepare there, or the day has been.
            InvalidRequest: Neither a person nor a day is given.
            PersonNotFound, MunicipalityNotFound, ProcedureNotFound: As they say.
        """
        if owner is None and due is None:
            raise InvalidRequest(what="assign", value="", expected="owner, due")
        with self._database.reading() as session:
            owner_id = get_actor(session, owner).id if owner else None
        request = {"procedure": procedure, "municipality": municipality, "owner": owner_id or "", "due": str(due)}
        with self._decisions.act(decision_id, "assign", request, by=by, now=now) as act:
            if not act.is_repeat:
                self._assign(act, procedure, get_municipality(act.session, municipality), owner_id, due)
        made = act.decisions[0]
        facts = made.facts
        return Assigned(
            facts["municipality"], procedure, ActorId(facts["owner"]) if facts["owner"] else None, _day(facts["due"]),
            made.number, act.projected,
        )  # fmt: skip

    @staticmethod
    def _assign(act: Act, procedure: ProcedureId, where: Municipality, owner: ActorId | None, due: date | None) -> None:
        session, body = act.session, municipality_body(where.number)
        actor = get_actor(session, act.by)
        refuse(reasons_of_role(actor, Verb.PREPARE, where, act.today))
        _require_procedures(act, [procedure])
        subject = f"procedure:{procedure}"
        rows = session.exec(
            select(WaitingRow).where(
                WaitingRow.body == body, WaitingRow.subject == subject, col(WaitingRow.closed_number).is_(None)
            )
        ).all()
        reasons: list[Because] = [] if rows else [NothingWaits(procedure, where.name)]
        if owner is not None and reasons_of_role(get_actor(session, owner), Verb.PREPARE, where, act.today):
            reasons.append(CannotPrepare(where.name))
        refuse(reasons + reasons_against_due(due, act.today))
        act.record(
            "preparation_assigned", body=body, role=_role(actor, body, act.today), subject=procedure,
            facts={
                "municipality": where.number, "procedure": procedure, "owner": owner,
                "due": due.isoformat() if due else None,
            },
        )  # fmt: skip
        for row in rows:
            row.owner_actor, row.due_on = owner or row.owner_actor, due or row.due_on
            session.add(row)
        tell(act, "preparation-assigned", subject, actors=[owner] if owner else [])

    def make_known(
        self, procedure: ProcedureId, municipality: str, *, told_on: date | None, how: How, whom: str,
        version: VersionNumber | None, by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> MadeKnown:  # fmt: skip
        """
        Record that those who follow a routine were told of it: *gjort kjent*.

        Args:
            told_on: The day, a day in Norway; today when None.
            whom: Who was told, as groups: "alle i hjemmetjenesten". Kept as free text, which may be erased.
            version: One that applies, applied or is decided to; what applies today, or is the next to, when None.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            Refused: The version never applied there nor is to, the day has not been, or the text holds personal data.
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        require_text("whom", whom, longest=LONGEST_WHOM, may_be_empty=False)
        request = {
            "procedure": procedure, "municipality": municipality, "version": str(version), "told_on": str(told_on),
            "how": how.value,
        }  # fmt: skip
        with self._decisions.act(decision_id, "make_known", request, by=by, now=now, texts={"whom": whom}) as act:
            if not act.is_repeat:
                session = act.session
                where = get_municipality(session, municipality)
                body = municipality_body(where.number)
                actor = get_actor(session, by)
                refuse(reasons_of_role(actor, Verb.PREPARE, where, act.today))
                _require_procedures(act, [procedure])
                known = intervals_in(session, where.number, [procedure]).get(procedure, [])
                found, day = version_made_known(known, version, act.today), told_on or act.today
                refuse(reasons_against_making_known(procedure, where.name, version=found, told_on=day, today=act.today))
                decision = act.record(
                    "made_known", body=body, role=_role(actor, body, act.today), subject=procedure,
                    facts={
                        "municipality": where.number, "procedure": procedure, "version": str(found),
                        "told_on": day.isoformat(), "how": how.value,
                    },
                )  # fmt: skip
                of = found or VersionNumber(1, 0)
                session.add(
                    MadeKnownRow(
                        decided_number=decision.number, municipality=where.number, procedure_id=procedure, major=of.major,
                        minor=of.minor, told_on=day, how=how.value, actor_id=by,
                    )
                )  # fmt: skip
                tell(act, "made-known", f"procedure:{procedure}", bodies=[(body, Verb.PREPARE)])
        made = act.decisions[0]
        facts = made.facts
        return MadeKnown(
            facts["municipality"], procedure, VersionNumber.parse(facts["version"]), date.fromisoformat(facts["told_on"]),
            How(facts["how"]), made.number, act.projected,
        )  # fmt: skip

    def made_known(self, municipality: str, *, today: date, reader: ActorId | None = None) -> Sequence[KnownRoutine]:
        """
        Give what applies in a municipality today and how it was made known: first what was not, then by title.

        Args:
            reader: Whose eyes; somebody unknown inside when None.
        """
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            hidden = hidden_versions(session, reader, today)
            told = told_in(session, where.number, hidden)
            found = [
                KnownRoutine(one.procedure, one.title, one.version, one.from_on, tuple(told.get(one.procedure, ())))
                for one in in_force_on(session, today, municipality=where.number, procedure=None)
                if not hidden.hides(one.procedure, one.version)
            ]
        return sorted(found, key=lambda one: one.is_made_known)

    def take_inventory(
        self, municipality: str, answers: Mapping[ProcedureId, InventoryAnswer], *, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> InventoryTaken:  # fmt: skip
        """
        Say what the municipality had before it answers: an own routine, one that is outdated, none, or the shared one.

        What was said before of the same routine is replaced; of others it stands.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            InvalidRequest: There are no answers.
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        if not answers:
            raise InvalidRequest(what="inventory", value="", expected=", ".join(InventoryAnswer))
        said = {procedure: answer.value for procedure, answer in sorted(answers.items())}
        request = {"municipality": municipality, "answers": said}
        with self._decisions.act(decision_id, "take_inventory", request, by=by, now=now) as act:
            if not act.is_repeat:
                session = act.session
                where = get_municipality(session, municipality)
                body = municipality_body(where.number)
                actor = get_actor(session, by)
                refuse(reasons_of_role(actor, Verb.PREPARE, where, act.today))
                _require_procedures(act, list(said))
                decision = act.record(
                    "inventory_taken", body=body, role=_role(actor, body, act.today),
                    facts={"municipality": where.number, "answers": said},
                )  # fmt: skip
                for procedure, answer in said.items():
                    session.merge(
                        InventoryRow(
                            municipality=where.number, procedure_id=procedure, answer=answer,
                            decided_number=decision.number,
                        )
                    )  # fmt: skip
                tell(act, "inventory-taken", body, bodies=[(body, Verb.PREPARE)])
        made = act.decisions[0]
        return InventoryTaken(
            made.facts["municipality"],
            {ProcedureId(one): InventoryAnswer(answer) for one, answer in made.facts["answers"].items()}, made.number,
            act.projected,
        )  # fmt: skip

    def inventory(self, *, today: date, reader: ActorId | None = None) -> Inventory:
        """
        Show what every municipality had before, routine by routine: where one is lacked, and where several can be merged.

        Args:
            reader: Whose eyes; somebody unknown inside when None.
        """
        with self._database.reading() as session:
            hidden = hidden_procedures(session, reader, today)
            titles = session.exec(
                select(ProcedureRow.id, ProcedureRow.title).order_by(ProcedureRow.sort_title, ProcedureRow.id)
            )
            procedures = tuple((ProcedureId(one), title) for one, title in titles if one not in hidden)
            cells = {
                (ProcedureId(row.procedure_id), row.municipality): InventoryAnswer(row.answer)
                for row in session.exec(select(InventoryRow))
                if row.procedure_id not in hidden
            }
            return Inventory(procedures, municipalities(session), cells)


def _role(actor: Actor, body: str, today: date) -> str:
    return roles_for(actor, Verb.PREPARE, body, today)[0]


def _require_procedures(act: Act, procedures: Sequence[str]) -> None:
    eyes = Eyes.of(act)
    rows = act.session.exec(select(ProcedureRow).where(col(ProcedureRow.id).in_(procedures)))
    known = {row.id for row in rows if eyes.know(row)}
    for one in procedures:
        if one not in known:
            raise ProcedureNotFound(procedure=one)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def told_in(session: Session, municipality: str, hidden: HiddenVersions) -> Mapping[str, Sequence[Told]]:
    """Give each time that people were told of a routine in a municipality, by procedure, the newest first."""
    told: dict[str, list[Told]] = {}
    rows = session.exec(
        select(MadeKnownRow, DecisionTextRow.text)
        .join(
            DecisionTextRow,
            (col(DecisionTextRow.number) == col(MadeKnownRow.decided_number)) & (col(DecisionTextRow.name) == "whom"),
            isouter=True,
        )
        .where(MadeKnownRow.municipality == municipality)
        .order_by(col(MadeKnownRow.told_on).desc(), col(MadeKnownRow.decided_number).desc())
    )
    for row, whom in rows:
        version = VersionNumber(row.major, row.minor)
        if not hidden.hides(row.procedure_id, version):
            told.setdefault(row.procedure_id, []).append(
                Told(version, row.told_on, How(row.how), whom, ActorId(row.actor_id), row.decided_number)
            )
    return told

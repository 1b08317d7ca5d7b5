"""The verbs of a municipality: take into use, answer otherwise, end, fill in local information; and who uses what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, func, select

from samrutine.actors import Actor, ActorId, Role, Verb, municipality_body, reasons_against, roles_for
from samrutine.adoptions.in_force import known_intervals, write_change
from samrutine.adoptions.local_layer import local_values
from samrutine.adoptions.model import (
    AdoptionState,
    Interval,
    NotDeclared,
    NotInUse,
    PrivateValue,
    ReasonMissing,
    delegation_for,
    intervals_after,
    intervals_cut,
    reasons_against_adopting,
    reasons_against_deciding,
)
from samrutine.errors import InvalidRequest, ProcedureNotFound, VersionNotFound
from samrutine.networks.directory import get_actor, get_municipality, municipalities
from samrutine.networks.model import Municipality
from samrutine.procedures.model import DecisionLevel, Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.personal_data import PersonalData, personal_data
from samrutine.procedures.text import read
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act, Decision, DecisionId, Decisions
from samrutine.storage.rows import (
    AdoptionRow,
    DecisionRow,
    InForceRow,
    LocalValueRow,
    ProcedureRow,
    VersionRow,
    WaitingRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

LONGEST_VALUE: Final = 500
NOT_KEPT_LOCALLY: Final = frozenset({PersonalData.NATIONAL_ID, PersonalData.PRIVATE_EMAIL})
"""A duty telephone often is a mobile number, so a phone is allowed here though it is not in a shared text."""


@dataclass(frozen=True, slots=True)
class Answered:
    """
    A municipality has answered. `version`, `from_on` and `position` are set where something applies or ended.

    `number` is the decision's place in the chain; the same for a second call.
    """

    municipality: str
    procedure: ProcedureId
    state: AdoptionState
    version: VersionNumber | None
    from_on: date | None
    until_on: date | None
    position: str
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class LocalInformationSet:
    """Local information is filled in, at once and with history."""

    municipality: str
    procedure: ProcedureId
    keys: tuple[str, ...]
    still_missing: tuple[str, ...]
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class LocalInformationValue:
    """One thing that a routine leaves to the municipality. `value` is None when it is not filled in."""

    key: str
    label: str
    required: bool
    value: str | None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What one municipality has answered about one procedure. `behind` when a newer version is faglig godkjent."""

    procedure: ProcedureId
    municipality: str
    state: AdoptionState
    version: VersionNumber | None
    in_force_from: date | None
    behind: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """*Hvem bruker hva*: procedures by title, municipalities by number, a cell for each pair."""

    procedures: tuple[tuple[ProcedureId, str, VersionNumber], ...]
    municipalities: tuple[Municipality, ...]
    cells: Mapping[tuple[ProcedureId, str], MatrixCell]


@dataclass(frozen=True, slots=True)
class InForce:
    """What applied in a municipality on a day, and by which decision."""

    municipality: str
    procedure: ProcedureId
    title: str
    version: VersionNumber
    digest: Digest
    from_on: date
    until_on: date | None
    position: str
    adopted_number: int


class Adoptions:
    """Use in the municipalities."""

    def __init__(self, database: Database, decisions: Decisions, words: Words) -> None:
        self._database = database
        self._decisions = decisions
        self._words = words

    def adopt(
        self, procedure: ProcedureId, municipality: str, *, version: VersionNumber | None, from_on: date | None,
        case: str | None, reason: str | None, by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        """
        Take a version into use: from `from_on` it is what applies in the municipality.

        Args:
            version: An approved version; the newest when None.
            from_on: First day, a day in Norway; today when None. Not before the version was approved.
            case: The council's case number, where the routine is decided politically.
            reason: Why, in the municipality's words. May be erased later; the chain still holds.

        Raises:
            NotAllowed: No registered delegation on the level that the routine asks for.
            Refused: Local information is missing, the day is before the approval, or it is in force already.
            ProcedureNotFound, VersionNotFound, MunicipalityNotFound: As they say.
        """
        request = {
            "procedure": procedure, "municipality": municipality, "version": str(version), "from": str(from_on),
            "case": case or "",
        }  # fmt: skip
        with self._decisions.act(decision_id, "adopt", request, by=by, now=now, texts={"reason": reason}) as act:
            if not act.is_repeat:
                self._adopt(act, procedure, municipality, version, from_on, case)
        return _answered(act)

    def _adopt(
        self, act: Act, procedure: ProcedureId, municipality: str, version: VersionNumber | None, from_on: date | None,
        case: str | None,
    ) -> None:  # fmt: skip
        session = act.session
        where = get_municipality(session, municipality)
        row = self._version(session, procedure, version)
        text = self._text(session, row.digest)
        number = VersionNumber(row.major, row.minor)
        level = text.front.decision_level
        actor = get_actor(session, act.by)
        refuse(reasons_against_deciding(actor, where.number, level, act.today))
        first = from_on or act.today
        known = known_intervals(session, where.number, procedure)
        filled = local_values(session, where.number, procedure)
        missing = [field for field in text.front.local_information if field.required and not filled.get(field.key)]
        refuse(
            reasons_against_adopting(
                procedure, number, row.approved_on, municipality=where.number, from_day=first, level=level, case=case,
                known=known, missing=missing,
            )
        )  # fmt: skip
        delegation = delegation_for(actor, where.number, level, act.today)
        position = delegation.position if delegation else ""
        decision = act.record(
            "adopted", body=municipality_body(where.number), role=Role.DECIDER, subject=procedure,
            facts={
                "municipality": where.number, "procedure": procedure, "version": str(number), "digest": row.digest,
                "from": first.isoformat(), "position": position, "level": level.value, "case": case,
                "state": AdoptionState.IN_USE.value,
            },
            touches=(f"use:{where.number}:{procedure}",),
        )  # fmt: skip
        new = Interval(first, None, number, Digest(row.digest), position, decision.number)
        write_change(session, where.number, procedure, intervals_after(known, new), decision.number)
        _keep_answer(act, decision, AdoptionState.IN_USE, version=number, first=first)

    def decline(
        self, procedure: ProcedureId, municipality: str, *, reason: str, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Answered:
        """
        Answer that the routine is not taken into use, and why. As good as yes: it is never shown red.

        What is in force ends today.

        Raises:
            NotAllowed: No registered delegation on the level that the routine asks for.
            Refused: The reason is missing.
        """
        return self._answer(
            "declined", AdoptionState.DECLINED, procedure, municipality, reason=reason, link=None, by=by, now=now, decision_id=decision_id
        )

    def mark_not_relevant(
        self, procedure: ProcedureId, municipality: str, *, reason: str, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Answered:
        """Answer that the routine concerns nothing the municipality does, and why. Rules and errors as `decline`."""
        return self._answer(
            "found_not_relevant", AdoptionState.NOT_RELEVANT, procedure, municipality, reason=reason, link=None,
            by=by, now=now, decision_id=decision_id,
        )  # fmt: skip

    def use_own_routine(
        self, procedure: ProcedureId, municipality: str, *, link: str, reason: str | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        """
        Answer that the municipality follows a routine of its own, with its address. Rules and errors as `decline`.

        Raises:
            InvalidRequest: The address is not one of http, https or file that a reader can follow.
        """
        if not link.startswith(("https://", "http://", "file://")) or len(link) > 2000:
            raise InvalidRequest(what="link", value=link[:80], expected="https://…")
        return self._answer(
            "kept_own_routine", AdoptionState.OWN_ROUTINE, procedure, municipality, reason=reason, link=link,
            by=by, now=now, decision_id=decision_id,
        )  # fmt: skip

    def end_use(
        self, procedure: ProcedureId, municipality: str, *, last_day: date | None, reason: str, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        """
        End the use: after `last_day` (today when None) the routine no longer applies in the municipality.

        Raises:
            Refused: It is not in use on that day, or the reason is missing.
            NotAllowed: No registered delegation on the level that the routine asks for.
        """
        return self._answer(
            "ended", AdoptionState.ENDED, procedure, municipality, reason=reason, link=None, last_day=last_day,
            by=by, now=now, decision_id=decision_id,
        )  # fmt: skip

    def set_local_information(
        self, procedure: ProcedureId, municipality: str, values: Mapping[str, str], *,
        by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> LocalInformationSet:  # fmt: skip
        """
        Fill in what the routine leaves to the municipality, such as the duty telephone. It applies at once.

        Args:
            values: By key as the routine declares it; an empty text clears the value.

        Raises:
            Refused: The routine declares no such key, or a value looks like a private person's number or address.
            NotAllowed: Neither responsible nor decider in that municipality.
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        clean = {key: " ".join(value.split()) for key, value in sorted(values.items())}
        request = {"procedure": procedure, "municipality": municipality, "keys": list(clean)}
        with self._decisions.act(
            decision_id, "set_local_information", request, by=by, now=now, texts=clean
        ) as act:
            session = act.session
            where = get_municipality(session, municipality)
            row = self._version(session, procedure, None)
            declared = self._declared(session, where.number, row)
            if not act.is_repeat:
                body = municipality_body(where.number)
                actor = get_actor(session, by)
                refuse(reasons_against(actor, Verb.PREPARE, body, act.today))
                refuse(_faults_of(procedure, clean, declared))
                decision = act.record(
                    "local_information_set", body=body, role=roles_for(actor, Verb.PREPARE, body, act.today)[0], subject=procedure,
                    facts={"municipality": where.number, "procedure": procedure, "keys": list(clean),
                           "cleared": [key for key, value in clean.items() if not value]},
                    touches=(f"use:{where.number}:{procedure}",),
                )  # fmt: skip
                for key in clean:
                    for old in session.exec(
                        select(LocalValueRow).where(
                            LocalValueRow.municipality == where.number, LocalValueRow.procedure_id == procedure,
                            LocalValueRow.key == key, col(LocalValueRow.superseded_number).is_(None),
                        )
                    ):  # fmt: skip
                        old.superseded_number = decision.number
                        session.add(old)
                    session.add(
                        LocalValueRow(
                            decided_number=decision.number, municipality=where.number, procedure_id=procedure, key=key, set_at=now
                        )
                    )
                session.flush()
            filled = local_values(session, where.number, procedure)
            missing = tuple(key for key, (_, required) in declared.items() if required and not filled.get(key))
        made = act.decisions[0]
        return LocalInformationSet(where.number, procedure, tuple(made.facts["keys"]), missing, made.number, act.projected)

    def local_information(self, procedure: ProcedureId, municipality: str) -> Sequence[LocalInformationValue]:
        """
        Give what the newest version, and the one in force there, leave to the municipality, with what stands there.

        Raises:
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            declared = self._declared(session, where.number, self._version(session, procedure, None))
            filled = local_values(session, where.number, procedure)
            return [
                LocalInformationValue(key, label, required, filled.get(key) or None)
                for key, (label, required) in declared.items()
            ]

    def matrix(self) -> Matrix:
        """Show who uses what: every procedure against every municipality, as decided until now."""
        with self._database.reading() as session:
            procedures = session.exec(select(ProcedureRow).order_by(ProcedureRow.title, ProcedureRow.id)).all()
            newest = {row.id: VersionNumber(row.major, row.minor) for row in procedures}
            cells: dict[tuple[ProcedureId, str], MatrixCell] = {}
            for row in session.exec(select(AdoptionRow)):
                used = VersionNumber(row.major, row.minor) if row.major is not None and row.minor is not None else None
                in_use = row.state == AdoptionState.IN_USE.value
                cells[ProcedureId(row.procedure_id), row.municipality] = MatrixCell(
                    ProcedureId(row.procedure_id), row.municipality, AdoptionState(row.state), used, row.in_force_from,
                    in_use and used is not None and used < newest[row.procedure_id],
                )  # fmt: skip
            return Matrix(
                tuple((ProcedureId(row.id), row.title, newest[row.id]) for row in procedures), municipalities(session), cells
            )

    def in_force(
        self, day: date, *, municipality: str | None = None, procedure: ProcedureId | None = None, known_at: datetime | None = None
    ) -> Sequence[InForce]:
        """
        Say what was in force on a day, and by whose decision.

        Args:
            day: A day in Norway, past or to come.
            municipality: Only there; everywhere when None.
            known_at: Answer with what had been decided at this instant; with all that is known now when None.

        Returns:
            By municipality and title.
        """
        with self._database.reading() as session:
            number = get_municipality(session, municipality).number if municipality else None
            return in_force_on(session, day, municipality=number, procedure=procedure, known_at=known_at)

    def _answer(
        self, kind: str, state: AdoptionState, procedure: ProcedureId, municipality: str, *, reason: str | None,
        link: str | None, by: ActorId, now: datetime, decision_id: DecisionId, last_day: date | None = None,
    ) -> Answered:  # fmt: skip
        """Decide an answer other than yes: what is in force ends, and the answer is kept with its reason."""
        request = {
            "procedure": procedure, "municipality": municipality, "link": link, "last_day": str(last_day),
        }  # fmt: skip
        with self._decisions.act(decision_id, kind, request, by=by, now=now, texts={"reason": reason}) as act:
            if not act.is_repeat:
                session = act.session
                where = get_municipality(session, municipality)
                row = self._version(session, procedure, None)
                level = DecisionLevel(self._procedure(session, procedure).decision_level)
                actor = get_actor(session, by)
                refuse(reasons_against_deciding(actor, where.number, level, act.today))
                known = known_intervals(session, where.number, procedure)
                ends_on = _day_after(last_day or act.today) if state is AdoptionState.ENDED else act.today
                change = intervals_cut(known, ends_on)
                reasons: list[Because] = []
                if state is AdoptionState.ENDED and not change.superseded:
                    reasons.append(NotInUse(procedure, where.name))
                if state is not AdoptionState.OWN_ROUTINE and not (reason or "").strip():
                    reasons.append(ReasonMissing(state.value))
                refuse(reasons)
                self._record_answer(act, kind, state, row, where, actor, level, link=link, ends_on=ends_on)
                write_change(session, where.number, procedure, change, act.decisions[0].number)
        return _answered(act)

    @staticmethod
    def _record_answer(
        act: Act, kind: str, state: AdoptionState, row: VersionRow, where: Municipality, actor: Actor, level: DecisionLevel, *,
        link: str | None, ends_on: date,
    ) -> None:  # fmt: skip
        delegation = delegation_for(actor, where.number, level, act.today)
        number = VersionNumber(row.major, row.minor)
        decision = act.record(
            kind, body=municipality_body(where.number), role=Role.DECIDER, subject=row.procedure_id,
            facts={
                "municipality": where.number, "procedure": row.procedure_id, "version": str(number), "state": state.value,
                "until": ends_on.isoformat(), "link": link, "position": delegation.position if delegation else "",
                "level": level.value,
            },
            touches=(f"use:{where.number}:{row.procedure_id}",),
        )  # fmt: skip
        _keep_answer(act, decision, state, version=None, first=None, link=link)

    def _declared(self, session: Session, municipality: str, newest: VersionRow) -> dict[str, tuple[str, bool]]:
        """Give label and required of every key that the newest version or the one in force there declares."""
        digests = {newest.digest} | {one.digest for one in known_intervals(session, municipality, newest.procedure_id)}
        declared: dict[str, tuple[str, bool]] = {}
        for digest in sorted(digests, key=lambda one: one == newest.digest):
            for field in self._text(session, digest).front.local_information:
                declared[field.key] = (field.label, field.required)
        return declared

    def _text(self, session: Session, digest: str) -> ProcedureText:
        # Words are read from SQL here, never from git: an act makes no git call inside its transaction.
        return read(self._words.from_sql(session, digest), digest)

    @staticmethod
    def _procedure(session: Session, procedure: str) -> ProcedureRow:
        row = session.get(ProcedureRow, procedure)
        if row is None:
            raise ProcedureNotFound(procedure=procedure)
        return row

    def _version(self, session: Session, procedure: str, version: VersionNumber | None) -> VersionRow:
        newest = self._procedure(session, procedure)
        wanted = version or VersionNumber(newest.major, newest.minor)
        row = session.get(VersionRow, (procedure, wanted.major, wanted.minor))
        if row is None:
            raise VersionNotFound(procedure=procedure, version=wanted)
        return row


def in_force_on(
    session: Session, day: date, *, municipality: str | None, procedure: str | None, known_at: datetime | None = None
) -> list[InForce]:
    """Answer `Adoptions.in_force` inside a session."""
    query = select(InForceRow, ProcedureRow.title).join(ProcedureRow, col(ProcedureRow.id) == col(InForceRow.procedure_id))
    query = query.where(InForceRow.from_on <= day, (col(InForceRow.until_on).is_(None)) | (col(InForceRow.until_on) > day))
    if known_at is None:
        query = query.where(col(InForceRow.superseded_number).is_(None))
    else:
        last = last_number_at(session, known_at)
        superseded = col(InForceRow.superseded_number)
        query = query.where(InForceRow.decided_number <= last, (superseded.is_(None)) | (superseded > last))
    if municipality is not None:
        query = query.where(InForceRow.municipality == municipality)
    if procedure is not None:
        query = query.where(InForceRow.procedure_id == procedure)
    query = query.order_by(InForceRow.municipality, ProcedureRow.title, InForceRow.procedure_id)
    return [
        InForce(
            row.municipality, ProcedureId(row.procedure_id), title, VersionNumber(row.major, row.minor), Digest(row.digest),
            row.from_on, row.until_on, row.position, row.adopted_number,
        )
        for row, title in session.exec(query)
    ]  # fmt: skip


def last_number_at(session: Session, instant: datetime) -> int:
    """Give the number of the last decision made at or before an instant; 0 when there was none."""
    found = session.exec(select(func.max(DecisionRow.number)).where(DecisionRow.decided_at <= instant)).one()
    return found or 0


def _keep_answer(
    act: Act, decision: Decision, state: AdoptionState, *, version: VersionNumber | None, first: date | None, link: str | None = None
) -> None:
    session = act.session
    municipality, procedure = decision.facts["municipality"], decision.facts["procedure"]
    row = session.get(AdoptionRow, (municipality, procedure)) or AdoptionRow(
        municipality=municipality, procedure_id=procedure, state=state.value, decided_number=decision.number
    )
    if row.state == AdoptionState.TO_CONSIDER.value or row.decided_number == decision.number:
        act.count("adoptions", 1)
    row.state, row.decided_number = state.value, decision.number
    row.major, row.minor = (version.major, version.minor) if version else (None, None)
    row.in_force_from, row.own_link = first, link
    session.add(row)
    for waiting in session.exec(
        select(WaitingRow).where(
            WaitingRow.body == decision.body, WaitingRow.subject == f"procedure:{procedure}",
            col(WaitingRow.closed_number).is_(None),
        )
    ):  # fmt: skip
        waiting.closed_number = decision.number
        session.add(waiting)


def _answered(act: Act) -> Answered:
    made = act.decisions[0]
    facts = made.facts
    return Answered(
        facts["municipality"], ProcedureId(facts["procedure"]), AdoptionState(facts["state"]),
        VersionNumber.parse(facts["version"]), date.fromisoformat(facts["from"]) if "from" in facts else None,
        date.fromisoformat(facts["until"]) if "until" in facts else None, facts["position"], made.number, act.projected,
    )  # fmt: skip


def _faults_of(procedure: str, values: Mapping[str, str], declared: Mapping[str, tuple[str, bool]]) -> list[Because]:
    reasons: list[Because] = []
    for key, value in sorted(values.items()):
        if key not in declared:
            reasons.append(NotDeclared(procedure, key, ", ".join(sorted(declared)) or "–"))
        elif any(found.what in NOT_KEPT_LOCALLY for found in personal_data(value)):
            reasons.append(PrivateValue(key))
        elif len(value) > LONGEST_VALUE:
            raise InvalidRequest(what=key, value=f"{len(value)} tegn", expected=f"≤ {LONGEST_VALUE}")
    return reasons


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


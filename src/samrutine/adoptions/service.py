"""The verbs of a municipality: take into use, answer otherwise, end, fill in local information."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Role, Verb, municipality_body, reasons_against, roles_for
from samrutine.adoptions.in_force import known_intervals, write_change
from samrutine.adoptions.local_layer import local_values
from samrutine.adoptions.model import (
    CASE_PATTERN,
    NOT_IN_CASE,
    AdoptionState,
    Interval,
    IntervalChange,
    Planned,
    ReasonMissing,
    cancelled_by,
    delegation_for,
    intervals_after,
    intervals_cut,
    private_among,
    reasons_against_adopting,
    reasons_against_deciding,
    reasons_against_ending,
    reasons_against_filling_in,
)
from samrutine.errors import InvalidRequest, ProcedureNotFound, VersionNotFound
from samrutine.inbox.opening import close_waiting
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.networks.model import Municipality
from samrutine.procedures.model import DecisionLevel, Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.text import read
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act, Decision, DecisionId, Decisions
from samrutine.storage.rows import (
    AdoptionRow,
    LocalValueRow,
    ProcedureRow,
    VersionRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

LONGEST_VALUE: Final = 500
LONGEST_LINK: Final = 2000


@dataclass(frozen=True, slots=True)
class Answered:
    """
    A municipality has answered. `version`, `from_on` and `position` are set where something applies or ended.

    `cancelled` names what had been decided before and now falls away: a version that was to apply from a day, or the
    end of a use. `number` is the decision's place in the chain; the same for a second call.
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
    cancelled: tuple[Planned, ...] = ()


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
            from_on: First day, a day in Norway; today when None. Not before the version was approved, and not more than
                ten years ahead. What was decided for that day and later falls away, and the answer names it.
            case: The council's case number, where the routine is decided politically: at most 60 letters, digits,
                spaces, `/`, `-` and `.`, with a digit among them.
            reason: Why, in the municipality's words. May be erased later; the chain still holds.

        Raises:
            NotAllowed: No registered delegation on the level that the routine asks for.
            Refused: Local information is missing, the day is before the approval or too far ahead, the version is in
                force already, or a text looks like a private person's number or address.
            InvalidRequest: The case is not a case's number.
            ProcedureNotFound, VersionNotFound, MunicipalityNotFound: As they say.
        """
        if case and not CASE_PATTERN.fullmatch(case):
            raise InvalidRequest(what="case", value=case[:60], expected="26/00117")
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
                procedure, number, row.approved_on, municipality=where.number, from_day=first, today=act.today, level=level,
                case=case, known=known, missing=missing,
            )
            + private_among({"case": case}, NOT_IN_CASE)
        )  # fmt: skip
        delegation = delegation_for(actor, where.number, level, act.today)
        position = delegation.position if delegation else ""
        # The decision has no number yet; it is put in when the change is written.
        new = Interval(first, None, number, Digest(row.digest), position, adopted_number=0)
        change = intervals_after(known, new)
        decision = act.record(
            "adopted", body=municipality_body(where.number), role=Role.DECIDER, subject=procedure,
            facts={
                "municipality": where.number, "procedure": procedure, "version": str(number), "digest": row.digest,
                "from": first.isoformat(), "position": position, "level": level.value, "case": case,
                "state": AdoptionState.IN_USE.value, **_cancels(known, change, min(first, act.today)),
            },
            touches=(f"use:{where.number}:{procedure}",),
        )  # fmt: skip
        write_change(session, where.number, procedure, change, decision.number)
        _keep_answer(act, decision, AdoptionState.IN_USE, version=number, first=first)

    def decline(
        self,
        procedure: ProcedureId,
        municipality: str,
        *,
        reason: str,
        by: ActorId,
        now: datetime,
        decision_id: DecisionId,
    ) -> Answered:
        """
        Answer that the routine is not taken into use, and why. As good as yes: it is never shown red.

        What is in force ends today, and what was to come falls away.

        Raises:
            NotAllowed: No registered delegation on the level that the routine asks for.
            Refused: The reason is missing, or holds what looks like a private person's number or address.
        """
        return self._answer(
            "declined",
            AdoptionState.DECLINED,
            procedure,
            municipality,
            reason=reason,
            link=None,
            by=by,
            now=now,
            decision_id=decision_id,
        )

    def mark_not_relevant(
        self,
        procedure: ProcedureId,
        municipality: str,
        *,
        reason: str,
        by: ActorId,
        now: datetime,
        decision_id: DecisionId,
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

        The address is kept as free text is: it may be erased, and the chain and the register know only its salted hash.

        Raises:
            InvalidRequest: The address is not one of http, https or file that a reader can follow.
        """
        if not link.startswith(("https://", "http://", "file://")) or len(link) > LONGEST_LINK:
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

        Args:
            last_day: A day on which it is in force, not more than ten years ahead. With None what applies ends today,
                and a use that has not begun is called off.
            reason: Why, for those who ask in two years.

        Raises:
            Refused: It is not in force on that day, or the reason is missing or holds what looks like a private
                person's number or address.
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
            Refused: The routine declares no such key, a value looks like a private person's number or address, or what
                is in force there, or is to be, cannot do without a value that would be cleared.
            NotAllowed: Neither responsible nor decider in that municipality.
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        clean = {key: " ".join(value.split()) for key, value in sorted(values.items())}
        request = {"procedure": procedure, "municipality": municipality, "keys": list(clean)}
        with self._decisions.act(decision_id, "set_local_information", request, by=by, now=now, texts=clean) as act:
            session = act.session
            where = get_municipality(session, municipality)
            row = self._version(session, procedure, None)
            declared = self._declared(session, where.number, row)
            if not act.is_repeat:
                body = municipality_body(where.number)
                actor = get_actor(session, by)
                refuse(reasons_against(actor, Verb.PREPARE, body, act.today))
                needed = self._needed(session, where.number, procedure, act.today)
                labels = {key: label for key, (label, _) in declared.items()}
                refuse(reasons_against_filling_in(procedure, where.name, clean, declared=labels, needed=needed))
                _refuse_novels(clean)
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
                            decided_number=decision.number,
                            municipality=where.number,
                            procedure_id=procedure,
                            key=key,
                            set_at=now,
                        )
                    )
                session.flush()
            filled = local_values(session, where.number, procedure)
            missing = tuple(key for key, (_, required) in declared.items() if required and not filled.get(key))
        made = act.decisions[0]
        return LocalInformationSet(
            where.number, procedure, tuple(made.facts["keys"]), missing, made.number, act.projected
        )

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

    def _answer(
        self, kind: str, state: AdoptionState, procedure: ProcedureId, municipality: str, *, reason: str | None,
        link: str | None, by: ActorId, now: datetime, decision_id: DecisionId, last_day: date | None = None,
    ) -> Answered:  # fmt: skip
        """Decide an answer other than yes: what is in force ends, and the answer is kept with its reason."""
        request = {"procedure": procedure, "municipality": municipality, "last_day": str(last_day)}
        texts = {"reason": reason, "link": link}
        with self._decisions.act(decision_id, kind, request, by=by, now=now, texts=texts) as act:
            if not act.is_repeat:
                session = act.session
                where = get_municipality(session, municipality)
                row = self._version(session, procedure, None)
                level = DecisionLevel(self._procedure(session, procedure).decision_level)
                actor = get_actor(session, by)
                refuse(reasons_against_deciding(actor, where.number, level, act.today))
                known = known_intervals(session, where.number, procedure)
                reasons: list[Because] = []
                if state is AdoptionState.ENDED:
                    reasons += reasons_against_ending(
                        procedure, where.name, last_day=last_day, today=act.today, known=known
                    )
                if state is not AdoptionState.OWN_ROUTINE and not (reason or "").strip():
                    reasons.append(ReasonMissing(state.value))
                refuse(reasons + private_among({"link": link}))
                ends_on = (last_day or act.today) + timedelta(days=1) if state is AdoptionState.ENDED else act.today
                change = intervals_cut(known, ends_on)
                self._record_answer(
                    act,
                    kind,
                    state,
                    row,
                    where,
                    actor,
                    level,
                    ends_on=ends_on,
                    cancels=_cancels(known, change, act.today),
                )
                write_change(session, where.number, procedure, change, act.decisions[0].number)
        return _answered(act)

    @staticmethod
    def _record_answer(
        act: Act, kind: str, state: AdoptionState, row: VersionRow, where: Municipality, actor: Actor, level: DecisionLevel, *,
        ends_on: date, cancels: Mapping[str, object],
    ) -> None:  # fmt: skip
        delegation = delegation_for(actor, where.number, level, act.today)
        number = VersionNumber(row.major, row.minor)
        decision = act.record(
            kind, body=municipality_body(where.number), role=Role.DECIDER, subject=row.procedure_id,
            facts={
                "municipality": where.number, "procedure": row.procedure_id, "version": str(number), "state": state.value,
                "until": ends_on.isoformat(), "position": delegation.position if delegation else "", "level": level.value,
                **cancels,
            },
            touches=(f"use:{where.number}:{row.procedure_id}",),
        )  # fmt: skip
        _keep_answer(act, decision, state, version=None, first=None)

    def _declared(self, session: Session, municipality: str, newest: VersionRow) -> dict[str, tuple[str, bool]]:
        """Give label and required of every key that the newest version or the one in force there declares."""
        digests = {newest.digest} | {one.digest for one in known_intervals(session, municipality, newest.procedure_id)}
        declared: dict[str, tuple[str, bool]] = {}
        for digest in sorted(digests, key=lambda one: one == newest.digest):
            for field in self._text(session, digest).front.local_information:
                declared[field.key] = (field.label, field.required)
        return declared

    def _needed(self, session: Session, municipality: str, procedure: str, today: date) -> set[str]:
        """Give the keys that what is in force there today, or is to be, cannot do without."""
        applies = [
            one
            for one in known_intervals(session, municipality, procedure)
            if one.until_on is None or one.until_on > today
        ]
        texts = [self._text(session, digest) for digest in {one.digest for one in applies}]
        return {field.key for text in texts for field in text.front.local_information if field.required}

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


def _keep_answer(
    act: Act, decision: Decision, state: AdoptionState, *, version: VersionNumber | None, first: date | None
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
    row.in_force_from, row.own_link = first, act.texts.get("link")
    session.add(row)
    close_waiting(session, f"procedure:{procedure}", decision.number, body=decision.body)


def _answered(act: Act) -> Answered:
    made = act.decisions[0]
    facts = made.facts
    return Answered(
        facts["municipality"], ProcedureId(facts["procedure"]), AdoptionState(facts["state"]),
        VersionNumber.parse(facts["version"]), date.fromisoformat(facts["from"]) if "from" in facts else None,
        date.fromisoformat(facts["until"]) if "until" in facts else None, facts["position"], made.number, act.projected,
        tuple(
            Planned(VersionNumber.parse(one["version"]) if one["version"] else None, date.fromisoformat(one["from"]))
            for one in facts.get("cancels", ())
        ),
    )  # fmt: skip


def _cancels(known: Sequence[Interval], change: IntervalChange, after: date) -> dict[str, object]:
    """Give what falls away as facts of the decision; nothing where nothing does."""
    gone = [
        {"version": str(one.version) if one.version else None, "from": one.from_on.isoformat()}
        for one in cancelled_by(known, change, after)
    ]
    return {"cancels": gone} if gone else {}


def _refuse_novels(values: Mapping[str, str]) -> None:
    for key, value in sorted(values.items()):
        if len(value) > LONGEST_VALUE:
            raise InvalidRequest(what=key, value=f"{len(value)} tegn", expected=f"≤ {LONGEST_VALUE}")

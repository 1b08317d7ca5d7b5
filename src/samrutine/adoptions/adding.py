"""The verbs of a municipality's additions: make, change, drop, and what a new version asks about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Role, Verb, municipality_body, roles_for
from samrutine.adoptions.addition_text import as_given, grounds, stored_addition
from samrutine.adoptions.additions import (
    ADDED_BY_PEOPLE,
    AdditionUnchanged,
    Held,
    LayerChange,
    VersionSections,
    addition_of,
    anchored_at,
    as_facts,
    new_addition_id,
    next_row,
    reasons_against_adding,
)
from samrutine.adoptions.additions_at_adoption import ask_about_planned
from samrutine.adoptions.belonging import NOW, belonging, is_exempt_version
from samrutine.adoptions.effective import AdditionKind
from samrutine.adoptions.held import (
    NO_GROUNDS,
    grounds_for,
    known_rows,
    life_of,
    row_names,
    section_history,
    write_additions,
)
from samrutine.adoptions.in_force import known_intervals
from samrutine.adoptions.model import reasons_against_deciding, reasons_of_role
from samrutine.days import norwegian_day
from samrutine.errors import AdditionNotFound, InvalidRequest, ProcedureNotFound, SectionNotFound
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.networks.model import Municipality
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import Digest, FrontMatter, ProcedureId, VersionNumber
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, Decision, DecisionId, Decisions
from samrutine.storage.rows import AdditionRow, ProcedureRow, VersionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


@dataclass(frozen=True, slots=True)
class AdditionDecided:
    """An addition was made, changed or dropped. `digest` is that of its words; None when it was dropped."""

    addition: str
    municipality: str
    procedure: ProcedureId
    section_key: str
    digest: Digest | None
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class NewAddition:
    """
    What somebody wants to add.

    Attributes:
        section_key: The section, as it is in the version in force there, or in the newest where none is; empty for the
            whole text.
        kind: A practical note, such as where the key hangs; or a professional addition, which changes what applies: then
            a decider with delegation on the routine's level must make it, with reason and source.
        text: Markdown, 10,000 characters at most. Kept for ever by its digest, so without persons in it.
        reason: Why, in the municipality's words. May be erased later.
        source: What a professional addition rests on.
        departs: It says something else than the shared text does. Only a professional addition may.
    """

    section_key: str
    kind: AdditionKind
    text: str
    reason: str | None = None
    source: str | None = None
    departs: bool = False


@dataclass(frozen=True, slots=True)
class _Here:
    """Where an addition is decided: the municipality, and the text it belongs to as it stands there."""

    where: Municipality
    version: VersionNumber
    front: FrontMatter
    sections: VersionSections


class Additions:
    """What municipalities add."""

    def __init__(self, database: Database, decisions: Decisions, words: Words) -> None:
        self._database = database
        self._decisions = decisions
        self._words = words

    def add(
        self, procedure: ProcedureId, municipality: str, new: NewAddition, *, by: ActorId, now: datetime,
        decision_id: DecisionId, also: Callable[[Act], None] | None = None,
    ) -> AdditionDecided:  # fmt: skip
        """
        Add something of the municipality's own to a section of a routine. It applies at once, and all nine may read it.

        The shared text stands as it is; the addition is printed after the section, framed and marked.

        Args:
            also: What else is done in the act, once it is decided.

        Raises:
            NotAllowed: Neither responsible nor decider there; or no delegation on the routine's level.
            Refused: Reason or source is missing, a note departs from the shared text, or these words stand there already.
            InvalidText: It cannot be read, or holds what must not be kept.
            SectionNotFound, ProcedureNotFound, MunicipalityNotFound: As they say.
            InvalidRequest: The text is empty or too long, or the kind is none that people add.
        """
        if new.kind not in ADDED_BY_PEOPLE:
            raise InvalidRequest(what="kind", value=new.kind.value, expected=", ".join(ADDED_BY_PEOPLE))
        request = {
            "procedure": procedure, "municipality": municipality, "section": new.section_key, "kind": new.kind.value,
            "departs": new.departs, "text": as_given(new.text),
        }  # fmt: skip
        texts = {"reason": grounds("reason", new.reason), "source": grounds("source", new.source)}
        # Before the text is looked at: what it may say follows from versions, which may be others by now.
        if before := self._decisions.made(decision_id, "add_addition", request, by=by, texts=texts):
            return _decided(before[0], projected=True)
        stored = self._stored(procedure, municipality, new.text, by=by, today=norwegian_day(now))
        digest = digest_of(stored)
        with self._decisions.act(decision_id, "add_addition", request, by=by, now=now, texts=texts) as act:
            if not act.is_repeat:
                Eyes.of(act).procedure(procedure)
                here = self._here(act.session, procedure, municipality, act.today)
                role = self._require_right(act, here, new.kind)
                refuse(
                    reasons_against_adding(
                        procedure, new.kind, reason=texts["reason"], source=texts["source"], departs=new.departs
                    )
                )
                if new.section_key and here.sections.find(new.section_key) is None:
                    raise SectionNotFound(procedure=procedure, section=new.section_key)
                refuse(_said_already(act, here.where.number, procedure, new, digest))
                held = Held(
                    next_row(new_addition_id(act.id), ()), here.where.number, procedure, new.section_key, new.kind, digest,
                    new.departs, anchored_at(new.kind, new.section_key, here.sections), None, None, 0,
                )  # fmt: skip
                self._decide(act, "addition_made", here, role, LayerChange((), (held,)), stored)
                if also is not None:
                    also(act)
        return _decided(act.decisions[0], projected=act.projected)

    def change(
        self, addition: str, *, text: str, reason: str | None, source: str | None, departs: bool | None, by: ActorId,
        now: datetime, decision_id: DecisionId,
    ) -> AdditionDecided:  # fmt: skip
        """
        Replace an addition's words, at once. It stays at its section, and counts as looked at beside what stands there.

        Args:
            text: As `add`.
            reason: Another reason; the one there is stays when None.
            source: Another professional source; the one there is stays when None.
            departs: Whether it departs from the shared text; as before when None.

        Raises:
            AdditionNotFound: There is none of that id, or it was dropped.
            NotAllowed, Refused, InvalidText, InvalidRequest: As `add`; or the addition says this already.
        """
        request = {"addition": addition, "departs": str(departs), "text": as_given(text)}
        texts = {"reason": grounds("reason", reason), "source": grounds("source", source)}
        if before := self._decisions.made(decision_id, "change_addition", request, by=by, texts=texts):
            return _decided(before[0], projected=True)
        with self._database.reading() as session:
            first = _life(Eyes(session, by, norwegian_day(now)), addition)[0]
        procedure, town = ProcedureId(first.procedure_id), first.municipality
        stored = self._stored(procedure, town, text, by=by, today=norwegian_day(now))
        with self._decisions.act(decision_id, "change_addition", request, by=by, now=now, texts=texts) as act:
            if not act.is_repeat:
                here = self._here(act.session, procedure, town, act.today)
                held = standing(Eyes.of(act), addition)
                kind = held[0].kind
                role = self._require_right(act, here, kind)
                stood = grounds_for(act.session, held).get(addition, NO_GROUNDS)
                now_departs = held[0].departs if departs is None else departs
                refuse(
                    reasons_against_adding(
                        procedure, kind, reason=texts["reason"] or stood.reason,
                        source=texts["source"] or stood.source, departs=now_departs,
                    )
                )  # fmt: skip
                changed = self._changed(act.session, held, here, digest_of(stored), departs=now_departs)
                if all(new.digest == old.digest and new.departs == old.departs for old, new in changed) and not any(
                    texts.values()
                ):
                    refuse([AdditionUnchanged(addition)])
                change = LayerChange(tuple(held), tuple(new for _, new in changed))
                self._decide(act, "addition_changed", here, role, change, stored)
        return _decided(act.decisions[0], projected=act.projected)

    def drop(
        self, addition: str, *, reason: str | None, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> AdditionDecided:
        """
        Take an addition away, at once. Its history stays: documents of days before still show it.

        Raises:
            AdditionNotFound: There is none of that id, or it was dropped.
            NotAllowed: As `add`.
        """
        request = {"addition": addition}
        texts = {"reason": grounds("reason", reason)}
        with self._decisions.act(decision_id, "drop_addition", request, by=by, now=now, texts=texts) as act:
            if not act.is_repeat:
                held = standing(Eyes.of(act), addition)
                here = self._here(act.session, held[0].procedure, held[0].municipality, act.today)
                role = self._require_right(act, here, held[0].kind)
                self._decide(act, "addition_dropped", here, role, LayerChange(tuple(held), ()), None)
        return _decided(act.decisions[0], projected=act.projected)

    def _changed(
        self, session: Session, held: Sequence[Held], here: _Here, digest: Digest, *, departs: bool
    ) -> list[tuple[Held, Held]]:
        """Give each stretch with its new words: what is planned for a later day says the new words too."""
        names = row_names(session, held[0].municipality, held[0].procedure)
        pairs = []
        for one in held:
            name = next_row(one.addition, names)
            names.append(name)
            anchor = one.section_digest
            if here.sections.find(one.section_key) is not None or not one.section_key:
                anchor = anchored_at(one.kind, one.section_key, here.sections)
            planned = one.from_on is not None
            new = replace(
                one, row=name, replaces=one.row, digest=digest, departs=departs,
                section_digest=one.section_digest if planned else anchor,
            )  # fmt: skip
            pairs.append((one, new))
        return pairs

    def _decide(self, act: Act, kind: str, here: _Here, role: Role, change: LayerChange, stored: bytes | None) -> None:
        subject = (change.began or change.ended)[0]
        body = municipality_body(here.where.number)
        if stored is not None:
            act.keep_words(digest_of(stored), stored)
        decision = act.record(
            kind, body=body, role=role, subject=subject.procedure,
            facts={
                "municipality": here.where.number, "procedure": subject.procedure, "addition": subject.addition,
                "section": subject.section_key, "version": str(here.version), "digest": subject.digest if stored is not None else None,
                "additions": as_facts(change, exempt=_is_exempt(act, here, subject.procedure)),
            },
            touches=(f"use:{here.where.number}:{subject.procedure}",),
        )  # fmt: skip
        write_additions(act.session, change, decision.number)
        tell(act, kind.replace("_", "-"), f"procedure:{subject.procedure}", bodies=[(body, Verb.PREPARE)])
        ask_about_planned(act, here.where, subject.procedure)

    def _require_right(self, act: Act, here: _Here, kind: AdditionKind) -> Role:
        actor = get_actor(act.session, act.by)
        body = municipality_body(here.where.number)
        if kind is AdditionKind.PROFESSIONAL_ADDITION:
            refuse(reasons_against_deciding(actor, here.where, here.front.decision_level, act.today))
            return Role.DECIDER
        refuse(reasons_of_role(actor, Verb.PREPARE, here.where, act.today))
        return roles_for(actor, Verb.PREPARE, body, act.today)[0]

    def _here(self, session: Session, procedure: str, municipality: str, today: date) -> _Here:
        where = get_municipality(session, municipality)
        row = version_here(session, procedure, where.number, today)
        version = VersionNumber(row.major, row.minor)
        front = read(self._words.from_sql(session, row.digest), procedure).front
        there = section_history(session, [procedure])[procedure].get(version, VersionSections(row.digest, ()))
        return _Here(where, version, front, there)

    def _stored(self, procedure: str, municipality: str, text: str, *, by: ActorId, today: date) -> bytes:
        """Check and canonicalise before the act begins: the chain's head is not held while a text is read."""
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            row = Eyes(session, by, today).procedure(procedure)
            digests = {row.digest} | {one.digest for one in known_intervals(session, where.number, procedure)}
            fronts = [read(self._words.read(session, digest), procedure).front for digest in sorted(digests)]
        return stored_addition(text, fronts)


def _said_already(
    act: Act, municipality: str, procedure: str, new: NewAddition, digest: Digest
) -> list[AdditionUnchanged]:
    """Say that the very words stand there already: sent twice, they would be printed twice."""
    row = act.session.exec(
        select(AdditionRow.id)
        .where(
            AdditionRow.municipality == municipality, AdditionRow.procedure_id == procedure,
            AdditionRow.section_key == new.section_key, AdditionRow.kind == new.kind.value, AdditionRow.digest == digest,
        )
        .where(col(AdditionRow.superseded_number).is_(None), col(AdditionRow.until_on).is_(None))
    ).first()  # fmt: skip
    return [AdditionUnchanged(addition_of(row))] if row else []


def _is_exempt(act: Act, here: _Here, procedure: str) -> bool:
    layer = belonging(act.session, procedure, here.where.number, is_exempt_version)
    return layer.is_guarded(NOW, act.today)


def version_here(session: Session, procedure: str, municipality: str, today: date) -> VersionRow:
    """
    Give the version that is in force in a municipality today; the newest where none is.

    Raises:
        ProcedureNotFound: There is no such routine.
    """
    row = session.get(ProcedureRow, procedure)
    if row is None:
        raise ProcedureNotFound(procedure=procedure)
    in_use = next((one for one in known_intervals(session, municipality, procedure) if one.holds_on(today)), None)
    version = in_use.version if in_use else VersionNumber(row.major, row.minor)
    return session.get_one(VersionRow, (procedure, version.major, version.minor))


def _life(eyes: Eyes, addition: str) -> list[AdditionRow]:
    """Give an addition's rows; an addition to what they may not know of is not there for them either."""
    of = select(ProcedureRow).join(AdditionRow, col(AdditionRow.procedure_id) == col(ProcedureRow.id))
    routine = eyes.session.exec(of.where(col(AdditionRow.id).startswith(f"{addition}.", autoescape=True))).first()
    if routine is None or not eyes.know(routine):
        raise AdditionNotFound(addition=addition)
    return life_of(eyes.session, addition)


def standing(eyes: Eyes, addition: str) -> list[Held]:
    """
    Give an addition as it stands, and as it is planned to.

    Raises:
        AdditionNotFound: There is none of that id, it was dropped, or they may not know of its routine.
    """
    held = known_rows(_life(eyes, addition))
    if not held:
        raise AdditionNotFound(addition=addition)
    return held


def _decided(made: Decision, *, projected: bool) -> AdditionDecided:
    facts = made.facts
    digest = Digest(facts["digest"]) if facts["digest"] else None
    return AdditionDecided(
        facts["addition"], facts["municipality"], ProcedureId(facts["procedure"]), facts["section"], digest, made.number,
        projected,
    )  # fmt: skip

"""
The account of one day: what applied in a municipality, who decided it on which authority, and with which local layer.

What an inspector asks for in two years' time, as one value. Everything in it has the decision behind it, by number, so
that the register can be held against it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from samrutine.adoptions.additions import placed_in
from samrutine.adoptions.belonging import Hides, hiding_layers
from samrutine.adoptions.documents import Documents, not_in_force
from samrutine.adoptions.effective import AdditionKind, EffectiveDocument, Hurried, effective_digest
from samrutine.adoptions.held import NO_GROUNDS, additions_known, grounds_for, in_order, section_history
from samrutine.adoptions.overview import InForce, in_force_on, last_number_at
from samrutine.days import norwegian_day
from samrutine.errors import DocumentNotFound, ProcedureNotFound
from samrutine.networks.acting import NOBODY_KNOWN, ActorKind, whoever_acted
from samrutine.networks.directory import get_municipality
from samrutine.networks.model import Municipality
from samrutine.procedures.access import hidden_texts
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.procedures.service import standing_numbers
from samrutine.storage.decisions import end_of_norwegian_day
from samrutine.storage.rows import (
    ApprovalRow,
    DecisionRow,
    DecisionTextRow,
    DelegationRow,
    LocalValueRow,
    ProcedureRow,
    VersionRow,
)
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class Behind:
    """
    A decision as an account shows it.

    `name` is the name of whoever decided, kept by rule with the municipality's record; None for the system, for one whose
    name is erased, and for whoever acted before names were kept. `role` is the role in which it was done. `by` is who it
    was: a person, or the rules themselves, as where a standing decision is followed.
    """

    number: int
    at: datetime
    kind: str
    role: str
    name: str | None
    by: ActorKind = ActorKind.PERSON


@dataclass(frozen=True, slots=True)
class DelegationBehind:
    """
    The registered delegation by which a use was decided. `reference` is what the municipality wrote, such as a case.

    `ended_on` is the day it was taken back before its time, whichever day is asked about; None where it was not.
    """

    id: str
    level: str
    position: str
    reference: str | None
    from_on: date
    until_on: date | None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class ApprovalBehind:
    """One professional approval behind the version, and for which municipality or network it counted."""

    decision: Behind
    municipality: str | None
    network: str | None


@dataclass(frozen=True, slots=True)
class InformationBehind:
    """One piece of local information as it stood that day. `label` is the routine's own word for it."""

    key: str
    label: str
    value: str
    decision: Behind


@dataclass(frozen=True, slots=True)
class AdditionBehind:
    """One addition as it stood that day, at its section in the version that applied."""

    addition: str
    kind: AdditionKind
    section_key: str
    text_digest: Digest
    departs: bool
    reason: str | None
    source: str | None
    decision: Behind


@dataclass(frozen=True, slots=True)
class Account:
    """
    What applied in one municipality on one day, and on whose authority.

    Attributes:
        procedure: The routine.
        title: Its title in the version that applied.
        municipality: Where.
        on: The day asked about.
        known_at: The instant whose knowledge was asked for; None for all that is known now.
        version: What applied.
        digest: Of the version's words.
        effective_digest: Of all that the paper of that day says, in the form in which it is printed now.
        from_on: The first day of this use.
        until_on: The day after its last day; None when no end is decided.
        decision: The decision by which it was taken into use.
        position: The position that decided.
        level: The level that the routine asked for.
        delegation: The delegation by which it was decided; None where none was registered with the decision.
        case: The council's case, where the routine is decided politically.
        reason: What the municipality wrote; None when nothing, or it was erased.
        standing_decision: The standing decision that it followed, where nobody decided this version by itself.
        standing_number: The number of that decision, as people know it.
        standing_behind: Who decided it, and when.
        approved_by: The network.
        approved_on: The day the version got its number: that of its professional approval, but for a *hasteversjon*.
        hurried: How far a *hasteversjon* had come that day; None for others.
        approvals: The approvals behind the version; for a *hasteversjon*, those given by then.
        local_information: What was filled in.
        additions: What the municipality had added.
        document: The paper of that day, as a value; `Library.render` prints it.
    """

    procedure: ProcedureId
    title: str
    municipality: Municipality
    on: date
    known_at: datetime | None
    version: VersionNumber
    digest: Digest
    effective_digest: Digest
    from_on: date
    until_on: date | None
    decision: Behind
    position: str
    level: str
    delegation: DelegationBehind | None
    case: str | None
    reason: str | None
    standing_decision: str | None
    standing_number: int | None
    standing_behind: Behind | None
    approved_by: str
    approved_on: date
    hurried: Hurried | None
    approvals: tuple[ApprovalBehind, ...]
    local_information: tuple[InformationBehind, ...]
    additions: tuple[AdditionBehind, ...]
    document: EffectiveDocument


class Accounts:
    """Accounts of days."""

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database = database
        self._documents = documents

    def account(
        self,
        procedure: ProcedureId,
        municipality: str,
        on: date,
        *,
        known_at: datetime | None,
        reader: str | None,
        today: date,
    ) -> Account:
        """
        Account for what applied in a municipality on a day.

        Args:
            on: A day in Norway, past or to come.
            known_at: With what had been decided at this instant, aware; with all that is known now when None.
            reader: Whose eyes; see `access.hidden_texts`.
            today: The day in Norway on which the reader's roles must hold.

        Raises:
            DocumentNotFound: Nothing applied there on that day; which class of it says since when, until when, or where
                to go.
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        with self._database.reading() as session:
            hidden = hidden_texts(session, reader, today)
            row = session.get(ProcedureRow, procedure)
            if row is None or procedure in hidden.procedures:
                raise ProcedureNotFound(procedure=procedure)
            where = get_municipality(session, municipality)
            applies = in_force_on(session, on, municipality=where.number, procedure=procedure, known_at=known_at)
            if not applies:
                raise not_in_force(session, row, where, on, hidden)
            if applies[0].digest in hidden.digests:
                # An exempt version of a routine that was opened since.
                raise DocumentNotFound(procedure=procedure, municipality=where.name, day=on)
            document = self._documents.document(
                procedure, where.number, day=on, known_at=known_at, hidden=hidden, today=today
            )
            hides = hiding_layers(session, where.number, [procedure], hidden, today)
            return _account(session, where, on, known_at, applies[0], document, hides)


def _account(
    session: Session,
    where: Municipality,
    on: date,
    known_at: datetime | None,
    used: InForce,
    document: EffectiveDocument,
    hides: Hides | None,
) -> Account:
    end = end_of_norwegian_day(on)
    known = max(last_number_at(session, end if known_at is None else min(end, known_at)), used.adopted_number)
    version = session.get_one(VersionRow, (used.procedure, used.version.major, used.version.minor))
    approvals = _approvals(session, version, known)
    values = [
        one
        for one in _local_values(session, where.number, used.procedure, known)
        if hides is None or not hides(used.procedure, one.decided_number, one.superseded_number)
    ]
    added = additions_known(session, where.number, procedure=used.procedure, known=known, hides=hides)
    held = [one for one in added.get(used.procedure, ([], 0))[0] if one.holds_on(on)]
    numbers = {
        used.adopted_number, *(one.decided_number for one in approvals), *(one.decided_number for one in values),
        *(one.decided_number for one in held),
    }  # fmt: skip
    behind, facts = _behind(session, numbers)
    made = facts[used.adopted_number]
    standing = standing_numbers(session, [made.get("standing")]).get(made.get("standing") or "")
    labels = {field.key: field.label for field in document.text.front.local_information}
    texts = _texts(session, {used.adopted_number, *(one.decided_number for one in values)})
    told = grounds_for(session, held, {used.procedure: known})
    history = section_history(session, {used.procedure})[used.procedure] if held else {}
    return Account(
        used.procedure, version.title, where, on, known_at, used.version, used.digest, effective_digest(document),
        used.from_on, used.until_on, behind[used.adopted_number], used.position, made.get("level", ""),
        _delegation(session, made.get("delegation")), made.get("case"), texts.get((used.adopted_number, "reason")),
        made.get("standing"), standing, _behind(session, {standing})[0][standing] if standing is not None else None,
        document.header.approved_by or version.approved_by, version.approved_on,
        document.header.hurried,
        tuple(ApprovalBehind(behind[one.decided_number], one.municipality, one.network) for one in approvals),
        tuple(
            InformationBehind(
                one.key, labels.get(one.key, one.key), texts[one.decided_number, one.key], behind[one.decided_number]
            )
            for one in values
            if (one.decided_number, one.key) in texts
        ),
        tuple(
            AdditionBehind(
                one.addition, one.kind, placed_in(one, history, used.version).key, one.digest, one.departs,
                told.get(one.addition, NO_GROUNDS).reason, told.get(one.addition, NO_GROUNDS).source,
                behind[one.decided_number],
            )
            for one in in_order(held)
        ),
        document,
    )  # fmt: skip


def _approvals(session: Session, version: VersionRow, known: int) -> list[ApprovalRow]:
    """Give those that agreed to the very text of the version, by the decision of that number."""
    return list(
        session.exec(
            select(ApprovalRow)
            .where(
                ApprovalRow.proposal_id == version.proposal_id, ApprovalRow.digest == version.digest,
                ApprovalRow.decided_number <= known,
            )
            .order_by(col(ApprovalRow.decided_number))
        )
    )  # fmt: skip


def _local_values(session: Session, municipality: str, procedure: str, known: int) -> list[LocalValueRow]:
    superseded = col(LocalValueRow.superseded_number)
    return list(
        session.exec(
            select(LocalValueRow)
            .where(
                LocalValueRow.municipality == municipality, LocalValueRow.procedure_id == procedure,
                LocalValueRow.decided_number <= known, superseded.is_(None) | (superseded > known),
            )
            .order_by(LocalValueRow.key)
        )
    )  # fmt: skip


def _behind(session: Session, numbers: Iterable[int]) -> tuple[dict[int, Behind], dict[int, Mapping[str, Any]]]:
    rows = session.exec(select(DecisionRow).where(col(DecisionRow.number).in_(set(numbers)))).all()
    who = whoever_acted(session, [row.actor_id for row in rows])
    behind = {
        row.number: Behind(
            row.number, row.decided_at, row.kind, row.role, who.get(row.actor_id, NOBODY_KNOWN).name,
            who.get(row.actor_id, NOBODY_KNOWN).kind,
        )
        for row in rows
    }  # fmt: skip
    return behind, {row.number: json.loads(row.record)["facts"] for row in rows}


def _texts(session: Session, numbers: set[int]) -> dict[tuple[int, str], str]:
    rows = session.exec(select(DecisionTextRow).where(col(DecisionTextRow.number).in_(numbers)))
    return {(row.number, row.name): row.text for row in rows if row.text}


def _delegation(session: Session, which: str | None) -> DelegationBehind | None:
    row = session.get(DelegationRow, which) if which else None
    if row is None:
        return None
    ended = session.get(DecisionRow, row.ended_number) if row.ended_number else None
    return DelegationBehind(
        row.id, row.level, row.position, row.reference, row.from_on, row.until_on,
        norwegian_day(ended.decided_at) if ended else None,
    )  # fmt: skip

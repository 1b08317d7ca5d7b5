"""Who uses what: what is in force on a day, and every procedure against every municipality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from samrutine.adoptions.in_force import all_known_intervals
from samrutine.adoptions.model import AdoptionState, Interval, Planned, planned_after
from samrutine.networks.directory import get_municipality, municipalities
from samrutine.networks.model import Municipality
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.storage.rows import AdoptionRow, DecisionRow, InForceRow, ProcedureRow
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """
    What applies in one municipality of one procedure on a day, or what it has answered where nothing does.

    Attributes:
        state: In use when a version is in force on the day, whatever is decided about later days; planned when one is
            to be, and none is; else the answer that stands.
        version: The one in force on the day, since `in_force_from`; None when none is.
        behind: A newer version than the one in force is faglig godkjent. Also until the day a newer one takes over.
        planned: The next change that is decided and has not come; None when there is none.
    """

    procedure: ProcedureId
    municipality: str
    state: AdoptionState
    version: VersionNumber | None
    in_force_from: date | None
    behind: bool
    planned: Planned | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """*Hvem bruker hva* on a day: procedures by title, municipalities by number, a cell for each pair."""

    day: date
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


class Overview:
    """What is asked across municipalities and procedures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def matrix(self, day: date) -> Matrix:
        """
        Show who uses what: every procedure against every municipality, as decided until now.

        Args:
            day: The day it applies on, a day in Norway. What is in force is that of the day; where nothing is, the
                answer is the one that stands now.
        """
        with self._database.reading() as session:
            procedures = session.exec(select(ProcedureRow).order_by(ProcedureRow.title, ProcedureRow.id)).all()
            newest = {row.id: VersionNumber(row.major, row.minor) for row in procedures}
            known = all_known_intervals(session)
            cells = {
                (ProcedureId(row.procedure_id), row.municipality): _cell(
                    row, known.get((row.municipality, row.procedure_id), ()), newest[row.procedure_id], day
                )
                for row in session.exec(select(AdoptionRow))
            }
            return Matrix(
                day,
                tuple((ProcedureId(row.id), row.title, newest[row.id]) for row in procedures),
                municipalities(session),
                cells,
            )

    def in_force(
        self,
        day: date,
        *,
        municipality: str | None = None,
        procedure: ProcedureId | None = None,
        known_at: datetime | None = None,
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


def _cell(row: AdoptionRow, known: Sequence[Interval], newest: VersionNumber, day: date) -> MatrixCell:
    applies = next((one for one in known if one.holds_on(day)), None)
    planned = planned_after(known, day)
    state = AdoptionState(row.state)
    if applies is not None:
        state = AdoptionState.IN_USE
    elif planned is not None:
        state = AdoptionState.PLANNED
    return MatrixCell(
        ProcedureId(row.procedure_id), row.municipality, state, applies.version if applies else None,
        applies.from_on if applies else None, applies is not None and applies.version < newest, planned,
    )  # fmt: skip


def in_force_on(
    session: Session, day: date, *, municipality: str | None, procedure: str | None, known_at: datetime | None = None
) -> list[InForce]:
    """Answer `Overview.in_force` inside a session."""
    query = select(InForceRow, ProcedureRow.title).join(
        ProcedureRow, col(ProcedureRow.id) == col(InForceRow.procedure_id)
    )
    query = query.where(
        InForceRow.from_on <= day, (col(InForceRow.until_on).is_(None)) | (col(InForceRow.until_on) > day)
    )
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

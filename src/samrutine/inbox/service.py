"""What waits for a municipality or a network: versions to consider, and proposals to approve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.storage.rows import ProcedureRow, ProposalRow, WaitingRow


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    One thing that waits for a body.

    Attributes:
        what: "consider-version" for a municipality, "approve-proposal" for a network.
        version: The one to consider, which is the newest; None for a proposal.
        proposal: The one to approve; None for a version.
        due_on: The day an answer is hoped for; None when nobody has set one.
        is_overdue: The day is past.
    """

    what: str
    procedure: ProcedureId
    title: str
    version: VersionNumber | None
    proposal: str | None
    due_on: date | None
    is_overdue: bool


def waiting(session: Session, body: str, today: date) -> Sequence[Waiting]:
    """
    Give what waits for a body and is not answered, the most urgent first; equal days in the order they came.

    Args:
        body: "municipality:1841" or "network:smittevern".
        today: The day to judge from, a day in Norway.
    """
    rows = session.exec(
        select(WaitingRow)
        .where(WaitingRow.body == body, col(WaitingRow.closed_number).is_(None))
        .order_by(col(WaitingRow.due_on).is_(None), col(WaitingRow.due_on), col(WaitingRow.opened_number))
    )
    return [_found(session, row, today) for row in rows]


def _found(session: Session, row: WaitingRow, today: date) -> Waiting:
    is_overdue = row.due_on is not None and row.due_on < today
    if row.subject.startswith("procedure:"):
        procedure = session.get_one(ProcedureRow, row.subject.removeprefix("procedure:"))
        newest = VersionNumber(procedure.major, procedure.minor)
        return Waiting(row.what, ProcedureId(procedure.id), procedure.title, newest, None, row.due_on, is_overdue)
    proposal = session.get_one(ProposalRow, row.subject)
    return Waiting(
        row.what, ProcedureId(proposal.procedure_id), proposal.title, None, proposal.id, row.due_on, is_overdue
    )

"""Read and write the intervals: which version is in force where, from when to when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from samrutine.adoptions.model import Interval, IntervalChange
from samrutine.procedures.model import Digest, VersionNumber
from samrutine.storage.rows import InForceRow


def known_intervals(session: Session, municipality: str, procedure: str) -> list[Interval]:
    """Give what we know now to have been, to be and to become in force, the oldest first."""
    here = _known().where(InForceRow.municipality == municipality, InForceRow.procedure_id == procedure)
    return [_interval(row) for row in session.exec(here)]


def all_known_intervals(session: Session) -> dict[tuple[str, str], list[Interval]]:
    """Give `known_intervals` of every municipality and procedure that has any."""
    found: dict[tuple[str, str], list[Interval]] = {}
    for row in session.exec(_known()):
        found.setdefault((row.municipality, row.procedure_id), []).append(_interval(row))
    return found


def _known() -> SelectOfScalar[InForceRow]:
    return select(InForceRow).where(col(InForceRow.superseded_number).is_(None)).order_by(col(InForceRow.from_on))


def _interval(row: InForceRow) -> Interval:
    return Interval(
        row.from_on, row.until_on, VersionNumber(row.major, row.minor), Digest(row.digest), row.position,
        row.adopted_number, row.id, row.delegation_id,
    )  # fmt: skip


def intervals_in(session: Session, municipality: str, procedures: Collection[str]) -> dict[str, list[Interval]]:
    """Give `known_intervals` of some procedures in one municipality; those without any are left out."""
    here = _known().where(InForceRow.municipality == municipality, col(InForceRow.procedure_id).in_(procedures))
    found: dict[str, list[Interval]] = {}
    for row in session.exec(here):
        found.setdefault(row.procedure_id, []).append(_interval(row))
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """What decision `number` did to the intervals of one procedure in one municipality."""

    municipality: str
    procedure: str
    change: IntervalChange
    number: int


def write_changes(session: Session, written: Iterable[Written]) -> None:
    """Write what decisions did to the intervals. Rows are superseded, never changed otherwise."""
    changes = list(written)
    old = [{"id": one.row, "superseded_number": new.number} for new in changes for one in new.change.superseded]
    rows = [
        {
            "municipality": new.municipality, "procedure_id": new.procedure, "from_on": one.from_on,
            "until_on": one.until_on, "major": one.version.major, "minor": one.version.minor, "digest": one.digest,
            "position": one.position, "adopted_number": one.adopted_number or new.number, "decided_number": new.number,
            "superseded_number": None, "delegation_id": one.delegation,
        }
        for new in changes
        for one in new.change.added
    ]  # fmt: skip
    session.flush()
    if old:
        session.execute(update(InForceRow), old, execution_options={"synchronize_session": None})
    if rows:
        session.execute(insert(InForceRow), rows)

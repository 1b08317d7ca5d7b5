"""Read and write the intervals of one municipality and one procedure."""

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
        row.adopted_number, row.id,
    )  # fmt: skip


def write_change(session: Session, municipality: str, procedure: str, change: IntervalChange, number: int) -> None:
    """Write what decision `number` did to the intervals. Rows are superseded, never changed otherwise."""
    for old in change.superseded:
        row = session.get_one(InForceRow, old.row)
        row.superseded_number = number
        session.add(row)
    for new in change.added:
        session.add(
            InForceRow(
                municipality=municipality, procedure_id=procedure, from_on=new.from_on, until_on=new.until_on,
                major=new.version.major, minor=new.version.minor, digest=new.digest, position=new.position,
                adopted_number=new.adopted_number or number, decided_number=number,
            )
        )  # fmt: skip
    session.flush()

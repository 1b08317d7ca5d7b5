"""Which routines have had another title: a version of then is called what it was called then."""

from sqlmodel import Session, col, exists, select

from samrutine.storage.rows import VersionRow


def is_retitled(session: Session, procedure: str, title: str) -> bool:
    """Say whether some version of the routine has another title than this, that of its newest; see `ProcedureRow.retitled`."""
    other = exists().where(col(VersionRow.procedure_id) == procedure, col(VersionRow.title) != title)
    return bool(session.scalar(select(other)))

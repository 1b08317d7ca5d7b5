"""
Read decisions in their order, a page at a time: a chain of a million is never held.

What is read here is repeated where everybody looks, so each decision is held against its own hash first. One that was changed
where it lies is repeated nowhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select as columns_of
from sqlmodel import Session, SQLModel, col, select

from samrutine.errors import StoreDamaged
from samrutine.storage.decisions import GENESIS, record_of, register_folder
from samrutine.storage.rows import DecisionRow

PAGE: Final = 1000


class Link(NamedTuple):
    """A decision as it stands in SQL, see `DecisionRow`. Plain: where all are read, making rows took longer than the rest."""

    number: int
    id: str
    act_id: str
    request: str
    kind: str
    body: str
    subject: str | None
    register_folder: str
    actor_id: str
    role: str
    decided_at: datetime
    record: str
    hash: str


_COLUMNS: Final = tuple(SQLModel.metadata.tables[DecisionRow.__tablename__].columns[name] for name in Link._fields)


class Decided(NamedTuple):
    """A decision whose record has its hash, and the facts that it holds."""

    row: Link
    facts: Mapping[str, Any]


def links(session: Session, *which: Any, most: int) -> list[Link]:
    """
    Give decisions as they stand, in order.

    Args:
        which: Conditions on `decision`.
        most: The first so many.

    Raises:
        ValueError, TypeError: A column cannot be what it should be, such as an instant in a thirteenth month.
    """
    query = columns_of(*_COLUMNS).where(*which).order_by(col(DecisionRow.number)).limit(most)
    return [Link._make(row) for row in session.execute(query)]


def decided(session: Session, after: int, until: int, kinds: Sequence[str] | None = None) -> Iterator[Decided]:
    """
    Give the decisions after `after` up to `until`, in order, perhaps only of some kinds.

    By pages and not by a cursor: whoever reads them asks the same connection other things in between. Where all are asked
    for, each must follow the one before too.

    Raises:
        StoreDamaged: A decision is not what was hashed, or one is missing.
    """
    previous: str | None = None
    while True:
        which = [col(DecisionRow.number) > after, col(DecisionRow.number) <= until]
        if kinds is not None:
            which.append(col(DecisionRow.kind).in_(kinds))
        try:
            page = links(session, *which, most=PAGE)
        except (ValueError, TypeError) as error:
            raise StoreDamaged(store="SQL", detail=f"decision {after + 1} …") from error
        for row in page:
            record = sound_record(row)
            if record is None:
                raise StoreDamaged(store="SQL", detail=f"decision {row.number}")
            if kinds is None:
                previous = previous or _hash_of(session, after)
                if (row.number, record.get("previous")) != (after + 1, previous):
                    raise StoreDamaged(store="SQL", detail=f"decision {after + 1}")
                after, previous = row.number, row.hash
            yield Decided(row, record["facts"])
        if len(page) < PAGE:
            return
        after = page[-1].number


def _hash_of(session: Session, number: int) -> str | None:
    if not number:
        return GENESIS
    return session.exec(select(DecisionRow.hash).where(DecisionRow.number == number)).first()


def sound_record(row: Link) -> dict[str, Any] | None:
    """Read a decision's record; None when it is not what was hashed, or when its columns say something else."""
    record = record_of(row.record, row.hash)
    return record if record is not None and columns_agree(row, record) else None


def columns_agree(row: Link, record: Mapping[str, Any]) -> bool:
    """Whether the columns beside a record say what it says."""
    shown = (row.number, row.id, row.act_id, row.kind, row.body, row.subject, row.actor_id, row.role)
    hashed = tuple(record.get(name) for name in ("number", "id", "act", "kind", "body", "subject", "actor", "role"))
    at = row.decided_at.isoformat(timespec="microseconds")
    return (
        shown == hashed and at == record.get("at") and row.register_folder == register_folder(row.body, row.decided_at)
    )

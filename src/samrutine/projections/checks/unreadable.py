"""
Values that are not what their column holds, such as a day in a thirteenth month: SQLite keeps whatever was written there.

Whoever reads such a row fails as a whole, and says no more than that it failed. Here each value is read by itself, so that
its row can be named; what is made anew by `repair` is first made readable, since nothing heals a row that it cannot read.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Table, TypeDecorator, and_
from sqlalchemy import select as columns_of
from sqlmodel import Session, SQLModel

from samrutine.errors import SamrutineError
from samrutine.storage.decisions import parsed

GONE: Final = object()
"""In place of a value: the row goes, since it is made again when there is none."""

MENDED: Final = {
    ("outbox_position", "position"): GONE, ("outbox_position", "updated_at"): GONE, ("outbox_position", "mark"): GONE,
    ("outbox_position", "attempts"): GONE, ("outbox_position", "next_try_at"): GONE,
    ("dead_letter", "number"): GONE, ("dead_letter", "since"): GONE,
    ("words", "content"): b"", ("words", "verified_at"): None,
    ("procedure", "next_review"): date(1970, 1, 1),
}  # fmt: skip
"""By table and column: what stands there until it is made anew from what was decided, or fetched out of git."""


class Unreadable(NamedTuple):
    """One value that cannot be read, by its table, its row's key and its column."""

    table: Table
    key: tuple[Any, ...]
    column: str

    @property
    def detail(self) -> str:
        """Name it."""
        return " ".join([self.table.name, *(str(one) for one in self.key), self.column])


def unreadable_values(session: Session) -> Iterator[Unreadable]:
    """Read every value there is, and give those that cannot be. For when something failed: it takes as long as it sounds."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            yield from _unreadable_in(session, table, column)


def mendable_values(session: Session, of: str | None = None) -> list[Unreadable]:
    """Give the values that cannot be read and that `repair` makes anew; perhaps of one table alone."""
    found: list[Unreadable] = []
    for name in dict.fromkeys(table for table, _ in MENDED if of in {None, table}):
        table = SQLModel.metadata.tables[name]
        columns = [table.columns[column] for within, column in MENDED if within == name]
        # One question for all of them tells a sound table; which of them it is where something is not, each is asked.
        if not _are_readable(session, columns_of(*columns), columns):
            found += [one for column in columns for one in _unreadable_in(session, table, column)]
    return found


def unreadable_decisions(session: Session) -> list[int]:
    """Give the numbers of the decisions with a column that cannot be read, or a record that is none. Reads all there are."""
    table = SQLModel.metadata.tables["decision"]
    found = {int(one.key[0]) for column in table.columns for one in _unreadable_in(session, table, column)}
    records = columns_of(table.c.number, table.c.record).where(table.c.number.not_in(found))
    found |= {number for number, record in session.connection().execute(records) if parsed(record) is None}
    return sorted(found)


def make_readable(session: Session, values: list[Unreadable]) -> None:
    """Put something readable in the place of values, or take their rows away, until they are made anew."""
    for one in values:
        here = _is_row(one.table, one.key)
        instead = MENDED[one.table.name, one.column]
        statement = one.table.delete() if instead is GONE else one.table.update().values({one.column: instead})
        session.connection().execute(statement.where(here))


def _unreadable_in(session: Session, table: Table, column: "Column[Any]") -> Iterator[Unreadable]:
    if _are_readable(session, columns_of(column), [column]):
        return
    keys = session.connection().execute(columns_of(*table.primary_key.columns)).all()
    for key in keys:
        if not _are_readable(session, columns_of(column).where(_is_row(table, tuple(key))), [column]):
            yield Unreadable(table, tuple(key), column.name)


def _are_readable(session: Session, query: Any, columns: "Sequence[Column[Any]]") -> bool:
    # What wraps another type says `object` of itself, which bytes in a column of text are too.
    types = [one.type.impl_instance if isinstance(one.type, TypeDecorator) else one.type for one in columns]
    kinds = [one.python_type for one in types]
    try:
        rows = session.connection().execute(query.execution_options(yield_per=500))
        return all(
            value is None or isinstance(value, kind) for row in rows for value, kind in zip(row, kinds, strict=True)
        )
    except (ValueError, TypeError):
        return False


def _is_row(table: Table, key: tuple[Any, ...]) -> Any:
    return and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))


def said(name: str, faults: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """
    Give the faults of a check; what is too damaged for it is a fault like others, and must not hide the rest.

    Each check computes again what must be there, and leans on rows that may be gone. Which these are other checks name.
    """
    try:
        yield from faults
    except (SamrutineError, LookupError, ValueError, TypeError) as error:
        yield "unreadable", f"{name} {type(error).__name__}"

"""
Which part of the library is held against the chain at once: some routines, or what is about none.

A chain of a million decisions is not held in memory. Everything about a routine follows from the decisions whose subject
it is, so `verify` takes some hundred routines at a time, and then what belongs to no routine: people, roles, settings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select as columns_of
from sqlmodel import Session, SQLModel, and_, col, not_, or_, select, true

from samrutine.storage.rows import DecisionRow, Row

ROUTINES_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """
    Some routines by id; all there are when `routines` is None; with none named, what is about no routine.

    `after` is the number of the decision whose link is trusted; 0 trusts nothing.
    """

    routines: frozenset[str] | None = None
    after: int = 0

    @property
    def is_about_none(self) -> bool:
        """Whether it is what is about no routine."""
        return self.routines is not None and not self.routines

    def decisions(self) -> Any:
        """Say which decisions are in it, as a condition on `decision`."""
        if self.routines is None:
            return true()
        if not self.routines:
            return col(DecisionRow.subject).is_(None)
        return col(DecisionRow.subject).in_(sorted(self.routines))

    def routine(self, column: Any) -> Any:
        """Say which rows are in it, by the column that names their routine."""
        if self.routines is None:
            return true()
        if not self.routines:
            return col(column).is_(None)
        return col(column).in_(sorted(self.routines))

    def number(self, column: Any) -> Any:
        """Say which rows are in it, by the column with the number of their decision; what names no decision is about none."""
        if self.routines is None:
            return true()
        if not self.routines:
            about = select(DecisionRow.number).where(
                DecisionRow.number == col(column), col(DecisionRow.subject).is_not(None)
            )
            return not_(about.exists())
        return col(column).in_(select(DecisionRow.number).where(self.decisions()))


ALL: Final = Scope()
NO_ROUTINE: Final = Scope(frozenset())


def plain(session: Session, table: type[Row], *which: Any) -> Iterator[Any]:
    """
    Give the rows of a table, some at a time, with its columns by name, and nothing to write back.

    Where a library's every row is looked at once, making an object of each takes longer than the look.

    Args:
        which: Conditions on the table.
    """
    columns = SQLModel.metadata.tables[str(table.__tablename__)].columns
    yield from session.execute(columns_of(*columns).where(*which).execution_options(yield_per=500))


def parts(routines: Sequence[str], after: int) -> list[Scope]:
    """
    Divide routines into scopes of a size that is held in memory, and add what is about none.

    Where all of a library is to be looked at and is no larger than one of them, it is looked at as a whole: each
    question is then asked once.
    """
    if not after and len(routines) <= ROUTINES_AT_ONCE:
        return [ALL]
    divided = [
        Scope(frozenset(routines[at : at + ROUTINES_AT_ONCE]), after)
        for at in range(0, len(routines), ROUTINES_AT_ONCE)
    ]
    return [*divided, Scope(frozenset(), after)]


def with_settings(scope: Scope) -> Any:
    """Say which decisions are in the scope, and those that settled the library: they say which municipalities there are."""
    # They are about no routine, which an index knows: else every decision there is would be read for each scope.
    settled = and_(col(DecisionRow.subject).is_(None), col(DecisionRow.kind) == "library_settled")
    return or_(scope.decisions(), settled)

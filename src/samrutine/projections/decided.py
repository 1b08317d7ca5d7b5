"""Read decisions in their order, a page at a time: a chain of a million is never held."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlmodel import Session, col, select

from samrutine.storage.rows import DecisionRow

PAGE: Final = 1000


def decided(session: Session, after: int, until: int, kinds: Sequence[str] | None = None) -> Iterator[DecisionRow]:
    """
    Give the decisions after `after` up to `until`, in order, perhaps only of some kinds.

    By pages and not by a cursor: whoever reads them asks the same connection other things in between.
    """
    while True:
        query = select(DecisionRow).where(DecisionRow.number > after, DecisionRow.number <= until)
        if kinds is not None:
            query = query.where(col(DecisionRow.kind).in_(kinds))
        page = session.exec(query.order_by(col(DecisionRow.number)).limit(PAGE)).all()
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].number

"""Where to go from an id: the routine itself, what took its place, or nowhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, literal, or_
from sqlmodel import Session, col, select

from samrutine.days import norwegian_day
from samrutine.procedures.model import ProcedureId
from samrutine.storage.rows import DecisionRow, DecisionTextRow, ProcedureRow


class Place(StrEnum):
    """What an id leads to."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WhereToGo:
    """
    What became of a routine.

    Attributes:
        on: The day it was withdrawn; None while it stands.
        reason: Why, where that may be read and is not erased.
        replaced_by: The routine that stands in its place now, after every step on the way; None where none does.
        title: The replacement's, or the routine's own.
    """

    procedure: ProcedureId
    place: Place
    on: date | None = None
    reason: str | None = None
    replaced_by: ProcedureId | None = None
    title: str | None = None


def last_of_chain(start: str, replaced_by: Callable[[str], str | None]) -> str:
    """
    Follow replacements to the one that nothing replaced. Going in a ring, it stops before it comes back.

        >>> last_of_chain("a", {"a": "b", "b": "c"}.get)
        'c'
        >>> last_of_chain("a", {"a": "b", "b": "a"}.get)
        'b'
    """
    seen = {start}
    here = start
    while (following := replaced_by(here)) is not None and following not in seen:
        seen.add(following)
        here = following
    return here


def where_to_go(session: Session, procedure: str, *, hidden: frozenset[str] = frozenset()) -> WhereToGo:
    """
    Give what became of a routine, and what to read instead.

    Args:
        hidden: Routines that the reader may not know of: to them as if there were none.
    """
    routines: dict[str, ProcedureRow | None] = {}

    def row_of(one: str) -> ProcedureRow | None:
        if one not in routines:
            routines[one] = None if one in hidden else session.get(ProcedureRow, one)
        return routines[one]

    def replacement(one: str) -> str | None:
        row = row_of(one)
        following = row.replaced_by if row is not None and row.withdrawn_number is not None else None
        return following if following is not None and row_of(following) is not None else None

    name = ProcedureId(procedure)
    row = row_of(procedure)
    if row is None:
        return WhereToGo(name, Place.UNKNOWN)
    if row.withdrawn_number is None:
        return WhereToGo(name, Place.CURRENT, title=row.title)
    on, reason = _withdrawn(session, row.withdrawn_number)
    last = row_of(last_of_chain(procedure, replacement))
    if last is None or last.withdrawn_number is not None:
        # What took its place is withdrawn too: there is nothing to follow in its stead.
        return WhereToGo(name, Place.WITHDRAWN, on, reason, title=row.title)
    return WhereToGo(name, Place.REPLACED, on, reason, ProcedureId(last.id), last.title)


def _withdrawn(session: Session, number: int) -> tuple[date | None, str | None]:
    """
    Give when and why.

    The reason stands with the deciding act, whichever of its decisions carries the text, or with the proposal to
    withdraw that the network agreed to: of those only one is under way at a time, so it is the last one before.
    """
    decision = session.get(DecisionRow, number)
    if decision is None:
        return None, None
    proposed = (
        select(func.max(DecisionRow.number))
        .where(
            DecisionRow.subject == decision.subject, DecisionRow.kind == "withdrawal_proposed",
            col(DecisionRow.number) < number, literal(decision.kind) == "procedure_withdrawn",
        )
        .scalar_subquery()
    )  # fmt: skip
    text = session.exec(
        select(DecisionTextRow.text)
        .join(DecisionRow, col(DecisionRow.number) == col(DecisionTextRow.number))
        .where(
            or_(col(DecisionRow.act_id) == decision.act_id, col(DecisionRow.number) == proposed),
            col(DecisionTextRow.name).in_(("reason", "meaning")),
            col(DecisionTextRow.text).is_not(None),
        )
        .order_by(col(DecisionTextRow.number).desc(), col(DecisionTextRow.name).desc())
    ).first()
    return norwegian_day(decision.decided_at), text

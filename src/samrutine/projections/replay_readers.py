"""Reviews, owners and what was taken up from readers, made once more from the chain alone: a part of `replay`."""

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlmodel import Session, col, or_, select

from samrutine.projections.scope import Scope
from samrutine.reading.trace import FEEDBACK, WISH
from samrutine.storage.rows import DecisionRow, ProcedureRow, ReviewRow

Known = tuple[object, ...]

_TAKEN_UP: Final = {"feedback_taken_up": FEEDBACK, "wish_taken_up": WISH}


def origins_taken_up(session: Session, scope: Scope) -> set[Known]:
    """Give the origins that proposals got after they were made: what was said, taken up by one that there was."""
    return {
        (facts["proposal"], facts[_TAKEN_UP[kind]], _TAKEN_UP[kind], number)
        for number, kind, facts in _decisions(session, scope, *_TAKEN_UP)
        if facts["proposal"] is not None
    }


def reviews_due(session: Session, scope: Scope) -> set[Known]:
    """Give the reviews that the decisions say there were. The day of the next one stands with the routine."""
    return {
        (
            facts["procedure"], number, facts["version"], facts["outcome"], facts["on"], facts["next_review"],
            facts["network"],
        )
        for number, _, facts in _decisions(session, scope, "reviewed")
    }  # fmt: skip


def reviews_shown(session: Session, scope: Scope) -> set[Known]:
    """Give the reviews as they stand."""
    return {
        (
            row.procedure_id, row.decided_number, row.version, row.outcome, row.reviewed_on.isoformat(),
            row.next_review.isoformat(), row.network,
        )
        for row in session.exec(select(ReviewRow).where(scope.routine(ReviewRow.procedure_id)))
    }  # fmt: skip


def owners_due(session: Session, scope: Scope) -> set[Known]:
    """Give who looks after what, as decided last."""
    owners = {
        facts["procedure"]: (facts["owner"], facts["deputy"]) for _, _, facts in _decisions(session, scope, "owner_set")
    }
    return {(procedure, "owner", *who) for procedure, who in owners.items() if any(who)}


def owners_shown(session: Session, scope: Scope) -> set[Known]:
    """Give who looks after what, as it stands."""
    named = or_(col(ProcedureRow.owner_actor).is_not(None), col(ProcedureRow.deputy_actor).is_not(None))
    return {
        (row.id, "owner", row.owner_actor, row.deputy_actor)
        for row in session.exec(select(ProcedureRow).where(named, scope.routine(ProcedureRow.id)))
    }


def _decisions(session: Session, scope: Scope, *kinds: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(kinds), scope.decisions())
        .order_by(col(DecisionRow.number))
    )
    for number, kind, record in rows.all():
        yield number, kind, json.loads(record)["facts"]

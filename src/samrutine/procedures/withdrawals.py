"""
Which routines were withdrawn after a decision, read from the decisions themselves.

The routine's own row says what is so now: one that was taken up again has forgotten that it was withdrawn. A paper of a day
in between said so, and must say so whenever it is asked for.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, literal, or_, select

from samrutine.storage.rows import DecisionRow, VersionRow


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The decision by which a routine is withdrawn, and what it is replaced by; None when by nothing."""

    number: int
    replaced_by: str | None


def withdrawn_after(session: Session, known: int, only: Collection[str] | None = None) -> dict[str, Withdrawal]:
    """
    Give the routines that were withdrawn after the decision of that number, by id.

    Args:
        session: For reading.
        known: The decision's number.
        only: Of these routines; of all when None.
    """
    row = DecisionRow
    # Words in the statement itself: an index of these kinds alone serves no parameter.
    kinds = (literal(kind, literal_execute=True) for kind in ("procedure_withdrawn", "version_refused"))
    query = select(row.number, row.record).where(or_(*(row.kind == kind for kind in kinds)), row.number <= known)
    if only is not None:
        query = query.where(col(row.subject).in_(only))
    last: dict[str, tuple[int, Withdrawal | None]] = {}
    for number, record in session.exec(query.order_by(col(row.number))):
        facts = json.loads(record)["facts"]
        last[facts["procedure"]] = number, _withdrawal(number, facts)
    candidates = {name: found for name, found in last.items() if found[1] is not None}
    if not candidates:
        return {}
    # Every version that came since took the routine up again; one that was refused since is the last of the decisions.
    newest = session.exec(
        select(VersionRow.procedure_id, func.max(VersionRow.decided_number))
        .where(col(VersionRow.procedure_id).in_(candidates), VersionRow.decided_number <= known)
        .group_by(VersionRow.procedure_id)
    )
    versions = dict(newest.all())
    return {
        name: withdrawal
        for name, (number, withdrawal) in candidates.items()
        if withdrawal is not None and versions.get(name, 0) <= number
    }


def _withdrawal(number: int, facts: dict[str, Any]) -> Withdrawal | None:
    """Say what a decision makes of the routine: a refused *hasteversjon* leaves it as it was, or nothing to follow."""
    if "stands" not in facts:
        return Withdrawal(number, facts["replaced_by"])
    if facts["stands"] is None:
        return Withdrawal(number, None)
    return Withdrawal(facts["withdrawn"], facts["replaced_by"]) if facts.get("withdrawn") else None

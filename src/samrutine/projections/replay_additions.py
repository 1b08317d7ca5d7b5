"""The rows of municipalities' additions, made once more from the chain alone: a part of `replay`."""

import json
from typing import Any

from sqlmodel import Session, col, select

from samrutine.storage.rows import AdditionRow, DecisionRow

Known = tuple[object, ...]


def additions_due(session: Session) -> set[Known]:
    """Give the rows that the decisions say there are: of additions made, and of those an adoption changed."""
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.record)
        # Every decision that names rows of additions has these letters in its facts; the others are not read.
        .where(col(DecisionRow.record).contains('"additions":{'))
        .order_by(col(DecisionRow.number))
    ).all()
    due: dict[str, tuple[dict[str, Any], int]] = {}
    ended: dict[str, int] = {}
    for number, record in rows:
        facts = json.loads(record)["facts"]
        for row in facts["additions"]["began"]:
            due[row["id"]] = ({**facts, **row}, number)
        ended.update(dict.fromkeys(facts["additions"]["ended"], number))
    return {
        (
            facts["municipality"], row, facts["procedure"], facts["section"], facts["kind"], facts["digest"],
            facts["departs"], facts["section_digest"], facts["replaces"], facts["from"], facts["until"], number,
            ended.get(row),
        )
        for row, (facts, number) in due.items()
    }  # fmt: skip


def additions_shown(session: Session) -> set[Known]:
    """Give the rows as they stand."""
    return {
        (
            row.municipality, row.id, row.procedure_id, row.section_key, row.kind, row.digest, row.departs,
            row.section_digest, row.replaces, row.from_on.isoformat() if row.from_on else None,
            row.until_on.isoformat() if row.until_on else None, row.decided_number, row.superseded_number,
        )
        for row in session.exec(select(AdditionRow))
    }  # fmt: skip

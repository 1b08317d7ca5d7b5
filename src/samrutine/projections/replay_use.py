"""Standing decisions, what was made known, and inventories, made once more from the chain alone: a part of `replay`."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from samrutine.storage.rows import DecisionRow, InventoryRow, MadeKnownRow, StandingDecisionRow

Known = tuple[object, ...]


def _facts(session: Session, *kinds: str) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(kinds))
        .order_by(col(DecisionRow.number))
    )
    for number, record in rows:
        known = json.loads(record)
        yield number, known["actor"], known["facts"]


def rows_around_use(session: Session) -> list[tuple[str, set[Known], set[Known]]]:
    """Give what the chain says there is and what there is, by the code of the fault where they differ."""
    return [
        ("standing", standing_due(session), standing_shown(session)),
        ("made-known", made_known_due(session), made_known_shown(session)),
        ("inventory", inventory_due(session), inventory_shown(session)),
    ]


def standing_due(session: Session) -> set[Known]:
    """Give the standing decisions that the chain says there are."""
    due: dict[str, Known] = {}
    ended: dict[str, int] = {}
    for number, _, facts in _facts(session, "standing_set", "standing_ended"):
        ended.update(dict.fromkeys(facts["ends"], number))
        if "standing" in facts:
            due[facts["standing"]] = (
                facts["municipality"], facts["standing"], facts["procedure"], facts["level"], facts["position"],
                facts["delegation"], date.fromisoformat(facts["from"]), date.fromisoformat(facts["until"]), number,
            )  # fmt: skip
    return {(*row, ended.get(standing)) for standing, row in due.items()}


def standing_shown(session: Session) -> set[Known]:
    """Give the standing decisions as they stand."""
    return {
        (
            row.municipality, row.id, row.procedure_id, row.level, row.position, row.delegation_id, row.from_on,
            row.until_on, row.decided_number, row.ended_number,
        )
        for row in session.exec(select(StandingDecisionRow))
    }  # fmt: skip


def made_known_due(session: Session) -> set[Known]:
    """Give what the chain says was made known."""
    return {
        (
            facts["municipality"], facts["procedure"], facts["version"], date.fromisoformat(facts["told_on"]),
            facts["how"], actor, number,
        )
        for number, actor, facts in _facts(session, "made_known")
    }  # fmt: skip


def made_known_shown(session: Session) -> set[Known]:
    """Give what was made known, as the rows stand."""
    return {
        (
            row.municipality, row.procedure_id, f"{row.major}.{row.minor}", row.told_on, row.how, row.actor_id,
            row.decided_number,
        )
        for row in session.exec(select(MadeKnownRow))
    }  # fmt: skip


def inventory_due(session: Session) -> set[Known]:
    """Give what the chain says each municipality had before: the last it said of each routine."""
    due: dict[tuple[str, str], tuple[str, int]] = {}
    for number, _, facts in _facts(session, "inventory_taken"):
        for procedure, answer in facts["answers"].items():
            due[facts["municipality"], procedure] = (answer, number)
    return {(*at, *said) for at, said in due.items()}


def inventory_shown(session: Session) -> set[Known]:
    """Give what each municipality had before, as the rows stand."""
    return {
        (row.municipality, row.procedure_id, row.answer, row.decided_number)
        for row in session.exec(select(InventoryRow))
    }

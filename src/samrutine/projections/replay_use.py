"""Standing decisions, what was made known, and inventories, made once more from the chain alone: a part of `replay`."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from samrutine.projections.scope import Scope
from samrutine.storage.rows import DecisionRow, InventoryRow, MadeKnownRow, StandingDecisionRow

Known = tuple[object, ...]


def _facts(session: Session, scope: Scope, *kinds: str) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(kinds), scope.decisions())
        .order_by(col(DecisionRow.number))
    )
    for number, record in rows:
        known = json.loads(record)
        yield number, known["actor"], known["facts"]


def takes_inventories(scope: Scope) -> bool:
    """Whether inventories are looked at: one names many routines, so it is about none."""
    return scope.routines is None or scope.is_about_none


def rows_around_use(session: Session, scope: Scope) -> list[tuple[str, set[Known], set[Known]]]:
    """Give what the chain says there is and what there is, by the code of the fault where they differ."""
    return [
        ("standing", standing_due(session, scope), standing_shown(session, scope)),
        ("made-known", made_known_due(session, scope), made_known_shown(session, scope)),
        ("inventory", inventory_due(session, scope), inventory_shown(session, scope)),
    ]


def standing_due(session: Session, scope: Scope) -> set[Known]:
    """Give the standing decisions that the chain says there are."""
    due: dict[str, Known] = {}
    ended: dict[str, int] = {}
    for number, _, facts in _facts(session, scope, "standing_set", "standing_ended"):
        ended.update(dict.fromkeys(facts["ends"], number))
        if "standing" in facts:
            due[facts["standing"]] = (
                facts["municipality"], facts["standing"], facts["procedure"], facts["level"], facts["position"],
                facts["delegation"], date.fromisoformat(facts["from"]), date.fromisoformat(facts["until"]), number,
            )  # fmt: skip
    return {(*row, ended.get(standing)) for standing, row in due.items()}


def standing_shown(session: Session, scope: Scope) -> set[Known]:
    """Give the standing decisions as they stand."""
    return {
        (
            row.municipality, row.id, row.procedure_id, row.level, row.position, row.delegation_id, row.from_on,
            row.until_on, row.decided_number, row.ended_number,
        )
        for row in session.exec(select(StandingDecisionRow).where(scope.routine(StandingDecisionRow.procedure_id)))
    }  # fmt: skip


def made_known_due(session: Session, scope: Scope) -> set[Known]:
    """Give what the chain says was made known."""
    return {
        (
            facts["municipality"], facts["procedure"], facts["version"], date.fromisoformat(facts["told_on"]),
            facts["how"], actor, number,
        )
        for number, actor, facts in _facts(session, scope, "made_known")
    }  # fmt: skip


def made_known_shown(session: Session, scope: Scope) -> set[Known]:
    """Give what was made known, as the rows stand."""
    return {
        (
            row.municipality, row.procedure_id, f"{row.major}.{row.minor}", row.told_on, row.how, row.actor_id,
            row.decided_number,
        )
        for row in session.exec(select(MadeKnownRow).where(scope.routine(MadeKnownRow.procedure_id)))
    }  # fmt: skip


def inventory_due(session: Session, scope: Scope) -> set[Known]:
    """Give what the chain says each municipality had before: the last it said of each routine."""
    due: dict[tuple[str, str], tuple[str, int]] = {}
    for number, _, facts in _facts(session, scope, "inventory_taken") if takes_inventories(scope) else ():
        for procedure, answer in facts["answers"].items():
            due[facts["municipality"], procedure] = (answer, number)
    return {(*at, *said) for at, said in due.items()}


def inventory_shown(session: Session, scope: Scope) -> set[Known]:
    """Give what each municipality had before, as the rows stand."""
    if not takes_inventories(scope):
        return set()
    return {
        (row.municipality, row.procedure_id, row.answer, row.decided_number)
        for row in session.exec(select(InventoryRow))
    }

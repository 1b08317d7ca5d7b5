"""Columns beside what was decided: ids made of acts, references, and columns that nothing uses yet: a part of `replay`."""

from collections.abc import Iterator

from sqlmodel import Session, and_, col, select

from samrutine.networks.service import opaque, role_id
from samrutine.projections.scope import Scope
from samrutine.storage.rows import (
    AdditionRow,
    AdoptionRow,
    DecisionRow,
    DecisionTextRow,
    DelegationRow,
    RoleGrantRow,
)


def rights_columns(session: Session) -> Iterator[tuple[str, str]]:
    """
    Give the roles and delegations that are called something else than their acts made them, or refer to something else.

    What was in force, standing decisions and deputies point at these ids.
    """
    grants = (
        select(RoleGrantRow, DecisionRow.act_id)
        .join(DecisionRow, col(DecisionRow.number) == col(RoleGrantRow.decided_number))
        .order_by(col(RoleGrantRow.decided_number))
    )
    gave: set[str] = set()
    for grant, act in session.exec(grants):
        is_first = act not in gave
        gave.add(act)
        if grant.id != role_id(act, grant.body, is_first=is_first):
            yield "role", f"{grant.actor_id} {grant.body} {grant.role}"
    said_with = and_(DecisionTextRow.number == DelegationRow.decided_number, DecisionTextRow.name == "reference")
    delegations = (
        select(DelegationRow, DecisionRow.act_id, DecisionTextRow.text)
        .join(DecisionRow, col(DecisionRow.number) == col(DelegationRow.decided_number))
        .join(DecisionTextRow, said_with, isouter=True)
    )
    for row, act, reference in session.exec(delegations):
        if (row.id, row.reference) != (opaque("d", act), reference):
            yield "delegation", f"{row.actor_id} {row.municipality}"


def unused_columns(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """Give the rows with something in a column that no verb writes."""
    reviewed = select(AdoptionRow.municipality, AdoptionRow.procedure_id).where(
        col(AdoptionRow.next_review).is_not(None), scope.routine(AdoptionRow.procedure_id)
    )
    yield from (("answer", f"{town} {procedure}") for town, procedure in session.exec(reviewed))
    sourced = select(AdditionRow.municipality, AdditionRow.id).where(
        col(AdditionRow.source).is_not(None), scope.routine(AdditionRow.procedure_id)
    )
    yield from (("addition", f"{town} {row}") for town, row in session.exec(sourced))

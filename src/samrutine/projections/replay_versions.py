"""What became of versions and of routines as a whole, computed again from the chain: hurried, refused, withdrawn."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel import Session, col, or_, select

from samrutine.projections.replay_readers import origins_taken_up
from samrutine.projections.scope import Scope, plain
from samrutine.storage.rows import DecisionRow, ProcedureRow, ProposalOriginRow, VersionRow

KINDS: Final = (
    "proposed",
    "version_approved",
    "version_hurried",
    "version_confirmed",
    "version_refused",
    "procedure_withdrawn",
)

Known = tuple[object, ...]
"""One row as a tuple. The first two members name it in a fault."""


@dataclass
class VersionsDue:
    """The rows as the decisions would have them, by what names them."""

    versions: dict[tuple[str, str], list[object]] = field(default_factory=dict)
    """Whether hurried, the decision that confirmed it, and the one that refused it."""
    withdrawn: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    origins: set[Known] = field(default_factory=set)

    def all_origins(self, session: Session, scope: Scope) -> set[Known]:
        """Give what proposals came of: proposal, reference, kind of origin, and the decision that said so."""
        return self.origins | origins_taken_up(session, scope)

    def follow(self, kind: str, facts: dict[str, Any], number: int) -> None:
        """Take one decision."""
        if kind == "proposed":
            self.origins |= {(facts["proposal"], ref, origin, number) for origin, ref in facts.get("origins", ())}
            return
        procedure, which = facts["procedure"], (facts["procedure"], facts["version"])
        match kind:
            case "version_confirmed":
                self.versions[which][1] = number
            case "version_refused":
                self.versions[which][2] = number
                if facts["stands"] is None:
                    # Nothing is left to follow, so the refusal withdraws the routine.
                    self.withdrawn[procedure] = (number, None)
                elif facts.get("withdrawn") is not None:
                    # It was withdrawn before it was hurried, and is so again.
                    self.withdrawn[procedure] = (facts["withdrawn"], facts["replaced_by"])
            case "procedure_withdrawn":
                self.withdrawn[procedure] = (number, facts["replaced_by"])
            case _:
                self.versions[which] = [kind == "version_hurried", None, None]
                # A new version takes a withdrawn routine up again.
                self.withdrawn.pop(procedure, None)


def version_differences(session: Session, scope: Scope) -> Iterator[tuple[str, set[Known]]]:
    """Give, by code of `verify`, the rows that are not as decided, too many and too few alike."""
    due = versions_due(session, scope)
    versions = {
        (row.procedure_id, f"{row.major}.{row.minor}", row.hurried, row.confirmed_number, row.refused_number)
        for row in plain(session, VersionRow, scope.routine(VersionRow.procedure_id))
    }
    yield "version", {(*which, *what) for which, what in due.versions.items()} ^ versions
    changed = or_(col(ProcedureRow.withdrawn_number).is_not(None), col(ProcedureRow.replaced_by).is_not(None))
    withdrawn = {
        (row.id, "–", row.withdrawn_number, row.replaced_by)
        for row in session.exec(select(ProcedureRow).where(changed, scope.routine(ProcedureRow.id)))
    }
    yield "withdrawn", {(one, "–", *why) for one, why in due.withdrawn.items()} ^ withdrawn
    origins = {
        (row.proposal_id, row.reference, row.kind, row.decided_number)
        for row in session.exec(select(ProposalOriginRow).where(scope.number(ProposalOriginRow.decided_number)))
    }
    yield "origin", due.all_origins(session, scope) ^ origins


def versions_due(session: Session, scope: Scope) -> VersionsDue:
    """Follow the decisions of a scope about versions, withdrawals and what proposals came of."""
    due = VersionsDue()
    decisions = session.exec(
        select(DecisionRow.kind, DecisionRow.record, DecisionRow.number)
        .where(col(DecisionRow.kind).in_(KINDS), scope.decisions())
        .order_by(col(DecisionRow.number))
    )
    for kind, record, number in decisions:
        due.follow(kind, json.loads(record)["facts"], number)
    return due

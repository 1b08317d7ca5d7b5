"""Proposals, made once more from the chain alone, and what is kept of their words beside them: a part of `replay`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.projections.emptied import emptied
from samrutine.projections.rewriting import notices, stands_for
from samrutine.projections.scope import Scope
from samrutine.proposals.model import ProposalState
from samrutine.storage.rows import DecisionRow, ProposalRow

OPENS: Final = frozenset({"proposed", "withdrawal_proposed"})
LEADS_TO: Final = {
    "hearing_opened": ProposalState.HEARING,
    "hearing_closed": ProposalState.DRAFT,
    "proposal_sent": ProposalState.APPROVAL,
    "version_hurried": ProposalState.APPROVAL,
    "version_approved": ProposalState.APPROVED,
    "version_confirmed": ProposalState.APPROVED,
    "procedure_withdrawn": ProposalState.APPROVED,
    "proposal_rejected": ProposalState.REJECTED,
    "proposal_withdrawn": ProposalState.WITHDRAWN,
}
"""Where a proposal stands after a decision about it; the others leave it where it stands."""

KINDS: Final = (*OPENS, *LEADS_TO, "proposal_revised", "proposal_refreshed")

CAME_TO_NOTHING: Final = frozenset({ProposalState.REJECTED, ProposalState.WITHDRAWN})
"""Their words may be deleted when they were kept long enough."""

Known = tuple[object, ...]


@dataclass
class ProposalDue:
    """A proposal as the decisions would have it."""

    procedure: str
    network: str
    kind: str
    author: str
    opened: int
    base: str | None
    replaced_by: str | None
    digest: str
    state: ProposalState = ProposalState.DRAFT
    hurried: str | None = None
    access: str | None = None

    def follow(self, kind: str, facts: dict[str, Any]) -> None:
        """Take one decision about it."""
        self.state = LEADS_TO.get(kind, self.state)
        match kind:
            case "proposal_revised":
                self.digest = facts["digest"]
            case "proposal_refreshed":
                self.digest, self.base = facts["digest"], facts["base"]
                if self.state is ProposalState.APPROVAL:
                    self.state = ProposalState.DRAFT
            case "version_hurried":
                self.hurried, self.access = facts["version"], facts.get("access")
            case "version_approved":
                self.access = facts.get("access")
            case _:
                pass


def proposal_differences(session: Session, scope: Scope) -> Iterator[str]:
    """Give the proposals that are not as decided, or whose words are not those that their digest stands for."""
    due = proposals_due(session, scope)
    shown: set[str] = set()
    gone, taken = notices(session), emptied(session)
    for row in session.exec(
        select(ProposalRow)
        .where(scope.routine(ProposalRow.procedure_id))
        .order_by(ProposalRow.id)
        .execution_options(yield_per=200)
    ):
        shown.add(row.id)
        known = due.get(row.id)
        if known is None or _columns(row) != _columns_due(known) or not _words_agree(row, known, gone, taken):
            yield f"{row.id} {row.procedure_id}"
    for missing in sorted(due.keys() - shown):
        yield f"{missing} {due[missing].procedure}"


def proposals_due(session: Session, scope: Scope) -> dict[str, ProposalDue]:
    """Give every proposal of a scope as its decisions would have it, by id."""
    due: dict[str, ProposalDue] = {}
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(KINDS), scope.decisions())
        .order_by(col(DecisionRow.number))
        .execution_options(yield_per=1000)
    )
    for number, kind, record in rows:
        known = json.loads(record)
        facts = known["facts"]
        proposal = facts["proposal"]
        if kind in OPENS:
            due[proposal] = ProposalDue(
                facts["procedure"], known["body"].partition(":")[2], facts.get("change", "withdrawal"), known["actor"],
                number, facts["base"], facts.get("replaced_by"), facts["digest"],
            )  # fmt: skip
        elif proposal in due:
            due[proposal].follow(kind, facts)
    return due


def _columns(row: ProposalRow) -> Known:
    return (
        row.procedure_id, row.network, row.kind, row.author_actor, row.opened_number, row.base_version, row.replaced_by,
        row.digest, row.state, row.hurried_version,
    )  # fmt: skip


def _columns_due(due: ProposalDue) -> Known:
    return (
        due.procedure, due.network, due.kind, due.author, due.opened, due.base, due.replaced_by, due.digest,
        due.state.value, due.hurried,
    )  # fmt: skip


def _words_agree(row: ProposalRow, due: ProposalDue, gone: Mapping[str, str], taken: Mapping[str, str]) -> bool:
    """Who may read a proposal goes by its columns, so these must say what the words do."""
    if not row.text:
        return due.state in CAME_TO_NOTHING
    if row.id in taken:
        return digest_of(row.text) in {taken[row.id], gone.get(row.digest)}
    if not stands_for(row.text, row.digest, gone):
        return False
    if row.digest in gone:
        return True
    if due.access is not None:
        # What became a version has its class in the decision; reading every text again would take minutes.
        return row.access == due.access
    front = read(row.text, row.id).front
    networks = " ".join(front.co_networks)
    return (row.access, row.co_networks, row.title) == (front.access.value, networks, front.title)

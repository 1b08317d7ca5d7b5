"""Proposals, made once more from the chain alone: a part of `replay`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.procedures.model import AccessClass
from samrutine.projections.scope import Scope
from samrutine.proposals.model import ProposalState, Significance
from samrutine.storage.rows import DecisionRow

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

KINDS: Final = (*OPENS, *LEADS_TO, "proposal_revised", "proposal_refreshed", "version_refused")


@dataclass
class ProposalDue:
    """
    A proposal as the decisions would have it.

    `policy` is the one that its round pinned, as the chain has it; `may_lack_policy` where a round that was heard began anew,
    of which a library that was put together from the register does not know that it was heard. `worded` is the decision that
    gave it its text. `significance` is None where
    the decisions do not say. `others` says whether exempt words of others than the author are in it, if it is exempt: None
    where only the texts on the way could tell, as decisions of an earlier build do not say which of these were exempt.
    """

    procedure: str
    network: str
    kind: str
    author: str
    opened: int
    opened_at: datetime
    base: str | None
    base_digest: str | None
    replaced_by: str | None
    digest: str
    worded: int
    significance: str | None
    others: bool | None
    state: ProposalState = ProposalState.DRAFT
    hurried: str | None = None
    access: str | None = None
    policy: Mapping[str, Any] | None = None
    may_lack_policy: bool = False
    heard: bool = False

    def follow(self, kind: str, actor: str, facts: Mapping[str, Any], *, head_is_exempt: bool) -> None:
        """Take one decision about it."""
        was = self.state
        self.state = LEADS_TO.get(kind, was)
        if "policy" in facts:
            self.policy, self.may_lack_policy = facts["policy"], False
        match kind:
            case "hearing_closed":
                self.heard = True
            case "proposal_revised":
                self.digest = facts["digest"]
                by_another, was_exempt = actor != self.author, facts.get("was_exempt")
                if was_exempt is None:
                    # The answer is the same either way, or nobody can tell.
                    self.others = self.others if self.others is by_another else None
                elif not was_exempt:
                    self.others = by_another
            case "proposal_refreshed":
                self.digest, self.base = facts["digest"], facts["base"]
                self.others = True if head_is_exempt else self._kept(facts.get("was_exempt"))
                if was is ProposalState.APPROVAL:
                    self.state = ProposalState.DRAFT
                    # A round that nobody was heard in begins by the policy of the day it is sent again.
                    self.policy, self.may_lack_policy = (self.policy, True) if self.heard else (None, False)
            case "version_hurried":
                self.hurried, self.access = facts["version"], facts.get("access")
            case "version_approved":
                self.access = facts.get("access")
            case _:
                pass

    def _kept(self, was_exempt: bool | None) -> bool | None:  # noqa: FBT001  a fact of a decision, as it stands there
        """Whether exempt words of others were in the text before a merge; None where nobody can tell."""
        if was_exempt is False or self.others is False:
            return False
        return self.others if was_exempt else None


@dataclass
class _Versions:
    """The versions that there were so far, by routine and number: their digests and classes; and each routine's head."""

    made: dict[tuple[str, str], tuple[str, str | None]] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)

    def follow(self, kind: str, facts: Mapping[str, Any]) -> None:
        """Take one decision."""
        if kind in {"version_approved", "version_hurried"}:
            self.made[facts["procedure"], facts["version"]] = facts["digest"], facts.get("access")
            self.heads[facts["procedure"]] = facts["version"]
        elif kind == "version_refused" and facts.get("stands"):
            self.heads[facts["procedure"]] = facts["stands"]

    def digest(self, procedure: str, version: str | None) -> str | None:
        """Give the digest of a version; None of none."""
        return self.made.get((procedure, version or ""), (None, None))[0]

    def is_exempt(self, procedure: str) -> bool:
        """Whether the routine's head is."""
        return self.made.get((procedure, self.heads.get(procedure, "")), (None, None))[1] == AccessClass.EXEMPT.value


def proposals_due(session: Session, scope: Scope) -> dict[str, ProposalDue]:
    """Give every proposal of a scope as its decisions would have it, by id."""
    due: dict[str, ProposalDue] = {}
    versions = _Versions()
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(KINDS), scope.decisions())
        .order_by(col(DecisionRow.number))
        .execution_options(yield_per=1000)
    )
    for number, kind, record in rows:
        known = json.loads(record)
        facts = known["facts"]
        proposal, procedure = facts["proposal"], facts["procedure"]
        is_exempt = versions.is_exempt(procedure)
        if kind in OPENS:
            is_withdrawal = kind == "withdrawal_proposed"
            due[proposal] = ProposalDue(
                procedure, known["body"].partition(":")[2], facts.get("change", "withdrawal"), known["actor"], number,
                datetime.fromisoformat(known["at"]), facts["base"], None, facts.get("replaced_by"), facts["digest"], number,
                Significance.MAJOR.value if is_withdrawal else facts.get("significance"), is_exempt,
            )  # fmt: skip
        elif proposal in due:
            due[proposal].follow(kind, known["actor"], facts, head_is_exempt=is_exempt)
        if kind in {*OPENS, "proposal_refreshed"} and proposal in due:
            due[proposal].base_digest = versions.digest(procedure, facts["base"])
        if kind in {"proposal_revised", "proposal_refreshed"} and proposal in due:
            due[proposal].worded = number
        versions.follow(kind, facts)
    return due

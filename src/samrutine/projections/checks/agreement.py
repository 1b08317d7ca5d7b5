"""That each version, and each withdrawal, was agreed to: by others than its writers, and by as many as the round asked for."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import select as columns_of
from sqlmodel import Session, SQLModel, col

from samrutine.actors import ActorId, Role
from samrutine.procedures.model import Digest
from samrutine.projections.posts import Posts, days_of
from samrutine.projections.replay_proposals import proposals_due
from samrutine.projections.scope import Scope
from samrutine.proposals.loading import proposals_of
from samrutine.proposals.model import Proposal, ProposalKind, ProposalState, Significance
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import Approval, standing
from samrutine.storage.rows import DecisionRow, ProposalRow

_BECAME: Final = ("version_approved", "version_confirmed", "procedure_withdrawn")
_AT_ONCE: Final = 200
_ASKED: Final = tuple(
    SQLModel.metadata.tables["proposal"].columns[name]
    for name in (
        *("id", "procedure_id", "network", "author_actor", "author_municipality", "digest", "title", "opened_at"),
        *("opened_number", "co_networks"),
    )
)
"""By column: the texts are large."""
_DECIDED: Final = tuple(
    SQLModel.metadata.tables["decision"].columns[name]
    for name in ("number", "kind", "actor_id", "role", "decided_at", "record")
)
_NOT_ASKED: Final[Mapping[str, Any]] = {
    "text": b"", "meaning": None, "replaced_by": None,
    "state": ProposalState.DRAFT.value, "kind": ProposalKind.CHANGE.value, "significance": Significance.MAJOR.value,
    "policy": None, "conflicts": None, "base_version": None, "hurried_version": None,
}  # fmt: skip


class _Became(NamedTuple):
    """What a round came to, by the agreement of those who are named."""

    number: int
    at: datetime
    facts: Mapping[str, Any]
    approvals: Sequence[Approval]

    @property
    def detail(self) -> str:
        return f"{self.facts['procedure']} {self.facts['version']}"


def agreement_faults(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """
    Each version, and each withdrawal, rests on approvals of its very text, by others than whoever proposed it, and enough.

    How many are enough is asked as the verbs ask it, of the policy that the round's own decisions pinned, and of those who
    were in post that day.
    """
    authors: dict[str, str] = {}
    given: dict[int, tuple[str, Approval]] = {}
    sound: list[_Became] = []
    rows = session.execute(
        columns_of(*_DECIDED)
        .where(col(DecisionRow.kind).in_(("proposed", "approval_given", *_BECAME)), scope.decisions())
        .order_by(col(DecisionRow.number))
        .execution_options(yield_per=500)
    )
    for number, kind, actor, role, at, record in rows:
        facts = json.loads(record)["facts"]
        if kind == "proposed":
            authors[facts["proposal"]] = actor
        elif kind == "approval_given":
            approval = Approval(
                ActorId(actor), facts["municipality"], Role(role), Digest(facts["digest"]), number, facts.get("network")
            )
            given[number] = facts["proposal"], approval
        else:
            yes = [given[approval] for approval in facts["approvals"] if approval in given]
            became = _Became(number, at, facts, [one for _, one in yes])
            of_it = all((about, one.digest) == (facts["proposal"], facts["digest"]) for about, one in yes)
            by = {one.actor for one in became.approvals}
            if not of_it or not by or len(by) != len(facts["approvals"]) or authors.get(facts["proposal"]) in by:
                yield "not-agreed", became.detail
            else:
                sound.append(became)
    yield from (("not-agreed", one.detail) for one in _too_few(session, scope, sound))


def _too_few(session: Session, scope: Scope, sound: Sequence[_Became]) -> Iterator[_Became]:
    """Give what was agreed to by fewer than its round asked for. A proposal that has no row is named by another check."""
    if not sound:
        return
    due, posts = proposals_due(session, scope), Posts(session)
    # By routine: whoever revised a proposal is asked for by its routine, and gives those of all its other rounds too.
    by_routine = sorted(sound, key=lambda one: (one.facts["procedure"], one.number))
    for at in range(0, len(by_routine), _AT_ONCE):
        some = by_routine[at : at + _AT_ONCE]
        asked = _proposals(session, [one.facts["proposal"] for one in some])
        for one in some:
            proposal, pinned = asked.get(one.facts["proposal"]), due[one.facts["proposal"]].policy
            if proposal is not None and pinned is not None and not _is_enough(one, proposal, pinned, posts):
                yield one


def _proposals(session: Session, ids: Sequence[str]) -> dict[str, Proposal]:
    """Read proposals without what is not asked of them here: where that is damaged, another check names it."""
    rows = session.execute(columns_of(*_ASKED).where(col(ProposalRow.id).in_(ids)))
    # What has a row's columns reads as a row does, and making a true one takes longer than all that is asked of it.
    copies = [SimpleNamespace(**row, **_NOT_ASKED) for row in rows.mappings()]
    return {one.id: one for one in proposals_of(session, cast("list[ProposalRow]", copies))}


def _is_enough(became: _Became, proposal: Proposal, pinned: Mapping[str, Any], posts: Posts) -> bool:
    policy = Policy.parse(pinned)
    return any(
        standing(
            policy, became.approvals, posts.members(proposal.networks, became.number, day), proposal.writers,
            proposal.co_networks,
        ).is_enough
        for day in days_of(became.at)
    )  # fmt: skip

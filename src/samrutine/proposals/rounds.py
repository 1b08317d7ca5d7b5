"""A round of approval: the policy that it follows, whose inbox it waits in, and what was said when it opened."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlmodel import Session, col, select

from samrutine.actors import Actor, Verb, network_body
from samrutine.inbox.opening import tell, wait_for
from samrutine.networks.directory import members_in_post
from samrutine.networks.policies import policy_for
from samrutine.proposals.loading import proposals_of
from samrutine.proposals.model import Proposal
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import standing
from samrutine.proposals.rules import may_finish
from samrutine.storage.decisions import Act
from samrutine.storage.rows import DecisionRow, DecisionTextRow, ProposalRow


def policy_of(session: Session, row: ProposalRow, proposal: Proposal) -> Policy:
    """Give the policy that was pinned when the proposal's round opened, or the network's as it is now."""
    return proposal.policy or policy_for(session, row.network, proposal.weight)


def written_policy(policy: Policy) -> str:
    """Write a policy as a round pins it."""
    return json.dumps(asdict(policy))


def ask_networks(act: Act, row: ProposalRow, proposal: Proposal, *, due_on: date) -> None:
    """Put a proposal into the inbox of the network that owns it and of each co-network."""
    bodies = [network_body(one) for one in proposal.networks]
    for body in bodies:
        wait_for(act, body, "approve-proposal", row.id, verb=Verb.APPROVE, key=row.id, due_on=due_on)
    tell(act, "approve-proposal", row.id, bodies=[(body, Verb.APPROVE) for body in bodies])


def not_for(session: Session, actor: Actor, proposals: Sequence[str], today: date) -> frozenset[str]:
    """
    Give those of the open rounds that ask others than this actor: they wrote in the text, or have agreed to it.

    One that has become enough is left in: whoever may finish it is asked to.

    Args:
        proposals: Their ids.
        today: The day in Norway.
    """
    if not proposals:
        return frozenset()
    rows = session.exec(select(ProposalRow).where(col(ProposalRow.id).in_(proposals))).all()
    found = []
    for one in proposals_of(session, rows):
        done = {writer.actor for writer in one.writers} | {given.actor for given in one.valid_approvals}
        if actor.id in done and not (one.policy and _may_finish(session, one, one.policy, actor, today)):
            found.append(one.id)
    return frozenset(found)


def _may_finish(session: Session, proposal: Proposal, policy: Policy, actor: Actor, today: date) -> bool:
    in_post = members_in_post(session, proposal.networks, today)
    stands = standing(policy, proposal.valid_approvals, in_post, proposal.writers, proposal.co_networks)
    return may_finish(proposal, actor, stands, today)


def why_unheard(session: Session, row: ProposalRow) -> str | None:
    """Give why the text in the round was not heard: as it was sent, or as it was last revised with such a word."""
    decisions = session.exec(
        select(DecisionRow)
        .where(
            DecisionRow.subject == row.procedure_id, DecisionRow.number > row.opened_number,
            col(DecisionRow.kind).in_(["proposal_sent", "proposal_revised"]),
        )
        .order_by(col(DecisionRow.number).desc())
    )  # fmt: skip
    for decision in decisions:
        if json.loads(decision.record)["facts"]["proposal"] != row.id:
            continue
        said = session.get(DecisionTextRow, (decision.number, "unheard"))
        if said is not None or decision.kind == "proposal_sent":
            return said.text if said else None
    return None


def said_beside(session: Session, row: ProposalRow, kind: str, name: str) -> str | None:
    """Give the free text of that name from the proposal's newest decision of a kind; None when there is none left."""
    decisions = session.exec(
        select(DecisionRow)
        .where(
            DecisionRow.subject == row.procedure_id, DecisionRow.kind == kind, DecisionRow.number > row.opened_number
        )
        .order_by(col(DecisionRow.number).desc())
    )  # fmt: skip
    for decision in decisions:
        if json.loads(decision.record)["facts"]["proposal"] == row.id:
            said = session.get(DecisionTextRow, (decision.number, name))
            return said.text if said else None
    return None

"""
Withdrawal of a routine, with or without another to follow instead: proposed, heard and agreed to as a text is.

What applies in a municipality goes on until the municipality itself decides: it is asked, since the responsibility is
its own. A withdrawn routine keeps its id. Whoever wants it back proposes a change of it anew, which is heard and agreed to
as any other; that version takes the routine up again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import SYSTEM, ActorId, Role, Verb, municipality_body, network_body, reasons_against, roles_for
from samrutine.adoptions.model import AdoptionState
from samrutine.inbox.opening import close_waiting, tell, wait_for
from samrutine.networks.directory import get_actor
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import AccessClass, Digest, ProcedureId
from samrutine.procedures.review import CHANGE_AFTER_REVIEW
from samrutine.procedures.text import read
from samrutine.proposals.becoming import ASKED_OF_MUNICIPALITIES, close, files_told, stands_decided
from samrutine.proposals.loading import IN_OPEN_STATES, free_text
from samrutine.proposals.model import ProposalId, ProposalKind, ProposalState, Significance
from samrutine.proposals.rules import ProcedureWithdrawn, ReplacementNotThere, WithdrawalUnderWay
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import AdoptionRow, ProcedureRow, ProposalRow
from samrutine.storage.words import Words

DAYS_TO_CONSIDER_WITHDRAWAL: Final = 60
"""As long as for a new version."""


@dataclass(frozen=True, slots=True)
class WithdrawalProposed:
    """A draft is kept that says the routine should be withdrawn. `digest` is that of the version which would go."""

    proposal: ProposalId
    procedure: ProcedureId
    digest: Digest
    replaced_by: ProcedureId | None
    number: int
    projected: bool


class Retiring:
    """The verb that proposes to withdraw a routine."""

    def __init__(self, decisions: Decisions, words: Words) -> None:
        self._decisions = decisions
        self._words = words

    def propose_withdrawal(
        self, procedure: ProcedureId, *, reason: str, replaced_by: ProcedureId | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> WithdrawalProposed:  # fmt: skip
        """
        Propose that a routine be withdrawn. Nothing is withdrawn by it: it is sent and agreed to as a text is.

        Args:
            reason: Why, for those who follow it today: 1 to 1,000 characters.
            replaced_by: The routine to follow instead, if there is one.

        Raises:
            ProcedureNotFound: There is nothing to withdraw under that id.
            Refused: Withdrawn already, proposed already, or the replacement is not there; or the reason looks as if it
                held personal data.
            InvalidRequest: The reason is missing or too long.
            NotAllowed: The actor has no role in the library.
        """
        why = free_text("reason", reason, may_be_empty=False)
        request = {"procedure": procedure, "replaced_by": replaced_by}
        texts = {"reason": why}
        with self._decisions.act(decision_id, "propose_withdrawal", request, by=by, now=now, texts=texts) as act:
            if not act.is_repeat:
                eyes = Eyes.of(act)
                head = eyes.procedure(procedure)
                actor = get_actor(act.session, by)
                refuse(reasons_against(actor, Verb.PROPOSE, network_body(head.network), act.today))
                refuse(reasons_against_withdrawal(eyes, head, replaced_by))
                self._open(act, head, replaced_by, why)
            first = act.decisions[0]
        return WithdrawalProposed(
            ProposalId(first.facts["proposal"]), procedure, Digest(first.facts["digest"]), replaced_by, first.number,
            act.projected,
        )  # fmt: skip

    def _open(self, act: Act, head: ProcedureRow, replaced_by: str | None, why: str | None) -> None:
        actor = get_actor(act.session, act.by)
        body = network_body(head.network)
        data = self._words.from_sql(act.session, head.digest)
        front = read(data, head.id).front
        proposal_id = f"f-{hashlib.sha256(act.id.encode()).hexdigest()[:10]}"
        base = f"{head.major}.{head.minor}"
        decision = act.record(
            "withdrawal_proposed", body=body, role=roles_for(actor, Verb.PROPOSE, body, act.today)[0], subject=head.id,
            facts={"proposal": proposal_id, "procedure": head.id, "digest": head.digest, "base": base,
                   "replaced_by": replaced_by},
        )  # fmt: skip
        act.session.add(
            ProposalRow(
                id=proposal_id, procedure_id=head.id, kind=ProposalKind.WITHDRAWAL.value, state=ProposalState.DRAFT.value,
                title=head.title, network=head.network, author_actor=act.by,
                author_municipality=actor.municipality_on(act.today), base_version=base, base_digest=head.digest, text=data,
                digest=head.digest, significance=Significance.MAJOR.value, meaning=why, opened_at=act.now,
                opened_number=decision.number, replaced_by=replaced_by, access=head.access,
                hidden_from_author=head.access == AccessClass.EXEMPT,
                co_networks=" ".join(front.co_networks),
            )
        )  # fmt: skip
        act.count("proposals", 1)


def reasons_against_withdrawal(eyes: Eyes, head: ProcedureRow, replaced_by: str | None) -> list[Because]:
    """Say why a routine may not be proposed withdrawn, for that other; empty means it may."""
    if head.withdrawn_number is not None:
        return [ProcedureWithdrawn(head.id, eyes.replacement(head))]
    session = eyes.session
    under_way = session.exec(
        select(ProposalRow.id).where(
            ProposalRow.procedure_id == head.id, ProposalRow.kind == ProposalKind.WITHDRAWAL.value,
            col(ProposalRow.state).in_(IN_OPEN_STATES),
        )
    ).first()  # fmt: skip
    if under_way is not None:
        return [WithdrawalUnderWay(head.id)]
    other = session.get(ProcedureRow, replaced_by) if replaced_by else None
    if other is not None and not eyes.know(other):
        return [ReplacementNotThere(other.id)]
    return reasons_against_replacement(session, head.id, replaced_by)


def reasons_against_replacement(session: Session, procedure: str, replaced_by: str | None) -> list[Because]:
    """Say why a routine may not be replaced by that other; empty means it may, or that there is no replacement."""
    if replaced_by is None:
        return []
    other = session.get(ProcedureRow, replaced_by)
    if other is None or other.withdrawn_number is not None or replaced_by == procedure:
        return [ReplacementNotThere(replaced_by)]
    replaced = session.get(ProcedureRow, procedure)
    if other.access == AccessClass.EXEMPT and (replaced is None or replaced.access != AccessClass.EXEMPT):
        # Every reader of the routine would be told the name of what only some may know of.
        return [ReplacementNotThere(replaced_by)]
    return []


def retire(act: Act, row: ProposalRow, approvals: list[int]) -> None:
    """
    Withdraw the routine, and ask every municipality that uses it, or had not answered, what it will do.

    Args:
        act: The approval that was enough.
        row: The proposal; closed by this.
        approvals: The numbers of the decisions by which the members agreed.
    """
    session = act.session
    head, decided = session.get_one(ProcedureRow, row.procedure_id), stands_decided(session, row.procedure_id)
    subject = f"procedure:{head.id}"
    decision = act.record(
        "procedure_withdrawn", body=network_body(row.network), role=Role.MEMBER, subject=head.id, by=SYSTEM,
        touches=(subject,),
        facts={"procedure": head.id, "version": decided.version, "digest": decided.digest,
               "folder": decided.folder, "access": decided.access, "replaced_by": row.replaced_by, "proposal": row.id, "approvals": approvals,
               **files_told(files=decided.files)},
    )  # fmt: skip
    head.withdrawn_number, head.replaced_by = decision.number, row.replaced_by
    session.add(head)
    close(act, row, ProposalState.APPROVED, decision.number)
    close_waiting(session, subject, decision.number, what=(*ASKED_OF_MUNICIPALITIES, CHANGE_AFTER_REVIEW))
    asked = (AdoptionState.IN_USE.value, AdoptionState.TO_CONSIDER.value, AdoptionState.DEFERRED.value)
    answers = select(AdoptionRow).where(AdoptionRow.procedure_id == head.id, col(AdoptionRow.state).in_(asked))
    bodies = [municipality_body(one.municipality) for one in session.exec(answers.order_by(AdoptionRow.municipality))]
    due = act.today + timedelta(days=DAYS_TO_CONSIDER_WITHDRAWAL)
    for body in bodies:
        key = f"{head.id}:{decision.number}"
        wait_for(act, body, "consider-withdrawal", subject, verb=Verb.PREPARE, key=key, due_on=due)
    tell(
        act, "procedure-withdrawn", subject, bodies=[(body, Verb.PREPARE) for body in bodies], actors=[row.author_actor]
    )

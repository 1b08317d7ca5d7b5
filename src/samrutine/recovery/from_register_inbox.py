"""What waits after decisions were taken from the register: closed where it was answered, asked anew where it was not."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import Verb, municipality_body
from samrutine.adoptions.model import AdoptionState
from samrutine.inbox.opening import DAYS_TO_CONSIDER, close_waiting, wait_for, wait_to_consider
from samrutine.projections.replay import ANSWERS
from samrutine.projections.replay_proposals import LEADS_TO
from samrutine.proposals.becoming import end_hearing
from samrutine.proposals.loading import proposal_of
from samrutine.proposals.model import ProposalState
from samrutine.proposals.rounds import ask_networks
from samrutine.proposals.transitions import CLOSED
from samrutine.recovery.from_register_links import Link
from samrutine.storage.decisions import Act
from samrutine.storage.rows import AdoptionRow, HearingRow, ProcedureRow, ProposalRow, VersionRow, WaitingRow

WEEKS_TO_APPROVE: Final = 3
"""How long a network has for a round that goes on, from the day on which the library was put together again."""


def close_answered(session: Session, links: Sequence[Link]) -> None:
    """Close what waited for a decision that was made: a municipality's answer, the end of a round or a proposal."""
    closing = CLOSED
    for link in links:
        facts = link.facts
        if link.kind in ANSWERS:
            subject = f"procedure:{facts['procedure']}"
            close_waiting(session, subject, link.number, body=municipality_body(facts["municipality"]))
        elif link.kind == "hearing_closed":
            rounds = select(HearingRow).where(
                HearingRow.proposal_id == facts["proposal"], HearingRow.round == facts["round"]
            )
            for one in session.exec(rounds):
                one.closed_number = link.number
                session.add(one)
                close_waiting(session, one.id, link.number)
        elif LEADS_TO.get(link.kind) in closing:
            close_waiting(session, facts["proposal"], link.number)
            end_hearing(session, facts["proposal"], link.number)


def ask_again(act: Act) -> None:
    """Put into inboxes what nobody has answered and what does not wait there already."""
    session = act.session
    waits = set(
        session.exec(select(WaitingRow.body, WaitingRow.subject).where(col(WaitingRow.closed_number).is_(None)))
    )
    asked: list[tuple[str, str, object]] = []
    heads = {row.id: row for row in session.exec(select(ProcedureRow))}
    newest = {
        (row.procedure_id, row.major, row.minor): row.decided_number for row in session.exec(select(VersionRow))
    }  # fmt: skip
    for answer in session.exec(select(AdoptionRow).order_by(AdoptionRow.procedure_id, AdoptionRow.municipality)):
        head = heads[answer.procedure_id]
        subject, body = f"procedure:{head.id}", municipality_body(answer.municipality)
        if (body, subject) in waits:
            continue
        has_open = answer.state in {AdoptionState.TO_CONSIDER.value, AdoptionState.DEFERRED.value}
        if head.withdrawn_number is not None:
            in_use = answer.state == AdoptionState.IN_USE.value
            if (has_open or in_use) and answer.decided_number < head.withdrawn_number:
                wait_for(
                    act, body, "consider-withdrawal", subject, verb=Verb.PREPARE,
                    key=f"{head.id}:{head.withdrawn_number}", due_on=act.today + timedelta(days=DAYS_TO_CONSIDER),
                )  # fmt: skip
        elif answer.deferred_until is not None:
            wait_for(
                act, body, "consider-version", subject, verb=Verb.PREPARE, due_on=answer.deferred_until,
                key=f"{head.id}:{head.major}.{head.minor}:{answer.decided_number}", shown_from=answer.deferred_until,
            )  # fmt: skip
        elif has_open or answer.decided_number < newest[head.id, head.major, head.minor]:
            asked.append((answer.municipality, head.id, f"{head.major}.{head.minor}"))
    wait_to_consider(act, asked)
    session.flush()
    rounds = select(ProposalRow).where(ProposalRow.state == ProposalState.APPROVAL.value).order_by(ProposalRow.id)
    subjects = {subject for _, subject in waits}
    for row in session.exec(rounds):
        if row.id not in subjects:
            due = act.today + timedelta(weeks=WEEKS_TO_APPROVE)
            ask_networks(act, row, proposal_of(session, row), due_on=due)
    session.flush()

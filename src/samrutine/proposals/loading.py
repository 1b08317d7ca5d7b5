"""Read proposals from their rows, and hold what somebody read against what there is now."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, exists, select

from samrutine.actors import ActorId, Role
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.errors import BaseMoved, ProposalNotFound, TextChanged
from samrutine.networks.settling import known_to_checks
from samrutine.procedures.checks import findings as check
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.text import read
from samrutine.proposals.conflicts import Conflict, ConflictKind
from samrutine.proposals.model import (
    OPEN_STATES,
    Origin,
    OriginKind,
    Proposal,
    ProposalId,
    ProposalKind,
    ProposalState,
    Significance,
)
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import Approval, Writer
from samrutine.proposals.rules import HurriedAwaits, ProcedureWithdrawn
from samrutine.reasons import Because
from samrutine.storage.decisions import Act
from samrutine.storage.rows import (
    ApprovalRow,
    DecisionRow,
    HearingRow,
    ProcedureRow,
    ProposalOriginRow,
    ProposalRow,
    VersionRow,
)
from samrutine.storage.sql import Database

LONGEST_MEANING: Final = 1_000
"""Characters in what a change means, and in a reason: a few lines, read on a phone."""

IN_OPEN_STATES: Final = [one.value for one in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Looked:
    """A proposal's text as it was before the act began, and the lines of the errors in it."""

    text: ProcedureText
    data: bytes
    faults: tuple[int, ...]


def look_at_text(database: Database, proposal: str, *, by: ActorId, now: datetime) -> Looked:
    """
    Check a proposal's text before the act begins: the chain's head is not held while a text is read.

    Whoever uses this calls `require_same_text` under the lock: the text may have been changed in between.

    Raises:
        ProposalNotFound: There is none of that id, or whoever acts may not know of it.
    """
    with database.reading() as session:
        data = Eyes(session, by, norwegian_day(now)).proposal(proposal).text
        text = read(data, proposal)
        return Looked(text, data, lines_of_errors(check(text, data, known_to_checks(session))))


def require_same_text(row: ProposalRow, looked: Looked) -> None:
    """
    Refuse when the text that was checked is not the one there is under the lock.

    Raises:
        TextChanged: Somebody changed it in between.
    """
    if row.text != looked.data:
        raise TextChanged(proposal=row.id)


def require_read_text_and_base(session: Session, row: ProposalRow, digest: str) -> None:
    """
    Refuse when the text is another than the one that was read, or the routine has moved on since it was begun.

    Raises:
        TextChanged: The text is another.
        BaseMoved: The routine got a newer version. That of a *hasteversjon* is the proposal's own.
    """
    if row.digest != digest:
        raise TextChanged(proposal=row.id)
    head = session.get(ProcedureRow, row.procedure_id)
    if row.hurried_version is None and (head.digest if head else None) != row.base_digest:
        current = f"{head.major}.{head.minor}" if head else "–"
        raise BaseMoved(procedure=row.procedure_id, base=row.base_version or "–", current=current)


def reasons_against_becoming(eyes: Eyes, row: ProposalRow) -> list[Because]:
    """
    Say why nothing can become of the proposal as the routine stands now; empty means something can.

    A withdrawn routine is taken up again by a change that is begun after the withdrawal, never by one that was under way
    and knew nothing of it. While a *hasteversjon* waits for the network no other version is built on its words, so that
    the words before it are there to go back to.
    """
    session = eyes.session
    head = session.get(ProcedureRow, row.procedure_id)
    if head is None:
        return []
    if head.withdrawn_number is not None and row.opened_number < head.withdrawn_number:
        return [ProcedureWithdrawn(head.id, eyes.replacement(head))]
    waiting = session.exec(
        select(VersionRow).where(
            VersionRow.procedure_id == head.id, col(VersionRow.hurried).is_(True),
            col(VersionRow.confirmed_number).is_(None), col(VersionRow.refused_number).is_(None),
            VersionRow.proposal_id != row.id,
        )
    ).first()  # fmt: skip
    if waiting is not None:
        return [HurriedAwaits(head.id, f"{waiting.major}.{waiting.minor}", waiting.proposal_id)]
    return []


def get_row(session: Session, proposal: str) -> ProposalRow:
    """
    Give a proposal's row.

    Raises:
        ProposalNotFound: There is none of that id.
    """
    row = session.get(ProposalRow, proposal)
    if row is None:
        raise ProposalNotFound(proposal=proposal)
    return row


def acted_on(act: Act, proposal: str) -> ProposalRow:
    """
    Give the row of the proposal that an act is about. A second call is answered as the first was.

    Raises:
        ProposalNotFound: There is none of that id, or whoever acts may not know of it.
    """
    return get_row(act.session, proposal) if act.is_repeat else Eyes.of(act).proposal(proposal)


def proposal_of(session: Session, row: ProposalRow) -> Proposal:
    """Read a proposal from its row, with its approvals and what else belongs to it."""
    approvals = session.exec(
        select(ApprovalRow).where(ApprovalRow.proposal_id == row.id).order_by(col(ApprovalRow.decided_number))
    )
    origins = session.exec(
        select(ProposalOriginRow)
        .where(ProposalOriginRow.proposal_id == row.id)
        .order_by(ProposalOriginRow.kind, ProposalOriginRow.reference)
    )
    head = session.get(ProcedureRow, row.procedure_id)
    # A round that a *hasteversjon* broke off has a number too, that of the hurry: it was not heard to its end.
    heard = session.exec(
        select(
            exists().where(
                col(HearingRow.proposal_id) == row.id, col(HearingRow.closed_number) == col(DecisionRow.number),
                col(DecisionRow.kind) == "hearing_closed",
            )
        )
    ).one()  # fmt: skip
    return Proposal(
        ProposalId(row.id), ProcedureId(row.procedure_id), ProposalKind(row.kind), ProposalState(row.state), row.title,
        row.network, ActorId(row.author_actor), row.author_municipality,
        VersionNumber.parse(row.base_version) if row.base_version else None, Digest(row.digest),
        Significance(row.significance), row.meaning, Policy.parse(json.loads(row.policy)) if row.policy else None,
        row.opened_at,
        approvals=tuple(
            Approval(
                ActorId(one.actor_id), one.municipality, Role(one.role), Digest(one.digest), one.decided_number, one.network
            )
            for one in approvals
        ),
        revisers=tuple(_revisers(session, row)),
        co_networks=tuple(row.co_networks.split()),
        heard=heard,
        conflicts=conflicts_read(row.conflicts),
        hurried_version=VersionNumber.parse(row.hurried_version) if row.hurried_version else None,
        replaced_by=ProcedureId(row.replaced_by) if row.replaced_by else None,
        origins=tuple(Origin(OriginKind(one.kind), one.reference) for one in origins),
        revives=head is not None and head.withdrawn_number is not None and row.opened_number > head.withdrawn_number,
    )  # fmt: skip


def _revisers(session: Session, row: ProposalRow) -> Iterator[Writer]:
    """Give those whose decisions changed the proposal's text; another meaning beside the same text is no change of it."""
    decisions = session.exec(
        select(DecisionRow)
        .where(
            DecisionRow.subject == row.procedure_id, DecisionRow.kind == "proposal_revised",
            DecisionRow.number > row.opened_number,
        )
        .order_by(col(DecisionRow.number))
    )  # fmt: skip
    for decision in decisions:
        facts = json.loads(decision.record)["facts"]
        if facts["proposal"] == row.id and facts["digest"] != facts["replaces"]:
            yield Writer(ActorId(decision.actor_id), facts["municipality"])


def conflicts_written(conflicts: Sequence[Conflict]) -> str | None:
    """Write what could not be merged, as a row keeps it; None when everything could."""
    return json.dumps([asdict(one) for one in conflicts], ensure_ascii=False) if conflicts else None


def conflicts_read(kept: str | None) -> tuple[Conflict, ...]:
    """Read back what `conflicts_written` wrote."""
    return tuple(Conflict(**{**one, "kind": ConflictKind(one["kind"])}) for one in json.loads(kept or "[]"))


def lines_of_errors(found: Sequence[Finding]) -> tuple[int, ...]:
    """Give the lines of those findings that are errors."""
    return tuple(one.line for one in found if one.severity is Severity.ERROR)


def free_text(what: str, text: str | None, *, may_be_empty: bool = True) -> str | None:
    """
    Give what was written beside the text, without spaces around it; None when there is nothing.

    Raises:
        InvalidRequest: It is too long, or is missing where it may not be.
    """
    return require_text(what, text or "", longest=LONGEST_MEANING, may_be_empty=may_be_empty).strip() or None

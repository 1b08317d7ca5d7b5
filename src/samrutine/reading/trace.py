"""
What becomes of what readers said, as the proposal that was made of it goes its way.

`taken_up` is called by whoever ties a proposal to feedback or a wish, `proposal_decided` by whatever ends a proposal. Both
inside the act that decides, so that no giver is told of what did not happen.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, ActorId, Verb, network_body
from samrutine.errors import AdditionNotFound, FeedbackNotFound, WishNotFound
from samrutine.inbox.opening import Doing, close_waiting, tell, wait_for
from samrutine.intake.errors import IncomingNotFound
from samrutine.intake.model import may_see
from samrutine.networks.directory import get_actor
from samrutine.procedures.knowing import Eyes
from samrutine.reading.model import (
    DAYS_TO_ANSWER,
    FeedbackState,
    ForAnotherRoutine,
    WishState,
    reasons_against_network,
    reasons_against_taking_up,
)
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act
from samrutine.storage.rows import (
    AdditionRow,
    FeedbackRow,
    IncomingDocumentRow,
    ProcedureRow,
    ProposalOriginRow,
    ProposalRow,
    WishRow,
)

FEEDBACK: Final = "feedback"
WISH: Final = "wish"
"""Kinds of origin that readers gave. There are others, which nothing here is about."""

APPROVED: Final = "approved"


def taken_up(act: Act, proposal: str, kind: str, reference: str) -> None:
    """
    Mark feedback or a wish as taken up by a proposal, and tell whoever gave it.

    Left alone: other kinds of origin, what another proposal has taken up, and feedback about another routine.

    The proposal's origin itself is the caller's to write: it follows from the decision.
    """
    row = _said(act.session, kind, reference)
    if row is None or row.proposal_id is not None:
        return
    if isinstance(row, FeedbackRow) and row.procedure_id != act.session.get_one(ProposalRow, proposal).procedure_id:
        return
    row.state = FeedbackState.TAKEN_UP.value if isinstance(row, FeedbackRow) else WishState.TAKEN_UP.value
    row.proposal_id = proposal
    act.session.add(row)
    close_waiting(act.session, row.id, act.number)
    tell(act, f"{kind}-taken-up", row.id, actors=[row.actor_id])


def require_origins(eyes: Eyes, origins: Iterable[tuple[str, str]], *, procedure: str, network: str) -> None:
    """
    Refuse a proposal that is said to come of what is not there, or of what it cannot come of.

    The reasons are those of `take_up_feedback` and `take_up_wish`: proposing is another way to take something up. What is
    kept of an origin is its reference, for ever, so it must be one of ours and never somebody's own words.

    Args:
        eyes: Of whoever proposes.
        origins: Kinds and references; those of other kinds are not looked at here.
        procedure: The routine that is proposed.
        network: The network that owns it.

    Raises:
        FeedbackNotFound, WishNotFound, AdditionNotFound, IncomingNotFound: There is none of that id, or they may not know of it.
        Refused: Something is made of it already, the feedback is about another routine, or the wish was meant for another
            network.
    """
    for kind, reference in origins:
        match kind:
            case "feedback":
                refuse(_against_feedback(eyes, reference, procedure))
            case "wish":
                refuse(_against_wish(eyes.session, reference, network))
            case "addition":
                _require_addition(eyes, reference)
            case "document":
                _require_document(eyes, reference)
            case _:
                continue


def _against_feedback(eyes: Eyes, reference: str, procedure: str) -> Sequence[Because]:
    row = eyes.session.get(FeedbackRow, reference)
    about = eyes.session.get(ProcedureRow, row.procedure_id) if row is not None else None
    if row is None or about is None or not eyes.know(about):
        raise FeedbackNotFound(feedback=reference)
    if row.procedure_id != procedure:
        return [ForAnotherRoutine(row.procedure_id)]
    return reasons_against_taking_up(row.state)


def _against_wish(session: Session, reference: str, network: str) -> Sequence[Because]:
    row = session.get(WishRow, reference)
    if row is None:
        raise WishNotFound(wish=reference)
    return [*reasons_against_taking_up(row.state), *reasons_against_network(row.network, network)]


def _require_addition(eyes: Eyes, reference: str) -> None:
    # Its rows are numbered; the first is there as long as the addition has ever been.
    row = eyes.session.exec(select(AdditionRow).where(AdditionRow.id == f"{reference}.1")).first()
    about = eyes.session.get(ProcedureRow, row.procedure_id) if row is not None else None
    if about is None or not eyes.know(about):
        raise AdditionNotFound(addition=reference)


def _require_document(eyes: Eyes, reference: str) -> None:
    of_these_bytes = select(IncomingDocumentRow).where(IncomingDocumentRow.source_digest == reference)
    actor = get_actor(eyes.session, eyes.by)
    if not any(may_see(actor, row.network, row.municipality, eyes.today) for row in eyes.session.exec(of_these_bytes)):
        raise IncomingNotFound(document=reference[:64])


def proposal_decided(act: Act, proposal: str, state: str) -> None:
    """
    Follow up what readers said when the proposal that was made of it is decided.

    Approved, whoever said it is told that it ended in a version. Turned down or withdrawn, what they said waits again, as
    if nothing had been made of it: it is still unanswered.

    Args:
        state: How the proposal ended: "approved", "rejected" or "withdrawn".
    """
    for kind, reference in _origins(act.session, proposal):
        row = _said(act.session, kind, reference)
        if row is None or row.proposal_id != proposal:
            continue
        if state == APPROVED:
            tell(act, f"{kind}-became-version", row.id, actors=[row.actor_id])
        elif row.answer is None:
            row.proposal_id = None
            row.state = FeedbackState.NEW.value if isinstance(row, FeedbackRow) else WishState.OPEN.value
            act.session.add(row)
            wait_for_an_answer(act, row)
        else:
            row.proposal_id = None
            row.state = FeedbackState.ANSWERED.value if isinstance(row, FeedbackRow) else WishState.ANSWERED.value
            act.session.add(row)


def wait_for_an_answer(doing: Doing, row: FeedbackRow | WishRow) -> None:
    """Put feedback or a wish before those who answer it: the network's leader, or the editor where there is no network."""
    due = doing.today + timedelta(days=DAYS_TO_ANSWER)
    if isinstance(row, FeedbackRow):
        routine = doing.session.get_one(ProcedureRow, row.procedure_id)
        wait_for(
            doing, network_body(routine.network), "answer-feedback", row.id, verb=Verb.SEND, key=row.id, due_on=due,
            owner=ActorId(routine.owner_actor) if routine.owner_actor else None,
        )  # fmt: skip
    else:
        body = network_body(row.network) if row.network else LIBRARY
        wait_for(doing, body, "answer-wish", row.id, verb=Verb.SEND, key=row.id, due_on=due)
    # A row that was closed before is the same row, and is open again.


def _origins(session: Session, proposal: str) -> Iterable[tuple[str, str]]:
    query = select(col(ProposalOriginRow.kind), col(ProposalOriginRow.reference)).where(
        ProposalOriginRow.proposal_id == proposal, col(ProposalOriginRow.kind).in_((FEEDBACK, WISH))
    )
    return session.exec(query.order_by(col(ProposalOriginRow.kind), col(ProposalOriginRow.reference))).all()


def _said(session: Session, kind: str, reference: str) -> FeedbackRow | WishRow | None:
    """Give what was said, locked: whoever answers it meanwhile waits, and then sees what became of it here."""
    match kind:
        case "feedback":
            return session.get(FeedbackRow, reference, with_for_update=True, populate_existing=True)
        case "wish":
            return session.get(WishRow, reference, with_for_update=True, populate_existing=True)
        case _:
            return None

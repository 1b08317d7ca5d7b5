"""Texts on their way from draft to faglig godkjent."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from samrutine.arguments import one_of
from samrutine.proposals.drafting import Proposed
from samrutine.proposals.hearing import HearingView
from samrutine.proposals.hearing_answers import HearingAnswered, RemarkReplied
from samrutine.proposals.hearing_service import HearingClosed, HearingOpened
from samrutine.proposals.model import Proposal, ProposalState
from samrutine.proposals.prose_diff import ProseDiff
from samrutine.proposals.service import Approved, ProposalView, Rejected, Sent, Withdrawn
from samrutine.web.api.answers import After, Limit, answer, gives, gives_file, gives_page, page, tagged
from samrutine.web.api.caller import Calling
from samrutine.web.api.given import (
    HearingAnswer,
    Id,
    IfMatch,
    MaybeNetwork,
    NewHearing,
    NewProposal,
    Reason,
    Reply,
    RevisedText,
    Sending,
    day,
    read_tag,
    remarks_of,
)

router = APIRouter(prefix="/proposals", tags=["proposals"], default_response_class=Response)
remarks = APIRouter(prefix="/remarks", tags=["proposals"], default_response_class=Response)


@router.get("", responses=gives_page(Proposal))
def proposals(
    caller: Calling,
    state: Annotated[str | None, Query(max_length=40, description="`draft`, `open` and so on.")] = None,
    network: MaybeNetwork = None,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """List the proposals that one may see, the oldest first."""
    wanted = one_of(ProposalState, "state", state) if state is not None else None
    found = caller.library.proposals(state=wanted, network=network, reader=caller.actor)
    return page(caller, found, lambda one: one.id, after, limit)


@router.post("", status_code=201, responses=gives(Proposed, 201))
def propose(caller: Calling, given: NewProposal) -> Response:
    """Keep a text as a draft. What the checks say of it is in `findings`; errors must be mended before it can be sent."""
    made = caller.library.propose(
        given.text.encode(), by=caller.actor, changes=given.changes, significance=given.significance,
        meaning=given.meaning, from_version=given.from_version, decision_id=caller.act,
    )  # fmt: skip
    return answer(caller, made, 201)


@router.get("/{proposal}", responses=gives(ProposalView))
def look(caller: Calling, proposal: Id) -> Response:
    """Give a proposal with its text, what the checks say of it, and how far its round has come."""
    return answer(caller, caller.library.look_at_proposal(proposal, reader=caller.actor))


@router.get("/{proposal}/text", responses=gives_file("text/markdown; charset=utf-8"))
def text(caller: Calling, proposal: Id) -> Response:
    """Give a proposal's text. Its `ETag` is what `If-Match` asks for where the text is changed, sent or approved."""
    found, words = caller.library.get_proposal(proposal, reader=caller.actor)
    return tagged(caller, found.digest, lambda: words, "text/markdown; charset=utf-8")


@router.put("/{proposal}/text", responses=gives(Proposed))
def revise(caller: Calling, proposal: Id, given: RevisedText, if_match: IfMatch) -> Response:
    """Replace a draft's text, when nobody did since it was read. Approvals of the text before are void."""
    made = caller.library.revise(
        proposal, given.text.encode(), read_digest=read_tag(if_match), by=caller.actor, meaning=given.meaning,
        unheard=given.unheard, decision_id=caller.act,
    )  # fmt: skip
    return answer(caller, made)


@router.get("/{proposal}/differences", responses=gives(ProseDiff))
def differences(caller: Calling, proposal: Id) -> Response:
    """Tell what a proposal changes, as people read it."""
    return answer(caller, caller.library.compare_proposal(proposal, reader=caller.actor))


@router.post("/{proposal}/send", responses=gives(Sent))
def send(caller: Calling, proposal: Id, given: Sending, if_match: IfMatch) -> Response:
    """Open the round of approval of the text that was read."""
    return answer(caller, caller.library.send(
        proposal, digest=read_tag(if_match), unheard=given.unheard, by=caller.actor, decision_id=caller.act
    ))  # fmt: skip


@router.post("/{proposal}/approve", responses=gives(Approved))
def approve(caller: Calling, proposal: Id, if_match: IfMatch) -> Response:
    """Agree, as a member of the network, to the text that was read."""
    tag = read_tag(if_match)
    return answer(caller, caller.library.approve(proposal, digest=tag, by=caller.actor, decision_id=caller.act))


@router.post("/{proposal}/reject", responses=gives(Rejected))
def reject(caller: Calling, proposal: Id, given: Reason) -> Response:
    """Stop a proposal on the network's behalf."""
    return _ended(caller, proposal, given, caller.library.reject)


@router.post("/{proposal}/withdraw", responses=gives(Withdrawn))
def withdraw(caller: Calling, proposal: Id, given: Reason) -> Response:
    """Give a draft or an open round up."""
    return _ended(caller, proposal, given, caller.library.withdraw)


def _ended(caller: Calling, proposal: str, given: Reason, end: Callable[..., object]) -> Response:
    return answer(caller, end(proposal, reason=given.reason, by=caller.actor, decision_id=caller.act))


@router.get("/{proposal}/hearing", responses=gives(HearingView))
def hearing(
    caller: Calling,
    proposal: Id,
    round_: Annotated[int | None, Query(alias="round", ge=1, le=1000, description="Which; the newest if left out.")] = None,
) -> Response:  # fmt: skip
    """Give a round of hearing: who was asked, who answered, and the remarks that one may see."""
    return answer(caller, caller.library.hearing(proposal, reader=caller.actor, which=round_))


@router.post("/{proposal}/hearing", status_code=201, responses=gives(HearingOpened, 201))
def open_hearing(caller: Calling, proposal: Id, given: NewHearing, if_match: IfMatch) -> Response:
    """Open a round of hearing of the text that was read."""
    made = caller.library.open_hearing(
        proposal, digest=read_tag(if_match), by=caller.actor, parties=given.parties, deadline=day(given.deadline),
        decision_id=caller.act,
    )  # fmt: skip
    return answer(caller, made, 201)


@router.post("/{proposal}/hearing/answers", responses=gives(HearingAnswered))
def answer_hearing(caller: Calling, proposal: Id, given: HearingAnswer) -> Response:
    """Answer for a municipality or a network: with remarks, or with the word that there are none."""
    return answer(caller, caller.library.answer_hearing(
        proposal, given.body, by=caller.actor, no_remarks=given.no_remarks, remarks=remarks_of(given.remarks),
        decision_id=caller.act,
    ))  # fmt: skip


@router.post("/{proposal}/hearing/close", responses=gives(HearingClosed))
def close_hearing(caller: Calling, proposal: Id) -> Response:
    """Close the round of hearing that is open."""
    return answer(caller, caller.library.close_hearing(proposal, by=caller.actor, decision_id=caller.act))


@remarks.post("/{remark}/reply", responses=gives(RemarkReplied))
def reply(caller: Calling, remark: Id, given: Reply) -> Response:
    """Say what becomes of a remark."""
    made = caller.library.reply_to_remark(
        remark, given.outcome, by=caller.actor, reply=given.reply, decision_id=caller.act
    )
    return answer(caller, made)

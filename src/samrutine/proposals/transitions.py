"""
The way of a proposal, as one table: which step may be taken in which state, by whom, and where it leads.

The verbs guard by it, and the drawing of the workflow is made from it. A pair that is not here may not happen.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from samrutine.actors import Verb
from samrutine.messages import word
from samrutine.reasons import Because


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    HEARING = "hearing"
    APPROVAL = "approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    def label(self, language: str = "nb") -> str:
        """Give the state in words, as it stands after "is"."""
        return word("proposal_state", self.value, language)


class Step(StrEnum):
    """What is done with a proposal."""

    PROPOSE = "propose"
    REVISE = "revise"
    OPEN_HEARING = "open-hearing"
    CLOSE_HEARING = "close-hearing"
    SEND = "send"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REFRESH = "refresh"
    HURRY = "hurry"

    def label(self, language: str = "nb") -> str:
        """Give the step in words, as it stands after "cannot be"."""
        return word("proposal_step", self.value, language)


@dataclass(frozen=True, slots=True)
class Transition:
    """
    A step that may be taken.

    Attributes:
        state: Where the proposal stands before; None when there is none yet.
        step: What is done.
        leads_to: Where it may stand afterwards: one state, or two where it depends on how many have agreed.
        who: The right that the step asks for. Who wrote the text may mend and withdraw it by PROPOSE; of others only
            those who have SEND.
    """

    state: ProposalState | None
    step: Step
    leads_to: tuple[ProposalState, ...]
    who: Verb


_DRAFT, _HEARING, _APPROVAL = ProposalState.DRAFT, ProposalState.HEARING, ProposalState.APPROVAL

OPEN_STATES: Final = (_DRAFT, _HEARING, _APPROVAL)
"""Those in which nothing is decided yet, and the id is the proposal's."""

CAME_TO_NOTHING: Final = frozenset({ProposalState.REJECTED, ProposalState.WITHDRAWN})
"""Their words may be deleted: by the editor at once, and by the rules of retention when they were kept long enough."""

CLOSED: Final = frozenset({ProposalState.APPROVED, *CAME_TO_NOTHING})
"""Those in which nobody works with it any more."""

TRANSITIONS: Final = (
    Transition(None, Step.PROPOSE, (_DRAFT,), Verb.PROPOSE),
    Transition(_DRAFT, Step.REVISE, (_DRAFT,), Verb.PROPOSE),
    Transition(_DRAFT, Step.REFRESH, (_DRAFT,), Verb.PROPOSE),
    Transition(_DRAFT, Step.OPEN_HEARING, (_HEARING,), Verb.HEAR),
    Transition(_DRAFT, Step.SEND, (_APPROVAL,), Verb.SEND),
    Transition(_DRAFT, Step.HURRY, (_APPROVAL,), Verb.SEND),
    Transition(_DRAFT, Step.WITHDRAW, (ProposalState.WITHDRAWN,), Verb.PROPOSE),
    # The text that is heard stands still, so it is not revised here. A refresh leaves the round alone, which keeps the
    # words it was opened with: those who answer answer them.
    Transition(_HEARING, Step.REFRESH, (_HEARING,), Verb.PROPOSE),
    Transition(_HEARING, Step.CLOSE_HEARING, (_DRAFT,), Verb.HEAR),
    Transition(_HEARING, Step.HURRY, (_APPROVAL,), Verb.SEND),
    Transition(_HEARING, Step.REJECT, (ProposalState.REJECTED,), Verb.SEND),
    Transition(_HEARING, Step.WITHDRAW, (ProposalState.WITHDRAWN,), Verb.PROPOSE),
    Transition(_APPROVAL, Step.REVISE, (_APPROVAL,), Verb.PROPOSE),
    # What was merged must be read before anybody is asked to agree to it: the round begins anew.
    Transition(_APPROVAL, Step.REFRESH, (_DRAFT,), Verb.PROPOSE),
    # Also how a round is finished that became enough because members left: by those who agreed, or who may send.
    Transition(_APPROVAL, Step.APPROVE, (_APPROVAL, ProposalState.APPROVED), Verb.APPROVE),
    Transition(_APPROVAL, Step.HURRY, (_APPROVAL,), Verb.SEND),
    Transition(_APPROVAL, Step.REJECT, (ProposalState.REJECTED,), Verb.SEND),
    Transition(_APPROVAL, Step.WITHDRAW, (ProposalState.WITHDRAWN,), Verb.PROPOSE),
)
"""Every step that may be taken. Approved, rejected and withdrawn are ends: from there a new proposal is the way."""

_BY_PAIR: Final = {(one.state, one.step): one for one in TRANSITIONS}


@dataclass(frozen=True)
class StepNotNow(Because):
    """The proposal stands where this cannot be done: not sent yet, being heard, or decided already."""

    settled = True

    proposal: str
    state: str
    step: str
    instead: tuple[str, ...] = field(default=(), compare=False)
    """The steps that can be taken there; they follow from the state."""

    def places_in(self, language: str) -> dict[str, object]:
        """Give the state, the step, and what can be done instead, in words."""
        instead = ", ".join(Step(step).label(language) for step in self.instead)
        return {
            "proposal": self.proposal, "state": ProposalState(self.state).label(language),
            "step": Step(self.step).label(language),
            "instead": instead or word("proposal_step", "nothing", language),
        }  # fmt: skip


def transition(state: ProposalState | None, step: Step) -> Transition | None:
    """Give the row of the table for a state and a step; None when the step may not be taken there."""
    return _BY_PAIR.get((state, step))


def steps_from(state: ProposalState) -> tuple[Step, ...]:
    """Give the steps that may be taken in a state, in the order of `Step`."""
    return tuple(step for step in Step if (state, step) in _BY_PAIR)


def reasons_against_step(proposal: str, state: ProposalState, step: Step) -> list[Because]:
    """Say why the step may not be taken in that state; empty means it may, as far as the state goes."""
    if transition(state, step) is not None:
        return []
    return [StepNotNow(proposal, state.value, step.value, tuple(one.value for one in steps_from(state)))]

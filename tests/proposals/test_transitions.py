"""
The way of a proposal: every pair of a state and a step, by the table and by the verbs themselves.

The table says what is meant. The second half of this file asks each verb in each state, so that the two cannot part.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.actors import LacksRole
from samrutine.errors import NotAllowed, SamrutineError
from samrutine.messages import LANGUAGES, catalogue
from samrutine.proposals.hearing_rules import HearingNotOpen
from samrutine.proposals.model import OPEN_STATES, ProposalState
from samrutine.proposals.transitions import (
    TRANSITIONS,
    Step,
    StepNotNow,
    reasons_against_step,
    steps_from,
    transition,
)
from tests.support.stories import APPROVERS, UNHEARD, approve_with_everyone, change_with_everyone, not_projecting
from tests.support.texts import a_routine

STEPS = [step for step in Step if step is not Step.PROPOSE]
PAIRS = [(state, step) for state in ProposalState for step in STEPS]


class TestTheTable:
    def test_names_no_pair_twice(self):
        """
        Two rows for one pair would be two rules, and nobody could say which holds.
        """
        pairs = [(one.state, one.step) for one in TRANSITIONS]

        assert len(pairs) == len(set(pairs))

    @pytest.mark.parametrize("state", [ProposalState.APPROVED, ProposalState.REJECTED, ProposalState.WITHDRAWN])
    def test_what_is_decided_leads_nowhere(self, state):
        """
        What was read is what was decided; another text is another proposal.
        """
        assert steps_from(state) == ()

    @pytest.mark.parametrize("state", OPEN_STATES)
    def test_what_is_open_can_always_be_given_up(self, state):
        """
        An id must never be held for good by a proposal that nobody wants any more.
        """
        assert transition(state, Step.WITHDRAW) is not None

    @pytest.mark.parametrize("state", OPEN_STATES)
    def test_every_open_state_leads_to_approved(self, state):
        """
        There is no place from which a good text cannot go on.
        """
        seen, ahead = set(), [state]

        while ahead:
            one = ahead.pop()
            seen.add(one)
            ahead += [to for row in TRANSITIONS if row.state is one for to in row.leads_to if to not in seen]

        assert ProposalState.APPROVED in seen

    @given(st.lists(st.sampled_from(STEPS), max_size=30), st.integers(min_value=0, max_value=1))
    def test_no_walk_leaves_it(self, steps, choice):
        """
        Whatever is tried, in whatever order, the proposal stands in a state that the table knows, and ends are ends.
        """
        state, ended = ProposalState.DRAFT, False

        for step in steps:
            row = transition(state, step)
            assert (row is None) == bool(reasons_against_step("f-1", state, step))
            assert not (ended and row)
            state = row.leads_to[choice % len(row.leads_to)] if row else state
            ended = ended or state not in OPEN_STATES

        assert state in ProposalState

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_state_and_step_has_its_word(self, language):
        """
        A refusal says where the proposal stands and what can be done instead, in words.
        """
        words = catalogue(language, "words")

        assert {f"proposal_state.{one.value}" for one in ProposalState} <= words.keys()
        assert {f"proposal_step.{one.value}" for one in Step} <= words.keys()
        (reason,) = reasons_against_step("f-1", ProposalState.DRAFT, Step.APPROVE)
        assert Step.SEND.label(language) in reason.places_in(language)["instead"]


def _in_draft(library):
    """Begun from a version that is not the newest any more, so that a refresh has something to do."""
    draft = library.propose(
        a_routine(extra="Alltid."), changes="handhygiene", significance="major", meaning="Mer.", by="skribent"
    )
    sections = {"Formål": "Hindre smitte mellom pasienter og ansatte.", "Omfang": "Gjelder alle ansatte og vikarer."}
    rest = {"Ansvar": "Avdelingslederen har ansvaret.", "Framgangsmåte": "1. Vask hendene.\n2. Tørk dem godt.",
            "Avvik": "Meld avvik i kvalitetssystemet."}  # fmt: skip
    return draft, {"moved": lambda: change_with_everyone(library, a_routine(sections={**sections, **rest}))}


def _bring(library, state):
    """Bring a proposal to a state by the verbs; gives its id, and what moves the routine on under it."""
    with not_projecting(library):
        draft, later = _in_draft(library)
        one = draft.proposal
        match state:
            case ProposalState.HEARING | ProposalState.REJECTED:
                library.open_hearing(one, digest=draft.digest, by="leder")
            case ProposalState.APPROVAL | ProposalState.APPROVED:
                library.send(one, digest=draft.digest, unheard=UNHEARD, by="leder")
            case ProposalState.WITHDRAWN:
                library.withdraw(one, reason="Ombestemt.", by="skribent")
        if state is ProposalState.REJECTED:
            library.reject(one, reason="Ikke nå.", by="leder")
        if state is ProposalState.APPROVED:
            for by in APPROVERS:
                library.approve(one, digest=draft.digest, by=by)
    assert library.get_proposal(one, reader="redaktor")[0].state is state
    return one, later


def _refresh(library, one, later):
    if library.get_proposal(one, reader="redaktor")[0].state in OPEN_STATES:
        later["moved"]()
    return library.refresh(one, read_digest=library.get_proposal(one, reader="redaktor")[0].digest, by="leder")


def _digest(library, one):
    return library.get_proposal(one, reader="redaktor")[0].digest


DO = {
    Step.REVISE: lambda library, one, _: library.revise(
        one, a_routine(extra="Aldri."), read_digest=_digest(library, one), by="skribent"),
    Step.OPEN_HEARING: lambda library, one, _: library.open_hearing(one, digest=_digest(library, one), by="leder"),
    Step.CLOSE_HEARING: lambda library, one, _: library.close_hearing(one, by="leder"),
    Step.SEND: lambda library, one, _: library.send(one, digest=_digest(library, one), unheard=UNHEARD, by="leder"),
    Step.APPROVE: lambda library, one, _: library.approve(one, digest=_digest(library, one), by="medlem.beiarn"),
    Step.REJECT: lambda library, one, _: library.reject(one, reason="Nei.", by="leder"),
    Step.WITHDRAW: lambda library, one, _: library.withdraw(one, reason="Nei.", by="skribent"),
    Step.REFRESH: _refresh,
    Step.HURRY: lambda library, one, _: library.hurry(one, digest=_digest(library, one), reason="Utbrudd.", by="leder"),
}  # fmt: skip


@pytest.mark.parametrize(("state", "step"), PAIRS, ids=[f"{step.value} in {state.value}" for state, step in PAIRS])
def test_a_verb_does_what_the_table_says(library_with_routine, clock, state, step):
    """
    Every allowed and every forbidden pair, asked of the verb itself: it leads where the table says, or is refused.
    """
    library = library_with_routine
    one, later = _bring(library, state)
    if (state, step) == (ProposalState.HEARING, Step.CLOSE_HEARING):
        clock.forward(days=60)
    expected = transition(state, step)
    refused = None

    try:
        with not_projecting(library):
            DO[step](library, one, later)
    except SamrutineError as error:
        refused = error

    now_in = library.get_proposal(one, reader="redaktor")[0].state
    if expected is None:
        # A hearing says it in its own words, since there may be none to close in any state.
        why = HearingNotOpen(one) if step is Step.CLOSE_HEARING else StepNotNow(one, state.value, step.value)
        assert why in refused.reasons
        assert now_in is state
    else:
        assert refused is None
        assert now_in in expected.leads_to


def test_every_step_is_asked():
    """
    A step without its verb here would be a row of the table that nobody keeps.
    """
    assert set(DO) == set(STEPS)


def test_enough_agreement_ends_the_round(library):
    """
    The last approval is the one that leads out of approval.
    """
    answer = approve_with_everyone(library, a_routine("vaktskifte"))

    assert library.get_proposal(answer.proposal, reader="redaktor")[0].state is ProposalState.APPROVED


ASK = {
    Step.PROPOSE: lambda library, _, by: library.propose(a_routine("nytt"), by=by),
    Step.REVISE: lambda library, one, by: library.revise(
        one, a_routine(extra="Aldri."), read_digest=_digest(library, one), by=by),
    Step.OPEN_HEARING: lambda library, one, by: library.open_hearing(one, digest=_digest(library, one), by=by),
    Step.CLOSE_HEARING: lambda library, one, by: library.close_hearing(one, by=by),
    Step.SEND: lambda library, one, by: library.send(one, digest=_digest(library, one), unheard=UNHEARD, by=by),
    Step.APPROVE: lambda library, one, by: library.approve(one, digest=_digest(library, one), by=by),
    Step.REJECT: lambda library, one, by: library.reject(one, reason="Nei.", by=by),
    Step.WITHDRAW: lambda library, one, by: library.withdraw(one, reason="Nei.", by=by),
    Step.REFRESH: lambda library, one, by: library.refresh(one, read_digest=_digest(library, one), by=by),
    Step.HURRY: lambda library, one, by: library.hurry(one, digest=_digest(library, one), reason="Utbrudd.", by=by),
}  # fmt: skip


@pytest.mark.parametrize("state", [None, *OPEN_STATES])
def test_a_verb_asks_for_the_right_that_the_table_says(library_with_routine, state):
    """
    The drawing of the workflow tells people who may do what; it must be the very right that the verb asks for.
    """
    library = library_with_routine
    one = _bring(library, state)[0] if state else None
    library.revoke("skribent", "employee", "municipality:1837", by="redaktor")

    asked = {}
    for row in TRANSITIONS:
        if row.state is state:
            with pytest.raises(NotAllowed) as caught:
                ASK[row.step](library, one, "skribent")
            asked[row.step] = [why.verb for why in caught.value.reasons if isinstance(why, LacksRole)]

    assert asked == {row.step: [row.who.value] for row in TRANSITIONS if row.state is state}

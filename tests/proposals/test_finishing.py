"""A round that becomes enough because members leave: somebody can always bring it to its end."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine import NotAllowed, Refused
from samrutine.actors import Role, Verb, municipality_body, network_body, roles_for
from samrutine.procedures.model import VersionNumber
from samrutine.proposals.model import ProposalState
from samrutine.proposals.quorum import standing
from samrutine.proposals.rules import may_finish, network_of, reasons_against_approving
from tests.proposals.test_quorum import people_of, policies, rounds, wrote
from tests.support.builders import TODAY, a_proposal, an_actor, an_approval, an_editor
from tests.support.stories import UNHEARD, not_projecting
from tests.support.texts import a_routine

NETWORK = network_body("smittevern")
AGREED = ("medlem.beiarn", "medlem.gildeskal", "leder")
LEFT = ("medlem.hamaroy", "medlem.saltdal")


def three_agreed_and_two_left(library, *, hurried=False):
    """Bring a round to three of four approvals, and let the two who had not answered leave."""
    draft = library.propose(a_routine("vaktskifte", title="Vaktskifte"), by="skribent")
    with not_projecting(library):
        if hurried:
            library.hurry(draft.proposal, digest=draft.digest, reason="Utbrudd.", by="redaktor")
        else:
            library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="redaktor")
        for one in AGREED:
            assert library.approve(draft.proposal, digest=draft.digest, by=one).version is None
        for one in LEFT:
            library.revoke(one, "member", NETWORK, by="redaktor")
    return draft


class TestFinishing:
    @pytest.mark.parametrize("by", ["medlem.beiarn", "leder", "redaktor"])
    def test_those_who_agreed_and_those_who_send_can_finish_what_is_enough(self, library, by):
        """
        The two who were waited for have left; the text must not lie there for ever.
        """
        draft = three_agreed_and_two_left(library)

        answer = library.approve(draft.proposal, digest=draft.digest, by=by)

        proposal, _ = library.get_proposal(draft.proposal, reader="redaktor")
        assert (answer.version, answer.standing.given) == (VersionNumber(1, 0), 3)
        assert proposal.state is ProposalState.APPROVED
        assert len(proposal.approvals) == 3

    def test_a_second_call_is_the_same_act_and_the_chain_agrees(self, any_library):
        """
        What was pressed twice was finished once, and no yes is made of it.
        """
        draft = three_agreed_and_two_left(any_library)

        first, second = (
            any_library.approve(draft.proposal, digest=draft.digest, by="leder", decision_id="slutt") for _ in range(2)
        )

        assert replace(first, projected=True) == replace(second, projected=True)
        assert any_library.verify().is_clean

    def test_a_hasteversjon_is_finished_too(self, library):
        """
        A version that may be in use must not be marked as waiting when nobody is waited for.
        """
        draft = three_agreed_and_two_left(library, hurried=True)

        answer = library.approve(draft.proposal, digest=draft.digest, by="medlem.gildeskal")

        assert answer.version == VersionNumber(1, 0)
        assert library.get_proposal(draft.proposal, reader="redaktor")[0].state is ProposalState.APPROVED

    def test_nobody_else_can(self, library):
        """
        Who has no part in the network cannot finish its rounds, and the author's yes is still none.
        """
        draft = three_agreed_and_two_left(library)

        for by in ("skribent", "ansatt.fauske", "medlem.hamaroy"):
            with pytest.raises(NotAllowed):
                library.approve(draft.proposal, digest=draft.digest, by=by)

    def test_a_round_that_is_not_enough_is_not_finished_by_pressing_twice(self, library):
        """
        One member cannot be two.
        """
        draft = library.propose(a_routine("vaktskifte", title="Vaktskifte"), by="skribent")
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="redaktor")
        library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn")

        with pytest.raises(Refused):
            library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn")

        assert library.get_proposal(draft.proposal, reader="redaktor")[0].state is ProposalState.APPROVAL


class TestAfterAnyChangeOfStaff:
    @given(policy=policies, the_round=rounds(), data=st.data())
    def test_a_round_that_is_enough_can_be_finished_by_somebody_in_post(self, policy, the_round, data):
        """
        Whoever agreed and whoever left since: where it is enough there is somebody in post who may say so.
        """
        members, writers = the_round
        author, *revisers = writers or [wrote("utenfra", None)]
        proposal = a_proposal(
            by=author.actor, author_municipality=author.municipality, revisers=tuple(revisers), co_networks=("omsorg",),
            policy=policy,
        )  # fmt: skip
        for actor in data.draw(st.permutations(people_of(members))):
            if not data.draw(st.booleans()) or reasons_against_approving(proposal, actor, policy, TODAY):
                continue
            network = network_of(proposal, actor, TODAY)
            role = roles_for(actor, Verb.APPROVE, network_body(network), TODAY)[0]
            agreed = an_approval(
                actor.id, actor.municipality_on(TODAY), role, digest=proposal.digest, network=network
            )  # fmt: skip
            proposal = replace(proposal, approvals=(*proposal.approvals, agreed))

        left = data.draw(st.sets(st.sampled_from([one.actor for one in members])))
        still = [one for one in members if one.actor not in left]
        stands = standing(policy, proposal.valid_approvals, still, proposal.writers, proposal.co_networks)
        if not stands.is_enough:
            return
        wrote_it = {one.actor for one in proposal.writers}
        can = [
            actor
            for actor in people_of(still)
            if may_finish(proposal, actor, stands, TODAY)
            or not reasons_against_approving(proposal, actor, policy, TODAY)
        ]

        agreed_already = {one.actor for one in proposal.valid_approvals} - wrote_it
        assert can or not {one.actor for one in still} & agreed_already
        assert may_finish(proposal, an_editor(), stands, TODAY)
        assert not may_finish(proposal, an_actor("actor-ny", (Role.EMPLOYEE, municipality_body("9999"))), stands, TODAY)

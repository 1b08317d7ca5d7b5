"""The rules of a proposal: who may send, agree and change, and when enough have agreed."""

from datetime import timedelta

import pytest

from samrutine.actors import LacksRole, Role
from samrutine.procedures.model import VersionNumber
from samrutine.proposals.model import ProposalKind, ProposalState, Significance, next_version
from samrutine.proposals.quorum import Writer
from samrutine.proposals.rules import (
    AgreedAsItWas,
    AlreadyApproved,
    AuthorCannotApprove,
    AuthorsMunicipalityDoesNotCount,
    MeaningMissing,
    NotTheAuthor,
    TextHasFaults,
    reasons_against_approving,
    reasons_against_revising,
    reasons_against_sending,
    reasons_against_text,
    reasons_against_withdrawing,
)
from samrutine.proposals.transitions import StepNotNow
from tests.support.builders import (
    EKSEMPELDAL,
    PROVEVIK,
    TESTNES,
    TODAY,
    a_digest,
    a_leader,
    a_member,
    a_policy,
    a_proposal,
    an_actor,
    an_approval,
    an_editor,
)

A_ROUND = a_proposal(by="actor-kari")


class TestApproving:
    def test_a_member_from_another_municipality_may(self):
        """
        That is what the network is for.
        """
        assert reasons_against_approving(A_ROUND, a_member("actor-ola", TESTNES), a_policy(), TODAY) == []

    def test_the_author_cannot_approve_their_own_proposal(self):
        """
        Four eyes: whoever wrote the text is the last to see what is wrong with it.
        """
        author = a_member("actor-kari", TESTNES)

        assert reasons_against_approving(A_ROUND, author, a_policy(), TODAY) == [AuthorCannotApprove(A_ROUND.id)]

    def test_the_author_cannot_approve_as_leader_either(self):
        """
        A title gives nobody a second pair of eyes.
        """
        author = a_leader("actor-kari")

        assert reasons_against_approving(A_ROUND, author, a_policy(), TODAY) == [AuthorCannotApprove(A_ROUND.id)]

    def test_a_colleague_of_the_author_does_not_count_where_the_policy_says_so(self):
        """
        Two in one corridor share their blind spots.
        """
        colleague = a_member("actor-ola", PROVEVIK)

        strict = reasons_against_approving(A_ROUND, colleague, a_policy(), TODAY)
        lenient = reasons_against_approving(A_ROUND, colleague, a_policy(author_municipality_counts=True), TODAY)

        assert strict == [AuthorsMunicipalityDoesNotCount(A_ROUND.id)]
        assert lenient == []

    def test_the_leader_from_the_authors_municipality_is_the_leader_still(self):
        """
        Otherwise nothing from the leader's own municipality could ever be approved.
        """
        assert reasons_against_approving(A_ROUND, a_leader("actor-ola", PROVEVIK), a_policy(), TODAY) == []

    def test_an_author_without_a_municipality_shuts_nobody_out(self):
        """
        A text that the editor brought in comes from none of the nine.
        """
        brought_in = a_proposal(author_municipality=None)

        assert reasons_against_approving(brought_in, a_member("actor-ola"), a_policy(), TODAY) == []

    @pytest.mark.parametrize(
        "reviser", [a_leader("actor-ola"), a_member("actor-ola", TESTNES)], ids=["leader", "member"]
    )
    def test_whoever_revised_anothers_text_cannot_approve_it(self, reviser):
        """
        Four eyes follow the words, not the name on the draft.
        """
        rewritten = a_proposal(revisers=(Writer("actor-ola", TESTNES), Writer("actor-per", None)))

        reasons = reasons_against_approving(rewritten, reviser, a_policy(), TODAY)

        assert reasons == [AuthorCannotApprove(rewritten.id)]

    def test_a_colleague_of_anybody_who_wrote_does_not_count(self):
        """
        The reviser's corridor has the reviser's blind spots.
        """
        rewritten = a_proposal(revisers=(Writer("actor-per", None), Writer("actor-ola", TESTNES)))

        given = [
            reasons_against_approving(rewritten, a_member("actor-eli", town), a_policy(), TODAY)
            for town in (PROVEVIK, TESTNES, EKSEMPELDAL)
        ]

        assert given == [[AuthorsMunicipalityDoesNotCount(rewritten.id)]] * 2 + [[]]

    def test_somebody_who_works_nowhere_is_nobodys_colleague(self):
        """
        Two without a municipality have not that in common.
        """
        rewritten = a_proposal(revisers=(Writer("actor-per", None),))
        free = an_actor("actor-eli", (Role.MEMBER, "network:smittevern"))

        assert reasons_against_approving(rewritten, free, a_policy(), TODAY) == []

    def test_nobody_agrees_to_the_same_text_twice(self):
        """
        Two clicks by one member are one opinion.
        """
        proposal = a_proposal(approved_by=["actor-ola"])

        reasons = reasons_against_approving(proposal, a_member("actor-ola", TESTNES), a_policy(), TODAY)

        assert reasons == [AlreadyApproved(proposal.id)]

    def test_whoever_agreed_to_an_earlier_text_may_agree_to_the_new_one(self):
        """
        The old yes is void, so the member must be able to say yes anew.
        """
        proposal = a_proposal(digest=a_digest("ny"), approved_by=[an_approval("actor-ola", digest=a_digest("gammel"))])

        assert reasons_against_approving(proposal, a_member("actor-ola", TESTNES), a_policy(), TODAY) == []
        assert [one.actor for one in proposal.void_approvals] == ["actor-ola"]
        assert proposal.valid_approvals == ()

    @pytest.mark.parametrize("state", [ProposalState.DRAFT, ProposalState.APPROVED, ProposalState.WITHDRAWN])
    def test_only_an_open_round_can_be_agreed_to(self, state):
        """
        A draft may change any minute, and what is approved is approved.
        """
        proposal = a_proposal(state=state)

        reasons = reasons_against_approving(proposal, a_member("actor-ola", TESTNES), a_policy(), TODAY)

        assert reasons == [StepNotNow(proposal.id, state.value, "approve")]

    @pytest.mark.parametrize(
        "somebody",
        [
            an_actor("actor-ola"),
            an_editor(),
            a_member("actor-ola", TESTNES, network="omsorg"),
            a_member("actor-ola", TESTNES, until=TODAY),
            a_member("actor-ola", TESTNES, since=TODAY + timedelta(days=1)),
        ],
        ids=["no role", "editor", "member of another network", "member until yesterday", "member from tomorrow"],
    )
    def test_only_those_in_post_in_the_network_may(self, somebody):
        """
        Faglig godkjenning is the network's own judgement.
        """
        reasons = reasons_against_approving(A_ROUND, somebody, a_policy(), TODAY)

        assert [type(one) for one in reasons] == [LacksRole]


class TestSending:
    def check(self, proposal, actor, **how):
        """Ask with nothing wrong but what the case says."""
        given = {"faults": (), **how}
        return reasons_against_sending(proposal, actor, TODAY, **given)

    @pytest.mark.parametrize("somebody", [a_leader(), an_editor()], ids=["leader", "editor"])
    def test_the_leader_and_the_editor_may(self, somebody):
        """
        Saving never sends; a round is opened by those who run the network.
        """
        assert self.check(a_proposal(state=ProposalState.DRAFT), somebody) == []

    def test_a_member_may_not(self):
        """
        Nine municipalities are asked for their time; the leader chooses when.
        """
        reasons = self.check(a_proposal(state=ProposalState.DRAFT), a_member())

        assert [type(one) for one in reasons] == [LacksRole]

    @pytest.mark.parametrize("state", [ProposalState.APPROVAL, ProposalState.APPROVED, ProposalState.WITHDRAWN])
    def test_only_a_draft_can_be_sent(self, state):
        """
        A second round of the same text would void nothing and confuse everybody.
        """
        proposal = a_proposal(state=state)

        assert self.check(proposal, a_leader()) == [StepNotNow(proposal.id, state.value, "send")]

    def test_a_text_with_errors_is_not_sent(self):
        """
        Nobody is asked to read what must be mended anyway.
        """
        draft = a_proposal(state=ProposalState.DRAFT)

        assert self.check(draft, a_leader(), faults=(3, 9)) == [TextHasFaults(draft.id, 2, 3)]

    @pytest.mark.parametrize(
        ("kind", "significance", "meaning", "asked"),
        [
            (ProposalKind.CHANGE, Significance.MAJOR, None, True),
            (ProposalKind.CHANGE, Significance.MAJOR, "", True),
            (ProposalKind.CHANGE, Significance.MAJOR, "Ring alltid først.", False),
            (ProposalKind.CHANGE, Significance.MINOR, None, False),
            (ProposalKind.NEW, Significance.MAJOR, None, False),
        ],
    )
    def test_a_significant_change_says_what_it_means(self, kind, significance, meaning, asked):
        """
        A nurse reads three lines, not two versions side by side.
        """
        draft = a_proposal(state=ProposalState.DRAFT, kind=kind, significance=significance, meaning=meaning)

        assert self.check(draft, a_leader()) == ([MeaningMissing(draft.id)] if asked else [])

    def test_every_reason_is_given_at_once(self):
        """
        Whoever mends wants to mend once.
        """
        draft = a_proposal(state=ProposalState.APPROVED, kind=ProposalKind.CHANGE)

        reasons = self.check(draft, a_member(), faults=(5,))

        assert [type(one) for one in reasons] == [LacksRole, StepNotNow, TextHasFaults, MeaningMissing]


class TestRevising:
    def check(self, proposal, actor, **how):
        """Ask with nothing wrong but what the case says."""
        given = {"digest": a_digest("ny"), "meaning": proposal.meaning, "faults": (), **how}
        return reasons_against_revising(proposal, actor, TODAY, **given)

    @pytest.mark.parametrize("state", [ProposalState.DRAFT, ProposalState.APPROVAL])
    @pytest.mark.parametrize(
        "somebody", [a_member("actor-kari"), a_leader(), an_editor()], ids=["author", "leader", "editor"]
    )
    def test_the_author_the_leader_and_the_editor_may(self, state, somebody):
        """
        Remarks are worked in while the round is open, by those who answer for the text.
        """
        assert self.check(a_proposal(state=state), somebody) == []

    @pytest.mark.parametrize(
        "somebody",
        [a_member("actor-ola"), a_leader("actor-ola", network="omsorg"), a_leader("actor-ola", until=TODAY)],
        ids=["another member", "leader of another network", "leader until yesterday"],
    )
    def test_nobody_else_may(self, somebody):
        """
        Others say what they think; they do not write in somebody's draft.
        """
        assert NotTheAuthor(A_ROUND.id) in self.check(A_ROUND, somebody)

    @pytest.mark.parametrize("state", [ProposalState.APPROVED, ProposalState.WITHDRAWN])
    def test_what_is_decided_cannot_be_changed(self, state):
        """
        What was read is what was approved; another text is another proposal.
        """
        decided = a_proposal(state=state)

        assert self.check(decided, a_leader()) == [StepNotNow(decided.id, state.value, "revise")]

    def test_a_draft_may_be_unfinished(self):
        """
        The writer saves in the middle of a sentence and goes to the ward.
        """
        draft = a_proposal(state=ProposalState.DRAFT, kind=ProposalKind.CHANGE)

        assert self.check(draft, a_leader(), faults=(3,)) == []

    def test_a_text_in_an_open_round_is_one_that_could_have_been_sent(self):
        """
        What was checked when the round opened must hold for the text that is agreed to.
        """
        asked = a_proposal(kind=ProposalKind.CHANGE)

        reasons = self.check(asked, a_leader(), faults=(3,))

        assert reasons == reasons_against_text(asked, faults=(3,))
        assert [type(one) for one in reasons] == [TextHasFaults, MeaningMissing]

    def test_what_somebody_agreed_to_gets_no_other_meaning_and_does_not_come_back(self):
        """
        A yes is to the words and to what they were said to mean; it is not counted for anything else.
        """
        agreed = a_proposal(approved_by=["actor-ola"])
        moved_on = a_proposal(digest=a_digest("ny"), approved_by=[an_approval("actor-ola")])

        reworded = self.check(agreed, a_leader(), digest=agreed.digest, meaning="Noe annet.")
        returned = self.check(moved_on, a_leader(), digest=a_digest())

        assert reworded == [AgreedAsItWas(agreed.id)]
        assert returned == [AgreedAsItWas(moved_on.id)]
        assert self.check(agreed, a_leader(), digest=agreed.digest) == []
        assert self.check(a_proposal(), a_leader(), digest=a_digest(), meaning="Noe annet.") == []

    def test_an_author_who_left_every_role_changes_nothing_more(self):
        """
        Whoever stopped working here writes no more in what is ours.
        """
        assert LacksRole in [type(one) for one in self.check(A_ROUND, an_actor("actor-kari"))]


class TestWithdrawing:
    @pytest.mark.parametrize("state", [ProposalState.DRAFT, ProposalState.APPROVAL])
    @pytest.mark.parametrize(
        "somebody", [a_member("actor-kari"), a_leader(), an_editor()], ids=["author", "leader", "editor"]
    )
    def test_the_author_the_leader_and_the_editor_may(self, state, somebody):
        """
        A forgotten draft must not hold an id for ever, and a round nobody wants must end.
        """
        assert reasons_against_withdrawing(a_proposal(state=state), somebody, TODAY) == []

    def test_nobody_else_may(self):
        """
        Nobody stops a neighbour's proposal.
        """
        reasons = reasons_against_withdrawing(A_ROUND, a_member("actor-ola"), TODAY)

        assert reasons == [NotTheAuthor(A_ROUND.id)]

    @pytest.mark.parametrize("state", [ProposalState.APPROVED, ProposalState.WITHDRAWN])
    def test_what_is_decided_stays_decided(self, state):
        """
        A version is ended by the municipalities that use it, not by its author's second thoughts.
        """
        decided = a_proposal(state=state)

        assert reasons_against_withdrawing(decided, a_leader(), TODAY) == [
            StepNotNow(decided.id, state.value, "withdraw")
        ]


class TestVersionNumbers:
    @pytest.mark.parametrize(
        ("current", "significance", "expected"),
        [
            (None, Significance.MINOR, "1.0"),
            (None, Significance.MAJOR, "1.0"),
            ("1.0", Significance.MINOR, "1.1"),
            ("1.9", Significance.MINOR, "1.10"),
            ("1.10", Significance.MAJOR, "2.0"),
        ],
    )
    def test_a_significant_change_is_a_whole_number_and_a_correction_a_tenth(self, current, significance, expected):
        """
        The number on the paper says whether one must read it again.
        """
        number = VersionNumber.parse(current) if current else None

        assert str(next_version(number, significance)) == expected

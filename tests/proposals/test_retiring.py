"""Withdrawal of a routine, with or without another in its place: the network's decision, and each municipality's own."""

import pytest
from sqlmodel import col, select

from samrutine import Refused
from samrutine.errors import ProcedureNotFound
from samrutine.procedures.model import VersionNumber
from samrutine.proposals.model import ProposalKind, ProposalState
from samrutine.storage.git import MAIN
from samrutine.storage.rows import NotificationRow, ProcedureRow, WaitingRow
from tests.support.stories import APPROVERS, UNHEARD, approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

WHY = "Dekket av den nye rutinen."


def reasons_of(caught):
    """Give the names of the reasons of a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


def withdrawn(library, procedure="handhygiene", replaced_by=None):
    """Take a proposal to withdraw a routine all the way; gives the last answer."""
    draft = library.propose_withdrawal(procedure, reason=WHY, replaced_by=replaced_by, by="skribent")
    library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
    for one in APPROVERS:
        answer = library.approve(draft.proposal, digest=draft.digest, by=one)
    return answer


def waiting(library, what):
    """Give the bodies in whose inbox something of that sort is open."""
    with library._parts.database.reading() as session:
        rows = session.exec(
            select(WaitingRow).where(WaitingRow.what == what, col(WaitingRow.closed_number).is_(None))
        ).all()
    return sorted(row.body for row in rows)


def row_of(library, procedure="handhygiene"):
    """Give a routine's row."""
    with library._parts.database.reading() as session:
        return session.get_one(ProcedureRow, procedure)


class TestWhatWaitsForTheNetwork:
    def test_is_no_change_after_a_review_any_more(self, any_library_with_routine):
        """
        «Must be changed» was found at the review; what is withdrawn is not changed, and could not be reviewed again.
        """
        library = any_library_with_routine
        library.review("handhygiene", outcome="to-change", version="1.0", note="Utdatert.", by="leder")
        waited = waiting(library, "change-after-review")

        withdrawn(library)

        assert waited == ["network:smittevern"]
        assert waiting(library, "change-after-review") == []


class TestProposingIt:
    def test_is_a_draft_that_says_why(self, any_library_with_routine):
        """
        It is heard and agreed to as a text is; nothing is withdrawn by asking.
        """
        library = any_library_with_routine

        made = library.propose_withdrawal("handhygiene", reason=WHY, by="skribent")

        proposal, _ = library.get_proposal(made.proposal, reader="redaktor")
        assert (proposal.kind, proposal.state) == (ProposalKind.WITHDRAWAL, ProposalState.DRAFT)
        assert (proposal.meaning, proposal.base_version) == (WHY, VersionNumber(1, 0))
        assert row_of(library).withdrawn_number is None
        assert library.verify().is_clean

    def test_asks_for_a_hearing_as_a_significant_change_does(self, library_with_routine):
        """
        To lose a routine means more to a ward than to have one changed.
        """
        made = library_with_routine.propose_withdrawal("handhygiene", reason=WHY, by="skribent")

        with pytest.raises(Refused) as caught:
            library_with_routine.send(made.proposal, digest=made.digest, by="leder")

        assert reasons_of(caught) == ["HearingMissing"]

    @pytest.mark.parametrize("other", ["handhygiene", "finnes-ikke"])
    def test_refuses_a_replacement_that_cannot_be_followed(self, library_with_routine, other):
        """
        Whoever looks the old routine up is sent there.
        """
        with pytest.raises(Refused) as caught:
            library_with_routine.propose_withdrawal("handhygiene", reason=WHY, replaced_by=other, by="skribent")

        assert reasons_of(caught) == ["ReplacementNotThere"]

    def test_one_at_a_time(self, library_with_routine):
        """
        Two would ask the same members the same question.
        """
        library_with_routine.propose_withdrawal("handhygiene", reason=WHY, by="skribent")

        with pytest.raises(Refused) as caught:
            library_with_routine.propose_withdrawal("handhygiene", reason="Ja.", by="ansatt.fauske")

        assert reasons_of(caught) == ["WithdrawalUnderWay"]

    def test_refuses_a_routine_that_nobody_has(self, library):
        """
        There is nothing to withdraw.
        """
        with pytest.raises(ProcedureNotFound):
            library.propose_withdrawal("finnes-ikke", reason=WHY, by="skribent")

    def test_has_no_text_to_revise_or_hurry(self, library_with_routine):
        """
        Its words are those that would go.
        """
        library = library_with_routine
        made = library.propose_withdrawal("handhygiene", reason=WHY, by="skribent")

        with pytest.raises(Refused) as revised:
            library.revise(made.proposal, a_routine(extra="x"), read_digest=made.digest, by="skribent")
        with pytest.raises(Refused) as hurried:
            library.hurry(made.proposal, digest=made.digest, reason="Nå.", by="leder")

        assert reasons_of(revised) == reasons_of(hurried) == ["WithdrawalHasNoText"]

    def test_the_same_id_again_is_the_same_draft(self, any_library_with_routine):
        """
        Pressing twice asks once.
        """
        first, again = (
            any_library_with_routine.propose_withdrawal("handhygiene", reason=WHY, by="skribent", decision_id="w-1")
            for _ in "12"
        )

        assert first.number == again.number


class TestWithdrawing:
    def test_leaves_main_and_asks_each_that_uses_it(self, any_library_with_routine):
        """
        What applies goes on until the municipality itself has decided: the responsibility is its own.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        library.decline("handhygiene", "beiarn", reason="Egen.", by="beslutter.beiarn")
        approve_with_everyone(library, a_routine("ny-hygiene", title="Ny hygiene"))

        answer = withdrawn(library, replaced_by="ny-hygiene")

        assert answer.withdrawn
        assert answer.version is None
        assert (row_of(library).replaced_by, row_of(library).withdrawn_number is None) == ("ny-hygiene", False)
        tree = library._parts.store.tree(MAIN)
        assert "procedures/smittevern/handhygiene.md" not in tree
        assert "procedures/smittevern/ny-hygiene.md" in tree
        asked = waiting(library, "consider-withdrawal")
        assert "municipality:1841" in asked
        assert "municipality:1839" not in asked, "one that does not use it is asked nothing"
        assert len(asked) == 8
        (applies,) = library.in_force(municipality="fauske", procedure="handhygiene")
        assert applies.version == VersionNumber(1, 0)
        assert library.verify().is_clean

    def test_those_who_prepare_are_told(self, library_with_routine):
        """
        Nobody should learn of it from a colleague.
        """
        withdrawn(library_with_routine)

        with library_with_routine._parts.database.reading() as session:
            told = session.exec(select(NotificationRow).where(NotificationRow.what == "procedure-withdrawn")).all()
        assert {row.body for row in told} >= {"municipality:1841", "municipality:1839"}

    def test_a_change_that_was_under_way_cannot_bring_it_back(self, library_with_routine):
        """
        It was written by somebody who did not know.
        """
        library = library_with_routine
        draft = library.propose(a_routine(extra="x"), changes="handhygiene", significance="minor", by="ansatt.fauske")
        withdrawn(library)

        with pytest.raises(Refused) as caught:
            library.send(draft.proposal, digest=draft.digest, by="leder")

        assert reasons_of(caught) == ["ProcedureWithdrawn"]

    def test_it_may_be_proposed_anew_and_is_taken_up_again(self, any_library_with_routine):
        """
        A network may change its mind; it says so by the whole way, and the numbers go on.
        """
        library = any_library_with_routine
        withdrawn(library)

        same = library.propose(a_routine(), changes="handhygiene", significance="minor", by="skribent")
        later = change_with_everyone(library, a_routine(extra="Igjen."), meaning="Den er tatt opp igjen.")

        assert not same.unchanged
        assert later.version == VersionNumber(2, 0)
        assert row_of(library).withdrawn_number is None
        assert library._parts.store.tree(MAIN)["procedures/smittevern/handhygiene.md"]
        assert library.verify().is_clean

    def test_is_not_withdrawn_for_one_that_was_withdrawn_meanwhile(self, library_with_routine):
        """
        Nobody is sent from one closed door to another.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("ny-hygiene", title="Ny hygiene"))
        draft = library.propose_withdrawal("handhygiene", reason=WHY, replaced_by="ny-hygiene", by="skribent")
        withdrawn(library, "ny-hygiene")

        with pytest.raises(Refused) as caught:
            library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")

        assert reasons_of(caught) == ["ReplacementNotThere"]

    def test_twice_is_refused(self, library_with_routine):
        """
        It is gone already.
        """
        withdrawn(library_with_routine)

        with pytest.raises(Refused) as caught:
            library_with_routine.propose_withdrawal("handhygiene", reason=WHY, by="skribent")

        assert reasons_of(caught) == ["ProcedureWithdrawn"]

    def test_a_row_that_says_otherwise_is_found(self, library_with_routine):
        """
        A routine that its network withdrew must not seem to stand.
        """
        library = library_with_routine
        withdrawn(library)

        with library._parts.database.writing() as session:
            session.get_one(ProcedureRow, "handhygiene").withdrawn_number = None

        assert "withdrawn" in {one.code for one in library.verify().faults}

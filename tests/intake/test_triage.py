"""What becomes of each routine in a group, and when a draft can be made."""

import pytest

from samrutine.intake.triage import (
    MAY_FOLLOW,
    NothingToDraft,
    OneIsKept,
    OthersAreMerged,
    RevisionAwaited,
    Triage,
    TriagedAlready,
    TriageMissing,
    TriageStands,
    TriageUnexplained,
    drafted_from,
    reasons_against_draft,
    reasons_against_triage,
)

KEEP, MERGE, DROP, REVISE = Triage.KEEP, Triage.MERGE, Triage.DROP, Triage.NEEDS_REVISION


class TestAnswering:
    @pytest.mark.parametrize("before", [None, *Triage])
    @pytest.mark.parametrize("to", list(Triage))
    def test_any_answer_may_follow_any_other_until_a_draft_is_made(self, before, to):
        """
        People change their minds when they have read the other eight.
        """
        reasons = reasons_against_triage({"a": before, "b": None}, "a", to, reason="Den er utdatert.")

        assert (not reasons) is (to in MAY_FOLLOW[before])

    def test_the_same_answer_again_says_so(self):
        """
        Two people may answer at once.
        """
        assert reasons_against_triage({"a": KEEP}, "a", KEEP) == [TriagedAlready(KEEP)]

    @pytest.mark.parametrize("to", [DROP, REVISE])
    @pytest.mark.parametrize("reason", [None, "  "])
    def test_who_drops_or_sends_back_says_why(self, to, reason):
        """
        Somebody wrote it, and will ask.
        """
        assert reasons_against_triage({"a": None}, "a", to, reason=reason) == [TriageUnexplained(to)]

    @pytest.mark.parametrize("to", [KEEP, MERGE])
    def test_beside_one_that_is_kept_none_is_kept_or_merged(self, to):
        """
        Two shared routines about the same are what the group was made to end.
        """
        assert reasons_against_triage({"a": None, "b": KEEP}, "a", to) == [OneIsKept("b")]

    def test_none_is_kept_beside_those_that_are_merged(self):
        """
        The merged one would be the second routine about the same.
        """
        assert reasons_against_triage({"a": None, "b": MERGE, "c": MERGE}, "a", KEEP) == [OthersAreMerged(2)]

    def test_nothing_changes_after_the_draft(self):
        """
        The draft would no longer be made of what the list says.
        """
        assert reasons_against_triage({"a": MERGE, "b": MERGE}, "a", KEEP, is_drafted=True) == [TriageStands()]


class TestDrafting:
    @pytest.mark.parametrize(
        ("group", "reasons"),
        [
            ({"a": KEEP, "b": DROP}, []),
            ({"a": MERGE, "b": MERGE, "c": DROP}, []),
            ({"a": MERGE, "b": DROP}, [NothingToDraft(1)]),
            ({"a": DROP}, [NothingToDraft(0)]),
            ({"a": KEEP, "b": None}, [TriageMissing(1, ("b",))]),
            ({"a": MERGE, "b": REVISE, "c": None}, [TriageMissing(1, ("c",)), RevisionAwaited(1, ("b",))]),
        ],
        ids=["one kept", "two merged", "one merged", "all dropped", "one unanswered", "one to be revised"],
    )
    def test_waits_until_every_routine_has_its_answer(self, group, reasons):
        """
        What nobody has looked at would be left out without anybody having said so.
        """
        assert reasons_against_draft(group) == reasons

    def test_is_made_of_what_is_kept_or_merged(self):
        """
        What was dropped has no place in it.
        """
        assert drafted_from({"b": KEEP, "a": DROP}) == ("b",)
        assert drafted_from({"c": MERGE, "a": MERGE, "b": DROP}) == ("a", "c")

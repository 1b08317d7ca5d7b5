"""When a routine is looked through again, and who may look after it: the rules alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.actors import Role, network_body
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.procedures.review import (
    DueReview,
    HoldsNoRoleInNetwork,
    NothingToLookAfter,
    ReviewOutcome,
    SameTwice,
    by_month,
    is_overdue,
    months_after,
    next_review_after,
    reasons_against_looking_after,
    reasons_against_owners,
)
from samrutine.procedures.whereabouts import last_of_chain
from tests.support.builders import TODAY, an_actor


class TestNextReview:
    def test_found_unchanged_it_is_due_a_whole_interval_from_the_day_it_was_done(self):
        """
        A review done early or late counts from when somebody looked, not from when they should have.
        """
        after = next_review_after(
            ReviewOutcome.UNCHANGED, planned=date(2026, 1, 31), today=date(2026, 8, 31), interval_months=6
        )

        assert after == date(2027, 2, 28)

    def test_found_in_need_of_change_its_day_stands(self):
        """
        Nobody is done with a routine by finding that it is wrong.
        """
        after = next_review_after(
            ReviewOutcome.TO_CHANGE, planned=date(2026, 1, 31), today=date(2026, 8, 31), interval_months=6
        )

        assert after == date(2026, 1, 31)

    @pytest.mark.parametrize(
        ("day", "overdue"),
        [(date(2026, 11, 22), False), (date(2026, 11, 23), False), (date(2026, 11, 24), True)],
        ids=["the day before", "on the day", "the day after"],
    )
    def test_it_is_overdue_the_day_after(self, day, overdue):
        """
        On the day itself there is still time.
        """
        assert is_overdue(date(2026, 11, 23), day) is overdue

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 240), st.integers(0, 240))
    def test_more_months_are_never_an_earlier_day(self, day, few, more):
        """
        Whatever the lengths of the months.
        """
        assert months_after(day, few) <= months_after(day, few + more)


class TestOwners:
    def test_who_looks_after_a_routine_has_a_role_in_its_network_on_the_day(self):
        """
        Somebody who left the network cannot mend its routines.
        """
        member = an_actor("actor-kari", (Role.MEMBER, network_body("smittevern")))
        stranger = an_actor("actor-ola", (Role.MEMBER, network_body("omsorg")))

        assert reasons_against_owners("vakt", "smittevern", {"owner": member}, TODAY) == []
        assert reasons_against_owners("vakt", "smittevern", {"owner": member, "deputy": stranger}, TODAY) == [
            HoldsNoRoleInNetwork("deputy", "smittevern")
        ]

    def test_nobody_is_their_own_deputy(self):
        """
        When one is away, both are.
        """
        member = an_actor("actor-kari", (Role.MEMBER, network_body("smittevern")))

        reasons = reasons_against_owners("vakt", "smittevern", {"owner": member, "deputy": member}, TODAY)

        assert reasons == [SameTwice("vakt")]

    def test_a_withdrawn_routine_is_not_looked_after(self):
        """
        There is nothing to look at.
        """
        assert reasons_against_looking_after("vakt", is_withdrawn=False) == []
        assert reasons_against_looking_after("vakt", is_withdrawn=True) == [NothingToLookAfter("vakt")]


class TestByMonth:
    def test_counts_what_is_overdue_and_each_of_the_coming_months(self):
        """
        The first bar is what should have been done; a month without any is shown as one without any.
        """
        today = date(2026, 11, 23)
        days = [date(2026, 10, 1), date(2026, 11, 22), today, date(2026, 11, 30), date(2027, 1, 31), date(2027, 11, 1)]
        due = [
            DueReview(ProcedureId("vakt"), "Vakt", "smittevern", VersionNumber(1, 0), day, (day - today).days)
            for day in days
        ]

        counted = dict(by_month(due, today))

        assert {month: count for month, count in counted.items() if count} == {
            None: 2, date(2026, 11, 1): 2, date(2027, 1, 1): 1
        }  # fmt: skip
        assert list(counted)[-1] == date(2027, 10, 1)
        assert len(counted) == 13


class TestChainOfReplacements:
    def test_it_is_followed_to_the_last(self):
        """
        A link from 2024 must lead to what applies in 2027.
        """
        assert last_of_chain("a", {"a": "b", "b": "c"}.get) == "c"

    @given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")), st.sampled_from("abcdef"))
    def test_it_ends_even_when_it_goes_in_a_ring(self, replaced_by, start):
        """
        Two routines that replace each other must not hang a page.
        """
        last = last_of_chain(start, replaced_by.get)

        assert last in set("abcdef")
        assert last == start or start in replaced_by

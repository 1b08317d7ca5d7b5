"""What applies from when to when: one version a day, whatever is decided, and the past stays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.adoptions.model import (
    Planned,
    cancelled_by,
    intervals_after,
    intervals_cut,
    planned_after,
    planned_before,
)
from samrutine.procedures.model import VersionNumber
from samrutine.procedures.review import months_after
from tests.support.builders import a_digest, an_interval

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(40)]


def day(number):
    """Give a day of the month the tests look at."""
    return DAYS[number]


def after(known, change):
    """Give what is known after a change, in order, and see that the change names only what is known."""
    assert set(change.superseded) <= set(known)
    kept = [one for one in known if one not in change.superseded]
    return sorted([*kept, *change.added], key=lambda one: one.from_on)


def on_each_day(intervals):
    """Give the version in force on each day; fail when a day has two."""
    found = {}
    for one in DAYS:
        holding = [interval.version for interval in intervals if interval.holds_on(one)]
        assert len(holding) <= 1, (one, holding)
        found[one] = holding[0] if holding else None
    return found


acts = st.lists(st.tuples(st.sampled_from(["adopt", "end"]), st.integers(0, 30), st.integers(0, 9)), max_size=12)


class TestInForce:
    @given(acts=acts)
    def test_every_history_gives_what_a_calendar_filled_in_by_hand_would(self, acts):
        """
        The naive model: a calendar where each decision overwrites its day and all that follow.
        """
        known, calendar = [], dict.fromkeys(DAYS)

        for number, (verb, first, minor) in enumerate(acts, 1):
            before = on_each_day(known)
            if verb == "adopt":
                new = an_interval(day(first), version=f"1.{minor}", adopted_number=number, row=None)
                known = after(known, intervals_after(known, new))
                calendar.update(dict.fromkeys(DAYS[first:], new.version))
            else:
                known = after(known, intervals_cut(known, day(first)))
                calendar.update(dict.fromkeys(DAYS[first:]))
            now = on_each_day(known)

            assert now == calendar
            assert [now[one] for one in DAYS[:first]] == [before[one] for one in DAYS[:first]]
            known = [replace(one, row=n) for n, one in enumerate(known)]

    @given(acts=acts)
    def test_no_interval_is_empty_or_backwards(self, acts):
        """
        The table refuses such a row, and a person could not read it.
        """
        known = []

        for verb, first, minor in acts:
            new = an_interval(day(first), version=f"1.{minor}")
            known = after(known, intervals_after(known, new) if verb == "adopt" else intervals_cut(known, day(first)))

            assert all(one.until_on is None or one.until_on > one.from_on for one in known)

    def test_a_new_version_ends_the_old_the_same_day(self):
        """
        There is no night in which nothing applies.
        """
        old = an_interval(day(0), version="1.0", row=1)

        change = intervals_after([old], an_interval(day(10), version="2.0"))

        assert change.superseded == (old,)
        assert [(one.from_on, one.until_on, str(one.version)) for one in change.added] == [
            (day(0), day(10), "1.0"),
            (day(10), None, "2.0"),
        ]

    def test_what_is_postponed_lets_the_old_go_on_until_the_new_day(self):
        """
        A month more with the old text, and no night in which nothing applies.
        """
        old, planned = an_interval(day(0), day(10), version="1.0", row=1), an_interval(day(10), version="2.0", row=2)

        change = intervals_after([old, planned], an_interval(day(20), version="2.0"), postpones=day(10))

        assert change.superseded == (old, planned)
        assert [(one.from_on, one.until_on, str(one.version)) for one in change.added] == [
            (day(0), day(20), "1.0"),
            (day(20), None, "2.0"),
        ]
        assert cancelled_by([old, planned], change, day(5)) == (Planned(VersionNumber(2, 0), day(10)),)

    @pytest.mark.parametrize(
        ("today", "asked", "found"),
        [(5, 20, 10), (5, 10, None), (5, 8, None), (10, 20, None)],
        ids=["later", "the same day", "earlier", "it applies already"],
    )
    def test_only_a_later_day_postpones(self, today, asked, found):
        """
        An earlier day brings it forward, and what applies already is not planned.
        """
        planned = an_interval(day(10), version="2.0")

        before = planned_before([planned], planned.version, day(asked), day(today))

        assert before == (None if found is None else day(found))

    def test_a_shortened_interval_keeps_the_decision_that_took_it_into_use(self):
        """
        Ending a use does not change who decided to begin it.
        """
        old = an_interval(day(0), position="kommunalsjef", adopted_number=7, digest=a_digest("a"), row=1)

        (kept,) = intervals_cut([old], day(5)).added

        assert (kept.adopted_number, kept.position, kept.digest, kept.row) == (7, "kommunalsjef", a_digest("a"), None)

    def test_a_use_that_has_not_begun_leaves_no_trace_in_the_calendar(self):
        """
        What was to apply from next month never applied.
        """
        to_come = an_interval(day(20), row=1)

        assert intervals_cut([to_come], day(5)) == ((to_come,), ())
        assert intervals_cut([to_come], day(20)) == ((to_come,), ())

    def test_what_ended_before_is_not_touched(self):
        """
        The archive is not rewritten because something new is decided.
        """
        past = an_interval(day(0), day(5), row=1)

        assert intervals_cut([past], day(5)) == ((), ())
        assert intervals_after([past], an_interval(day(5), version="1.1")).superseded == ()


class TestWhatIsToCome:
    OLD = an_interval(day(0), day(20), version="1.0", row=1)
    NEW = an_interval(day(20), version="1.1", row=2)
    V11 = VersionNumber(1, 1)

    @pytest.mark.parametrize(
        ("known", "asked", "expected"),
        [
            ([OLD, NEW], 0, Planned(V11, day(20))),
            ([OLD, NEW], 19, Planned(V11, day(20))),
            ([OLD, NEW], 20, None),
            ([OLD], 5, Planned(None, day(20))),
            ([OLD], 20, None),
            ([OLD, replace(NEW, from_on=day(30))], 5, Planned(None, day(20))),
            ([OLD, replace(NEW, from_on=day(30))], 25, Planned(V11, day(30))),
            ([], 0, None),
        ],
        ids=["to change", "tomorrow", "changed", "to end", "ended", "a gap first", "in the gap", "nothing"],
    )
    def test_is_the_next_change_and_its_day(self, known, asked, expected):
        """
        Whoever looks today must see what applies today, and what will not in a month.
        """
        assert planned_after(known, day(asked)) == expected

    def test_a_decision_names_what_it_takes_away(self):
        """
        Somebody planned it, and has told people.
        """
        known = [self.OLD, self.NEW]

        adopted = cancelled_by(known, intervals_after(known, an_interval(day(5), version="1.2")), day(5))
        ended = cancelled_by(known, intervals_cut(known, day(5)), day(5))

        assert adopted == ended == (Planned(self.V11, day(20)),)

    def test_an_ending_that_does_not_come_is_named(self):
        """
        The ward was told that the routine stops at the turn of the year.
        """
        change = intervals_after([self.OLD], an_interval(day(5), version="1.1"))

        assert cancelled_by([self.OLD], change, day(5)) == (Planned(None, day(20)),)

    def test_what_is_cut_short_as_asked_is_not_named(self):
        """
        Nobody needs to be told what they just said.
        """
        open_use = an_interval(day(0), row=1)

        assert cancelled_by([open_use], intervals_cut([open_use], day(5)), day(5)) == ()
        assert cancelled_by([open_use], intervals_after([open_use], an_interval(day(5), version="1.1")), day(5)) == ()
        assert cancelled_by([self.OLD], intervals_cut([self.OLD], day(5)), day(5)) == ()
        assert cancelled_by([open_use], intervals_cut([open_use], day(0)), day(0)) == ()


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2026, 11, 23), 24, date(2028, 11, 23)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2028, 2, 29), 12, date(2029, 2, 28)),
            (date(2026, 12, 31), 2, date(2027, 2, 28)),
            (date(2026, 11, 23), 1, date(2026, 12, 23)),
            (date(2026, 12, 1), 12, date(2027, 12, 1)),
        ],
    )
    def test_the_next_review_is_the_same_day_or_the_months_last(self, day, months, expected):
        """
        A review due on the 31st of February would never come.
        """
        assert months_after(day, months) == expected

    @given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(1, 120))
    def test_is_never_in_the_month_after(self, day, months):
        """
        Twenty-four months are two years, not two years and a day.
        """
        later = months_after(day, months)

        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
        assert later.day <= day.day

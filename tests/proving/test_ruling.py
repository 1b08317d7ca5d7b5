"""The checker's own rule of what applied on a day, held against the intervals of the library."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from samrutine.adoptions.model import intervals_after, intervals_cut, planned_before
from samrutine.procedures.model import VersionNumber
from samrutine.proving.check_proof import ruling
from tests.adoptions.test_intervals import DAYS, after, on_each_day
from tests.support.builders import an_interval

ANSWERS = ("declined", "found_not_relevant", "kept_own_routine", "ended")

histories = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(["1.0", "1.1", "1.2"]), st.sampled_from(ANSWERS)), st.integers(0, 12), st.integers(0, 3)
    ),
    max_size=12,
)  # fmt: skip
"""What is answered, how many days ahead it is to hold, and how many days go by before it."""


class TestWhatAppliedOnADay:
    @example([("1.0", 0, 0), ("1.1", 5, 1), ("1.1", 9, 0)])
    @example([("1.0", 5, 0), ("1.0", 9, 0)])
    @example([("1.0", 0, 0), ("ended", 4, 0), ("1.1", 5, 0), ("1.1", 9, 0)])
    @given(histories)
    def test_the_checker_and_the_library_agree_on_each_day(self, history):
        """
        Two rules that differ let a forger show what never applied, and refuse whoever tells the truth.
        """
        known, answers, today = [], [], 0

        for number, (what, ahead, passed) in enumerate(history, 1):
            today = min(today + passed, 20)
            first = DAYS[today + ahead]
            if what in ANSWERS:
                # Only an end can be decided ahead.
                first = first + timedelta(days=1) if what == "ended" else DAYS[today]
                known = after(known, intervals_cut(known, first))
                answers.append({"number": number, "kind": what, "facts": {"until": first.isoformat()}})
            else:
                new = an_interval(first, version=what, adopted_number=number, row=None)
                postponed = planned_before(known, VersionNumber.parse(what), first, DAYS[today])
                known = after(known, intervals_after(known, new, postpones=postponed))
                facts = {"from": first.isoformat(), **({"postpones": postponed.isoformat()} if postponed else {})}
                answers.append({"number": number, "kind": "adopted", "version": what, "facts": facts})
            known = [replace(one, row=n) for n, one in enumerate(known)]

        applied = {one: str(version) if version else None for one, version in on_each_day(known).items()}
        assert {one: (ruling(answers, one.isoformat())[0] or {}).get("version") for one in DAYS} == applied

"""What is decided for a day to come is not said of today, and what applied is said as it was."""

from datetime import date, timedelta

import pytest

from samrutine.adoptions.additions import AnswerTo
from samrutine.adoptions.model import AdoptionState, Planned, PlannedAlready
from samrutine.errors import Refused
from samrutine.procedures.model import VersionNumber
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

DAY = timedelta(days=1)
OLD, NEW = VersionNumber(1, 0), VersionNumber(1, 1)
WHERE = ("handhygiene", "1841")


def reasons_of(caught):
    """Give the names of the reasons in a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


@pytest.fixture
def used(library_with_routine):
    """`handhygiene` 1.0 is in use in Fauske, and 1.1 is faglig godkjent."""
    library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    change_with_everyone(library_with_routine, a_routine(extra="Nytt."))
    return library_with_routine


class TestWhoUsesWhat:
    def test_a_version_that_is_to_apply_does_not_apply_yet(self, used, clock):
        """
        The network leader counts who still follows the old text, and must not count those who will stop in a month.
        """
        first = clock.today + 30 * DAY
        used.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        now, then = used.matrix().cells[WHERE], used.matrix(first).cells[WHERE]

        assert (now.state, now.version, now.behind, now.in_force_from) == (AdoptionState.IN_USE, OLD, True, clock.today)
        assert now.planned == Planned(NEW, first)
        assert (then.state, then.version, then.behind, then.planned) == (AdoptionState.IN_USE, NEW, False, None)

    def test_a_use_that_is_to_end_has_not_ended(self, used, clock):
        """
        The evening shift of the last day follows it, whatever the table says.
        """
        last = clock.today + 60 * DAY
        used.end_use("handhygiene", "Fauske", last_day=last, reason="Slått sammen.", by="beslutter.fauske")

        cells = [used.matrix(one).cells[WHERE] for one in (clock.today, last, last + DAY)]

        assert [one.state for one in cells] == [AdoptionState.IN_USE, AdoptionState.IN_USE, AdoptionState.ENDED]
        assert [one.version for one in cells] == [OLD, OLD, None]
        assert [one.planned for one in cells] == [Planned(None, last + DAY), Planned(None, last + DAY), None]

    def test_a_use_that_has_not_begun_is_planned(self, library_with_routine, clock):
        """
        They have answered, and have nothing to follow yet.
        """
        library, first = library_with_routine, clock.today + 8 * DAY
        library.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        cell = library.matrix().cells[WHERE]
        clock.forward(days=8)
        later = library.matrix().cells[WHERE]

        assert (cell.state, cell.version, cell.planned) == (AdoptionState.PLANNED, None, Planned(OLD, first))
        assert (later.state, later.version, later.planned) == (AdoptionState.IN_USE, OLD, None)
        assert library.verify().is_clean


class TestDaysThatAreNone:
    @pytest.mark.parametrize(
        ("last_day", "reason"),
        [(date.min, "NotInForceOn"), (date(2026, 11, 22), "NotInForceOn"), (date.max, "TooFarAhead")],
        ids=["year one", "the day before it began", "the end of the calendar"],
    )
    def test_a_last_day_that_cannot_be_is_refused_and_nothing_is_lost(self, used, clock, last_day, reason):
        """
        A slip of the hand took the whole use out of the history, or gave a page full of code.
        """
        with pytest.raises(Refused) as caught:
            used.end_use("handhygiene", "Fauske", last_day=last_day, reason="Feil.", by="beslutter.fauske")

        assert reasons_of(caught) == [reason]
        assert [str(one.version) for one in used.in_force(clock.today)] == ["1.0"]

    def test_a_last_day_before_a_use_that_has_begun_is_refused(self, any_library_with_routine, clock):
        """
        It said that the newer version never applied, and nobody was told.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        clock.forward(days=5)
        change_with_everyone(library, a_routine(extra="Ny."))
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        clock.forward(days=5)

        with pytest.raises(Refused) as caught:
            library.end_use(
                "handhygiene", "Fauske", last_day=clock.today - 8 * DAY, reason="Feil.", by="beslutter.fauske"
            )

        assert reasons_of(caught) == ["BegunSince"]
        assert [str(one.version) for one in library.in_force()] == ["1.1"]
        assert library.verify().is_clean

    def test_a_first_day_in_another_age_is_refused(self, library_with_routine):
        """
        A routine taken into use from 2062 looks answered, and applies to nobody.
        """
        with pytest.raises(Refused) as caught:
            library_with_routine.adopt("handhygiene", "Fauske", from_on=date(2062, 12, 1), by="beslutter.fauske")

        assert reasons_of(caught) == ["TooFarAhead"]


class TestWhatFallsAway:
    def test_a_plan_is_not_taken_away_by_deciding_what_applies_already(self, used, clock):
        """
        It read as a yes to what they have, and wiped out what they had agreed on.
        """
        first = clock.today + 30 * DAY
        used.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        with pytest.raises(Refused) as caught:
            used.adopt("handhygiene", "Fauske", version="1.0", from_on=clock.today + 10 * DAY, by="beslutter.fauske")

        assert reasons_of(caught) == ["WouldOnlyCancel"]
        assert [str(one.version) for one in used.in_force(first)] == ["1.1"]

    def test_what_is_planned_is_said_with_its_day(self, used, clock):
        """
        «Gjelder fra før» was said of what nobody was to follow for another month.
        """
        first = clock.today + 30 * DAY
        used.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        with pytest.raises(Refused) as caught:
            used.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        assert caught.value.reasons == (PlannedAlready("handhygiene", "1.1", "Fauske", first),)

    def test_a_planned_version_is_postponed_in_one_step(self, any_library_with_routine, clock):
        """
        The course was put off to February. Until then they follow what they follow, and the answer says what fell away.
        """
        library, first, later = any_library_with_routine, clock.today + 30 * DAY, clock.today + 60 * DAY
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        change_with_everyone(library, a_routine(extra="Nytt."))
        library.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        made = library.adopt("handhygiene", "Fauske", from_on=later, by="beslutter.fauske")

        assert (made.from_on, made.cancelled) == (later, (Planned(NEW, first),))
        days = (clock.today, first, later - DAY, later)
        assert [[str(one.version) for one in library.in_force(day)] for day in days] == [["1.0"]] * 3 + [["1.1"]]
        assert library.verify().is_clean

    def test_it_is_not_postponed_from_under_an_addition_that_changes_with_it(self, used, clock):
        """
        The addition would end in January, and the text that made it needless come in February.
        """
        first = clock.today + 30 * DAY
        note = used.add_addition(
            "handhygiene", "Fauske", "", "practical-note", "I skapet.", by="ansvarlig.fauske"
        ).addition
        used.adopt("handhygiene", "Fauske", from_on=first, additions={note: AnswerTo.DROP}, by="beslutter.fauske")

        with pytest.raises(Refused) as caught:
            used.adopt("handhygiene", "Fauske", from_on=first + DAY, by="beslutter.fauske")

        assert reasons_of(caught) == ["PlannedWithAdditions"]

    def test_a_new_addition_that_a_planned_version_asks_about_waits_for_whoever_decides(self, used, clock):
        """
        They planned it before there was an addition, and nobody looks at a plan again by chance.
        """
        first = clock.today + 30 * DAY
        used.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        def waits():
            return [(one.what, one.due_on) for one in used.inbox("beslutter.fauske")]

        note = used.add_addition(
            "handhygiene", "Fauske", "formal", "practical-note", "Gjelder også vikarer.", by="ansvarlig.fauske"
        ).addition
        asked = waits()
        used.adopt("handhygiene", "Fauske", additions={note: AnswerTo.KEEP}, by="beslutter.fauske")

        assert asked == [("answer-for-additions", first)]
        assert waits() == []
        used.add_addition("handhygiene", "Fauske", "avvik", "practical-note", "Ring vakten.", by="ansvarlig.fauske")
        assert waits() == []

    def test_an_answer_about_an_addition_does_not_move_the_day(self, used, clock):
        """
        Whoever keeps a note has not said that the version is to apply a month earlier.
        """
        first = clock.today + 30 * DAY
        used.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")
        note = used.add_addition(
            "handhygiene", "Fauske", "", "practical-note", "I skapet.", by="ansvarlig.fauske"
        ).addition

        made = used.adopt("handhygiene", "Fauske", additions={note: AnswerTo.KEEP}, by="beslutter.fauske")

        assert (made.from_on, made.cancelled) == (first, ())
        assert [str(one.version) for one in used.in_force()] == ["1.0"]
        assert [str(one.version) for one in used.in_force(first)] == ["1.1"]
        assert used.verify().is_clean

    def test_the_answer_names_it_and_a_second_call_does_too(self, used, clock):
        """
        Whoever decides must see what they undid.
        """
        first = clock.today + 30 * DAY
        used.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        answers = [
            used.adopt(
                "handhygiene", "Fauske", version="1.0", from_on=first, by="beslutter.fauske", decision_id="d-angrer"
            )
            for _ in range(2)
        ]

        assert [one.cancelled for one in answers] == [(Planned(NEW, first),)] * 2
        assert [str(one.version) for one in used.in_force(first)] == ["1.0"]
        assert used.verify().is_clean

    def test_an_ending_too(self, used, clock):
        """
        The use goes on after all, and those who were told otherwise must be told.
        """
        last = clock.today + 60 * DAY
        used.end_use("handhygiene", "Fauske", last_day=last, reason="Slått sammen.", by="beslutter.fauske")

        answer = used.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        assert answer.cancelled == (Planned(None, last + DAY),)

    def test_a_no_takes_away_what_was_to_come(self, used, clock):
        """
        Then the plan is no plan any more, and the answer says so.
        """
        first = clock.today + 30 * DAY
        used.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        answer = used.decline("handhygiene", "Fauske", reason="Vi la ned tjenesten.", by="beslutter.fauske")

        assert answer.cancelled == (Planned(NEW, first),)
        assert used.matrix().cells[WHERE].planned is None
        assert used.verify().is_clean


class TestThePaperOfAPastDay:
    @pytest.fixture
    def calling(self, library, clock):
        """`vakt` was approved five days ago and cannot do without the duty telephone."""
        approve_with_everyone(library, a_routine("vakt", title="Vakt", required=["vakttelefon"]))
        clock.forward(days=5)
        return library

    def fill_in(self, library, value):
        """Fill in the duty telephone."""
        library.set_local_information("vakt", "Fauske", {"vakttelefon": value}, by="ansvarlig.fauske")

    def test_has_no_gaps_where_the_use_was_decided_afterwards(self, calling, clock):
        """
        «Den gjaldt fra mandag», they decided on Friday, with the telephone filled in. Monday's paper has it.
        """
        monday = clock.today - 4 * DAY
        self.fill_in(calling, "75 00 00 00")
        calling.adopt("vakt", "Fauske", from_on=monday, by="beslutter.fauske")
        clock.forward(days=1)
        self.fill_in(calling, "75 11 11 11")

        paper = calling.document("vakt", "Fauske", day=monday)

        assert dict(paper.local_values) == {"vakttelefon": "75 00 00 00"}
        with calling._parts.database.reading():
            papers = calling._parts.documents.all_in_force("1841", monday)
        assert [one.local_values for one in papers] == [paper.local_values]

    def test_has_what_stood_there_at_the_end_of_that_day(self, calling, clock):
        """
        A number that was changed on Tuesday was not on Monday's paper.
        """
        self.fill_in(calling, "75 00 00 00")
        calling.adopt("vakt", "Fauske", by="beslutter.fauske")
        monday = clock.today
        clock.forward(days=1)
        self.fill_in(calling, "75 11 11 11")

        papers = [calling.document("vakt", "Fauske", day=one) for one in (monday, clock.today)]

        assert [dict(one.local_values)["vakttelefon"] for one in papers] == ["75 00 00 00", "75 11 11 11"]

    def test_a_number_that_people_need_is_not_cleared_while_they_follow_it(self, calling, clock):
        """
        Also not before the day it is to apply; but after the use has ended it may go.
        """
        self.fill_in(calling, "75 00 00 00")
        calling.adopt("vakt", "Fauske", from_on=clock.today + 2 * DAY, by="beslutter.fauske")

        with pytest.raises(Refused) as planned:
            self.fill_in(calling, "")
        clock.forward(days=2)
        with pytest.raises(Refused) as in_force:
            self.fill_in(calling, " ")
        assert dict(calling.document("vakt", "Fauske").local_values) == {"vakttelefon": "75 00 00 00"}
        calling.end_use("vakt", "Fauske", reason="Slått sammen.", by="beslutter.fauske")
        clock.forward(days=1)
        self.fill_in(calling, "")

        assert reasons_of(planned) == reasons_of(in_force) == ["NeededWhileInForce"]
        assert calling.verify().is_clean

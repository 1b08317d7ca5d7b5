"""A checklist that is followed for somebody: from what applies, by those who take part, until it is over."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine import NotAllowed, Refused
from samrutine.adoptions.paper_errors import NoCheckItems
from samrutine.errors import DecisionIdReused, DocumentNotFound, InvalidRequest, PersonNotFound, ProcedureNotFound
from samrutine.reading.checklist_errors import ChecklistNotFound
from samrutine.reading.checklist_model import (
    AnothersPoint,
    CheckPoint,
    ListIsOver,
    NotYourList,
    PointsLeft,
    PointState,
    RunState,
    key_of,
    may_mark,
    part_of,
    parts_of,
    reasons_against_marking,
)
from samrutine.storage.rows import ChecklistHelperRow, ChecklistMarkRow, ChecklistRunRow
from tests.support.stories import approve_with_everyone, change_with_everyone, told
from tests.support.texts import NATIONAL_ID, SECTIONS, a_routine

POINTS = """\
Leder:

- [ ] Avtalen er signert
- [ ] Ring {{vakttelefon}} og meld fra

Fadder:

- [ ] Nøkler er gitt
- [ ] Nøkler er gitt"""


def the_list(*, points=POINTS, **how):
    """A list for new employees."""
    return a_routine(
        "nyansatt", title="Sjekkliste for nyansatte", required=("vakttelefon",), sections={**SECTIONS, "Framgangsmåte": points},
        **how,
    )  # fmt: skip


@pytest.fixture
def library(any_library_with_routine):
    """A library where Fauske uses a list for new employees, and two work there who may keep one."""
    library = any_library_with_routine
    approve_with_everyone(library, the_list())
    library.set_local_information("nyansatt", "fauske", {"vakttelefon": "75 00 00 01"}, by="ansvarlig.fauske")
    library.adopt("nyansatt", "fauske", by="beslutter.fauske")
    return library


def opened(library, *, by="ansatt.fauske", **how):
    """A list that somebody opened."""
    return library.open_checklist("nyansatt", "fauske", "Kari", by=by, **how).run


def keys(library, run, *, by="ansatt.fauske"):
    """The keys of its points, in the order of the text."""
    return [one.point.key for one in library.followed_checklist(run, by=by).points]


class TestPoints:
    def test_the_same_words_under_the_same_heading_are_the_same_point(self):
        """
        A point that gets another number in the text keeps what was ticked off.
        """
        assert key_of("Første dag", "Leder", "Nøkler", ()) == key_of("Første dag", "Leder", "Nøkler", ("annet",))

    def test_said_twice_they_are_two(self):
        """
        The first key of the day and the last are both to be given back.
        """
        first = key_of("Dag", "", "Nøkler", ())

        assert key_of("Dag", "", "Nøkler", (first,)) != first

    @given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=3), st.text(max_size=8)), max_size=12))
    def test_no_two_points_of_a_text_have_one_key(self, said):
        """
        Ticking off one must never tick off another.
        """
        found = []
        for one in said:
            found.append(key_of(*one, found))

        assert len(set(found)) == len(said)

    @pytest.mark.parametrize(
        ("said", "part"),
        [("Leder:", "Leder"), (" Fadder: ", "Fadder"), ("Leder og fadder sammen:", "Leder og fadder sammen"),
         ("Alle som begynner, gjør dette først:", ""), ("Gjør dette først.", ""), ("", "")],
    )  # fmt: skip
    def test_a_short_line_with_a_colon_says_who(self, said, part):
        """
        A sentence that leads up to the points is nobody's name.
        """
        assert part_of(said) == part

    def test_who_does_something_is_named_once_in_the_order_of_the_text(self):
        """
        «Leder» comes again in every part of the list.
        """
        points = [CheckPoint(str(n), n, "", part, "") for n, part in enumerate(["Leder", "IKT", "", "Leder"])]

        assert parts_of(points) == ("Leder", "IKT")


class TestWhoTicksOff:
    MINE = CheckPoint("a", 1, "", "", "Ingen nevnt")
    FADDER = CheckPoint("b", 2, "", "Fadder", "Nøkler")

    @pytest.mark.parametrize(
        ("point", "helpers", "by", "may"),
        [
            (MINE, {}, "leder", True), (MINE, {}, "fadder", False), (FADDER, {}, "leder", True),
            (FADDER, {"Fadder": "fadder"}, "fadder", True), (FADDER, {"Fadder": "fadder"}, "leder", False),
            (MINE, {"Fadder": "fadder"}, "fadder", False),
        ],
    )  # fmt: skip
    def test_nobody_ticks_off_for_others(self, point, helpers, by, may):
        """
        Whoever keeps the list does what is for nobody else.
        """
        assert may_mark(point, helpers, keeper="leder", by=by) is may
        against = reasons_against_marking(RunState.OPEN, [point], helpers, keeper="leder", by=by)
        assert against == ([] if may else [AnothersPoint(point.number, point.part)])

    def test_nothing_is_written_on_a_list_that_is_over(self):
        """
        What was filed is what was done.
        """
        against = reasons_against_marking(RunState.FINISHED, [self.MINE, self.FADDER], {}, keeper="leder", by="leder")

        assert against == [ListIsOver("finished")]


class TestOpening:
    def test_it_has_the_points_of_what_applies_there_with_the_municipalitys_own_words(self, library):
        """
        «Ring {{vakttelefon}}» helps nobody.
        """
        run = library.followed_checklist(opened(library), by="ansatt.fauske")

        assert [(one.point.number, one.point.part, one.point.text) for one in run.points] == [
            (1, "Leder", "Avtalen er signert"), (2, "Leder", "Ring 75 00 00 01 og meld fra"),
            (3, "Fadder", "Nøkler er gitt"), (4, "Fadder", "Nøkler er gitt"),
        ]  # fmt: skip
        assert (run.summary.whom, run.summary.done, run.summary.count) == ("Kari", 0, 4)
        assert len(set(keys(library, run.summary.id))) == 4

    def test_a_second_call_is_the_same_list(self, library):
        """
        A form that is sent twice opens one.
        """
        first = library.open_checklist("nyansatt", "fauske", "Kari", by="ansatt.fauske", decision_id="en")
        again = library.open_checklist("nyansatt", "fauske", "Kari", by="ansatt.fauske", decision_id="en")

        assert (again, len(library.followed_checklists(by="ansatt.fauske"))) == (first, 1)
        with pytest.raises(DecisionIdReused):
            library.open_checklist("nyansatt", "fauske", "Ola", by="ansatt.fauske", decision_id="en")

    def test_only_of_what_applies_there_and_has_something_to_tick_off(self, library):
        """
        Nobody follows a text that their municipality has not decided on.
        """
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")

        with pytest.raises(NoCheckItems):
            library.open_checklist("handhygiene", "fauske", "Kari", by="ansatt.fauske")
        with pytest.raises(DocumentNotFound):
            library.open_checklist("nyansatt", "beiarn", "Kari", by="beslutter.beiarn")
        with pytest.raises(NotAllowed):
            library.open_checklist("nyansatt", "fauske", "Kari", by="beslutter.beiarn")

    @pytest.mark.parametrize("whom", ["", "   ", "x" * 81])
    def test_it_is_for_somebody(self, library, whom):
        """
        Two lists for nobody cannot be told apart.
        """
        with pytest.raises(InvalidRequest):
            library.open_checklist("nyansatt", "fauske", whom, by="ansatt.fauske")

    def test_a_national_identity_number_is_never_kept(self, library):
        """
        Initials tell the list from others just as well.
        """
        with pytest.raises(Refused):
            library.open_checklist("nyansatt", "fauske", f"Kari {NATIONAL_ID}", by="ansatt.fauske")

    def test_only_who_works_there_helps_and_only_with_a_part_of_the_text(self, library):
        """
        Somebody elsewhere has nothing to do with whom a municipality employs.
        """
        with pytest.raises(Refused):
            opened(library, helpers={"Fadder": "beslutter.beiarn"})
        with pytest.raises(InvalidRequest):
            opened(library, helpers={"Vaktmester": "beslutter.fauske"})
        with pytest.raises(PersonNotFound):
            opened(library, helpers={"Fadder": "finnes.ikke"})
        assert library.followed_checklists(by="ansatt.fauske") == []

    def test_nothing_of_it_is_in_the_chain(self, library):
        """
        Whom a municipality employs is nobody's record but its own.
        """
        before = library.totals()["decisions"]

        library.mark_points(run := opened(library), {keys(library, run)[0]: "done"}, by="ansatt.fauske")

        assert library.totals()["decisions"] == before


class TestFollowing:
    def test_each_ticks_off_their_own_and_is_told_that_they_help(self, library):
        """
        The text says so: nobody ticks off for others.
        """
        run = opened(library, helpers={"Fadder": "beslutter.fauske"})
        first, _, third, fourth = keys(library, run)

        library.mark_points(run, {first: "done"}, by="ansatt.fauske")
        library.mark_points(run, {third: "not-relevant"}, by="beslutter.fauske")

        with pytest.raises(Refused) as caught:
            library.mark_points(run, {third: "done", fourth: "done"}, by="ansatt.fauske")
        assert caught.value.reasons == (AnothersPoint(3, "Fadder"), AnothersPoint(4, "Fadder"))
        with pytest.raises(Refused):
            library.mark_points(run, {first: "open"}, by="beslutter.fauske")
        assert [one.state for one in library.followed_checklist(run, by="beslutter.fauske").points] == [
            PointState.DONE, PointState.OPEN, PointState.NOT_RELEVANT, PointState.OPEN,
        ]  # fmt: skip
        assert "Du er bedt om å hjelpe med en sjekkliste" in told(library, "beslutter.fauske")

    def test_all_of_what_is_ticked_off_at_once_is_written_or_nothing(self, library):
        """
        A page that was half saved would say that more is done than is.
        """
        run = opened(library, helpers={"Fadder": "beslutter.fauske"})
        first, _, third, _ = keys(library, run)

        with pytest.raises(Refused):
            library.mark_points(run, {first: "done", third: "done"}, by="ansatt.fauske")
        with pytest.raises(InvalidRequest):
            library.mark_points(run, {first: "done", "0" * 16: "done"}, by="ansatt.fauske")

        assert library.followed_checklist(run, by="ansatt.fauske").summary.done == 0

    def test_it_says_the_day_and_takes_a_tick_back(self, library, clock):
        """
        A certificate that was shown before the list was opened has its own day; tomorrow has nothing done.
        """
        run, day = opened(library), library.today
        first, second, *_ = keys(library, run)

        library.mark_points(run, {first: "done"}, on=day - timedelta(days=30), by="ansatt.fauske")
        library.mark_points(run, {second: "done"}, by="ansatt.fauske")
        clock.forward(days=2)
        library.mark_points(run, {first: "done"}, by="ansatt.fauske")
        library.mark_points(run, {second: "open"}, by="ansatt.fauske")

        one, other, *_ = library.followed_checklist(run, by="ansatt.fauske").points
        assert (one.mark.on, other.mark) == (day - timedelta(days=30), None)
        for wrong in (library.today + timedelta(days=1), date(2000, 1, 1)):
            with pytest.raises(InvalidRequest):
                library.mark_points(run, {second: "done"}, on=wrong, by="ansatt.fauske")
        with pytest.raises(InvalidRequest):
            library.mark_points(run, {second: "kanskje"}, by="ansatt.fauske")

    def test_it_keeps_to_its_version_and_says_that_a_newer_one_applies(self, library):
        """
        What was agreed for the one who began in May is not what is agreed in June.
        """
        run = opened(library)
        library.mark_points(run, {keys(library, run)[0]: "done"}, by="ansatt.fauske")
        before = library.followed_checklist(run, by="ansatt.fauske")
        newer = the_list(points=POINTS.replace("- [ ] Nøkler er gitt", "- [ ] Nøkler og kort er gitt"))

        change_with_everyone(library, newer, procedure="nyansatt")
        library.adopt("nyansatt", "fauske", by="beslutter.fauske")

        after = library.followed_checklist(run, by="ansatt.fauske")
        assert after.points == before.points
        assert (str(after.summary.version), str(after.summary.newest)) == ("1.0", "1.1")

    def test_a_telephone_that_is_changed_makes_no_other_point(self, library):
        """
        What was ticked off stays ticked off.
        """
        run = opened(library)
        key = keys(library, run)[1]
        library.mark_points(run, {key: "done"}, by="ansatt.fauske")

        library.set_local_information("nyansatt", "fauske", {"vakttelefon": "75 00 00 02"}, by="ansvarlig.fauske")

        found = library.followed_checklist(run, by="ansatt.fauske")
        assert (found.points[1].state, found.points[1].point.key, found.lost) == (PointState.DONE, key, 0)

    def test_who_helps_is_changed_and_given_back_by_whoever_keeps_it(self, library):
        """
        The mentor falls ill, and the work must go on.
        """
        run = opened(library, helpers={"Fadder": "beslutter.fauske"})
        third = keys(library, run)[2]
        library.mark_points(run, {third: "done"}, by="beslutter.fauske")

        with pytest.raises(NotAllowed):
            library.help_with_checklist(run, {"Fadder": None}, by="beslutter.fauske")
        library.help_with_checklist(run, {"Fadder": None}, by="ansatt.fauske")

        assert library.followed_checklist(run, by="ansatt.fauske").points[2].state is PointState.DONE
        with pytest.raises(ChecklistNotFound):
            library.followed_checklist(run, by="beslutter.fauske")


class TestWhoSeesIt:
    def test_nobody_else_sees_it_and_no_answer_tells_that_it_is_there(self, library):
        """
        Whom a municipality employs, and how that goes, is for those who do it.
        """
        run = opened(library)
        point = {keys(library, run)[0]: "done"}
        for who in ("leder", "redaktor", "beslutter.beiarn"):
            for act in (
                lambda one, who=who: library.followed_checklist(one, by=who),
                lambda one, who=who: library.checklist_paper(one, by=who),
                lambda one, who=who: library.mark_points(one, point, by=who),
                lambda one, who=who: library.help_with_checklist(one, {}, by=who),
                lambda one, who=who: library.hand_on_checklist(one, who, by=who),
                lambda one, who=who: library.end_checklist(one, finished=False, by=who),
            ):
                for one in (run, "j-000000000000"):
                    with pytest.raises(ChecklistNotFound):
                        act(one)
            assert library.followed_checklists(by=who) == []

    def test_the_responsible_sees_how_far_it_has_come_not_whom_it_is_for_and_hands_it_on(self, library):
        """
        Whoever kept it left, and somebody must go on.
        """
        run = opened(library)
        library.mark_points(run, {keys(library, run)[0]: "done"}, by="ansatt.fauske")

        seen = library.followed_checklists(by="ansvarlig.fauske")
        assert [(one.id, one.whom, one.takes_part, one.done) for one in seen] == [(run, None, False, 1)]
        with pytest.raises(ChecklistNotFound):
            library.followed_checklist(run, by="ansvarlig.fauske")

        library.hand_on_checklist(run, "beslutter.fauske", by="ansvarlig.fauske")

        assert library.followed_checklist(run, by="beslutter.fauske").summary.whom == "Kari"
        assert "Du har fått en sjekkliste å føre" in told(library, "beslutter.fauske")
        with pytest.raises(ChecklistNotFound):
            library.followed_checklist(run, by="ansatt.fauske")

    def test_it_is_handed_to_somebody_who_works_there(self, library):
        """
        A list is not sent out of the municipality by a slip of the mouse.
        """
        with pytest.raises(Refused):
            library.hand_on_checklist(opened(library), "beslutter.beiarn", by="ansatt.fauske")

    def test_a_helper_hands_nothing_on_and_ends_nothing(self, library):
        """
        It is not theirs.
        """
        run = opened(library, helpers={"Fadder": "leder"})

        for act in (
            lambda: library.hand_on_checklist(run, "leder", by="leder"),
            lambda: library.end_checklist(run, finished=False, by="leder"),
        ):
            with pytest.raises(NotAllowed) as caught:
                act()
            assert isinstance(caught.value.reasons[0], NotYourList)

    def test_of_what_is_exempt_only_those_have_a_list_who_may_read_it(self, library):
        """
        The points are the routine's own words.
        """
        approve_with_everyone(library, a_routine("vold", access="exempt", sections={**SECTIONS, "Ansvar": POINTS[:40]}))
        library.adopt("vold", "fauske", by="beslutter.fauske")
        run = library.open_checklist("vold", "fauske", "Kari", by="beslutter.fauske").run

        with pytest.raises(ProcedureNotFound):
            library.open_checklist("vold", "fauske", "Kari", by="ansatt.fauske")
        with pytest.raises(Refused):
            library.help_with_checklist(run, {"Leder": "ansatt.fauske"}, by="beslutter.fauske")
        with pytest.raises(Refused):
            library.hand_on_checklist(run, "ansatt.fauske", by="beslutter.fauske")

    def test_colleagues_are_those_with_a_role_there(self, library):
        """
        And only they are told who the others are.
        """
        names = [name for _, name in library.checklist_colleagues("fauske", by="ansatt.fauske")]

        assert len(names) >= 3
        assert names == sorted(names, key=str.casefold)
        with pytest.raises(NotAllowed):
            library.checklist_colleagues("fauske", by="beslutter.beiarn")


class TestTheEnd:
    def test_it_is_finished_when_something_is_said_of_every_point(self, library):
        """
        Whoever wants to finish it asks which points are left.
        """
        run = opened(library)
        one, other, third, fourth = keys(library, run)
        library.mark_points(run, {one: "done", other: "done", third: "not-relevant"}, by="ansatt.fauske")

        with pytest.raises(Refused) as caught:
            library.end_checklist(run, finished=True, by="ansatt.fauske")
        assert caught.value.reasons == (PointsLeft((4,)),)
        library.mark_points(run, {fourth: "done"}, by="ansatt.fauske")
        first = library.end_checklist(run, finished=True, by="ansatt.fauske")

        assert library.end_checklist(run, finished=True, by="ansatt.fauske") == first
        with pytest.raises(Refused):
            library.mark_points(run, {one: "open"}, by="ansatt.fauske")
        with pytest.raises(Refused):
            library.end_checklist(run, finished=False, by="ansatt.fauske")

    def test_it_is_printed_with_what_is_done_and_nobodys_name(self, library):
        """
        What is filed says what was done, and when.
        """
        run = opened(library)
        one, _, third, _ = keys(library, run)
        library.mark_points(run, {one: "done", third: "not-relevant"}, by="ansatt.fauske")

        paper = library.checklist_paper(run, by="ansatt.fauske")

        assert [(each.number, each.on) for each in paper.done] == [(1, library.today)]
        assert library.render(paper, "pdf").startswith(b"%PDF")

    def test_it_is_deleted_by_the_rule_three_months_after_and_left_ones_later(self, library, clock):
        """
        Who began three years ago is nobody's business here.
        """
        over, left, followed = (opened(library) for _ in range(3))
        library.mark_points(over, {keys(library, over)[0]: "done"}, by="ansatt.fauske")
        library.help_with_checklist(over, {"Fadder": "leder"}, by="ansatt.fauske")
        library.end_checklist(over, finished=False, by="ansatt.fauske")
        clock.forward(days=100)
        library.retention(delete=True, by="redaktor")
        assert {one.id for one in library.followed_checklists(by="ansatt.fauske")} == {left, followed}
        clock.forward(days=400)
        library.mark_points(followed, {keys(library, followed)[0]: "done"}, by="ansatt.fauske")
        clock.forward(days=100)

        library.retention(delete=True, by="redaktor")

        assert [one.id for one in library.followed_checklists(by="ansatt.fauske")] == [followed]
        with library._parts.database.reading() as session:
            from sqlmodel import select

            kept = [session.exec(select(table)).all() for table in (ChecklistHelperRow, ChecklistMarkRow)]
            assert [len(one) for one in kept] == [0, 1]
            assert session.get(ChecklistRunRow, over) is None

"""Who uses what: windows of it, the holders of one routine, and what a reader does not see."""

from datetime import timedelta

import pytest

from samrutine.errors import InvalidRequest, ProcedureNotFound
from samrutine.storage.rows import ProcedureRow
from tests.support.stories import approve_with_everyone, change_with_everyone, not_projecting
from tests.support.texts import a_routine

DAY = timedelta(days=1)


@pytest.fixture
def three_routines(any_library_with_routine):
    """`handhygiene` and two more; Fauske uses all, Meløy one of them from tomorrow."""
    library = any_library_with_routine
    with not_projecting(library):
        approve_with_everyone(library, a_routine("avfall", title="Avfall"))
        approve_with_everyone(library, a_routine("vask", title="Vask"))
        for one in ("avfall", "handhygiene", "vask"):
            library.adopt(one, "fauske", by="beslutter.fauske")
        library.adopt("vask", "meloy", by="beslutter.meloy", from_on=library.today + DAY)
    return library


def made_exempt(library, procedure):
    """Say that a routine is exempt, as if it had been so from the beginning."""
    with library._parts.database.writing() as session:
        session.get(ProcedureRow, procedure).access = "exempt"


class TestAWindow:
    def test_a_window_is_by_title_and_says_how_many_there_are(self, three_routines):
        """
        A page shows fifty routines of ten thousand, and the number of all.
        """
        matrix = three_routines.matrix(offset=1, limit=1)

        assert [title for _, title, _ in matrix.procedures] == ["Håndhygiene"]
        assert {procedure for procedure, _ in matrix.cells} == {"handhygiene"}
        assert matrix.total == 3

    def test_a_window_says_the_same_as_the_whole(self, three_routines):
        """
        Whichever way one looks, the cell is the same.
        """
        whole = three_routines.matrix()

        windows = [three_routines.matrix(offset=n, limit=2) for n in (0, 2)]

        assert windows[0].cells | windows[1].cells == whole.cells
        assert windows[0].procedures + windows[1].procedures == whole.procedures
        assert windows[0].municipalities == whole.municipalities

    def test_chosen_routines_are_those_that_are_there(self, three_routines):
        """
        A list of ids may be older than the library.
        """
        matrix = three_routines.matrix(procedures=["vask", "finnes-ikke"])

        assert [one for one, _, _ in matrix.procedures] == ["vask"]
        assert {str(one.state) for one in matrix.cells.values() if one.version} == {"in-use"}

    @pytest.mark.parametrize("window", [{"offset": -1}, {"limit": -1}, {"limit": 0}])
    def test_a_window_that_cannot_be_is_refused(self, three_routines, window):
        """
        The two databases would answer it differently.
        """
        with pytest.raises(InvalidRequest):
            three_routines.matrix(**window)


class TestHolders:
    def test_those_who_use_it_and_those_who_have_decided_to(self, three_routines):
        """
        Who must be told when a routine changes.
        """
        found = three_routines.holders("vask")

        assert [(one.municipality, str(one.state)) for one in found] == [("1837", "planned"), ("1841", "in-use")]

    def test_a_holder_is_behind_when_there_is_a_newer_version(self, three_routines):
        """
        The network sees who still uses the old one.
        """
        change_with_everyone(three_routines, a_routine("vask", title="Vask", extra="Godt."), procedure="vask")

        assert [one.behind for one in three_routines.holders("vask")] == [False, True]

    def test_on_another_day(self, three_routines):
        """
        From tomorrow both use it; yesterday nobody did, and both had it before them.
        """
        today = three_routines.today

        after, before = three_routines.holders("vask", today + DAY), three_routines.holders("vask", today - DAY)

        assert [str(one.state) for one in after] == ["in-use", "in-use"]
        assert [str(one.state) for one in before] == ["planned", "planned"]

    def test_of_a_routine_that_is_not_there(self, three_routines):
        """
        An empty list would say that nobody uses it.
        """
        with pytest.raises(ProcedureNotFound):
            three_routines.holders("finnes-ikke")


class TestWhatAReaderSees:
    def test_an_exempt_routine_is_in_no_list_and_no_number(self, three_routines):
        """
        That it exists is exempt too.
        """
        made_exempt(three_routines, "vask")

        for reader in (None, "ansatt.fauske"):
            matrix = three_routines.matrix(reader=reader)
            assert "vask" not in [one for one, _, _ in matrix.procedures]
            assert "vask" not in {procedure for procedure, _ in matrix.cells}
            assert matrix.total == 2
            assert [one.procedure for one in three_routines.in_force(reader=reader)] == ["avfall", "handhygiene"]
            assert len(three_routines.matrix(offset=1, limit=5, reader=reader).procedures) == 1
            with pytest.raises(ProcedureNotFound) as hidden:
                three_routines.holders("vask", reader=reader)
            with pytest.raises(ProcedureNotFound) as missing:
                three_routines.holders("vaske", reader=reader)
            assert str(hidden.value).replace("vask", "vaske") == str(missing.value)

    def test_who_works_with_it_sees_it(self, three_routines):
        """
        The network's members and whoever decides in a municipality.
        """
        made_exempt(three_routines, "vask")

        for reader in ("medlem.beiarn", "beslutter.fauske"):
            assert three_routines.matrix(reader=reader).total == 3
            assert len(three_routines.holders("vask", reader=reader)) == 2
            assert "vask" in [one.procedure for one in three_routines.in_force(reader=reader)]


class TestAnExemptVersionOfARoutineThatWasOpened:
    @pytest.fixture
    def opened(self, any_library_with_routine, clock):
        """`handhygiene` 1.0 in Fauske, then 2.0, exempt and in Saltdal, with notes; then 3.0, open, which nobody uses."""
        library = any_library_with_routine
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        clock.forward(days=1)
        how = {"significance": "major", "meaning": "En.", "by": "redaktor"}
        change_with_everyone(library, a_routine(title="Skjermet", access="exempt"), **how)
        library.adopt("handhygiene", "saltdal", by="beslutter.saltdal")
        library.add_addition("handhygiene", "fauske", "", "practical-note", "Bak døra.", by="ansvarlig.fauske")
        library.make_known("handhygiene", "saltdal", how="meeting", whom="Nattevakta", by="beslutter.saltdal")
        clock.forward(days=1)
        change_with_everyone(library, a_routine(extra="Åpen."), **how)
        return library

    def test_its_uses_and_notes_are_in_no_list(self, opened, clock):
        """
        Who uses what is asked across all nine; that Saltdal uses the exempt one is known to those who may.
        """
        for reader in (None, "skribent"):
            used = [one for one in opened.matrix(reader=reader).cells.values() if one.version]
            assert [(one.municipality, str(one.version), one.additions) for one in used] == [("1841", "1.0", 0)]
            assert opened.holders("handhygiene", reader=reader) == used
            assert opened.made_known("saltdal", reader=reader) == []
        theirs = opened.holders("handhygiene", reader="beslutter.saltdal")
        assert [(one.municipality, one.additions) for one in theirs] == [("1840", 0), ("1841", 1)]
        assert opened.made_known("saltdal", reader="beslutter.saltdal")[0].is_made_known

    def test_neither_its_number_nor_its_name_stands_in_a_past_day(self, opened, clock):
        """
        The day on which it was the newest is answered as those readers would have been answered.
        """
        day = clock.today - DAY

        (row,) = opened.matrix(day, reader="skribent").procedures
        (known,) = opened.matrix(day, reader="beslutter.saltdal").procedures

        assert (row[1], str(row[2])) == ("Håndhygiene", "1.0")
        assert (known[1], str(known[2])) == ("Skjermet", "2.0")

    def test_one_that_was_never_open_before_was_not_there(self, any_library, clock):
        """
        On that day nobody but its circle knew of it, and the number of routines said nothing of it.
        """
        library, how = any_library, {"significance": "major", "meaning": "En.", "by": "redaktor"}
        approve_with_everyone(library, a_routine(title="Skjermet", access="exempt"))
        day = clock.today
        clock.forward(days=1)
        change_with_everyone(library, a_routine(), **how)

        for chosen in ({}, {"procedures": ["handhygiene"]}, {"limit": 5}):
            found = library.matrix(day, reader="skribent", **chosen)
            assert (found.procedures, found.total) == ((), 0)
        assert library.matrix(reader="skribent").total == 1
        assert library.matrix(day, reader="beslutter.fauske").total == 1


class TestADayThatHasBeen:
    def test_has_the_additions_of_that_day(self, any_library_with_routine, clock):
        """
        The paper of that day had them; the table must not count otherwise.
        """
        library, first = any_library_with_routine, clock.today
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        clock.forward(days=2)
        made = library.add_addition("handhygiene", "fauske", "", "practical-note", "Her.", by="ansvarlig.fauske")
        between = clock.today
        clock.forward(days=2)
        library.drop_addition(made.addition, by="ansvarlig.fauske")
        clock.forward(days=1)

        counted = [library.matrix(day).cells["handhygiene", "1841"].additions for day in (first, between, clock.today)]

        assert counted == [0, 1, 0]
        assert len(library.document("handhygiene", "fauske", day=between).additions) == 1

    def test_has_the_title_of_the_version_that_applied(self, any_library_with_routine, clock):
        """
        The paper on the wall has the old name; whoever holds it beside the list must find it.
        """
        library, first = any_library_with_routine, clock.today
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        clock.forward(days=1)
        change_with_everyone(library, a_routine(title="Rene hender"), significance="major", meaning="En.")
        library.adopt("handhygiene", "beiarn", by="beslutter.beiarn")

        assert [one.title for one in library.in_force(first)] == ["Håndhygiene"]
        assert [one.title for one in library.in_force()] == ["Rene hender", "Håndhygiene"]
        assert [title for _, title, _ in library.matrix(first).procedures] == ["Håndhygiene"]
        assert [title for _, title, _ in library.matrix().procedures] == ["Rene hender"]


class TestAdditions:
    def test_a_cell_says_how_many_stand_beside_the_text_and_whether_one_departs(self, three_routines):
        """
        «Tatt i bruk» and «tatt i bruk med lokalt tillegg» are two answers, and the neighbours ask who does it otherwise.
        """
        library = three_routines
        where = {"procedure": "vask", "municipality": "fauske", "section_key": "framgangsmate"}
        library.add_addition(**where, kind="practical-note", text="Vasken står i gangen.", by="beslutter.fauske")
        library.add_addition(
            **where, kind="professional-addition", text="Vask også armene.", reason="Utbrudd", source="Kommuneoverlegen",
            departs=True, by="beslutter.fauske",
        )  # fmt: skip

        cells = library.matrix().cells

        assert (cells["vask", "1841"].additions, cells["vask", "1841"].differs) == (2, True)
        assert (cells["avfall", "1841"].additions, cells["avfall", "1841"].differs) == (0, False)
        assert library.matrix(procedures=["vask"]).cells["vask", "1841"] == cells["vask", "1841"]

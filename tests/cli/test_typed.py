"""What somebody typed by mistake is said to be one, in their own words, and never answered as if it were meant."""

from datetime import date

import pytest

from samrutine.cli.shell import Shell
from samrutine.errors import DaysInWrongOrder, InvalidRequest, NoSuchDay
from samrutine.networks.model import Network, NetworkId, network_named
from samrutine.networks.shared_library import SharedLibrary, Subject, SubjectId, Vocabulary
from samrutine.search.model import Filter, FilterField
from samrutine.search.narrowing import known


def a_shell(language="nb"):
    return Shell(home=None, actor=None, language=language, as_json=False)


class TestADay:
    @pytest.mark.parametrize("typed", ["2026-07-28", "28.07.2026", "28.7.2026", " 28.7.2026 "])
    def test_is_read_as_people_write_it(self, typed):
        """
        A date on paper in Norway begins with the day.
        """
        assert a_shell().read_day(typed, "--from") == date(2026, 7, 28)

    @pytest.mark.parametrize("typed", ["2027-02-30", "30.2.2027", "31.04.2027", "2027-13-01"])
    def test_that_the_calendar_lacks_is_said_not_to_exist(self, typed):
        """
        «Skriv det slik» says nothing to whoever wrote it just so, a day too far.
        """
        with pytest.raises(NoSuchDay) as refused:
            a_shell().read_day(typed, "--from")

        assert refused.value.fact("nb") == f"Datoen {typed} finnes ikke."

    @pytest.mark.parametrize("typed", ["i morgen", "28.07", "28.07.26", "28/7-2026", "²8.07.2026"])
    def test_that_is_no_day_is_shown_how_one_is_written(self, typed):
        """
        Two digits for a year are half a year.
        """
        with pytest.raises(InvalidRequest, match="2026-07-28") as refused:
            a_shell().read_day(typed, "--from")

        assert not isinstance(refused.value, NoSuchDay)


class TestACodeOfOurs:
    def test_is_told_as_a_word(self):
        """
        «version» and «until» are names in the program, and no Norwegian.
        """
        error = InvalidRequest(what="version", value="99", expected="1.0")

        assert error.fact("nb") == "«99» kan ikke brukes som versjonsnummer."
        assert error.places["what"] == "version"  # what a program reads stays as it was

    def test_is_no_sign_of_arithmetic(self):
        """
        «> 2026-11-22» is how a program says it.
        """
        error = DaysInWrongOrder(first=date(2026, 11, 22), until=date(2026, 11, 22))

        assert "22.11.2026" in error.remedy("nb")
        assert ">" not in error.text("nb")


class TestANetwork:
    def test_is_called_by_its_name_too_in_any_case(self):
        """
        Whoever types SMITTEVERN means smittevern, and the name is what stands in the tables.
        """
        networks = {"smittevern": "Fagnettverk for smittevern"}

        assert network_named("SMITTEVERN", networks) == "smittevern"
        assert network_named(" fagnettverk for  Smittevern ", networks) == "smittevern"

    def test_that_is_not_there_is_said_with_those_there_are(self, at, home_with_routine):
        """
        An empty list says that the network has no routines, and nobody looks for the slip of the hand.
        """
        asked = [
            at(home_with_routine, *words, "--network", "smittvern")
            for words in (("list",), ("proposals",), ("search", "hendene"))
        ]

        assert {one.code for one in asked} == {4}
        assert all("som heter «smittvern»" in one.err and "oppvekst" in one.err for one in asked)
        assert "handhygiene" in at(home_with_routine, "list", "--network", "Smittevern").text


class TestWhatASearchIsNarrowedBy:
    @pytest.mark.parametrize("value", ["psykisk-helse", "Psykisk helse og rus", "PSYKISK HELSE"])
    def test_is_a_subject_by_id_or_name(self, value):
        """
        People see the names, and a program the ids.
        """
        narrowed = known((Filter(FilterField.SUBJECT, value),), a_shared_library())

        assert narrowed == (Filter(FilterField.SUBJECT, "psykisk-helse"),)

    @pytest.mark.parametrize("field", [FilterField.SUBJECT, FilterField.KIND])
    def test_that_no_text_can_have_is_refused_with_those_there_are(self, field):
        """
        «Fant ingenting» sends people to write the routine that is there.
        """
        with pytest.raises(InvalidRequest, match="psykisk-helse" if field is FilterField.SUBJECT else "checklist"):
            known((Filter(field, "tull"),), a_shared_library())


def a_shared_library():
    network = Network(NetworkId("psykisk"), "Fagnettverk for psykisk helse og rus")
    subject = Subject(SubjectId("psykisk-helse"), "Psykisk helse og rus", "Psykisk helse og rus")
    nothing = Vocabulary((), (), (), (), ())
    return SharedLibrary((), (network,), (), (subject,), (), (), nothing, (), (), (), {})

"""What somebody typed by mistake is said to be one, in their own words, and never answered as if it were meant."""

from datetime import date

import pytest

from samrutine.cli.shell import Shell
from samrutine.errors import DaysInWrongOrder, InvalidRequest, NoSuchDay
from samrutine.networks.model import Network, NetworkId, network_named
from samrutine.networks.shared_library import SharedLibrary, Subject, SubjectId, Vocabulary
from samrutine.search.model import Filter, FilterField
from samrutine.search.narrowing import known
from tests.support.texts import NATIONAL_ID


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

        assert refused.value.fact("nb") == f"Datoen {typed} finnes ikke (--from)."

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


class TestADigest:
    def test_that_is_none_is_no_text_that_was_changed(self, at, home_with_routine):
        """
        «Teksten er endret» sends whoever forgot half the digest to read it all again.
        """
        for typed in ("abc", "9C763EB0BE", "g" * 12):
            ran = at(home_with_routine, "approve", "f-1", "--digest", typed, by="leder")

            assert ran.code == 2
            assert f"«{typed}» kan ikke brukes som --digest" in ran.err


class TestAnAdditionWithAPersonInIt:
    def test_is_said_not_to_be_kept(self, at, home_with_routine):
        """
        «Kan ikke leses» was said of a text that anybody could read.
        """
        words = "handhygiene", "-m", "Fauske", "--text", f"Gjelder {NATIONAL_ID}."
        ran = at(home_with_routine, "addition", "add", *words, by="ansvarlig.fauske")

        assert ran.code == 3
        assert "Tillegget til handhygiene kan ikke lagres: 1 feil." in ran.err
        assert "fødselsnummer" in ran.err


class TestADraftAskedForByNobody:
    def test_is_not_there_and_the_way_to_see_ones_own_is_told(self, at, home_with_routine):
        """
        Whoever wrote it forgot to say who they are. Nobody is told whether there is one.
        """
        ran = at(home_with_routine, "proposal", "f-0123456789")

        assert ran.code == 4
        assert "--as" in ran.err


class TestARefusal:
    def test_calls_the_body_what_people_call_it(self, at, home_with_routine, tmp_path):
        """
        «kommune 1841» is a number that nobody knows by heart.
        """
        ran = at(home_with_routine, "target", "set", "hos-oss", tmp_path, "-m", "Fauske", by="ansatt.fauske")
        other = at(home_with_routine, "grant", "skribent", "member", "--network", "smittevern", by="ansatt.fauske")

        assert "i Fauske" in ran.err
        assert "Fagnettverk for smittevern" in other.err

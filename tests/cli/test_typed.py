"""What somebody typed by mistake is said to be one, in their own words, and never answered as if it were meant."""

from datetime import date

import pytest

from samrutine.cli.shell import Shell
from samrutine.errors import DaysInWrongOrder, InvalidRequest, NoSuchDay


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

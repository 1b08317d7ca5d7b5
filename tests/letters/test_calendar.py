"""A calendar as a calendar program reads it: what stands in it, what changes, and whom it tells nothing."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from samrutine.errors import LinkNotValid
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine


@pytest.fixture
def library(home):
    """The library."""
    with home.opened() as opened:
        yield opened


def days(library, token):
    """Give what stands in a calendar, by what it is called."""
    return {str(one["SUMMARY"]): one for one in Calendar.from_ical(library.calendar(token)).walk("VEVENT")}


class TestWhatStandsInIt:
    def test_what_is_to_be_answered_by_a_day(self, library):
        token = library.make_calendar(by="beslutter.fauske")

        (one,) = days(library, token).values()

        assert str(one["SUMMARY"]) == "Ta stilling til: Håndhygiene"
        assert one["DTSTART"].dt == library.inbox("beslutter.fauske")[0].due_on
        assert one["DTEND"].dt - one["DTSTART"].dt == timedelta(days=1)
        assert one["URL"] == "http://localhost/rutine/handhygiene/beslutning"

    def test_reviews_for_those_who_lead_the_network_told_three_months_before(self, library):
        token = library.make_calendar(by="leder")

        one = days(library, token)["Gjennomgang: Håndhygiene"]

        assert one["DTSTART"].dt > date(2027, 1, 1)
        assert [alarm["TRIGGER"].dt for alarm in one.walk("VALARM")] == [timedelta(days=-90)]
        token = library.make_calendar(by="skribent")
        assert "Gjennomgang: Håndhygiene" not in days(library, token)

    def test_a_hearing_until_it_is_answered(self, library):
        made = library.propose(a_routine("ny", title="Ny rutine"), by="skribent")
        library.open_hearing(made.proposal, digest=made.digest, by="leder", parties=["municipality:1841"])
        token = library.make_calendar(by="beslutter.fauske")

        before = days(library, token)
        library.answer_hearing(made.proposal, "municipality:1841", no_remarks=True, by="beslutter.fauske")

        assert before["Svar på høring: Ny rutine"]["DTSTART"].dt == date(2026, 12, 14)
        assert "Svar på høring: Ny rutine" not in days(library, token)

    def test_the_title_of_what_is_exempt_does_not_go_out(self, library):
        """
        Most calendars lie with somebody else.
        """
        approve_with_everyone(library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt"))

        for who in ("leder", "beslutter.fauske"):
            assert "Nøkkelskap" not in library.calendar(library.make_calendar(by=who)).decode()


class TestAsAProgramReadsIt:
    def test_the_same_day_keeps_its_name_and_its_number_grows_when_it_changes(self, library, home):
        """
        A program that is told of the same day under another name shows it twice.
        """
        token = library.make_calendar(by="leder")
        first = days(library, token)["Gjennomgang: Håndhygiene"]
        home.clock.forward(days=30)
        library.review("handhygiene", version="1.0", by="leder")

        again = days(library, token)["Gjennomgang: Håndhygiene"]

        assert first["UID"] == again["UID"]
        assert again["SEQUENCE"] > first["SEQUENCE"]
        assert again["DTSTAMP"].dt > first["DTSTAMP"].dt
        assert again["DTSTART"].dt > first["DTSTART"].dt

    def test_nothing_changes_when_nothing_has(self, library, home):
        token = library.make_calendar(by="leder")
        first = library.calendar(token)
        home.clock.forward(hours=5)

        assert library.calendar(token) == first

    def test_its_lines_are_as_the_format_asks(self, library):
        approve_with_everyone(library, a_routine("lang", title="Ein svært lang tittel; med komma, og meir " * 4))
        data = library.calendar(library.make_calendar(by="leder"))

        assert all(len(line) <= 75 for line in data.split(b"\r\n"))
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert b"X-WR-CALNAME:" in data
        assert b"X-PUBLISHED-TTL:PT6H" in data


class TestItsAddress:
    def test_a_new_one_ends_the_old_one_and_none_is_left_when_it_is_ended(self, library):
        old = library.make_calendar(by="leder")
        new = library.make_calendar(by="leder")

        assert library.calendar(new)
        assert library.calendar_made_at(by="leder") is not None
        assert library.end_calendar(by="leder")
        assert not library.end_calendar(by="leder")
        for wrong in (old, new, "", "x" * 43):
            with pytest.raises(LinkNotValid):
                library.calendar(wrong)

    def test_it_ends_with_the_person(self, library):
        token = library.make_calendar(by="ansatt.fauske")
        library.erase_person("ansatt.fauske", reason="Slutter.", by="redaktor")
        with pytest.raises(LinkNotValid):
            library.calendar(token)

    def test_who_may_read_no_more_reads_no_more_there(self, library):
        token = library.make_calendar(by="beslutter.fauske")
        library.revoke("beslutter.fauske", "decider", "municipality:1841", by="redaktor")

        assert days(library, token) == {}

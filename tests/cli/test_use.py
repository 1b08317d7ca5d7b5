"""Use in the municipality, from the shell."""

import pytest

from tests.support.stories import change_with_everyone, propose_and_send
from tests.support.texts import a_routine


class TestWhatWaits:
    def test_a_version_waits_until_the_municipality_has_answered(self, at, home_with_routine):
        """
        Nobody should have to read a matrix of nine municipalities to see that they owe an answer.
        """
        before = at(home_with_routine, "inbox", "Fauske")
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        after = at(home_with_routine, "inbox", "Fauske")
        elsewhere = at(home_with_routine, "inbox", "saltdal", "--json").answer["waiting"]

        assert "ta stilling til Håndhygiene 1.0 handhygiene" in " ".join(before.text.split())
        assert after.out == "Ingenting venter.\n"
        assert [(one["procedure"], one["version"], one["is_overdue"]) for one in elsewhere] == [
            ("handhygiene", "1.0", False)
        ]

    def test_what_is_past_its_day_says_so(self, at, home_with_routine):
        """
        A day alone makes everybody count.
        """
        home_with_routine.clock.forward(days=400)

        ran = at(home_with_routine, "inbox", "Fauske")

        assert "(fristen er ute)" in ran.text

    def test_a_proposal_waits_for_its_network(self, at, home):
        """
        A member asks what to read, and gets the id to read it by.
        """
        with home.opened() as library:
            draft = propose_and_send(library, a_routine()).id

        waiting = at(home, "inbox", "--network", "smittevern", "--json").answer["waiting"]

        assert [(one["what"], one["proposal"], one["title"]) for one in waiting] == [
            ("approve-proposal", draft, "Håndhygiene")
        ]

    def test_a_network_is_named_as_a_municipality_is(self, at, home):
        """
        «Kommune eller nettverk», said the help, and took the municipality alone.
        """
        with home.opened() as library:
            draft = propose_and_send(library, a_routine()).id

        assert draft in at(home, "inbox", "Fagnettverk for smittevern").out
        unknown = at(home, "inbox", "tull")
        assert unknown.code == 2
        assert "verken en kommune eller et fagnettverk som heter «tull»" in unknown.err

    def test_one_inbox_is_asked_for_at_a_time(self, at, home_with_routine):
        """
        Two answers in one list would be answered by the wrong one.
        """
        ran = at(home_with_routine, "inbox", "Fauske", "--network", "smittevern")

        assert ran.code == 2
        assert "både en kommune og et fagnettverk" in ran.err

    def test_whoever_asks_without_naming_a_body_gets_their_own(self, at, home_with_routine):
        """
        The person with ten per cent of a job does not know which of four inboxes to look in.
        """
        mine = at(home_with_routine, "inbox", by="beslutter.fauske")
        nobodys = at(home_with_routine, "inbox")

        assert "ta stilling til Håndhygiene 1.0 handhygiene" in mine.text
        assert "Fauske (beslutter)" in mine.text
        assert nobodys.code == 2

    def test_a_network_that_is_not_there_is_not_an_empty_inbox(self, at, home_with_routine):
        """
        A misspelt name must not mean that nothing waits.
        """
        assert at(home_with_routine, "inbox", "--network", "smittvern").code == 4


class TestDecidingAboutUse:
    def test_a_version_is_taken_into_use(self, at, home_with_routine):
        """
        The sentence says what now applies where, from when, and under which position: what an auditor asks.
        """
        ran = at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")

        assert ran.code == 0
        assert "Fauske tar i bruk handhygiene 1.0." in ran.out
        assert "etter beslutning av kommunalsjef helse og omsorg" in ran.out

    @pytest.mark.parametrize("day", ["2027-01-01", "01.01.2027", "1.1.2027"])
    def test_a_day_may_be_written_the_norwegian_way(self, at, home_with_routine, day):
        """
        People write days as they always have.
        """
        ran = at(
            home_with_routine, "adopt", "handhygiene", "-m", "1841", "--from", day, "--json", by="beslutter.fauske"
        )

        assert ran.answer["from_on"] == "2027-01-01"

    @pytest.mark.parametrize(
        ("line", "state", "said"),
        [
            (("decline", "handhygiene", "--reason", "Vi har ingen."), "declined", "tar ikke i bruk"),
            (("not-relevant", "handhygiene", "--reason", "Vi har ingen."), "not-relevant", "ikke aktuell"),
            (("own-routine", "handhygiene", "--link", "https://provevik.example/h"), "own-routine", "egen rutine"),
        ],
    )
    def test_any_answer_is_an_answer(self, at, home_with_routine, line, state, said):
        """
        No is as good as yes, when it says why or where.
        """
        ran = at(home_with_routine, *line, "-m", "Fauske", by="beslutter.fauske")

        assert said in ran.out
        cells = at(home_with_routine, "matrix", "--json").answer["cells"]
        assert [one["state"] for one in cells if one["municipality"] == "1841"] == [state]

    def test_a_use_is_ended_after_its_last_day(self, at, home_with_routine):
        """
        The last day still counts: it is in force in the evening of it.
        """
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")

        ran = at(
            home_with_routine, "end", "handhygiene", "-m", "Fauske", "--reason", "Erstattet", "--last-day", "31.12.2030",
            by="beslutter.fauske",
        )  # fmt: skip

        assert "Siste dag er 31.12.2030." in ran.out
        lasts = at(home_with_routine, "as-of", "31.12.2030", "--json").answer["in_force"]
        after = at(home_with_routine, "as-of", "01.01.2031", "--json").answer["in_force"]
        assert ([(one["municipality"], one["until_on"]) for one in lasts], after) == ([("1841", "2031-01-01")], [])

    def test_what_falls_away_is_said(self, at, home_with_routine):
        """
        Whoever planned it has told people, and must tell them once more.
        """
        home = home_with_routine
        at(home, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        last = at(
            home, "end", "handhygiene", "-m", "Fauske", "--reason", "Erstattet", "--last-day", "31.01.2027",
            by="beslutter.fauske",
        )  # fmt: skip
        with home.opened() as library:
            change_with_everyone(library, a_routine(extra="Nytt."))

        again = at(home, "adopt", "handhygiene", "-m", "Fauske", "--from", "01.12.2026", by="beslutter.fauske")
        no = at(home, "decline", "handhygiene", "-m", "Fauske", "--reason", "Lagt ned", "--json", by="beslutter.fauske")

        assert "faller bort" not in last.out
        assert "Dette faller bort: bruken skulle ha siste dag 31.01.2027." in again.out
        assert no.answer["cancelled"] == [{"version": "1.1", "from_on": "2026-12-01"}]


class TestLocalInformation:
    @pytest.fixture
    def with_telephone(self, home_with_routine):
        """`handhygiene` 1.1 asks each municipality for a telephone."""
        with home_with_routine.opened() as library:
            change_with_everyone(library, a_routine(required=("vakttelefon",)))
        return home_with_routine

    def test_is_filled_in_and_shown(self, at, with_telephone):
        """
        What is missing has a name, so that somebody can fill it in.
        """
        before = at(with_telephone, "local", "show", "handhygiene", "-m", "Fauske", "--json").answer
        at(
            with_telephone,
            "local",
            "set",
            "handhygiene",
            "vakttelefon=75 00 00 00",
            "-m",
            "Fauske",
            by="ansvarlig.fauske",
        )
        after = at(with_telephone, "local", "show", "handhygiene", "-m", "Fauske", "--json").answer

        assert [one["value"] for one in before["local_information"]] == [None]
        assert [one["value"] for one in after["local_information"]] == ["75 00 00 00"]

    def test_a_routine_is_not_taken_into_use_without_it(self, at, with_telephone):
        """
        A gap where a telephone should be is worse than no routine.
        """
        ran = at(with_telephone, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")

        assert ran.code == 3
        assert "Vakttelefon" in ran.err
        assert "samrutine local set" in ran.err

    @pytest.mark.parametrize("pair", ["vakttelefon", "=75", "vakttelefon=1 vakttelefon=2"])
    def test_a_pair_that_is_none_is_refused(self, at, with_telephone, pair):
        """
        Half a pair would clear a telephone by mistake.
        """
        ran = at(with_telephone, "local", "set", "handhygiene", *pair.split(), "-m", "Fauske", by="ansvarlig.fauske")

        assert ran.code == 2


class TestPeople:
    def test_a_role_granted_by_name_is_kept_by_number(self, at, home):
        """
        Bodies are compared as they are written: a role in «Fauske» would be a role nowhere.
        """
        at(home, "person", "add", "ny", "--name", "Navn Navnesen Ny", by="redaktor")

        with home.opened() as library:
            granted = library.grant("ny", "responsible", "municipality:Fauske", by="redaktor")

        assert granted.body == "municipality:1841"

    def test_roles_are_given_in_plain_words(self, at, home):
        """
        The words of the screen, not those of the code.
        """
        at(home, "person", "add", "ny", "--name", "Navn Navnesen Ny", by="redaktor")

        ran = at(home, "grant", "ny", "nettverksmedlem", "--network", "smittevern", by="redaktor")

        assert "ny er nettverksmedlem i smittevern" in ran.out
        listed = at(home, "people", "--json").answer["people"]
        assert [one["roles"] for one in listed if one["login"] == "ny"] == [[["member", "network:smittevern"]]]

    def test_a_delegation_makes_a_decider(self, at, home_with_routine):
        """
        Registered once, and the person can decide.
        """
        at(home_with_routine, "person", "add", "ny", "--name", "Navn Navnesen Ny", by="redaktor")

        at(
            home_with_routine, "delegate", "ny", "-m", "Fauske", "--level", "kommunalsjef", "--position", "kommunalsjef",
            by="redaktor",
        )  # fmt: skip

        assert at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="ny").code == 0

    def test_an_unknown_role_lists_those_there_are(self, at, home):
        """
        Nobody remembers six words.
        """
        ran = at(home, "grant", "skribent", "sjef", "--network", "smittevern", by="redaktor")

        assert ran.code == 2
        assert "«sjef» kan ikke brukes som ROLLE." in ran.err
        assert "nettverksleder" in ran.err

    def test_a_body_is_called_what_people_call_it(self, at, home):
        """
        Nobody knows their neighbours by four digits.
        """
        granted = at(home, "grant", "skribent", "ansatt", "-m", "1839", by="redaktor")
        people = at(home, "people")

        assert "er ansatt i Beiarn fra" in granted.out
        assert "ansatt i Beiarn" in people.text
        assert "(1839)" not in people.out

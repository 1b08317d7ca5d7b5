"""What is searched for in vain: counted by day, without who asked, and shown to the editor."""

from datetime import timedelta

import pytest

from samrutine.errors import NotAllowed
from samrutine.networks.retention_rules import Kept
from samrutine.reading.unanswered import words_to_keep
from samrutine.search.query import parse
from samrutine.storage.rows import UnansweredSearchRow
from tests.support.texts import NATIONAL_ID


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("Tannhelse", "tannhelse"),
            ("tvang i tannhelse", "tvang tannhelse"),
            ("pårørende sinne", "parorende sinne"),
            ("sykehjemsplan", "sykehjemsplan"),
            ('"ulykke på båt"', "ulykke bat"),
            ("liv og død", "liv dod"),
            ("vakt i helga", "vakt helga"),
            ("vold og demens", "vold demens"),
            ("rus og psykose", "rus psykose"),
            ("endre plan for dag og natt", "endre plan dag natt"),
        ],
    )
    def test_is_words_folded(self, typed, kept):
        """A wish is a subject, and a dictionary has its words."""
        assert words_to_keep(typed, parse(typed)) == kept

    @pytest.mark.parametrize(
        "typed",
        [
            f"pasient {NATIONAL_ID}",
            "ring 91 23 45 67",
            "pasient født 1941",
            "kari.prøve@provevik.example",
            "Bjørn Berg utagerer",
            "Hilsen Stein Solberg",
            "kjell arne xyzzyson",
            "kari utagerer",
            "kari nordmann",
            "ola strand medisin",
            "liv berg",
            "stell av dag solberg",
            "hagen, finn",
            '"hans berg"',
            "hiv hos odd",
            "mor til stein skabb",
            "berg hiv",
            "haugen aids",
            "rose demens",
            "ordføreren psykose",
            "lensmannen full",
            "abort datter rektor",
            "xqzt",
            "hva er",
            "",
            "tannhelse " + "vold trusler melding barn skole plan rutine " * 3,
            "tannhelse " * 500,
        ],
    )
    def test_is_nothing_that_may_be_about_somebody(self, typed):
        """People type names and numbers into any box that there is."""
        assert words_to_keep(typed, parse(typed)) is None


def counted(library):
    return [(one.words, one.count) for one in library.unanswered_searches(by="redaktor")]


class TestASearchInVain:
    def test_is_counted_by_its_words_alone(self, any_library_with_routine):
        """
        Ten who miss the same routine are one line, and nobody can see who they were.
        """
        library = any_library_with_routine
        for words in ("tannhelse", "Tannhelse", "tannhelse?", "atomkraftverk"):
            library.search(words, reader="ansatt.fauske")

        assert counted(library) == [("tannhelse", 3), ("atomkraftverk", 1)]
        assert set(UnansweredSearchRow.model_fields) == {"day_at", "words", "count"}

    def test_on_two_days_is_one_line_with_both(self, library_with_routine, clock):
        """
        What is missed again and again is missed most.
        """
        library = library_with_routine
        first = library.today
        library.search("tannhelse")
        clock.forward(days=3)
        library.search("tannhelse")

        (line,) = library.unanswered_searches(by="redaktor")

        assert (line.count, line.first_on, line.last_on) == (2, first, first + timedelta(days=3))

    @pytest.mark.parametrize(
        ("words", "narrowed"),
        [
            ("hendene", {}),
            ("hendene", {"municipality": "Beiarn"}),
            ("tannhelse tema:smittevern", {}),
            ("tannhelse kommune:fauske", {}),
            ("", {}),
        ],
    )
    def test_that_was_answered_or_narrowed_is_not_counted(self, library_with_routine, words, narrowed):
        """
        What exists and is not in use in Beiarn is no wish.
        """
        library_with_routine.search(words, **narrowed)

        assert counted(library_with_routine) == []

    def test_that_our_own_texts_answer_is_not_counted(self, library_with_routine):
        """
        What Fauske has written is found in Fauske, and its words are nobody's to read elsewhere.
        """
        library = library_with_routine
        library.adopt("handhygiene", "1841", by="beslutter.fauske")
        library.add_addition(
            "handhygiene", "1841", "framgangsmate", "practical-note", "Se i brannskapet.", by="ansvarlig.fauske"
        )
        library.search("brannskap", mine="Fauske")

        assert counted(library) == []
        library.search("brannskap", mine="Beiarn")
        assert counted(library) == [("brannskap", 1)]

    def test_waits_for_no_other_writer(self, home_with_routine):
        """
        A count is worth less than the second that somebody waits.
        """
        with home_with_routine.opened() as library, home_with_routine.opened() as other:
            with other._parts.database.writing() as session:
                session.connection().exec_driver_sql("DELETE FROM unanswered_search")
                found = library.search("tannhelse")

            assert found.result.total == 0
            assert counted(library) == []
            library.search("tannhelse")
            assert counted(library) == [("tannhelse", 1)]

    def test_is_seen_by_the_editor_alone(self, library_with_routine):
        """
        What people look for says something of them, even without names.
        """
        with pytest.raises(NotAllowed):
            library_with_routine.unanswered_searches(by="ansatt.fauske")

    def test_is_gone_after_a_year(self, any_library_with_routine, clock):
        """
        Old questions are nobody's wish, and what is not needed is not kept.
        """
        library = any_library_with_routine
        library.search("tannhelse")
        clock.forward(days=370)
        library.search("atomkraftverk")

        report = library.retention(by="redaktor", delete=True)

        assert {line.kept: line.count for line in report.lines}[Kept.SEARCHES] == 1
        assert counted(library) == [("atomkraftverk", 1)]
        assert library.verify().is_clean

    def test_can_be_made_a_wish(self, library_with_routine):
        """
        The editor sees what is missing, and says so where the networks look.
        """
        library_with_routine.search("tannhelse")
        (line,) = library_with_routine.unanswered_searches(by="redaktor")

        wished = library_with_routine.wish(f"Rutine om {line.words}.", by="redaktor")

        assert [one.id for one in library_with_routine.wishes()] == [wished.wish]

"""What a search can be narrowed to by its words: values found, those nearest to a slip, and completion."""

from datetime import date

import pytest

from samrutine.networks.model import Municipality, MunicipalityNumber, Network, NetworkId
from samrutine.networks.shared_library import SharedLibrary, Subject, SubjectId, Vocabulary
from samrutine.search.applying import Asked, understand
from samrutine.search.choices import Choices, day_of
from samrutine.search.model import Applying, Filter, FilterField
from samrutine.search.query import parse

SUBJECTS = (
    Subject(SubjectId("smittevern"), "Smittevern", "Smittevern"),
    Subject(SubjectId("psykisk-helse"), "Psykisk helse og rus", "Psykisk helse og rus"),
)
TOWNS = (
    Municipality(MunicipalityNumber("9991"), "Sørvik", "sorvik", None),
    Municipality(MunicipalityNumber("9992"), "Hábmer", "habmer", "Hápmir"),
)
NETWORK = Network(NetworkId("smittevern"), "Fagnettverk for smittevern")
SHARED = SharedLibrary((), (NETWORK,), (), SUBJECTS, (), (), Vocabulary((), (), (), (), ()), (), (), (), {})
CHOICES = Choices.of(SHARED, TOWNS)


class TestAValue:
    @pytest.mark.parametrize("typed", ["psykisk-helse", "Psykisk helse og rus", "PSYKISKHELSE"])
    def test_is_known_by_id_and_by_name(self, typed):
        """People see the names, and an address the ids."""
        assert CHOICES.understood(Filter(FilterField.SUBJECT, typed)) == Filter(FilterField.SUBJECT, "psykisk-helse")

    def test_that_nothing_has_is_given_with_the_nearest(self):
        """«Fant ingenting» sends people to write the routine that is there."""
        assert CHOICES.understood(Filter(FilterField.SUBJECT, "smitevren")) is None
        assert CHOICES.nearest(FilterField.SUBJECT, "smitevren")[0] == "Smittevern"

    @pytest.mark.parametrize("typed", ["zzz", "Havmark", "Trondheim"])
    def test_that_is_near_none_is_given_with_all_when_they_are_few(self, typed):
        """Whoever is far off is helped by seeing what there is, and misled by what is not near."""
        assert CHOICES.nearest(Applying.MUNICIPALITY, typed) == ()
        assert CHOICES.strange(Applying.MUNICIPALITY, typed).choices == ("Sørvik", "Hábmer")

    @pytest.mark.parametrize(
        ("typed", "is_day"), [("32.1.2026", True), ("2026-13-01", True), ("1/3-2026", True), ("zzz", False)]
    )
    def test_that_was_to_be_a_day_is_said_to_be_none(self, typed, is_day):
        """No municipality is near to the thirty-second of January."""
        strange = CHOICES.strange(Applying.APPLIES, typed)

        assert strange.is_day is is_day
        assert bool(strange.choices) is not is_day

    def test_of_an_open_list_may_be_anything(self):
        """Målgrupper are written by the authors, and no list has them."""
        asked = Filter(FilterField.AUDIENCE, "jordmor")

        assert CHOICES.understood(asked) == asked


class TestWhereAndWhen:
    @pytest.mark.parametrize(
        ("text", "attribute", "value"),
        [
            ("kommune:sørvik", "places", {"9991"}),
            ("kommune:9992 kommune:sorvik", "places", {"9991", "9992"}),
            ("kommune:Hápmir", "places", {"9992"}),
            ("gjelder:sorvik", "places", {"9991"}),
            ("-kommune:sorvik", "not_places", {"9991"}),
            ("gjelder:ja", "applies", True),
            ("gjelder:nei", "applies", False),
            ("-gjelder:ja", "applies", False),
            ("-gjelder:nei", "applies", True),
            ("gjelder:1.3.2026", "day", date(2026, 3, 1)),
            ("gjelder:2026-03-01", "applies", True),
        ],
    )
    def test_is_understood(self, text, attribute, value):
        """Each in the way that people say it."""
        asked = Asked(date(2026, 11, 22))

        assert understand(parse(text).applying, CHOICES, asked) == ()
        assert getattr(asked, attribute) == value

    @pytest.mark.parametrize("text", ["kommune:oslo", "gjelder:kanskje", "gjelder:31.2.2026", "kommune:ja"])
    def test_that_is_unknown_narrows_nothing_and_is_said(self, text):
        """Search never refuses; but nobody may believe that it was narrowed."""
        asked = Asked(date(2026, 11, 22))
        (strange,) = understand(parse(text).applying, CHOICES, asked)

        assert asked == Asked(date(2026, 11, 22))
        assert f"{strange.name}:{strange.value}" == text

    @pytest.mark.parametrize("value", ["", "1.1", "2026-13-01", "30.2.2026", "٢٠٢٦-٠١-٠١", "1" * 5000])
    def test_is_no_day_unless_the_calendar_has_it(self, value):
        """A day that never was has no answer."""
        assert day_of(value) is None


class TestCompletion:
    @pytest.mark.parametrize(
        ("text", "completed"),
        [
            ("vold te", ["vold tema:"]),
            ("mal", ["målgruppe:"]),
            ("tema:smi", ["tema:Smittevern"]),
            ("vold -tema:psyk", ['vold -tema:"Psykisk helse og rus"']),
            ('tema:"psyk', ['tema:"Psykisk helse og rus"']),
            ("kommune:", ["kommune:Sørvik", "kommune:Hábmer"]),
            ("kommune:hap", ["kommune:Hábmer"]),
            ("type:sjekk", ["type:sjekkliste"]),
            ("gjelder:n", ["gjelder:nei"]),
            ("nettverk:smitt", ['nettverk:"Fagnettverk for smittevern"']),
            ("tema:smitevren", ["tema:Smittevern"]),
            ("legevakt", []),
            ("tema:smittevern ", []),
            ("", []),
        ],
    )
    def test_gives_names_and_values(self, text, completed):
        """Nobody remembers what the networks are called."""
        found = CHOICES.complete(text)

        assert [text[: one.start] + one.text + text[one.end :] for one in found] == completed

    def test_looks_at_what_stands_before_the_cursor(self):
        """People go back and mend."""
        (found,) = CHOICES.complete("tema:smi vold", 8)

        assert (found.start, found.end) == (5, 8)

    @pytest.mark.parametrize(
        "text", ["tema:" * 2_000, "a" * 10_000, ":" * 10_000, '"' * 999, "tema:\x00\u202e", "\ud800"]
    )
    @pytest.mark.parametrize("cursor", [None, -5, 3, 10**9])
    def test_takes_anything(self, text, cursor):
        """It is asked at every key that is pressed."""
        assert len(CHOICES.complete(text, cursor)) <= 12

"""Suggestions while somebody types: from what they may find, in the letters of the text, few and fast."""

import time

import pytest
from nasty import NASTY
from section_builders import a_section

from samrutine.procedures.model import Digest
from samrutine.search.engine import Engine
from samrutine.search.suggesting import MOST, Suggested, chosen
from tests.support.stories import approve_with_everyone
from tests.support.texts import SECTIONS, a_routine


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = Engine(tmp_path_factory.mktemp("suggest"))
    engine.rebuild(
        [
            a_section("smittevernplan", "Pårørende varsles.", title="Smittevernplan", also_called=("Pandemiplan",)),
            a_section("tuberkulose", "Spor smitten.", title="Tuberkulose", heading="Smittesporing", key="sporing"),
            a_section("barnevern", "Meldeplikt til barnevernet.", title="Melding til barnevernet"),
            a_section("hemmelig", "Smørbrød.", title="Smugling"),
        ],
        1,
    )
    return engine


def suggested(engine, typed, **given):
    return [(one.kind, one.text) for one in chosen(engine.suggest(typed, **given))]


class TestASuggestion:
    @pytest.mark.parametrize(
        ("typed", "kind", "text"),
        [
            ("smittev", Suggested.TITLE, "Smittevernplan"),
            ("pandemi", Suggested.NAME, "Pandemiplan"),
            ("smittesp", Suggested.HEADING, "Smittesporing"),
            ("paror", Suggested.WORD, "pårørende"),
            ("PÅRØR", Suggested.WORD, "pårørende"),
            ("tuberkolose", Suggested.TITLE, "Tuberkulose"),
            ("melding til barn", Suggested.TITLE, "Melding til barnevernet"),
        ],
    )
    def test_begins_so_or_is_spelt_like_it(self, engine, typed, kind, text):
        """Half a word on a phone, without æøå and with a slip, is what people type."""
        assert (kind, text) in suggested(engine, typed)

    def test_of_a_title_comes_before_words(self, engine):
        """One click from the routine beats one click from a list."""
        kinds = [kind for kind, _ in suggested(engine, "smitt")]

        assert kinds[0] is Suggested.TITLE
        assert kinds == sorted(kinds, key=list(Suggested).index)

    def test_of_a_title_comes_first_also_where_the_word_is_misspelt(self, tmp_path):
        """
        «tuberkol» is on the way to the program, and not to another name of it that has the word by itself.
        """
        engine = Engine(tmp_path)
        title, name = "Tuberkulosekontrollprogram", "plan mot tuberkulose"
        engine.rebuild([a_section("tub", "Spor smitten.", title=title, also_called=(name,))], 1)

        assert suggested(engine, "tuberkol")[:2] == [(Suggested.TITLE, title), (Suggested.NAME, name)]

    @pytest.mark.parametrize("typed", ["smitte:", "melding tema:", "temma: "])
    def test_is_not_made_of_the_name_of_a_condition(self, engine, typed):
        """
        «temma:» is no word that begins so, and its completion is the condition.
        """
        assert suggested(engine, typed) == []

    def test_leads_to_its_section(self, engine):
        """A heading is a place in a routine."""
        (found,) = [one for one in chosen(engine.suggest("smittesp")) if one.kind is Suggested.HEADING]

        assert (found.procedure_id, found.section_key) == ("tuberkulose", "sporing")

    def test_is_of_what_may_be_found_alone(self, engine):
        """A title that one may not read says as much as the text."""
        shown = {Digest("1:smittevernplan-1.0")}

        assert "Smugling" in [text for _, text in suggested(engine, "smu")]
        assert suggested(engine, "smu", allowed=shown) == []
        assert suggested(engine, "smør", allowed=shown) == []

    @pytest.mark.parametrize("typed", ["", "s", "   ", "qqqqqqq"])
    def test_is_not_made_of_nothing(self, engine, typed):
        """One letter fits all, and nonsense fits nothing."""
        assert suggested(engine, typed) == []

    @pytest.mark.parametrize("typed", NASTY.values(), ids=NASTY.keys())
    def test_is_asked_for_with_anything(self, engine, typed):
        """It is asked at every key that is pressed."""
        assert len(suggested(engine, typed)) <= MOST


def test_takes_no_longer_than_between_two_keys(tmp_path):
    """
    What comes later than the next letter is about another word.
    """
    engine = Engine(tmp_path)
    engine.rebuild(
        (
            a_section(
                f"rutine-{n}", f"Smitte og vern nummer {n} for pasienter og pårørende. " * 5, heading=f"Smitte {m}"
            )
            for n in range(300)
            for m in range(3)
        ),
        1,
    )
    chosen(engine.suggest("smi"))

    took = []
    for typed in ("sm", "smitt", "paro", "vern smi", "pasiemt"):
        before = time.process_time()
        chosen(engine.suggest(typed))
        took.append(time.process_time() - before)

    assert sorted(took)[len(took) // 2] < 0.02


APART = {**SECTIONS, "Avvik": "Nøkkelen ligger i nittini."}


def test_nothing_exempt_is_suggested_to_others(any_library_with_routine):
    """
    Neither the words nor the title, and nothing of how many there are.
    """
    library = any_library_with_routine
    secret = a_routine("nokkelskap", title="Nøkkelskapets plass", access="exempt", sections=APART)
    approve_with_everyone(library, secret)

    for typed in ("nøkkelsk", "nitti"):
        assert library.suggest(typed) == ()
        assert library.suggest(typed, reader="ansatt.fauske") == ()
        assert library.suggest(typed, reader="leder") != ()


def test_only_what_applies_is_suggested_for_a_municipality(any_library_with_routine):
    """
    Where a routine is not in use, it is no answer.
    """
    library = any_library_with_routine
    library.adopt("handhygiene", "1841", by="beslutter.fauske")

    assert [one.text for one in library.suggest("håndh", municipality="Fauske")][:1] == ["Håndhygiene"]
    assert library.suggest("håndh", municipality="Beiarn") == ()

"""The ways from a word that was typed to what stands for it in an index, and what they are worth together."""

import pytest
from section_builders import a_section

from samrutine.networks.shared_library import Abbreviation, Vocabulary
from samrutine.search.compounds import divisions
from samrutine.search.derived import derived
from samrutine.search.engine import Engine
from samrutine.search.meanings import Meanings
from samrutine.search.model import TakenAs
from samrutine.search.query import parse
from samrutine.search.ways import short_forms

VOCABULARY = Vocabulary(
    synonyms=(), abbreviations=(Abbreviation("TB", ("tuberkulose",)),), pairs=(), old_words=(), ambiguities=()
)  # fmt: skip


@pytest.fixture
def found(tmp_path):
    """Search among sections, given as routine, heading and text; gives the routines, the best first."""
    engine = Engine(tmp_path, meanings=lambda: Meanings.of(VOCABULARY))

    def find(typed, *sections):
        engine.rebuild(
            [a_section(routine, text, heading=heading, title=routine) for routine, heading, text in sections], 1
        )
        return [hit.procedure_id for hit in engine.search(parse(typed)).hits]

    return find


class TestASlip:
    def test_finds_what_the_right_word_finds(self, found):
        """
        What was meant has sisters and short forms too, and whoever slips shall not find less.
        """
        hits = found("tuberkolose", ("spytt", "Spytt", "Tuberkulose i prøver."), ("blod", "Blod", "TB i prøver."))

        assert hits == ["spytt", "blod"]


class TestLetters:
    def test_a_word_that_is_norwegian_as_it_stands_is_that_word(self, found):
        """
        Who looks for grief is not helped by everybody who sees to something, however often they do.
        """
        sections = (
            ("ansvar", "Ansvar", "Leder sørger for vakt. Lege sørger for prøver."),
            (
                "samtale",
                "Samtale",
                "Snakk med barnet om døden og om sorgen, og om hva som skjer i dagene som kommer nå.",
            ),
        )

        assert found("sorg", *sections) == ["samtale", "ansvar"]
        assert found("sørger", *sections) == ["ansvar"]

    def test_a_word_without_its_letters_is_found_where_nothing_else_is_spelt_so(self, found):
        """
        Some write from abroad, or on a keyboard that has no ø.
        """
        assert found("sorg", ("ansvar", "Ansvar", "Leder sørger for vakt.")) == ["ansvar"]


class TestVerbAndNoun:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("maling", "male"), ("bevegelse", "bevege"), ("henvisning", "henvise"), ("dokumentasjon", "dokumentere")],
    )
    def test_lead_to_each_other(self, one, other):
        """
        The text says what is done, and the question names the doing of it.
        """
        assert other in derived(one)
        assert one in derived(other)

    @pytest.mark.parametrize("word", ["regel", "bilde", "ing", "else", "", "x", "måling", "q1"])
    def test_nothing_is_made_up(self, word):
        """
        A word that no dictionary has is no help, and half of Norwegian ends in -e.
        """
        assert derived(word) == ()

    def test_are_found_by_each_other_and_in_compounds(self, found):
        """
        «Blodtrykksmåling» is what «blodtrykket måles» is about.
        """
        texts = (
            ("blodtrykk", "Hver uke", "Blodtrykket måles om morgenen."),
            ("vekt", "Hver uke", "Vekten skrives opp."),
        )

        assert found("måling", *texts) == ["blodtrykk"]
        assert found("pulsmåling", *texts) == ["blodtrykk"]


class TestHalfAWord:
    def test_is_rather_begun_than_misspelt(self, found):
        """
        Who types «kontorpro» is on the way to kontorprogram, and has not got konto wrong.
        """
        hits = found(
            "kontorpro",
            ("Konto", "Kontor", "Konto og kontor, og mer om kontor og konto."),
            ("Maskiner", "Innhold", "Hver maskin har et kontorprogram, og mye annet som følger med fra leverandøren."),
        )

        assert hits[0] == "Maskiner"


class TestACompound:
    def test_is_cut_where_both_sides_are_words_too(self):
        """
        A stay at a hospital has little to do with a house.
        """
        smallest, *cuts = divisions("sykehusinnleggelse")

        assert [part[-1] for part in smallest] == ["syk", "hus", "innleggelse"]
        assert (("sykehus",), ("innleggelse",)) in cuts

    def test_a_part_that_is_two_words_is_one_part(self):
        """
        "syke" is of both "syke" and "syk"; who has one of them has the part.
        """
        smallest, *_ = divisions("sykehusinnleggelse")

        assert smallest[0] == ("syke", "syk")

    @pytest.mark.parametrize("word", ["fristen", "sykehus", "innleggelse", ""])
    def test_two_parts_or_none_have_no_other_cut(self, word):
        """
        There is one way to see them at most.
        """
        assert len(divisions(word)) <= 1

    def test_a_routine_about_the_larger_parts_comes_first(self, found):
        """
        Smaller ones are in many routines, and say less.
        """
        hits = found(
            "sykehusinnleggelse",
            ("gulv", "Innleggelse", "Syke folk i hus. Innleggelse av gulv."),
            ("skole", "Skole", "Ved innleggelse på sykehus har barnet rett til undervisning der."),
            *((f"annet {number}", "Annet", "En syk mann i et hus får hjelp.") for number in range(8)),
        )

        assert hits[0] == "skole"


class TestFirstLetters:
    def test_are_what_words_may_be_shortened_to(self, found):
        """
        New scales and tools come with short forms, sooner than an editor can write them down.
        """
        hits = found(
            "visuell analog skala", ("smerte", "Smerte", "Bruk VAS ved smerte."), ("søvn", "Søvn", "Mørkt rom.")
        )

        assert hits == ["smerte"]

    @pytest.mark.parametrize(
        ("typed", "made"),
        [
            ("visuell analog skala", {"vas"}),
            ("brukerstyrt personlig assistanse", {"bpa", "bsp", "bspa"}),
            ("hjerte- og lungeredning", {"hlr"}),
            ("bort raude auge", set()),
            ("to ord", set()),
            ("enkeltord", set()),
        ],
    )
    def test_are_long_enough_and_no_common_word(self, typed, made):
        """
        Three words that happen to spell «bra» are not shortened to it.
        """
        assert {one.key for one in short_forms(parse(typed).words)} == made

    def test_tell_why(self, tmp_path):
        """
        «Viser treff for VAS» lets her see whether that was meant.
        """
        engine = Engine(tmp_path)
        engine.rebuild([a_section("smerte", "Bruk VAS ved smerte.")], 1)

        (hit,) = engine.search(parse("visuell analog skala")).hits

        assert {(one.shown, one.how) for one in hit.why} == {("VAS", TakenAs.ABBREVIATION)}


class TestARoutine:
    def test_counts_for_its_section(self, found):
        """
        One that answers both halves of a question, under two headings, answers more than one that has but half.
        """
        long = "og mye annet som en kan trenge hjemme hos seg selv i en tid etter en operasjon, eller et fall på isen"

        hits = found(
            "krykker rullator",
            ("Krykker og staver", "Krykker", "Krykker stilles etter høyden."),
            ("Lager", "Hva vi låner ut", f"Rullator {long}"),
            ("Lager", "Når det leveres", f"Krykker {long}"),
            ("Verksted", "Hva som repareres", f"Rullator {long}"),
        )

        assert hits[0] == "Lager"


class TestAWordThatIsNowhere:
    def test_tells_as_much_as_what_stands_for_it(self, found):
        """
        A word from the other Norwegian is rare here, and what it says may be in every routine.
        """
        many = [(f"Beboer {number}", "Mat", "Det står mat på bordet.") for number in range(6)]
        others = [(f"Annet {number}", "Mat", "Det står mat på bordet.") for number in range(7)]
        long = "Vi ser på huden hver dag og skriver det opp, også når det ikke er trykksår der vi pleier å se. " * 3

        hits = found("bebuarar trykksår", *many, *others, ("Hud", "Hud", long))

        assert hits == ["Hud"]

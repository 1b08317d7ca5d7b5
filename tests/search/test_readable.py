"""Whether a word is there is asked of what the reader may find and what stands, and of nothing else in the files."""

import pytest
from section_builders import a_section

from samrutine.procedures.model import Digest
from samrutine.search.defining import says
from samrutine.search.engine import Engine
from samrutine.search.query import parse


@pytest.fixture
def engine(tmp_path):
    return Engine(tmp_path)


def procedures(engine, typed, **given):
    return [hit.procedure_id for hit in engine.search(parse(typed), **given).hits]


RIGHT = a_section("rett", "Tuberkulose meldes.")
WRONG = [a_section("feil", "Om tuberkolose.", heading=f"Del {number}") for number in range(3)]


class TestWhetherAWordIsASlip:
    def test_does_not_hang_on_what_the_reader_may_not_find(self, engine):
        """
        A text that she may not see has the same slip three times; she finds the right word all the same, and learns nothing.
        """
        engine.rebuild([*WRONG, RIGHT], 1)

        assert procedures(engine, "tuberkolose", allowed={Digest("1:rett-1.0")}) == ["rett"]
        assert procedures(engine, "tuberkolose", allowed={Digest("1:feil-1.0")}) == ["feil"]

    def test_does_not_hang_on_what_was_taken_out(self, engine):
        """
        The answer follows from what is in force, and not from what was there before.
        """
        engine.rebuild([*WRONG, RIGHT], 1)

        engine.replace("feil", [a_section("feil", "Om noe annet.", version="1.1")], 2)

        assert procedures(engine, "tuberkolose") == ["rett"]


class TestFirstLetters:
    OTHERS = (
        a_section("bup", "Henvis til BUP.", title="BUP"),
        a_section("reise", "Barn uten gyldig pass kan ikke reise."),
    )

    @pytest.mark.parametrize("typed", ["barn utenlands pass", "barn uten pass"])
    def test_that_happen_to_spell_something_else_come_after_the_words(self, engine, typed):
        """
        «Barn utenlands pass» has the letters of BUP and nothing to do with it.
        """
        engine.rebuild(self.OTHERS, 1)

        assert procedures(engine, typed)[0] == "reise"

    def test_count_where_a_text_says_what_they_stand_for(self, engine):
        """
        Whoever writes «visuell analog skala (VAS)» once has told it for all the texts that say only VAS.
        """
        told = a_section("hvordan", "Bruk visuell analog skala (VAS).")
        others = [a_section("smerte", "VAS noteres.", title="VAS"), a_section("skala", "En analog skala.")]
        engine.rebuild([told, *others], 1)

        assert procedures(engine, "visuell analog skala")[:2] == ["hvordan", "smerte"]
        may_read = {Digest("1:smerte-1.0"), Digest("1:skala-1.0")}
        assert procedures(engine, "visuell analog skala", allowed=may_read)[0] == "skala"

    def test_are_guessed_at_where_hardly_any_of_the_words_is_found(self, engine):
        """
        Who asks for «visuell analog skala» in a library that only has VAS shall not be left with every scale there is.
        """
        engine.rebuild([a_section("smerte", "VAS noteres."), a_section("skala", "En skala.")], 1)

        assert procedures(engine, "visuell analog skala")[0] == "smerte"

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (" bruk visuell analog skala vas ", True),
            (" vas er en visuell analog skala ", True),
            (" vas og en skala ", False),
            (" visuell analog skala ", False),
        ],
    )
    def test_are_told_where_both_stand(self, text, told):
        """
        In either order.
        """
        assert says(text, ("visuell", "analog", "skala"), "vas") is told

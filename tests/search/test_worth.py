"""What a text that is in no index earns, beside those that are."""

import pytest
from section_builders import a_section

from samrutine.networks.shared_library import Abbreviation, Vocabulary
from samrutine.search.engine import Engine
from samrutine.search.meanings import Meanings
from samrutine.search.query import parse
from samrutine.search.worth import rating

VOCABULARY = Vocabulary(
    synonyms=(), abbreviations=(Abbreviation("TB", ("tuberkulose",)),), pairs=(), old_words=(), ambiguities=()
)  # fmt: skip
TITLE, HEADING, TEXT = "Prøver", "Spytt", "Ved mistanke om tuberkulose tar sykepleier tre spyttprøver om morgenen."


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """One section among others that have some of its words."""
    engine = Engine(tmp_path_factory.mktemp("worth"), meanings=lambda: Meanings.of(VOCABULARY))
    others = [a_section(f"annet-{number}", "Sykepleier tar ansvar, også om morgenen.") for number in range(5)]
    engine.rebuild([a_section("spytt", TEXT, title=TITLE, heading=HEADING), *others], 1)
    return engine


@pytest.mark.parametrize(
    "typed",
    [
        "tuberkulose",
        "TB",
        "tuberkolose",
        "sykepleierne om morgenen",
        "spytt morgen",
        "sjukepleiar prøver",
        "spyttprøve",
    ],
)
def test_is_what_it_would_earn_in_the_index(engine, typed):
    """
    Only so can what a municipality has written stand among what all have, the better first.
    """
    query = parse(typed)
    (hit,) = (hit for hit in engine.search(query).hits if hit.procedure_id == "spytt")

    earned = rating(engine.worths(query), title=TITLE, heading=HEADING, text=TEXT)

    assert earned == pytest.approx(hit.score)


def test_is_nothing_for_a_text_about_something_else(engine):
    """
    Words that are spelt somewhat alike are no answer by themselves.
    """
    assert rating(engine.worths(parse("tuberkulose")), title="Nøkler", heading="", text="Skapet er låst.") == 0

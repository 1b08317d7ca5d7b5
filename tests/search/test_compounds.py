"""Words written together are found by the words that they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.search.compounds import divisions, inner_keys, part_keys, parts
from samrutine.search.norwegian import LONGEST_WORD, fold

NORWEGIAN = st.text("abcdefghijklmnopqrstuvwxyzæøå", max_size=70)
_LOOK_LIKE_SEVERAL = """
    samordning samordningen oppfølging behandlingene virksomhetenes tjenesten fristen telefoner forklarer vennskap
    plassering lagring organisasjonen alstahaug norovirus kommune
    """
LOOK_LIKE_SEVERAL = _LOOK_LIKE_SEVERAL.split()


class TestTakingApart:
    @pytest.mark.parametrize(
        ("word", "expected"),
        [
            ("smittevernplan", "smitte vern plan"),
            ("smittevernplanene", "smitte vern planene"),
            ("helsesykepleiernes", "helse syke pleiernes"),
            ("tuberkulosekontrollen", "tuberkulose kontrollen"),
            ("sjukeheimen", "sjuke heimen"),
            ("barnevernstenesta", "barne verns tenesta"),
            ("lønnssamtale", "lonns samtale"),
            ("loennssamtale", "lonns samtale"),
            ("trafikkultur", "trafik kultur"),
        ],
    )
    def test_takes_a_compound_apart_in_any_form_and_spelling(self, word, expected):
        """Queries come inflected, in nynorsk and from keyboards without æ, ø and å, like the texts."""
        assert " ".join(parts(word)) == expected

    @pytest.mark.parametrize(
        "word",
        LOOK_LIKE_SEVERAL,
    )
    def test_leaves_a_word_whole_that_only_looks_like_several(self, word):
        """A wrong part finds what nobody asked for."""
        assert parts(word) == ()

    @given(NORWEGIAN)
    def test_the_parts_are_the_word(self, word):
        """Nothing is lost and nothing is made up, whatever is typed."""
        found = parts(word)

        plain = fold(word)[:LONGEST_WORD]
        assert not found or "".join(found) in {plain, plain.replace("aa", "a").replace("oe", "o")}
        assert len(found) != 1

    @given(st.text(max_size=200))
    def test_takes_anything(self, text):
        """Anything may stand in a text."""
        assert parts(text) == parts(fold(text))
        assert all(part_keys(text))

    @given(NORWEGIAN)
    def test_case_and_folding_change_nothing(self, word):
        """One word is one word, on any keyboard."""
        assert parts(word) == parts(word.upper()) == parts(fold(word))


class TestKeysOfParts:
    @pytest.mark.parametrize(
        ("word", "keys"),
        [
            ("smittevernplanene", {"smitte", "vern", "plan", "smittevern"}),
            ("helsesykepleiernes", {"helse", "pleier", "sykepleier"}),
            ("barnehagen", {"barn", "hage"}),
            ("arbeidsmiljøloven", {"arbeid", "miljo", "lov", "arbeidsmiljo"}),
            ("trafikkultur", {"trafikk", "kultur"}),
        ],
    )
    def test_a_compound_is_found_by_its_parts_and_by_the_larger_words_in_it(self, word, keys):
        """Who asks for smittevern wants smittevernplanen too, whatever form it has."""
        assert keys <= set(part_keys(word))

    def test_a_word_that_is_no_compound_has_no_keys_of_parts(self):
        """It is found by its own."""
        assert part_keys("behandlingen") == ()


def test_a_front_is_rather_the_word_that_it_is_than_one_that_it_is_a_form_of():
    """
    Trouble with sleep is about sleep («søvn»), and only then about falling asleep («sovne»).
    """
    assert divisions("søvnvansker")[0][0][0] == "sovn"
    assert part_keys("brannvern")[0] == "brann"


@pytest.mark.parametrize(
    ("word", "inner"),
    [
        ("helsesykepleier", {"syk", "pleier"}),
        ("smittevernplan", {"smitte", "vern"}),
        ("sykepleier", set()),
        ("plan", set()),
    ],
)
def test_parts_of_a_known_word_inside_are_told_from_those_outside(word, inner):
    """
    A nurse at a clinic is a nurse, and not somebody ill.
    """
    found = inner_keys(word)

    assert inner <= found <= set(part_keys(word))
    assert bool(found) is bool(inner)
    assert {"helse", "sykepleier", "smittevern", "plan"}.isdisjoint(found)


@pytest.mark.parametrize(
    ("word", "other"), [("brannslukkingsapparat", "brenna"), ("sårstell", "sa"), ("nattevakt", "na")]
)
def test_a_front_is_no_verb_that_it_happens_to_be_a_form_of(word, other):
    """
    Nothing burns in an extinguisher («brann», not «brenne»), and nobody sows («så») in the care of a wound.
    """
    assert other not in part_keys(word)
    assert all(other not in part for division in divisions(word) for part in division)

"""Who writes one Norwegian finds what is written in the other."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.search.norwegian import keys
from samrutine.search.nynorsk import sisters

VOCABULARY = Path(__file__).parents[2] / "library" / "vocabulary" / "nynorsk.toml"


def meet(bokmal: str, nynorsk: str) -> bool:
    asked = {key for own in keys(bokmal) for key in (own, *sisters(own))}
    return not asked.isdisjoint(keys(nynorsk))


class TestSisters:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("sykepleier", "sjukepleiar"),
            ("helsesykepleier", "helsesjukepleiar"),
            ("sykehjem", "sjukeheim"),
            ("tjeneste", "teneste"),
            ("barnevernstjenesten", "barnevernstenesta"),
            ("ansvarlig", "ansvarleg"),
            ("hvile", "kvile"),
            ("skole", "skule"),
            ("arbeidstaker", "arbeidstakar"),
            ("ringer", "ringjer"),
            ("tenke", "tenkje"),
            ("bygge", "byggje"),
            ("velger", "velje"),
            ("sette", "setje"),
            ("kommer", "kjem"),
        ],
    )
    def test_a_word_finds_the_same_word_in_the_other_language(self, one, other):
        """Half of the texts are in one of them and half of the queries in the other, both ways."""
        assert meet(one, other)
        assert meet(other, one)

    @pytest.mark.parametrize("word", ["vaksine", "kommune", "plan", "melding", "verre", "telle"])
    def test_a_word_that_both_have_has_no_sister(self, word):
        """It would only make the query longer."""
        assert sisters(word) == ()

    def test_the_rules_find_a_good_part_of_the_pairs_that_the_editors_wrote(self):
        """The rest are other words ("bolig", "bustad"), which no rule of spelling can find; the query has both."""
        pairs = tomllib.loads(VOCABULARY.read_text("utf-8"))["pairs"]
        single = [(own, other) for own, *others in pairs for other in others if " " not in own + other]

        found = [meet(own, other) for own, other in single]

        assert sum(found) >= 0.3 * len(single), f"{sum(found)} of {len(single)}"

    @given(st.text(max_size=70))
    def test_takes_anything(self, text):
        """Anything may be typed."""
        assert text not in sisters(text)

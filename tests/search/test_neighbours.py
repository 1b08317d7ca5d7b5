"""Which words stand beside each other, as bits: what a section has is never said to be lacking."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from section_builders import a_section

from samrutine.search import neighbours
from samrutine.search.arrays import np
from samrutine.search.engine import Engine
from samrutine.search.model import QueryPhrase
from samrutine.search.norwegian import fold
from samrutine.search.opened import Opened
from samrutine.search.query import parse
from samrutine.search.spoken import spoken, stands_in

TEXTS = st.text(alphabet="aåbø_-. \u0301\n", max_size=40)


def may_have(texts, folded):
    """Say which of some texts may have words beside each other."""
    every = [neighbours.held(text) for text in texts]
    found = neighbours.Neighbours(b"".join(every), [len(one) for one in every])
    return found.may_have(np.arange(len(texts)), folded).tolist()


@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    typed=st.lists(st.text("aåbø", min_size=1, max_size=3), min_size=1, max_size=4),
)
def test_a_phrase_that_is_there_is_never_missed(texts, typed):
    """Somebody who looks for the very words of a routine must find it."""
    said = spoken([*texts, " ".join(typed)])
    folded = tuple(map(fold, typed))
    assert stands_in(QueryPhrase(" ".join(typed), folded, ()), said)

    assert 1 in may_have([spoken([""]), said, spoken(texts), spoken([""])], folded)


@pytest.mark.parametrize("length", [20, 150, 2000], ids=["a short section", "one as long as most", "a very long one"])
def test_what_is_not_there_is_mostly_seen(length):
    """Two words that stand in it, apart."""
    chance = random.Random(5)
    words = [f"ord{n}" for n in range(300)]
    text = spoken([" ".join(chance.choices(words, k=length))])
    apart = [pair for pair in pairwise(words) if f" {' '.join(pair)} " not in text]

    looked_at = sum(len(may_have([text], pair)) for pair in apart)

    assert len(apart) > 200
    assert looked_at < len(apart) / 6


def test_what_has_one_word_has_no_neighbours():
    """A heading alone, and what is no section."""
    assert may_have([spoken(["Formål", "Hender"]), "", spoken(["Rene hender"])], ("rene", "hender")) == [2]


class TestAPhraseOfCommonWords:
    def test_is_found_without_unpacking_all_that_have_the_words(self, tmp_path, monkeypatch):
        """
        The words stand in every section of a large library; to unpack them all took a second or two.
        """
        sections = [
            a_section(f"rutine-{n}", f"Pasienten får ny seng, og sykepleier {n} ser til pasienten om natta.")
            for n in range(300)
        ]
        sections[41] = a_section("rutine-41", "Når natta kommer, ser sykepleier til at pasienten ny seng får.")
        sections[42] = a_section("rutine-42", "Sykepleier ser: pasienten ny seng får.")
        unpacked = []
        real = Opened.spoken
        monkeypatch.setattr(Opened, "spoken", lambda self, number: unpacked.append(number) or real(self, number))
        engine = Engine(tmp_path)
        engine.rebuild(sections, 0)
        with engine:
            found = engine.search(parse('"pasienten ny"'))
            looked_at = len(unpacked)
            without = engine.search(parse('pasienten -"får ny"'))

        assert sorted(hit.procedure_id for hit in found.hits) == ["rutine-41", "rutine-42"]
        assert sorted(hit.procedure_id for hit in without.hits) == ["rutine-41", "rutine-42"]
        assert 2 <= looked_at <= 30

    def test_is_found_in_what_was_changed_and_joined(self, tmp_path):
        """
        Each change leaves a part of its own, and many of them become one.
        """
        Engine(tmp_path).rebuild([a_section(f"rutine-{n}", f"Ledning nummer {n}.") for n in range(5)], 0)
        with Engine(tmp_path) as engine:
            for position in range(1, 31):
                routine = f"rutine-{position % 7}"
                engine.replace(routine, [a_section(routine, f"Gul ledning ved gang {position}.")], position)
            before = engine.search(parse('"gul ledning"'))
            assert engine.tidy()

            after = engine.search(parse('"gul ledning"'))

            assert before.total == after.total == 7
            assert engine.search(parse('"ledning gul"')).total == 0

"""Where words stand, packed: what goes in comes out."""

import random

import pytest

from samrutine.search.adding import Ratings
from samrutine.search.arrays import np
from samrutine.search.document import SATURATION, _saturated
from samrutine.search.places import Places


@pytest.fixture
def plain():
    """Give sections and weights as the index has them."""
    chance = random.Random(4)
    return {n: _saturated(chance.random() * 9) for n in sorted(chance.sample(range(1000), 200))}


def test_packed_places_are_the_same_places(plain):
    """A byte for a weight is enough, since the index keeps weights in so many steps."""
    places = Places.of(list(plain), list(plain.values()))

    assert dict(places) == plain
    assert {n: places.get(n) for n in range(1000)} == {n: plain.get(n) for n in range(1000)}
    assert [n for n in range(1000) if n in places] == list(plain)
    assert dict(places.items()) == plain
    assert places.earned(0.3).tolist() == [share * 0.3 for share in plain.values()]
    assert places.shares_of(np.arange(1000)).tolist() == [plain.get(n, 0.0) for n in range(1000)]
    assert not Places.nowhere()
    assert Places.nowhere().shares_of(np.arange(3)).tolist() == [0.0] * 3
    assert 5 not in Places.nowhere()


def test_a_section_keeps_what_it_had_where_that_is_more(plain):
    """One way to a word takes nothing from another."""
    places = Places.of(list(plain), list(plain.values()))
    rated = Ratings.none(1000)
    (first, second, *_) = plain
    rated.add(Places.of([first], [7.0]), 9.0)
    rated.add(Places.of([second], [1 / 32]), 1.0)

    rated.add(places, 2.0)

    assert {n: rated.scores[n] for n in range(1000) if n in rated} == {
        **{n: share * 2.0 for n, share in plain.items()}, first: 63.0,
    }  # fmt: skip
    assert len(rated) == len(plain)


def test_parts_of_an_index_follow_on_each_other(plain):
    """The second part begins where the first ends."""
    joined = Places.joined(
        [Places.of(list(plain), list(plain.values())), Places.of(list(plain), list(plain.values()), first=1000)]
    )

    assert dict(joined) == plain | {n + 1000: share for n, share in plain.items()}


def test_every_weight_that_is_written_can_be_packed():
    """The largest is where a word stands without end."""
    assert Places.of([1], [_saturated(1e9)])[1] == pytest.approx(SATURATION + 1, abs=0.04)


@pytest.mark.parametrize("weights", [[0.3], [8.0], [-0.5], [float("nan")], [1.0, 1.0], []])
def test_a_weight_of_no_step_is_damage(weights):
    """Whoever wrote it was not this program."""
    with pytest.raises(ValueError, match="1"):
        Places.of([1], weights)

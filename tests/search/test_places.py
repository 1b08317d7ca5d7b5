"""Where words stand, packed: what goes in comes out."""

import random

import pytest

from samrutine.search.adding import add_best
from samrutine.search.document import SATURATION, _saturated
from samrutine.search.places import NOWHERE, Places


@pytest.fixture
def plain():
    """Give sections and weights as the index has them."""
    chance = random.Random(4)
    return {n: _saturated(chance.random() * 9) for n in sorted(chance.sample(range(1000), 200))}


def test_packed_places_are_the_same_places(plain):
    """A byte for a weight is enough, since the index keeps weights in so many steps."""
    places = Places.of(plain, plain.values())

    assert dict(places) == plain
    assert {n: places.get(n) for n in range(1000)} == {n: plain.get(n) for n in range(1000)}
    assert [n for n in range(1000) if n in places] == list(plain)
    assert places.scored(0.3) == {n: share * 0.3 for n, share in plain.items()}
    rated = {5: 99.0}
    add_best(rated, places, 2.0)
    assert rated == {**{n: share * 2.0 for n, share in plain.items()}, 5: 99.0}
    assert not NOWHERE


def test_parts_of_an_index_follow_on_each_other(plain):
    """The second part begins where the first ends."""
    joined = Places.joined([Places.of(plain, plain.values()), Places.of(plain, plain.values(), first=1000)])

    assert dict(joined) == plain | {n + 1000: share for n, share in plain.items()}


def test_every_weight_that_is_written_can_be_packed():
    """The largest is where a word stands without end."""
    assert Places.of([1], [_saturated(1e9)])[1] == pytest.approx(SATURATION + 1, abs=0.04)


def test_a_weight_of_no_step_is_damage():
    """Whoever wrote it was not this program."""
    with pytest.raises(KeyError):
        Places.of([1], [0.3])

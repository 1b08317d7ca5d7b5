"""
The ways from a word that was typed to what stands for it in an index.

They are the word itself, its sister in the other Norwegian, what it means, its parts, its start, and what it is spelt like.
Ranking rates sections along them, and what is told of a hit (`why`) is the first of them that leads to its section.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from samrutine.search.compounds import part_keys
from samrutine.search.likeness import Alike
from samrutine.search.meanings import Meaning, Meanings
from samrutine.search.model import QueryWord, TakenAs
from samrutine.search.norwegian import is_known
from samrutine.search.nynorsk import sisters

_SISTER: Final = 0.9
_PARTS_TOGETHER: Final = 1.3
_JOINED_PARTS: Final = 0.7
_PART_MEANS: Final = 0.9
_BEGUN: Final = 0.6
_REPAIRED: Final = 0.85
_MOST_REPAIRED: Final = 6
_AS_LIKE: Final = 0.2
_LIKE_ENOUGH: Final = 0.45
_LIKE_ENOUGH_KNOWN: Final = 0.7


@dataclass(frozen=True, slots=True)
class Way:
    """
    Keys of the index that stand for a word, and how much it counts to have them, against having the word itself.

    `needs` are the keys, each with others that do for it, for less; a section must have all of them. Of `parts_of`, a
    compound, a section may have some: the more, the better. `how` is None for the word itself, in whatever form.
    """

    how: TakenAs | None
    weight: float
    needs: tuple[tuple[tuple[str, float], ...], ...]
    parts_of: str = ""


def _one(how: TakenAs | None, weight: float, key: str) -> Way:
    return Way(how, weight, (((key, 1.0),),))


def of_meaning(meaning: Meaning) -> Way:
    """Give the way to what a word or an expression may mean."""
    return Way(meaning.how, meaning.weight, tuple(((key, 1.0),) for key in meaning.keys))


def direct(word: QueryWord, meanings: Meanings) -> Iterator[Way]:
    """Give the surest ways: the word itself, its sisters in the other Norwegian, and what it may mean."""
    for key in word.keys:
        yield _one(None, 1.0, key)
    for key in word.keys:
        for sister in sisters(key):
            yield _one(TakenAs.OTHER_LANGUAGE, _SISTER, sister)
    for meaning in meanings.of_word(word.keys):
        yield of_meaning(meaning)


def by_parts(word: QueryWord, meanings: Meanings) -> Iterator[Way]:
    """Give the ways from a compound to its parts, by the two likeliest of its forms."""
    for key in word.keys[:2]:
        found = part_keys(key)
        if not found:
            continue
        leaves = [one for one in found if not part_keys(one)] or list(found)
        yield Way(TakenAs.COMPOUND, _PARTS_TOGETHER, tuple(_part(leaf, meanings) for leaf in leaves), parts_of=key)
        for joined in found:
            if joined not in leaves:
                yield _one(TakenAs.COMPOUND, _JOINED_PARTS, joined)


def _part(leaf: str, meanings: Meanings) -> tuple[tuple[str, float], ...]:
    means = [
        (meaning.keys[0], _PART_MEANS * meaning.weight)
        for meaning in meanings.of_word((leaf,))
        if len(meaning.keys) == 1
    ]
    return ((leaf, 1.0), *means)


def begun(longer: list[str]) -> Iterator[Way]:
    """Give the ways to words that begin with what was typed."""
    for key in longer:
        yield _one(TakenAs.BEGUN, _BEGUN, key)


def repaired(word: QueryWord, alike: list[Alike]) -> Iterator[Way]:
    """Give the ways to the likest of the words that are spelt like it; a word that is known must be very like."""
    least = _LIKE_ENOUGH_KNOWN if is_known(word.typed) else _LIKE_ENOUGH
    for one in alike[:_MOST_REPAIRED]:
        if one.likeness >= max(least, alike[0].likeness - _AS_LIKE):
            yield _one(TakenAs.SPELLING, _REPAIRED * one.likeness, one.key)

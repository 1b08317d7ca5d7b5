"""
The ways from a word that was typed to what stands for it in an index.

They are the word itself, its sister in the other Norwegian, what it means, the verb or noun that it is made of, its parts,
its start, and what it is spelt like.
Ranking rates sections along them, and what is told of a hit (`why`) is the first of them that leads to its section.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from samrutine.search.compounds import divisions, part_keys, parts
from samrutine.search.derived import derived
from samrutine.search.frequencies import frequency
from samrutine.search.likeness import Alike
from samrutine.search.meanings import Meaning, Meanings
from samrutine.search.model import QueryWord, TakenAs
from samrutine.search.norwegian import fold, is_known, other_letters
from samrutine.search.nynorsk import sisters

SHORTEST_BEGUN: Final = 4
"""What is shorter is taken for no half word."""

LONGEST_SHORT: Final = 6
"""What is longer is no short form."""

_SISTER: Final = 0.9
_OTHER_LETTERS: Final = 0.3
_DERIVED: Final = 0.6
_PART_DERIVED: Final = 0.8
_PARTS_TOGETHER: Final = 1.3
_JOINED_PARTS: Final = 0.7
_PART_MEANS: Final = 0.9
PART_ITSELF: Final = 0.8
"""From this share on what does for a part of a compound is the part itself, in another form or in the other Norwegian."""
_BEGUN: Final = 0.85
_RATHER_BEGUN: Final = 0.7
_REPAIRED: Final = 0.85
_MOST_REPAIRED: Final = 6
_AS_LIKE: Final = 0.2
_LIKE_ENOUGH: Final = 0.45
_LIKE_ENOUGH_KNOWN: Final = 0.7
_SHORT_FORM: Final = 0.7
_SHORTEST_SHORT: Final = 3
# The share of ordinary text that "vas" and "ask" do not reach, and "bra" does.
_RARE_SHORT: Final = 1e-5


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
    """
    Give the surest ways: the word itself, its sisters in the other Norwegian, what it may mean, and its verb or noun.

    Last, for little, comes what only å, ø or æ tell from it.
    """
    for key in word.keys:
        yield _one(None, 1.0, key)
    for key in word.keys:
        for sister in sisters(key):
            yield _one(TakenAs.OTHER_LANGUAGE, _SISTER, sister)
    for meaning in meanings.of_word(word.keys):
        yield of_meaning(meaning)
    for key in word.keys[:1]:
        for kin in derived(key):
            yield _one(TakenAs.DERIVED, _DERIVED, kin)
    # Who has no Norwegian letters types "sorg" for "sørg", but nearly all who type a word mean that word.
    for key in other_letters(word.typed):
        yield _one(TakenAs.SPELLING, _OTHER_LETTERS, key)


def by_parts(word: QueryWord, meanings: Meanings) -> Iterator[Way]:
    """Give the ways from a compound to its parts, by the two likeliest of its forms."""
    for key in word.keys[:2]:
        found = divisions(key)
        for division in found:
            needs = tuple(tuple(_part(part, meanings)) for part in division)
            yield Way(TakenAs.COMPOUND, _PARTS_TOGETHER, needs, parts_of=key)
        smallest = {one for part in found[:1] for keys in part for one in keys}
        for joined in part_keys(key):
            if joined not in smallest:
                yield _one(TakenAs.COMPOUND, _JOINED_PARTS, joined)


def _part(part: tuple[str, ...], meanings: Meanings) -> Iterator[tuple[str, float]]:
    """Give the keys that do for a part: its own, its sisters, what it may mean, and its verb or noun."""
    for key in part:
        yield key, 1.0
    for key in part:
        for sister in sisters(key):
            yield sister, _SISTER
        for meaning in meanings.of_word((key,)):
            if len(meaning.keys) == 1:
                yield meaning.keys[0], _PART_MEANS * meaning.weight
        for kin in derived(key):
            yield kin, _PART_DERIVED


def begun(longer: list[str]) -> Iterator[Way]:
    """Give the ways to words that begin with what was typed."""
    for key in longer:
        yield _one(TakenAs.BEGUN, _BEGUN, key)


def repaired(word: QueryWord, alike: list[Alike], longer: list[str], meanings: Meanings) -> Iterator[Way]:
    """
    Give the ways to the likest of the words that are spelt like it; a word that is known must be very like.

    What was meant is asked for as if it had been typed: by its sisters and what it may mean, too. Where there are longer
    words that begin so, it is rather half a word than a misspelt one, and the others count less.
    """
    least = _LIKE_ENOUGH_KNOWN if is_known(word.typed) else _LIKE_ENOUGH
    for one in alike[:_MOST_REPAIRED]:
        if one.likeness >= max(least, alike[0].likeness - _AS_LIKE):
            less = _RATHER_BEGUN if longer and one.key not in longer else 1.0
            for way in direct(QueryWord(one.key, (one.key,)), meanings):
                # What a word that is like it means is not itself like it.
                how = TakenAs.SPELLING if way.how in {None, TakenAs.SPELLING} else TakenAs.MEANT
                yield Way(how, less * _REPAIRED * one.likeness * way.weight, way.needs)


@dataclass(frozen=True, slots=True)
class ShortForm:
    """What the first letters of some words of a query are: from number `start` up to `end`."""

    start: int
    end: int
    key: str


def short_forms(words: Sequence[QueryWord]) -> Iterator[ShortForm]:
    """
    Give what neighbouring words may be shortened to: "visuell analog skala" to vas, "brukerstyrt personlig assistanse" to bpa.

    A compound gives a letter or one for each part. What is itself a common word is left out.
    """
    for start in range(len(words)):
        for end in range(start + 2, min(len(words), start + LONGEST_SHORT) + 1):
            some = [fold(word.typed) for word in words[start:end]]
            by_word = "".join(word[0] for word in some)
            by_part = "".join(part[0] for word in some for part in parts(word) or (word,))
            for key in dict.fromkeys((by_word, by_part)):
                if _SHORTEST_SHORT <= len(key) <= LONGEST_SHORT and frequency(key) <= _RARE_SHORT:
                    yield ShortForm(start, end, key)


def of_short_form(short: ShortForm) -> Way:
    """Give the way from the words to their first letters."""
    return _one(TakenAs.ABBREVIATION, _SHORT_FORM, short.key)

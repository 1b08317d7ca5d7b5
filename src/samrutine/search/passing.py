"""
Whether a section only mentions what was asked for.

A rare word says what a text is about wherever it stands. A common one in the midst of it («i så fall») says next to nothing,
and the section may all the same be the best there is, where the library has no routine on the subject.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from samrutine.search.compounds import part_keys
from samrutine.search.document import ABOUT
from samrutine.search.norwegian import terms
from samrutine.search.opened import Opened
from samrutine.search.ranking import Asked
from samrutine.search.ways import Way

_COMMON: Final = 0.75
"""What a word counts in a question that is one of some twenty thousand in ordinary text; commoner ones count less."""


def mentions_only(opened: Opened, number: int, asked: Iterable[Asked]) -> bool:
    """
    Say whether all that a section has of a question are common words, and they stand in its text alone.

    It does not where title, heading, another name or subject has one, or what was taken for one: whole, or inside a compound.
    """
    found = [one for one in asked if number in one.rated]
    if not found or any(one.word is None or one.weight > _COMMON for one in found):
        return False
    if any(number in opened.has(ABOUT, key) for one in found if one.word is not None for key in one.word.keys):
        return False
    title, heading, _, *names = opened.texts(number)
    named = set(_keys((title, heading, *names)))
    return not any(_leads_to(way, named) for one in found for way in one.ways)


def _keys(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for term in terms(text):
            yield from term.keys
            yield from part_keys(term.original) if term.keys else ()


def _leads_to(way: Way, there: set[str]) -> bool:
    return all(any(key in there for key, _ in keys) for keys in way.needs)

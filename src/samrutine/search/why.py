"""
Why a section was found for a word that it does not have: what in it was taken for the word.

Asked only of the few hits that are shown, and of the words that they do not have themselves, so it costs a search next
to nothing. It follows the ways that the section was rated by, the surest first; what is shown is the word as it stands in
the text, in its own letters.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from samrutine.search.compounds import part_keys
from samrutine.search.document import ABOUT, PARTS, WORDS
from samrutine.search.model import Taken, TakenAs
from samrutine.search.norwegian import fold, keys
from samrutine.search.opened import Opened
from samrutine.search.ranking import Asked

_WORD: Final = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_MOST_LOOKED_THROUGH: Final = 5_000
_BEGINNING: Final = 3
_MOST_SHOWN: Final = 3


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    return fold(word)


class Why:
    """Explains the hits of one query on one opened index, by the words that were asked for and the ways they went."""

    def __init__(self, opened: Opened, words: Sequence[Asked]) -> None:
        self._opened = opened
        self._words = words

    def of(self, number: int) -> tuple[Taken, ...]:
        """Say of a section what was taken for each word that it answers to, and does not have."""
        found = []
        for asked in self._words:
            if number in asked.rated and not self._has_itself(number, asked):
                taken = self._taken(number, asked)
                if taken is not None and fold(taken.shown) != fold(asked.typed):
                    found.append(taken)
        return tuple(found)

    def _has_itself(self, number: int, asked: Asked) -> bool:
        keys = () if asked.word is None else asked.word.keys
        return any(number in self._opened.has(name, key) for key in keys for name in (WORDS, ABOUT))

    def _taken(self, number: int, asked: Asked) -> Taken | None:
        for way in asked.ways:
            there = [next((key for key, _ in keys if self._has(number, key)), None) for keys in way.needs]
            found = [key for key in there if key is not None]
            if found and (way.parts_of or len(found) == len(there)):
                shown = dict.fromkeys(self._shown(number, key) for key in found[:_MOST_SHOWN])
                # Without a way of its own it is the word, inside another.
                how = way.how or TakenAs.COMPOUND
                return Taken(asked.typed, (", " if way.parts_of else " ").join(shown), how)
        return None

    def _has(self, number: int, key: str) -> bool:
        return number in self._opened.has(WORDS, key) or number in self._opened.has(PARTS, key)

    def _shown(self, number: int, key: str) -> str:
        """Give the word of the section that has the key, as it stands there."""
        beginning = key[:_BEGINNING]
        # Nearly all words keep their first letters in all forms, and to look each one up would cost more than the search.
        for text in self._opened.texts(number):
            for match in _WORD.finditer(text[:_MOST_LOOKED_THROUGH]):
                word = match.group()
                if beginning in _plain(word) and (key in keys(word) or key in part_keys(word)):
                    return word
        return key

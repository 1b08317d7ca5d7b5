"""
Why a section was found for a word that it does not have: what in it was taken for the word.

Asked only of the few hits that are shown, and of the words that they do not have themselves, so it costs a search next
to nothing. It looks along the ways that `ranking` rates by, the surest first; what is shown is the word as it stands in
the text, in its own letters.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from samrutine.search.compounds import part_keys
from samrutine.search.document import ABOUT, PARTS, WORDS
from samrutine.search.likeness import LEAST_LIKE, MOST_ALIKE
from samrutine.search.meanings import Meanings
from samrutine.search.model import Query, QueryWord, Taken, TakenAs
from samrutine.search.norwegian import fold, keys
from samrutine.search.nynorsk import sisters
from samrutine.search.opened import Opened

_WORD: Final = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_MOST_LOOKED_THROUGH: Final = 5_000
_BEGINNING: Final = 3
_MOST_SHOWN: Final = 3


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    return fold(word)


class Why:
    """Explains the hits of one query on one opened index."""

    def __init__(self, opened: Opened, query: Query, meanings: Meanings) -> None:
        self._opened = opened
        self._query = query
        self._meanings = meanings
        self._kept: dict[str, list[tuple[TakenAs, tuple[str, ...]]]] = {}

    def of(self, number: int, matched: Iterable[str]) -> tuple[Taken, ...]:
        """Say of a section what was taken for each word that it answers to, and does not have."""
        answered = set(matched)
        found = []
        for place, word in enumerate(self._query.words):
            if word.typed in answered and not self._has_itself(number, word):
                taken = self._taken(number, place, word)
                if taken is not None and fold(taken.shown) != fold(word.typed):
                    found.append(taken)
        return tuple(found)

    def _has_itself(self, number: int, word: QueryWord) -> bool:
        return any(number in self._opened.has(name, key) for key in word.keys for name in (WORDS, ABOUT))

    def _taken(self, number: int, place: int, word: QueryWord) -> Taken | None:
        for how, wanted in self._ways(place, word):
            if all(self._has(number, key) for key in wanted):
                return Taken(word.typed, " ".join(self._shown(number, key) for key in wanted), how)
        for key in word.keys[:2]:
            parts = [part for part in part_keys(key) if self._has(number, part)]
            shown = dict.fromkeys(self._shown(number, part) for part in parts[:_MOST_SHOWN])
            if parts:
                return Taken(word.typed, ", ".join(shown), TakenAs.COMPOUND)
        for how, wanted in self._spelt(word):
            if self._has(number, wanted[0]):
                return Taken(word.typed, self._shown(number, wanted[0]), how)
        return None

    def _ways(self, place: int, word: QueryWord) -> Iterator[tuple[TakenAs, tuple[str, ...]]]:
        """Give what means the same, or has the word in it, the surest first."""
        for key in word.keys:
            yield TakenAs.COMPOUND, (key,)
        for key in word.keys:
            for sister in sisters(key):
                yield TakenAs.OTHER_LANGUAGE, (sister,)
        for meaning in self._meanings.of_word(word.keys):
            yield meaning.how, meaning.keys
        for said in self._meanings.said([one.keys for one in self._query.words]):
            if said.start <= place < said.end:
                for meaning in said.meanings:
                    yield meaning.how, meaning.keys

    def _spelt(self, word: QueryWord) -> list[tuple[TakenAs, tuple[str, ...]]]:
        if word.typed not in self._kept:
            typed = fold(word.typed)
            begun = [(TakenAs.BEGUN, (key,)) for key in self._opened.longer(typed)] if len(typed) > _BEGINNING else []
            alike = self._opened.alike(typed, LEAST_LIKE, slips=True)[:MOST_ALIKE]
            self._kept[word.typed] = [*begun, *((TakenAs.SPELLING, (one.key,)) for one in alike)]
        return self._kept[word.typed]

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

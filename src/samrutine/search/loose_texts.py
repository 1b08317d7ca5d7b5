"""
Ask a query of texts that are in no index: those that a municipality has written itself.

It means the same there as in the index: a text answers that has one of the words, all of the phrases, and nothing of what is
excluded. A word that none of the texts has is taken for one that begins so or is spelt like it, by the words of these texts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from samrutine.search.compounds import part_keys
from samrutine.search.likeness import LEAST_LIKE, MOST_ALIKE, Spellings
from samrutine.search.meanings import Meanings
from samrutine.search.model import Query, QueryPhrase, QueryWord
from samrutine.search.norwegian import fold, is_known, terms
from samrutine.search.spoken import spoken, stands_in
from samrutine.search.ways import SHORTEST_BEGUN, Way, begun, direct, repaired

_MOST_LONGER: Final = 24


@dataclass(frozen=True, slots=True)
class TextKeys:
    """What a text has: the keys of its words, and of the parts of these."""

    words: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Self:
        """Take the words of a plain text."""
        words: set[str] = set()
        parts: set[str] = set()
        for term in terms(text):
            words.update(term.keys)
            if term.keys:
                parts.update(part_keys(term.original))
        return cls(frozenset(words), frozenset(parts))


@dataclass(frozen=True, slots=True)
class AskedOfTexts:
    """
    A query as it is asked of such texts.

    `words` are the keys that answer each word, as typed. `guessed` are those among them that a word was taken for without having
    been found, each with how much it counts against the word itself.
    """

    words: Mapping[str, frozenset[str]]
    phrases: tuple[QueryPhrase, ...] = ()
    excluded: frozenset[str] = frozenset()
    excluded_phrases: tuple[QueryPhrase, ...] = ()
    guessed: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, query: Query, meanings: Meanings, texts: Iterable[TextKeys]) -> Self:
        """Understand a query among all the texts that may be found."""
        every = list(texts)
        there = frozenset[str]().union(*(one.words for one in every))
        inside = frozenset[str]().union(*(one.parts for one in every))
        words: dict[str, frozenset[str]] = {}
        guessed: dict[str, Mapping[str, float]] = {}
        for word in query.words:
            keys = _keys(direct(word, meanings))
            if keys.keys().isdisjoint(there | inside) and (guesses := _guesses(word, there, meanings)):
                guessed[word.typed] = guesses
            words[word.typed] = frozenset(keys) | frozenset(guessed.get(word.typed, ()))
        excluded = frozenset(key for word in query.excluded_words for key in word.keys)
        return cls(words, query.phrases, excluded, query.excluded_phrases, guessed)

    @property
    def marked(self) -> frozenset[str]:
        """Give the keys of the words to mark in what is shown."""
        of_phrases = (key for phrase in self.phrases for word in phrase.words for key in word.keys)
        return frozenset(key for keys in self.words.values() for key in keys) | frozenset(of_phrases)

    def matched(self, text: str, keys: TextKeys) -> tuple[str, ...]:
        """Give the phrases and words that a plain text has, as typed; none when it does not answer."""
        said = spoken([text]) if self.phrases or self.excluded_phrases else ""
        if not keys.words.isdisjoint(self.excluded) or any(stands_in(one, said) for one in self.excluded_phrases):
            return ()
        if not all(stands_in(one, said) for one in self.phrases):
            return ()
        there = keys.words | keys.parts
        words = (typed for typed, wanted in self.words.items() if not wanted.isdisjoint(there))
        return (*(one.typed for one in self.phrases), *words)


def _guesses(word: QueryWord, there: Collection[str], meanings: Meanings) -> dict[str, float]:
    """
    Give what a word that is in none of the texts may be half of, or a slip for.

    A word with a number in it names one thing, and another number another. A known word is no slip: some hundred texts lack
    most words there are.
    """
    typed = fold(word.typed)
    if any(map(str.isdigit, typed)):
        return {}
    longer = (
        sorted(key for key in there if key.startswith(typed) and key != typed) if len(typed) >= SHORTEST_BEGUN else []
    )
    ways = list(begun(longer[:_MOST_LONGER]))
    if not is_known(typed):
        found = Spellings.of(sorted(there)).alike(typed, LEAST_LIKE)
        alike = sorted(found, key=lambda one: (-one.likeness, one.key))[:MOST_ALIKE]
        ways += repaired(word, alike, longer, meanings)
    return {key: weight for key, weight in _keys(ways).items() if key in there}


def _keys(ways: Iterable[Way]) -> dict[str, float]:
    """Give the keys that stand for a word alone, each with how much it counts."""
    found: dict[str, float] = {}
    for way in ways:
        if len(way.needs) == 1:
            for key, share in way.needs[0]:
                found[key] = max(found.get(key, 0.0), way.weight * share)
    return found

"""
What words may also mean: the library's synonyms, abbreviations, old words and nynorsk, as a search uses them.

The editor changes the words (`library/vocabulary/`), and they count in the next search, since nothing of them is
written in the index. A row may hold expressions of several words ("vold mot ansatte"): then all of them must be there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Self

from samrutine.search.model import Query, Sense, SeveralSenses, TakenAs
from samrutine.search.norwegian import fold, terms

if TYPE_CHECKING:  # who searches reads no TOML
    from samrutine.networks.shared_library import Vocabulary

# How much it counts to have the other word, against having the one that was typed.
_SYNONYM: Final = 0.7
_ABBREVIATION: Final = 0.85
_OTHER_LANGUAGE: Final = 0.9
_NEW_FOR_OLD: Final = 0.85
_OLD_FOR_NEW: Final = 0.7
_MOST_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """Keys that together mean the same as what was typed, how much it counts to have them all, and what they are to it."""

    keys: tuple[str, ...]
    weight: float
    how: TakenAs = TakenAs.SYNONYM


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a query that stand for something else: from number `start` up to `end`, and what they may mean."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


class Meanings:
    """
    The vocabulary, by the first key of each expression: the keys that must follow, and what all mean.

    `senses` are those of words which mean several things, by the word's likeliest key.
    """

    def __init__(
        self,
        rows: dict[str, list[tuple[tuple[str, ...], tuple[Meaning, ...]]]] | None = None,
        senses: dict[str, tuple[Sense, ...]] | None = None,
    ) -> None:
        self._rows = rows or {}
        self._senses = senses or {}

    @classmethod
    def of(cls, vocabulary: "Vocabulary") -> Self:
        """Take the library's words as a search asks for them."""
        also: dict[tuple[str, ...], dict[tuple[str, ...], tuple[float, TakenAs]]] = {}
        for one, other, weight, how in _links(vocabulary):
            here, there = _keys(one), _keys(other)
            if here and there and here != there:
                found = also.setdefault(here, {})
                if there not in found or weight > found[there][0]:
                    found[there] = weight, how
        rows: dict[str, list[tuple[tuple[str, ...], tuple[Meaning, ...]]]] = {}
        for (first, *rest), found in also.items():
            meanings = tuple(Meaning(keys, weight, how) for keys, (weight, how) in found.items())
            rows.setdefault(first, []).append((tuple(rest), meanings))
        senses = {
            keys[0]: tuple(Sense(one.label, one.explanation, " ".join(one.search)) for one in each.meanings)
            for each in vocabulary.ambiguities
            if (keys := _keys(each.word))
        }
        return cls(rows, senses)

    @classmethod
    def unpacked(cls, data: Any) -> Self:
        """
        Read what `packed` gave.

        Raises:
            ValueError, TypeError: It is something else.
        """
        expressions, senses = data
        return cls(
            {
                first: [
                    (
                        tuple(rest),
                        tuple(Meaning(tuple(keys), float(weight), TakenAs(how)) for keys, weight, how in meanings),
                    )
                    for rest, meanings in rows
                ]
                for first, rows in dict(expressions).items()
            },
            {key: tuple(Sense(*one) for one in of_word) for key, of_word in dict(senses).items()},
        )

    def packed(self) -> tuple[dict[str, Any], dict[str, list[tuple[str, str, str]]]]:
        """Give it as plain values."""
        expressions = {
            first: [
                (rest, [(meaning.keys, meaning.weight, meaning.how.value) for meaning in meanings])
                for rest, meanings in rows
            ]
            for first, rows in self._rows.items()
        }
        senses = {
            key: [(one.label, one.explanation, one.query) for one in of_word] for key, of_word in self._senses.items()
        }
        return expressions, senses

    def several(self, query: Query) -> tuple[SeveralSenses, ...]:
        """
        Give the words of a query that mean several things, and the things.

        Not where another word of the query says which: "voldsalarm politiet" is no question.
        """
        found = []
        for word in query.words:
            senses = self._senses.get(word.keys[0], ())
            others = {key for other in query.words if other is not word for key in other.keys}
            if senses and not any(others.intersection(_all_keys(f"{one.label} {one.query}")) for one in senses):
                found.append(SeveralSenses(word.typed, senses))
        return tuple(found)

    def of_word(self, keys: Iterable[str]) -> Iterator[Meaning]:
        """Give what one word may mean, by the likeliest of its keys: "bruke" is no user, though "bruker" is a form of it."""
        for key in islice(keys, 1):
            for rest, meanings in self._rows.get(key, ()):
                if not rest:
                    yield from meanings

    def is_short(self, keys: Iterable[str]) -> bool:
        """Whether a word is a short form of something: what it stands for is longer."""
        return any(
            meaning.how is TakenAs.ABBREVIATION and sum(map(len, meaning.keys)) > len(key)
            for key in islice(keys, 1)
            for meaning in self.of_word((key,))
        )

    def said(self, words: Sequence[tuple[str, ...]]) -> Iterator[Said]:
        """Find the expressions of several words in a query, which is given as the keys of each of its words."""
        for start, keys in enumerate(words):
            for key in keys:
                for rest, meanings in self._rows.get(key, ()):
                    end = start + 1 + len(rest)
                    if (
                        rest
                        and end <= len(words)
                        and all(one in there for one, there in zip(rest, words[start + 1 : end], strict=True))
                    ):
                        yield Said(start, end, meanings)


def _links(vocabulary: "Vocabulary") -> Iterator[tuple[str, str, float, TakenAs]]:
    for group in vocabulary.synonyms:
        yield from ((one, other, _SYNONYM, TakenAs.SYNONYM) for one in group for other in group if one != other)
    for short in vocabulary.abbreviations:
        for long in short.meanings:
            yield short.short, long, _ABBREVIATION, TakenAs.ABBREVIATION
            yield long, short.short, _ABBREVIATION, TakenAs.ABBREVIATION
    for pair in vocabulary.pairs:
        for word in pair.nn:
            yield pair.nb, word, _OTHER_LANGUAGE, TakenAs.OTHER_LANGUAGE
            yield word, pair.nb, _OTHER_LANGUAGE, TakenAs.OTHER_LANGUAGE
    for old in vocabulary.old_words:
        yield old.old, old.new, _NEW_FOR_OLD, TakenAs.OLD_WORD
        yield old.new, old.old, _OLD_FOR_NEW, TakenAs.OLD_WORD


def _all_keys(text: str) -> set[str]:
    return {key for term in terms(text) for key in term.keys}


def _keys(expression: str) -> tuple[str, ...]:
    """
    Give the likeliest key of each word that tells something; none for an expression of which only one word is left.

    "legge inn" without "inn" would be "legge", which says something else.
    """
    found = terms(expression)
    told = tuple(term.keys[0] for term in found if term.keys)[:_MOST_WORDS]
    if len(found) > 1:
        return told if len(told) > 1 else ()
    # A short form may be spelt like a small word ("DU"), and then it has no keys of its own.
    return told or tuple(fold(term.original) for term in found)

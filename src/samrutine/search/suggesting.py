"""
What somebody who is typing may be on the way to: titles, other names, headings and words that begin so or are spelt like it.

Everything suggested is read from sections that the reader may find, of the versions that may be found, so nothing is
suggested that a search would not show.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest
from itertools import islice
from typing import Final

from samrutine.procedures.model import ProcedureId
from samrutine.search.choosing import Conditions
from samrutine.search.document import WORDS, Facts
from samrutine.search.norwegian import STOP_WORDS, fold, keys
from samrutine.search.opened import Opened
from samrutine.search.readable import Readable

MOST: Final = 8
_MOST_OF_A_KIND: Final = 4
_SHORTEST: Final = 2
_SHORTEST_SPELT: Final = 4
_LONGEST_TYPED: Final = 200
_MOST_BEFORE: Final = 6
_MOST_SECTIONS: Final = 1_000
_MOST_READ: Final = 40
_MOST_LOOKED_THROUGH: Final = 3_000
_LIKE_ENOUGH: Final = 0.5
_MOST_ALIKE: Final = 4
_WORD: Final = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")


class Suggested(StrEnum):
    """What a suggestion is."""

    TITLE = "title"
    NAME = "name"
    HEADING = "heading"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    Something to choose: the text to show and to search for.

    A word belongs to no routine; a title, another name and a heading say which, and a heading its section.
    """

    kind: Suggested
    text: str
    procedure_id: ProcedureId | None = None
    section_key: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """A suggestion, and how it stands among the others: the greater, the better."""

    rating: tuple[int, int, float]
    suggestion: Suggestion


def suggestions(opened: Opened, typed: str, conditions: Conditions) -> list[Rated]:
    """Give what one index has, in no order, each once."""
    asked = _Typed(opened, typed[:_LONGEST_TYPED], Readable(opened, conditions.allowed))
    found: dict[tuple[Suggested, str], Rated] = {}
    for number, facts, weight in _best_sections(opened, asked, conditions):
        for rated in _of_section(opened, asked, number, facts, weight):
            key = rated.suggestion.kind, fold(rated.suggestion.text)
            if key not in found or rated.rating > found[key].rating:
                found[key] = rated
    return list(found.values())


def chosen(every: Iterable[Rated]) -> tuple[Suggestion, ...]:
    """Give the best of all, no text twice, and not all of one kind."""
    taken: dict[str, Suggestion] = {}
    later: list[Suggestion] = []
    often: dict[Suggested, int] = {}
    for one in sorted(every, key=lambda rated: ([-part for part in rated.rating], rated.suggestion.text)):
        kind, text = one.suggestion.kind, fold(one.suggestion.text)
        if text in taken:
            continue
        if often.get(kind, 0) < _MOST_OF_A_KIND:
            often[kind] = often.get(kind, 0) + 1
            taken[text] = one.suggestion
        else:
            later.append(one.suggestion)
    return (*taken.values(), *(one for one in later if fold(one.text) not in taken))[:MOST]


class _Typed:
    """What has been typed: whole words, and the last one, which may be half."""

    def __init__(self, opened: Opened, typed: str, readable: Readable) -> None:
        words = [found.group() for found in _WORD.finditer(typed)]
        # After a colon stands what a condition is to be, and the word before it is its name.
        self.last = fold(words[-1]) if words and not typed.rstrip().endswith(":") else ""
        self.whole = " ".join(fold(word) for word in words)
        self.before = [word_keys for word in words[:-1][-_MOST_BEFORE:] if (word_keys := keys(word))]
        self.keys: frozenset[str] = frozenset()
        self.spelt: tuple[str, ...] = ()
        if len(self.last) >= _SHORTEST:
            own = [key for key in (self.last, *keys(words[-1])) if readable.has(key)]
            begun = [*own, *opened.longer(self.last, readable.has)]
            alike = () if begun else (one.key for one in opened.alike(self.last, _LIKE_ENOUGH, slips=True))
            self.spelt = tuple(islice(filter(readable.has, alike), _MOST_ALIKE))
            self.keys = frozenset([*begun, *self.spelt])

    def fits(self, word: str) -> bool:
        """Whether a word begins as the last one does, or is one that it is spelt like, or begins as that does."""
        plain = fold(word)
        if plain.startswith(self.last) or not self.keys.isdisjoint(keys(word)):
            return True
        return any(len(one) >= _SHORTEST_SPELT and plain.startswith(one) for one in self.spelt)


def _best_sections(opened: Opened, asked: _Typed, conditions: Conditions) -> Iterator[tuple[int, Facts, float]]:
    """Give the best section of each routine, the best routines first; of these, few enough to read."""
    rated: dict[int, float] = {}
    for key in asked.keys:
        for number, weight in opened.has(WORDS, key).items():
            rated[number] = max(rated.get(number, 0.0), weight)
    for word_keys in asked.before:
        has: set[int] = set()
        has.update(*(opened.has(WORDS, key) for key in word_keys))
        rated = {number: weight for number, weight in rated.items() if number in has}
    seen: set[str] = set()
    for number in nlargest(_MOST_SECTIONS, rated, key=rated.__getitem__):
        facts = opened.facts(number)
        if facts is None or facts.procedure_id in seen or conditions.newest(facts) is None:
            continue
        seen.add(facts.procedure_id)
        yield number, facts, rated[number]
        if len(seen) >= _MOST_READ:
            return


def _of_section(opened: Opened, asked: _Typed, number: int, facts: Facts, weight: float) -> Iterator[Rated]:
    title, heading, text, *names = opened.texts(number)
    section_key = opened.shown(number)[0]
    for kind, shown, key in (
        (Suggested.TITLE, title, ""),
        *((Suggested.NAME, name, "") for name in names),
        (Suggested.HEADING, heading, section_key),
    ):
        if shown and _any_fits(asked, shown):
            yield Rated(
                (fold(shown).startswith(asked.whole), _ORDER[kind], weight),
                Suggestion(kind, shown, facts.procedure_id, key),
            )
    seen: set[str] = set()
    for found in _WORD.finditer(f"{title} {heading} {text[:_MOST_LOOKED_THROUGH]}"):
        word = found.group().lower()
        if word in seen or word in STOP_WORDS or not _may_fit(asked, word):
            continue
        seen.add(word)
        if asked.fits(word):
            # A dictionary word before its forms.
            plain = fold(word)
            yield Rated(
                (plain.startswith(asked.whole), _ORDER[Suggested.WORD], weight + (plain in keys(word))),
                Suggestion(Suggested.WORD, word),
            )


_ORDER: Final = {Suggested.TITLE: 3, Suggested.NAME: 2, Suggested.HEADING: 1, Suggested.WORD: 0}


def _any_fits(asked: _Typed, shown: str) -> bool:
    return any(asked.fits(found.group()) for found in _WORD.finditer(shown))


def _may_fit(asked: _Typed, word: str) -> bool:
    # To look up each word of forty sections would cost more than all the rest.
    first = fold(word[0])
    return any(key.startswith(first) for key in asked.keys)

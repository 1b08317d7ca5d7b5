"""
How like two routines are, whoever sent them, in bokmål or nynorsk, with sections moved and sentences written anew.

What stands in many routines of *one* municipality is how it writes routines (control tables, "formålet er å sikre …") and
tells nothing apart; what stands in one of each tells what the routine is about. So a word weighs by how rarely those
municipalities that use it use it, and not by how rare it is among all: a topic that all nine have written about is as much a
topic as one that two have. Pairs of neighbouring words count too, since near topics share their words and not what they say.

How like two municipalities' routines are that are *not* the same differs: some bought the same templates, and of a municipality
that sent three it cannot be seen what it always writes. So likeness is counted from there: 0 is what routines of these two
commonly are to each other, 1 is the same text. Then one limit serves for six routines and for six hundred.

Which pairs are worth comparing comes from an index of the rarer words, never from comparing all with all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from math import exp, log, log2
from statistics import median
from typing import Final

from samrutine.intake.words import content_words
from samrutine.procedures.sections import plain_sections, sections
from samrutine.search.frequencies import frequency

_TITLE: Final = "title"
_PAIR_WEIGHT: Final = 0.5
_LEAST_WEIGHT: Final = 0.05
# As many routines, seen beforehand, as what we take for granted about a word weighs. Without them the words of a
# collection of two routines would all stand in every routine of their municipality, and none would weigh anything.
_FORESEEN: Final = 2
_WORDS_FORESEEN: Final = 150
_PAIR_FORESEEN: Final = 0.01
_LONGEST_LIST: Final = 64
_LISTS_PER_MUNICIPALITY: Final = 3
_MOST_CANDIDATES: Final = 40
_SAME_SECTION: Final = 0.3
_FEWEST_COMPARED: Final = 9
_MOST_COMPARED: Final = 64
# What routines of two municipalities commonly have in common cannot be seen in few; then no more than this is believed.
_MOST_BELIEVED: Final = 0.2


@dataclass(frozen=True, slots=True)
class Routine:
    """A routine as it was sent in. `markdown` is its body; front matter has no place in it."""

    id: str
    municipality: str
    title: str
    markdown: str


@dataclass(frozen=True, slots=True)
class SectionPair:
    """Two sections that say much the same, by their headings; "" is what stands before the first heading."""

    one: str
    other: str
    likeness: float


class Likeness:
    """
    The routines of a collection, ready to be compared. The same routines in any order give the same answers.

    Args:
        routines: Each id once.
    """

    def __init__(self, routines: Iterable[Routine]) -> None:
        self.routines: Mapping[str, Routine] = {one.id: one for one in sorted(routines, key=lambda one: one.id)}
        parts = {id_: _features(one) for id_, one in self.routines.items()}
        self._sections = {id_: {name: frozenset(counts) for name, counts in of.items()} for id_, of in parts.items()}
        self._weights = self._weighed()
        self._whole = {id_: self._as_weights(of.values()) for id_, of in parts.items()}
        self._totals = {id_: sum(features.values()) for id_, features in self._whole.items()}
        self._of_home: dict[str, list[str]] = defaultdict(list)
        for id_, one in self.routines.items():
            self._of_home[one.municipality].append(id_)
        self._common: dict[tuple[str, str], float] = {}
        self._known: dict[tuple[str, str], float] = {}

    def between(self, one: str, other: str) -> float:
        """
        Say how much of two routines is the same, by weight; the order of sections and sentences does not count.

        1 is the same words; 0 and less is what any two routines of these municipalities are to each other.
        """
        pair = (one, other) if one < other else (other, one)
        if pair not in self._known:
            common = self._common_to(self.routines[one].municipality, self.routines[other].municipality)
            self._known[pair] = (self._shared(*pair) - common) / (1 - common)
        return self._known[pair]

    def candidates(self) -> list[tuple[str, str]]:
        """Give the pairs that share rare words: those worth comparing, each once, in order of their ids."""
        lists: dict[str, list[str]] = defaultdict(list)
        for id_, features in self._whole.items():
            for feature in features:
                lists[feature].append(id_)
        homes = len({one.municipality for one in self.routines.values()})
        longest = max(_LONGEST_LIST, _LISTS_PER_MUNICIPALITY * homes)
        found: set[tuple[str, str]] = set()
        for id_, features in self._whole.items():
            shared: Counter[str] = Counter()
            for feature, weight in features.items():
                if len(lists[feature]) <= longest:
                    for other in lists[feature]:
                        shared[other] += weight  # type: ignore[assignment]  # a Counter adds what it is given
            del shared[id_]
            likest = nlargest(_MOST_CANDIDATES, shared.items(), key=lambda item: (item[1], item[0]))
            found.update((id_, other) if id_ < other else (other, id_) for other, _ in likest)
        return sorted(found)

    def sections_between(self, one: str, other: str) -> tuple[SectionPair, ...]:
        """Pair the sections that say much the same, the likest first; each section stands in one pair at most."""
        ours, theirs = self._sections[one], self._sections[other]
        pairs = sorted(
            (-self._of_sections(ours[here], theirs[there]), here, there)
            for here in ours
            for there in theirs
            if _TITLE not in {here, there}
        )
        taken: tuple[set[str], set[str]] = (set(), set())
        found = []
        for minus, here, there in pairs:
            if -minus >= _SAME_SECTION and here not in taken[0] and there not in taken[1]:
                taken[0].add(here)
                taken[1].add(there)
                found.append(SectionPair(here, there, round(-minus, 3)))
        return tuple(found)

    def _shared(self, one: str, other: str) -> float:
        total = self._totals[one] + self._totals[other]
        if not total:
            return 0.0
        fewer, more = sorted((self._whole[one], self._whole[other]), key=len)
        return 2 * sum(min(weight, more[feature]) for feature, weight in fewer.items() if feature in more) / total

    def _common_to(self, home: str, other: str) -> float:
        """Say how much routines of two municipalities have in common that are not the same: most of their pairs are not."""
        pair = (home, other) if home < other else (other, home)
        if pair not in self._common:
            pairs = [(mine, its) for mine in self._of_home[pair[0]] for its in self._of_home[pair[1]] if mine != its]
            step = max(1, len(pairs) // _MOST_COMPARED)
            found = median(self._shared(*one) for one in pairs[::step]) if pairs else 0.0
            self._common[pair] = found if len(pairs) >= _FEWEST_COMPARED else min(found, _MOST_BELIEVED)
        return self._common[pair]

    def _as_weights(self, parts: Iterable[Counter[str]]) -> dict[str, float]:
        counts: Counter[str] = Counter()
        for one in parts:
            counts += one
        # What is said again and again is what a text is about, but eight times is not eight times as much.
        return {
            feature: self._weights[feature] * (1 + log2(count))
            for feature, count in sorted(counts.items())
            if feature in self._weights
        }

    def _of_sections(self, one: frozenset[str], other: frozenset[str]) -> float:
        total = self._weight_of(one) + self._weight_of(other)
        return 2 * self._weight_of(one & other) / total if total else 0.0

    def _weight_of(self, features: Iterable[str]) -> float:
        return sum(sorted(self._weights.get(feature, 0.0) for feature in features))

    def _weighed(self) -> dict[str, float]:
        routines = Counter(one.municipality for one in self.routines.values())
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for id_, parts in self._sections.items():
            for feature in frozenset().union(*parts.values()):
                counts[feature][self.routines[id_].municipality] += 1
        found = {}
        for feature, by_home in counts.items():
            could = sum(routines[home] for home in by_home) / len(by_home)
            share = (by_home.total() / len(by_home) + _FORESEEN * _foreseen(feature)) / (could + _FORESEEN)
            weight = -log(share) * (_PAIR_WEIGHT if " " in feature else 1)
            if weight > _LEAST_WEIGHT:
                found[feature] = weight
        return found


def _foreseen(feature: str) -> float:
    """Say in how many routines of a hundred, as a share, one would expect it, knowing only how common the word is."""
    return _PAIR_FORESEEN if " " in feature else 1 - exp(-_WORDS_FORESEEN * frequency(feature))


def _features(routine: Routine) -> dict[str, Counter[str]]:
    """Count the words and pairs of words of each section, by its heading; of two with one heading together."""
    found = {_TITLE: _of_lines(routine.title)}
    parts = plain_sections(routine.markdown)
    parts = sections(routine.markdown) if parts is None else parts
    first = parts[0].line - 1 if parts else None
    before = "\n".join(routine.markdown.split("\n")[:first])
    for heading, text in (("", before), *((one.heading, one.text) for one in parts)):
        found.setdefault(heading, Counter()).update(_of_lines(text))
    return found


def _of_lines(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in text.split("\n"):
        words = content_words(line)
        found.update(words)
        found.update(f"{word} {after}" for word, after in pairwise(words))
    return found

"""
Of the sections that answer, which stand for their routines, which of these are shown, and how many there are of what.

Most of what is found is only counted. So all is done on numbers, and objects are made of what is shown.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from typing import Final

from samrutine.procedures.model import Digest, VersionNumber
from samrutine.search.adding import Answers
from samrutine.search.arrays import Indexes, np
from samrutine.search.document import Facts
from samrutine.search.facts_kept import NOTHING, FactsKept
from samrutine.search.model import Facet, Filter, FilterField
from samrutine.search.norwegian import fold
from samrutine.search.opened import Opened
from samrutine.search.query import filter_key

GOOD_ENOUGH: Final = 0.5
"""What is to come first does so if it answers this well against the best: nobody is helped by what is beside the point."""

_LEAST_OF_BEST: Final = 0.1


@dataclass(frozen=True, slots=True)
class Found:
    """A section that answers, the version it stands for, and how well it answers."""

    facts: Facts
    digest: Digest
    version: VersionNumber
    number: int
    score: float

    def order(self) -> tuple[float, str, str]:
        """Best first, then by title."""
        return -self.score, _sorted_by(self.facts.title), self.facts.procedure_id


@lru_cache(maxsize=65_536)
def _sorted_by(title: str) -> str:
    return fold(title)


@dataclass(slots=True)
class Conditions:
    """Which versions may be found and are asked for; the answer for each is kept, since it has many sections."""

    allowed: Collection[Digest] | None
    filters: tuple[Filter, ...]
    # By what Python calls the object: an opened index has one for all sections that are alike in it.
    _kept: dict[int, tuple[Digest, VersionNumber] | None] = field(default_factory=dict)

    def newest(self, facts: Facts) -> tuple[Digest, VersionNumber] | None:
        """Give the newest version that has the section and may be found; None where a filter lets none through."""
        if id(facts) not in self._kept:
            self._kept[id(facts)] = self._newest(facts)
        return self._kept[id(facts)]

    def _newest(self, facts: Facts) -> tuple[Digest, VersionNumber] | None:
        if self.filters and not self._filters_hold(facts):
            return None
        for digest, version in reversed(facts.versions):
            if self.allowed is None or digest in self.allowed:
                return digest, version
        return None

    def _filters_hold(self, facts: Facts) -> bool:
        wanted: dict[FilterField, bool] = {}
        for one in self.filters:
            has = filter_key(one.value) in {filter_key(value) for value in facts.values(one.field)}
            if not one.excluded:
                wanted[one.field] = wanted.get(one.field, False) or has
            elif has:
                return False
        return all(wanted.values())

    def through(self, kept: FactsKept, numbers: Indexes) -> Indexes:
        """Give of facts, by number, those that have a version which may be found and is asked for."""
        kept.read(numbers)
        if self.filters:
            # What a filter looks at is the same in a group, so one of each is asked.
            _, first, group = np.unique(kept.groups[numbers], return_index=True, return_inverse=True)
            holding = [self._filters_hold(facts) for facts in kept.every(numbers[first].tolist())]
            numbers = numbers[np.array(holding, np.bool_)[group]]
        if self.allowed is None:
            return numbers
        allowed, every = self.allowed, numbers.tolist()
        digests = list(map(kept.digests.__getitem__, every))
        may = [digest in allowed for digest in digests]
        if "" in digests:
            several = [place for place, digest in enumerate(digests) if not digest]
            for place, facts in zip(several, kept.every([every[place] for place in several]), strict=True):
                may[place] = self.newest(facts) is not None
        return numbers[np.array(may, np.bool_)]


class Best:
    """
    Each routine that answers, with its best section; of its versions, the newest that answers.

    What is very much worse than the best is left out: it has a common word or a kin of one, and answers nothing.
    """

    def __init__(self, answers: Answers, opened: Opened, conditions: Conditions) -> None:
        self._kept = opened.facts_kept
        self._conditions = conditions
        ids = opened.fact_numbers[answers.numbers].astype(np.intp)
        there = np.zeros(len(self._kept), np.bool_)
        there[ids] = True
        there[NOTHING] = False
        through = conditions.through(self._kept, np.flatnonzero(there))
        there[:] = False
        there[through] = True
        # What may not be found does not say either how good is good enough.
        may = there[ids]
        ids, numbers, scores = ids[may], answers.numbers[may], answers.scores[may]
        self._most = float(scores.max(initial=0.0))
        enough = scores >= self._most * _LEAST_OF_BEST
        ids, numbers, scores = ids[enough], numbers[enough], scores[enough]
        # The best section of each facts: of equals, the first in its text, since of many the last is what is kept.
        self._scores = np.zeros(len(self._kept))
        np.maximum.at(self._scores, ids, scores)
        best = np.flatnonzero(scores == self._scores[ids])[::-1]
        self._numbers = np.full(len(self._kept), -1)
        self._numbers[ids[best]] = numbers[best]
        self._facts = self._of_each_routine(np.flatnonzero(self._numbers >= 0))

    def __len__(self) -> int:
        """How many routines answer."""
        return len(self._facts)

    def _of_each_routine(self, ids: Indexes) -> Indexes:
        """Give one of each routine: some stand there with sections of several versions."""
        routine = self._kept.routines[ids]
        alone = np.bincount(routine)[routine] == 1
        if alone.all():
            return ids
        several: dict[int, list[int]] = {}
        for one, of in zip(ids[~alone].tolist(), routine[~alone].tolist(), strict=True):
            several.setdefault(of, []).append(one)
        chosen = [max(each, key=self._rank) for each in several.values()]
        return np.concatenate((ids[alone], np.array(chosen, np.intp)))

    def _rank(self, one: int) -> tuple[VersionNumber, float, int]:
        found = self._found(one)
        return found.version, found.score, -found.number

    def _found(self, one: int) -> Found:
        (facts,) = self._kept.every((one,))
        newest = self._conditions.newest(facts)
        digest, version = newest or facts.versions[-1]
        return Found(facts, digest, version, int(self._numbers[one]), float(self._scores[one]))

    def shown(self, limit: int, first: Collection[Digest] = frozenset()) -> list[Found]:
        """Give the best, best first; but before these, versions in `first` that answer well."""
        if not len(self._facts) or limit <= 0:
            return []
        scores = self._scores[self._facts]
        least = GOOD_ENOUGH * float(scores.max())

        def comes_first(found: Found) -> bool:
            return found.digest in first and found.score >= least

        good: list[Found] = []
        rest = self._facts
        if first:
            digests = self._kept.digests
            some = [one for one in rest[scores >= least].tolist() if not digests[one] or digests[one] in first]
            good = [found for found in map(self._found, some) if comes_first(found)]
            rest = rest[np.isin(self._numbers[rest], [found.number for found in good], invert=True)]
            scores = self._scores[rest]
        if len(rest) > limit:
            rest = rest[scores >= np.partition(scores, len(rest) - limit)[len(rest) - limit]]
        every = [*good, *map(self._found, rest.tolist())]
        order: Callable[[Found], tuple[bool, float, str, str]] = lambda found: (not comes_first(found), *found.order())  # noqa: E731
        return nsmallest(limit, every, key=order)

    def facets(self) -> tuple[Facet, ...]:
        """Count them by each value of each field, the commonest first."""
        counts = self._kept.counted(self._facts)
        place = {name: number for number, name in enumerate(FilterField)}
        ordered = sorted(counts.items(), key=lambda pair: (place[pair[0][0]], -pair[1], pair[0][1]))
        return tuple(Facet(name, value, count) for (name, value), count in ordered)

"""
Of the sections that answer, which stand for their routines, which of these are shown, and how many there are of what.

Most of what is found is only counted. So all is done on numbers, and objects are made of what is shown.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest, nsmallest
from typing import Final

from samrutine.procedures.model import Digest, VersionNumber
from samrutine.search.document import Facts
from samrutine.search.facts_kept import NOTHING, FactsKept
from samrutine.search.model import Facet, Filter, FilterField
from samrutine.search.norwegian import fold
from samrutine.search.opened import Opened
from samrutine.search.query import filter_key

GOOD_ENOUGH: Final = 0.5
"""What is to come first does so if it answers this well against the best: nobody is helped by what is beside the point."""

_LEAST_OF_BEST: Final = 0.1
# Those that answer so well against the best are looked through first for what is shown; they are few.
_WELL: Final = (0.5, 0.25)


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

    def through(self, kept: FactsKept, numbers: Collection[int]) -> list[int]:
        """Give of facts, by number, those that have a version which may be found and is asked for."""
        kept.read(numbers)
        if self.filters:
            groups = kept.groups
            # What a filter looks at is the same in a group, so one of each is asked.
            one_of_each = {groups[number]: number for number in numbers}
            holding = {
                group for group, number in one_of_each.items() if self._filters_hold(kept.every((number,))[0])
            }  # fmt: skip
            numbers = [number for number in numbers if groups[number] in holding]
        if self.allowed is None:
            return list(numbers)
        digests, allowed = kept.digests, self.allowed
        return [
            number
            for number in numbers
            if digests[number] in allowed
            or (not digests[number] and any(self.newest(facts) for facts in kept.every((number,))))
        ]  # fmt: skip


class Best:
    """
    Each routine that answers, with its best section; of its versions, the newest that answers.

    What is very much worse than the best is left out: it has a common word or a kin of one, and answers nothing.
    """

    def __init__(self, answers: Mapping[int, float], opened: Opened, conditions: Conditions) -> None:
        self._answers = answers
        self._kept = opened.facts_kept
        self._conditions = conditions
        ids = self._ids = opened.fact_numbers
        self._most = self._best_score(ids)
        least = self._most * _LEAST_OF_BEST
        self._numbers = [number for number, score in answers.items() if score >= least]
        found = set(map(ids.__getitem__, self._numbers))
        found.discard(NOTHING)
        # One of each routine. Which section is its best is asked of those alone that may be shown.
        self._facts = self._of_each_routine(conditions.through(self._kept, found))

    def __len__(self) -> int:
        """How many routines answer."""
        return len(self._facts)

    def _best_score(self, ids: Sequence[int]) -> float:
        """Give the rating of the best that may be found."""
        answers = self._answers
        best = max(answers.values(), default=0.0)
        if self._any_through(ids[number] for number, score in answers.items() if score == best):
            return best
        for number in sorted(answers, key=answers.__getitem__, reverse=True):
            if self._any_through((ids[number],)):
                return answers[number]
        return best

    def _any_through(self, ids: Iterable[int]) -> bool:
        return any(self._conditions.through(self._kept, (one,)) for one in ids if one != NOTHING)

    def _of_each_routine(self, ids: list[int]) -> set[int]:
        """Give one of each routine: some stand there with sections of several versions."""
        routines = self._kept.routines
        of_routine = dict(zip(map(routines.__getitem__, ids), ids, strict=True))
        if len(of_routine) == len(ids):
            return set(ids)
        often = Counter(map(routines.__getitem__, ids))
        several: dict[str, list[int]] = {}
        for one in ids:
            if often[routines[one]] > 1:
                several.setdefault(routines[one], []).append(one)
        best = self._best_of({one for each in several.values() for one in each}, self._numbers)
        for routine, each in several.items():
            of_routine[routine] = max(each, key=lambda one: self._rank(one, best[one]))
        return set(of_routine.values())

    def _best_of(self, facts: Collection[int], numbers: Iterable[int]) -> dict[int, int]:
        """Give the best section of each of these facts, among some: of equals, the first in its text."""
        ids, scores = self._ids, self._answers
        some = sorted((number for number in numbers if ids[number] in facts), reverse=True)
        some.sort(key=scores.__getitem__)
        # The best of what is alike comes last, and the last is what a dict keeps.
        return {ids[number]: number for number in some}

    def _candidates(self, limit: int) -> dict[int, int]:
        """Give the best section of those that may be shown: all that answer well, and as many as are asked for."""
        scores = self._answers
        for part in _WELL:
            # Of what has any section above, the best is above.
            least = part * self._most
            best = self._best_of(self._facts, [number for number in self._numbers if scores[number] >= least])
            if len(best) >= limit and least <= GOOD_ENOUGH * max(scores[number] for number in best.values()):
                return best
        return self._best_of(self._facts, self._numbers)

    def _rank(self, one: int, number: int) -> tuple[VersionNumber, float, int]:
        return self._found(one, number).version, self._answers[number], -number

    def _found(self, one: int, number: int) -> Found:
        (facts,) = self._kept.every((one,))
        newest = self._conditions.newest(facts)
        digest, version = newest or facts.versions[-1]
        return Found(facts, digest, version, number, self._answers[number])

    def shown(self, limit: int, first: Collection[Digest] = frozenset()) -> list[Found]:
        """Give the best, best first; but before these, versions in `first` that answer well."""
        if not self._facts or limit <= 0:
            return []
        scores = self._answers
        best = self._candidates(limit)
        least = GOOD_ENOUGH * max(map(scores.__getitem__, best.values()))

        def comes_first(found: Found) -> bool:
            return found.digest in first and found.score >= least

        good: list[Found] = []
        if first:
            digests = self._kept.digests
            good = [
                found
                for one, number in best.items()
                if (not digests[one] or digests[one] in first)
                and scores[number] >= least
                and comes_first(found := self._found(one, number))
            ]
        chosen = {found.number for found in good}
        rest = [pair for pair in best.items() if pair[1] not in chosen]
        if len(rest) > limit:
            last = nlargest(limit, map(scores.__getitem__, (number for _, number in rest)))[-1]
            rest = [(one, number) for one, number in rest if scores[number] >= last]
        every = [*good, *(self._found(one, number) for one, number in rest)]
        order: Callable[[Found], tuple[bool, float, str, str]] = lambda found: (not comes_first(found), *found.order())  # noqa: E731
        return nsmallest(limit, every, key=order)

    def facets(self) -> tuple[Facet, ...]:
        """Count them by each value of each field, the commonest first."""
        counts: Counter[tuple[FilterField, str]] = Counter()
        for group, count in Counter(map(self._kept.groups.__getitem__, self._facts)).items():
            for value in self._kept.values(group):
                counts[value] += count
        place = {name: number for number, name in enumerate(FilterField)}
        ordered = sorted(counts.items(), key=lambda pair: (place[pair[0][0]], -pair[1], pair[0][1]))
        return tuple(Facet(name, value, count) for (name, value), count in ordered)

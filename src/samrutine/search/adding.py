"""
Ratings of sections put together: the best of several ways to a word, and the sum of several words.

A common word stands in half of all sections, and a step in Python for each of them is what a search of a large library
would mostly be. So ratings are rows of numbers with a place for each section, and all is done on whole rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from samrutine.search.arrays import Indexes, Scores, np
from samrutine.search.places import Places


class Ratings:
    """What each section of an index has of something: `scores` by its number, nothing or more."""

    __slots__ = ("scores",)

    def __init__(self, scores: Scores) -> None:
        self.scores = scores

    @classmethod
    def none(cls, sections: int) -> Self:
        """Give those of an index with so many sections, before any is rated."""
        return cls(np.zeros(sections))

    def add(self, has: Places, weight: float) -> None:
        """Let each section keep the best of what it had and what it has here."""
        if len(has):
            numbers = has.numbers.astype(np.intp)
            self.scores[numbers] = np.maximum(self.scores.take(numbers), has.earned(weight))

    def add_all(self, other: Scores) -> None:
        """Let each section keep the best of what it had and what it has there."""
        np.maximum(self.scores, other, out=self.scores)

    def joined(self, other: Self) -> "Ratings":
        """Give the best of both."""
        return Ratings(np.maximum(self.scores, other.scores))

    def __contains__(self, number: object) -> bool:
        """Whether a section has any."""
        return isinstance(number, int) and bool(self.scores[number] > 0)

    def __len__(self) -> int:
        """How many sections have any."""
        return int(np.count_nonzero(self.scores))


@dataclass(frozen=True, slots=True)
class Answers:
    """The sections that answer, by their numbers, which grow, and how well each of them does."""

    numbers: Indexes
    scores: Scores

    @classmethod
    def of(cls, answers: Mapping[int, float]) -> Self:
        """Take them from numbers and ratings, in any order."""
        ordered = sorted(answers)
        return cls(np.array(ordered, np.intp), np.array([answers[number] for number in ordered], np.float64))

    @classmethod
    def rated(cls, scores: Scores) -> Self:
        """Give the sections that have any rating."""
        numbers = np.flatnonzero(scores)
        return cls(numbers, scores[numbers])

    def without(self, rated: Scores) -> "Answers":
        """Leave out the sections that have any of something."""
        keep = rated[self.numbers] == 0
        return Answers(self.numbers[keep], self.scores[keep])


def together(each: Iterable[tuple[float, float, Scores]], sections: int) -> Scores:
    """
    Add up what each section has of all, times how much of all it has.

    Args:
        each: A weight, the share of all that this one tells, and the sections' ratings.
        sections: How many sections there are.
    """
    total, told = np.zeros(sections), np.zeros(sections)
    for weight, share, scores in each:
        total += weight * scores
        told += share * (scores > 0)
    total *= told
    return total


def having_all(each: Sequence[Scores]) -> Scores:
    """Give the sum of what sections have that have some of each; the others have nothing."""
    total = sum(each[1:], each[0].copy())
    for scores in each:
        total[scores == 0] = 0.0
    return total


def best_places(scores: Scores, count: int) -> Indexes:
    """Say where the highest of some ratings stand, the highest first; of equals, those that come first."""
    if len(scores) > count:
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        among = np.flatnonzero(scores >= least)
    else:
        among = np.arange(len(scores))
    return among[np.argsort(-scores[among], kind="stable")][:count]

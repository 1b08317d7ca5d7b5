"""
Which sections have a word, and how much it counts in each: packed, since a large library has millions of such places.

A weight is kept in steps of a thirty-second, one byte each, beside four bytes for the section's number. As a dictionary it
would take twenty times as much, and what does not fit in memory is read anew for each search.
"""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Self

from samrutine.search.arrays import Indexes, Numbers, Scores, Steps, np

STEPS: Final = 32
"""Weights are whole numbers of this part of one."""

_MOST: Final = 255


@cache
def _shares() -> Scores:
    """Give what each number of steps is as a share."""
    return np.arange(_MOST + 1) / STEPS


class Places(Mapping[int, float]):
    """The sections that have a word, by their numbers, which grow, with the share of the word's rarity that each earns."""

    __slots__ = ("numbers", "steps")

    def __init__(self, numbers: Numbers, steps: Steps) -> None:
        self.numbers = numbers
        self.steps = steps

    @classmethod
    def of(cls, numbers: Sequence[int], weights: Sequence[float], first: int = 0) -> Self:
        """
        Pack them; `first` is added to each number.

        Raises:
            ValueError: A weight is not in whole steps, or more than can be packed; or there are not as many as numbers.
        """
        steps = np.array(weights, np.float64) * STEPS
        packed = np.array(numbers, np.int32)
        packed += first
        if len(steps) != len(packed) or ((steps < 0) | (steps > _MOST) | (steps % 1 != 0)).any():
            raise ValueError(len(packed))
        return cls(packed, steps.astype(np.uint8))

    @classmethod
    def nowhere(cls) -> Self:
        """Give those of a word that no section has."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.uint8))

    @classmethod
    def joined(cls, each: Iterable["Places"]) -> Self:
        """Put together those of the parts of an index, in order."""
        parts = list(each)
        return cls(np.concatenate([one.numbers for one in parts]), np.concatenate([one.steps for one in parts]))

    def earned(self, weight: float) -> Scores:
        """Give each section's share times a weight, in the order of `numbers`."""
        scores: Scores = (_shares() * weight).take(self.steps)
        return scores

    def shares_of(self, numbers: Indexes) -> Scores:
        """Give the share of each of some sections: nothing where it does not have the word."""
        if not len(self.numbers):
            return np.zeros(len(numbers))
        at = self.numbers.searchsorted(numbers.astype(np.int32))
        at[at == len(self.numbers)] = 0
        return np.where(self.numbers[at] == numbers, _shares()[self.steps[at]], 0.0)

    def items(self) -> ItemsView[int, float]:
        """Give the sections with their shares."""
        return dict(zip(self.numbers.tolist(), _shares()[self.steps].tolist(), strict=True)).items()

    def __len__(self) -> int:
        """How many sections."""
        return len(self.steps)

    def __iter__(self) -> Iterator[int]:
        """Give their numbers."""
        return iter(self.numbers.tolist())

    def __getitem__(self, number: int) -> float:
        """Give the share of a section that has the word."""
        at = self._at(number)
        if at < 0:
            raise KeyError(number)
        return float(_shares()[self.steps[at]])

    def __contains__(self, number: object) -> bool:
        """Whether a section has the word."""
        return isinstance(number, int) and self._at(number) >= 0

    def _at(self, number: int) -> int:
        # As a number of another width than the others, all of them would be copied first.
        at = int(self.numbers.searchsorted(np.int32(number)))
        return at if at < len(self.numbers) and self.numbers[at] == number else -1

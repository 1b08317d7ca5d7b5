"""
Which sections have a word, and how much it counts in each: packed, since a large library has millions of such places.

A weight is kept in steps of a thirty-second, one byte each, beside four bytes for the section's number. As a dictionary it
would take twenty times as much, and what does not fit in memory is read anew for each search.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Self

STEPS: Final = 32
"""Weights are whole numbers of this part of one."""

_SHARES: Final = [step / STEPS for step in range(256)]
_STEP_OF: Final = {share: step for step, share in enumerate(_SHARES)}


class Places(Mapping[int, float]):
    """The sections that have a word, by their numbers, which grow, with the share of the word's rarity that each earns."""

    __slots__ = ("numbers", "steps")

    def __init__(self, numbers: "array[int]", steps: bytes) -> None:
        self.numbers = numbers
        self.steps = steps

    @classmethod
    def of(cls, numbers: Iterable[int], weights: Iterable[float], first: int = 0) -> Self:
        """
        Pack them; `first` is added to each number.

        Raises:
            KeyError: A weight is not in whole steps, or more than can be packed.
        """
        moved = (number + first for number in numbers) if first else numbers
        return cls(array("I", moved), bytes(map(_STEP_OF.__getitem__, weights)))

    @classmethod
    def joined(cls, each: Iterable["Places"]) -> Self:
        """Put together those of the parts of an index, in order."""
        parts = list(each)
        numbers = array("I")
        for one in parts:
            numbers += one.numbers
        return cls(numbers, b"".join(one.steps for one in parts))

    def scored(self, weight: float) -> dict[int, float]:
        """Give each section's share times a weight."""
        scores = [share * weight for share in _SHARES]
        return dict(zip(self.numbers, map(scores.__getitem__, self.steps), strict=True))

    def __len__(self) -> int:
        """How many sections."""
        return len(self.steps)

    def __iter__(self) -> Iterator[int]:
        """Give their numbers."""
        return iter(self.numbers)

    def __getitem__(self, number: int) -> float:
        """Give the share of a section that has the word."""
        at = bisect_left(self.numbers, number)
        if at < len(self.numbers) and self.numbers[at] == number:
            return _SHARES[self.steps[at]]
        raise KeyError(number)

    def __contains__(self, number: object) -> bool:
        """Whether a section has the word."""
        if not isinstance(number, int):
            return False
        at = bisect_left(self.numbers, number)
        return at < len(self.numbers) and self.numbers[at] == number

    def shares_of(self, numbers: Iterable[int]) -> Iterator[tuple[int, float]]:
        """Give those of some sections that have the word, with the share of each."""
        has, last = self.numbers, len(self.numbers)
        for number in numbers:
            at = bisect_left(has, number)
            if at < last and has[at] == number:
                yield number, _SHARES[self.steps[at]]


NOWHERE: Final = Places(array("I"), b"")

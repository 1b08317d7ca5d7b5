"""What stands in another order than its neighbours."""

from bisect import bisect_left
from collections.abc import Sequence


def longest_rising(numbers: Sequence[int]) -> set[int]:
    """Give the places of a longest rising part of different numbers; what is not in it has moved."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for n, number in enumerate(numbers):
        at = bisect_left(ends, number)
        before.append(places[at - 1] if at else None)
        ends[at : at + 1] = [number]
        places[at : at + 1] = [n]
    found: set[int] = set()
    last = places[-1] if places else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found

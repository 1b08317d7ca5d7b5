"""The order of things that two have added to, taken from and moved about."""

from collections.abc import Callable, Sequence
from typing import TypeVar

_Name = TypeVar("_Name")


def in_order(
    base: Sequence[_Name],
    ours: Sequence[_Name],
    theirs: Sequence[_Name],
    *,
    belongs_after: Callable[[_Name, _Name], bool] = lambda _one, _next: False,
) -> list[_Name]:
    """
    Put every name of two lists in one order, each name once.

    Who moved something decides the order; where both did, or nobody, `ours` does. What only the other has comes after
    what it comes after there.

    Args:
        belongs_after: Whether a name that is put in must step past the one that stands next.
    """
    leading, other = (theirs, ours) if not moved(base, ours, theirs) and moved(base, theirs, ours) else (ours, theirs)
    placed = list(leading)
    there = set(placed)
    previous: _Name | None = None
    for name in other:
        if name not in there:
            at = 0 if previous is None else placed.index(previous) + 1
            while at < len(placed) and belongs_after(name, placed[at]):
                at += 1
            placed.insert(at, name)
            there.add(name)
        previous = name
    return placed


def moved(base: Sequence[_Name], one: Sequence[_Name], other: Sequence[_Name]) -> bool:
    """Say whether one has another order than the base, of what all three have."""
    common = set(base) & set(one) & set(other)
    return [name for name in base if name in common] != [name for name in one if name in common]

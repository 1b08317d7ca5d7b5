"""
Which of the routines that were sent in are the same routine.

The likest are joined first. Two groups become one when their members are like each other on the whole, so that no chain of
small likenesses glues two routines together. A municipality that has two routines means them to be two (low blood sugar
and high, a death at home and in the nursing home), however like they are: groups that would put two of its routines
together stay apart, unless these two are nearly one text, sent twice. People decide in the end; what was held apart is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from samrutine.intake.likeness import Likeness, Routine

LIKE: Final = 0.22
"""The least likeness of two routines that can make one group of theirs."""

ON_THE_WHOLE: Final = 0.21
"""The least that the members of two groups are like each other, on average, for the two to be one."""

SENT_TWICE: Final = 0.55
"""The least likeness of two routines of one municipality that are the same routine in two files."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two routines, by their ids in order, and how like they are."""

    one: str
    other: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """
    Routines that are one routine in several variants.

    Attributes:
        members: Their ids, in order.
        likeness: How like they are on average.
        weakest: The least like of two; look at these first.
    """

    members: tuple[str, ...]
    likeness: float
    weakest: Alike


@dataclass(frozen=True, slots=True)
class Clustered:
    """
    What is the same, what stands alone, and what looked alike and was held apart.

    Attributes:
        clusters: The largest first, of equal ones the likest.
        alone: Ids of routines that are like no other.
        near: Pairs in different clusters, or alone, that are as like as members of one; the likest first.
    """

    clusters: tuple[Cluster, ...]
    alone: tuple[str, ...]
    near: tuple[Alike, ...]


def clustered(routines: Iterable[Routine], likeness: Likeness | None = None) -> Clustered:
    """
    Group routines that are variants of one, across municipalities and within one.

    The same routines in any order give the same groups.

    Args:
        routines: Each id once.
        likeness: Theirs, where it was made already.
    """
    found = likeness or Likeness(routines)
    pairs = [Alike(one, other, found.between(one, other)) for one, other in found.candidates()]
    worth = sorted((one for one in pairs if one.likeness >= LIKE), key=_likest_first)
    groups = _joined(worth, found)
    clusters = sorted(
        (_cluster(members, found) for members in groups if len(members) > 1),
        key=lambda one: (-len(one.members), -one.likeness, one.members),
    )
    together = {(one, other) for members in groups for one, other in combinations(members, 2)}
    near = tuple(_rounded(one) for one in worth if (one.one, one.other) not in together)
    return Clustered(tuple(clusters), tuple(sorted(members[0] for members in groups if len(members) == 1)), near)


def _joined(pairs: Iterable[Alike], likeness: Likeness) -> list[tuple[str, ...]]:
    group: dict[str, set[str]] = {id_: {id_} for id_ in likeness.routines}
    for pair in pairs:
        one, other = group[pair.one], group[pair.other]
        if one is not other and _may_join(one, other, likeness):
            one |= other
            for id_ in other:
                group[id_] = one
    seen: dict[int, tuple[str, ...]] = {id(members): tuple(sorted(members)) for members in group.values()}
    return list(seen.values())


def _may_join(one: set[str], other: set[str], likeness: Likeness) -> bool:
    of = {id_: likeness.routines[id_].municipality for id_ in (*one, *other)}
    total = 0.0
    for here in sorted(one):
        for there in sorted(other):
            found = likeness.between(here, there)
            if of[here] == of[there] and found < SENT_TWICE:
                return False
            total += found
    return total >= ON_THE_WHOLE * len(one) * len(other)


def _cluster(members: tuple[str, ...], likeness: Likeness) -> Cluster:
    pairs = list(_pairs_of(members, likeness))
    mean = sum(one.likeness for one in pairs) / len(pairs)
    return Cluster(members, round(mean, 3), _rounded(max(pairs, key=_likest_first)))


def _pairs_of(members: tuple[str, ...], likeness: Likeness) -> Iterator[Alike]:
    for one, other in combinations(members, 2):
        yield Alike(one, other, likeness.between(one, other))


def _likest_first(pair: Alike) -> tuple[float, str, str]:
    return -pair.likeness, pair.one, pair.other


def _rounded(pair: Alike) -> Alike:
    return Alike(pair.one, pair.other, round(pair.likeness, 3))

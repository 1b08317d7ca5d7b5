"""
Ratings of sections put together: the best of several ways to a word, and the sum of several words.

A common word stands in a third of all sections, so these are written for what Python does without a step for each: views
of keys meet in one call, and a section that has one word only is multiplied once.
"""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Final

from samrutine.search.places import Places


def add_best(rated: dict[int, float], has: Mapping[int, float], weight: float) -> None:
    """Let each section keep the best of what it had and what it has here."""
    if isinstance(has, Places):
        new = has.scored(weight)
    elif weight == 1.0 and rated:
        new = has if isinstance(has, dict) else dict(has)
    else:
        new = {number: share * weight for number, share in has.items()}
    if not rated:
        rated.update(new)
        return
    if len(new) <= len(rated):
        had = rated.get
        rated.update({number: score for number, score in new.items() if score > had(number, 0.0)})
        return
    has_now = new.get
    better = {number: score for number, score in rated.items() if score > has_now(number, 0.0)}
    rated.clear()
    rated.update(new)
    rated.update(better)


def together(each: Sequence[tuple[float, float, Mapping[int, float]]]) -> dict[int, float]:
    """
    Add up what each section has of all, times how much of all it has.

    Args:
        each: A weight, the share of all that this one tells, and the sections' ratings.
    """
    found: dict[int, float] = {}
    several: set[int] = set()
    for weight, share, rated in each:
        factor = weight * share
        scored = {number: factor * score for number, score in rated.items()}
        if not found:
            found = scored
            continue
        several |= found.keys() & scored.keys()
        # The fewer are put among the many; those of several are worked out below.
        if len(scored) > len(found):
            found, scored = scored, found
        found.update(scored)
    if len(each) == 2:  # noqa: PLR2004  the usual case, in one step
        (weight, share, rated), (other_weight, other_share, other) = each
        both = share + other_share
        found.update(
            {number: both * (weight * rated[number] + other_weight * other[number]) for number in several}
        )  # fmt: skip
        return found
    for number in several:
        total = told = 0.0
        for weight, share, rated in each:
            score = rated.get(number)
            if score is not None:
                total += weight * score
                told += share
        found[number] = total * told
    return found


def best_numbers(answers: Mapping[int, float], count: int) -> list[int]:
    """Give the sections that answer best, the best first; of equals, those that came first."""
    if len(answers) > _MANY * count:
        # To look for the best among all is a step for each; to leave out what is far below is none.
        most = max(answers.values())
        for part in _FAR_BELOW:
            few = [number for number, score in answers.items() if score >= part * most]
            if len(few) >= count:
                return nlargest(count, few, key=answers.__getitem__)
    return nlargest(count, answers, key=answers.__getitem__)


_MANY: Final = 8
_FAR_BELOW: Final = (0.5, 0.2)

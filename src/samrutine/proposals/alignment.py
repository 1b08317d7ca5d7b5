"""Which piece of an old text became which piece of the new one: equal ones first, then those that are most alike."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

Pair = tuple[int | None, int | None]
"""Place in the old and in the new; None where the piece is only in the other."""

_Kinds = tuple[Sequence[str], Sequence[str]] | None

ALIKE: Final = 0.4
"""How much of two pieces must be the same words for one to be the other, changed."""
_MOST_COMPARED: Final = 40_000
_WORD = re.compile(r"\w+")


def aligned(
    old: Sequence[str],
    new: Sequence[str],
    *,
    alike: float = ALIKE,
    kinds: tuple[Sequence[str], Sequence[str]] | None = None,
) -> tuple[Pair, ...]:
    """
    Pair the pieces of two texts, in the order they stand; no pair crosses another.

    Args:
        kinds: What each piece is; those of different kinds are never a pair, unless they are equal.
        alike: The least likeness of a pair, 0 to 1. With 0, one piece in the place of one is always a pair.

    Returns:
        Each place of both exactly once.
    """
    pairs: list[Pair] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += zip(range(old_from, old_to), range(new_from, new_to), strict=True)
        else:
            of = kinds and (kinds[0][old_from:old_to], kinds[1][new_from:new_to])
            between = _between(old[old_from:old_to], new[new_from:new_to], alike, of)
            pairs += [
                (None if before is None else before + old_from, None if after is None else after + new_from)
                for before, after in between
            ]
    return tuple(pairs)


def likeness(old: "Counter[str]", new: "Counter[str]") -> float:
    """Say how much of two bags of words is the same, 0 to 1."""
    total = old.total() + new.total()
    if total == 0:
        return 1.0
    if len(old) > len(new):
        old, new = new, old
    return 2 * sum(min(count, new[word]) for word, count in old.items() if word in new) / total


def words_in(piece: str) -> "Counter[str]":
    """Count the words of a piece, whatever their case."""
    return Counter(_WORD.findall(piece.casefold()))


def _between(old: Sequence[str], new: Sequence[str], alike: float, kinds: _Kinds = None) -> list[Pair]:
    if not old or not new:
        return [*((n, None) for n in range(len(old))), *((None, n) for n in range(len(new)))]
    if len(old) * len(new) > _MOST_COMPARED:
        # Two texts with nothing in common; a table of all pairs would take seconds and tell nobody anything.
        return _one_by_one(len(old), len(new)) if alike == 0 else [*_between(old, (), 1), *_between((), new, 1)]
    return _best(_scores(old, new, alike, kinds), len(old), len(new))


def _one_by_one(old: int, new: int) -> list[Pair]:
    both = min(old, new)
    rest_old: list[Pair] = [(n, None) for n in range(both, old)]
    return [*((n, n) for n in range(both)), *rest_old, *((None, n) for n in range(both, new))]


def _scores(old: Sequence[str], new: Sequence[str], alike: float, kinds: _Kinds) -> list[list[float]]:
    # A hundredth for nothing in common, where anything may be a pair: then what is left pairs by its place.
    floor = 0.01 if alike == 0 else 0.0
    before, after = [words_in(piece) for piece in old], [words_in(piece) for piece in new]
    scores = []
    for n, one in enumerate(before):
        row = [
            likeness(one, other) if kinds is None or kinds[0][n] == kinds[1][m] else -1.0
            for m, other in enumerate(after)
        ]
        scores.append([score + floor if score >= alike else 0.0 for score in row])
    return scores


def _best(scores: list[list[float]], olds: int, news: int) -> list[Pair]:
    """Choose pairs that do not cross so that their scores together are highest."""
    reach = [[0.0] * (news + 1) for _ in range(olds + 1)]
    for i in range(olds - 1, -1, -1):
        row, below = reach[i], reach[i + 1]
        for j in range(news - 1, -1, -1):
            score = scores[i][j]
            row[j] = max(below[j + 1] + score if score else 0.0, below[j], row[j + 1])
    pairs: list[Pair] = []
    i = j = 0
    while i < olds and j < news:
        score = scores[i][j]
        if score and reach[i][j] == reach[i + 1][j + 1] + score:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif reach[i][j] == reach[i + 1][j]:
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return [*pairs, *((n, None) for n in range(i, olds)), *((None, n) for n in range(j, news))]

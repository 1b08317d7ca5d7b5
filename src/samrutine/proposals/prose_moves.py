"""Paragraphs that are gone in one place and new in another: moved, and perhaps changed on the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from samrutine.proposals.alignment import Pair, likeness, words_in
from samrutine.proposals.prose_blocks import Block, BlockKind

_SAME_BLOCK: Final = 0.7
_FEWEST_WORDS: Final = 3
_FEWEST_WORDS_CHANGED: Final = 6
_MOST_COMPARED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Moves:
    """For each moved block: where in the old text it stood, where in the new it stands, and the number of the move."""

    source: Mapping[int, int]
    target: Mapping[int, int]
    number: Mapping[int, int]


def moves(old: Sequence[Block], new: Sequence[Block], pairs: Iterable[Pair]) -> Moves:
    """
    Find what moved among the blocks that are in one text only.

    The same words are a move when there are three of them or more; fewer ("Ring legen") may stand in two places by
    chance. Changed words are one when most are kept. Each block moves once.
    """
    pairs = tuple(pairs)
    gone = [before for before, after in pairs if after is None and before is not None]
    come = [after for before, after in pairs if before is None and after is not None]
    target: dict[int, int] = {}
    taken: set[int] = set()
    by_words: dict[tuple[BlockKind, str], list[int]] = {}
    for after in come:
        by_words.setdefault((new[after].kind, new[after].text), []).append(after)
    for before in gone:
        same = by_words.get((old[before].kind, old[before].text), [])
        if same and (words_in(old[before].text).total() >= _FEWEST_WORDS or old[before].kind is BlockKind.HEADING):
            target[before] = same.pop(0)
            taken.add(target[before])
    left, free = [one for one in gone if one not in target], [one for one in come if one not in taken]
    if len(left) * len(free) <= _MOST_COMPARED:
        target |= _changed(old, new, left, free)
    number = {before: n for n, before in enumerate(sorted(target), 1)}
    return Moves({after: before for before, after in target.items()}, target, number)


def _changed(old: Sequence[Block], new: Sequence[Block], gone: Sequence[int], come: Sequence[int]) -> dict[int, int]:
    bags = {after: words_in(new[after].text) for after in come}
    scored = []
    for before in gone:
        bag = words_in(old[before].text)
        if bag.total() < _FEWEST_WORDS_CHANGED:
            continue
        for after in come:
            if old[before].kind is new[after].kind:
                score = likeness(bag, bags[after])
                scored += [(score, -before, -after)] if score >= _SAME_BLOCK else []
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, before, after in sorted(scored, reverse=True):
        if -before not in found and -after not in taken:
            found[-before] = -after
            taken.add(-after)
    return found

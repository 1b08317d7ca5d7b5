"""
Rate a text that is in no index as the index would, so that it can stand among what was found there.

What a word of the query is worth is asked of the index once: how rare each key is there that stands for it, by which way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from samrutine.search.document import PARTS, WORDS, word_weights

_NOTHING: Final = 0.0


@dataclass(frozen=True, slots=True)
class Worth:
    """
    What a word of a query is worth where a key stands for it: as a word, inside a compound, and for its letters alone.

    `weight` is how much the word counts in the question, and `tells` how much it says, as the ranking has them.
    """

    typed: str
    weight: float
    tells: float
    words: Mapping[str, float]
    parts: Mapping[str, float]
    letters: Mapping[str, float]


def rating(
    worths: Sequence[Worth], *, title: str, heading: str, text: str, also_called: Sequence[str] = ()
) -> float:  # fmt: skip
    """Give what a section with this title, heading and plain text would earn."""
    fields = word_weights(title, also_called, heading, text)
    whole = sum(one.weight * one.tells for one in worths) or 1.0
    total = share = letters = 0.0
    for one in worths:
        best = max(_best(one.words, fields[WORDS]), _best(one.parts, fields[PARTS]))
        letters += one.weight * _best(one.letters, fields[WORDS])
        if best > 0:
            total += one.weight * best
            share += one.weight * one.tells / whole
    if total == 0:
        return 0.0
    return total * (share if len(worths) > 1 else 1.0) + letters


def _best(worth: Mapping[str, float], there: Mapping[str, float]) -> float:
    return max((value * there[key] for key, value in worth.items() if key in there), default=_NOTHING)

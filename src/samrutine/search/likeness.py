"""
Which words of an index are spelt like a word that was typed: by the letter groups they share, and by slips of the hand.

Groups of three letters with the word's start and end marked find both slips ("tuberkolose") and kin ("smittevern" for
"smittevernplan"). Groups of two are asked for where those of three found nothing that is near, since a swap in a short
word ("kvamle") breaks nearly all of the longer ones.

The groups of a part of the index are made once and kept in a file beside it, so that a first search does not wait for
them. The file can be lost or damaged without harm: it is made anew from the words.
"""

import marshal
import os
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter
from pathlib import Path
from typing import Final, Self

FOLDER: Final = "spellings"

LEAST_LIKE: Final = 0.25
"""What is less like a word than this is another word."""

MOST_ALIKE: Final = 15
"""So many of the likest are looked at for one word."""

_FORM: Final = 2
_MOST_LOOKED_AT: Final = 60
_MOST_BY_SLIPS: Final = 20
_NEAR: Final = 0.6
# A slip at the start of a word is rare, so words with another first letter are a little less like.
_OTHER_START: Final = 0.93
_LONGEST: Final = 40
_WORTH_KEEPING: Final = 1000


@dataclass(frozen=True, slots=True)
class Alike:
    """A word of the index, and how like it is: 1 is the same."""

    key: str
    likeness: float


class Spellings:
    """Words by their letter groups. `groups` gives for each group the numbers of the words that have it."""

    def __init__(self, words: list[str], groups: dict[str, bytes]) -> None:
        self._words = words
        self._groups = groups

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """Take words apart."""
        kept = [word for word in words if len(word) <= _LONGEST]
        numbers: dict[str, array[int]] = {}
        for number, word in enumerate(kept):
            for group in (*_threes(word), *_twos(word)):
                numbers.setdefault(group, array("I")).append(number)
        return cls(kept, {group: found.tobytes() for group, found in numbers.items()})

    @classmethod
    def kept(cls, index: Path, segment: str, words: Callable[[], list[str]]) -> Self:
        """Read what was kept for a part of an index, or make it and keep it."""
        path = index / FOLDER / f"{segment}.{_FORM}"
        with suppress(OSError, ValueError, EOFError, TypeError):
            found, groups = marshal.loads(path.read_bytes())  # noqa: S302  our own file, beside the index
            if isinstance(found, list) and isinstance(groups, dict):
                return cls(found, groups)
        made = cls.of(words())
        made.keep(path)
        return made

    def keep(self, path: Path) -> None:
        """Write it to a file, unless it is soon made anew."""
        if len(self._words) < _WORTH_KEEPING:
            return
        # Whoever cannot write makes it anew next time.
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            beside = path.with_name(f"{path.name}.{os.getpid()}")
            beside.write_bytes(marshal.dumps((self._words, self._groups)))
            beside.replace(path)

    def alike(self, word: str, least: float, *, slips: bool = True) -> list[Alike]:
        """
        Give the words that are like a word, `least` and more, in no order.

        With `slips`, also by the slips of a hand that lie between them; it costs ten times more.
        """
        word = word[:_LONGEST]
        found = self._by_groups(word, _threes(word), least, _threes, slips=slips)
        if slips and max((one.likeness for one in found), default=0.0) < _NEAR:
            shorter = {one.key: one for one in self._by_groups(word, _twos(word), max(least, _NEAR), _twos, slips=True)}
            found = [*(one for one in found if one.key not in shorter), *shorter.values()]
        return found

    def _by_groups(
        self, word: str, groups: set[str], least: float, apart: Callable[[str], set[str]], *, slips: bool
    ) -> list[Alike]:
        shared: Counter[int] = Counter()
        # In order, since of words that share as many only the first are looked at, and a set has another order in each process.
        for group in sorted(groups):
            data = self._groups.get(group)
            if data is not None:
                shared.update(array("I", data))
        found = []
        # Fewer shared groups than this are too few, even with a word as short as can be.
        enough = least * len(groups) / 2
        for place, (number, count) in enumerate(nlargest(_MOST_LOOKED_AT, shared.items(), key=itemgetter(1))):
            if count < enough:
                break
            key = self._words[number]
            likeness = 2 * count / (len(groups) + len(apart(key)))
            if slips and place < _MOST_BY_SLIPS:
                likeness = max(likeness, _by_slips(word, key))
            if word[:1] != key[:1]:
                likeness *= _OTHER_START
            if likeness >= least:
                found.append(Alike(key, likeness))
        return found


def _threes(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[at : at + 3] for at in range(len(marked) - 2)}


def _twos(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}


def _by_slips(word: str, other: str) -> float:
    """Give how much of the longer word stands when every slip costs one and a half letters; few slips only."""
    longest = max(len(word), len(other))
    most = 1 if longest < 6 else 2  # noqa: PLR2004
    if abs(len(word) - len(other)) > most:
        return 0.0
    count = slips(word, other)
    return 0.0 if count > most else 1 - 1.5 * count / longest


def slips(word: str, other: str) -> int:
    """Count the slips between two words: a letter more, less or other, or two swapped (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(word, 1):
        row = [at]
        for number, one in enumerate(other, 1):
            cost = min(last[number] + 1, row[-1] + 1, last[number - 1] + (letter != one))
            if at > 1 and number > 1 and letter == other[number - 2] and word[at - 2] == one:
                cost = min(cost, before[number - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]

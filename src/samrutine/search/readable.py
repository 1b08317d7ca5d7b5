"""
Whether a word is there at all, for whoever asks: in sections that stand, of versions that may be found.

The files of an index also hold sections that were taken out, and ones that the reader may not find. Whether a word is a slip,
half a word or a short form must not hang on these: the answer would tell of them, and be another one after a rebuild.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from samrutine.procedures.model import Digest
from samrutine.search.choosing import Conditions
from samrutine.search.document import PARTS, WORDS
from samrutine.search.opened import Opened


class Readable:
    """
    The sections of an index that may be found.

    Args:
        opened: The index.
        allowed: The version digests that may be found; None is all.
    """

    def __init__(self, opened: Opened, allowed: Collection[Digest] | None = None) -> None:
        self._opened = opened
        # What else is asked for (`tema:`) leaves out what can be read.
        self._conditions = Conditions(allowed, ())

    def among(self, numbers: Iterable[int]) -> Iterator[int]:
        """Give those of some sections that may be found."""
        for number in numbers:
            facts = self._opened.facts(number)
            if facts is not None and self._conditions.newest(facts) is not None:
                yield number

    def count(self, numbers: Iterable[int], most: int) -> int:
        """Say how many of them may be found; of many, `most`."""
        return sum(1 for _ in islice(self.among(numbers), most))

    def has(self, key: str) -> bool:
        """Whether a key stands in any of them, as a word or inside one."""
        return any(self.count(map(int, self._opened.has(name, key).numbers), 1) for name in (WORDS, PARTS))

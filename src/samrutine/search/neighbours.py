"""
Which words stand beside each other in a section, as a few bits: a text without a phrase need not be unpacked to see that.

The words of a phrase stand in thousands of sections of a large library, and beside each other in few. Each pair of
neighbours sets two of a section's bits, of which it has six for each pair (a Bloom filter). So a section that has a pair is never
said to lack it, and of those that lack it one in twelve is looked at in vain.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final
from zlib import crc32

from samrutine.search.arrays import Indexes, np

_BITS_A_PAIR: Final = 6
# What half a checksum can tell apart.
_MOST_BYTES: Final = 0x10000 // 8


def held(spoken: str) -> bytes:
    """Give the bits of a section by what `spoken.spoken` gave of it; no pair goes over a line break."""
    pairs = {pair for line in spoken.split("\n") for pair in pairwise(line.split())}
    found = bytearray(min(-(-len(pairs) * _BITS_A_PAIR // 8), _MOST_BYTES))
    bits = 8 * len(found)
    for one, other in pairs:
        for number in _numbers(one, other):
            found[number % bits >> 3] |= 1 << (number % bits & 7)
    return bytes(found)


def _numbers(one: str, other: str) -> tuple[int, int]:
    """Give the numbers that say which bits two words beside each other set, of however many there are."""
    number = crc32(f"{one} {other}".encode("utf-8", "replace"))
    return number & 0xFFFF, number >> 16


class Neighbours:
    """
    The bits of many sections.

    Args:
        data: Those of all, one after the other.
        lengths: How many bytes each of them has.
    """

    def __init__(self, data: bytes, lengths: Sequence[int]) -> None:
        # A byte more, so that there is one to look at after what has none.
        self._data = np.frombuffer(data + b"\0", np.uint8)
        self._lengths = np.array(lengths, np.intp)
        self._starts = np.cumsum(self._lengths) - self._lengths

    def may_have(self, sections: Indexes, words: Iterable[str]) -> Indexes:
        """Say where those sections are, among some, that may have these words beside each other."""
        among = np.arange(len(sections))
        for number in {number for pair in pairwise(words) for number in _numbers(*pair)}:
            some = sections[among]
            bits = number % np.maximum(8 * self._lengths[some], 1)
            has = self._data[self._starts[some] + (bits >> 3)] >> (bits & 7).astype(np.uint8) & 1
            among = among[(has == 1) & (self._lengths[some] > 0)]
        return among

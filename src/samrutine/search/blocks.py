"""
A sorted file of words in compressed blocks, of which only those asked for are unpacked.

The file is a line of magic, a line about it that starts with a version of eight hex digits, the length of the index,
the index (the first word and the length of each block), and the blocks. The tools that build such files are
`tools/build_words.py` and its sisters.
"""

import mmap
import zlib
from bisect import bisect_right
from pathlib import Path
from typing import Final

MAGIC: Final = b"samrutine words 1\n"
WORDS: Final = Path(__file__).parent / "words"
_NEAR: Final = 300
"""So few bytes are looked through from one end to the other."""


class BlockFile:
    """
    Rows of ``word<TAB>rest`` in plain letters, read a block at a time from a file that stays mapped.

    Raises:
        ValueError: The file is not a word table of this form.
        FileNotFoundError: There is none; the installation is not whole.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[: len(MAGIC)] != MAGIC:
            message = f"{path.name} is not a word table of this form"
            raise ValueError(message)
        self._data.seek(len(MAGIC))
        self.about = self._data.readline().decode("ascii").strip()
        index_bytes = int(self._data.readline())
        rows = [row.split("\t") for row in self._data.read(index_bytes).decode("ascii").splitlines()]
        self.firsts = [first for first, _ in rows]
        self._starts = [self._data.tell()]
        for _, size in rows:
            self._starts.append(self._starts[-1] + int(size))
        self._blocks: dict[int, bytes] = {}

    @property
    def version(self) -> str:
        """Eight hex digits that change with the words."""
        return self.about.split()[0]

    def row(self, word: str) -> str | None:
        """Give what stands after the word and its tab; None where the file does not have the word."""
        if not word.isascii() or not word.isalpha():
            return None
        number = bisect_right(self.firsts, word) - 1
        if number < 0:
            return None
        block = self._blocks.get(number)
        if block is None:
            # All blocks together are some ten megabytes, so nothing is ever thrown out.
            block = self._blocks[number] = self.block(number)
        key = f"\n{word}\t".encode("ascii")
        size, low, high = len(key), 0, len(block)
        # To look through a whole block takes five times as long. A tab comes before all letters, so what is sorted by
        # word is sorted up to the tab.
        while high - low > _NEAR:
            middle = block.find(b"\n", (low + high) // 2, high - 1)
            if middle < 0:
                break
            if block[middle : middle + size] <= key:
                low = middle
            else:
                high = middle + 1
        at = block.find(key, low, high + size)
        if at < 0:
            return None
        return block[at + size : block.index(b"\n", at + 1)].decode("ascii")

    def block(self, number: int) -> bytes:
        """Unpack one block: its rows, each after a line end, and a line end last."""
        return zlib.decompress(self._data[self._starts[number] : self._starts[number + 1]])

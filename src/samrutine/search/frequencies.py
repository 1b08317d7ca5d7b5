"""
How common a Norwegian word is: of two words that a misspelt one may be, the commoner is likelier.

The table is made by `tools/build_frequencies.py` and has a licence of its own, `words/LICENSE-frequencies.txt`.
"""

from functools import cache
from typing import Final

from samrutine.search.blocks import WORDS, BlockFile

FREQUENCIES: Final = WORDS / "norwegian.frequencies"

STEPS: Final = 10
"""Rareness is written in so many steps to each power of ten."""


@cache
def _table() -> BlockFile:
    return BlockFile(FREQUENCIES)


def frequency(form: str) -> float:
    """
    Give the share that a folded form has of the words of ordinary text.

    It is about 0.03 for "og" and 0.0001 for "kommune", and 0 for what is not among the hundred thousand commonest.

    To the nearest quarter: words are told apart by powers of ten.
    """
    row = _table().row(form)
    return 0.0 if row is None else 10.0 ** (-int(row) / STEPS)

"""
The same word in the other written Norwegian: who asks for "sykepleier" finds "sjukepleiar" too.

Only words that spelling tells apart are joined, from a table made by `tools/build_sisters.py`, and the compounds of
them. Other words for the same thing are the editors', in `library/vocabulary/nynorsk.toml`.
"""

from functools import cache, lru_cache
from itertools import product
from typing import Final

from samrutine.search.blocks import WORDS, BlockFile
from samrutine.search.compounds import split

SISTERS: Final = WORDS / "norwegian.sisters"

_MOST: Final = 6


@cache
def _table() -> BlockFile:
    return BlockFile(SISTERS)


@lru_cache(maxsize=65_536)
def sisters(key: str) -> tuple[str, ...]:
    """
    Give the keys that the word of a key has in the other language, the likeliest first; none for most words.

    They are for a query to ask for too, with less weight. A compound has the sisters of its parts: "sjukeheim" is of
    "sykehjem".
    """
    found = _of_word(key)
    compound = split(key)
    if compound is not None:
        *fronts, _ = compound.parts
        choices = [(front, *_of_front(front)) for front in fronts]
        choices.append((compound.head, *_of_word(compound.head)))
        made = ("".join(choice) for choice in product(*(choice[:3] for choice in choices[-4:])))
        rest = "".join(fronts[: max(0, len(choices) - 4)])
        found = (*found, *(rest + word for word in made))
    return tuple(dict.fromkeys(word for word in found if word != key))[:_MOST]


def _of_word(word: str) -> tuple[str, ...]:
    row = _table().row(word)
    return () if row is None else tuple(row.split("\t"))


def _of_front(front: str) -> tuple[str, ...]:
    own = _of_word(front)
    if not own and front[-1] in "se":
        return tuple(word + front[-1] for word in _of_word(front[:-1]))
    return own

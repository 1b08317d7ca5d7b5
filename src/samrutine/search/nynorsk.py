"""
The same word in the other written Norwegian: who asks for "sykepleier" finds "sjukepleiar" too.

Only words that spelling tells apart are joined, from a table made by `tools/build_sisters.py`, and the compounds of
them. Other words for the same thing are the editors', in `library/vocabulary/nynorsk.toml`.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, product
from typing import Final

from samrutine.search.blocks import WORDS, BlockFile
from samrutine.search.compounds import split
from samrutine.search.norwegian import word_table

SISTERS: Final = WORDS / "norwegian.sisters"

_MOST: Final = 6

# How the ends of verbs go together, in plain letters; the longest stand first.
_NYNORSK_ENDINGS: Final = {
    "ggje": ("gge",), "kkje": ("kke",), "kje": ("ke",), "gje": ("ge",), "vje": ("ve",), "lje": ("lge", "lle"),
    "rje": ("rge", "rre"), "tje": ("tte",), "ome": ("omme",),
}  # fmt: skip
# "Spørje" is "spørre", but "verre" is no guardian.
_ONE_WAY: Final = frozenset({"lle", "rre"})


def _both_ways() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for nynorsk, others in _NYNORSK_ENDINGS.items():
        found[nynorsk] = (*found.get(nynorsk, ()), *others)
        # Some verbs are listed by their other infinitive: "merkja".
        found[nynorsk[:-1] + "a"] = others
        for one in others:
            if one not in _ONE_WAY:
                found[one] = (*found.get(one, ()), nynorsk, nynorsk[:-1] + "a")
    return found


_VERB_ENDINGS: Final = _both_ways()


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
    return tuple(dict.fromkeys((*(() if row is None else row.split("\t")), *_verbs(word))))


def _verbs(word: str) -> Iterator[str]:
    """
    Give what a verb would be in the other language by how its end is written, where a dictionary has that.

    Nynorsk has "tenkje", "velje" and "kome" where bokmål has "tenke", "velge" and "komme".
    """
    lemmas = word_table().lemmas
    for ending, others in _VERB_ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            made = (word[: -len(ending)] + other for other in others)
            yield from islice((verb for verb in made if verb in lemmas(verb)), 1)


def _of_front(front: str) -> tuple[str, ...]:
    own = _of_word(front)
    if not own and front[-1] in "se":
        return tuple(word + front[-1] for word in _of_word(front[:-1]))
    return own

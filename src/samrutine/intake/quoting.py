"""
What a report may quote of a document: no word that stands in a place that is held back, however short the quotation is.

A name or a password that is quoted alone looks like any other word. What it is, is known from where it stands in the text.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from samrutine.exchange.incoming.compare import may_matter
from samrutine.intake.masking import mark, masked_all
from samrutine.intake.patients import names
from samrutine.intake.quarantine import Held, places
from samrutine.procedures.as_read import as_read

_TOKEN: Final = re.compile(r"[^\s|]+")
_PART: Final = re.compile(r"\w{2,}")
_EDGE: Final = re.compile(r"^[\W_]+|[\W_]+$")
_SHORTEST: Final = 2
_SHORTEST_PIECE: Final = 4
_CODE: Final = re.compile(r"\d{4,}|(?=\S*\d)(?=\S*[^\W\d_])\S{4,}|\w\S*[!#$%&?@+=]\S*\w")
"""A word as a password or the code of a door is one: where the document holds one, another may have been deleted beside it."""


class Quoting:
    """
    Takes out of quotations what a document holds back.

    Args:
        texts: Title and text, as they were and, last, as they are. What stands openly in the last may be quoted.
    """

    def __init__(self, *texts: str) -> None:
        self._held: dict[str, Held] = {}
        self._kinds: set[Held] = set()
        held_names: set[tuple[str, str]] = set()
        openly: list[str] = [mark(what) for what in Held]
        for text in texts:
            at, openly = 0, openly[: len(Held)]
            for place in places(text):
                what = Held.PATIENT if place.is_passage else place.what
                words = list(_words(text[place.start : place.end]))
                held_names.update(_pairs(words))
                self._held.update((key, what) for word in words for key in _keys(word))
                self._kinds |= {what, place.what}
                openly.append(text[at : place.start])
                at = place.end
            openly.append(text[at:])
        said = [list(_words(piece)) for piece in openly] if self._held else []
        self._open = {key for words in said for word in words for key in _keys(word)}
        self._names = held_names - {pair for words in said for pair in _pairs(words)}

    def __call__(self, said: str) -> str:
        """Give a quotation without what is held back; what is alone of a kind that no text may hold goes as well."""
        told = masked_all(said)
        if not self._held:
            return told
        found = list(_TOKEN.finditer(told))
        taken: dict[int, Held] = {}
        for place, match in enumerate(found):
            what = self._kind(match[0], is_edge=place in {0, len(found) - 1})
            if what is not None:
                taken[place] = what
        for place, (one, other) in enumerate(pairwise(found)):
            if (_bare(one[0]), _bare(other[0])) in self._names:
                taken[place] = taken[place + 1] = Held.PATIENT
        if Held.PATIENT in self._kinds:
            for start, end in names(told):
                taken |= {n: Held.PATIENT for n, one in enumerate(found) if one.start() < end and one.end() > start}
        return _without(told, found, taken)

    def _kind(self, word: str, *, is_edge: bool) -> Held | None:
        keys = [key for key in _keys(word) if key not in self._open]
        known = next((self._held[key] for key in keys if key in self._held), None)
        if known is not None or not keys:
            return known
        bare = _bare(word)
        if Held.SECRET in self._kinds and _CODE.fullmatch(bare) and not may_matter(bare):
            return Held.SECRET
        if is_edge and len(bare) >= _SHORTEST_PIECE and any(one.isdigit() for one in bare):
            # What is quoted may have been cut within a number already.
            return next((what for key, what in self._held.items() if key.startswith(bare) or key.endswith(bare)), None)
        return None


def shortened(said: str, longest: int) -> str:
    """Cut a quotation after a whole word; done last, since half a number is held back by no rule."""
    if len(said) <= longest:
        return said
    return f"{said[:longest].rpartition(' ')[0] or said[:longest]} …"


def _words(text: str) -> Iterator[str]:
    seen = as_read(text)
    yield from _TOKEN.findall(text if seen is None else seen.text)


def _bare(word: str) -> str:
    return _EDGE.sub("", word).casefold()


def _keys(word: str) -> list[str]:
    """Give a word and its parts as they are compared; letters that stand alone tell nothing."""
    bare = _bare(word)
    return [key for key in dict.fromkeys([bare, *_PART.findall(bare)]) if len(key) >= _SHORTEST]


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    """Give each two words that stand beside each other as a name does."""
    for one, other in pairwise(words):
        if one.lstrip("«\"'([")[:1].isupper() and other[:1].isupper():
            yield _bare(one), _bare(other)


def _without(told: str, found: list[re.Match[str]], taken: dict[int, Held]) -> str:
    parts: list[str] = []
    at, before = 0, -2
    for place in sorted(taken):
        start, end = found[place].span()
        if place == before + 1 and taken[place] is taken[before]:
            at = end
        else:
            parts += [told[at:start], mark(taken[place])]
            at = end
        before = place
    return "".join([*parts, told[at:]])

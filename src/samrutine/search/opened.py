"""
One index as it was at one commit, and what is read of it: which sections have a word, and how much it counts there.

A word's places are read all at once and kept, since Whoosh's own walk costs more than all the rest of a search. What
is kept belongs to a part of the index (a segment), which never changes, so a new commit keeps it.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

from samrutine.errors import IndexUnusable
from samrutine.search import whoosh_parts as whoosh
from samrutine.search.document import PARTS, POSITION, WORD_FIELDS, WORDS, Facts
from samrutine.search.likeness import Alike, Spellings
from samrutine.search.norwegian import fold

_MOST_LONGER: Final = 24
# Places kept in memory, of all words together: some hundred bytes each.
_MOST_KEPT: Final = 1_500_000
# Words whose likest are kept: the ranking asks for them, and then the explanation of a hit.
_MOST_LIKEST: Final = 500
_MOST_SPOKEN: Final = 10_000
_PLAIN_WORD: Final = re.compile(r"[^\W_]+")
_NOTHING: Final[Mapping[int, float]] = {}


@dataclass(slots=True)
class _Segment:
    """
    A part of the index, which never changes but for sections taken out; a newer commit has many of the same.

    `first` is the number of its first section in the whole. `facts` and `places` keep what has been read, the first by
    number within the segment, the second by number in the whole; `spellings` are its words by their letters.
    """

    id: str
    reader: Any
    first: int
    gone: frozenset[int]
    column: Any = None
    facts: dict[int, Facts | None] = field(default_factory=dict)
    places: dict[tuple[str, str], Mapping[int, float]] = field(default_factory=dict)
    spoken: dict[int, str] = field(default_factory=dict)
    spellings: Spellings | None = None

    def has(self, name: str, key: str) -> Mapping[int, float]:
        """
        Give the sections that have a key in a field, by number in the whole, with the weight of each.

        Those that were taken out are among them; they have no facts.
        """
        kept = self.places.get((name, key))
        if kept is None:
            numbers, weights = whoosh.places(self.reader, name, key.encode("utf-8"))
            if self.first:
                numbers = [number + self.first for number in numbers]
            kept = self.places[name, key] = dict(zip(numbers, weights, strict=True))
        return kept


class Opened:
    """One index as it was at one commit. Not for two threads at once."""

    def __init__(
        self, path: Path, searcher: Any, unpacked: dict[bytes, Facts], segments: Iterable[_Segment] = ()
    ) -> None:
        self.path = path
        self._searcher = searcher
        self._unpacked = unpacked
        known = {segment.id: segment for segment in segments}
        self._segments = [
            _segment(leaf.reader(), first, known.get(leaf.reader().segment().segment_id()))
            for leaf, first in searcher.leaf_searchers()
        ]
        self._firsts = [segment.first for segment in self._segments]
        self._kept = sum(len(places) for segment in self._segments for places in segment.places.values())
        self._whole: dict[tuple[str, str], Mapping[int, float]] = {}
        self._likest: dict[tuple[str, float, bool], list[Alike]] = {}
        self.position = self._position()

    @classmethod
    def of(cls, path: Path, index: Any) -> Self:
        """Open the index as it is now."""
        return cls(path, index.searcher(), {})

    def refreshed(self) -> "Opened":
        """Give the index as it is now; afterwards, this one is not to be used, unless it is the one given."""
        searcher = self._searcher.refresh()
        return self if searcher is self._searcher else Opened(self.path, searcher, self._unpacked, self._segments)

    def close(self) -> None:
        """Close the files."""
        if not self._searcher.is_closed:
            self._searcher.close()

    def _position(self) -> int:
        number = self._searcher.document_number(meta=POSITION)
        if number is None:
            raise IndexUnusable(detail="no position")
        return int(self._searcher.stored_fields(number)["position"])

    @cached_property
    def size(self) -> int:
        """How many sections there are, with those that were taken out: a word's places have them too."""
        return max(1, sum(int(segment.reader.doc_count_all()) for segment in self._segments) - 1)

    def documents(self) -> Iterator[int]:
        """Give the numbers of all sections, in the order they were written."""
        for segment in self._segments:
            for number in segment.reader.all_doc_ids():
                if self.facts(number + segment.first) is not None:
                    yield number + segment.first

    def facts(self, number: int) -> Facts | None:
        """Give what is the same for the section's versions; None for what is no section, or is taken out."""
        segment = self._segments[bisect_right(self._firsts, number) - 1]
        inside = number - segment.first
        if inside in segment.gone:
            return None
        if inside in segment.facts:
            return segment.facts[inside]
        if segment.column is None:  # opening it reads all that is different in it
            segment.column = segment.reader.column_reader("facts", translate=False)
        data = segment.column[inside]
        facts = self._unpacked.get(data)
        if facts is None and data:
            facts = self._unpacked[data] = Facts.unpacked(data)
        segment.facts[inside] = facts
        return facts

    def shown(self, number: int) -> tuple[str, str, str]:
        """Give section key, heading and plain text of a section."""
        section_key, heading, text, *_ = self._searcher.stored_fields(number)["shown"]
        return section_key, heading, text

    def texts(self, number: int) -> tuple[str, ...]:
        """Give the title, heading, text and other names of a section."""
        facts = self.facts(number)
        return (*(() if facts is None else (facts.title,)), *self._searcher.stored_fields(number)["shown"][1:])

    def spoken(self, number: int) -> str:
        """
        Give what a phrase may stand in: title, heading, text and other names, in plain words with one space between.

        A line break stands between them, and space before and after each.
        """
        segment = self._segments[bisect_right(self._firsts, number) - 1]
        inside = number - segment.first
        found = segment.spoken.get(inside)
        if found is None:
            found = "\n".join(f" {' '.join(_PLAIN_WORD.findall(fold(text)))} " for text in self.texts(number))
            if len(segment.spoken) >= _MOST_SPOKEN:
                segment.spoken.clear()
            segment.spoken[inside] = found
        return found

    def look_inside(self) -> None:
        """Read a little of each file, so that one which is cut short shows."""
        for segment in self._segments:
            numbers = list(segment.reader.all_doc_ids())
            for number in {*numbers[:1], *numbers[-1:]}:
                if self.facts(number + segment.first) is not None:
                    self.shown(number + segment.first)
            for name in WORD_FIELDS:
                for key in islice(segment.reader.lexicon(name), 1):
                    segment.has(name, key.decode("utf-8"))

    def has(self, name: str, key: str) -> Mapping[int, float]:
        """Give the sections that have a key in a field, each with the share of the key's rarity that it earns."""
        if len(self._segments) == 1:
            return self._of_one(self._segments[0], name, key)
        found = self._whole.get((name, key))
        if found is None:
            each = [places for segment in self._segments if (places := self._of_one(segment, name, key))]
            if len(each) > 1:
                found = {}
                for places in each:
                    found.update(places)
            else:
                found = each[0] if each else _NOTHING
            self._whole[name, key] = found
        return found

    def _of_one(self, segment: _Segment, name: str, key: str) -> Mapping[int, float]:
        if (name, key) not in segment.places:
            if self._kept > _MOST_KEPT:
                for one in self._segments:
                    one.places.clear()
                self._whole.clear()
                self._kept = 0
            self._kept += len(segment.has(name, key)) + 1
        return segment.has(name, key)

    def rarity(self, name: str, key: str) -> float:
        """Say how much a key tells: BM25's inverse document frequency."""
        often = len(self.has(name, key))
        return math.log(1 + (self.size - often + 0.5) / (often + 0.5))

    def longer(self, beginning: str) -> list[str]:
        """Give the words that begin so, the commonest first, without the one that is just that."""
        found: dict[str, int] = {}
        for segment in self._segments:
            keys = (key.decode("utf-8") for key in segment.reader.expand_prefix(WORDS, beginning))
            for key in islice((key for key in keys if key != beginning), _MOST_LONGER * 8):
                found[key] = found.get(key, 0) + int(segment.reader.doc_frequency(WORDS, key))
        return sorted(found, key=lambda key: (-found[key], key))[:_MOST_LONGER]

    def alike(self, word: str, least: float, *, slips: bool) -> list[Alike]:
        """Give the words of the index that are spelt like a word, the likest first; see `Spellings.alike`."""
        kept = self._likest.get((word, least, slips))
        if kept is not None:
            return kept
        best: dict[str, float] = {}
        for segment in self._segments:
            for one in self._spellings(segment).alike(word, least, slips=slips):
                best[one.key] = max(best.get(one.key, 0.0), one.likeness)
        if len(self._likest) >= _MOST_LIKEST:
            self._likest.clear()
        found = sorted(
            (Alike(key, likeness) for key, likeness in best.items()), key=lambda one: (-one.likeness, one.key)
        )
        self._likest[word, least, slips] = found
        return found

    def _spellings(self, segment: _Segment) -> Spellings:
        if segment.spellings is None:
            segment.spellings = Spellings.kept(self.path, segment.id, lambda: _words(segment.reader))
        return segment.spellings


def _words(reader: Any) -> list[str]:
    """Give all words, and the parts of compounds that are no word of their own there."""
    return sorted({key.decode("utf-8") for name in (WORDS, PARTS) for key in reader.lexicon(name)})


def _segment(reader: Any, first: int, known: _Segment | None) -> _Segment:
    gone = frozenset(reader.segment().deleted_docs())
    if known is None:
        return _Segment(reader.segment().segment_id(), reader, first, gone)
    return _Segment(
        known.id, reader, first, gone, None, known.facts, known.places if known.first == first else {}, known.spoken,
        known.spellings,
    )  # fmt: skip

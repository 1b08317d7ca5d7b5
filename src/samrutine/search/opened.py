"""
One index as it was at one commit, and what is read of it: which sections have a word, and how well.

Words are rated by BM25 with Whoosh's counts and our own walk, which keeps lengths and facts of sections that were seen
before. With Whoosh's own scorer, reading a length again for every word was more than half of a search.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

from samrutine.errors import IndexUnusable
from samrutine.search.document import POSITION, WORD_FIELDS, Facts

# BM25's K1, how soon saying it again stops counting, and B, how much the length of a field counts against it: a title
# is short by nature, so a longer one is no worse.
_SATURATION: Final = 1.2
_LENGTH_COUNTS: Final = {"title": 0.3, "names": 0.3, "heading": 0.3, "text": 0.75, "about": 0.0}
_MOST_LONGER: Final = 24


@dataclass(frozen=True, slots=True)
class _Segment:
    """
    A part of the index, which never changes but for sections taken out; a newer commit has many of the same.

    `first` is the number of its first section in the whole. `facts` and `lengths` keep what has been read, by number
    within the segment, and for lengths by field.
    """

    id: str
    reader: Any
    first: int
    column: Any
    facts: dict[int, Facts | None] = field(default_factory=dict)
    lengths: dict[str, dict[int, int]] = field(default_factory=lambda: {name: {} for name in WORD_FIELDS})


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

    def documents(self) -> Iterator[int]:
        """Give the numbers of all sections, in the order they were written."""
        for segment in self._segments:
            for number in segment.reader.all_doc_ids():
                if self.facts(number + segment.first) is not None:
                    yield number + segment.first

    def facts(self, number: int) -> Facts | None:
        """Give what is the same for the version's sections; None for the document that holds the position."""
        segment = self._segments[bisect_right(self._firsts, number) - 1]
        inside = number - segment.first
        if inside in segment.facts:
            return segment.facts[inside]
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

    def spoken(self, number: int) -> tuple[str, ...]:
        """Give what a phrase may stand in: the section's heading and text, the title and the other names."""
        facts = self.facts(number)
        title = () if facts is None else (facts.title,)
        return (*title, *self._searcher.stored_fields(number)["shown"][1:])

    def look_inside(self) -> None:
        """Read a little of each file, so that one which is cut short shows."""
        for segment in self._segments:
            numbers = list(segment.reader.all_doc_ids())
            for number in {*numbers[:1], *numbers[-1:]}:
                if self.facts(number + segment.first) is not None:
                    self.shown(number + segment.first)
            for name in WORD_FIELDS:
                for key in islice(segment.reader.lexicon(name), 1):
                    self.rate(name, key.decode("utf-8"))

    def rate(self, name: str, key: str) -> dict[int, float]:
        """Rate the sections that have a key in a field, by BM25."""
        stored = key.encode("utf-8")
        rated: dict[int, float] = {}
        rarity = 0.0
        for segment in self._segments:
            if (name, stored) not in segment.reader:
                continue
            if not rarity:
                rarity = self._searcher.idf(name, stored) * (_SATURATION + 1)
                average = self._searcher.avg_field_length(name) or 1.0
                flat = _SATURATION * (1 - _LENGTH_COUNTS[name])
                slope = _SATURATION * _LENGTH_COUNTS[name] / average
            lengths = segment.lengths[name]
            matcher = segment.reader.postings(name, stored)
            while matcher.is_active():
                number, weight = matcher.id(), matcher.weight()
                length = lengths.get(number)
                if length is None:
                    length = lengths[number] = segment.reader.doc_field_length(number, name)
                rated[number + segment.first] = rarity * weight / (weight + flat + slope * length)
                matcher.next()
        return rated

    def longer(self, name: str, beginning: str) -> list[str]:
        """Give the first few keys of a field that begin so, without the one that is just that."""
        found: dict[str, None] = {}
        for segment in self._segments:
            keys = (key.decode("utf-8") for key in segment.reader.expand_prefix(name, beginning))
            found.update(dict.fromkeys(islice((key for key in keys if key != beginning), _MOST_LONGER)))
        return sorted(found)[:_MOST_LONGER]


def _segment(reader: Any, first: int, known: _Segment | None) -> _Segment:
    column = reader.column_reader("facts", translate=False)
    if known is None:
        return _Segment(reader.segment().segment_id(), reader, first, column)
    return _Segment(known.id, reader, first, column, known.facts, known.lengths)

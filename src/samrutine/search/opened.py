"""
One index as it was at one commit, and what is read of it: which sections have a word, and how much it counts there.

A word's places are read all at once and kept, since Whoosh's own walk costs more than all the rest of a search. What
is kept belongs to a part of the index (a segment), which never changes, so a new commit keeps it.
"""

import hashlib
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

from samrutine.errors import IndexUnusable
from samrutine.procedures.model import ProcedureId
from samrutine.search import whoosh_parts as whoosh
from samrutine.search.arrays import Indexes, Numbers, np
from samrutine.search.document import PARTS, POSITION, WORD_FIELDS, WORDS, Facts, schema
from samrutine.search.facts_kept import NOTHING, FactsKept
from samrutine.search.likeness import Alike, Spellings
from samrutine.search.neighbours import Neighbours
from samrutine.search.places import Places
from samrutine.search.spoken import spoken

_MOST_LONGER: Final = 24
# So few sections have so few words that all of these are kept, to know at once which it has not.
_SMALL: Final = 200
# What is written at a rebuild; what changes make, also joined, is less.
_LARGE: Final = 1000
# Places kept in memory, of all words together: five bytes each, and as much again for those of all parts together.
_MOST_KEPT: Final = 20_000_000
# Words whose likest are kept: the ranking asks for them, and then the explanation of a hit.
_MOST_LIKEST: Final = 500
_MOST_SPOKEN: Final = 10_000
_MOST_UNPACKED: Final = 200
# Beginnings whose words are kept: who is typing asks for one after the other.
_MOST_BEGUN: Final = 100


@dataclass(slots=True)
class _Segment:
    """
    A part of the index, which never changes but for sections taken out; a newer commit has many of the same.

    `first` is the number of its first section in the whole. `facts` and `places` keep what has been read, the first by
    number within the segment (see `FactsKept`), the second by number in the whole; `spellings` are its words by their letters,
    `begun` those that begin as somebody typed, and `words` its keys where they are few; `neighbours` are the bits of each section.
    """

    id: str
    reader: Any
    first: int
    count: int
    gone: frozenset[int]
    facts: Numbers | None = None
    places: dict[tuple[str, str], Places | None] = field(default_factory=dict)
    spoken: dict[int, str] = field(default_factory=dict)
    spellings: Spellings | None = None
    begun: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    neighbours: Neighbours | None = None
    words: frozenset[tuple[str, str]] | None = None

    @classmethod
    def of(cls, path: Path, segment: Any, first: int, known: Self | None) -> Self:
        """Open it, unless it is open: `known` is the same one at an earlier commit."""
        gone, count = frozenset(segment.deleted_docs()), int(segment.doc_count_all())
        if known is None:
            return cls(segment.segment_id(), whoosh.Part(path, schema(), segment), first, count, gone)
        return replace(known, first=first, gone=gone, places=known.places if known.first == first else {})

    def numbers(self) -> Iterator[int]:
        """Give the numbers within it of what was not taken out."""
        return (number for number in range(self.count) if number not in self.gone)

    def having(self, name: str, key: str) -> list[int]:
        """Give the numbers within it of what has a key in a field and was not taken out."""
        return [number for number in self.reader.places(name, key.encode("utf-8"))[0] if number not in self.gone]

    def longer(self, beginning: str) -> list[tuple[str, int]]:
        """Give its words that begin so, each with how many sections have it."""
        found = self.begun.get(beginning)
        if found is None:
            if len(self.begun) >= _MOST_BEGUN:
                self.begun.clear()
            found = self.begun[beginning] = list(self.reader.beginning(WORDS, beginning))
        return found

    def may_have(self, numbers: Indexes, words: Sequence[str]) -> Indexes:
        """Give those of some sections, by number in the whole, that may have words beside each other; see `neighbours`."""
        if self.neighbours is None:
            self.neighbours = Neighbours(*self.reader.rows("neighbours"))
        return numbers[self.neighbours.may_have(numbers - self.first, words)]

    def has(self, name: str, key: str) -> Places | None:
        """
        Give the sections that have a key in a field, by number in the whole, with the weight of each; None where none has.

        Those that were taken out are among them; they have no facts.
        """
        if self.count <= _SMALL:
            if self.words is None:
                self.words = frozenset((one, each.decode("utf-8")) for one, each in self.reader.all_terms())
            if (name, key) not in self.words:
                return None
        elif (name, key) in self.places:
            return self.places[name, key]
        numbers, weights = self.reader.places(name, key.encode("utf-8"))
        found = self.places[name, key] = Places.of(numbers, weights, self.first) if len(numbers) else None
        return found


class Opened:
    """One index as it was at one commit. Not for two threads at once."""

    def __init__(self, path: Path, generation: int, segments: Iterable[_Segment] = ()) -> None:
        self.path = path
        self.generation = generation
        known = {segment.id: segment for segment in segments}
        self._segments: list[_Segment] = []
        first = 0
        for segment in whoosh.segments_in(path, generation, schema()):
            self._segments.append(_Segment.of(path, segment, first, known.get(segment.segment_id())))
            first += self._segments[-1].count
        self._firsts = [segment.first for segment in self._segments]
        self._kept = sum(len(places or ()) + 1 for segment in self._segments for places in segment.places.values())
        self._whole: dict[tuple[str, str], Places] = {}
        self._likest: dict[tuple[str, float, bool], list[Alike]] = {}
        self._spelt: dict[str, Spellings] = {}
        self._unpacked: dict[int, tuple[str, ...]] = {}
        self.position = self._position()

    @classmethod
    def of(cls, path: Path) -> Self:
        """Open the index as it is now."""
        return cls(path, whoosh.generation_in(path))

    def refreshed(self) -> "Opened":
        """Give the index as it is now; afterwards, this one is not to be used, unless it is the one given."""
        newest = whoosh.generation_in(self.path)
        if newest == self.generation:
            return self
        opened = Opened(self.path, newest, self._segments)
        opened._spelt = self._spelt
        if "facts_kept" in vars(self):
            opened.facts_kept = self.facts_kept
        kept = {segment.id for segment in opened._segments}
        for segment in self._segments:
            if segment.id not in kept:
                segment.reader.close()
        return opened

    def close(self) -> None:
        """Close the files."""
        for segment in self._segments:
            if not segment.reader.is_closed:
                segment.reader.close()

    def _position(self) -> int:
        for segment in reversed(self._segments):
            for number in segment.having("meta", POSITION):
                return int(segment.reader.stored_fields(number)["position"])
        raise IndexUnusable(detail="no position")

    def sections_of(self, procedure_ids: Iterable[ProcedureId]) -> list[int]:
        """Give the numbers of the sections of procedures."""
        return self._holding("procedure", procedure_ids)

    def position_documents(self) -> list[int]:
        """Give the numbers of what holds the position."""
        return self._holding("meta", (POSITION,))

    def _holding(self, name: str, keys: Iterable[str]) -> list[int]:
        wanted = tuple(keys)
        return [
            number + segment.first
            for segment in self._segments
            for key in wanted
            for number in segment.having(name, key)
        ]

    @cached_property
    def size(self) -> int:
        """How many sections there are, with those that were taken out: a word's places have them too."""
        return max(1, self.sections - 1)

    @cached_property
    def sections(self) -> int:
        """How many numbers of sections there are."""
        return sum(segment.count for segment in self._segments)

    def held(self) -> tuple[int, int]:
        """Say how many sections the files hold, and how many of these were taken out."""
        return self.sections, sum(len(segment.gone) for segment in self._segments)

    def documents(self) -> list[int]:
        """Give the numbers of all sections, in the order they were written."""
        found: list[int] = self.fact_numbers.nonzero()[0].tolist()
        return found

    def facts(self, number: int) -> Facts | None:
        """Give what is the same for the section's versions; None for what is no section, or is taken out."""
        return self.facts_kept.facts(int(self.fact_numbers[number]))

    @cached_property
    def facts_kept(self) -> FactsKept:
        """The facts that have been read, also at earlier commits."""
        return FactsKept()

    @cached_property
    def fact_numbers(self) -> Numbers:
        """The number of each section's facts in `facts_kept`, by the section's own; `NOTHING` for what was taken out."""
        found = np.concatenate([self._facts_of(segment) for segment in self._segments])
        found[[segment.first + number for segment in self._segments for number in segment.gone]] = NOTHING
        return found

    def _facts_of(self, segment: _Segment) -> Numbers:
        if segment.facts is None:
            pointers, rows = segment.reader.pointers("facts")
            segment.facts = np.array(self.facts_kept.numbered(rows), np.int32)[np.array(pointers, np.intp)]
        return segment.facts

    def shown(self, number: int) -> tuple[str, str, str]:
        """Give section key, heading and plain text of a section."""
        section_key, heading, text, *_ = self._shown(number)
        return section_key, heading, text

    def texts(self, number: int) -> tuple[str, ...]:
        """Give the title, heading, text and other names of a section."""
        facts = self.facts(number)
        return (*(() if facts is None else (facts.title,)), *self._shown(number)[1:])

    def _shown(self, number: int) -> tuple[str, ...]:
        # What is shown is asked for by the snippet, and by each word that is explained.
        found = self._unpacked.get(number)
        if found is None:
            segment = self._segment(number)
            if len(self._unpacked) >= _MOST_UNPACKED:
                self._unpacked.clear()
            found = self._unpacked[number] = segment.reader.stored_fields(number - segment.first)["shown"]
        return found

    def _segment(self, number: int) -> _Segment:
        return self._segments[bisect_right(self._firsts, number) - 1]

    def spoken(self, number: int) -> str:
        """
        Give what a phrase may stand in: title, heading, text and other names, in plain words with one space between.

        A line break stands between them, and space before and after each.
        """
        segment = self._segment(number)
        inside = number - segment.first
        found = segment.spoken.get(inside)
        if found is None:
            found = spoken(self.texts(number))
            if len(segment.spoken) >= _MOST_SPOKEN:
                segment.spoken.clear()
            segment.spoken[inside] = found
        return found

    def beside(self, numbers: Indexes, words: Sequence[str]) -> Indexes:
        """Give those of some sections, in order, that may have these folded words beside each other; most of them have."""
        ends = numbers.searchsorted([segment.first + segment.count for segment in self._segments]).tolist()
        starts = [0, *ends[:-1]]
        found = [
            segment.may_have(numbers[start:end], words)
            for segment, start, end in zip(self._segments, starts, ends, strict=True)
            if end > start
        ]
        return np.concatenate(found) if found else numbers

    def look_inside(self) -> None:
        """Read a little of each file, so that one which is cut short shows."""
        for segment in self._segments:
            pointers, rows = segment.reader.pointers("facts")
            numbers = list(segment.numbers())
            for number in {*numbers[:1], *numbers[-1:]}:
                if row := rows[pointers[number]]:
                    Facts.unpacked(row)
                    self.shown(number + segment.first)
            for name in WORD_FIELDS:
                for key in islice(segment.reader.lexicon(name), 1):
                    segment.reader.places(name, key)

    def has(self, name: str, key: str) -> Places:
        """Give the sections that have a key in a field, each with the share of the key's rarity that it earns."""
        found = self._whole.get((name, key))
        if found is None:
            if self._kept > _MOST_KEPT:
                for segment in self._segments:
                    segment.places.clear()
                self._whole.clear()
                self._kept = 0
            each = [places for segment in self._segments if (places := segment.has(name, key)) is not None]
            found = each[0] if len(each) == 1 else Places.joined(each) if each else Places.nowhere()
            self._whole[name, key] = found
            self._kept += len(found) + len(self._segments)
        return found

    def rarity(self, name: str, key: str) -> float:
        """Say how much a key tells: BM25's inverse document frequency."""
        often = len(self.has(name, key))
        return math.log(1 + (self.size - often + 0.5) / (often + 0.5))

    def longer(self, beginning: str, wanted: Callable[[str], bool]) -> list[str]:
        """Give the words that begin so and are `wanted`, the commonest first, without the one that is just that."""
        found: dict[str, int] = {}
        for segment in self._segments:
            for key, often in segment.longer(beginning):
                if key != beginning:
                    found[key] = found.get(key, 0) + often
        ordered = sorted(found, key=lambda key: (-found[key], key))
        return list(islice(filter(wanted, ordered), _MOST_LONGER))

    def alike(self, word: str, least: float, *, slips: bool) -> list[Alike]:
        """Give the words of the index that are spelt like a word, the likest first; see `Spellings.alike`."""
        kept = self._likest.get((word, least, slips))
        if kept is not None:
            return kept
        best: dict[str, float] = {}
        for spellings in self._all_spellings():
            for one in spellings.alike(word, least, slips=slips):
                best[one.key] = max(best.get(one.key, 0.0), one.likeness)
        if len(self._likest) >= _MOST_LIKEST:
            self._likest.clear()
        found = sorted(
            (Alike(key, likeness) for key, likeness in best.items()), key=lambda one: (-one.likeness, one.key)
        )
        self._likest[word, least, slips] = found
        return found

    def keep_spellings(self) -> None:
        """Make ready what takes seconds of a large index, and much of what was just joined, so that no search waits for it."""
        if len(self._large) > 1:
            self._spellings_of_large()
        for segment in self._segments:
            if segment.count > _SMALL and (segment.count <= _LARGE or len(self._large) == 1):
                self._spellings(segment)

    def _all_spellings(self) -> Iterator[Spellings]:
        # Large parts have most of their words in common, and all of them are looked through for each word.
        together = len(self._large) > 1
        if together:
            yield self._spellings_of_large()
        for segment in self._segments:
            if not (together and segment.count > _LARGE):
                yield self._spellings(segment)

    @cached_property
    def _large(self) -> list[_Segment]:
        return [segment for segment in self._segments if segment.count > _LARGE]

    def _spellings_of_large(self) -> Spellings:
        ids = "\n".join(segment.id for segment in self._large)
        name = f"all-{hashlib.sha256(ids.encode()).hexdigest()[:16]}"
        if name not in self._spelt:
            self._spelt.clear()
            self._spelt[name] = Spellings.kept(
                self.path, name, lambda: sorted({word for segment in self._large for word in _words(segment.reader)})
            )
        return self._spelt[name]

    def _spellings(self, segment: _Segment) -> Spellings:
        if segment.spellings is None:
            segment.spellings = Spellings.kept(self.path, segment.id, lambda: _words(segment.reader))
        return segment.spellings


def _words(reader: Any) -> list[str]:
    """Give all words, and the parts of compounds that are no word of their own there."""
    return sorted({key.decode("utf-8") for name in (WORDS, PARTS) for key in reader.lexicon(name)})

"""
Which sections answer a query, how well, and which of them stands for its procedure.

A word is rated by BM25 in each field, and the fields' ratings, times what the field counts, are added (BM25F in its
simple form). Words are rated one at a time over the whole index and joined here, not by Whoosh, so that we know for
each section which words it has, and every procedure is counted.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

from samrutine.errors import IndexUnusable
from samrutine.procedures.model import Digest
from samrutine.search import whoosh_parts as whoosh
from samrutine.search.document import POSITION, WORD_FIELDS, Facts
from samrutine.search.model import Facet, Filter, FilterField, Query, QueryPhrase, QueryWord
from samrutine.search.norwegian import fold
from samrutine.search.query import filter_key

_BOOSTS: Final = {"title": 4.0, "names": 3.0, "heading": 2.0, "text": 1.0, "about": 0.6}
# BM25's B, how much the length of a field counts against it: a title is short by nature, so a longer one is no worse.
_LENGTH_COUNTS: Final = {"title_B": 0.3, "names_B": 0.3, "heading_B": 0.3, "text_B": 0.75, "about_B": 0.0}
# What the routine is about may not exclude it: "-helsesykepleier" means the words of a text.
_EXCLUDING: Final = ("title", "names", "heading", "text")
# Where the beginning of a longer word counts too, so that "tuberkulosekontroll" finds the title
# "Tuberkulosekontrollprogram". Titles have few words, so this is cheap; in the text it is done only when the
# word is found nowhere, since there it would cost tenfold.
_NAMING: Final = ("title", "names", "heading")
_BEGINNING_COUNTS: Final = 0.5
_SHORTEST_BEGINNING: Final = 4
_MOST_LONGER: Final = 24

_PLAIN_WORD: Final = re.compile(r"[^\W_]+")


class Opened:
    """One index as it was at one commit, with what is read of it often. Not for two threads at once."""

    def __init__(self, path: Path, searcher: Any, unpacked: dict[bytes, Facts]) -> None:  # noqa: ANN401
        self.path = path
        self._searcher = searcher
        self._unpacked = unpacked
        self._leaves = [(leaf, offset) for leaf, offset in searcher.leaf_searchers()]
        self._columns = [
            (offset, leaf.reader().column_reader("facts", translate=False)) for leaf, offset in self._leaves
        ]
        self.position = self._position()

    @classmethod
    def of(cls, path: Path, index: Any) -> Self:  # noqa: ANN401 - Whoosh has no types
        """Open the index as it is now."""
        return cls(path, index.searcher(weighting=whoosh.BM25F(**_LENGTH_COUNTS)), {})

    def refreshed(self) -> "Opened":
        """Give the index as it is now; afterwards, this one is not to be used, unless it is the one given."""
        searcher = self._searcher.refresh()
        return self if searcher is self._searcher else Opened(self.path, searcher, self._unpacked)

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
        for leaf, offset in self._leaves:
            for number in leaf.reader().all_doc_ids():
                if self.facts(number + offset) is not None:
                    yield number + offset

    def facts(self, number: int) -> Facts | None:
        """Give what is the same for the version's sections; None for the document that holds the position."""
        offset, column = next(one for one in reversed(self._columns) if one[0] <= number)
        data = column[number - offset]
        if not data:
            return None
        facts = self._unpacked.get(data)
        if facts is None:
            facts = self._unpacked[data] = Facts.unpacked(data)
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
        for leaf, offset in self._leaves:
            numbers = list(leaf.reader().all_doc_ids())
            for number in {*numbers[:1], *numbers[-1:]}:
                if self.facts(number + offset) is not None:
                    self.shown(number + offset)
            for name in WORD_FIELDS:
                for key in islice(leaf.reader().lexicon(name), 1):
                    self.rate(name, key.decode("utf-8"))

    def rate(self, name: str, key: str) -> dict[int, float]:
        """Rate the sections that have a key in a field."""
        term = whoosh.Term(name, key)
        rated: dict[int, float] = {}
        for leaf, offset in self._leaves:
            matcher = term.matcher(leaf, leaf.context())
            while matcher.is_active():
                rated[matcher.id() + offset] = matcher.score()
                matcher.next()
        return rated

    def longer(self, name: str, beginning: str) -> list[str]:
        """Give the first few keys of a field that begin so, without the one that is just that."""
        found: dict[str, None] = {}
        for leaf, _ in self._leaves:
            keys = (key.decode("utf-8") for key in leaf.reader().expand_prefix(name, beginning))
            found.update(dict.fromkeys(islice((key for key in keys if key != beginning), _MOST_LONGER)))
        return sorted(found)[:_MOST_LONGER]


@dataclass(frozen=True, slots=True)
class Answer:
    """How well a section answers, and what of the query it has, as typed."""

    score: float
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A section that answers, and the version it is of."""

    facts: Facts
    number: int
    answer: Answer

    def better_than(self, other: "Found") -> bool:
        """Newest version first, then the best score, then the section that comes first."""
        mine = (self.facts.version, self.answer.score, -self.number)
        return mine > (other.facts.version, other.answer.score, -other.number)

    def order(self) -> tuple[float, str, str]:
        """Best first, then by title."""
        return -self.answer.score, fold(self.facts.title), self.facts.procedure_id


class Search:
    """One query on one opened index. `wanted` gathers the keys to mark in what is shown."""

    def __init__(self, opened: Opened, query: Query) -> None:
        self._opened = opened
        self._query = query
        self.wanted: set[str] = set()

    def answers(self) -> dict[int, Answer]:
        """Rate every section that answers."""
        if self._query.asks_for_words:
            answers = self._answers_with_words()
        elif self._query.ignored:
            return {}
        else:
            answers = {number: Answer(0.0, ()) for number in self._opened.documents()}
        excluded = self._excluded() if answers else set()
        return {number: answer for number, answer in answers.items() if number not in excluded}

    def _answers_with_words(self) -> dict[int, Answer]:
        scores: dict[int, float] = {}
        matched: dict[int, list[str]] = {}
        required: set[int] | None = None
        for phrase in self._query.phrases:
            rated = self._rate_phrase(phrase, WORD_FIELDS)
            required = set(rated) if required is None else required & rated.keys()
            _add(rated, phrase.typed, scores, matched)
        for word in self._query.words:
            _add(self._rate_word(word), word.typed, scores, matched)
        asked = len(self._query.words) + len(self._query.phrases)
        # A section with two of three words gets two thirds of its sum, so that having all comes first unless a lesser
        # match is very much stronger.
        return {
            number: Answer(score * len(matched[number]) / asked, tuple(matched[number]))
            for number, score in scores.items()
            if required is None or number in required
        }

    def _rate_word(self, word: QueryWord) -> dict[int, float]:
        total = self._rate(word, WORD_FIELDS)
        longer = self._rate_longer(word, _NAMING) or ({} if total else self._rate_longer(word, ("text",)))
        for number, score in longer.items():
            total[number] = max(total.get(number, 0.0), score)
        return total

    def _rate(self, word: QueryWord, fields: Iterable[str]) -> dict[int, float]:
        """
        Rate the sections that have the word: for each field the best of its keys, then the sum over fields.

        The best and not the sum, since a form that can be two words is kept under both, and would count twice.
        """
        self.wanted.update(word.keys)
        total: dict[int, float] = {}
        for name in fields:
            best: dict[int, float] = {}
            for key in word.keys:
                for number, score in self._opened.rate(name, key).items():
                    best[number] = max(best.get(number, 0.0), score)
            for number, score in best.items():
                total[number] = total.get(number, 0.0) + score * _BOOSTS[name]
        return total

    def _rate_longer(self, word: QueryWord, fields: Iterable[str]) -> dict[int, float]:
        best: dict[int, float] = {}
        for name in fields:
            for beginning in {*word.keys, fold(word.typed)}:
                if len(beginning) < _SHORTEST_BEGINNING:
                    continue
                for key in self._opened.longer(name, beginning):
                    self.wanted.add(key)
                    for number, score in self._opened.rate(name, key).items():
                        best[number] = max(best.get(number, 0.0), score * _BOOSTS[name] * _BEGINNING_COUNTS)
        return best

    def _rate_phrase(self, phrase: QueryPhrase, fields: Sequence[str]) -> dict[int, float]:
        each = sorted((self._rate(word, fields) for word in phrase.words), key=len)
        numbers = set(each[0]).intersection(*each[1:])
        return {
            number: sum(scores[number] for scores in each) for number in numbers if self._has_phrase(number, phrase)
        }

    def _has_phrase(self, number: int, phrase: QueryPhrase) -> bool:
        return any(_stands_in(phrase.folded, part) for part in self._opened.spoken(number))

    def _excluded(self) -> set[int]:
        wanted = set(self.wanted)
        excluded: set[int] = set()
        for word in self._query.excluded_words:
            excluded.update(self._rate(word, _EXCLUDING))
        for phrase in self._query.excluded_phrases:
            excluded.update(self._rate_phrase(phrase, _EXCLUDING))
        self.wanted = wanted
        return excluded


def _add(rated: dict[int, float], typed: str, scores: dict[int, float], matched: dict[int, list[str]]) -> None:
    for number, score in rated.items():
        scores[number] = scores.get(number, 0.0) + score
        matched.setdefault(number, []).append(typed)


def _stands_in(folded: tuple[str, ...], text: str) -> bool:
    words = " ".join(_PLAIN_WORD.findall(fold(text)))
    return f" {' '.join(folded)} " in f" {words} "


@dataclass(slots=True)
class Conditions:
    """Which versions may be found and are asked for; the answer for each is kept, since it has many sections."""

    allowed: Collection[Digest] | None
    filters: tuple[Filter, ...]
    _kept: dict[Digest, bool] = field(default_factory=dict)

    def hold(self, facts: Facts) -> bool:
        """Whether the version may be found, and every filter lets it through."""
        digest = facts.version_digest
        if digest not in self._kept:
            self._kept[digest] = (self.allowed is None or digest in self.allowed) and self._filters_hold(facts)
        return self._kept[digest]

    def _filters_hold(self, facts: Facts) -> bool:
        wanted: dict[FilterField, bool] = {}
        for one in self.filters:
            has = filter_key(one.value) in {filter_key(value) for value in facts.values(one.field)}
            if not one.excluded:
                wanted[one.field] = wanted.get(one.field, False) or has
            elif has:
                return False
        return all(wanted.values())


def facets(found: Iterable[Facts]) -> tuple[Facet, ...]:
    """Count the versions by each value of each field, the commonest first."""
    counts: dict[FilterField, Counter[str]] = {name: Counter() for name in FilterField}
    for facts in found:
        for name, counter in counts.items():
            counter.update(set(facts.values(name)))
    return tuple(
        Facet(name, value, count)
        for name, counter in counts.items()
        for value, count in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    )

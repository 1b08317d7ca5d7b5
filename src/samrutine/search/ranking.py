"""
Which sections answer a query, how well, and which of them stands for its procedure.

A word is rated by BM25 in each field, and the fields' ratings, times what the field counts, are added (BM25F in its
simple form). Words are rated one at a time over the whole index and joined here, not by Whoosh, so that we know for
each section which words it has, and every procedure is counted.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from samrutine.procedures.model import Digest
from samrutine.search.document import WORD_FIELDS, Facts
from samrutine.search.model import Facet, Filter, FilterField, Query, QueryPhrase, QueryWord
from samrutine.search.norwegian import fold
from samrutine.search.opened import Opened
from samrutine.search.query import filter_key

_BOOSTS: Final = {"title": 4.0, "names": 3.0, "heading": 2.0, "text": 1.0, "about": 0.6}
# What the routine is about may not exclude it: "-helsesykepleier" means the words of a text.
_EXCLUDING: Final = ("title", "names", "heading", "text")
# Where the beginning of a longer word counts too, so that "tuberkulosekontroll" finds the title
# "Tuberkulosekontrollprogram". Titles have few words, so this is cheap; in the text it is done only when the
# word is found nowhere, since there it would cost tenfold.
_NAMING: Final = ("title", "names", "heading")
_BEGINNING_COUNTS: Final = 0.5
_SHORTEST_BEGINNING: Final = 4

_PLAIN_WORD: Final = re.compile(r"[^\W_]+")


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

    def worse_than(self, facts: Facts, number: int, answer: Answer) -> bool:
        """Whether the other is to stand for the procedure: newest version, then best score, then the first section."""
        if facts.version != self.facts.version:
            return facts.version > self.facts.version
        return (answer.score, -number) > (self.answer.score, -self.number)

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
    # Many have the same five, so these are counted first and taken apart afterwards.
    alike = Counter((one.subjects, one.network, one.kind, one.language, one.audience) for one in found)
    counts: dict[FilterField, Counter[str]] = {name: Counter() for name in FilterField}
    for (subjects, network, kind, language, audience), count in alike.items():
        for name, values in (
            (FilterField.SUBJECT, subjects),
            (FilterField.NETWORK, (network,)),
            (FilterField.KIND, (kind.value,)),
            (FilterField.LANGUAGE, (language.value,)),
            (FilterField.AUDIENCE, audience),
        ):
            for value in set(values):
                counts[name][value] += count
    return tuple(
        Facet(name, value, count)
        for name, counter in counts.items()
        for value, count in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    )

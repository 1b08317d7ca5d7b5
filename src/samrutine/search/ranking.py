"""
Which sections answer a query, how well, and which of them stands for its procedure.

Two ratings are added. The first is by words: a word counts by how rare it is and how much a section has of it (BM25,
with title and heading counting more), and so, for less, does what it also means (`meanings`), what it is in the other
Norwegian (`sisters`), a compound that it is part of, and its own parts. The second is by letters: the words of the index
that are spelt like the one typed (`likeness`), for less the less alike they are. Where a word is found hardly anywhere, the
likest are taken for it, so that a slip of the hand finds what was meant.

Sections with more of the question, weighed by how much its words tell, come before those with less; and a section earns
some for what the other sections of its routine answer.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from samrutine.procedures.model import Digest
from samrutine.search.adding import Answers, Ratings, best_places, having_all, together
from samrutine.search.arrays import Indexes, Scores, np
from samrutine.search.choosing import Conditions
from samrutine.search.defining import says
from samrutine.search.document import ABOUT, PARTS, WORDS
from samrutine.search.frequencies import frequency
from samrutine.search.likeness import LEAST_LIKE, MOST_ALIKE, Alike
from samrutine.search.meanings import Meanings
from samrutine.search.model import Query, QueryPhrase, QueryWord, TakenAs
from samrutine.search.norwegian import fold, is_known
from samrutine.search.nynorsk import sisters
from samrutine.search.opened import Opened
from samrutine.search.readable import Readable
from samrutine.search.spoken import stands_in
from samrutine.search.ways import (
    LONGEST_SHORT,
    PART_ITSELF,
    SHORTEST_BEGUN,
    ShortForm,
    Way,
    begun,
    by_parts,
    direct,
    of_meaning,
    of_short_form,
    repaired,
    short_forms,
)
from samrutine.search.worth import Worth

_IN_COMPOUND: Final = 0.8
"""What it counts to have a word inside a compound, against having it alone."""

_IN_ABOUT: Final = 0.5
_PARTS_AT_MOST: Final = 1.2
_PARTS_BESIDE: Final = 0.5
_FEW: Final = 3
_GUESSED_AT_MOST: Final = 0.95
_BY_LETTERS: Final = 0.5
_MOST_BY_LETTERS: Final = 200
_BY_ROUTINE: Final = 0.25
_MOST_OF_ROUTINES: Final = 100
# A phrase of small words alone may stand nearly everywhere, and each of its texts must be unpacked: a tenth of a second.
_MOST_UNPACKED: Final = 4000
_LESS_SURE: Final = frozenset({TakenAs.COMPOUND, TakenAs.BEGUN, TakenAs.SPELLING, TakenAs.MEANT})

# Up to this share of ordinary text a word counts whole; so much less for each ten times more, but never less than a little.
_RARE: Final = 1e-6
_LESS_EACH: Final = 0.2
_LEAST_WEIGHT: Final = 0.3


@dataclass(slots=True)
class Asked:
    """
    One word or phrase of a query.

    `tells` is how much it says by how rare it is here, `weight` by how common it is in ordinary text; `rated` is what
    each section has of it, and `alike` are words of the index that are spelt like it. `ways` are those that a word was
    rated by, the surest first.
    """

    typed: str
    tells: float
    rated: Ratings
    alike: tuple[Alike, ...] = ()
    weight: float = 1.0
    word: QueryWord | None = None
    ways: tuple[Way, ...] = ()


class Search:
    """One query on one opened index. `wanted` gathers the keys to mark in what is shown, `said` phrases that have no key."""

    def __init__(self, opened: Opened, query: Query, meanings: Meanings) -> None:
        self._opened = opened
        self._query = query
        self._meanings = meanings
        self._asked: list[Asked] = []
        self._readable = Readable(opened)
        self.wanted: set[str] = set()
        self.said: list[tuple[str, ...]] = []

    def answers(self, conditions: Conditions) -> Answers:
        """Rate every section that answers; `conditions` say which sections may lend to others of their routine."""
        self._readable = Readable(self._opened, conditions.allowed)
        if self._query.asks_for_words:
            answers = self._answers_with_words(conditions)
        elif self._query.ignored:
            return Answers.of({})
        else:
            answers = Answers.of(dict.fromkeys(self._opened.documents(), 0.0))
        return self._without_excluded(answers)

    def asked(self) -> tuple[Asked, ...]:
        """Give the phrases and words of the query."""
        return tuple(self._asked)

    def asked_words(self) -> tuple[Asked, ...]:
        """Give the words of the query, with the ways that they were rated by."""
        return tuple(one for one in self._asked if one.word is not None)

    def worths(self) -> tuple[Worth, ...]:
        """Say what each word of the query is worth here, for texts that are in no index; expressions and parts are not told."""
        return tuple(self._worth(self._ask(word)) for word in self._query.words)

    def _worth(self, asked: Asked) -> Worth:
        rarity = self._opened.rarity
        words: dict[str, float] = {}
        parts: dict[str, float] = {}
        for way in asked.ways:
            for key, share in way.needs[0] if len(way.needs) == 1 and not way.parts_of else ():
                weight = way.weight * share
                words[key] = max(words.get(key, 0.0), weight * self._telling(key))
                parts[key] = max(parts.get(key, 0.0), weight * _IN_COMPOUND * rarity(PARTS, key))
        letters = {one.key: _BY_LETTERS * one.likeness**2 * rarity(WORDS, one.key) for one in asked.alike}
        return Worth(asked.typed, asked.weight, asked.tells, words, parts, letters)

    def matched(self, number: int) -> tuple[str, ...]:
        """Say which words and phrases of the query a section has, as typed."""
        return tuple(one.typed for one in self._asked if number in one.rated)

    def lacking(self, number: int) -> tuple[str, ...]:
        """Say which word, as typed, a section has nothing of, though it tells as much as all the rest of the query."""
        whole = sum(one.weight * one.tells for one in self._asked)
        return tuple(
            one.typed for one in self._asked if number not in one.rated and 2 * one.weight * one.tells >= whole
        )

    def _answers_with_words(self, conditions: Conditions) -> Answers:
        required = []
        for phrase in self._query.phrases:
            rated = self._rate_phrase(phrase)
            required.append(rated.scores)
            self._asked.append(Asked(phrase.typed, self._phrase_tells(phrase, rated), rated))
        words = [self._ask(word) for word in self._query.words]
        guessed = self._add_expressions(words)
        self._asked += words
        scores = self._together()
        if guessed:
            scores = self._with_guessed(words, guessed, scores)
        for has in required:
            scores[has == 0] = 0.0
        answers = Answers.rated(scores)
        # What the best earn beside makes none of them less, so they are the best after it too.
        best = best_places(answers.scores, _MOST_BY_LETTERS)
        if len(self._asked) > 1:
            self._add_routines(answers, best[:_MOST_OF_ROUTINES], conditions)
        self._add_letters(answers, best)
        return answers

    def _together(self) -> Scores:
        """
        Add up what each section has of the whole query.

        A section with half of what the query tells gets half of its sum, so that having all comes first unless a lesser
        match is very much stronger.
        """
        asked = self._asked
        if len(asked) == 1:
            return asked[0].weight * asked[0].rated.scores
        whole = sum(one.weight * one.tells for one in asked) or 1.0
        return together(
            ((one.weight, one.weight * one.tells / whole, one.rated.scores) for one in asked), self._opened.sections
        )

    def _add_routines(self, answers: Answers, best: Indexes, conditions: Conditions) -> None:
        """
        Let the best sections earn some for what else of the question their routine answers.

        A routine with half of it under one heading and half under the next answers more than one that has but half.
        """
        routines: dict[Digest, list[int]] = {}
        numbers = answers.numbers[best]
        for place, number in enumerate(numbers.tolist()):
            facts = self._opened.facts(number)
            newest = None if facts is None else conditions.newest(facts)
            if newest is not None:
                routines.setdefault(newest[0], []).append(place)
        rated = [one.rated.scores[numbers].tolist() for one in self._asked]
        whole = sum(one.weight * one.tells for one in self._asked) or 1.0
        for places in routines.values():
            if len(places) > 1:
                most = [(one, max(has[place] for place in places)) for one, has in zip(self._asked, rated, strict=True)]
                score = sum(one.weight * has for one, has in most)
                score *= sum(one.weight * one.tells for one, has in most if has) / whole
                mine = best[places]
                answers.scores[mine] += _BY_ROUTINE * (score - answers.scores[mine])

    def _add_letters(self, answers: Answers, best: Indexes) -> None:
        """Let the best come in the order that their letters say too."""
        numbers = answers.numbers[best]
        for one in self._asked:
            letters = np.zeros(len(best))
            for alike in one.alike:
                weight = _BY_LETTERS * one.weight * alike.likeness**2 * self._opened.rarity(WORDS, alike.key)
                np.maximum(letters, weight * self._opened.has(WORDS, alike.key).shares_of(numbers), out=letters)
            answers.scores[best] += letters

    def _tells(self, word: QueryWord) -> float:
        return max((self._telling(key) for key in word.keys), default=0.0)

    def _telling(self, key: str) -> float:
        """
        Say how much a key tells: no more than its sister does.

        In a library in bokmål a word of nynorsk is rare, and says no more than the word that all use.
        """
        opened = self._opened
        return min([opened.rarity(WORDS, key), *(opened.rarity(WORDS, one) for one in sisters(key))])

    # One word -----------------------------------------------------------------------------------------------------

    def _ask(self, word: QueryWord) -> Asked:
        rated = self._none()
        self.wanted.update(word.keys)
        for key in word.keys:
            rated.add(self._opened.has(ABOUT, key), _IN_ABOUT * self._opened.rarity(ABOUT, key))
        ways = list(direct(word, self._meanings))
        self._follow(ways, rated)
        found = len(rated)
        direct_hits = self._readable.count(map(int, rated.scores.nonzero()[0]), _FEW)
        parts = list(by_parts(word, self._meanings))
        self._follow(parts, rated)
        slip = self._may_be_slip(word) and (direct_hits == 0 or (direct_hits < _FEW and not is_known(word.typed)))
        alike = self._alike(word, slips=slip and direct_hits == 0)
        longer = self._longer(word) if slip else []
        spelt = [*begun(longer), *repaired(word, alike, longer, self._meanings)] if slip else []
        self._follow(spelt, rated)
        tells = self._tells(word)
        if found and not any(self._opened.has(WORDS, key) for key in word.keys):
            # It is nowhere itself, and tells as much as what was found for it.
            tells = _rarity(found, self._opened.size)
        return Asked(
            word.typed, tells, rated, tuple(alike), self._weight(word), word, (*ways, *parts, *spelt)
        )  # fmt: skip

    def _weight(self, word: QueryWord) -> float:
        """
        Say how much a word counts in a question: less, the commoner it is in ordinary text.

        A small library says little of which words are rare: "bruke" may stand in two routines of twelve, and "rullator" in
        four. Ordinary text is in bokmål, so a word of nynorsk is as common as its sister. What is written in capitals is a name
        or a short form, and counts whole.
        """
        if len(word.typed) > 1 and word.typed.isupper():
            return 1.0
        forms = {fold(word.typed), *word.keys}
        forms.update(sister for key in word.keys for sister in sisters(key))
        forms.update(
            meaning.keys[0]
            for meaning in self._meanings.of_word(word.keys)
            if meaning.how is TakenAs.OTHER_LANGUAGE and len(meaning.keys) == 1
        )
        often = max(map(frequency, forms))
        return 1.0 if often <= _RARE else max(_LEAST_WEIGHT, 1 - _LESS_EACH * math.log10(often / _RARE))

    def _may_be_slip(self, word: QueryWord) -> bool:
        """
        Say whether a word may be a slip of the hand for another.

        What has a number in it names one thing, and another number another. A short form that the library knows is spelt
        right, and so is a small word in capitals, unless all that is typed is in capitals.
        """
        if any(map(str.isdigit, word.typed)) or self._meanings.is_short(word.keys):
            return False
        shouted = len(self._query.words) > 1 and all(one.typed.isupper() for one in self._query.words)
        return shouted or len(word.typed) > LONGEST_SHORT or not word.typed.isupper()

    def _none(self) -> Ratings:
        return Ratings.none(self._opened.sections)

    def _follow(self, ways: Iterable[Way], rated: Ratings) -> None:
        """Add the sections that ways lead to."""
        for way in ways:
            if way.parts_of:
                self._add_parts(rated, way)
            elif len(way.needs) > 1:
                # The sections that have all of an expression.
                rated.add_all(way.weight * having_all(self._each(way)) / len(way.needs))
            else:
                self._add_any(rated, way.needs[0], way.weight)

    def _add_any(self, rated: Ratings, keys: Iterable[tuple[str, float]], weight: float = 1.0) -> None:
        for key, share in keys:
            self._add(rated, key, weight * share)

    def _add(self, rated: Ratings, key: str, weight: float) -> None:
        """Add the sections that have a key as a word, or for less as a part of one."""
        opened = self._opened
        alone = opened.has(WORDS, key)
        if alone:
            self.wanted.add(key)
            rated.add(alone, weight * self._telling(key))
        inside = opened.has(PARTS, key)
        if inside:
            rated.add(inside, weight * _IN_COMPOUND * opened.rarity(PARTS, key))

    def _each(self, way: Way) -> list[Scores]:
        each = []
        for keys in way.needs:
            one = self._none()
            self._add_any(one, keys)
            each.append(one.scores)
        return each

    def _add_parts(self, rated: Ratings, way: Way) -> None:
        """Add the sections that have a compound's parts: the more of them, the better."""
        each = self._each(way)
        tells = [self._opened.rarity(WORDS, keys[0][0]) for keys in way.needs]
        found = together(
            ((way.weight / len(each), one / sum(tells), has) for one, has in zip(tells, each, strict=True)),
            self._opened.sections,
        )
        np.minimum(found, self._most_by_parts(way.parts_of), out=found)
        # What only means the same as one of the parts is too far away: «sikker» is no "trygghetsalarm".
        there = self._none()
        for keys in way.needs:
            self._add_any(there, ((key, share) for key, share in keys if share >= PART_ITSELF))
        found[there.scores == 0] = 0.0
        rated.add_all(found)

    def _most_by_parts(self, compound: str) -> float:
        """
        Say how much the parts of a compound may tell at most: where it is found itself, no more than it does.

        Where it is found inside other compounds, parts in several words tell less than these: "legeundersøkelse" and
        "hjelpemiddel" are no "legemiddelhåndtering".
        """
        shares = [
            share * self._opened.rarity(name, compound)
            for name, share in ((WORDS, _PARTS_AT_MOST), (PARTS, _PARTS_BESIDE))
            if self._opened.has(name, compound)
        ]
        return max(shares, default=math.inf)

    def _longer(self, word: QueryWord) -> list[str]:
        typed = fold(word.typed)
        return self._opened.longer(typed, self._readable.has) if len(typed) >= SHORTEST_BEGUN else []

    def _alike(self, word: QueryWord, *, slips: bool) -> list[Alike]:
        every = self._opened.alike(fold(word.typed), LEAST_LIKE, slips=slips)
        return list(islice((one for one in every if self._readable.has(one.key)), MOST_ALIKE))

    def _add_expressions(self, words: list[Asked]) -> list[ShortForm]:
        """
        Let sections that have what several words together mean, or their first letters, count as having each of them.

        First letters are given back where nothing says that they stand for these words.
        """
        for said in self._meanings.said([word.keys for word in self._query.words]):
            self._add_to_each(words[said.start : said.end], [of_meaning(meaning) for meaning in said.meanings])
        guessed = []
        for short in short_forms(self._query.words):
            if self._opened.has(WORDS, short.key):
                if self._is_told(short):
                    self._add_to_each(words[short.start : short.end], [of_short_form(short)])
                else:
                    guessed.append(short)
        return guessed

    def _is_told(self, short: ShortForm) -> bool:
        """
        Whether first letters are to count as their words: a text says so, or less than half of the words are found themselves.

        Then it is a guess, and there is hardly anything that it could stand above.
        """
        words = self._query.words[short.start : short.end]
        if 2 * sum(any(map(self._readable.has, word.keys)) for word in words) < len(words):
            return True
        typed = [fold(word.typed) for word in words]
        has = self._opened.has(WORDS, short.key).numbers.astype(np.intp)
        return any(
            says(self._opened.spoken(number), typed, short.key)
            for number in self._readable.among(self._opened.beside(has, typed).tolist())
        )

    def _with_guessed(self, words: list[Asked], guessed: list[ShortForm], sure: Scores) -> Scores:
        """
        Let first letters that no text explains count too, but below the best that has the words.

        "Barn utenlands pass" begins with the letters of BUP, and asks for no such thing.
        """
        best = next(self._readable.among(best_places(sure, _MOST_BY_LETTERS).tolist()), None)
        for short in guessed:
            self._add_to_each(words[short.start : short.end], [of_short_form(short)])
        scores = self._together()
        if best is not None and sure[best] > 0:
            np.maximum(np.minimum(scores, _GUESSED_AT_MOST * sure[best]), sure, out=scores)
        return scores

    def _add_to_each(self, words: list[Asked], ways: list[Way]) -> None:
        rated = self._none()
        self._follow(ways, rated)
        for one in words:
            one.rated = one.rated.joined(rated)
            surest = sum(way.how not in _LESS_SURE for way in one.ways)
            one.ways = (*one.ways[:surest], *ways, *one.ways[surest:])

    # Phrases, and what is left out --------------------------------------------------------------------------------

    def _rate(self, word: QueryWord) -> Ratings:
        rated = self._none()
        self.wanted.update(word.keys)
        for key in word.keys:
            rated.add(self._opened.has(WORDS, key), self._opened.rarity(WORDS, key))
        return rated

    def _phrase_tells(self, phrase: QueryPhrase, rated: Ratings) -> float:
        """Say how much a phrase tells: what its words do, or where all are small ones, what it does itself."""
        if phrase.words:
            return sum(self._tells(word) for word in phrase.words)
        return _rarity(len(rated), self._opened.size)

    def _rate_phrase(self, phrase: QueryPhrase) -> Ratings:
        if not phrase.words:
            return self._rate_small_words(phrase)
        scores = having_all([self._rate(word).scores for word in phrase.words])
        rated = self._none()
        for number in self._opened.beside(scores.nonzero()[0], phrase.folded).tolist():
            if stands_in(phrase, self._opened.spoken(number)):
                rated.scores[number] = scores[number]
        return rated

    def _rate_small_words(self, phrase: QueryPhrase) -> Ratings:
        """Find a phrase that the index has no word of, in the sections whose bits say that they may have it."""
        self.said.append(phrase.folded)
        rated = self._none()
        beside = self._opened.beside(np.array(self._opened.documents(), np.intp), phrase.folded).tolist()
        found = [
            number
            for number in islice(self._readable.among(beside), _MOST_UNPACKED)
            if stands_in(phrase, self._opened.spoken(number))
        ]
        rated.scores[found] = _rarity(len(found), self._opened.size)
        return rated

    def _without_excluded(self, answers: Answers) -> Answers:
        wanted, said = set(self.wanted), list(self.said)
        # What the routine is about may not exclude it: "-helsesykepleier" means the words of a text.
        excluded = [
            *(self._rate(word) for word in self._query.excluded_words),
            *(self._rate_phrase(phrase) for phrase in self._query.excluded_phrases),
        ]
        self.wanted, self.said = wanted, said
        for one in excluded:
            answers = answers.without(one.scores)
        return answers


def _rarity(often: int, size: int) -> float:
    """Say how much it tells to be among so many of all sections, as `Opened.rarity` says of a key."""
    return math.log(1 + (size - often + 0.5) / (often + 0.5))

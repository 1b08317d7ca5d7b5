"""
Why a section was found for a word that its text does not have: what was taken for the word, or where else the word stands.

Asked only of the few hits that are shown, and of the words that they do not have themselves, so it costs a search next
to nothing. It follows the ways that the section was rated by, the surest first; what is shown is the word as it stands in
the text, in its own letters.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from samrutine.search.compounds import part_keys, parts
from samrutine.search.document import ABOUT, PARTS, WORDS
from samrutine.search.model import Taken, TakenAs
from samrutine.search.norwegian import fold, is_known, keys
from samrutine.search.opened import Opened
from samrutine.search.ranking import Asked

_WORD: Final = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_MOST_LOOKED_THROUGH: Final = 5_000
_BEGINNING: Final = 3
_MOST_SHOWN: Final = 3
_MOST_BETWEEN: Final = 2


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=1024)
def _beginnings(wanted: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(key[:_BEGINNING]) for key in wanted))


class Why:
    """Explains the hits of one query on one opened index, by the words that were asked for and the ways they went."""

    def __init__(self, opened: Opened, words: Sequence[Asked]) -> None:
        self._opened = opened
        self._words = words

    def of(self, number: int) -> tuple[Taken, ...]:
        """Say of a section what was taken for each word that it answers to, or where it stands, if not in the text."""
        found = []
        for asked in self._words:
            if number not in asked.rated:
                continue
            if self._has_itself(number, asked):
                taken = self._elsewhere(number, asked)
            else:
                taken = self._taken(number, asked)
                if taken is not None and self._is_no_reason(taken, asked):
                    taken = None
            if taken is not None:
                found.append(taken)
        return tuple(found)

    def _is_no_reason(self, taken: Taken, asked: Asked) -> bool:
        """
        Whether it is the word itself that was taken, as the front of another ("pasient- og brukerombud"), or not it at all.

        The first half of a word with a hyphen stands for the whole of it too, and is no part of what the other half is in.
        """
        if fold(taken.shown) == fold(asked.typed):
            return True
        own = () if asked.word is None else asked.word.keys
        if taken.how is not TakenAs.COMPOUND:
            return False
        alone = _forms(asked.typed)
        return not _forms(taken.shown).isdisjoint(own) or (
            not alone.issuperset(own) and alone.isdisjoint(part_keys(taken.shown))
        )

    def _elsewhere(self, number: int, asked: Asked) -> Taken | None:
        """Say where a word stands that the text does not have; None where it does, or is only what the routine is about."""
        own = () if asked.word is None else asked.word.keys
        title, heading, text, *names = self._opened.texts(number)
        if any(True for _ in _places(text, own, len(text))):
            return None
        inside = None
        for how, shown in (
            (TakenAs.TITLE, title), (TakenAs.HEADING, heading), *((TakenAs.NAME, name) for name in names)
        ):  # fmt: skip
            for match, _ in _places(shown, own):
                if not _forms(match.group()).isdisjoint(own):
                    return Taken(asked.typed, shown if how is TakenAs.NAME else _small(match.group()), how)
                inside = inside or Taken(asked.typed, _small(match.group()), TakenAs.COMPOUND)
        return inside

    def _has_itself(self, number: int, asked: Asked) -> bool:
        keys = () if asked.word is None else asked.word.keys
        return any(number in self._opened.has(name, key) for key in keys for name in (WORDS, ABOUT))

    def _taken(self, number: int, asked: Asked) -> Taken | None:
        for way in asked.ways:
            there = [next((key for key, _ in keys if self._has(number, key)), None) for keys in way.needs]
            found = [key for key in there if key is not None]
            if found and (way.parts_of or len(found) == len(there)):
                # Without a way of its own it is the word, inside another.
                how = way.how or TakenAs.COMPOUND
                return Taken(asked.typed, self._shown(number, found[:_MOST_SHOWN], together=not way.parts_of), how)
        return None

    def _has(self, number: int, key: str) -> bool:
        return number in self._opened.has(WORDS, key) or number in self._opened.has(PARTS, key)

    def _shown(self, number: int, found: Sequence[str], *, together: bool) -> str:
        """Give the words of the section that have the keys, as they stand there: those of an expression as one, if they do."""
        texts = self._opened.texts(number)
        if together and len(found) > 1:
            for text in texts:
                if (expression := _expression(text, found)) is not None:
                    return expression
        return ", ".join(dict.fromkeys(_standing(texts, key) for key in found))


def _places(text: str, wanted: Sequence[str], most: int = _MOST_LOOKED_THROUGH) -> Iterator[tuple[re.Match[str], str]]:
    """Give the words of a text that have one of some keys, as a word or inside one, each with the first of its keys that is wanted."""
    # Nearly all words keep their first letters in all forms, and to look each one up would cost more than the search.
    may_have = _beginnings(tuple(wanted)).search
    for match in _WORD.finditer(text[:most] if wanted else ""):
        word = match.group()
        plain = _plain(word)
        if may_have(plain):
            has = {*_forms(word), *part_keys(word)}
            key = next((key for key in wanted if key in has), None)
            if key is not None:
                yield match, key


def _standing(texts: Sequence[str], key: str) -> str:
    """Give the first word that has a key, as it stands; the key, where it stands too far down to be looked for."""
    first = next((match.group() for text in texts for match, _ in _places(text, (key,))), None)
    if first is None:
        # "La" is a form of "legge", and has none of its first letters.
        words = (match.group() for text in texts for match in _WORD.finditer(text[:_MOST_LOOKED_THROUGH]))
        first = next((word for word in words if key in _forms(word) or key in part_keys(word)), key)
    return _small(first)


def _forms(word: str) -> frozenset[str]:
    return frozenset(keys(word) or (_plain(word),))


def _expression(text: str, wanted: Sequence[str]) -> str | None:
    """Give the first stretch of a text where all keys stand, with at most a few small words between; None where there is none."""
    last: dict[str, re.Match[str]] = {}
    for match, key in _places(text, wanted):
        last[key] = match
        start = min(one.start() for one in last.values())
        between = text[start : match.end()]
        if (
            len(last) == len(wanted)
            and len(_WORD.findall(between)) <= len(wanted) + _MOST_BETWEEN
            and "·" not in between
        ):
            first = min(last.values(), key=lambda one: one.start()).group()
            return _small(first) + between[len(first) :]
    return None


def _small(word: str) -> str:
    """Give a word in small letters, unless it is a name or a short form: no dictionary has it, nor the parts of it."""
    if word[1:].islower() and (is_known(word) or parts(word)):
        return word.lower()
    return word

"""
A verb and the nouns that Norwegian makes of it: "måle" and "måling", "bevege" and "bevegelse", "dokumentere" and "dokumentasjon".

A routine says "blodtrykket måles" and somebody looks for "blodtrykksmåling". Both must be dictionary words, so nothing is made up.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from samrutine.search.norwegian import word_table

_ENDINGS: Final = ("ning", "ing", "else")
_SHORTEST: Final = 3
_SHORTEST_NOUN: Final = 4
_MOST: Final = 4


@lru_cache(maxsize=65_536)
def derived(key: str) -> tuple[str, ...]:
    """Give the keys of verbs that a noun is made of, and of nouns that are made of a verb; none for most words."""
    if not key.isascii() or not key.isalpha():
        return ()
    lemmas = word_table().lemmas
    found = dict.fromkeys(word for word in (*_verbs(key), *_nouns(key)) if word != key and word in lemmas(word))
    return tuple(found)[:_MOST]


def _verbs(noun: str) -> Iterator[str]:
    for ending in _ENDINGS:
        stem = noun.removesuffix(ending)
        if stem != noun and len(stem) >= _SHORTEST:
            yield stem + "e"
            yield stem + "a"
            if len(stem) >= _SHORTEST_NOUN:  # "vask" of "vasking", and no "mal" of "maling"
                yield stem
    if noun.endswith("asjon"):
        yield noun.removesuffix("asjon") + "ere"


def _nouns(verb: str) -> Iterator[str]:
    if verb.endswith("ere"):
        yield verb.removesuffix("ere") + "asjon"
    stem = verb[:-1] if verb[-1:] in ("e", "a") else verb
    if len(stem) >= _SHORTEST:
        for ending in ("ing", "ning", "else"):
            yield stem + ending

"""The words of routines as they are held against each other: without inflection, and the same in bokmål and nynorsk."""

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from samrutine.search.norwegian import keys, terms
from samrutine.search.nynorsk import sisters

_LONGEST_NUMBER: Final = 4


def content_words(text: str) -> list[str]:
    """
    Give the words of a text that tell something, in order, each as the dictionary word that both written languages share.

    Left out are the commonest words, and numbers so long that they are a phone or a document's own: "sykepleierne
    måler" and "sjukepleiarane måler" give the same. Numbers of a dose are kept.
    """
    return [
        _common(term.keys[0])
        for term in terms(text)
        if term.keys and not (term.original.isdigit() and len(term.original) > _LONGEST_NUMBER)
    ]


def plain(text: str, without: Collection[str] = ()) -> str:
    """
    Give a text as its content words in one line, for whoever compares texts by words.

    Args:
        without: Content words that do not count, such as those of the names of places.
    """
    return " ".join(word for word in content_words(text) if word not in without)


def common_word(word: str) -> str:
    """Give one word as `content_words` would, or as it stands when it is among the commonest."""
    found = keys(word)
    return _common(found[0]) if found else word.casefold()


@lru_cache(maxsize=65_536)
def _common(key: str) -> str:
    # The first of a word and its sisters by the alphabet is the same from whichever of them one begins.
    return min((key, *sisters(key)))

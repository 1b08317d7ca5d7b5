"""What a phrase may stand in: texts in plain words, with one space between."""

import re
from collections.abc import Iterable
from typing import Final

from samrutine.search.model import QueryPhrase
from samrutine.search.norwegian import fold

_PLAIN_WORD: Final = re.compile(r"[^\W_]+")


def spoken(texts: Iterable[str]) -> str:
    """Give texts in plain words, with a space before and after each; a line break stands between texts, so no phrase crosses it."""
    return "\n".join(f" {' '.join(_PLAIN_WORD.findall(fold(text)))} " for text in texts)


def stands_in(phrase: QueryPhrase, words: str) -> bool:
    """Whether the words of a phrase stand beside each other, in the form they were typed, in what `spoken` gave."""
    return f" {' '.join(phrase.folded)} " in words

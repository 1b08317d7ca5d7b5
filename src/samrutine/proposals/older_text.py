"""
Whether a text reads as if it was made from an older version: then it would take out what came later.

A file that somebody fetched before does not say which version it was. So the lines are compared, and whoever proposes is
asked when they are nearer to an older version than to the newest.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from samrutine.procedures.model import VersionNumber
from samrutine.reasons import Because

LEAST_LEFT: Final = 0.5
"""A text that keeps less than this share of the older version's lines is a new one; nothing is said of its origin."""


@dataclass(frozen=True)
class ReadsAsOlder(Because):
    """The text undoes most of what came after an older version, and nobody has said which version it was made from."""

    procedure: str
    older: str
    newest: str


def reads_as(text: bytes, newest: bytes, older: Iterable[tuple[VersionNumber, bytes]]) -> VersionNumber | None:
    """Give the older version that a text is nearest to, and nearer to than to the newest; None where there is none."""
    lines = _lines(text)
    nearest, found = _apart(lines, _lines(newest)), None
    for version, words in older:
        others = _lines(words)
        apart = _apart(lines, others)
        left = (lines & others).total()
        if apart < nearest and left >= LEAST_LEFT * others.total():
            nearest, found = apart, version
    return found


def _lines(text: bytes) -> Counter[str]:
    return Counter(line.strip() for line in text.decode(errors="replace").splitlines() if line.strip())


def _apart(one: Counter[str], other: Counter[str]) -> int:
    return (one - other).total() + (other - one).total()

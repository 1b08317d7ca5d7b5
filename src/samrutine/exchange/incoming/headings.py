"""
Headings that nobody marked as such: bold lines, numbered lines, and what numbers typed by hand say of their level.

Many routines are written with a bold line where a heading should be. Such a line is made a heading only in a document
that has none of its own: where there are real headings, a bold line is there to be noticed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TYPED = re.compile(
    r"^\s*((?:\d{1,2}\.){1,4}(?:\d{1,2})?\)?|\d{1,2}\)|\d{1,2}(?=[ \t\u00a0]+[A-ZÆØÅ]))[ \t\u00a0]+(?=\D*[^\W\d_])"
)
_REFERENCE = re.compile(
    r"\b(?:se|i|jf\.?|jmf\.?|etter|under|og)\s+(?:punkt|pkt\.?|kapittel|kap\.?|avsnitt|del)\s+\d+(?:\.\d+)*",
    re.IGNORECASE,
)
_LONGEST: Final = 100
_MOST_WORDS: Final = 12
_LEVELS: Final = 3
_MOST_WORDS_OF_TITLE: Final = 25
_WARNINGS = re.compile(r"^(?:nb|obs|viktig|husk|merk|fare|advarsel|ikke|ikkje|aldri|ring|aldri)\b|!", re.IGNORECASE)
_VALUE = re.compile(r"^[^:]{1,40}:\s*\S")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the body as the guess needs it. `level` is that of a real heading, `size` in half points."""

    text: str
    level: int | None = None
    bold: bool = False
    size: int = 0
    in_list: bool = False
    in_table: bool = False


def without_number(text: str) -> tuple[str, int]:
    """
    Take a number typed by hand off a heading.

    Returns:
        The heading without it, and how many parts the number had ("2.1 " has two); 0 when there was none.
    """
    found = _TYPED.match(text)
    if found is None:
        return text, 0
    return text[found.end() :], len(re.findall(r"\d+", found[1]))


def references_to_numbers(text: str) -> list[str]:
    """Find what refers to a heading by its number ("se punkt 4.2"), which the text no longer shows."""
    return [match[0] for match in _REFERENCE.finditer(text)]


def levels(lines: Sequence[Line]) -> tuple[list[int | None], int]:
    """
    Give the heading level from 1 of each line, or None.

    Returns:
        The levels, as long as `lines`; and how many of them are a guess.
    """
    real = [line.level if line.text.strip() else None for line in lines]
    if any(level is not None for level in real):
        return real, 0
    candidates = [n for n, line in enumerate(lines) if _looks_like_one(lines, n)]
    ordinary = [line for line in lines if line.text.strip() and not line.in_table]
    if not candidates or len(candidates) * 2 > len(ordinary) + 1:
        return real, 0
    sizes = sorted({lines[n].size for n in candidates}, reverse=True)[:_LEVELS]
    for n in candidates:
        parts = without_number(lines[n].text)[1]
        by_size = sizes.index(lines[n].size) + 1 if lines[n].size in sizes else _LEVELS
        real[n] = min(parts, _LEVELS) if parts and len(sizes) == 1 else by_size
    return real, len(candidates)


def _looks_like_one(lines: Sequence[Line], n: int) -> bool:
    line = lines[n]
    text = line.text.strip()
    if not line.bold or line.in_table or not text or "\n" in text:
        return False
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS or not re.search(r"[^\W\d_]", text):
        return False
    if text.endswith((".", ",", ";", "?")) or _WARNINGS.search(text) or _VALUE.match(text):
        return False
    if line.in_list and without_number(text)[1] == 0:
        return False
    # A heading has something below it: another heading, or text that is not bold.
    return any(other.text.strip() for other in lines[n + 1 :])


def first_is_title(lines: Sequence[Line], found: Sequence[int | None]) -> int | None:
    """Tell whether the first heading is the title: the only one of the highest level, above all text, others below it."""
    first = next((n for n, line in enumerate(lines) if line.text.strip() or line.in_table), None)
    if first is None or found[first] is None or len(lines[first].text.split()) > _MOST_WORDS_OF_TITLE:
        return None
    others = [level for n, level in enumerate(found) if level is not None and n != first]
    return first if others and all(level > (found[first] or 0) for level in others) else None

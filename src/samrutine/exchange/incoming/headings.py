"""
Headings that nobody marked as such: bold lines, numbered lines, and what numbers typed by hand say of their level.

Many routines are written with a bold line where a heading should be. In a document without headings of its own such a line is
made one. Where there are real headings a bold line is there to be noticed: it becomes a heading only when it names a part that
every routine has and no heading names, and is told of otherwise.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from samrutine.exchange.incoming.compare import may_matter
from samrutine.exchange.incoming.model import Finding
from samrutine.procedures.checks import part_named

_TYPED = re.compile(
    r"^\s*((?:\d{1,2}\.){1,4}(?:\d{1,2})?\)?|\d{1,2}\)|\d{1,2}(?=[ \t\u00a0]+[A-ZÆØÅ]))[ \t\u00a0]+(?=\D*[^\W\d_])"
)
_SURE = re.compile(r"^\s*(?:\d{1,2}\.){1,4}(?:\d{1,2})?\)?[ \t\u00a0]+(?=[A-ZÆØÅ][^\W\d_])")
_REFERENCE = re.compile(
    r"\b(?:se|i|jf\.?|jmf\.?|etter|under|og)\s+(?:punkt|pkt\.?|kapittel|kap\.?|avsnitt|del)\s+\d+(?:\.\d+)*",
    re.IGNORECASE,
)
_HIGHEST: Final = 30
_OF_A_TIME: Final = 2
_BARE = re.compile(r"\s*(\d{1,2})[ \t\u00a0]")
_LONGEST: Final = 100
_MOST_WORDS: Final = 12
_LEVELS: Final = 3
_MOST_WORDS_OF_TITLE: Final = 25
_WARNINGS = re.compile(r"^(?:nb|obs|viktig|husk|merk|fare|advarsel|ikke|ikkje|aldri|ring|stopp)\b|!", re.IGNORECASE)
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


def _parts(text: str) -> tuple[int, ...]:
    """Give the parts of a number typed before a heading, "2.1" as 2 and 1; nothing when there is none."""
    rest, count = without_number(text)
    return tuple(int(one) for one in re.findall(r"\d+", text[: len(text) - len(rest)])[:count])


def without_number(text: str) -> tuple[str, int]:
    """
    Take a number typed by hand off a heading.

    Returns:
        The heading without it, and how many parts the number had ("2.1 " has two); 0 when there was none.
    """
    found = _TYPED.match(text)
    parts = re.findall(r"\d+", found[1]) if found else []
    # "08.00 Medisiner", "24.12. Julaften": what says when, or how much, is no number of a heading.
    is_other = any(one.startswith("0") or int(one) > _HIGHEST for one in parts)
    if found is None or is_other or (len(parts) == _OF_A_TIME and all(len(one) > 1 for one in parts)):
        return text, 0
    return text[found.end() :], len(parts)


def is_warning(text: str) -> bool:
    """Tell whether a short line warns or orders, and is there to be noticed: no heading and no title, with a number or without."""
    return _WARNINGS.search(without_number(text.strip())[0]) is not None


def references_to_numbers(text: str) -> list[str]:
    """Find what refers to a heading by its number ("se punkt 4.2"), which the text no longer shows."""
    return [match[0] for match in _REFERENCE.finditer(text)]


@dataclass(frozen=True, slots=True)
class Levels:
    """
    Which lines are headings.

    Attributes:
        found: The level from 1 of each line, or None.
        guessed: The lines that nobody had marked as headings.
        maybe: The lines that look like headings and are none.
    """

    found: list[int | None]
    guessed: tuple[int, ...] = ()
    maybe: tuple[int, ...] = ()

    def tell(self, lines: Sequence[Line]) -> list[Finding]:
        """Tell of the headings that are a guess, and of the lines that may be some."""
        codes = (("heading-guessed", self.guessed), ("heading-like", self.maybe))
        told = [(code, " / ".join(" ".join(lines[n].text.split()) for n in which)) for code, which in codes]
        return [Finding(code, detail=words) for code, words in told if words]


def levels(lines: Sequence[Line]) -> Levels:
    """Decide which lines are headings, and of which level."""
    real = [line.level if line.text.strip() else None for line in lines]
    candidates = [n for n, line in enumerate(lines) if _looks_like_one(lines, n)]
    if any(level is not None for level in real):
        return _beside_real(lines, real, [n for n in candidates if real[n] is None])
    ordinary = [line for line in lines if line.text.strip() and not line.in_table]
    if not candidates or len(candidates) * 2 > len(ordinary) + 1:
        return Levels(real)
    sizes = sorted({lines[n].size for n in candidates}, reverse=True)[:_LEVELS]
    for n in candidates:
        parts = without_number(lines[n].text)[1]
        by_size = sizes.index(lines[n].size) + 1 if lines[n].size in sizes else _LEVELS
        real[n] = min(parts, _LEVELS) if parts and len(sizes) == 1 else by_size
    return Levels(real, tuple(candidates))


def _beside_real(lines: Sequence[Line], real: list[int | None], candidates: list[int]) -> Levels:
    """Let a bold line that names a part of a routine be a heading like the others, when none of them names that part."""
    usual = Counter(level for level in real if level is not None).most_common(1)[0][0]
    named = {n: part_named(without_number(lines[n].text.strip())[0]) for n in candidates}
    there = {
        part_named(without_number(line.text.strip())[0])
        for line, level in zip(lines, real, strict=True)
        if level is not None
    }
    often = Counter(named.values())
    guessed = [n for n, part in named.items() if part is not None and part not in there and often[part] == 1]
    for n in guessed:
        real[n] = usual
    return Levels(
        real, tuple(guessed), tuple(n for n in candidates if n not in guessed and not may_matter(lines[n].text))
    )


class TypedNumbers:
    """
    The numbers that somebody typed before the headings of one document.

    They go only where each is greater than the one before. Where most headings have one, all of them go. Where few have, those go that can be nothing else: "3. Framgangsmåte" does,
    "112 Politi" does not.
    """

    def __init__(self, headings: Iterable[str]) -> None:
        texts = list(headings)
        # Numbers of headings follow each other. Times, doses and counts do not, and where they do not, none is taken off.
        typed = [parts for text in texts if (parts := _parts(text))]
        self._in_order = all(one < other for one, other in pairwise(typed))
        self._all = sum(1 for text in texts if without_number(text)[1]) * 2 >= len(texts)
        # "2 Ampuller" and "5 Minutter" count something; numbers without a sign after them are a heading's only in a row.
        bare = [int(found[1]) for text in texts if (found := _BARE.match(text)) and without_number(text)[1]]
        self._bare = bare == list(range(1, len(bare) + 1))
        self.cut = [text for text in texts if self.taken(text)[1]]
        """The headings that lose their number, with it."""

    def taken(self, text: str) -> tuple[str, int]:
        """Take the number off a heading, as `without_number` does; one that stays has 0 parts."""
        if not self._in_order or (not self._all and not _SURE.match(text)) or (not self._bare and _BARE.match(text)):
            return text, 0
        return without_number(text)


def _looks_like_one(lines: Sequence[Line], n: int) -> bool:
    line = lines[n]
    text = line.text.strip()
    if not line.bold or line.in_table or not text or "\n" in text:
        return False
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS or not re.search(r"[^\W\d_]", text):
        return False
    if text.endswith((".", ",", ";", "?")) or is_warning(text) or _VALUE.match(text):
        return False
    if line.in_list and without_number(text)[1] == 0:
        return False
    # A heading has something below it: another heading, or text that is not bold.
    return any(other.text.strip() for other in lines[n + 1 :])


def first_is_title(lines: Sequence[Line], found: Sequence[int | None]) -> int | None:
    """
    Tell whether the first line is the title.

    It is, when it is the only heading of the highest level, above all text, with others below it; or a short line of its own
    right above the first heading, which nobody marked as anything.
    """
    filled = [n for n, line in enumerate(lines) if line.text.strip() or line.in_table]
    if not filled or len(lines[filled[0]].text.split()) > _MOST_WORDS_OF_TITLE:
        return None
    first = filled[0]
    if found[first] is None:
        return first if len(filled) > 1 and found[filled[1]] is not None and _is_short_line(lines[first]) else None
    others = [level for n, level in enumerate(found) if level is not None and n != first]
    return first if others and all(level > (found[first] or 0) for level in others) else None


def title_is_guess(found: Sequence[int | None], first: int) -> Sequence[str]:
    """Give the code that tells of a title that was no heading, or nothing."""
    return ("title-guessed",) if found[first] is None else ()


def _is_short_line(line: Line) -> bool:
    text = line.text.strip()
    return (
        not line.in_list
        and not line.in_table
        and "\n" not in text
        and len(text) <= _LONGEST
        and len(text.split()) <= _MOST_WORDS
        and re.match(r"[^\W_]", text) is not None
        and not text.endswith((".", ",", ";", "?", ":"))
        and not is_warning(text)
        and not re.search(r"(?i)\b(?:v|ver|versjon|rev|utgave)\.? ?\d|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b", text)
    )

"""Two readings of one file held against each other: words that fell out, and values that are not the same."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from samrutine.exchange.incoming.model import Counts, Difference, DifferenceKind, Finding
from samrutine.proposals.prose_words import NEGATIONS, UNIT, Critical
from samrutine.proposals.prose_words import words_of as words

_WORD = re.compile(r"\w+")
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2212", "-"))
_SILENT = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_GAP: Final = r"[^\S\n]?"
"""Room in a value. What stands on two lines, or in two cells, is two values."""
_DEGREES: Final = ("°", "°c", "°f", "grader")
_KINDS: Final = {
    Critical.DOSE: DifferenceKind.DOSE, Critical.PHONE: DifferenceKind.PHONE, Critical.NEGATION: DifferenceKind.NEGATION,
    Critical.NUMBER: DifferenceKind.NUMBER,
}  # fmt: skip
_DELETED_BESIDE = re.compile(
    rf"\d{_GAP}(?:°{_GAP}C|{UNIT})(?=\d+(?:[.,]\d+)?{_GAP}[-–]?{_GAP}\d*{_GAP}(?:°|{UNIT}))"
    rf"|\b(\d+(?:[.,]\d+)?){_GAP}({UNIT}){_GAP}\d+(?:[.,]\d+)?{_GAP}\2\b"
    r"|\b(?:ikke|ikkje|aldri)(?!røyk|vold|eksist|disk)[a-zæøå]{3,}",
    re.IGNORECASE,
)
_CONTEXT: Final = 30
_CUT_BEFORE: Final = re.compile(r"^(?:[\d.,/-]+\s+)+")
_CUT_AFTER: Final = re.compile(r"(?:\s+[\d.,/-]+)+$")


def may_matter(text: str) -> bool:
    """Tell whether a text says a dose, a temperature or a telephone, or that something is not so."""
    return any(kind is not DifferenceKind.NUMBER for kind, _, _ in _values_in(text))


def is_value_word(word: str) -> bool:
    """Tell whether a word, as `words_of` gives it, holds a figure or says that something is not so."""
    return any(letter.isdigit() for letter in word) or word in NEGATIONS


def words_of(text: str) -> list[str]:
    """Give the words of a text as they are compared: small letters, raised figures as figures, no soft hyphens."""
    return _WORD.findall(unicodedata.normalize("NFKC", text.translate(_SILENT)).casefold().replace("_", " "))


def missing_words(source: Iterable[str], result: str, dropped: Counter[str]) -> tuple[Counter[str], float]:
    """
    Give the words of the source that the result lacks, and the share that it has.

    Args:
        dropped: Words left out on purpose, and told of elsewhere.
    """
    there: Counter[str] = Counter()
    for line in source:
        there.update(words_of(line))
    there -= dropped
    missing = there - Counter(words_of(result))
    total = there.total()
    return missing, (1.0 - missing.total() / total) if total else 1.0


def missing_lines(source: Iterable[str], missing: Counter[str]) -> list[str]:
    """Give the lines of the source that hold the most of what is missing, so that a person finds the place."""
    left = Counter(missing)
    found: list[str] = []
    for line in source:
        words = Counter(words_of(line))
        lost = words & left
        if lost and lost.total() * 2 >= words.total():
            left -= lost
            found.append(" ".join(line.split()))
    return found + ([" ".join(sorted(left.elements()))] if left else [])


def missing_things(source: Counts, result: Counts) -> list[Finding]:
    """Tell of what there are fewer of in the result than in the source."""
    return [
        Finding(f"{name}-missing", detail=f"{there - came} / {there}")
        for name in ("headings", "items", "cells", "pictures", "notes")
        if (there := getattr(source, name)) > (came := getattr(result, name))
    ]


def differences(one: Iterable[str], other: str) -> tuple[Difference, ...]:
    """Give the values of one reading that the other does not have, and those the other has on top of them."""
    first, second = _values("\n".join(one)), _values(other)
    found: list[Difference] = []
    for kind in DifferenceKind:
        gone, come = first[kind], second[kind]
        fewer = (text for text in gone if first.counted[kind, text] > second.counted[kind, text])
        found += [Difference(kind, text, "", gone[text]) for text in fewer]
        found += [Difference(kind, "", text, where) for text, where in come.items() if text not in gone]
    return tuple(found)


def deleted_values(text: str) -> list[str]:
    """
    Find two values run together ("2–8 °C15–25 °C"), or a word for no and the next ("ikkevæske").

    It is the sign of a deletion that was visible when a copy was made.
    """
    return [_around(text, one.start(), one.end()) for one in _DELETED_BESIDE.finditer(text)]


def _around(text: str, start: int, end: int) -> str:
    """Give what stands around a place, in whole words of its own line where they are not endless."""
    before = text[max(0, start - 2 * _CONTEXT) : start].rpartition("\n")[2]
    after = text[end : end + 2 * _CONTEXT].partition("\n")[0]
    first = max(0, len(before) - _CONTEXT)
    first = before.rfind(" ", 0, first + 1) + 1 if first else 0
    last = after.find(" ", _CONTEXT) if len(after) > _CONTEXT else len(after)
    # Groups of figures at a cut are dropped: half an identity number is held back by no rule.
    said = before[first:] if not first else _CUT_BEFORE.sub("", before[first:])
    following = after if last in {-1, len(after)} else _CUT_AFTER.sub("", after[:last])
    return " ".join(f"{said}{text[start:end]}{following}".split())


def _values(text: str) -> "_Found":
    return _Found(unicodedata.normalize("NFKC", text.translate(_SILENT)).translate(_DASHES))


def _values_in(text: str) -> Iterator[tuple[DifferenceKind, str, int]]:
    """Give each value of a text with its kind and its place: the words that a person must look at in any text of ours."""
    at = 0
    for line in text.split("\n"):
        place = at
        for word in words(line):
            place += len(word.before)
            if word.critical is not None:
                is_warm = word.critical is Critical.NUMBER and word.text.casefold().endswith(_DEGREES)
                yield DifferenceKind.TEMPERATURE if is_warm else _KINDS[word.critical], word.text, place
            place += len(word.text)
        at += len(line) + 1


class _Found(dict[DifferenceKind, dict[str, str]]):
    """The values of a text by kind, each with what stands around it; and how often each stands there."""

    def __init__(self, text: str) -> None:
        super().__init__({kind: {} for kind in DifferenceKind})
        self.counted: Counter[tuple[DifferenceKind, str]] = Counter()
        for kind, said, place in _values_in(text):
            told = "".join(said.split()).casefold().replace("–", "-")
            self.counted[kind, told] += 1
            if told not in self[kind]:
                self[kind][told] = _around(text, place, place + len(said))

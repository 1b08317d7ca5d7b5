"""
What Word writes before the items of its lists, where that says something: ✗ is no dot, and «Fase 2:» is no number.

Only numbers and dots come through pandoc. Any other sign or word is put before the item's own words, and so is the
number of a cell that holds nothing else.
"""

import re
from collections.abc import Iterator
from typing import Final

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_changes import place
from samrutine.exchange.incoming.word_lists import Level, Lists
from samrutine.exchange.incoming.word_package import Element, W
from samrutine.exchange.incoming.word_styles import Styles
from samrutine.exchange.incoming.word_symbols import UNKNOWN, in_plain, is_symbol_font
from samrutine.exchange.incoming.word_text import text_of

_SETTLED: Final = ("level", "title", "contents")
_DOTS: Final = frozenset("•·∙●○◦◉▪▫■□◆◇◊♦⬧❖❑❒☐►▶▸➢➤➔→⇒‣⁃–—-−*+>»~o§¤\u00a0 ")
"""What only says that here an item begins. Word's own ring is an «o», and a square the «§» of Wingdings."""
_UNCOUNTED: Final = frozenset({"bullet", "none"})
_BETWEEN: Final = frozenset(" \t\u00a0.,:;)(-–/[]")
_NUMBER = re.compile(r"%([1-9])")
_THING: Final = tuple(f"{W}{name}" for name in ("drawing", "pict", "object", "sym", "footnoteReference"))


def label_items(root: Element, lists: Lists, styles: Styles) -> Iterator[Finding]:
    """Write labels that say something before the words of their items, and tell of each kind once."""
    told: set[str] = set()
    written: set[str] = set()
    for paragraph, level, label, says in _labels(root, lists, styles):
        words = bool(text_of(paragraph).strip())
        new = f"{level.font} {level.text}" not in told
        if label == UNKNOWN:
            if words and new:
                yield Finding("symbol-unknown", place(paragraph), f"{level.font} {level.text}")
        elif says and words:
            _put(paragraph, f"{label} ")
            if new:
                yield Finding("list-label", place(paragraph), label)
        elif label and not words and level.format not in _UNCOUNTED and _is_alone(paragraph):
            _put(paragraph, label)
            _unnumber(paragraph)
            written.add(level.kind)
        elif label and words and level.kind in written and level.format not in _UNCOUNTED:
            # Pandoc would count on from the last one that it still knows.
            _put(paragraph, f"{label} ")
            _unnumber(paragraph)
        if words:
            told.add(f"{level.font} {level.text}")


def _labels(root: Element, lists: Lists, styles: Styles) -> Iterator[tuple[Element, Level, str, bool]]:
    """Count through the items, and give each that is no heading with its label."""
    counts: dict[str, dict[int, int]] = {}
    begun: set[str] = set()
    for paragraph in root.iter(f"{W}p"):
        found = styles.numbering(paragraph)
        level = None if found is None else lists.level(*found)
        if found is None or level is None:
            continue
        numbers = counts.setdefault(level.kind, {})
        if found[0] not in begun:
            begun.add(found[0])
            numbers |= {at: first - 1 for at, first in lists.begins(found[0]).items()}
        numbers[found[1]] = numbers.get(found[1], level.start - 1) + 1
        for deeper in [at for at in numbers if at > found[1]]:
            del numbers[deeper]
        if not any(paragraph.get(one) for one in _SETTLED):
            yield paragraph, level, *_label(level, _written(lists, found, numbers))


def _label(level: Level, numbers: dict[str, str]) -> tuple[str, bool]:
    """Give what stands before an item, and whether it says more than that an item begins, or which one it is."""
    text = level.text
    if level.format == "bullet":
        sign = in_plain(text, level.font) if is_symbol_font(level.font) else text
        sign = sign.strip()
        if any("\ue000" <= letter <= "\uf8ff" for letter in sign):
            return "", False
        if UNKNOWN in sign:
            return UNKNOWN, False
        # A crossed box of an ordinary font is one that pandoc makes a box of itself.
        return sign, text != "☒" and sign_says(sign)
    label = _NUMBER.sub(lambda one: numbers.get(one[1], ""), text).strip()
    return label, words_say(_NUMBER.sub("", text))


def sign_says(sign: str) -> bool:
    """Tell whether a sign before an item says more than that an item begins: ✗ does, and a dot does not."""
    return bool(set(sign) - _DOTS) or len(sign) > 1


def words_say(beside: str) -> bool:
    """Tell whether what stands beside the number of an item says more than which one it is: «Trinn 2:» does."""
    return bool(set(beside) - _BETWEEN)


def _written(lists: Lists, found: tuple[str, int], numbers: dict[int, int]) -> dict[str, str]:
    """Give the numbers of the levels down to an item's own, as they are written, by their place in the label."""
    made: dict[str, str] = {}
    for at in range(found[1] + 1):
        level = lists.level(found[0], at)
        if level is not None and level.format not in _UNCOUNTED:
            made[str(at + 1)] = figures(numbers.get(at, level.start), level.format)
    return made


def figures(number: int, form: str) -> str:
    """Write a number as a list counts, by Word's name of the form."""
    if form in {"lowerLetter", "upperLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 4000:  # noqa: PLR2004 - there are no higher ones
        signs = zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), _ROMAN, strict=True)
        roman = ""
        for worth, sign in signs:
            times, number = divmod(number, worth)
            roman += sign * times
        return roman.upper() if form == "upperRoman" else roman
    return str(number)


_ROMAN: Final = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")


def _is_alone(paragraph: Element) -> bool:
    """Tell whether an item without words stands in a cell, where its number is all there is."""
    in_cell = paragraph.getparent() is not None and paragraph.getparent().tag == f"{W}tc"
    return in_cell and next(paragraph.iter(*_THING), None) is None


def _put(paragraph: Element, label: str) -> None:
    run = paragraph.makeelement(f"{W}r", {})
    text = run.makeelement(f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    text.text = label
    run.append(text)
    paragraph.insert(1 if paragraph.find(f"{W}pPr") is not None else 0, run)


def _unnumber(paragraph: Element) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = paragraph.makeelement(f"{W}pPr", {})
        paragraph.insert(0, properties)
    for old in properties.findall(f"{W}numPr"):
        properties.remove(old)
    numbering = properties.makeelement(f"{W}numPr", {})
    numbering.append(numbering.makeelement(f"{W}ilvl", {f"{W}val": "0"}))
    numbering.append(numbering.makeelement(f"{W}numId", {f"{W}val": "0"}))
    properties.append(numbering)

"""Lists of an ODT document as a reader sees them: where each begins, and what stands before its items where that says something."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from samrutine.exchange.incoming.list_starts import mark_of
from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.odt_plain import line_of
from samrutine.exchange.incoming.odt_tables import TEXT
from samrutine.exchange.incoming.word_labels import figures, sign_says, words_say
from samrutine.exchange.incoming.word_package import Element, whole
from samrutine.exchange.incoming.word_symbols import UNKNOWN, in_plain, is_symbol_font

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_STYLE: Final = f"{_ODF}style:1.0}}"
_FONT: Final = f"{_ODF}xsl-fo-compatible:1.0}}font-family"
_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_LINES: Final = (f"{TEXT}p", f"{TEXT}h")
_FORMATS: Final = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True, slots=True)
class _Item:
    """An item that has words: its first line, its number, the one that would follow without more, its list's look and its depth."""

    line: Element
    number: int
    expected: int
    look: str
    depth: int


def mark_starts(root: Element) -> None:
    """
    Write before the first word of an item which number it has, where that is not the one after the item before.

    `set_starts` takes the marks away.
    """
    for item in list(_items(root)):
        if item.number != item.expected:
            item.line.text = f"{mark_of(item.number)}{item.line.text or ''}"


def label_items(root: Element, styles: Element | None) -> Iterator[Finding]:
    """Write labels that say something («Trinn 2:», ✗) before the words of their items, and tell of each kind once."""
    levels: dict[tuple[str, int], Element] = {}
    for part in (styles, root):
        for look in () if part is None else part.iter(f"{TEXT}list-style"):
            for level in look:
                levels[look.get(f"{_STYLE}name", ""), whole(level.get(f"{TEXT}level"), 1)] = level
    told: set[str] = set()
    for item in list(_items(root)):
        level = levels.get((item.look, item.depth))
        kind, label = ("", "") if level is None else _label(level, item.number)
        if not label or not line_of(item.line).strip():
            continue
        if label != UNKNOWN:
            item.line.text = f"{label} {item.line.text or ''}"
        if kind not in told:
            told.add(kind)
            yield Finding("symbol-unknown" if label == UNKNOWN else "list-label", detail=label)


def _label(level: Element, number: int) -> tuple[str, str]:
    """Give what stands before an item where it says more than that it begins, or which one it is: without its number, and whole."""
    if level.tag == f"{TEXT}list-level-style-bullet":
        sign = level.get(f"{TEXT}bullet-char") or ""
        looks = level.find(f"{_STYLE}text-properties")
        font = "" if looks is None else (looks.get(_FONT) or looks.get(f"{_STYLE}font-name") or "").strip("' ")
        drawn = in_plain(sign, font) if is_symbol_font(font) else sign
        drawn = drawn.strip()
        if any("\ue000" <= letter <= "\uf8ff" for letter in drawn):
            return "", ""
        return sign, UNKNOWN if UNKNOWN in drawn else drawn if sign_says(drawn) else ""
    before, after = (level.get(f"{_STYLE}num-{side}") or "" for side in ("prefix", "suffix"))
    if not words_say(before + after):
        return "", ""
    form = _FORMATS.get(level.get(f"{_STYLE}num-format") or "")
    return before + after, f"{before}{figures(number, form) if form else ''}{after}".strip()


def _items(root: Element) -> Iterator[_Item]:
    """
    Count through the items of every list.

    A list may say that it goes on where another ended, by that list's id or as the last one of its look; and an item may say
    its own number.
    """
    begins = {
        one.get(f"{_STYLE}name"): whole(level.get(f"{TEXT}start-value"), 1)
        for one in root.iter(f"{TEXT}list-style")
        for level in list(one)[:1]
    }
    ended: dict[str, int] = {}
    of_look: dict[str, int] = {}
    for listed in root.iter(f"{TEXT}list"):
        look = listed.get(f"{TEXT}style-name", "")
        around = [one.get(f"{TEXT}style-name", "") for one in listed.iterancestors(f"{TEXT}list")]
        before = ended.get(listed.get(f"{TEXT}continue-list", ""))
        if before is None and listed.get(f"{TEXT}continue-numbering") == "true":
            before = of_look.get(look)
        number = expected = begins.get(look, 1) if before is None else before + 1
        for n, item in enumerate(one for one in listed if one.tag == f"{TEXT}list-item"):
            number = whole(item.get(f"{TEXT}start-value"), number)
            line = next((one for one in item if one.tag in _LINES), None)
            if line is not None:
                seen_as = next(filter(None, (look, *around)), "")
                yield _Item(line, number, expected if n else 1, seen_as, len(around) + 1)
            number = expected = number + 1
        if look:
            of_look[look] = number - 1
        if name := listed.get(_ID):
            ended[name] = number - 1

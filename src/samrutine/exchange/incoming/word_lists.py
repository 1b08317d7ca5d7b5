"""Word's lists: which paragraphs are items of which list, on which level, so that pandoc nests them as Word shows them."""

from dataclasses import dataclass
from typing import Final

from samrutine.exchange.incoming.word_package import Element, W, value, whole
from samrutine.exchange.incoming.word_styles import Styles

_LEVELS: Final = 9
_SAID: Final = ("start", "numFmt", "lvlText")
_UNNUMBERED: Final = frozenset({"none"})


@dataclass(frozen=True, slots=True)
class Level:
    """
    How the items of one level of a list are marked.

    Attributes:
        kind: The list whose numbers it shares.
        text: What is written before an item, `%1` for the number of the first level.
        font: The font of that, which may be one of signs.
        format: Word's name for the numbers, `bullet` for a sign, `none` for no number.
        start: The number of the first item.
    """

    kind: str
    text: str
    font: str
    format: str
    start: int


class Lists:
    """The numbering of a file, made whole: every level of every list is there."""

    def __init__(self, numbering: Element | None) -> None:
        self.root = numbering
        self._formats: dict[tuple[str, int], str] = {}
        self._levels: dict[tuple[str, int], Level] = {}
        self._begins: dict[str, dict[int, int]] = {}
        if numbering is None:
            return
        kinds = {one.get(f"{W}abstractNumId"): one for one in numbering.iter(f"{W}abstractNum")}
        for kind in kinds.values():
            _complete(kind)
        for number in numbering.iter(f"{W}num"):
            kind = kinds.get(value(number, f"{W}abstractNumId"))
            self._see(number, kind)
            for level in () if kind is None else kind.iter(f"{W}lvl"):
                at = whole(level.get(f"{W}ilvl"))
                self._formats[number.get(f"{W}numId", ""), at] = value(level, f"{W}numFmt") or "decimal"

    def level(self, number: str, at: int) -> Level | None:
        """Give how a level of a list is marked, or None for a list that is not there."""
        return self._levels.get((number, min(at, _LEVELS - 1)))

    def begins(self, number: str) -> dict[int, int]:
        """Give the numbers that a list begins anew with, by level, where it says so itself."""
        return self._begins.get(number, {})

    def _see(self, number: Element, kind: Element | None) -> None:
        if kind is None:
            return
        key = number.get(f"{W}numId", "")
        own = {whole(one.get(f"{W}ilvl")): one for one in number.findall(f"{W}lvlOverride")}
        for level in kind.findall(f"{W}lvl"):
            at = whole(level.get(f"{W}ilvl"))
            over = own[at].find(f"{W}lvl") if at in own else None
            fonts = (level if over is None else over).find(f"{W}rPr/{W}rFonts")
            said = {name: value(over, f"{W}{name}") or value(level, f"{W}{name}") for name in _SAID}
            self._levels[key, at] = Level(
                kind.get(f"{W}abstractNumId", ""),
                said["lvlText"] or "",
                "" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "",
                said["numFmt"] or "decimal",
                whole(said["start"], 1),
            )
        starts = {at: value(one, f"{W}startOverride") for at, one in own.items()}
        self._begins[key] = {at: whole(first) for at, first in starts.items() if first is not None}

    def item(self, paragraph: Element, styles: Styles) -> tuple[str, int] | None:
        """Give the list and the level from 0 of a paragraph that is an item, or None; an item without any mark is none."""
        found = styles.numbering(paragraph)
        if found is None:
            return None
        number, level = found
        named = styles.list_level(paragraph)
        if named is not None and paragraph.find(f"{W}pPr/{W}numPr") is None:
            # "List Bullet 2" has a list of its own with one level; on paper it stands one step further in.
            level = max(level, named)
        level = min(level, _LEVELS - 1)
        shown = self._formats.get((number, level))
        return None if shown is None or shown in _UNNUMBERED else (number, level)


def _complete(kind: Element) -> None:
    """Give a list all nine levels: one that lacks a level looks there as on the last it has."""
    there = {level.get(f"{W}ilvl"): level for level in kind.findall(f"{W}lvl")}
    last: Element | None = None
    for n in range(_LEVELS):
        level = there.get(str(n))
        if level is None:
            level = kind.makeelement(f"{W}lvl", {f"{W}ilvl": str(n)})
            for name, default in (("start", "1"), ("numFmt", "bullet"), ("lvlText", "•")):
                child = level.makeelement(f"{W}{name}", {f"{W}val": value(last, f"{W}{name}") or default})
                level.append(child)
            kind.append(level)
        last = level

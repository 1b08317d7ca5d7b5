"""Word's lists: which paragraphs are items of which list, on which level, so that pandoc nests them as Word shows them."""

from typing import Final

from samrutine.exchange.incoming.word_package import Element, W, value, whole
from samrutine.exchange.incoming.word_styles import Styles

_LEVELS: Final = 9
_UNNUMBERED: Final = frozenset({"none"})


class Lists:
    """The numbering of a file, made whole: every level of every list is there."""

    def __init__(self, numbering: Element | None) -> None:
        self.root = numbering
        self._formats: dict[tuple[str, int], str] = {}
        if numbering is None:
            return
        kinds = {one.get(f"{W}abstractNumId"): one for one in numbering.iter(f"{W}abstractNum")}
        for kind in kinds.values():
            _complete(kind)
        for number in numbering.iter(f"{W}num"):
            kind = kinds.get(value(number, f"{W}abstractNumId"))
            for level in () if kind is None else kind.iter(f"{W}lvl"):
                at = whole(level.get(f"{W}ilvl"))
                self._formats[number.get(f"{W}numId", ""), at] = value(level, f"{W}numFmt") or "decimal"

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

"""Word's lists: which paragraphs are items of which list, on which level, so that pandoc nests them as Word shows them."""

from dataclasses import dataclass
from typing import Final

from samrutine.exchange.incoming.word_package import Element, W, value, whole
from samrutine.exchange.incoming.word_styles import Styles
from samrutine.exchange.incoming.word_text import text_of

_LEVELS: Final = 9
_SAID: Final = ("start", "numFmt", "lvlText")
_BOXES: Final = frozenset("☐☑☒")
_UNSEEN: Final = " \t\u00a0\u200b\u200c\u200d\u2060\ufeff"
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
        self._counted_as: dict[Element, str] = {}
        self._own_look: set[str] = set()
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
        if any(one.find(f"{W}lvl") is not None for one in own.values()):
            self._own_look.add(key)
        starts = {at: value(one, f"{W}startOverride") for at, one in own.items()}
        self._begins[key] = {at: whole(first) for at, first in starts.items() if first is not None}

    def share_counters(self, root: Element, styles: Styles) -> None:
        """
        Let items that Word counts together be of one list for pandoc, which counts each of Word's numbers for itself.

        Lists of one kind go on counting where the last one ended, but where a list says that it begins anew. LibreOffice gives
        each item a list of its own, and all of one kind: steps 2, 3 and 4 would each be a step 1.
        """
        lasts: dict[str, str] = {}
        begun: set[str] = set()
        for paragraph in root.iter(f"{W}p"):
            found = styles.numbering(paragraph)
            level = None if found is None else self.level(*found)
            if found is None or level is None or found[0] in self._own_look:
                continue
            number = found[0]
            begins = number in self._begins and bool(self._begins[number]) and number not in begun
            begun.add(number)
            if begins or level.kind not in lasts:
                lasts[level.kind] = number
            self._counted_as[paragraph] = lasts[level.kind]
            if level.format == "bullet" and not level.text.strip(_UNSEEN) and text_of(paragraph).lstrip()[:1] in _BOXES:
                self._show_mark(level.kind)

    def _show_mark(self, kind: str) -> None:
        """Give a list of boxes to tick a mark: one without any is for pandoc the rest of the item before it."""
        for one in () if self.root is None else self.root.iter(f"{W}abstractNum"):
            for text in one.iter(f"{W}lvlText") if one.get(f"{W}abstractNumId") == kind else ():
                if not (text.get(f"{W}val") or "").strip(_UNSEEN):
                    text.set(f"{W}val", "•")

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
        if shown is None or shown in _UNNUMBERED:
            return None
        return self._counted_as.get(paragraph, number), level


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

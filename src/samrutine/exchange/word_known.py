"""What a Word file says of itself once for all: the names of its styles, which are headings, and how its lists count."""

import re
from dataclasses import dataclass
from typing import Final

from samrutine.exchange.incoming.word_package import Element, W, WordPackage, value
from samrutine.exchange.word_styles import CODE_BLOCK, CONTINUED, QUOTE, TITLE
from samrutine.exchange.word_xml import STEP

_WHOLE: Final = re.compile(r"-?[0-9]{1,6}")
HEADINGS: Final = {f"heading {n}": n for n in range(1, 10)}


@dataclass(frozen=True, slots=True)
class Numbered:
    """The list that a paragraph is an item of: which one, how it counts, how deep, and how far its words are set in."""

    key: tuple[str, str]
    is_ordered: bool
    depth: int
    start: int
    left: int


def whole(said: object, otherwise: int = 0) -> int:
    """Read a whole number that somebody's file has; `otherwise` for what is none, or larger than Word counts."""
    text = str(said or "")
    return int(text) if _WHOLE.fullmatch(text) else otherwise


def indent_of(indent: Element | None) -> int:
    """Give how far a paragraph is set in, in twentieths of a point; 0 when nothing is said."""
    if indent is None:
        return 0
    return whole(indent.get(f"{W}left")) or whole(indent.get(f"{W}start"))


def styles_of(package: WordPackage) -> tuple[dict[str, str], dict[str, int], dict[str, tuple[str, int]]]:
    """Give the names of styles, the level of those that are headings, and the list of those that are one, by id."""
    root = package.first(package.main, "styles")
    names: dict[str, str] = {}
    based: dict[str, str] = {}
    levels: dict[str, int] = {}
    lists: dict[str, tuple[str, int]] = {}
    known = {name.casefold(): name for name in (TITLE, QUOTE, CODE_BLOCK, CONTINUED)}
    for style in () if root is None else root.iter(f"{W}style"):
        key = style.get(f"{W}styleId", "")
        name = value(style, f"{W}name") or ""
        names[key] = known.get(name.casefold(), name)
        based[key] = value(style, f"{W}basedOn") or ""
        outline = value(style, f"{W}pPr/{W}outlineLvl")
        if name.casefold() in HEADINGS:
            levels[key] = HEADINGS[name.casefold()]
        elif outline is not None and 0 <= whole(outline, -1) < len(HEADINGS):
            levels[key] = whole(outline) + 1
        number = value(style, f"{W}pPr/{W}numPr/{W}numId")
        if number is not None:
            lists[key] = (number, whole(value(style, f"{W}pPr/{W}numPr/{W}ilvl")))
    for key, name in names.items():
        above, seen = based[key], {key}
        while above and above not in seen:
            seen.add(above)
            if above in levels and name != TITLE:
                levels.setdefault(key, levels[above])
            above = based.get(above, "")
    return names, levels, lists


def lists_of(package: WordPackage) -> dict[str, dict[int, Numbered]]:
    """Give, by the number of a list and the level in it, how it counts."""
    root = package.first(package.main, "numbering")
    found: dict[str, dict[int, Numbered]] = {}
    if root is None:
        return found
    kinds = {one.get(f"{W}abstractNumId"): one for one in root.iter(f"{W}abstractNum")}
    for number in root.iter(f"{W}num"):
        key = number.get(f"{W}numId", "")
        kind_id = value(number, f"{W}abstractNumId") or ""
        kind = kinds.get(kind_id)
        starts = {one.get(f"{W}ilvl"): value(one, f"{W}startOverride") for one in number.iter(f"{W}lvlOverride")}
        levels: dict[int, Numbered] = {}
        for level in () if kind is None else kind.iter(f"{W}lvl"):
            depth = whole(level.get(f"{W}ilvl"))
            form = value(level, f"{W}numFmt")
            ordered = form not in {"bullet", "none", None}
            start = starts.get(str(depth)) or value(level, f"{W}start") or "1"
            indent = level.find(f"{W}pPr/{W}ind")
            left = indent_of(indent) or (depth + 1) * STEP
            own = ("numbers", key) if ordered else ("points", kind_id)
            levels[depth] = Numbered(own, ordered, depth, whole(start, 1), left)
        found[key] = levels
    return found

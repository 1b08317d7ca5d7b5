"""Lists that were typed by hand, with dashes, dots or numbers before plain paragraphs: made lists of, and told."""

import re
from collections.abc import Collection
from typing import Any, Final

from samrutine.exchange.incoming.inlines import bare
from samrutine.exchange.incoming.model import Finding

Block = dict[str, Any]
_BULLET = re.compile(r"^(?:[-–—•·▪●○◦■➢✓*§o\uf0b7\u00a7]|\uf0a7)$")
_GLUED = re.compile(r"^[•·▪●○◦\uf0b7\uf0a7](?=\S)")
_NUMBER = re.compile(r"^(\d{1,3})[.)]$")
_DASHES: Final = frozenset("-–—−")
_BELOW_ZERO = re.compile(
    r"\d+(?:[.,]\d+)?(?:\s*[-–]\s*\d+(?:[.,]\d+)?)?\s*(?:$|°|℃|grader\b|c\b|f\b|%|‰|kpa\b|bar\b|mmhg\b|d\b|dioptri)",
    re.IGNORECASE,
)
"""What a minus may stand before: a number alone, or one of what may be below zero. "2 håndklær" is counted from one."""
_BOX = re.compile(r"^[☐☑☒]$|^[☐☑☒](?=\S)")
_LETTERS: Final = {"Str"}
_SPACES: Final = frozenset({"Space", "SoftBreak"})


def make_lists(blocks: list[Block], findings: list[Finding]) -> list[Block]:
    """
    Make lists of typed ones. A single dash is no list; numbers must follow each other.

    Boxes to tick make a list even alone, and are no finding: they stay what they are.
    """
    blocks = [part for block in blocks for part in _lines_apart(block)]
    # A star below a table says what a star in it means.
    stars = {"*"} if _has_starred(blocks) else set()
    made: list[Block] = []
    at = 0
    while at < len(blocks):
        kind, length = _run(blocks, at, stars)
        if length == 0:
            made.append(blocks[at])
            at += 1
            continue
        run = blocks[at : at + length]
        items = [[_without_mark(block, kind)] for block in run]
        if kind == "number":
            made.append({"t": "OrderedList", "c": [[_number(run[0]), {"t": "Decimal"}, {"t": "Period"}], items]})
        else:
            made.append({"t": "BulletList", "c": items})
        if kind != "box":
            findings.append(Finding("typed-list", detail=bare(run[0]["c"])))
        at += length
    return _joined(made)


def _run(blocks: list[Block], at: int, stars: set[str]) -> tuple[str, int]:
    kind = _kind(blocks[at], stars)
    if kind is None:
        return "", 0
    length = 1
    while (
        at + length < len(blocks) and _kind(blocks[at + length], stars) == kind and _follows(blocks, at, length, kind)
    ):
        length += 1
    enough = 1 if kind == "box" else 2
    return kind, length if length >= enough else 0


def _follows(blocks: list[Block], at: int, length: int, kind: str) -> bool:
    if kind != "number":
        return True
    first, second, this = (_number(blocks[at + n]) for n in (0, 1, length))
    # Whoever lets a program count writes 1 before each.
    return this == first + length if second != first else first == this == 1


def _number(block: Block) -> int:
    found = _NUMBER.match(_first(block))
    return int(found[1]) if found else 0


def _kind(block: Block, stars: Collection[str] = ()) -> str | None:
    if block["t"] not in {"Para", "Plain"} or _first(block) in stars:
        return None
    first = _first(block)
    following = block["c"][1]["t"] if len(block["c"]) > 1 else ""
    if _BOX.match(first):
        return "box"
    if (first in _DASHES and _is_below_zero(block["c"][2:])) or (first == "§" and _is_number(block["c"][2:3])):
        return None
    if (_BULLET.match(first) and following in _SPACES and len(block["c"]) > 2) or _GLUED.match(first):  # noqa: PLR2004
        return "bullet"
    if _NUMBER.match(first) and following in _SPACES and len(block["c"]) > 2:  # noqa: PLR2004 - mark, space, words
        return "number"
    return None


def _is_below_zero(inlines: list[Any]) -> bool:
    """Tell whether a dash before these words is a minus: "- 18 °C"."""
    words = " ".join(str(one["c"]) for one in inlines if one["t"] in _LETTERS)
    return _BELOW_ZERO.match(words) is not None


def _is_number(inlines: list[Any]) -> bool:
    """Tell whether these words begin with a number: "§ 4" is a section of a law, though its sign is a dot of some fonts."""
    return bool(inlines) and str(inlines[0].get("c", ""))[:1].isdigit()


def _has_starred(blocks: list[Block]) -> bool:
    """Tell whether some word ends with a star that is explained elsewhere."""
    waiting: list[Any] = [blocks]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            text = str(one["c"]) if one.get("t") == "Str" else ""
            if text.endswith("*") and text.rstrip("*")[-1:].isalnum():
                return True
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return False


def _first(block: Block) -> str:
    content = block["c"]
    return str(content[0]["c"]) if content and content[0]["t"] in _LETTERS else ""


def _without_mark(block: Block, kind: str) -> Block:
    content = list(block["c"])
    if kind == "box":
        return {"t": "Plain", "c": content}
    glued = _GLUED.match(content[0]["c"])
    if glued and kind == "bullet" and len(content[0]["c"]) > 1:
        content[0] = {"t": "Str", "c": content[0]["c"][glued.end() :]}
    else:
        content = content[1:]
    while content and content[0]["t"] in _SPACES:
        content = content[1:]
    return {"t": "Plain", "c": content}


def _lines_apart(block: Block) -> list[Block]:
    """Part a paragraph whose lines, broken by hand, are items: at least two of them begin with a mark."""
    if block["t"] not in {"Para", "Plain"} or not any(one["t"] == "LineBreak" for one in block["c"]):
        return [block]
    lines: list[list[Any]] = [[]]
    for one in block["c"]:
        if one["t"] == "LineBreak":
            lines.append([])
        elif lines[-1] or one["t"] not in _SPACES:
            lines[-1].append(one)
    parts: list[Block] = [{"t": "Para", "c": line} for line in lines if line]
    return parts if sum(1 for part in parts if _kind(part)) > 1 else [block]


def _joined(blocks: list[Block]) -> list[Block]:
    """Join bullet lists that follow each other: to a reader they are one."""
    made: list[Block] = []
    for block in blocks:
        if made and block["t"] == "BulletList" and made[-1]["t"] == "BulletList":
            made[-1] = {"t": "BulletList", "c": [*made[-1]["c"], *block["c"]]}
        else:
            made.append(block)
    return made

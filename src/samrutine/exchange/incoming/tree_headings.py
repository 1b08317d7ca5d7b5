"""Title and headings of a tree that says nothing of styles: what pandoc calls headings, and bold lines where it calls none."""

import copy
from collections import Counter
from dataclasses import replace
from typing import Any

from samrutine.exchange.incoming import marks
from samrutine.exchange.incoming.compare import words_of
from samrutine.exchange.incoming.draft import Draft
from samrutine.exchange.incoming.headings import (
    Line,
    TypedNumbers,
    first_is_title,
    levels,
    references_to_numbers,
    title_is_guess,
)
from samrutine.exchange.incoming.inlines import bare
from samrutine.exchange.incoming.model import Finding

Block = dict[str, Any]
_DEEPEST = 5
_LISTS = frozenset({"BulletList", "OrderedList"})


def opened(blocks: list[Block]) -> list[Block]:
    """Give the blocks without the divisions around them."""
    found: list[Block] = []
    for block in blocks:
        if block["t"] == "Div":
            found += opened(block["c"][1])
        else:
            found.append(block)
    return found


def settle_headings(draft: Draft) -> None:
    """Decide title and headings, and write them into the tree; headings begin at level 1 there."""
    blocks = opened(draft.tree.get("blocks", []))
    lines = [_line(block) for block in blocks]
    said = levels(lines)
    found = said.found
    first = None if draft.title else first_is_title(lines, found)
    if first is not None:
        draft.title = lines[first].text
        draft.findings += [Finding(code, detail=draft.title) for code in title_is_guess(found, first)]
        draft.findings += _struck_in_title(blocks[first])
        if found[first] is not None:
            _one_heading_less(draft)
        found[first] = None
    numbers = TypedNumbers(line.text for line, level in zip(lines, found, strict=True) if level)
    draft.findings += said.tell(lines)
    if numbers.cut:
        draft.findings.append(
            Finding("heading-number-dropped", detail=" / ".join(" ".join(one.split()) for one in numbers.cut))
        )
        draft.findings += [
            Finding("number-reference", detail=one) for line in lines for one in references_to_numbers(line.text)
        ]
        draft.title = numbers.taken(draft.title)[0]
    shift = min((level for level in found if level), default=1) - 1
    made: list[Block] = []
    dropped: Counter[str] = Counter()
    for n, block in enumerate(blocks):
        level = found[n]
        if n == first:
            continue
        if level is None:
            made.append(block)
            continue
        inlines = block["c"][2] if block["t"] == "Header" else block["c"]
        if numbers.cut:
            inlines, number = _cut(inlines, numbers)
            dropped.update(words_of(number))
        if level - shift > _DEEPEST:
            draft.findings.append(Finding("heading-too-deep", detail=lines[n].text))
        made.append({"t": "Header", "c": [min(level - shift, _DEEPEST), ["", [], []], inlines]})
    draft.tree["blocks"] = made
    if draft.source is not None:
        draft.source.dropped.update(dropped)


def _one_heading_less(draft: Draft) -> None:
    if draft.source is not None and draft.source.counts.headings:
        draft.source.counts = replace(draft.source.counts, headings=draft.source.counts.headings - 1)


def _line(block: Block) -> Line:
    match block["t"]:
        case "Header":
            return Line(marks.plain(bare(block["c"][2])), level=block["c"][0])
        case "Para" | "Plain":
            inlines = [one for one in block["c"] if one["t"] not in {"Space", "SoftBreak", "LineBreak"}]
            broken = any(one["t"] == "LineBreak" for one in block["c"])
            bold = bool(inlines) and not broken and all(_is_strong(one) for one in inlines)
            return Line(marks.plain(bare(block["c"])), bold=bold)
        case "Table":
            return Line("", in_table=True)
        case name:
            return Line("…" if name in _LISTS else "", in_list=name in _LISTS)


def _is_strong(inline: dict[str, Any]) -> bool:
    match inline["t"]:
        case "Strong":
            return True
        case "Emph" | "Underline" | "SmallCaps":
            return bool(inline["c"]) and all(_is_strong(one) for one in inline["c"] if one["t"] != "Space")
        case "Span":
            return bool(inline["c"][1]) and all(_is_strong(one) for one in inline["c"][1] if one["t"] != "Space")
        case _:
            return False


def _cut(inlines: list[dict[str, Any]], numbers: TypedNumbers) -> tuple[list[dict[str, Any]], str]:
    """Take a typed number off. The rest stays as it is: struck, raised, with its pictures and notes."""
    text = marks.plain(bare(inlines)).strip()
    rest, parts = numbers.taken(text)
    if not parts:
        return inlines, ""
    left = copy.deepcopy(inlines)
    while marks.plain(bare(left)).strip() != rest and _without_first_letter(left):
        pass
    return left, text[: len(text) - len(rest)]


def _without_first_letter(inlines: list[dict[str, Any]]) -> bool:
    """Take the first letter away, wherever it is; tells whether there was one."""
    for n, one in enumerate(inlines):
        match one["t"]:
            case "Str" if len(one["c"]) > 1:
                one["c"] = one["c"][1:]
            case "Str" | "Space" | "SoftBreak" | "LineBreak":
                del inlines[n]
            case "Image" | "Note" | "RawInline":
                continue
            case "Code" | "Math":
                one["c"][1] = one["c"][1][1:]
                if not one["c"][1]:
                    del inlines[n]
            case "Quoted" | "Cite" | "Link" | "Span":
                if not _without_first_letter(one["c"][1]):
                    continue
            case _:
                if not isinstance(one.get("c"), list) or not _without_first_letter(one["c"]):
                    continue
        return True
    return False


def _struck_in_title(block: Block) -> list[Finding]:
    """Tell of what is struck in a title, which is plain words."""
    inlines = block["c"][2] if block["t"] == "Header" else block["c"]
    struck = [bare(one["c"]).strip() for one in inlines if one["t"] == "Strikeout"]
    return [Finding("struck-through", detail=one) for one in struck if one]

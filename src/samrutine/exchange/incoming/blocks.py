"""Pandoc's tree as Markdown: headings, paragraphs, lists, tables, notes and pictures, each told when its shape changes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from samrutine.exchange.incoming import marks
from samrutine.exchange.incoming.cells import CellWriter
from samrutine.exchange.incoming.inlines import LineWriter, bare
from samrutine.exchange.incoming.model import Counts, Finding, Picture
from samrutine.exchange.incoming.pictures import SHOWN
from samrutine.exchange.incoming.tables import Grid, grid
from samrutine.exchange.incoming.tags import without_tags
from samrutine.procedures.bounds import MOST_ITEMS

Block = dict[str, Any]
_DEEPEST: Final = 7
_FIRST_LEVEL: Final = 2
_LAST_LEVEL: Final = 6
_BOX = re.compile(r"^([☐☑☒□■✓✔]|\[[ xX]?\])\s*")
_TICKED: Final = frozenset("☑☒■✓✔") | {"[x]", "[X]"}
_LETTERED: Final = {
    "LowerAlpha": "a, b, c",
    "UpperAlpha": "A, B, C",
    "LowerRoman": "i, ii, iii",
    "UpperRoman": "I, II, III",
}


@dataclass(slots=True)
class Written:
    """The Markdown of a document, block by block, and what was counted and found while it was written."""

    blocks: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    items: int = 0
    cells: int = 0
    shown_pictures: int = 0
    notes: int = 0
    repeated: list[str] = field(default_factory=list)
    """Texts of cells that stand there more than once, since one cell covered several rows."""

    def counts(self, words: int) -> Counts:
        """Give how much there is of each kind of thing."""
        return Counts(words, len(self.headings), self.items, self.cells, self.shown_pictures, self.notes)


def write(
    blocks: list[Block], pictures: Mapping[str, tuple[str, bytes]], alternatives: Mapping[str, str] | None = None
) -> Written:
    """
    Write a tree as Markdown, not yet in canonical form.

    Args:
        blocks: Pandoc's blocks; headings from level 1.
        pictures: Media type and bytes by the target that the tree names.
        alternatives: Alternative texts by target, for pictures that have none in the tree.
    """
    writer = _Writer(pictures, alternatives or {})
    writer.document(blocks)
    return writer.made


class _Writer:
    def __init__(self, pictures: Mapping[str, tuple[str, bytes]], alternatives: Mapping[str, str]) -> None:
        self.made = Written()
        self._known = pictures
        self._alternatives = alternatives
        self._names: dict[str, str] = {}
        self._where = ""
        self._notes: list[list[str]] = []
        self._after: list[list[Any]] = []
        self._in_note = False
        self._in_heading = False
        self._lines = LineWriter(self._tell, self._note, self._picture)
        self._cells = CellWriter(self._lines, self._tell)

    def document(self, blocks: list[Block]) -> None:
        for lines in self._blocks(blocks, 0):
            self.made.blocks.append("\n".join(lines))
        for n, lines in enumerate(self._notes, 1):
            first, *rest = lines or ["–"]
            indented = [f"    {line}" if line else "" for line in rest]
            self.made.blocks.append("\n".join([f"[^{n}]: {first}", *indented]))
        self.made.notes = len(self._notes)

    def _tell(self, code: str, detail: str) -> None:
        self.made.findings.append(Finding(code, self._where, " ".join(detail.split())))

    def _note(self, blocks: list[Any]) -> str:
        if self._in_heading or self._in_note:
            self._after.append(blocks)
            return ""
        self._in_note = True
        at = len(self._notes)
        self._notes.append([])
        self._notes[at] = _spaced(list(self._blocks(blocks, 1)))
        self._in_note = False
        return f"[^{at + 1}]"

    def _picture(self, target: str, alternative: str) -> tuple[str, str]:
        found = self._known.get(target)
        if found is None:
            self._tell("picture-elsewhere" if "//" in target else "picture-unreadable", target)
            return "", alternative
        alternative = alternative or self._alternatives.get(target, "")
        kind, data = found
        self.made.shown_pictures += 1
        if not alternative:
            self._tell("picture-without-text", target.rpartition("/")[2])
        if target not in self._names:
            name = target.rpartition("/")[2]
            self._names[target] = name
            self.made.pictures.append(Picture(name, kind, data, alternative))
            if kind not in SHOWN:
                self._tell("picture-format", name)
        return self._names[target], alternative

    def _blocks(self, blocks: list[Block], depth: int) -> Iterator[list[str]]:
        lists_before = 0
        for block in blocks:
            is_list = block["t"] in {"BulletList", "OrderedList"}
            lists_before = lists_before + 1 if is_list else 0
            yield from self._block(block, depth, other_mark=lists_before % 2 == 0 and is_list)
            while self._after and not self._in_heading:
                # A note of a heading, or of another note, has no mark of its own: it follows as a paragraph.
                yield from self._blocks(self._after.pop(0), depth)

    def _block(self, block: Block, depth: int, *, other_mark: bool) -> Iterator[list[str]]:  # noqa: C901, PLR0912 - one case a kind
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                yield from self._paragraph(content)
            case "LineBlock":
                yield from self._paragraph([part for line in content for part in [*line, {"t": "LineBreak"}]])
            case "Header":
                yield from self._heading(content[0], content[2], depth)
            case "BulletList":
                yield from self._list(content, depth, None, other_mark=other_mark)
            case "OrderedList":
                if letters := _LETTERED.get(content[0][1]["t"]):
                    self._tell("letters-to-numbers", letters)
                yield from self._list(content[1], depth, max(int(content[0][0]), 0), other_mark=other_mark)
            case "DefinitionList":
                for term, definitions in content:
                    yield from self._paragraph([{"t": "Strong", "c": term}])
                    for one in definitions:
                        yield from self._blocks(one, depth)
            case "BlockQuote":
                inner = _spaced(list(self._blocks(content, depth + 1)))
                if depth > _DEEPEST:
                    yield inner
                elif inner:
                    yield [f"> {line}" if line else ">" for line in inner]
            case "CodeBlock":
                self._tell("code-block", "")
                for line in content[1].split("\n"):
                    yield from self._paragraph([{"t": "Str", "c": line}])
            case "HorizontalRule":
                yield ["---"]
            case "Table":
                yield from self._table(content, depth)
            case "Figure":
                yield from self._blocks(content[2], depth)
                if content[1][1] and not _is_alternative(content):
                    yield from self._blocks(content[1][1], depth)
            case "Div":
                yield from self._blocks(content[1], depth)
            case "RawBlock":
                self._tell("raw-dropped", content[1])
                for line in without_tags(content[1], "\n").split("\n"):
                    yield from self._paragraph([{"t": "Str", "c": line}])
            case _:
                pass

    def _paragraph(self, inlines: list[Any]) -> Iterator[list[str]]:
        text = self._lines.line(inlines)
        if text:
            yield text.split("\n")

    def _heading(self, level: int, inlines: list[Any], depth: int) -> Iterator[list[str]]:
        words = " ".join(marks.plain(bare(inlines)).split())
        pictures = [one for one in inlines if one["t"] == "Image"]
        if words:
            self._where = words
        if depth or not words:
            yield from self._paragraph([{"t": "Strong", "c": inlines}] if words else inlines)
            return
        shown = min(level + _FIRST_LEVEL - 1, _LAST_LEVEL)
        self._in_heading = True
        text = self._lines.line([one for one in inlines if one["t"] != "Image"], breaks=" ", bare_words=True)
        self._in_heading = False
        self.made.headings.append((shown, words))
        yield [f"{'#' * shown} {_closed(text)}"]
        if pictures:
            yield from self._paragraph(pictures)

    def _list(
        self, items: list[list[Block]], depth: int, start: int | None, *, other_mark: bool
    ) -> Iterator[list[str]]:
        if depth > _DEEPEST:
            # Deeper than Markdown is read here: the items follow as paragraphs of the one they stand under.
            self._tell("list-too-deep", "")
            for item in items:
                self.made.items += 1
                yield from self._blocks(item, depth)
            return
        for first in range(0, len(items), MOST_ITEMS):
            part = items[first : first + MOST_ITEMS]
            if len(items) > MOST_ITEMS and first == 0:
                self._tell("block-split", str(len(items)))
            swapped = other_mark != bool((first // MOST_ITEMS) % 2)
            lines = self._items(part, depth, None if start is None else start + first, swapped=swapped)
            if lines:
                yield lines

    def _items(self, items: list[list[Block]], depth: int, start: int | None, *, swapped: bool) -> list[str]:
        lines: list[str] = []
        pieces: list[tuple[str, list[list[str]], bool]] = []
        for n, item in enumerate(items):
            box, rest = _box_of(item)
            blocks = list(self._blocks(rest, depth + 1))
            if not blocks and box is None:
                continue
            self.made.items += 1
            bullet = "*" if swapped else "-"
            mark = bullet if start is None else f"{start + n}{')' if swapped else '.'}"
            if box is not None:
                mark = f"{mark} [{'x' if box else ' '}]"
            pieces.append((mark, blocks or [["–"]], _is_simple(item)))
        tight = all(simple for _, _, simple in pieces)
        for n, (mark, blocks, _) in enumerate(pieces):
            if n and not tight:
                lines.append("")
            indent = " " * (len(mark.split(" ", maxsplit=1)[0]) + 1)
            inner = _spaced(blocks) if not tight else [line for block in blocks for line in block]
            lines.append(f"{mark} {inner[0]}")
            lines += [f"{indent}{line}" if line else "" for line in inner[1:]]
        return lines

    def _table(self, content: list[Any], depth: int) -> Iterator[list[str]]:
        table = grid(content, self._cells.text)
        if content[1][1]:
            yield from self._blocks(content[1][1], depth)
        for code, detail in table.told:
            self._tell(code, detail)
        self.made.repeated += table.repeated
        if table.box is not None:
            self.made.cells += 1
            if depth > _DEEPEST:
                yield from self._blocks(table.box, depth)
                return
            inner = _spaced(list(self._blocks(table.box, depth + 1)))
            if inner:
                yield [f"> {line}" if line else ">" for line in inner]
            return
        if not table.rows:
            return
        self.made.cells += table.cells + self._cells.take_inner()
        if depth:
            # A table in a list or in another block: rows as lines, since a list holds no table in canonical form.
            lines = [" – ".join(cell for cell in row if cell) for row in table.rows]
            self._tell("table-nested", "; ".join(lines))
            yield from ([marks.line_start(line)] for line in lines)
            return
        yield _pipe(table)


def _pipe(table: Grid) -> list[str]:
    width = max(len(row) for row in table.rows)
    rows = [[*row, *[""] * (width - len(row))] for row in table.rows]
    head = rows[0] if table.has_head else [""] * width
    body = rows[1:] if table.has_head else rows
    aligned = [*table.alignments, *[""] * width][:width]
    rule = [{"AlignRight": "-:", "AlignCenter": ":-:"}.get(one, "--") for one in aligned]
    return [f"| {' | '.join(row)} |" for row in [head, rule, *body]]


def _box_of(item: list[Block]) -> tuple[bool | None, list[Block]]:
    """Tell whether an item begins with a box, ticked or not, and give the item without it."""
    if not item or item[0]["t"] not in {"Para", "Plain"}:
        return None, item
    inlines = item[0]["c"]
    if not inlines or inlines[0]["t"] != "Str":
        return None, item
    found = _BOX.match(inlines[0]["c"])
    if found is None:
        return None, item
    rest = inlines[0]["c"][found.end() :]
    left = ([{"t": "Str", "c": rest}] if rest else []) + inlines[1:]
    while left and left[0]["t"] in {"Space", "SoftBreak"}:
        left = left[1:]
    return found[1] in _TICKED, [{"t": item[0]["t"], "c": left}, *item[1:]]


def _is_simple(item: list[Block]) -> bool:
    """Tell whether an item is one paragraph, with lists below it or not."""
    if not item:
        return True
    return item[0]["t"] in {"Para", "Plain"} and all(one["t"] in {"BulletList", "OrderedList"} for one in item[1:])


def _spaced(blocks: list[list[str]]) -> list[str]:
    lines: list[str] = []
    for n, block in enumerate(blocks):
        lines += [""] * bool(n) + block
    return lines


def _closed(text: str) -> str:
    """A heading that ends in a number sign would lose it."""
    return re.sub(r"(#+)$", r"\\\1", text)


def _is_alternative(figure: list[Any]) -> bool:
    """Pandoc makes a figure's caption of a picture's alternative text; then it is no text of its own."""
    caption = "".join(bare(one["c"]) for one in figure[1][1] if one["t"] in {"Para", "Plain"})
    images = [part for one in figure[2] if one["t"] in {"Para", "Plain"} for part in one["c"] if part["t"] == "Image"]
    return any(bare(image["c"][1]) == caption for image in images)

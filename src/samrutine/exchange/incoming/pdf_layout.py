"""The pages of a PDF as pandoc's blocks: headings by their size, paragraphs by their ends, lists by their marks, tables."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from samrutine.exchange.incoming.headings import is_warning
from samrutine.exchange.incoming.pdf_lines import Aligned, Flow, Line, in_order, lines_of
from samrutine.exchange.incoming.pdf_tables import Grid, grids_on
from samrutine.exchange.incoming.pdf_words import PageWords, Rule, Word

Block = dict[str, Any]
_LARGER: Final = 1.12
_LONGEST_HEADING: Final = 100
_MOST_WORDS: Final = 14
_INDENT: Final = 8.0
_FULL: Final = 0.8
_FARTHEST: Final = 1.85
_RAISED: Final = 0.15
_BULLET = re.compile(r"[•·▪●○◦■➢✓\uf0b7\uf0a7]|[-–*]")
_BOX = re.compile(r"[☐☑☒]")
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]")
_LETTER = re.compile(r"\(?([a-zæøå])[.)]")
_SENTENCE_END = re.compile(r"[.!?:;]$")
_FIGURES = re.compile(r"[\d,.]+")
_AFTER_HYPHEN: Final = frozenset({"og", "eller", "til", "samt", "and", "or"})
_LAST: Final = 1 << 30
_CELL_ATTR: Final = ["", [], []]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, drawn with rules or told from how words stand under each other."""

    rows: list[list[tuple[list[Line], int, int]]]
    columns: int

    @property
    def text(self) -> str:
        """What stands first in it."""
        return " | ".join(" ".join(line.text for line in cell[0]) for cell in self.rows[0])


Part = Flow | Table


def parts_of(page: PageWords) -> list[Part]:
    """Give what stands on a page in the order in which it is read."""
    grids = grids_on(page.words, page.rules)
    held = {word.number for grid in grids for word in grid.words}
    rows = lines_of(word for word in page.words if word.number not in held)
    found: list[Part] = []
    at = 0
    for grid in grids:
        above = at
        while above < len(rows) and max(line.foot for line in rows[above]) >= grid.top:
            above += 1
        found += _flows(rows[at:above], page.rules)
        found += _of_grid(grid)
        at = above
    return [*found, *_flows(rows[at:], page.rules), *(Flow([_aslant(one)]) for one in page.aslant)]


def _aslant(text: str) -> Line:
    """Give what is written aslant as a line of its own, below all that is not."""
    return Line((Word(text, 0, 0, 1, 1, 0, 1, bold=False, number=_LAST),))


def _flows(rows: list[list[Line]], rules: Sequence[Rule] = ()) -> list[Part]:
    return [part if isinstance(part, Flow) else _of_aligned(part) for part in in_order(rows, rules)]


def _of_aligned(part: Aligned) -> Table:
    rows = [[(lines, 1, wide) for lines, wide in row] for row in part.rows]
    return Table(rows, max(sum(wide for _, wide in row) for row in part.rows))


def _of_grid(grid: Grid) -> list[Part]:
    if not grid.is_table:
        return _flows(lines_of(grid.words))
    rows = [[(_cell_lines(cell.words), cell.rows, cell.columns) for cell in row] for row in grid.rows]
    return [Table(rows, grid.columns)]


def _cell_lines(words: Sequence[Word]) -> list[Line]:
    return [Line(tuple(word for line in row for word in line.words)) for row in lines_of(words)] if words else []


def lines_in(parts: Iterable[Part]) -> list[Line]:
    """Give the lines of the parts, cells' too, in the order in which they are read."""
    found: list[Line] = []
    for part in parts:
        if isinstance(part, Flow):
            found += part.lines
        else:
            found += [line for row in part.rows for cell in row for line in cell[0]]
    return found


def blocks_of(pages: Sequence[Sequence[Part]]) -> list[Block]:
    """Make blocks of what is left of the pages when their margins are gone."""
    letters: Counter[float] = Counter()
    for line in lines_in(part for page in pages for part in page):
        for word in line.words:
            letters[round(word.size, 1)] += len(word.text)
    body = letters.most_common(1)[0][0] if letters else 1.0
    sizes = sorted((size for size in letters if size >= body * _LARGER), reverse=True)
    made: list[Block] = []
    waiting: list[_Set] = []
    for page in pages:
        for part in page:
            if isinstance(part, Flow):
                edge = max((line.right for line in part.lines), default=0.0)
                waiting += [_Set(line, edge, _level(line, sizes)) for line in part.lines]
                continue
            made += _text(waiting)
            waiting = []
            made.append(_table(part))
    return made + _text(waiting)


@dataclass(frozen=True, slots=True)
class _Set:
    """A line as it is set: where the longest line of its column ends, and the level of heading that it looks like."""

    line: Line
    edge: float
    level: int | None

    @property
    def ends(self) -> bool:
        """Whether a paragraph ends with it: it stops well before the edge, more so where a sentence goes on."""
        line = self.line
        if _SENTENCE_END.search(line.text):
            return line.right < self.edge - 4 * line.size
        return line.right - line.left <= _FULL * (self.edge - line.left)


def _text(lines: Sequence[_Set]) -> list[Block]:
    items = _Items()
    made: list[Block] = []
    at = 0
    while at < len(lines):
        first, level = lines[at].line, lines[at].level
        begins = level is None and is_item(first) and not _is_numbered_heading(lines, at)
        length = 1
        while at + length < len(lines) and _goes_on(
            first if begins else None, lines[at + length - 1], lines[at + length]
        ):
            length += 1
        together = [one.line for one in lines[at : at + length]]
        at += length
        if begins:
            items.add(together)
            continue
        made += items.taken()
        inlines = _inlines(together)
        made.append({"t": "Header", "c": [level, _CELL_ATTR, inlines]} if level else {"t": "Para", "c": inlines})
    return made + items.taken()


def _level(line: Line, sizes: Sequence[float]) -> int | None:
    """Give the level of a heading by its size; None for text. A bold line of the text's own size is told by its strong words."""
    size = round(line.size, 1)
    text = line.text
    is_long = len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_WORDS
    if (
        size not in sizes
        or is_long
        or not re.search(r"[^\W\d_]", text)
        or text.endswith((".", ";", ","))
        or is_warning(text)
    ):
        return None
    return min(sizes.index(size) + 1, 5)


def _is_numbered_heading(lines: Sequence[_Set], at: int) -> bool:
    """Tell a bold line with a number above text that is not bold, "3. Framgangsmåte", from an item."""
    line = lines[at].line
    around = [one.line for one in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2])]
    is_alone = bool(lines[at + 1 : at + 2]) and not any(one.is_bold and is_item(one) for one in around)
    return line.is_bold and is_alone and _NUMBER.fullmatch(line.words[0].text) is not None and not is_warning(line.text)


def is_item(line: Line) -> bool:
    """Tell whether a line begins with the mark of an item, and words after it."""
    first, rest = line.words[0].text, line.words[1:]
    if not rest:
        return False
    # "- 18 °C" is cold, and no item of a list.
    return bool(_BULLET.fullmatch(first) and not (first in "-–" and _FIGURES.fullmatch(rest[0].text))) or any(
        pattern.fullmatch(first) for pattern in (_BOX, _NUMBER, _LETTER)
    )


def _goes_on(item: Line | None, last: _Set, one: _Set) -> bool:
    """Whether a line goes on with the paragraph, heading or item that the line before it is of."""
    before, line = last.line, one.line
    is_other = one.level != last.level or before.is_bold != line.is_bold or is_item(line)
    drop = before.foot - line.foot
    if is_other or abs(line.size - before.size) > 0.1 * before.size or drop > _FARTHEST * before.size:
        return False
    if drop <= 0:  # the next page, or the next column
        return one.level is None and line.text[:1].islower() and not _SENTENCE_END.search(before.text)
    if one.level is not None:
        return True
    if line.text[:1].islower() and not _SENTENCE_END.search(before.text):
        return True
    if item is not None and len(item.words) > 1 and abs(line.left - item.words[1].left) < _INDENT:
        return True
    return not last.ends


class _Items:
    """Items of lists that follow each other, each on its level by where it begins and by the kind of its mark."""

    def __init__(self) -> None:
        self._lists: list[tuple[float, int, Block]] = []
        self._made: list[Block] = []

    def add(self, lines: Sequence[Line]) -> None:
        """Take an item."""
        mark, left = lines[0].words[0].text, lines[0].left
        is_box = _BOX.fullmatch(mark) is not None
        kept = [Line(lines[0].words[0 if is_box else 1 :]), *lines[1:]]
        item = [{"t": "Plain", "c": _inlines(kept)}]
        number, kind = _number(mark), _kind(mark)
        while self._lists and left < self._lists[-1][0] - _INDENT:
            self._lists.pop()
        beside = [n for n, (edge, _, _) in enumerate(self._lists) if abs(left - edge) <= _INDENT]
        for n in reversed(beside):
            if self._lists[n][1] == kind and _takes(self._lists[n][2], number):
                del self._lists[n + 1 :]
                _items_of(self._lists[n][2]).append(item)
                return
        # "a." under "1." may stand no further in; "1." after "a." begins anew.
        for n in beside:
            if self._lists[n][1] >= kind:
                del self._lists[n:]
                break
        block = _list(number, item, kind)
        (_items_of(self._lists[-1][2])[-1] if self._lists else self._made).append(block)
        self._lists.append((left, kind, block))

    def taken(self) -> list[Block]:
        """End the lists, and give them."""
        made, self._made, self._lists = self._made, [], []
        return made


def _items_of(block: Block) -> list[list[Block]]:
    items: list[list[Block]] = block["c"] if block["t"] == "BulletList" else block["c"][1]
    return items


def _kind(mark: str) -> int:
    """Give how deep a mark usually stands: numbers, letters, dots."""
    return 0 if _NUMBER.fullmatch(mark) else 1 if _LETTER.fullmatch(mark) else 2


def _number(mark: str) -> int | None:
    if found := _NUMBER.fullmatch(mark):
        return int(found[1])
    found = _LETTER.fullmatch(mark)
    return "abcdefghijklmnopqrstuvwxyzæøå".index(found[1]) + 1 if found else None


def _takes(block: Block, number: int | None) -> bool:
    if number is None:
        return bool(block["t"] == "BulletList")
    return bool(block["t"] == "OrderedList" and block["c"][0][0] + len(block["c"][1]) == number)


def _list(number: int | None, item: list[Block], kind: int) -> Block:
    if number is None:
        return {"t": "BulletList", "c": [item]}
    return {"t": "OrderedList", "c": [[number, {"t": "LowerAlpha" if kind else "Decimal"}, {"t": "Period"}], [item]]}


def _table(table: Table) -> Block:
    rows = [
        [_CELL_ATTR, [
            [_CELL_ATTR, {"t": "AlignDefault"}, high, wide, [{"t": "Plain", "c": _inlines(lines)}] if lines else []]
            for lines, high, wide in row
        ]]
        for row in table.rows
    ]  # fmt: skip
    specs = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}]] * table.columns
    head, foot = [_CELL_ATTR, []], [_CELL_ATTR, []]
    return {"t": "Table", "c": [_CELL_ATTR, [None, []], specs, head, [[_CELL_ATTR, 0, [], rows]], foot]}


def _inlines(lines: Sequence[Line]) -> list[Block]:
    """Write lines as one run of words, with what is bold, struck or raised in it."""
    found: list[Block] = []
    runs: list[tuple[tuple[bool, bool, str], list[Block]]] = []
    heavy = all(line.is_bold for line in lines)
    breaks = False
    for line in lines:
        for n, word in enumerate(line.words):
            look = (word.bold, word.struck, _raised(word, line))
            if runs and not (word.glued and n) and not (breaks and n == 0 and word.text not in _AFTER_HYPHEN):
                runs[-1][1].append({"t": "Space"})
            if not runs or runs[-1][0] != look:
                runs.append((look, []))
            runs[-1][1].append({"t": "Str", "c": word.text})
            breaks = word.breaks
    for (bold, struck, raised), words in runs:
        spaces = [words.pop()] if words[-1]["t"] == "Space" else []
        inner = words
        for on, name in ((raised, raised), (struck, "Strikeout"), (bold and not heavy, "Strong")):
            inner = [{"t": name, "c": inner}] if on else inner
        found += [*inner, *spaces]
    return [{"t": "Strong", "c": found}] if heavy and found else found


def _raised(word: Word, line: Line) -> str:
    if word.size >= 0.95 * line.size:
        return ""
    off = word.foot - line.foot
    return "Superscript" if off > _RAISED * line.size else "Subscript" if off < -0.02 * line.size else ""

"""
A Word file of ours, read back into the tree that it was written from, whatever Word has done to it meanwhile.

Only for files made by `word`, where a local value, a quotation and an addition are marked: documents of others are read
by `exchange.incoming`. Control header, additions and sources are left out; their words are compared by their digests.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import Comment, Finding, NotRead, TrackedChange
from samrutine.exchange.incoming.word_changes import accept_all, changes_in, comments_in
from samrutine.exchange.incoming.word_package import Element, W, WordPackage, value
from samrutine.exchange.tree import (
    Alignment,
    Block,
    Blocks,
    BulletList,
    CodeBlock,
    Heading,
    Item,
    Line,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Table,
    Words,
    plain,
)
from samrutine.exchange.word_known import HEADINGS, Numbered, indent_of, lists_of, styles_of, whole
from samrutine.exchange.word_line import LineReader, joined
from samrutine.exchange.word_marks import Region, digests, lines_beside, local_values, tag_of
from samrutine.exchange.word_styles import CODE_BLOCK, CONTINUED, QUOTE, TITLE
from samrutine.exchange.word_unwritten import unwritten
from samrutine.exchange.word_xml import STEP, TAG

_NEAR: Final = 60
"""Twentieths of a point that two indents may differ by and be the same."""
_ASIDE: Final = frozenset({"control", "addition", "after"})
_CONTAINERS: Final = frozenset({f"{W}{name}" for name in ("customXml", "ins", "moveTo", "smartTag")})


@dataclass(frozen=True, slots=True)
class Read:
    """
    What a file of ours says now.

    Attributes:
        blocks: The text. A heading's key is the bookmark that it has, or empty; a picture's source is our own mark of it,
            or "|" and its part in the file.
        notes: The footnotes that the text has marks of, numbered in the order of the marks.
        words: The digests of the words that are seen, by region.
        changes: Tracked changes; the text has them accepted.
    """

    title: str
    blocks: Blocks
    notes: tuple[Note, ...]
    words: Mapping[Region, str]
    findings: tuple[Finding, ...]
    changes: tuple[TrackedChange, ...]
    comments: tuple[Comment, ...]
    local: tuple[tuple[str, str, str], ...] = ()
    """Of each place where a municipality filled in: key, words, and the paragraph around them."""
    beside: Mapping[Region, tuple[str, ...]] = field(default_factory=dict)
    """The lines around the text, by region."""


def read_word(package: WordPackage) -> Read:
    """
    Read a file of ours.

    Raises:
        DocumentRefused: A part of it cannot be read.
    """
    main = package.xml(package.main)
    notes = package.first(package.main, "footnotes")
    ends = package.first(package.main, "endnotes")
    roots = [root for root in (main, notes, ends) if root is not None]
    changes = tuple(one for root in roots for one in changes_in(root))
    comments = tuple(comments_in(main, package.first(package.main, "comments")))
    reader = _Reader(package)
    for root in roots:
        accept_all(root)
        kind = "footnotes" if root is notes else "endnotes"
        part = package.main if root is main else package.related(package.main, kind)[0]
        reader.findings += unwritten(root, package, part)
    body = None if main is None else main.find(f"{W}body")
    if body is None:
        raise DocumentRefused(NotRead("damaged", ""))
    blocks = reader.blocks(list(body), package.main)
    found = reader.notes({"footnoteReference": notes, "endnoteReference": ends}, package)
    return Read(
        reader.title,
        blocks,
        found,
        digests(main, notes),
        tuple(reader.findings),
        changes,
        comments,
        tuple(local_values(main)),
        lines_beside(main),
    )


@dataclass
class _Level:
    """A list that is open."""

    of: Numbered
    start: int
    items: list[tuple[list[Block], bool | None]] = field(default_factory=list)

    def closed(self) -> Block:
        items = tuple(Item(tuple(blocks), done) for blocks, done in self.items)
        return OrderedList(items, tight=True, start=self.start) if self.of.is_ordered else BulletList(items, tight=True)


class _Stack:
    """Puts blocks and items, which Word has one after the other, into lists in lists."""

    def __init__(self, counted: dict[tuple[str, str, int], int]) -> None:
        self._root: list[Block] = []
        self._levels: list[_Level] = []
        self._counted = counted

    def put(self, block: Block, left: int) -> None:
        """Put a block where its indent says: in the item that is open there, or after the lists."""
        while self._levels and self._levels[-1].of.left > left + _NEAR:
            self._close()
        (self._levels[-1].items[-1][0] if self._levels else self._root).append(block)

    def item(self, of: Numbered, line: Line, *, done: bool | None) -> None:
        """Begin an item."""
        while self._levels and self._levels[-1].of.depth > of.depth:
            self._close()
        if self._levels and self._levels[-1].of.depth == of.depth and self._levels[-1].of.key != of.key:
            self._close()
        counted = (*of.key, of.depth)
        if not self._levels or self._levels[-1].of.depth < of.depth:
            # A list that was interrupted goes on counting in Word.
            self._levels.append(_Level(of, of.start + self._counted.get(counted, 0)))
        self._counted[counted] = self._counted.get(counted, 0) + 1
        self._levels[-1].items.append(([Paragraph(line)] if line else [], done))

    def done(self) -> Blocks:
        """Give everything."""
        while self._levels:
            self._close()
        return tuple(self._root)

    def _close(self) -> None:
        level = self._levels.pop()
        (self._levels[-1].items[-1][0] if self._levels else self._root).append(level.closed())


class _Reader:
    def __init__(self, package: WordPackage) -> None:
        self.title = ""
        self.findings: list[Finding] = []
        self._package = package
        self._styles, self._levels, self._style_lists = styles_of(package)
        self._lists = lists_of(package)
        self._note_numbers: dict[str, int] = {}
        self._bookmarked: dict[str, int] = {}
        self._counted: dict[tuple[str, str, int], int] = {}
        self._lines = self._reader_of(package.main)

    def _reader_of(self, part: str) -> LineReader:
        return LineReader(
            self._styles, self._package.relations(part), self._note_numbers, self.findings, bookmarked=self._bookmarked
        )

    def blocks(self, elements: Sequence[Element], part: str) -> Blocks:
        """Read what stands in a part."""
        self._lines = self._reader_of(part)
        return self._blocks(elements)

    def notes(self, roots: Mapping[str, Element | None], package: WordPackage) -> tuple[Note, ...]:
        """Read the notes that the text has marks of."""
        found = []
        for key, number in sorted(self._note_numbers.items(), key=lambda one: one[1]):
            kind, _, wanted = key.partition(":")
            root = roots.get(kind)
            note = None if root is None else next((one for one in root if one.get(f"{W}id") == wanted), None)
            parts = package.related(package.main, kind.removesuffix("Reference") + "s")
            inner = () if note is None or not parts else self.blocks(list(note), parts[0])
            found.append(Note(number, _without_space(inner)))
        return tuple(found)

    def _blocks(self, elements: Sequence[Element]) -> Blocks:
        stack = _Stack(self._counted)
        for element in elements:
            self._put(stack, element)
        return stack.done()

    def _put(self, stack: _Stack, element: Element) -> None:
        if element.tag == f"{W}p":
            self._paragraph(stack, element)
        elif element.tag == f"{W}tbl":
            indent = element.find(f"{W}tblPr/{W}tblInd")
            left = whole(indent.get(f"{W}w")) if indent is not None else 0
            stack.put(self._table(element), left)
        elif element.tag == f"{W}sdt":
            name, which = tag_of(element)
            content = element.find(f"{W}sdtContent")
            inner = [] if content is None or name in _ASIDE else list(content)
            if name == "quote":
                if blocks := self._blocks(inner):
                    stack.put(Quote(blocks), STEP * whole(which))
            else:
                for one in inner:
                    self._put(stack, one)
        elif element.tag in _CONTAINERS:
            for one in element:
                self._put(stack, one)
        elif element.tag == f"{W}altChunk":
            self.findings.append(Finding("embedded-document"))

    def _paragraph(self, stack: _Stack, paragraph: Element) -> None:
        properties = paragraph.find(f"{W}pPr")
        style_id = value(properties, f"{W}pStyle") or ""
        style = self._styles.get(style_id, "")
        line, box = self._lines.read(paragraph)
        boxes, self._lines.boxes = self._lines.boxes, []
        block = self._block(paragraph, line)
        left = self._left(properties, style)
        numbered = self._numbered(properties, style_id)
        if style == TITLE and not self.title:
            self.title = " ".join(plain(line).split())
        elif block is not None and not isinstance(block, Heading) and (numbered is not None or box is not None):
            # Of a box whose list somebody took away, the box is left.
            of = numbered or Numbered(("box", ""), is_ordered=False, depth=0, start=1, left=STEP)
            stack.item(of, line, done=None if box is None else box.done)
        elif numbered is not None and not isinstance(block, Heading):
            stack.item(numbered, (), done=None if box is None else box.done)
        elif block is not None:
            stack.put(block, 0 if isinstance(block, Heading) else left)
        for one in boxes:
            for child in one:
                self._put(stack, child)

    def _block(self, paragraph: Element, line: Line) -> Block | None:
        """Make a block of a paragraph that is no item of a list; None for an empty one."""
        properties = paragraph.find(f"{W}pPr")
        style_id = value(properties, f"{W}pStyle") or ""
        style = self._styles.get(style_id, "")
        if not _is_something(line):
            border = None if properties is None else properties.find(f"{W}pBdr/{W}bottom")
            return Rule() if border is not None else CodeBlock("") if style == CODE_BLOCK else None
        level = self._level(properties, style_id)
        if level is not None and style != TITLE:
            return Heading(level + 1, _bookmark(paragraph), line)
        if style == CODE_BLOCK:
            return CodeBlock(_code(line))
        return Quote((Paragraph(line),)) if style == QUOTE and not _in_quote(paragraph) else Paragraph(line)

    def _left(self, properties: Element | None, style: str) -> int:
        indent = properties.find(f"{W}ind") if properties is not None else None
        if indent is None:
            return STEP if style in {CONTINUED, QUOTE} else 0
        return indent_of(indent)

    def _numbered(self, properties: Element | None, style: str) -> Numbered | None:
        own = properties.find(f"{W}numPr") if properties is not None else None
        by_style = self._style_lists.get(style)
        number = value(own, f"{W}numId") if own is not None else None
        number = number if number is not None else by_style[0] if by_style else None
        if number is None or number not in self._lists:
            return None
        said = value(own, f"{W}ilvl") if own is not None else None
        found = self._lists[number].get(whole(said) if said is not None else by_style[1] if by_style else 0)
        indent = properties.find(f"{W}ind") if properties is not None else None
        if found is None or indent is None:
            return found
        return replace(found, left=indent_of(indent))

    def _level(self, properties: Element | None, style: str) -> int | None:
        said = value(properties, f"{W}outlineLvl") if properties is not None else None
        if said is not None:
            return whole(said) + 1 if 0 <= whole(said, -1) < len(HEADINGS) else None
        return self._levels.get(style)

    def _table(self, table: Element) -> Table:
        rows = [self._row(row) for row in _rows(table)]
        width = max((len(row) for row, _ in rows), default=1)
        lines = [(*row, *[()] * (width - len(row))) for row, _ in rows] or [((),)]
        sides = rows[0][1] if rows else (None,)
        return Table((*sides, *[None] * (width - len(sides))), lines[0], tuple(lines[1:]))

    def _row(self, row: Element) -> tuple[list[Line], tuple[Alignment, ...]]:
        lines: list[Line] = []
        sides: list[Alignment] = []
        for cell in _cells(row):
            span = max(whole(value(cell.find(f"{W}tcPr"), f"{W}gridSpan"), 1), 1)
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if span > 1 or merged is not None:
                self.findings.append(Finding("table-merged", detail="".join(cell.itertext())[:80]))
            if cell.find(f".//{W}tbl") is not None:
                self.findings.append(Finding("table-nested", detail="".join(cell.itertext())[:80]))
            lines.append(self._cell(cell))
            sides.append(_side(cell))
            lines += [()] * (min(span, 60) - 1)
            sides += [None] * (min(span, 60) - 1)
        return lines, tuple(sides)

    def _cell(self, cell: Element) -> Line:
        found: list[Line] = []
        for paragraph in cell.iter(f"{W}p"):
            line, box = self._lines.read(paragraph)
            if box is not None:
                line = (Words("☒ " if box.done else "☐ "), *line)
            if _is_something(line):
                found.append(line)
        if len(found) > 1:
            self.findings.append(Finding("cell-flattened", detail=" / ".join(plain(line) for line in found)))
        self._lines.boxes = []
        space: Line = (Words(" "),)
        return joined(part for n, line in enumerate(found) for part in ((*space, *line) if n else line))


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml"}:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml"}:
            yield from _cells(child)


def _side(cell: Element) -> Alignment:
    match value(cell.find(f"{W}p/{W}pPr"), f"{W}jc"):
        case "center":
            return "center"
        case "right" | "end":
            return "right"
        case _:
            return None


def _is_something(line: Line) -> bool:
    return any(not isinstance(part, Words) or part.text.strip() for part in line)


def _code(line: Line) -> str:
    return "".join(
        plain((part,)) if isinstance(part, Words) else "\n" if plain((part,)) == " " else plain((part,))
        for part in line
    )


def _without_space(blocks: Blocks) -> Blocks:
    """Take away the space between a note's number and its words."""
    if not blocks or not isinstance(first := blocks[0], Paragraph) or not first.content:
        return blocks
    start = first.content[0]
    if isinstance(start, Words):
        return (Paragraph((Words(start.text.lstrip()), *first.content[1:])), *blocks[1:])
    return blocks


def _bookmark(paragraph: Element) -> str:
    names = (one.get(f"{W}name", "") for one in paragraph.iter(f"{W}bookmarkStart"))
    return next((name for name in names if name.startswith("_s") and not name.startswith(f"_{TAG[:-1]}")), "")


def _in_quote(paragraph: Element) -> bool:
    return any(tag_of(above)[0] == "quote" for above in paragraph.iterancestors(f"{W}sdt"))

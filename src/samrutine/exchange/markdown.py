"""
A document as Markdown, for those who keep their own copy as text: readable as it stands, and the same words as on paper.

Unlike the stored version it has no front matter and no local fields: it is the effective document, a copy, and says so
in its table. Reading it as Markdown gives the printed words back; a character that would become markup is escaped.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.exchange.page import Page, page
from samrutine.exchange.tree import (
    Block,
    Blocks,
    BulletList,
    Code,
    CodeBlock,
    Framed,
    Heading,
    Inline,
    Item,
    Line,
    LineBreak,
    Link,
    LocalValue,
    NoteMark,
    OrderedList,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Styled,
    Table,
    Words,
)

_ALWAYS: Final = re.compile(r"[\\`*_\[\]<>|~]|&(?=[#A-Za-z])|\{(?=\{)")
_AT_START: Final = re.compile(r"^(?:(#{1,6}|[-+=]+)(?=\s|$|[-+=])|(\d{1,9})(?=[.)]))")
_MARKS: Final = {"emphasis": "*", "strong": "**", "strike": "~~"}


def render(document: EffectiveDocument) -> bytes:
    """Write a document as Markdown, UTF-8 with LF. The same document gives the same bytes."""
    printed = page(document)
    return (_Writer(printed).page() + "\n").encode("utf-8", "replace")


class _Writer:
    """Writes one page; every block is a list of lines, so that lists and quotes can set theirs in."""

    def __init__(self, printed: Page) -> None:
        self._page = printed
        self._say = printed.say
        self._in_cell = False

    def page(self) -> str:
        printed = self._page
        where = f"<{printed.link}>" if printed.link else escaped(printed.address)
        parts: list[list[str]] = []
        if printed.demo:
            parts.append([f"**{escaped(printed.demo)}**"])
        parts += [
            [f"# {escaped(printed.title)}"],
            [f"**{escaped(printed.status)}**"],
            *([at_start(escaped(line))] for line in printed.lines),
            self._facts(),
            [f"{escaped(printed.screen_note)} {where}".rstrip()],
        ]
        parts += self._neighbours((*printed.body, *printed.after))
        parts += [self._note(note.number, note.blocks) for note in printed.notes]
        parts += [["---"], [at_start(escaped(printed.foot))]]
        return "\n\n".join("\n".join(lines) for lines in parts if lines)

    def _facts(self) -> list[str]:
        say = self._say
        rows = [
            (say("page.control_fact"), say("page.control_value")),
            (say("fact.kind"), self._page.kind),
            *self._page.facts,
        ]
        header, *rest = [f"| {escaped(name)} | {escaped(value)} |" for name, value in rows]
        return [header, "| --- | --- |", *rest]

    def _neighbours(self, blocks: Blocks) -> Iterator[list[str]]:
        """Write blocks; of two lists of a kind in a row the second gets the other marker, or they would be read as one."""
        before: Block | None = None
        other = False
        for block in blocks:
            is_list = isinstance(block, BulletList | OrderedList)
            other = is_list and type(block) is type(before) and not other
            yield self._list(block, other=other) if isinstance(block, BulletList | OrderedList) else self._block(block)
            before = block

    def _lines(self, blocks: Blocks, *, tight: bool = False) -> list[str]:
        lines: list[str] = []
        for new in self._neighbours(blocks):
            if lines and new and not tight:
                lines.append("")
            lines.extend(new)
        return lines

    def _block(self, block: Block) -> list[str]:  # noqa: PLR0911 - one case a kind of block
        match block:
            case Paragraph():
                return [at_start(line) for line in self._line(block.content).split("\n")]
            case Heading():
                return [f"{'#' * block.level} {self._line(block.content, one_line=True)}"]
            case BulletList() | OrderedList():
                return self._list(block, other=False)
            case Table():
                return self._table(block)
            case Quote():
                return [f"> {line}".rstrip() for line in self._lines(block.blocks)]
            case CodeBlock():
                return _fenced(block.text)
            case Rule():
                return ["---"]
            case Framed():
                inner = (Paragraph((Styled("strong", (Words(block.heading),)),)), *block.blocks)
                return [f"> {line}".rstrip() for line in self._lines(inner)]

    def _list(self, block: BulletList | OrderedList, *, other: bool) -> list[str]:
        if isinstance(block, BulletList):
            names = ["*" if other else "-"] * len(block.items)
        else:
            names = [f"{block.start + n}{')' if other else '.'}" for n in range(len(block.items))]
        return self._items(block.items, names, tight=block.tight)

    def _items(self, items: Iterable[Item], names: Iterable[str], *, tight: bool) -> list[str]:
        lines: list[str] = []
        for item, name in zip(items, names, strict=True):
            inner = self._lines(item.blocks, tight=tight)
            if item.done is not None:
                inner = [f"[{'x' if item.done else ' '}] {inner[0] if inner else ''}", *inner[1:]]
            if lines and not tight:
                lines.append("")
            margin = " " * (len(name) + 1)
            first, *rest = inner or [""]
            lines.append(f"{name} {first}".rstrip())
            lines.extend(f"{margin}{line}".rstrip() for line in rest)
        return lines

    def _table(self, table: Table) -> list[str]:
        marks = {"left": ":--", "center": ":-:", "right": "--:"}
        self._in_cell = True
        rows = [[self._line(cell, one_line=True) for cell in row] for row in (table.header, *table.rows)]
        self._in_cell = False
        header, *rest = [f"| {' | '.join(row)} |" for row in rows]
        return [header, f"| {' | '.join(marks.get(side or '', '---') for side in table.alignments)} |", *rest]

    def _note(self, number: int, blocks: Blocks) -> list[str]:
        first, *rest = self._lines(blocks) or [""]
        return [f"[^{number}]: {first}", *(f"    {line}".rstrip() for line in rest)]

    def _line(self, line: Line, *, one_line: bool = False) -> str:
        written = "".join(self._inline(part) for part in line).strip()
        return written.replace("\\\n", " ") if one_line else written

    def _inline(self, part: Inline) -> str:  # noqa: PLR0911 - one case a kind of part
        match part:
            case Words():
                return escaped(part.text)
            case Styled():
                mark = _MARKS[part.style]
                return f"{mark}{''.join(self._inline(inner) for inner in part.content)}{mark}"
            case Code():
                return self._code(part.text)
            case Link():
                return self._link(part)
            case LineBreak():
                return "\\\n"
            case LocalValue(value=None):
                return f"**{escaped(self._say('local.missing', label=part.label))}**"
            case LocalValue():
                return f"**{escaped((part.value or '').strip())}**"
            case NoteMark():
                return f"[^{part.number}]"
            case Picture():
                return escaped(self._say("page.picture", alternative=part.alternative))

    def _code(self, text: str) -> str:
        longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
        ticks = "`" * (longest + 1)
        space = " " if text[:1] in {"`", " "} or text[-1:] in {"`", " "} else ""
        shown = text.replace("|", "\\|") if self._in_cell else text
        return f"{ticks}{space}{shown}{space}{ticks}"

    def _link(self, link: Link) -> str:
        content = "".join(self._inline(part) for part in link.content)
        if link.section_key is not None:
            return f"[{content}](#{link.section_key})"
        if link.procedure is not None:
            return f"[{content}]({link.procedure}.md)"
        return f"[{content}](<{link.address}>)"


def escaped(text: str) -> str:
    """Write words so that none of them is markup; in one line."""
    one_line = text.replace("\r", " ").replace("\n", " ")
    return _ALWAYS.sub(r"\\\g<0>", one_line)


def at_start(line: str) -> str:
    """Keep a line from becoming a heading, a list, a rule or an underline because of how it begins."""
    match = _AT_START.match(line)
    if match is None:
        return line
    if match[2]:
        return f"{match[2]}\\{line[len(match[2]) :]}"
    return f"\\{line}"


def _fenced(text: str) -> list[str]:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return [fence, *text.split("\n"), fence]

"""
A tree written as the Markdown of a routine: with its local fields, its footnotes' own names, and links as they were.

`exchange.markdown` writes what a reader sees, for a copy; this writes what is stored. It is for the parts of a returned
Word file that somebody changed; the rest keeps the lines that it had.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from samrutine.exchange.markdown import at_start, escaped
from samrutine.exchange.tree import (
    Block,
    Blocks,
    BulletList,
    Code,
    CodeBlock,
    Framed,
    Heading,
    Item,
    Line,
    LineBreak,
    LocalValue,
    NoteMark,
    OrderedList,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Table,
    Words,
)
from samrutine.exchange.word_atoms import Atom, Naming, atoms

_MARKS: Final = {"strong": "**", "emphasis": "*", "strike": "~~"}
_SIDES: Final = {"center": ":-:", "right": "--:", "left": ":--"}


@dataclass(frozen=True, slots=True)
class Writing:
    """
    How things are written.

    Attributes:
        naming: What a link, a note and a picture are called; a link's name is written as its target.
        picture: The target of a picture.
        plain: Leave weights out: for a line in which Markdown cannot say them.
    """

    naming: Naming
    picture: Callable[[Picture], str]
    plain: bool = False

    def block(self, block: Block) -> list[str]:  # noqa: PLR0911 - one case a kind of block
        """Write a block as lines."""
        match block:
            case Paragraph():
                return [at_start(line) for line in self.line(block.content).split("\n")]
            case Heading():
                return [f"{'#' * block.level} {self.line(block.content, one_line=True)}".rstrip()]
            case BulletList():
                return self.items(block.items, ["-"] * len(block.items))
            case OrderedList():
                return self.items(block.items, [f"{block.start + n}." for n in range(len(block.items))])
            case Table():
                return self._table(block)
            case Quote():
                return [f"> {line}".rstrip() for line in self.blocks(block.blocks)]
            case CodeBlock():
                fence = "`" * max(3, 1 + max((len(run) for run in _runs_of_ticks(block.text)), default=0))
                return [fence, *block.text.split("\n"), fence]
            case Rule():
                return ["---"]
            case Framed():
                return self.blocks(block.blocks)

    def blocks(self, blocks: Blocks, *, tight: bool = False) -> list[str]:
        """Write blocks, with an empty line between them; a list stands close to the words before it when `tight`."""
        lines: list[str] = []
        before: Block | None = None
        for block in blocks:
            written = self.block(block)
            if isinstance(block, BulletList) and isinstance(before, BulletList) and lines:
                written = [f"*{line[1:]}" if line.startswith("- ") or line == "-" else line for line in written]
            if lines and not (tight and isinstance(block, BulletList | OrderedList) and isinstance(before, Paragraph)):
                lines.append("")
            lines += written
            before = block
        return lines

    def items(self, items: Sequence[Item], marks: Sequence[str], *, loose: bool = False) -> list[str]:
        """Write the items of a list with these marks."""
        loose = loose or any(
            isinstance(one, Paragraph)
            for item in items
            for one in item.blocks[1:]
            if isinstance(item.blocks[0], Paragraph)
        )
        lines: list[str] = []
        for item, mark in zip(items, marks, strict=True):
            inner = self.item(item, loose=loose)
            if lines and loose:
                lines.append("")
            margin = " " * (len(mark) + 1)
            lines.append(f"{mark} {inner[0]}".rstrip())
            lines += [f"{margin}{line}".rstrip() for line in inner[1:]]
        return lines

    def item(self, item: Item, *, loose: bool = False) -> list[str]:
        """Write what stands in an item."""
        inner = self.blocks(item.blocks, tight=not loose) or [""]
        if item.done is None:
            return inner
        box = f"[{'x' if item.done else ' '}]"
        if item.blocks and not isinstance(item.blocks[0], Paragraph):
            return [box, "", *inner]
        return [f"{box} {inner[0]}".rstrip(), *inner[1:]]

    def _table(self, table: Table) -> list[str]:
        header, *rows = (self.row(row) for row in (table.header, *table.rows))
        return [header, f"| {' | '.join(_SIDES.get(side or '', '---') for side in table.alignments)} |", *rows]

    def row(self, row: Iterable[Line]) -> str:
        """Write a row of a table."""
        return f"| {' | '.join(self.line(cell, one_line=True) for cell in row)} |"

    def line(self, line: Line, *, one_line: bool = False) -> str:
        """Write a line; a break in it is a line break, or a space where there is room for one line only."""
        found = _trimmed(atoms(line, self.naming))
        written = ""
        for link, group in groupby(found, key=lambda atom: atom.link):
            inner = self._weighted(list(group), ("strong", "emphasis", "strike"))
            if link is None:
                written += inner
            else:
                words, start, end = inner.strip(), _start(inner), _end(inner)
                target = link if not any(sign in link for sign in " ()<>\\") else f"<{link}>"
                written += f"{start}[{words}]({target}){end}"
        written = "\n".join(piece.strip() for piece in written.split("\n")).strip()
        return written.replace("\\\n", " ").replace("\n", " ") if one_line else written

    def _weighted(self, found: Sequence[Atom], styles: tuple[str, ...]) -> str:
        if not styles:
            return "".join(self._part(atom) for atom in found)
        style, *rest = styles
        written = ""
        for has, group in groupby(found, key=lambda atom: style in atom.styles):
            inner = self._weighted(list(group), tuple(rest))
            words = inner.strip()
            mark = _MARKS[style] if has and words and not self.plain else ""
            written += f"{_start(inner)}{mark}{words}{mark}{_end(inner)}" if words else inner
        return written

    def _part(self, atom: Atom) -> str:  # noqa: PLR0911 - one case a kind of part
        match atom.part:
            case Words():
                return escaped(atom.part.text)
            case Code():
                return _code(atom.part.text)
            case LineBreak():
                return "\\\n"
            case LocalValue():
                return f"{{{{{atom.part.key}}}}}"
            case NoteMark():
                return f"[^{self.naming.note(atom.part)}]"
            case Picture():
                target = self.picture(atom.part)
                words = escaped(" ".join(atom.part.alternative.split()))
                return f"![{words}]({target if ' ' not in target else f'<{target}>'})"
            case _:
                return ""


def _trimmed(found: list[Atom]) -> list[Atom]:
    """Leave out breaks at the ends, which nobody sees and Markdown cannot say."""
    seen = [n for n, atom in enumerate(found) if not _is_white(atom)]
    return found[seen[0] : seen[-1] + 1] if seen else []


def _is_white(atom: Atom) -> bool:
    return isinstance(atom.part, LineBreak) or (isinstance(atom.part, Words) and not atom.part.text.strip())


def _start(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _end(text: str) -> str:
    return text[len(text.rstrip()) :]


def _runs_of_ticks(text: str) -> list[str]:
    return ["".join(group) for tick, group in groupby(text, key=lambda sign: sign == "`") if tick]


def _code(text: str) -> str:
    ticks = "`" * (1 + max((len(run) for run in _runs_of_ticks(text)), default=0))
    space = " " if text[:1] in {"`", " "} or text[-1:] in {"`", " "} else ""
    return f"{ticks}{space}{text}{space}{ticks}"

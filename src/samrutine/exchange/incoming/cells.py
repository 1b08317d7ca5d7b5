"""What a cell holds, in one line: a table of Markdown has room for no more."""

from collections.abc import Iterable
from typing import Any, Final

from samrutine.exchange.incoming.inlines import LineWriter, Tell
from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.tables import grid
from samrutine.proposals.prose_words import critical_in

Block = dict[str, Any]
_ENDS: Final = (".", ",", ";", ":", "!", "?", "–", "(")
_BEGINS: Final = ("•", "(")


class CellWriter:
    """Writes cells: paragraphs with a semicolon between them, items with a dot or their number before them."""

    def __init__(self, lines: LineWriter, tell: Tell) -> None:
        self._lines = lines
        self._tell = tell
        self._inner = 0

    def text(self, blocks: list[Block]) -> str:
        """Write what a cell holds."""
        return in_one_line(self._block(block) for block in blocks)

    def take_inner(self) -> int:
        """Give the number of cells of tables inside cells since it was asked last."""
        count, self._inner = self._inner, 0
        return count

    def _block(self, block: Block) -> str:  # noqa: C901, PLR0911 - one case a kind of block
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                return in_one_line(self._lines.line(content, breaks="\n", starts=False).split("\n"))
            case "Header":
                return self._lines.line(content[2], breaks=" ", starts=False)
            case "BulletList":
                return " ".join(f"• {text}" for item in content if (text := self.text(item)))
            case "OrderedList":
                numbered = [(n, self.text(item)) for n, item in enumerate(content[1], int(content[0][0]))]
                return " ".join(f"{n}. {text}" for n, text in numbered if text)
            case "Table":
                return self._table(content)
            case "LineBlock":
                return in_one_line(self._lines.line(line, breaks=" ", starts=False) for line in content)
            case "CodeBlock":
                return self._lines.line([{"t": "Str", "c": content[1]}], starts=False)
            case "BlockQuote":
                return self.text(content)
            case "Div":
                return self.text(content[1])
            case "Figure":
                return self.text(content[2])
            case "DefinitionList":
                return in_one_line(
                    f"{self._lines.line(term)}: {in_one_line(self.text(one) for one in definitions)}"
                    for term, definitions in content
                )
            case _:
                return ""

    def _table(self, content: list[Any]) -> str:
        inner = grid(content, self.text)
        if inner.box is not None:
            self._tell("table-nested", "")
            self._inner += 1
            return self.text(inner.box)
        self._inner += inner.cells
        lines = [row_in_line(row) for row in inner.rows]
        told = nested_table(lines)
        self._tell(told.code, told.detail)
        return told.detail


def in_one_line(parts: Iterable[str]) -> str:
    """
    Put parts in one line, so that each is seen to end: a semicolon where no sign does it.

    No stroke: beside a unit it reads as "per".
    """
    line = ""
    for part in parts:
        if part and line:
            line += " " if line.endswith(_ENDS) or part.startswith(_BEGINS) else "; "
        line += part
    return line


def nested_table(lines: Iterable[str]) -> Finding:
    """
    Tell of a table inside another, or inside an item, by its words in one line.

    What a value is of is seen by its row and its column, and in a line there are none any more.
    """
    written = in_one_line(lines)
    return Finding("table-nested-values" if critical_in(written) else "table-nested", detail=written)


def row_in_line(cells: Iterable[str]) -> str:
    """Write a row with its first cell as what the others are of."""
    first, *rest = [cell for cell in cells if cell] or [""]
    return f"{first.rstrip(':')}: {', '.join(rest)}" if rest else first

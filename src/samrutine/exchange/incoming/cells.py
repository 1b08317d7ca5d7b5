"""What a cell holds, in one line: a table of Markdown has room for no more."""

from typing import Any, Final

from samrutine.exchange.incoming.inlines import LineWriter, Tell
from samrutine.exchange.incoming.tables import grid

Block = dict[str, Any]
_BETWEEN: Final = " / "


class CellWriter:
    """Writes cells: paragraphs with a stroke between them, items with a dot or their number before them."""

    def __init__(self, lines: LineWriter, tell: Tell) -> None:
        self._lines = lines
        self._tell = tell
        self._inner = 0

    def text(self, blocks: list[Block]) -> str:
        """Write what a cell holds."""
        return _BETWEEN.join(text for block in blocks if (text := self._block(block)))

    def take_inner(self) -> int:
        """Give the number of cells of tables inside cells since it was asked last."""
        count, self._inner = self._inner, 0
        return count

    def _block(self, block: Block) -> str:  # noqa: C901, PLR0911 - one case a kind of block
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                return self._lines.line(content, breaks=_BETWEEN, starts=False)
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
                return _BETWEEN.join(self._lines.line(line, breaks=" ", starts=False) for line in content)
            case "CodeBlock":
                return self._lines.line([{"t": "Str", "c": content[1]}], starts=False)
            case "BlockQuote":
                return self.text(content)
            case "Div":
                return self.text(content[1])
            case "Figure":
                return self.text(content[2])
            case "DefinitionList":
                return _BETWEEN.join(
                    f"{self._lines.line(term)}: {_BETWEEN.join(self.text(one) for one in definitions)}"
                    for term, definitions in content
                )
            case _:
                return ""

    def _table(self, content: list[Any]) -> str:
        inner = grid(content, self.text)
        self._tell("table-nested", str(len(inner.rows)))
        if inner.box is not None:
            self._inner += 1
            return self.text(inner.box)
        self._inner += inner.cells
        return _BETWEEN.join(", ".join(cell for cell in row if cell) for row in inner.rows)

"""Markdown taken apart into paragraphs, steps of a list, and rows and cells of a table, and put together again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from samrutine.procedures.markdown import markdown

_MARKER: Final = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?: {1,4}|$)")
_BETWEEN_CELLS: Final = re.compile(r"(?<!\\)\|")
_FEWEST_ROWS: Final = 2


def blocks(text: str) -> tuple[str, ...]:
    """Give the paragraphs, lists, tables and other blocks of a text, each as Markdown."""
    lines = text.split("\n")
    found: list[str] = []
    end = 0
    for token in markdown().parse(text, {}):
        if token.level or token.map is None or token.map[0] < end:
            continue
        # What no block holds is a definition that stands among them; it goes with the block after it.
        found.append("\n".join(lines[end : token.map[1]]).strip("\n"))
        end = token.map[1]
    rest = "\n".join(lines[end:]).strip()
    return (*found, rest) if rest else tuple(found)


@dataclass(frozen=True, slots=True)
class ListItems:
    """A list: the marks of its items, whether there is air between them, and each item's own text."""

    mark: str
    loose: bool
    items: tuple[str, ...]

    def together(self, items: Sequence[str]) -> str:
        """Write a list like this one with other items; ordered ones are numbered when the text is stored."""
        indent = " " * (len(self.mark) + 1)
        written = []
        for item in items:
            first, *rest = item.split("\n")
            written.append("\n".join([f"{self.mark} {first}", *(f"{indent}{line}" if line else "" for line in rest)]))
        return ("\n\n" if self.loose else "\n").join(written)


def list_items(block: str) -> ListItems | None:
    """Take a block apart into the items of a list; None when it is not one list."""
    tokens = markdown().parse(block, {})
    if not tokens or not tokens[0].type.endswith("_list_open") or sum(token.level == 0 for token in tokens) != 2:  # noqa: PLR2004  it opens and closes
        return None
    opening = tokens[0]
    ordered = opening.type == "ordered_list_open"
    mark = f"{opening.attrGet('start') or 1}{opening.markup}" if ordered else opening.markup
    loose = any(token.type == "paragraph_open" and token.level == 2 and not token.hidden for token in tokens)  # noqa: PLR2004  in the item
    lines = block.split("\n")
    items = [token.map for token in tokens if token.type == "list_item_open" and token.level == 1]
    return ListItems(mark, loose, tuple(_unindented(lines[at[0] : at[1]]) for at in items if at is not None))


def _unindented(lines: Sequence[str]) -> str:
    found = _MARKER.match(lines[0])
    width = found.end() if found else 0
    rest = (line[min(width, len(line) - len(line.lstrip(" "))) :] for line in lines[1:])
    return "\n".join([lines[0][width:], *rest]).strip("\n")


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table: its first row, the row of dashes, and the others, each as it is written."""

    columns: int
    header: str
    dashes: str
    rows: tuple[str, ...]

    def together(self, header: str, rows: Sequence[str]) -> str:
        """Write a table with other rows."""
        return "\n".join([header, self.dashes, *rows])


def table_rows(block: str) -> TableRows | None:
    """Take a block apart into the rows of a table; None when it is not one."""
    tokens = markdown().parse(block, {})
    lines = block.split("\n")
    if not tokens or tokens[0].type != "table_open" or tokens[-1].type != "table_close" or len(lines) < _FEWEST_ROWS:
        return None
    columns = sum(token.type == "th_open" for token in tokens)
    return TableRows(columns, lines[0], lines[1], tuple(lines[2:]))


def cells(row: str) -> tuple[str, ...]:
    r"""Give the cells of a row; `\|` inside one divides nothing."""
    return tuple(cell.strip() for cell in _BETWEEN_CELLS.split(row.strip().removeprefix("|").removesuffix("|")))


def row_of(cells_of_row: Sequence[str]) -> str:
    """Write a row."""
    return f"| {' | '.join(cells_of_row)} |"

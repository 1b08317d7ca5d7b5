"""A table of pandoc's as rows of equal length, with everything told that Markdown's tables cannot show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]


@dataclass(slots=True)
class Grid:
    """
    A table as Markdown can hold it.

    `box` are the blocks of a table of one cell, which is a frame around them and no table. `cells` counts the cells of
    the source, merged ones as one.
    """

    rows: list[list[str]] = field(default_factory=list)
    alignments: list[str] = field(default_factory=list)
    has_head: bool = False
    cells: int = 0
    box: list[Block] | None = None
    told: list[tuple[str, str]] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)


def grid(content: list[Any], cell_text: Callable[[list[Block]], str]) -> Grid:
    """
    Lay a table out.

    A cell that covers several rows stands in each of them, since each row must be right when it is read alone; one
    that covers several columns stands in the first.

    Args:
        content: What pandoc's Table holds.
        cell_text: Writes the blocks of a cell in one line.
    """
    head = [row[1] for row in content[3][1]]
    bodies = [row[1] for body in content[4] for row in [*body[2], *body[3]]]
    body = bodies + [row[1] for row in content[5][1]]
    made = Grid(alignments=[spec[0]["t"] for spec in content[2]])
    every = [*head, *body]
    if len(every) == 1 and len(every[0]) == 1:
        made.box = every[0][0][4]
        made.told.append(("table-as-box", ""))
        return made
    hanging: dict[int, tuple[int, str]] = {}
    for row in every:
        made.rows.append(_row(row, hanging, made, cell_text))
    made.rows = [row for row in made.rows if row]
    if any(any(row) for row in made.rows[: len(head)]):
        made.has_head = True
    elif head:
        made.rows = made.rows[len(head) :]
    if not made.has_head and made.rows and _is_head(made.rows):
        made.has_head = True
        made.told.append(("table-header-assumed", " | ".join(made.rows[0])))
    return made


def _row(
    row: list[Any], hanging: dict[int, tuple[int, str]], made: Grid, cell_text: Callable[[list[Block]], str]
) -> list[str]:
    texts: list[str] = []

    def hang() -> None:
        while len(texts) in hanging:
            left, text = hanging.pop(len(texts))
            if left > 1:
                hanging[len(texts)] = (left - 1, text)
            if text:
                made.repeated.append(text)
            texts.append(text)

    for cell in row:
        hang()
        text = cell_text(cell[4])
        rows, columns = int(cell[2]), int(cell[3])
        made.cells += 1
        if rows > 1 or columns > 1:
            made.told.append(("table-merged", text))
        if len(cell[4]) > 1 or any(block["t"] not in {"Para", "Plain"} for block in cell[4]):
            made.told.append(("cell-flattened", text))
        for n in range(columns):
            if rows > 1:
                hanging[len(texts)] = (rows - 1, text if n == 0 else "")
            texts.append(text if n == 0 else "")
    hang()
    return texts


def _is_head(rows: list[list[str]]) -> bool:
    """Tell whether the first row looks like names of columns: every cell has some, none has a figure, more rows follow."""
    first = rows[0]
    return len(rows) > 1 and all(cell and not any(letter.isdigit() for letter in cell) for cell in first)

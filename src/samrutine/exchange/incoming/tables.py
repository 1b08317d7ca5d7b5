"""A table of pandoc's as rows of equal length, with everything told that Markdown's tables cannot show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from samrutine.proposals.prose_words import Critical, critical_in

Block = dict[str, Any]
_LONGEST_NAME: Final = 60


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
    spans = [span for row, span in zip(made.rows, map(_spans, every), strict=True) if row]
    made.rows = [row for row in made.rows if row]
    if any(any(row) for row in made.rows[: len(head)]):
        made.has_head = True
    elif head:
        made.rows, spans = made.rows[len(head) :], spans[len(head) :]
    if made.rows and _has_names_below(
        made.rows, above := _covered(made.rows[0], spans[0]), said=max(spans[0], default=1) > 1
    ):
        made.told.append(("table-names-joined", " / ".join(" | ".join(filter(None, row)) for row in made.rows[:2])))
        made.rows = [_both(made.rows, above), *made.rows[2:]]
    if not made.has_head and made.rows:
        made.has_head = _is_head(made.rows)
        shown = " | ".join(made.rows[0])
        made.told.append(("table-header-assumed", shown) if made.has_head else ("table-without-header", shown))
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


def _spans(row: list[Any]) -> list[int]:
    """Give how many columns each cell of a row covers; all of one when a cell of another row hangs down into it."""
    return [int(cell[3]) for cell in row]


def _covered(row: list[str], spans: list[int]) -> list[int]:
    """Give what each cell of a row covers; where the file does not say it, a name covers the empty cells after it."""
    if max(spans, default=1) > 1 or len(spans) != len(row) or not row[0]:
        return spans
    found: list[int] = []
    for cell in row:
        if cell:
            found.append(1)
        else:
            found[-1] += 1
    return found


def _has_names_below(rows: list[list[str]], spans: list[int], *, said: bool) -> bool:
    """
    Tell whether the names of the columns stand in two rows: "Adrenalin 1 mg/ml" over "Dose" and "Mengde".

    Then some cell above covers several columns that each have a name below, and the others have none of their own there. Where
    the file does not say what it covers, figures must stand below: else "Ring lege" would be the name of a column.
    """
    if len(rows) < 3 or len(rows[0]) != len(rows[1]) or sum(spans) != len(rows[0]) or max(spans) in {1, len(rows[0])}:  # noqa: PLR2004 - two of names and one of values
        return False
    at = 0
    for columns in spans:
        below = rows[1][at : at + columns]
        if columns > 1 and not all(_is_name(cell) for cell in below):
            return False
        if columns > 1 and not said and not all(_is_over_figures(rows[1:], n) for n in range(at, at + columns)):
            return False
        if columns == 1 and below[0] not in {"", rows[0][at]}:
            return False
        at += columns
    return True


def _both(rows: list[list[str]], spans: list[int]) -> list[str]:
    """Write names that stand in two rows in one, so that each column says all that holds for it."""
    names: list[str] = []
    for columns in spans:
        at = len(names)
        above = rows[0][at].rstrip(":")
        names += [rows[0][at]] if columns == 1 else [f"{above}: {cell}" for cell in rows[1][at : at + columns]]
    return names


def _is_head(rows: list[list[str]]) -> bool:
    """
    Tell whether the first row looks like names of columns, with rows of something below it.

    All of it is bold, or none has a figure, or there are at least three and what has a figure ("Uke 1") is a name. The
    corner may be empty. A dose is a name only over figures: else "Morfin 5 mg" might be what somebody shall give.
    """
    first = rows[0]
    names = first[1:] if len(first) > 2 and not first[0] else first  # noqa: PLR2004 - a corner is one of three
    if len(rows) < 2 or not all(names) or any(len(name) > _LONGEST_NAME for name in names):  # noqa: PLR2004 - and what they name
        return False
    if all(name.startswith("**") and name.endswith("**") for name in names):
        return True
    if not any(letter.isdigit() for name in names for letter in name):
        return True
    return len(names) > 2 and all(  # noqa: PLR2004 - two are as often a name and its value
        _is_name(name) and (Critical.DOSE not in critical_in(name) or _is_over_figures(rows, at))
        for at, name in enumerate(first)
        if name
    )


def _is_name(cell: str) -> bool:
    return 0 < len(cell) <= _LONGEST_NAME and cell.lstrip("*_ ")[:1].isalpha() and not cell.endswith(".")


def _is_over_figures(rows: list[list[str]], column: int) -> bool:
    below = [row[column] for row in rows[1:] if len(row) > column and row[column]]
    return bool(below) and all(cell[0].isdigit() for cell in below)

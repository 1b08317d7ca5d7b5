"""Rows of Word's tables that begin late or end early, and cells merged the old way: told, and each cell in its column."""

from collections.abc import Iterator
from typing import Final

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_changes import place
from samrutine.exchange.incoming.word_package import Element, W, value, whole
from samrutine.exchange.incoming.word_text import text_of

_MOST: Final = 63
"""Columns a table of Word's can have."""


def square(root: Element) -> Iterator[Finding]:
    """
    Put empty cells where a row skips columns, so that a dose stays under its heading.

    Cells that go on from the one before them (Word's older way to merge) are there already, and are told of.
    """
    for row in list(root.iter(f"{W}tr")):
        before, after = (min(whole(value(row, f"{W}trPr/{W}{name}")), _MOST) for name in ("gridBefore", "gridAfter"))
        first = row.find(f"{W}tc")
        if first is None:
            continue
        if before:
            for _ in range(before):
                first.addprevious(_empty(row))
            yield Finding("table-merged", place(first), " ".join(text_of(row, inner=True).split()))
        for _ in range(after):
            row.append(_empty(row))
        for cell in row.findall(f"{W}tc"):
            if value(cell, f"{W}tcPr/{W}hMerge") == "restart":
                yield Finding("table-merged", place(cell), " ".join(text_of(cell, inner=True).split()))


def _empty(row: Element) -> Element:
    cell = row.makeelement(f"{W}tc", {})
    cell.append(row.makeelement(f"{W}p", {}))
    return cell

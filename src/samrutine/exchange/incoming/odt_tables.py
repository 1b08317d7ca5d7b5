"""Tables of ODT, so written that pandoc drops nothing of them."""

from typing import Any, Final

from samrutine.exchange.incoming.word_package import Element, whole

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
TEXT: Final = f"{_ODF}text:1.0}}"
OFFICE: Final = f"{_ODF}office:1.0}}"
TABLE: Final = f"{_ODF}table:1.0}}"
_MARK: Final = "samrutine-last-row"
_WIDEST: Final = 200


def widen(root: Element) -> None:
    """
    Put a row of as many cells as there are columns under each table with cells over several of them.

    Pandoc takes the most cells of a row for the number of columns, and drops what stands further to the right.
    `narrow` takes the rows away again.
    """
    for table in list(root.iter(f"{TABLE}table")):
        rows = [row for row in table.iter(f"{TABLE}table-row") if _table_of(row) is table]
        if not any(cell.get(f"{TABLE}number-columns-spanned", "1") != "1" for row in rows for cell in row):
            continue
        row = table.makeelement(f"{TABLE}table-row", {})
        for _ in range(min(max(sum(map(_width, row)) for row in rows), _WIDEST)):
            cell = row.makeelement(f"{TABLE}table-cell", {})
            paragraph = cell.makeelement(f"{TEXT}p", {})
            paragraph.text = _MARK
            cell.append(paragraph)
            row.append(cell)
        table.append(row)


def narrow(tree: Any) -> None:
    """Take the rows that `widen` put in out of a tree."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("t") == "Table":
                for body in one["c"][4]:
                    body[3] = [row for row in body[3] if not _is_marked(row)]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _table_of(row: Element) -> Element | None:
    return next(row.iterancestors(f"{TABLE}table"), None)


def _width(cell: Element) -> int:
    return min(whole(cell.get(f"{TABLE}number-columns-repeated"), 1), _WIDEST)


def _is_marked(row: Any) -> bool:
    return bool(row[1]) and _MARK in str(row[1][0][4])

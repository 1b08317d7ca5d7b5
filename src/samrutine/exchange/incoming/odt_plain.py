"""What pandoc passes over in ODT, so written that it does not: fields, and tables in lists and in tables."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from samrutine.exchange.incoming.cells import in_one_line, nested_table, row_in_line
from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.odt_tables import OFFICE, TABLE, TEXT
from samrutine.exchange.incoming.word_package import Element, whole

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_DRAW: Final = f"{_ODF}drawing:1.0}}"
_STYLE: Final = f"{_ODF}style:1.0}}"
_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_WIDEST: Final = 80
_LINES: Final = (f"{TEXT}p", f"{TEXT}h")
_LISTS: Final = frozenset({f"{TEXT}list", f"{TEXT}list-item", f"{TEXT}list-header"})
_KNOWN: Final = frozenset(
    f"{TEXT}{name}"
    for name in (
        *("p", "h", "span", "a", "s", "tab", "line-break", "note", "note-citation", "note-body", "soft-page-break"),
        *(
            "bookmark",
            "bookmark-start",
            "bookmark-end",
            "bookmark-ref",
            "reference-ref",
            "note-ref",
            "list",
            "list-item",
        ),
        *("reference-mark", "reference-mark-start", "reference-mark-end", "change", "change-start", "change-end"),
        *("list-header", "section", "sequence-decls", "numbered-paragraph", "index-body"),
    )
)


def fields_as_words(root: Element) -> None:
    """Write each field as the words it shows, and words above words in brackets after them."""
    for above in root.iter(f"{TEXT}ruby-text"):
        if "".join(above.itertext()).strip():
            above.text = f" ({above.text or ''}"
            last = above[-1] if len(above) else None
            if last is None:
                above.text += ")"
            else:
                last.tail = f"{last.tail or ''})"
    for line in root.iter(*_LINES):
        for one in line.iter():
            if isinstance(one.tag, str) and one.tag.startswith(TEXT) and one.tag not in _KNOWN:
                one.tag = f"{TEXT}span"
                one.attrib.clear()


def strays(root: Element) -> Iterator[Finding]:
    """Make a paragraph that numbers itself an item, and tell of words that stand in no paragraph."""
    for one in list(root.iter(f"{TEXT}numbered-paragraph")):
        item = one.makeelement(f"{TEXT}list-item", {})
        item.extend(list(one))
        one.append(item)
        one.tag = f"{TEXT}list"
    body = next(root.iter(f"{OFFICE}text"), None)
    for text in () if body is None else _loose()(body):
        yield Finding("words-missing", detail=" ".join(text.split()))


@cache
def _loose() -> Any:
    from lxml import etree

    return etree.XPath(
        ".//text()[normalize-space()][not(ancestor::text:p or ancestor::text:h or ancestor::draw:frame)]",
        namespaces={"text": TEXT[1:-1], "draw": _DRAW[1:-1]},
    )


def without_nesting(root: Element) -> list[Finding]:
    """Write tables in items as a line for each row, and tables in cells as one line; the innermost first."""
    found: list[Finding] = []
    for table in reversed(list(root.iter(f"{TABLE}table"))):
        above = next((one for one in table.iterancestors() if one.tag in {*_LISTS, f"{TABLE}table-cell"}), None)
        if above is None or table.getparent() is None:
            continue
        in_cell = any(one.tag == f"{TABLE}table-cell" for one in table.iterancestors())
        rows = [[_cell(cell) for cell in row if cell.tag == f"{TABLE}table-cell"] for row in table.iter(_ROW)]
        lines = [line for row in rows if (line := row_in_line(row))]
        for line in [in_one_line(lines)] if in_cell else lines:
            paragraph = table.makeelement(f"{TEXT}p", {})
            paragraph.text = line
            table.addprevious(paragraph)
        kept = list(table.iter(f"{_DRAW}frame", f"{TEXT}note"))
        if kept:
            paragraph = table.makeelement(f"{TEXT}p", {})
            table.addprevious(paragraph)
            paragraph.extend(kept)
        table.getparent().remove(table)
        found.append(nested_table(lines))
    return found


_ROW: Final = f"{TABLE}table-row"


def line_of(element: Element) -> str:
    """Give the words of a paragraph, without its notes and boxes, which are paragraphs of their own."""
    pieces = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag in {f"{TEXT}tab", f"{TEXT}line-break"}:
            pieces.append(" ")
        elif tag == f"{TEXT}s":
            pieces.append(" " * min(whole(child.get(f"{TEXT}c"), 1), _WIDEST))
        elif tag not in {f"{TEXT}note", f"{_DRAW}frame", f"{_DRAW}custom-shape", f"{OFFICE}annotation"}:
            pieces.append(line_of(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def remove(element: Element) -> None:
    """Take an element out and leave the words that follow it."""
    above = element.getparent()
    if above is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        above.text = (above.text or "") + tail
    above.remove(element)


def _cell(cell: Element) -> str:
    return in_one_line(_lines(cell))


def _lines(cell: Element) -> Iterator[str]:
    return (" ".join(line_of(one).split()) for one in cell.iter(*_LINES))

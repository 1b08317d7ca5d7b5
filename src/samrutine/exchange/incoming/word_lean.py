"""The plain copy of a Word document without what pandoc would only pass over: it takes as long for a width as for a word."""

from collections.abc import Collection
from typing import Final

from samrutine.exchange.incoming.word_lists import Lists
from samrutine.exchange.incoming.word_package import Element, W, value

_LOOKS_OF_TABLES: Final = tuple(
    f"{W}{name}"
    for name in (
        *("tblStyle", "tblW", "tblBorders", "tblCellMar", "tblInd", "tblLayout", "trHeight", "cantSplit"),
        *("tcW", "tcBorders", "tcMar", "shd", "noWrap", "vAlign"),
    )
)
_LOOKS_OF_LISTS: Final = tuple(f"{W}{name}" for name in ("pPr", "rPr", "lvlJc"))
_MAY_BE_EMPTY: Final = tuple(f"{W}{name}" for name in ("tcPr", "trPr", "pPr", "r"))


def lean(roots: Collection[Element], lists: Lists) -> None:
    """Take away how tables and lists look, the lists that nothing is in, and what is empty; no word goes with it."""
    for root in roots:
        for element in list(root.iter(*_LOOKS_OF_TABLES)):
            element.getparent().remove(element)
        for element in list(root.iter(*_MAY_BE_EMPTY)):
            if not len(element):
                element.getparent().remove(element)
    if lists.root is not None:
        used = {one.get(f"{W}val") for root in roots for one in root.iter(f"{W}numId")}
        _keep_only(lists.root, used)


def _keep_only(numbering: Element, used: set[str | None]) -> None:
    kinds = set()
    for number in list(numbering.iter(f"{W}num")):
        if number.get(f"{W}numId") in used:
            kinds.add(value(number, f"{W}abstractNumId"))
        else:
            number.getparent().remove(number)
    for kind in list(numbering.iter(f"{W}abstractNum")):
        if kind.get(f"{W}abstractNumId") not in kinds:
            kind.getparent().remove(kind)
    for look in list(numbering.iter(*_LOOKS_OF_LISTS)):
        look.getparent().remove(look)

"""The words of Word's XML, paragraph by paragraph, as somebody reads them when every change is accepted."""

from collections.abc import Iterator
from typing import Final

from samrutine.exchange.incoming.word_package import MC, Element, M, W

_LEFT_OUT: Final = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{MC}Fallback", f"{W}rPr", f"{W}pPr", f"{W}instrText", f"{W}delText"}
)
_SPACES: Final = frozenset({f"{W}tab", f"{W}br", f"{W}cr", f"{W}ptab"})


def text_of(element: Element, *, inner: bool = False) -> str:
    """
    Give the text of an element in one line of words, line breaks and tabs as they are meant.

    Args:
        inner: Take paragraphs inside it along (those of a cell or a box), a line each.
    """
    return "".join(_pieces(element, inner=inner))


def paragraphs(root: Element) -> Iterator[Element]:
    """Give every paragraph once, text boxes' and cells' too, but none that was deleted or stands there as a spare."""
    for paragraph in root.iter(f"{W}p"):
        if not any(above.tag in _LEFT_OUT for above in paragraph.iterancestors()):
            yield paragraph


def _pieces(element: Element, *, inner: bool) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in _LEFT_OUT:
            continue
        if tag in {f"{W}t", f"{M}t"}:
            yield child.text or ""
        elif tag in _SPACES:
            yield "\t" if tag == f"{W}tab" else "\n"
        elif tag == f"{W}noBreakHyphen":
            yield "-"
        elif tag == f"{W}p":
            if inner:
                yield from _pieces(child, inner=True)
                yield "\n"
        elif tag != f"{W}softHyphen":
            yield from _pieces(child, inner=inner)

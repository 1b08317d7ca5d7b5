"""The words of Word's XML, paragraph by paragraph, as somebody reads them when every change is accepted."""

from collections.abc import Iterator
from typing import Final

from samrutine.exchange.incoming.word_package import MC, Element, M, W
from samrutine.exchange.incoming.word_symbols import sign_of

_LEFT_OUT: Final = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{MC}Fallback", f"{W}rPr", f"{W}pPr", f"{W}instrText", f"{W}delText"}
)
_WORDS: Final = frozenset({f"{W}t", f"{M}t"})
_SIGNS: Final = {
    **{f"{W}{name}": "\n" for name in ("br", "cr", "ptab")},
    f"{W}tab": "\t",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}
_SIGN: Final = f"{W}sym"
_PARAGRAPH: Final = f"{W}p"


def text_of(element: Element, *, inner: bool = False) -> str:
    """
    Give the text of an element in one line of words, line breaks and tabs as they are meant.

    Args:
        inner: Take paragraphs inside it along (those of a cell or a box), a line each.
    """
    pieces: list[str] = []
    _take(element, pieces, inner=inner)
    return "".join(pieces)


def paragraphs(root: Element) -> Iterator[Element]:
    """Give every paragraph once, text boxes' and cells' too, but none that was deleted or stands there as a spare."""
    for paragraph in root.iter(f"{W}p"):
        if not any(above.tag in _LEFT_OUT for above in paragraph.iterancestors()):
            yield paragraph


def _take(element: Element, pieces: list[str], *, inner: bool) -> None:
    for child in element:
        tag = child.tag
        if tag in _WORDS:
            pieces.append(child.text or "")
        elif tag in _LEFT_OUT:
            continue
        elif tag in _SIGNS:
            pieces.append(_SIGNS[tag])
        elif tag == _SIGN:
            pieces.append(sign_of(child.get(f"{W}font", ""), child.get(f"{W}char", "")))
        elif tag != _PARAGRAPH:
            if len(child):
                _take(child, pieces, inner=inner)
        elif inner:
            _take(child, pieces, inner=True)
            pieces.append("\n")

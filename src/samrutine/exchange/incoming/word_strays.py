"""
Words of Word's XML that stand where no reader looks for them, put where readers do; and those that cannot be, told.

Some programs write runs outside a paragraph or marks of their own around them, and Asian Word writes words above words.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_changes import place, unwrap
from samrutine.exchange.incoming.word_package import Element, M, W

_HOLD_WORDS: Final = (
    *("p", "r", "hyperlink", "ins", "del", "moveFrom", "moveTo", "smartTag", "customXml", "dir", "bdo", "sdt"),
    *("sdtContent", "fldSimple", "tc", "tbl", "tr", "txbxContent", "footnote", "endnote", "comment", "body", "ruby"),
    *("rt", "rubyBase", "document", "footnotes", "endnotes", "object", "pict", "drawing", "pPr", "rPr", "hdr", "ftr"),
)
_KNOWN: Final = frozenset(f"{W}{name}" for name in _HOLD_WORDS)
_ABOVE_PARAGRAPHS: Final = frozenset(
    f"{W}{name}" for name in ("body", "tc", "footnote", "endnote", "txbxContent", "hdr", "ftr")
)
_SAID: Final = ("t", "delText", "instrText", "delInstrText", "fldData")


def straighten(root: Element) -> Iterator[Finding]:
    """Put stray words into the line where they stand, and tell of those in marks that are not Word's."""
    for ruby in list(root.iter(f"{W}ruby")):
        _in_a_row(ruby)
    for run in list(root.iter(f"{W}r", f"{M}oMath", f"{M}oMathPara")):
        above = run.getparent()
        while above is not None and above.tag not in _KNOWN and str(above.tag).startswith(W):
            unwrap(above)
            above = run.getparent()
        if above is not None and above.tag in _ABOVE_PARAGRAPHS:
            paragraph = above.makeelement(f"{W}p", {})
            run.addprevious(paragraph)
            paragraph.append(run)
    for text in _strange()(root):
        above = text.getparent()
        if text.is_tail:
            above = above.getparent()
        yield Finding("words-missing", place(above), " ".join(text.split()))


def _in_a_row(ruby: Element) -> None:
    """Write words and what stands above them one after the other: the words, and those above in brackets."""
    run = ruby.getparent()
    if run is None or run.tag != f"{W}r":
        return
    base = [one for part in ruby.findall(f"{W}rubyBase") for one in part]
    above = [one for part in ruby.findall(f"{W}rt") for one in part]
    signs = [_sign(run, " ("), *above, _sign(run, ")")] if above else []
    for one in reversed([*base, *signs]):
        run.addnext(one)
    run.remove(ruby)


def _sign(near: Element, sign: str) -> Element:
    run = near.makeelement(f"{W}r", {})
    text = run.makeelement(f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    text.text = sign
    run.append(text)
    return run


@cache
def _strange() -> Any:
    """Find words that stand in no mark of Word's for words; drawings' numbers and words are told of with the drawings."""
    from lxml import etree

    said = " or ".join(f"parent::w:{name}" for name in _SAID)
    return etree.XPath(
        f"//text()[normalize-space()][not({said} or parent::m:t or ancestor::w:sdtPr or ancestor::w:del "
        "or ancestor::w:moveFrom)][parent::w:* or not(ancestor::w:drawing or ancestor::w:pict or ancestor::w:object)]",
        namespaces={"w": W[1:-1], "m": M[1:-1]},
    )

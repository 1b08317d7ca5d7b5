"""
A document as PDF, for paper and for the archive: PDF/A-2a and PDF/UA-1 in one file.

Typst sets the page from a fixed template, `templates/document.typ`, which is given the words as JSON; see `typeset`.
"""

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.exchange.page import Page, page
from samrutine.exchange.pdf_data import PageWriter, as_json
from samrutine.exchange.typeset import STANDARDS, typeset
from samrutine.exchange.xmp import about

__all__ = ["STANDARDS", "page_data", "render"]


def render(document: EffectiveDocument, *, copy: bool = False) -> bytes:
    """
    Print a document as PDF. The same document gives the same bytes, in any process and on any machine.

    A character that no font of ours has is printed as its code point, "[U+4E2D]": visible, and nothing is lost.

    Args:
        copy: Mark it as a copy that was handed out; see `page.mark_of`.

    Raises:
        DocumentUnavailable: Typst could not set the page; the detail is typst's own.
    """
    printed = page(document, copy=copy)
    return typeset(
        "document.typ", lambda only_latin: page_data(printed, only_latin=only_latin),
        procedure=printed.procedure_id, about=about(document, printed),
    )  # fmt: skip


def page_data(printed: Page, *, only_latin: bool = False) -> str:
    """
    Give the JSON that the template prints.

    Args:
        printed: The page.
        only_latin: Spell out everything beyond Latin letters and common signs, for the rare combination of
            characters that the fonts have one by one but not together.
    """
    return as_json(PageWriter(printed.say, only_latin=only_latin).page(printed))

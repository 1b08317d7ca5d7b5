"""
A pocket card: one section of a routine on one page of A6, with a square that leads to the whole.

What does not fit is refused, and never made smaller: a card is read in a hurry, in bad light.
"""

import math
from dataclasses import replace
from typing import Final

from samrutine.adoptions.paper import Card
from samrutine.adoptions.paper_errors import CardWithPartsTooLong
from samrutine.errors import CardTooLong
from samrutine.exchange.page import Page, page
from samrutine.exchange.pdf_data import PageWriter, as_json, mark_size
from samrutine.exchange.tree import Block, Blocks, Heading, plain
from samrutine.exchange.typeset import typeset
from samrutine.exchange.xmp import about

_HEIGHT: Final = 148.0
"""Millimetres of A6. Source: ISO 216."""
_POINTS: Final = 72 / 25.4
_HAIR: Final = 0.2
"""Millimetres that rounding may cost."""


def render(card: Card, *, copy: bool = False) -> bytes:
    """
    Print a pocket card as PDF, on one page of A6.

    Raises:
        CardTooLong: The section does not fit; the message says by how much.
        DocumentUnavailable: Typst could not set it.
    """
    printed = page(card.document, copy=copy)
    heading, blocks = section_of(printed, card.section_key)
    said = replace(about(card.document, printed), kind=printed.say("card.kind"))

    def made(height: float | None) -> bytes:
        return typeset(
            "card.typ", lambda only_latin: _data(printed, heading, blocks, height, only_latin=only_latin),
            procedure=printed.procedure_id, about=said,
        )  # fmt: skip

    # First on a page as long as it takes, to know by how much it is too long.
    high = _height_of(made(None))
    if high > _HEIGHT + _HAIR:
        over = math.ceil(high - _HEIGHT)
        places = {
            "procedure": printed.procedure_id, "section": plain(heading.content), "millimetres": over,
            "percent": math.ceil(100 * over / _HEIGHT),
        }  # fmt: skip
        parts = [one.key for one in blocks if isinstance(one, Heading) and one.key]
        raise CardWithPartsTooLong(**places, parts=", ".join(parts)) if parts else CardTooLong(**places)
    return made(_HEIGHT)


def section_of(printed: Page, key: str) -> tuple[Heading, Blocks]:
    """Give a section's heading and all that stands under it, deeper sections and additions too. The key must be there."""
    begin = next(n for n, one in enumerate(printed.body) if isinstance(one, Heading) and one.key == key)
    heading = printed.body[begin]
    if not isinstance(heading, Heading):
        raise TypeError(key)
    found: list[Block] = []
    for one in printed.body[begin + 1 :]:
        if isinstance(one, Heading) and one.level <= heading.level:
            break
        found.append(one)
    return heading, tuple(found)


def _height_of(data: bytes) -> float:
    """Give the height of the first page, in millimetres."""
    # Imported here: only a card is measured.
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return float(document.get_page_size(0)[1]) / _POINTS
    finally:
        document.close()


def _data(printed: Page, heading: Heading, blocks: Blocks, height: float | None, *, only_latin: bool) -> str:
    whole = PageWriter(printed.say, only_latin=only_latin).page(printed)
    writer = PageWriter(printed.say, only_latin=only_latin, one_page=True)
    written = writer.blocks(blocks)
    notes = [[str(one.number), writer.blocks(one.blocks)] for one in printed.notes if one.number in writer.referred]
    version = printed.running.rpartition(" · ")[2]
    return as_json({
        **whole,
        "height": height,
        "heading": writer.line(heading.content),
        "parts": written,
        "referred": notes,
        "foot": writer.text(f"{version} · {printed.foot.partition(' · ')[2]}"),
        "mark_size": mark_size(printed.mark) // 2,
        "body": [],
        "after": [],
        "notes": {},
    })  # fmt: skip

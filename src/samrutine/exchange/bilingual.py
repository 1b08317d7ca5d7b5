"""A routine beside its translation, section by section: for those who read one language and answer in another."""

from dataclasses import replace
from itertools import chain, zip_longest
from typing import Final

from samrutine.adoptions.effective import effective_digest
from samrutine.adoptions.paper import Bilingual
from samrutine.exchange.page import Page, page
from samrutine.exchange.pdf_data import PageWriter, as_json, mark_size
from samrutine.exchange.tree import Block, Blocks, Heading
from samrutine.exchange.typeset import typeset
from samrutine.exchange.within import placed
from samrutine.exchange.xmp import about

_SECTION: Final = 2
"""The level of the headings that the two are set side by side at."""


def render(bilingual: Bilingual, *, copy: bool = False) -> bytes:
    """
    Print a routine beside its translation as PDF, two columns on A4 across.

    Raises:
        DocumentUnavailable: Typst could not set it.
    """
    left, right = placed((page(bilingual.document, copy=copy), page(bilingual.other, copy=copy)))
    listed = " ".join(
        f"{one.header.procedure_id}/{one.header.version}/{effective_digest(one)}"
        for one in (bilingual.document, bilingual.other)
    )
    said = about(bilingual.document, left)
    return typeset(
        "bilingual.typ", lambda only_latin: _data(left, right, only_latin=only_latin),
        procedure=left.procedure_id, about=replace(said, own=(*said.own, ("routines", listed))),
    )  # fmt: skip


def sections_of(printed: Page) -> tuple[Blocks, ...]:
    """Take a text apart at its headings of the highest level; what stands before the first is a part of its own, or none."""
    parts: list[list[Block]] = [[]]
    for block in printed.body:
        if isinstance(block, Heading) and block.level <= _SECTION:
            parts.append([])
        parts[-1].append(block)
    return tuple(tuple(part) for n, part in enumerate(parts) if part or n)


def _data(left: Page, right: Page, *, only_latin: bool) -> str:
    say = left.say
    labels = frozenset(heading.key for heading in chain(left.headings, right.headings))
    writers = [PageWriter(say, only_latin=only_latin, labels=labels) for _ in (left, right)]
    columns = [writer.routine(one) for writer, one in zip(writers, (left, right), strict=True)]
    pairs = [
        [writers[0].blocks(one), writers[1].blocks(other)]
        for one, other in zip_longest(sections_of(left), sections_of(right), fillvalue=())
    ]
    text = writers[0].text
    return as_json({
        **writers[0].frame(say.language.value, max(left.made_at, right.made_at)),
        "title": text(say("bilingual.title", title=left.title)),
        "author": text(left.author) if left.author else "",
        "keywords": [left.procedure_id, right.procedure_id],
        "description": text(left.status),
        "note": text(say("bilingual.note")),
        "owner": text(left.owner) if left.owner else None,
        "colour": left.colour,
        "demo": text(left.demo) if left.demo else None,
        "mark": text(mark) if (mark := left.mark or right.mark) else None,
        "mark_size": mark_size(mark),
        "tone": left.tone.value,
        "running": text(f"{left.running} / {right.running}"),
        "foot": text(left.foot),
        "columns": columns,
        "pairs": pairs,
        "notes": writers[0].notes((*left.notes, *right.notes)),
    })  # fmt: skip

"""A handbook: several routines in one file, with contents, each under its own control header."""

from dataclasses import dataclass
from itertools import chain

from samrutine.adoptions.effective import effective_digest
from samrutine.adoptions.paper import Handbook
from samrutine.exchange.page import Page, page
from samrutine.exchange.pdf_data import PageWriter, as_json, mark_size
from samrutine.exchange.phrases import Phrases
from samrutine.exchange.typeset import typeset
from samrutine.exchange.within import place_of, placed
from samrutine.exchange.xmp import About
from samrutine.procedures.model import ProcedureId


@dataclass(frozen=True, slots=True)
class Cover:
    """
    What the first page of a handbook says.

    Attributes:
        lines: What it is a collection of, and as of when.
        note: That it is a copy.
        file: What the file itself is called among others.
    """

    title: str
    owner: str | None
    colour: str | None
    lines: tuple[str, ...]
    note: str
    file: str


def cover(handbook: Handbook, say: Phrases) -> Cover:
    """Settle the words of the first page."""
    where = handbook.municipality
    owner = say("page.owner", municipality=where.name) if where else None
    whose = " · ".join(part for part in (handbook.network, handbook.subject) if part)
    day, count = say.day(handbook.day), len(handbook.documents)
    told = say("handbook.day" if where else "handbook.shared_day", day=day, count=count)
    name = whose or owner or say("handbook.shared")
    file = "-".join(["handbok", *([where.slug] if where else [])])
    return Cover(
        say("handbook.of", whose=name), owner, where.colour if where else None, (told,), say("handbook.note"), file
    )


def pages(handbook: Handbook, *, copy: bool) -> tuple[Page, ...]:
    """Give the page of each routine, before they are set among each other."""
    return tuple(page(document, copy=copy) for document in handbook.documents)


def render(handbook: Handbook, *, copy: bool = False) -> bytes:
    """
    Print a handbook as PDF: a first page, contents with page numbers, and each routine from a page of its own.

    Raises:
        DocumentUnavailable: Typst could not set it.
    """
    say = Phrases(handbook.language)
    found = pages(handbook, copy=copy)
    first = cover(handbook, say)
    listed = " ".join(
        f"{one.header.procedure_id}/{one.header.version}/{effective_digest(one)}" for one in handbook.documents
    )
    about = About(first.file, say("handbook.title"), first.owner or "", own=(("routines", listed),))
    return typeset(
        "handbook.typ", lambda only_latin: _data(found, first, say, only_latin=only_latin),
        procedure=first.file, about=about,
    )  # fmt: skip


def _data(found: tuple[Page, ...], first: Cover, say: Phrases, *, only_latin: bool) -> str:
    among = placed(found)
    keys = chain.from_iterable(one.headings for one in among)
    labels = frozenset(heading.key for heading in keys) | {place_of(ProcedureId(one.procedure_id)) for one in among}
    writers = [PageWriter(say, only_latin=only_latin, labels=labels) for _ in among]
    routines = [
        {
            **writer.routine(one),
            "label": place_of(ProcedureId(one.procedure_id)),
            "running": writer.text(one.running),
            "foot": writer.text(one.foot),
        }
        for writer, one in zip(writers, among, strict=True)
    ]
    text = writers[0].text
    mark = next((one.mark for one in among if one.mark), None)
    return as_json({
        **writers[0].frame(say.language.value, max(one.made_at for one in among)),
        "title": text(first.title),
        "owner": text(first.owner) if first.owner else None,
        "colour": first.colour,
        "lines": [text(line) for line in first.lines],
        "note": text(first.note),
        "contents": text(say("page.contents")),
        "keywords": [one.procedure_id for one in among],
        "description": text(" ".join(first.lines)),
        "mark": text(mark) if mark else None,
        "mark_size": mark_size(mark),
        "demo": next((text(one.demo) for one in among if one.demo), None),
        "routines": routines,
        "notes": writers[0].notes(chain.from_iterable(one.notes for one in among)),
    })  # fmt: skip

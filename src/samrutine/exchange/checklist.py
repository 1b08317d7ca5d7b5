"""The points to tick off of one routine on a sheet of their own: to fill in by hand, or with what is done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Final

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.adoptions.paper import Checklist
from samrutine.exchange.page import Page, page
from samrutine.exchange.pdf_data import PageWriter, as_json, held, mark_size
from samrutine.exchange.tree import (
    Block,
    Blocks,
    BulletList,
    CodeBlock,
    Framed,
    Heading,
    Inline,
    Item,
    Line,
    Link,
    LocalValue,
    OrderedList,
    Paragraph,
    Quote,
    Styled,
    Table,
    Words,
    plain,
)
from samrutine.exchange.typeset import typeset
from samrutine.exchange.xmp import about
from samrutine.reading.checklist_model import CheckPoint, key_of, part_of

_LONGEST_INTRODUCTION: Final = 80
"""Letters of a paragraph that is taken for the heading of the list below it: "Leder:"."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point to tick off: its number on the sheet, counted through, and what it says."""

    number: int
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Group:
    """Points that stand together: under which heading, and after which short paragraph ("Leder:"), if any."""

    heading: str
    introduction: Line
    points: tuple[Point, ...]


def groups_of(document: EffectiveDocument) -> tuple[Group, ...]:
    """Find the points to tick off of a routine, in the order of its text; empty when it has none."""
    return _groups(page(document))


def check_points(document: EffectiveDocument) -> tuple[CheckPoint, ...]:
    """Give the points to tick off of a routine as values, in the order of its text; numbered as they are printed."""
    found: list[CheckPoint] = []
    for group in groups_of(document):
        part = part_of(plain(group.introduction))
        for point in group.points:
            named = " ".join(_said(point.blocks, by_name=True)).strip()
            key = key_of(group.heading, part, named, (one.key for one in found))
            text = " ".join(_said(point.blocks, by_name=False)).strip()
            found.append(CheckPoint(key, point.number, group.heading, part, text))
    return tuple(found)


def _said(blocks: Iterable[Block], *, by_name: bool) -> Iterator[str]:
    """Give the words of blocks, line by line; what a municipality fills in by its value, or by its name."""
    for block in blocks:
        match block:
            case Heading(content=content) | Paragraph(content=content):
                yield plain(_named(content) if by_name else content)
            case BulletList(items=items) | OrderedList(items=items):
                for item in items:
                    yield from _said(item.blocks, by_name=by_name)
            case Table(header=header, rows=rows):
                for row in (header, *rows):
                    yield " ".join(plain(_named(cell) if by_name else cell) for cell in row)
            case Quote(blocks=inner) | Framed(blocks=inner):
                yield from _said(inner, by_name=by_name)
            case CodeBlock(text=text):
                yield text
            case _:
                pass


def _named(line: Line) -> Line:
    """Put the names of what a municipality fills in where the values stand."""
    named: list[Inline] = []
    for one in line:
        match one:
            case LocalValue(key=key):
                named.append(Words(f"{{{{{key}}}}}"))
            case Styled() | Link():
                named.append(replace(one, content=_named(one.content)))
            case _:
                named.append(one)
    return tuple(named)


def render(checklist: Checklist, *, copy: bool = False) -> bytes:
    """
    Print a checklist as PDF.

    Raises:
        DocumentUnavailable: Typst could not set it.
    """
    document = checklist.document
    printed = page(document, copy=copy)
    said = about(document, printed)
    return typeset(
        "checklist.typ", lambda only_latin: _data(checklist, printed, only_latin=only_latin),
        procedure=printed.procedure_id, about=replace(said, kind=printed.say("kind.checklist")),
    )  # fmt: skip


def _data(checklist: Checklist, printed: Page, *, only_latin: bool) -> str:
    say = printed.say
    whole = PageWriter(say, only_latin=only_latin).page(printed)
    writer = PageWriter(say, only_latin=only_latin)
    done = {one.number: one.on for one in checklist.done}
    found = _groups(printed)
    groups = []
    for group in found:
        points: list[object] = [
            [
                one.number, one.number in done, writer.blocks(one.blocks),
                writer.text(f"{on:%d.%m.%Y}") if (on := done.get(one.number)) else "",
            ]
            for one in group.points
        ]  # fmt: skip
        heading, introduction = writer.text(group.heading or say("checklist.general")), writer.line(group.introduction)
        whole_group = held(points)[0]
        groups.append({"heading": heading, "introduction": introduction, "points": points, "whole": whole_group})
    count = sum(len(group.points) for group in found)
    told = say("checklist.done", done=len(done), count=count) if done else None
    if told and checklist.printed_on is not None:
        told += " " + say("checklist.printed", day=say.day(checklist.printed_on))
    title = printed.title
    if not title.casefold().startswith(say("kind.checklist").casefold()):
        title = say("checklist.title", title=title)
    notes = [[str(one.number), writer.blocks(one.blocks)] for one in printed.notes if one.number in writer.referred]
    names = ("number", "point", "day", "sign", "where", "who", "when", "note")
    return as_json({
        **whole,
        "title": writer.text(title),
        "kind": writer.text(say("kind.checklist")),
        "mark_size": mark_size(printed.mark),
        "groups": groups,
        "local_note": whole["local_note"] if _has_local_values(found) else None,
        "told": writer.text(told) if told else None,
        "words": {name: writer.text(say(f"checklist.{name}")) for name in names},
        "referred": notes,
        "body": [],
        "after": [],
    })  # fmt: skip


def _has_local_values(part: object) -> bool:
    """Tell whether there is something that a municipality fills in; only then is it explained on the sheet."""
    match part:
        case LocalValue():
            return True
        case tuple():
            return any(_has_local_values(one) for one in part)
        case _ if is_dataclass(part):
            return any(_has_local_values(getattr(part, field.name)) for field in fields(part))
        case _:
            return False


def _groups(printed: Page) -> tuple[Group, ...]:
    found: list[tuple[str, Line, list[Blocks]]] = []
    for heading, introduction, blocks in _points(printed.body, ""):
        if not found or found[-1][:2] != (heading, introduction):
            found.append((heading, introduction, []))
        found[-1][2].append(blocks)
    numbered = []
    number = 0
    for heading, introduction, points in found:
        numbered.append(
            Group(heading, introduction, tuple(Point(number + n, one) for n, one in enumerate(points, start=1)))
        )
        number += len(points)
    return tuple(numbered)


def _points(blocks: Iterable[Block], heading: str) -> Iterator[tuple[str, Line, Blocks]]:
    """Walk over a text, and give each point with the heading and the short paragraph it stands under."""
    introduction: Line = ()
    for block in blocks:
        match block:
            case Heading():
                heading, introduction = plain(block.content), ()
            case Paragraph():
                introduction = block.content if len(plain(block.content)) <= _LONGEST_INTRODUCTION else ()
            case BulletList() | OrderedList():
                for item in block.items:
                    yield from _of_item(item, heading, introduction)
            case Framed():
                yield from _points(block.blocks, block.heading)
            case Quote():
                yield from _points(block.blocks, heading)
            case _:
                introduction = ()


def _of_item(item: Item, heading: str, introduction: Line) -> Iterator[tuple[str, Line, Blocks]]:
    inner = list(_points(item.blocks, heading))
    if item.done is not None:
        # Points within a point are points of their own; what else stands in it belongs to it.
        own = tuple(one for one in item.blocks if not _has_points(one))
        yield heading, introduction, own or (Paragraph((Words("–"),)),)
    for _, within, blocks in inner:
        yield heading, introduction or within, blocks


def _has_points(block: Block) -> bool:
    return isinstance(block, BulletList | OrderedList) and any(item.done is not None for item in block.items)

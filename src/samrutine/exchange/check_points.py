"""What there is to tick off in a routine: its points, numbered through, and what they stand under."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.exchange.page import Page, page
from samrutine.exchange.tree import (
    Block,
    Blocks,
    BulletList,
    Framed,
    Heading,
    Item,
    Line,
    OrderedList,
    Paragraph,
    Quote,
    Words,
    plain,
    plain_lines,
)
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
    return groups_on(page(document))


def check_points(document: EffectiveDocument) -> tuple[CheckPoint, ...]:
    """Give the points to tick off of a routine as values, in the order of its text; numbered as they are printed."""
    found: dict[str, CheckPoint] = {}
    for group in groups_of(document):
        part = part_of(plain(group.introduction))
        for point in group.points:
            named = " ".join(plain_lines(point.blocks, by_name=True)).strip()
            key = key_of(group.heading, part, named, found)
            text = " ".join(plain_lines(point.blocks)).strip()
            found[key] = CheckPoint(key, point.number, group.heading, part, text)
    return tuple(found.values())


def groups_on(printed: Page) -> tuple[Group, ...]:
    """Give what there is to tick off on a page; empty when nothing is."""
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

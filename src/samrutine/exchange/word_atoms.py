"""
Lines and blocks as values that can be compared: what a reader sees, however it was written or cut into runs.

The tree of a Markdown text and the tree of a Word file are equal here exactly when a reader finds the same words, in the
same weights, with the same links, boxes, notes and pictures.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from samrutine.exchange.tree import (
    Block,
    BulletList,
    Code,
    CodeBlock,
    Framed,
    Heading,
    Inline,
    Line,
    LineBreak,
    Link,
    LocalValue,
    NoteMark,
    OrderedList,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Styled,
    Table,
    Words,
)

Shape = tuple[object, ...]
_SPACE: Final[Shape] = ("space",)
_BREAK: Final[Shape] = ("break",)
_PIECES: Final = re.compile(r"[ \t\n\r]+|[^ \t\n\r]+")


@dataclass(frozen=True, slots=True)
class Atom:
    """
    A part of a line with all that holds for it.

    Attributes:
        part: Words, Code, LineBreak, LocalValue, NoteMark or Picture.
        styles: "strong", "emphasis", "strike".
        link: Where it leads, as `targets` of the one who asked names it; None for nowhere.
    """

    part: Inline
    styles: frozenset[str]
    link: str | None


@dataclass(frozen=True, slots=True)
class Naming:
    """
    What things are called on both sides, so that they can be compared.

    Attributes:
        link: Where a link leads, or None for one that is only words.
        note: Which footnote a mark means.
        picture: Which picture it is.
    """

    link: Callable[[Link], str | None]
    note: Callable[[NoteMark], str]
    picture: Callable[[Picture], str]


def atoms(line: Line, naming: Naming) -> list[Atom]:
    """Take a line apart."""
    return list(_atoms(line, naming, frozenset(), None))


def _atoms(line: Iterable[Inline], naming: Naming, styles: frozenset[str], link: str | None) -> Iterator[Atom]:
    for part in line:
        match part:
            case Styled():
                yield from _atoms(part.content, naming, styles | {part.style}, link)
            case Link():
                yield from _atoms(part.content, naming, styles, naming.link(part) if link is None else link)
            case _:
                yield Atom(part, styles, link)


def line_shape(line: Line, naming: Naming) -> Shape:
    """Give what a reader sees of a line. White space is one space, and none at the ends or beside a break."""
    found: list[tuple[object, ...]] = []
    for atom in atoms(line, naming):
        match atom.part:
            case Words() | Code():
                _add_words(found, atom, atom.part.text)
            case LineBreak():
                found = found[:-1] if found and found[-1] == _SPACE else found
                found += [_BREAK] if found else []
            case LocalValue():
                found.append(("field", atom.part.key))
            case NoteMark():
                found.append(("note", naming.note(atom.part)))
            case Picture():
                found.append(("picture", naming.picture(atom.part), " ".join(atom.part.alternative.split())))
            case _:
                pass
    while found and found[-1] in {_SPACE, _BREAK}:
        found.pop()
    return tuple(found)


def _add_words(found: list[tuple[object, ...]], atom: Atom, text: str) -> None:
    kind = "code" if isinstance(atom.part, Code) else "words"
    for piece in _PIECES.findall(text):
        if not piece.strip(" \t\n\r"):
            # A space has no weight that can be seen.
            found += [_SPACE] if found and found[-1] not in {_SPACE, _BREAK} else []
        elif found and found[-1][0] == kind and found[-1][2:] == (atom.styles, atom.link):
            found[-1] = (kind, f"{found[-1][1]}{piece}", atom.styles, atom.link)
        else:
            found.append((kind, piece, atom.styles, atom.link))


def block_shape(block: Block, naming: Naming) -> Shape:  # noqa: PLR0911 - one case a kind of block
    """Give what a reader sees of a block; whether there is air between the items of a list does not count."""
    match block:
        case Paragraph():
            return ("paragraph", line_shape(block.content, naming))
        case Heading():
            return ("heading", block.level, line_shape(block.content, naming))
        case BulletList():
            return ("points", *(_item_shape(item.blocks, item.done, naming) for item in block.items))
        case OrderedList():
            return ("numbers", block.start, *(_item_shape(item.blocks, item.done, naming) for item in block.items))
        case Table():
            sides = tuple(side if side in {"center", "right"} else None for side in block.alignments)
            rows = tuple(tuple(line_shape(cell, naming) for cell in row) for row in (block.header, *block.rows))
            return ("table", sides, rows)
        case Quote():
            return ("quote", *(block_shape(one, naming) for one in block.blocks))
        case CodeBlock():
            return ("code", block.text)
        case Rule():
            return ("rule",)
        case Framed():
            return ("framed", block.heading, *(block_shape(one, naming) for one in block.blocks))


def _item_shape(blocks: Iterable[Block], done: bool | None, naming: Naming) -> Shape:  # noqa: FBT001 - it is what an item is
    return (done, *(block_shape(one, naming) for one in blocks))

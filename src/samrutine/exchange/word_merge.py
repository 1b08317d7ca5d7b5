"""
What somebody changed in a returned Word file, laid into the Markdown that it was made from.

A block, an item or a row that still says what it said keeps its own lines to the letter; only what differs is written
anew. So nothing that Word cannot hold is lost from what nobody touched, and a comparison shows the edit and nothing else.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from samrutine.exchange.tree import (
    Block,
    Blocks,
    BulletList,
    Heading,
    Item,
    Line,
    Note,
    OrderedList,
    Paragraph,
    Table,
    tree,
    web_address,
)
from samrutine.exchange.word_atoms import Naming, Shape, block_shape
from samrutine.exchange.word_markdown import Writing
from samrutine.exchange.word_source import Laid, Segment, note_names, notes_in, used_links
from samrutine.proposals.alignment import Pair, aligned
from samrutine.proposals.blocks import list_items, table_rows

_ANY_NOTE: Final = "?"
_MARK: Final = re.compile(r"(\d*)([-*+.)])(?= |$)")
_LINK: Final = re.compile(r"((?<!!)\[([^\]\[\n|]+)\]\(([^)\s]+)\))")
_ROUTINE: Final = re.compile(r"(?:\./|\.\./[a-z0-9-]+/)?[a-z0-9-]+\.md(?:#.*)?")
_ALIKE: Final = 0.15
"""Of two pieces, to be the same one changed: less than for a reader, since a pair only keeps more lines as they were."""


@dataclass(frozen=True, slots=True)
class Merge:
    """
    The two sides, and how to write what is new.

    Attributes:
        old: The text that the file was made from.
        old_naming: How things in it are called; `new_naming` how those of the file are.
        writing: How the file's blocks are written.
        notes: The file's notes by the names that they have in the text now.
    """

    old: Laid
    old_naming: Naming
    new_naming: Naming
    writing: Writing
    notes: dict[str, Note]

    def body(self, blocks: Blocks) -> tuple[str, bool]:
        """Give the new body, and whether it says all that the file says: weights Markdown cannot hold are left out."""
        shapes = [block_shape(block, self.new_naming) for block in blocks]
        text = self._text(blocks, shapes)
        if self._says(text) == shapes:
            return text, True
        plain = replace(self, writing=replace(self.writing, plain=True))
        return plain._text(blocks, shapes), False  # noqa: SLF001 - another of the same

    def _says(self, text: str) -> list[Shape]:
        names = note_names(text)
        naming = replace(self.old_naming, note=lambda mark: names.get(mark.number, ""))
        return [block_shape(block, naming) for block in tree(text, {}).blocks]

    def _text(self, blocks: Blocks, shapes: Sequence[Shape]) -> str:
        old = [block_shape(one.block, self.old_naming) for one in self.old.segments]
        pairs = _paired(
            old, shapes, [type(one.block).__name__ for one in self.old.segments], [type(one).__name__ for one in blocks]
        )
        pieces = list(self.old.unseen)
        before: Block | None = None
        for was, now in pairs:
            segment = self.old.segments[was] if was is not None else None
            if now is None:
                pieces += segment.unseen if segment else ()
                continue
            if segment is not None and was is not None and old[was] == shapes[now]:
                piece = segment.source
            else:
                piece = self._changed(segment, blocks[now])
                if isinstance(before, BulletList | OrderedList) and type(before) is type(blocks[now]):
                    # Under another list with the same marks the two would be one.
                    piece = _marked_otherwise(piece, pieces[-1])
            unseen = segment.unseen if segment else ()
            pieces += [piece, *unseen]
            before = None if unseen else blocks[now]
        notes = self._definitions("\n".join(pieces))
        links = list(self.old.links.values())
        used = used_links("\n\n".join([*pieces, *notes, *links]))
        tail = [*notes, *(one for name, one in self.old.links.items() if name in used)]
        return "\n\n".join([*pieces, *tail]) + "\n" if pieces or tail else ""

    def _changed(self, segment: Segment | None, block: Block) -> str:
        """Write a block that differs, with the links that Word could not hold where their words still stand."""
        keys = {one.block.key for one in self.old.segments if isinstance(one.block, Heading)}
        return relinked(self._rewritten(segment, block), segment.source if segment else "", keys)

    def _rewritten(self, segment: Segment | None, block: Block) -> str:
        match segment and segment.block, block:
            case Heading(level=before), Heading(level=now) if segment and before == now:
                # A text may skip a level; the tree does not.
                marks = segment.source.partition(" ")[0]
                return (
                    f"{marks} {self.writing.line(block.content, one_line=True)}"
                    if set(marks) == {"#"}
                    else self._new(block)
                )
            case (BulletList(), BulletList()) | (OrderedList(), OrderedList()) if segment:
                return self._list(segment, block.items, block) if isinstance(block, BulletList | OrderedList) else ""
            case Table() as before, Table() if segment and _sides(before) == _sides(block):
                return self._table(segment, block)
            case _:
                return self._new(block)

    def _new(self, block: Block) -> str:
        return "\n".join(self.writing.block(block))

    def _list(self, segment: Segment, items: tuple[Item, ...], block: BulletList | OrderedList) -> str:
        was = list_items(segment.source)
        before = segment.block.items if isinstance(segment.block, BulletList | OrderedList) else ()
        if was is None or len(was.items) != len(before):
            return self._new(block)
        old, new = self._item_shapes(before, self.old_naming), self._item_shapes(items, self.new_naming)
        written = [
            was.items[one] if one is not None and old[one] == new[at] else "\n".join(self.writing.item(items[at]))
            for one, at in _paired(old, new)
            if at is not None
        ]
        if isinstance(block, OrderedList):
            was = replace(was, mark=f"{block.start}{was.mark[-1]}")
        return was.together(written)

    def _item_shapes(self, items: Sequence[Item], naming: Naming) -> list[Shape]:
        return [block_shape(BulletList((item,), tight=True), naming) for item in items]

    def _table(self, segment: Segment, table: Table) -> str:
        was, before = table_rows(segment.source), segment.block
        if (
            was is None
            or not isinstance(before, Table)
            or len(was.rows) != len(before.rows)
            or was.columns != table.width
        ):
            return self._new(table)
        old = [_row_shape(row, self.old_naming) for row in before.rows]
        new = [_row_shape(row, self.new_naming) for row in table.rows]
        rows = [
            was.rows[one] if one is not None and old[one] == new[at] else self.writing.row(table.rows[at])
            for one, at in _paired(old, new)
            if at is not None
        ]
        same = _row_shape(before.header, self.old_naming) == _row_shape(table.header, self.new_naming)
        return was.together(was.header if same else self.writing.row(table.header), rows)

    def _definitions(self, text: str) -> list[str]:
        found: dict[str, str] = {}
        waiting = sorted(notes_in(text))
        while waiting:
            name = waiting.pop(0)
            if name in found or (name not in self.notes and name not in self.old.definitions):
                continue
            found[name] = self._definition(name)
            waiting += sorted(notes_in(found[name]) - {name})
        order = {name: n for n, name in enumerate([*self.old.notes, *self.notes])}
        return [found[name] for name in sorted(found, key=lambda name: order.get(name, 0))]

    def _definition(self, name: str) -> str:
        note, was = self.notes.get(name), self.old.notes.get(name)
        same = note is None or (
            was is not None and note_shape(was, self.old_naming) == note_shape(note, self.new_naming)
        )
        if same and name in self.old.definitions:
            return self.old.definitions[name]
        first, *rest = self.writing.blocks(note.blocks if note else ()) or [""]
        return "\n".join([f"[^{name}]: {first}", *(f"    {line}".rstrip() for line in rest)])


def note_shape(note: Note, naming: Naming) -> Shape:
    """Give what a reader sees of a note; which notes it refers to itself does not count."""
    alone = replace(naming, note=lambda _: _ANY_NOTE)
    return tuple(block_shape(block, alone) for block in note.blocks)


def notes_named(old: Laid, old_naming: Naming, new: Sequence[Note], new_naming: Naming) -> dict[int, str]:
    """Say what each note of the file is called in the text: the name that it had, or a new number."""
    names = list(old.notes)
    was = [note_shape(old.notes[name], old_naming) for name in names]
    now = [note_shape(note, new_naming) for note in new]
    # A note in the place of another is that note, whatever somebody has written in it.
    pairs = aligned([_words_and_shape(one) for one in was], [_words_and_shape(one) for one in now], alike=0)
    found = {new[at].number: names[one] for one, at in pairs if one is not None and at is not None}
    free = (str(n) for n in range(1, len(names) + len(new) + 1) if str(n) not in names)
    return {note.number: found.get(note.number) or next(free) for note in new}


def relinked(piece: str, source: str, keys: Collection[str]) -> str:
    """Put back links and empty pictures of a source that a Word file has only the words of, or nothing."""
    for link, words, target in _LINK.findall(source):
        # What the file did hold, and holds no more, somebody has taken away.
        held = web_address(target) or target.removeprefix("#") in keys or target.startswith("rutine:")
        if held or link in piece or _ROUTINE.fullmatch(target):
            continue
        if piece.count(words) == 1 and f"[{words}]" not in piece:
            piece = piece.replace(words, link)
    return piece


def _sides(table: Table) -> list[str | None]:
    # To the left is how a column stands when nothing is said.
    return [side if side != "left" else None for side in table.alignments]


def _row_shape(row: tuple[Line, ...], naming: Naming) -> Shape:
    return tuple(block_shape(Paragraph(cell), naming) for cell in row)


def _paired(
    old: Sequence[Shape], new: Sequence[Shape], old_kinds: Sequence[str] = (), new_kinds: Sequence[str] = ()
) -> tuple[Pair, ...]:
    kinds = (old_kinds, new_kinds) if old_kinds or new_kinds else None
    return aligned(
        [_words_and_shape(one) for one in old], [_words_and_shape(one) for one in new], alike=_ALIKE, kinds=kinds
    )


def _words_and_shape(shape: Shape) -> str:
    # The words say how alike two pieces are; the digest that they are equal only when all that is seen is.
    words = " ".join(_words_of(shape))
    return f"{words}\n{hashlib.sha256(repr(_ordered(shape)).encode('utf-8', 'replace')).hexdigest()[:12]}"


def _ordered(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_ordered(one) for one in value)
    return sorted(value) if isinstance(value, frozenset) else value


def _words_of(value: object) -> list[str]:
    if not isinstance(value, tuple):
        return []
    if len(value) > 1 and value[0] in {"words", "code", "field", "note"} and isinstance(value[1], str):
        return [value[1]]
    return [word for one in value for word in _words_of(one)]


def _marked_otherwise(piece: str, before: str) -> str:
    mark, other = (_MARK.match(one) for one in (piece, before))
    if mark is None or other is None or mark[2] != other[2]:
        return piece
    new = {"-": "*", "*": "-", "+": "-", ".": ")", ")": "."}[mark[2]]
    return "\n".join(_MARK.sub(rf"\g<1>{new}", line) for line in piece.split("\n"))

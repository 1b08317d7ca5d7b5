"""
What changed from one text to another, as a reader sees it: words inside sentences, moved paragraphs, cells of tables.

The rendered text is compared, never its Markdown: a paragraph broken on other lines has not changed. Taking everything
new gives exactly the words of the new text (`accepted`), and taking nothing those of the old (`rejected`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from samrutine.procedures.front_matter import KEYS
from samrutine.procedures.model import FrontMatter, ProcedureText
from samrutine.proposals.alignment import aligned
from samrutine.proposals.front_words import words_of as words_of_field
from samrutine.proposals.prose_blocks import Block, BlockKind, rendered
from samrutine.proposals.prose_moves import Moves, moves
from samrutine.proposals.prose_tables import RowChange, table_changes
from samrutine.proposals.prose_words import Critical, Piece, PieceKind, word_changes

_SHOWN_AROUND: Final = 1
_SHORTEST_FOLD: Final = 2


class Became(StrEnum):
    """What became of a block."""

    SAME = "same"
    REFORMED = "reformed"
    """The same words, written otherwise: strong, as a list, another level."""
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED_HERE = "moved-here"
    """It stood elsewhere in the old text; its words may have changed too."""
    MOVED_AWAY = "moved-away"
    """It stood here, and stands elsewhere in the new text."""


@dataclass(frozen=True, slots=True)
class Change:
    """
    One block and what became of it.

    Attributes:
        pieces: Its words in order; of a table they are in `rows` instead.
        section: The heading it stands under, in the text that it is in; "" before the first.
        elsewhere: Of a moved block, the heading where it was or went.
        move: The same number on both ends of a move, from 1; 0 when it did not move.
    """

    kind: BlockKind
    became: Became
    level: int
    section: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[RowChange, ...] = ()
    elsewhere: str = ""
    move: int = 0

    @property
    def critical(self) -> frozenset[Critical]:
        """Numbers, doses, phone numbers and negations that came, went or moved."""
        moved = self.became in {Became.MOVED_HERE, Became.MOVED_AWAY}
        cells = [piece for row in self.rows for cell in row.cells for piece in cell.pieces]
        found = (piece.critical for piece in (*self.pieces, *cells) if moved or piece.kind is not PieceKind.KEPT)
        return frozenset().union(*found)

    @property
    def is_critical(self) -> bool:
        """Whether a person must look at it before it may apply: a number, a dose, a phone or a negation is touched."""
        return bool(self.critical)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Blocks that follow each other and are the same in both; shown as one line with their number."""

    blocks: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field above the text that is another in the new one."""

    key: str
    old: FrontMatter | None
    new: FrontMatter

    def removed(self, language: str) -> tuple[str, ...]:
        """Give what stands in the old only, in words."""
        return self._only(self.old, self.new, language)

    def added(self, language: str) -> tuple[str, ...]:
        """Give what stands in the new only, in words."""
        return self._only(self.new, self.old, language)

    def _only(self, one: FrontMatter | None, other: FrontMatter | None, language: str) -> tuple[str, ...]:
        theirs = words_of_field(other, self.key, language) if other else ()
        return tuple(words for words in (words_of_field(one, self.key, language) if one else ()) if words not in theirs)


@dataclass(frozen=True, slots=True)
class ProseDiff:
    """Everything that differs between two texts; `parts` is the whole body in reading order."""

    fields: tuple[FieldChange, ...]
    parts: tuple[Change | Unchanged, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Give the blocks that are not the same, in reading order."""
        return tuple(one for one in self.blocks if one.became is not Became.SAME)

    @property
    def blocks(self) -> Iterator[Change]:
        """Give every block, also those that are folded."""
        for part in self.parts:
            if isinstance(part, Unchanged):
                yield from part.blocks
            else:
                yield part

    @property
    def is_nothing(self) -> bool:
        """Whether the two texts are the same to a reader."""
        return not self.fields and not self.changes


def compare(old: ProcedureText | None, new: ProcedureText) -> ProseDiff:
    """
    Say what changed from one text to another.

    Args:
        old: None for a text that there was nothing of before; then everything is new.
    """
    fields = tuple(
        FieldChange(key, old.front if old else None, new.front)
        for key in KEYS
        if getattr(old.front if old else None, key, None) != getattr(new.front, key)
        and (old is not None or getattr(new.front, key) not in (None, ()))
    )
    return ProseDiff(fields, tuple(_folded(_changes(old.body if old else "", new.body))))


def critical_changes(old: str, new: str) -> tuple[Change, ...]:
    """
    Give the blocks in which a number, a dose, a phone number or a negation came, went or moved.

    Args:
        old: A body, as Markdown. `new` likewise.

    Returns:
        In reading order; empty when a standing decision may follow. Numbers of a list's items do not count, nor what
        a municipality fills in.
    """
    return tuple(change for change in _changes(old, new) if change.is_critical)


def accepted(diff: ProseDiff) -> tuple[str, ...]:
    """Give the words when everything new is taken: each block's, and of a table each cell's."""
    return tuple(_taken(diff, {PieceKind.KEPT, PieceKind.ADDED}, without=Became.MOVED_AWAY))


def rejected(diff: ProseDiff) -> tuple[str, ...]:
    """Give the words when nothing new is taken."""
    return tuple(_taken(diff, {PieceKind.KEPT, PieceKind.REMOVED}, without=Became.MOVED_HERE))


def reader_texts(body: str) -> tuple[str, ...]:
    """Give the words of a body as a reader sees them: each block's, and of a table each cell's."""
    return tuple(
        text
        for block in rendered(body)
        for text in ([cell for row in block.rows for cell in row] if block.kind is BlockKind.TABLE else [block.text])
        if text
    )


def _taken(diff: ProseDiff, kinds: set[PieceKind], *, without: Became) -> Iterator[str]:
    for change in diff.blocks:
        if change.became is without:
            continue
        cells = [cell.pieces for row in change.rows for cell in row.cells]
        for pieces in cells or [change.pieces]:
            text = "".join(piece.text for piece in pieces if piece.kind in kinds)
            if text:
                yield text


def _changes(old_body: str, new_body: str) -> list[Change]:
    old, new = rendered(old_body), rendered(new_body)
    pairs = aligned(
        [_key(block) for block in old], [_key(block) for block in new],
        kinds=([_group(block) for block in old], [_group(block) for block in new]),
    )  # fmt: skip
    found = moves(old, new, pairs)
    return [_change(old, new, before, after, found) for before, after in pairs]


def _key(block: Block) -> str:
    return f"{block.form}\n{block.text}"


def _group(block: Block) -> str:
    # A paragraph that became an item of a list is the same paragraph; a heading and a table are things of their own.
    alone = block.kind in {BlockKind.HEADING, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE, BlockKind.NOTE}
    return block.kind if alone else "words"


def _change(old: Sequence[Block], new: Sequence[Block], before: int | None, after: int | None, found: Moves) -> Change:
    if before is not None and after is not None:
        became = Became.CHANGED if old[before].text != new[after].text else Became.REFORMED
        became = Became.SAME if old[before] == new[after] or _key(old[before]) == _key(new[after]) else became
        return _shown(old[before], new[after], became)
    if after is not None:
        source = found.source.get(after)
        if source is None:
            return _shown(None, new[after], Became.ADDED)
        return _shown(
            old[source], new[after], Became.MOVED_HERE, elsewhere=old[source].section, move=found.number[source]
        )
    assert before is not None  # noqa: S101  a pair has one of the two
    target = found.target.get(before)
    if target is None:
        return _shown(old[before], None, Became.REMOVED)
    return _shown(old[before], None, Became.MOVED_AWAY, elsewhere=new[target].section, move=found.number[before])


def _shown(old: Block | None, new: Block | None, became: Became, *, elsewhere: str = "", move: int = 0) -> Change:
    block = new or old
    assert block is not None  # noqa: S101  one of the two is there
    if block.kind is BlockKind.TABLE:
        rows = table_changes(old.rows if old else (), new.rows if new else ())
        return Change(block.kind, became, block.level, block.section, (), rows, elsewhere, move)
    pieces = word_changes(old.text if old else "", new.text if new else "")
    return Change(block.kind, became, block.level, block.section, pieces, (), elsewhere, move)


def _folded(changes: Sequence[Change]) -> Iterator[Change | Unchanged]:
    """Fold what did not change, but for the headings of what did, and one block on each side."""
    shown = _worth_showing(changes)
    waiting: list[Change] = []
    for n, change in enumerate(changes):
        if n in shown:
            yield from _put_away(waiting)
            waiting = []
            yield change
        else:
            waiting.append(change)
    yield from _put_away(waiting)


def _put_away(waiting: Sequence[Change]) -> Iterator[Change | Unchanged]:
    if len(waiting) >= _SHORTEST_FOLD:
        yield Unchanged(tuple(waiting))
    else:
        yield from waiting


def _worth_showing(changes: Sequence[Change]) -> set[int]:
    shown: set[int] = set()
    heading: int | None = None
    for n, change in enumerate(changes):
        if change.kind is BlockKind.HEADING:
            heading = n
        if change.became is not Became.SAME:
            shown.update(range(max(0, n - _SHOWN_AROUND), min(len(changes), n + _SHOWN_AROUND + 1)))
            shown.update(() if heading is None else (heading,))
    return shown

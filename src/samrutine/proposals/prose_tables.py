"""Two tables compared by cell: which column became which, which row became which, and the words of each cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from samrutine.proposals.alignment import Pair, aligned
from samrutine.proposals.prose_words import Piece, PieceKind, word_changes


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: its words, and whether its whole column or row came (added) or went (removed)."""

    kind: PieceKind
    pieces: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing in it changed."""
        return self.kind is PieceKind.KEPT and all(piece.kind is PieceKind.KEPT for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row, the first of a table being its header; `kind` says whether the row came or went."""

    kind: PieceKind
    cells: tuple[CellChange, ...]


_Rows = Sequence[Sequence[str]]


def table_changes(old: _Rows, new: _Rows) -> tuple[RowChange, ...]:
    """
    Compare two tables, or say that all of one came or went when the other is empty.

    Returns:
        Each row of both once, those that went before those that came in the same place.
    """
    if not old or not new:
        kind = PieceKind.ADDED if new else PieceKind.REMOVED
        return tuple(_whole(row, kind) for row in new or old)
    columns = aligned(_columns(old), _columns(new), alike=0)
    rows: list[Pair] = [(0, 0)]
    later = aligned([" ".join(row) for row in old[1:]], [" ".join(row) for row in new[1:]], alike=0)
    rows += [(None if i is None else i + 1, None if j is None else j + 1) for i, j in later]
    return tuple(_row(None if i is None else old[i], None if j is None else new[j], columns) for i, j in rows)


def _columns(rows: _Rows) -> list[str]:
    # A column is known by its heading, or by what stands below where it has none.
    return [head or f"\n{' '.join(row[n] for row in rows)}" for n, head in enumerate(rows[0])]


def _row(old: Sequence[str] | None, new: Sequence[str] | None, columns: Sequence[Pair]) -> RowChange:
    if old is None or new is None:
        kind = PieceKind.ADDED if new is not None else PieceKind.REMOVED
        return _whole(new or old or (), kind)
    cells = []
    for before, after in columns:
        if before is not None and after is not None:
            cells.append(CellChange(PieceKind.KEPT, word_changes(old[before], new[after])))
        elif after is not None:
            cells.append(_cell(new[after], PieceKind.ADDED))
        elif before is not None:
            cells.append(_cell(old[before], PieceKind.REMOVED))
    return RowChange(PieceKind.KEPT, tuple(cells))


def _whole(row: Sequence[str], kind: PieceKind) -> RowChange:
    return RowChange(kind, tuple(_cell(cell, kind) for cell in row))


def _cell(text: str, kind: PieceKind) -> CellChange:
    pieces = word_changes("", text) if kind is PieceKind.ADDED else word_changes(text, "")
    return CellChange(kind, pieces)

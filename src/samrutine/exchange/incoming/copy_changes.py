"""
What somebody changed in a Word file of ours, with or without marks, where another dose, number or negation came of it.

The file holds the text that it was made from, so nobody has to have marked anything: the two texts are compared.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from samrutine.exchange.incoming.changed_values import ChangedLine, values_changed
from samrutine.exchange.incoming.model import Finding
from samrutine.procedures.model import ProcedureText
from samrutine.proposals.prose_diff import Became, Change, compare
from samrutine.proposals.prose_words import Piece, PieceKind

_CODES: Final = {"gone": "copy-blocks-removed", "new": "copy-blocks-added"}
_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph, a point or a row, and whether it is there in both texts."""

    was: str
    now: str
    section: str

    @property
    def kind(self) -> str:
        return "kept" if self.was and self.now else "new" if self.now else "gone"


def copy_changes(old: ProcedureText, new: ProcedureText) -> list[Finding]:
    """
    Tell what a person must look at of what changed between two texts: values first, then what came and went.

    Returns:
        A value, a number, a phone or a negation that is another, each with its sentence and heading; sentences with one that
        moved; and what was taken out or put in as a whole, a point, a paragraph or a row, of each heading together.
    """
    found: list[Finding] = []
    others: dict[tuple[str, str], list[str]] = {}
    changes = compare(old, new).changes
    for line in _lines(changes):
        told = values_changed([ChangedLine(line.was, line.now, line.section)])
        found += [Finding("copy-value-changed", one.where, one.detail) for one in told]
        if not told and line.kind in _CODES:
            others.setdefault((_CODES[line.kind], line.section), []).append(_short(line.was or line.now))
    moved = [one for one in changes if one.became is Became.MOVED_HERE and one.is_critical]
    found += [Finding("copy-value-moved", one.section, _short(_words(one, PieceKind.ADDED))) for one in moved]
    return found + [Finding(code, where, "\n".join(said)) for (code, where), said in others.items()]


def _lines(changes: Iterable[Change]) -> Iterator[_Line]:
    for change in changes:
        if change.became is Became.MOVED_AWAY:
            continue
        parts = [[cell.pieces for cell in row.cells] for row in change.rows] or [[change.pieces]]
        for cells in parts:
            was, now = (_row(cells, kind) for kind in (PieceKind.REMOVED, PieceKind.ADDED))
            if was == now:
                continue
            if any(one.kind is PieceKind.KEPT and one.text.strip() for pieces in cells for one in pieces):
                yield _Line(was, now, change.section)
            else:
                # Another point in the place of one is no change of it: the one went, and the other came.
                yield from (_Line(*line, change.section) for line in ((was, ""), ("", now)) if any(line))


def _words(change: Change, kind: PieceKind) -> str:
    """Give a block's words as they were, or as they are now."""
    if change.rows:
        rows = (_row([cell.pieces for cell in row.cells], kind) for row in change.rows)
        return " / ".join(filter(None, rows))
    return _joined(change.pieces, kind)


def _row(cells: Iterable[Sequence[Piece]], kind: PieceKind) -> str:
    return " | ".join(filter(None, (_joined(one, kind) for one in cells)))


def _joined(pieces: Iterable[Piece], kind: PieceKind) -> str:
    return " ".join("".join(one.text for one in pieces if one.kind in {PieceKind.KEPT, kind}).split())


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"

"""A second reading of a page of PDF: by where the letters stand, and not by the order in which the file names them."""

from dataclasses import dataclass, field
from typing import Any, Final

_MOST: Final = 5_000
"""Pieces of a page; one that has more sets each letter by itself, and is read only once."""
_TOUCHING: Final = 0.15
_APART: Final = 1.5
_SAME_LINE: Final = 0.5
_NEXT_LINE: Final = 2.0
_OVER: Final = 0.5


@dataclass(slots=True)
class _Piece:
    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


@dataclass(slots=True)
class _Block:
    lines: list[_Piece] = field(default_factory=list)

    def takes(self, line: _Piece) -> bool:
        """Tell whether a line stands under the last one of the block, and not beside it or far away."""
        last = self.lines[-1]
        shared = min(last.right, line.right) - max(last.left, line.left)
        narrow = max(min(last.right - last.left, line.right - line.left), 1.0)
        near = last.bottom - line.top < _NEXT_LINE * max(last.height, line.height)
        return near and line.top < last.top and shared >= _OVER * narrow


def lines_by_place(text: Any) -> list[str] | None:
    """
    Give the lines of a page block by block: each column, cell and paragraph for itself.

    Args:
        text: pdfium's text page.

    Returns:
        None when the page has more pieces than are looked at.
    """
    count = text.count_rects()
    if count > _MOST:
        return None
    pieces = []
    for n in range(count):
        left, bottom, right, top = text.get_rect(n)
        said = text.get_text_bounded(left, bottom, right, top).replace("\ufffe", "-").strip("\r\n\x00")
        if said.strip():
            pieces.append(_Piece(left, bottom, right, top, said))
    blocks: list[_Block] = []
    for line in _joined(pieces):
        block = next((one for one in reversed(blocks) if one.takes(line)), None)
        if block is None:
            blocks.append(block := _Block())
        block.lines.append(line)
    return [" ".join(line.text.split()) for block in blocks for line in block.lines]


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Put together the pieces of one line that stand close to each other, from the top of the page to its foot."""
    made: list[_Piece] = []
    for piece in sorted(pieces, key=lambda one: (-one.top, one.left)):
        beside = next((one for one in reversed(made[-8:]) if _continues(one, piece)), None)
        if beside is None:
            made.append(piece)
            continue
        gap = piece.left - beside.right
        beside.text += ("" if gap < _TOUCHING * beside.height else " ") + piece.text
        beside.right = max(beside.right, piece.right)
        beside.bottom, beside.top = min(beside.bottom, piece.bottom), max(beside.top, piece.top)
    return made


def _continues(line: _Piece, piece: _Piece) -> bool:
    shared = min(line.top, piece.top) - max(line.bottom, piece.bottom)
    gap = piece.left - line.right
    on_line = shared >= _SAME_LINE * min(line.height, piece.height)
    return on_line and -line.height < gap < _APART * line.height

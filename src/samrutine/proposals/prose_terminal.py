"""What changed between two texts, for a terminal: `[-out-]` and `{+in+}`, which say the same without colour."""

from collections.abc import Iterator, Sequence
from typing import Final

from samrutine.messages import DEFAULT_LANGUAGE, say
from samrutine.proposals.prose_blocks import BlockKind
from samrutine.proposals.prose_diff import Change, ProseDiff, Unchanged
from samrutine.proposals.prose_labels import critical_label, label_of
from samrutine.proposals.prose_words import Piece, PieceKind

_MARKS: Final = {PieceKind.REMOVED: ("[-", "-]"), PieceKind.ADDED: ("{+", "+}")}
_COLOURS: Final = {PieceKind.REMOVED: "\x1b[31m", PieceKind.ADDED: "\x1b[32m"}
_PLAIN: Final = "\x1b[0m"


def terminal_text(diff: ProseDiff, language: str = DEFAULT_LANGUAGE, *, colour: bool = False) -> str:
    """
    Write the changes as lines of text, each block one, and a line for what did not change.

    Args:
        colour: Put red and green beside the marks, never in their place. What a text itself holds of escape codes was
            refused when it was stored.
    """
    return "\n".join(_Writer(language, colour=colour).lines(diff)) + "\n"


class _Writer:
    def __init__(self, language: str, *, colour: bool) -> None:
        self._language = language
        self._colour = colour

    def lines(self, diff: ProseDiff) -> Iterator[str]:
        if diff.is_nothing:
            yield say("diff.nothing", self._language)
            return
        for one in diff.fields:
            removed = [self._marked(PieceKind.REMOVED, words) for words in one.removed(self._language)]
            added = [self._marked(PieceKind.ADDED, words) for words in one.added(self._language)]
            values = " ".join([*removed, *added]) or say("diff.reordered", self._language)
            yield f"{say(f'diff.field.{one.key}', self._language)}: {values}"
        for part in diff.parts:
            yield ""
            if isinstance(part, Unchanged):
                yield f"  … {say('diff.unchanged', self._language, count=len(part.blocks))}"
            else:
                yield from self._block(part)

    def _block(self, change: Change) -> Iterator[str]:
        for label in (label_of(change, self._language), critical_label(change, self._language)):
            if label:
                yield f"  ({label})"
        words = self._pieces(change.pieces)
        match change.kind:
            case BlockKind.HEADING:
                yield f"{'#' * change.level} {words}"
            case BlockKind.ITEM:
                yield f"{'  ' * (change.level - 1)}- {words}"
            case BlockKind.QUOTE:
                yield f"> {words}"
            case BlockKind.RULE:
                yield "---"
            case BlockKind.TABLE:
                for row in change.rows:
                    yield f"| {' | '.join(self._pieces(cell.pieces) for cell in row.cells)} |"
            case _:
                yield words

    def _pieces(self, pieces: Sequence[Piece]) -> str:
        return "".join(self._marked(piece.kind, piece.text) for piece in pieces)

    def _marked(self, kind: PieceKind, text: str) -> str:
        if kind is PieceKind.KEPT:
            return text
        space = text[: len(text) - len(text.lstrip())]
        before, after = _MARKS[kind]
        marked = f"{before}{text[len(space) :]}{after}"
        return f"{space}{_COLOURS[kind]}{marked}{_PLAIN}" if self._colour else f"{space}{marked}"

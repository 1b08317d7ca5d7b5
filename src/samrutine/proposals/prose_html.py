"""
What changed between two texts, as a piece of HTML to put in a page.

Nothing is told by colour alone: `<ins>` and `<del>` carry words for those who hear the page, a block says in words what
became of it, and what did not change is folded in `<details>`, which needs no script. Every word of a text is escaped.
"""

from collections.abc import Iterator
from html import escape
from typing import Final

from samrutine.messages import DEFAULT_LANGUAGE, say
from samrutine.proposals.prose_blocks import BlockKind
from samrutine.proposals.prose_diff import Change, FieldChange, ProseDiff, Unchanged
from samrutine.proposals.prose_labels import critical_label, label_of
from samrutine.proposals.prose_tables import RowChange
from samrutine.proposals.prose_words import Piece, PieceKind

_MARK: Final = {PieceKind.ADDED: "ins", PieceKind.REMOVED: "del"}


def html_of(
    diff: ProseDiff, language: str = DEFAULT_LANGUAGE, *, heading_level: int = 2, deepest: int = 6
) -> str:  # fmt: skip
    """
    Write the changes as HTML, without style or script; classes begin with "diff-".

    Args:
        heading_level: The level that headings of level 2 in the text get, so that they fit the page they stand in.
        deepest: No heading is below this level: where most of a text is folded, what stands above one is not seen.
    """
    return "\n".join(_Writer(language, heading_level, deepest).whole(diff))


class _Writer:
    def __init__(self, language: str, heading_level: int, deepest: int) -> None:
        self._deepest = deepest
        self._language = language
        self._deeper = heading_level - 2

    def _say(self, key: str, **places: object) -> str:
        return escape(say(f"diff.{key}", self._language, **places))

    def whole(self, diff: ProseDiff) -> Iterator[str]:
        if diff.is_nothing:
            yield f'<p class="diff-nothing">{self._say("nothing")}</p>'
            return
        if diff.fields:
            yield '<dl class="diff-fields">'
            for one in diff.fields:
                yield self._field(one)
            yield "</dl>"
        for part in diff.parts:
            if isinstance(part, Unchanged):
                summary = self._say("unchanged", count=len(part.blocks))
                yield f'<details class="diff-unchanged"><summary>{summary}</summary>'
                for change in part.blocks:
                    yield self._block(change)
                yield "</details>"
            else:
                yield self._block(part)

    def _field(self, one: FieldChange) -> str:
        removed = (self._marked(PieceKind.REMOVED, words) for words in one.removed(self._language))
        added = (self._marked(PieceKind.ADDED, words) for words in one.added(self._language))
        values = "".join(f"<dd>{value}</dd>" for value in (*removed, *added))
        # Only the order of a list differs.
        values = values or f"<dd>{self._say('reordered')}</dd>"
        return f"<dt>{self._say(f'field.{one.key}')}</dt>{values}"

    def _block(self, change: Change) -> str:
        label = label_of(change, self._language)
        critical = critical_label(change, self._language)
        said = f'<p class="diff-label">{escape(label)}</p>' if label else ""
        said += f'<p class="diff-critical">{escape(critical)}</p>' if critical else ""
        return f'<div class="diff-block diff-{change.became}">{said}{self._content(change)}</div>'

    def _content(self, change: Change) -> str:
        words = self._pieces(change.pieces)
        match change.kind:
            case BlockKind.HEADING:
                level = min(max(change.level + self._deeper, 1), self._deepest)
                content = f"<h{level}>{words}</h{level}>"
            case BlockKind.ITEM:
                content = f'<ul class="diff-depth-{change.level}"><li>{words}</li></ul>'
            case BlockKind.QUOTE:
                content = f"<blockquote><p>{words}</p></blockquote>"
            case BlockKind.CODE:
                content = f"<pre>{words}</pre>"
            case BlockKind.RULE:
                content = "<hr>"
            case BlockKind.TABLE:
                content = (
                    f"<table>{''.join(self._row(row, header=n == 0) for n, row in enumerate(change.rows))}</table>"
                )
            case BlockKind.PARAGRAPH | BlockKind.NOTE:
                content = f"<p>{words}</p>"
        return content

    def _row(self, row: RowChange, *, header: bool) -> str:
        tag = "th" if header else "td"
        cells = "".join(f"<{tag}>{self._pieces(cell.pieces)}</{tag}>" for cell in row.cells)
        return f'<tr class="diff-{row.kind}">{cells}</tr>'

    def _pieces(self, pieces: tuple[Piece, ...]) -> str:
        return "".join(
            escape(piece.text)
            if piece.kind is PieceKind.KEPT
            else self._marked(piece.kind, piece.text, piece.is_critical)
            for piece in pieces
        )

    def _marked(self, kind: PieceKind, text: str, critical: bool = False) -> str:  # noqa: FBT001, FBT002  one of three places
        tag = _MARK[kind]
        space = " " if text[:1].isspace() else ""
        heard = f'<span class="diff-heard">{self._say(f"heard.{kind}")} </span>'
        after = f'<span class="diff-heard"> {self._say("heard.end")}</span>'
        marks = ' class="diff-critical-words"' if critical else ""
        return f"{space}<{tag}{marks}>{heard}{escape(text[len(space) :])}{after}</{tag}>"

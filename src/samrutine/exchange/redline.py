"""
What changed between two versions as PDF: what is new underlined, what was taken out struck through.

The words are those of the prose diff, as the page of HTML and the terminal have them. Nothing is told by colour or line alone:
before and after each change stands in words, too small to be seen, what those who hear the page are told.
"""

from dataclasses import replace

from samrutine.adoptions.paper import Redline
from samrutine.exchange.page import page
from samrutine.exchange.pdf_data import PageWriter, as_json, mark_size
from samrutine.exchange.phrases import Phrases
from samrutine.exchange.typeset import typeset
from samrutine.exchange.xmp import about
from samrutine.messages import say as say_of
from samrutine.proposals.prose_diff import Became, Change, FieldChange, Unchanged
from samrutine.proposals.prose_labels import critical_label, label_of
from samrutine.proposals.prose_words import Piece, PieceKind


def render(redline: Redline, *, copy: bool = False) -> bytes:
    """
    Print what changed as PDF.

    Raises:
        DocumentUnavailable: Typst could not set it.
    """
    document = redline.document
    printed = page(document, copy=copy)
    title = printed.say("redline.title", title=printed.title)
    said = about(document, printed)
    return typeset(
        "redline.typ", lambda only_latin: _Writer(redline, only_latin=only_latin).data(title, printed.mark),
        procedure=printed.procedure_id, about=replace(said, kind=printed.say("redline.kind")),
    )  # fmt: skip


class _Writer:
    """Writes one redline as the JSON that its template prints."""

    def __init__(self, redline: Redline, *, only_latin: bool) -> None:
        self._redline = redline
        self._say = Phrases(redline.document.language)
        self._language = self._say.language.value
        self._write = PageWriter(self._say, only_latin=only_latin)

    def data(self, title: str, mark: str | None) -> str:
        header, say, text = self._redline.document.header, self._say, self._write.text
        diff = self._redline.diff
        return as_json({
            **self._write.frame(self._language, header.made_at),
            "text_language": self._redline.document.text.front.language.value,
            "title": text(title),
            "keywords": [header.procedure_id],
            "description": text(say("redline.fromto", old=self._redline.old, new=header.version)),
            "lines": [
                text(say("redline.fromto", old=self._redline.old, new=header.version)),
                text(say("redline.legend")),
            ],
            "nothing": text(self._diff("nothing")) if diff.is_nothing else None,
            "demo": text(say("demo.text")) if header.demo else None,
            "mark": text(mark) if mark else None,
            "mark_size": mark_size(mark),
            "foot": text(f"{header.procedure_id} · {self._redline.old} → {header.version}"),
            "fields": [self._field(one) for one in diff.fields],
            "parts": [self._part(part) for part in diff.parts],
            "heard": {name: text(self._diff(f"heard.{name}")) for name in ("added", "removed", "end")},
        })  # fmt: skip

    def _diff(self, key: str, **places: object) -> str:
        # What is told of changes has no nynorsk yet; see Phrases for what documents themselves say.
        return say_of(f"diff.{key}", "en" if self._language == "en" else "nb", **places)

    def _field(self, one: FieldChange) -> list[object]:
        text = self._write.text
        removed, added = one.removed(self._language), one.added(self._language)
        values: list[object] = [["r", text(words)] for words in removed]
        values += [["a", text(words)] for words in added]
        return [text(self._diff(f"field.{one.key}")), values or [["k", text(self._diff("reordered"))]]]

    def _part(self, part: Change | Unchanged) -> list[object]:
        text = self._write.text
        if isinstance(part, Unchanged):
            return ["same", text(self._diff("unchanged", count=len(part.blocks)))]
        language = "en" if self._language == "en" else "nb"
        told = [text(one) for one in (label_of(part, language), critical_label(part, language)) if one]
        rows = [[row.kind.value, [self._pieces(cell.pieces) for cell in row.cells]] for row in part.rows]
        return [part.kind.value, part.level, told, self._pieces(part.pieces), rows, part.became is not Became.SAME]  # fmt: skip

    def _pieces(self, pieces: tuple[Piece, ...]) -> list[object]:
        marks = {PieceKind.KEPT: "k", PieceKind.ADDED: "a", PieceKind.REMOVED: "r"}
        written: list[object] = []
        for piece in pieces:
            space = " " if piece.kind is not PieceKind.KEPT and piece.text[:1].isspace() else ""
            written += [["k", space]] if space else []
            written.append([marks[piece.kind], self._write.text(piece.text[len(space) :])])
        return written

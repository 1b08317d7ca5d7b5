"""A page set among others in one file: sections and notes with names of their own, and links that lead to neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from samrutine.exchange.page import Page
from samrutine.exchange.tree import (
    Block,
    Blocks,
    BulletList,
    Framed,
    Heading,
    Inline,
    Item,
    Line,
    Link,
    NoteMark,
    OrderedList,
    Paragraph,
    Quote,
    Styled,
    Table,
)
from samrutine.procedures.model import ProcedureId

_DEEPEST: Final = 6


def place_of(procedure: ProcedureId) -> str:
    """Name the place that a routine begins at in a file of several; no section is called that."""
    return f"{procedure}/_title"


def placed(pages: tuple[Page, ...], *, deeper: int = 0) -> tuple[Page, ...]:
    """
    Set pages one after another in a file.

    Sections are named by their routine too, notes are numbered through, and a link to another routine of the file leads to
    it; one to a routine that is not there leads where it did.

    Args:
        pages: One of each procedure.
        deeper: How many levels deeper their headings stand.
    """
    places = {ProcedureId(one.procedure_id): place_of(ProcedureId(one.procedure_id)) for one in pages}
    done = []
    notes = 0
    for one in pages:
        done.append(_Placing(f"{one.procedure_id}/", deeper, notes, places).page(one))
        notes += len(one.notes)
    return tuple(done)


@dataclass(frozen=True, slots=True)
class _Placing:
    """Names and numbers of one page."""

    within: str
    deeper: int
    notes: int
    places: Mapping[ProcedureId, str]

    def page(self, page: Page) -> Page:
        notes = tuple(
            replace(note, number=note.number + self.notes, blocks=self._blocks(note.blocks)) for note in page.notes
        )
        return replace(page, body=self._blocks(page.body), after=self._blocks(page.after), notes=notes)

    def _blocks(self, blocks: Blocks) -> Blocks:
        return tuple(self._block(block) for block in blocks)

    def _block(self, block: Block) -> Block:
        match block:
            case Heading():
                level = min(block.level + self.deeper, _DEEPEST)
                return Heading(level, f"{self.within}{block.key}", self._line(block.content))
            case Paragraph():
                return Paragraph(self._line(block.content))
            case BulletList() | OrderedList():
                return replace(block, items=tuple(Item(self._blocks(one.blocks), one.done) for one in block.items))
            case Table():
                rows = tuple(tuple(self._line(cell) for cell in row) for row in block.rows)
                return replace(block, header=tuple(self._line(cell) for cell in block.header), rows=rows)
            case Quote() | Framed():
                return replace(block, blocks=self._blocks(block.blocks))
            case _:
                return block

    def _line(self, line: Line) -> Line:
        return tuple(self._inline(part) for part in line)

    def _inline(self, part: Inline) -> Inline:
        match part:
            case Styled():
                return replace(part, content=self._line(part.content))
            case Link(section_key=str(key)):
                return replace(part, content=self._line(part.content), section_key=f"{self.within}{key}")
            case Link(procedure=str(other)) if other in self.places:
                return Link(self._line(part.content), section_key=self.places[other])
            case Link():
                return replace(part, content=self._line(part.content))
            case NoteMark():
                return NoteMark(part.number + self.notes, part.first)
            case _:
                return part

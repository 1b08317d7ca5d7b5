"""Merged cells of RTF's tables: pandoc gives each of them alone, and a dose would lose whom it is for."""

from dataclasses import dataclass, field
from typing import Final

OF_CELLS: Final = frozenset({"trowd", "clvmgf", "clvmrg", "clmgf", "clmrg", "cellx"})
"""What RTF says of the cells of a row, before them or after."""


@dataclass(slots=True)
class Cell:
    """A cell that ended: its words, and where its end stands in the file that is kept and in the lines that are read."""

    text: str
    kept: int
    line: int


@dataclass(slots=True)
class Rows:
    """The cells of one row at a time, and those above that go on in it, by their right edge."""

    merged: list[str] = field(default_factory=list)
    _edges: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    _marks: set[str] = field(default_factory=set)
    _cells: list[Cell] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    _above: dict[str, str] = field(default_factory=dict)

    def hear(self, word: str, number: str | None) -> None:
        """Take one of `OF_CELLS`; a row that says nothing of its cells has those of the row before."""
        if word == "trowd":
            self._edges.clear()
            self._marks.clear()
        elif word == "cellx":
            self._edges.append((number or "", frozenset(self._marks)))
            self._marks.clear()
        else:
            self._marks.add(word)

    def say(self, text: str) -> None:
        """Take words of the cell that is read."""
        self._said.append(text)

    def end_cell(self, kept: int, line: int) -> None:
        """End a cell."""
        self._cells.append(Cell(" ".join("".join(self._said).split()), kept, line))
        self._said.clear()

    def end_row(self) -> list[Cell]:
        """End a row, and give its cells that must say again what the cell above says that goes on in them."""
        again, above = [], self._above
        self._above = {}
        for cell, (edge, marks) in zip(self._cells, self._edges, strict=False):
            if marks & {"clvmgf", "clmgf"}:
                self.merged.append(cell.text)
            if "clvmgf" in marks:
                self._above[edge] = cell.text
            elif "clvmrg" in marks and edge in above:
                self._above[edge] = above[edge]
                if not cell.text and above[edge]:
                    again.append(Cell(above[edge], cell.kept, cell.line))
        self._cells.clear()
        self._said.clear()
        return again

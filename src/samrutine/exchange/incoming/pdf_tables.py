"""Tables and frames of a PDF that are drawn with rules: which words stand in which cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from samrutine.exchange.incoming.pdf_words import Rule, Word

_NEAR: Final = 3.0
_MOST: Final = 4_000
"""Rules of a page that are looked at; a page with more is a drawing."""
_MOST_CELLS: Final = 5_000
_TILE: Final = 48
_FARTHEST: Final = 10_000
_COVERS: Final = 0.6


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, with how many rows and columns it covers."""

    words: list[Word]
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that is drawn: its rows from the top; what a cell above covers is not there. One cell alone is a frame."""

    top: float
    bottom: float
    columns: int
    rows: list[list[Cell]]

    @property
    def words(self) -> list[Word]:
        """All that stands in it."""
        return [word for row in self.rows for cell in row for word in cell.words]

    @property
    def is_table(self) -> bool:
        """Whether more than one cell holds something."""
        return sum(1 for row in self.rows for cell in row if cell.words) > 1


def grids_on(words: Sequence[Word], rules: Sequence[Rule]) -> list[Grid]:
    """Give the tables and frames that are drawn on a page and hold words, from the top; no word is in two of them."""
    if len(rules) > _MOST:
        return []
    found: list[Grid] = []
    taken: set[int] = set()
    # A table in a cell is read as a part of the table around it.
    for group in sorted(_touching(rules), key=_area, reverse=True):
        grid = _grid(group, (one for one in words if one.number not in taken))
        if grid is not None and grid.words:
            taken.update(one.number for one in grid.words)
            found.append(grid)
    return sorted(found, key=lambda one: -one.top)


def _area(rules: list[Rule]) -> float:
    return (max(one.right for one in rules) - min(one.left for one in rules)) * (
        max(one.top for one in rules) - min(one.bottom for one in rules)
    )


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Put rules together that touch each other."""
    above = list(range(len(rules)))

    def root(n: int) -> int:
        while above[n] != n:
            above[n] = above[above[n]]
            n = above[n]
        return n

    tiles: dict[tuple[int, int], list[int]] = {}
    for n, one in enumerate(rules):
        for x in range(_tile(one.left - _NEAR), _tile(one.right + _NEAR) + 1):
            for y in range(_tile(one.bottom - _NEAR), _tile(one.top + _NEAR) + 1):
                for other in tiles.get((x, y), ()):
                    if _touch(one, rules[other]):
                        above[root(n)] = root(other)
                tiles.setdefault((x, y), []).append(n)
    groups: dict[int, list[Rule]] = {}
    for n, one in enumerate(rules):
        groups.setdefault(root(n), []).append(one)
    return list(groups.values())


def _tile(place: float) -> int:
    return int(min(max(place, -_FARTHEST), _FARTHEST) // _TILE)


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.left - _NEAR <= other.right
        and other.left - _NEAR <= one.right
        and one.bottom - _NEAR <= other.top
        and other.bottom - _NEAR <= one.top
    )


def _grid(rules: list[Rule], words: Iterable[Word]) -> Grid | None:
    level, upright = [one for one in rules if one.is_level], [one for one in rules if not one.is_level]
    xs = _places([(one.left + one.right) / 2 for one in upright])
    ys = _places([(one.bottom + one.top) / 2 for one in level])
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > _MOST_CELLS:  # noqa: PLR2004 - a cell has two sides
        return None
    ys.reverse()
    held: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        x, y = (word.left + word.right) / 2, word.foot + 0.3 * word.size
        if xs[0] - _NEAR < x < xs[-1] + _NEAR and ys[-1] - _NEAR < y < ys[0] + _NEAR:
            row = max(0, min(len(ys) - 2, sum(1 for one in ys if one > y) - 1))
            column = max(0, min(len(xs) - 2, sum(1 for one in xs if one < x) - 1))
            held.setdefault((row, column), []).append(word)
    return Grid(ys[0], ys[-1], len(xs) - 1, _rows(xs, ys, (level, upright), held))


def _rows(
    xs: list[float], ys: list[float], rules: tuple[list[Rule], list[Rule]], held: dict[tuple[int, int], list[Word]]
) -> list[list[Cell]]:
    level, upright = rules
    high, wide = len(ys) - 1, len(xs) - 1
    below = {
        (row, column): _covered([(one.left, one.right) for one in level if abs(one.bottom - ys[row + 1]) < _NEAR], xs[column], xs[column + 1])
        for row in range(high - 1) for column in range(wide)
    }  # fmt: skip
    beside = {
        (row, column): _covered([(one.bottom, one.top) for one in upright if abs(one.left - xs[column + 1]) < _NEAR], ys[row + 1], ys[row])
        for row in range(high) for column in range(wide - 1)
    }  # fmt: skip
    seen: set[tuple[int, int]] = set()
    made: list[list[Cell]] = []
    for row in range(high):
        made.append([])
        for column in range(wide):
            if (row, column) in seen:
                continue
            right = column + 1
            while right < wide and not beside[row, right - 1] and (row, right) not in seen:
                right += 1
            last = row + 1
            while last < high and not any(below[last - 1, n] for n in range(column, right)):
                last += 1
            places = [(r, c) for r in range(row, last) for c in range(column, right)]
            seen.update(places)
            made[-1].append(
                Cell([word for place in places for word in held.get(place, ())], last - row, right - column)
            )
    return made


def _covered(pieces: list[tuple[float, float]], first: float, last: float) -> bool:
    """Whether pieces of a line cover most of a side."""
    covered = sum(max(0.0, min(end, last) - max(begin, first)) for begin, end in pieces)
    return covered >= _COVERS * (last - first)


def _places(values: list[float]) -> list[float]:
    """Give where there are lines, those close to each other as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found

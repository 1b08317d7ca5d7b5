"""Words of a page put together to lines, and lines in the order in which they are read: columns, and tables without rules."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from samrutine.exchange.incoming.pdf_words import Rule, Word

_APART: Final = 1.0
"""Sizes of room that part two cells or two columns; what is narrower parts two words."""
_AFTER_MARK: Final = 6.0
_GUTTER: Final = 0.7
_NEAR: Final = 1.8
_LOWER_SHARE: Final = 0.4
_LOWER_LEAST: Final = 0.25
_MOST_COLUMNS: Final = 3
_WRAPPED: Final = 1.15
_PITCHES: Final = 1.3
_FILLED: Final = 0.7
_MOST_FILLED: Final = 0.6
_MARK = re.compile(r"(?:[-–•·▪●○◦■➢✓*\uf0b7\uf0a7☐☑☒]|\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-zæøå])[.)])")

Gutter = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """Words beside each other, from left to right."""

    words: tuple[Word, ...]

    @cached_property
    def size(self) -> float:
        """The size of most of its letters."""
        return max(self.words, key=lambda one: (len(one.text) * (one.size + 0.01), one.size)).size

    @cached_property
    def foot(self) -> float:
        """Where its letters stand."""
        return next(one.foot for one in self.words if one.size == self.size)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].left

    @cached_property
    def right(self) -> float:
        """Where it ends."""
        return max(one.right for one in self.words)

    @cached_property
    def text(self) -> str:
        """Its words, as letters."""
        return "".join(f"{'' if one.glued or n == 0 else ' '}{one.text}" for n, one in enumerate(self.words))

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return all(one.bold for one in self.words)


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines that are read one after the other."""

    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Lines that stand in rows and columns, without rules between them; each cell has its lines, and how many columns it covers."""

    rows: list[list[tuple[list[Line], int]]]


@dataclass(slots=True)
class _Group:
    rows: list[list[Line]]
    gutters: list[Gutter] = field(default_factory=list)
    parted_at: list[float] = field(default_factory=list)
    """Where rules go across the room between its columns, from the top."""

    @property
    def has_names(self) -> bool:
        """Whether its first row is bold and the others are not: names of columns."""
        first, others = self.rows[0], [line for row in self.rows[1:] for line in row]
        return len(first) > 1 and all(line.is_bold for line in first) and not all(line.is_bold for line in others)


def lines_of(words: Iterable[Word]) -> list[list[Line]]:
    """Put words together to lines; gives the rows from the top of the page, each with its lines from the left."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (-one.foot, one.left)):
        last = rows[-1][-1] if rows else None
        first = rows[-1][0] if rows else None
        if last is None or first is None or first.foot - word.foot > 0.5 * max(word.size, last.size):
            rows.append([])
        rows[-1].append(word)
    return [_parted(sorted(row, key=lambda one: one.left)) for row in rows]


def _parted(row: list[Word]) -> list[Line]:
    parts: list[list[Word]] = [[row[0]]]
    for word in row[1:]:
        before = parts[-1][-1]
        size = max(before.size, word.size)
        gap = word.left - max(one.right for one in parts[-1])
        only_mark = len(parts[-1]) == 1 and _MARK.fullmatch(before.text) is not None
        if gap > (_AFTER_MARK if only_mark else _APART) * size:
            parts.append([])
        parts[-1].append(word)
    return [Line(tuple(part)) for part in parts]


def in_order(rows: Sequence[list[Line]], rules: Sequence[Rule] = ()) -> list[Flow | Aligned]:
    """
    Give what stands in rows of lines in the order in which it is read.

    Args:
        rules: The lines drawn on the page.
    """
    found: list[Flow | Aligned] = []

    def add(lines: list[Line]) -> None:
        if found and isinstance(found[-1], Flow):
            found[-1].lines.extend(lines)
        elif lines:
            found.append(Flow(lines))

    at = 0
    while at < len(rows):
        group = _group(rows, at, rules)
        if len(group.rows) < 2:  # noqa: PLR2004 - one line, with room in it or without
            add([Line(tuple(word for line in rows[at] for word in line.words))])
        elif _is_columns(group):
            for column in _columns(group):
                for part in in_order([[line] for line in column], rules):
                    add(part.lines if isinstance(part, Flow) else [])
        else:
            found.append(Aligned(_cells(group)))
        at += max(len(group.rows), 1)
    return found


def _group(rows: Sequence[list[Line]], at: int, rules: Sequence[Rule]) -> _Group:
    """Give the rows from one on that share a room from top to foot."""
    first = rows[at]
    gutters = [(one.right, other.left) for one, other in pairwise(first)]
    group = _Group([first], gutters)
    for row in rows[at + 1 :] if gutters else ():
        before = group.rows[-1]
        size = max(line.size for line in (*before, *row))
        left = [
            part for gutter in group.gutters for part in _left_of(gutter, row) if part[1] - part[0] >= _GUTTER * size
        ]
        if not left or min(line.foot for line in before) - max(line.foot for line in row) > 2 * _NEAR * size:
            break
        group.rows.append(row)
        group.gutters = left
        group.parted_at = _across(group, rules)
    # What stands alone below a table is no cell of it, unless it goes on where a cell ended.
    while len(group.rows) > 1 and len(group.rows[-1]) == 1 and not (_is_lower(group.rows[-1][0]) or _is_columns(group)):
        group.rows.pop()
    return group


def _across(group: _Group, rules: Sequence[Rule]) -> list[float]:
    high, low = (max(line.foot for line in row) for row in (group.rows[0], group.rows[-1]))
    (left, right) = group.gutters[0]
    places = {
        one.bottom
        for one in rules
        if one.is_level and one.left < left and one.right > right and low < one.bottom < high
    }
    return sorted(places, reverse=True)


def _left_of(gutter: Gutter, row: list[Line]) -> list[Gutter]:
    """Give what is left of a room when a row stands in it; nothing when a line crosses it."""
    left, right = gutter
    for line in row:
        if line.left < right and line.right > left:
            if line.left <= left and line.right >= right:
                return []
            if line.left <= left:
                left = line.right
            elif line.right >= right:
                right = line.left
            else:
                return [part for one in ((left, line.left), (line.right, right)) for part in _left_of(one, row)]
    return [(left, right)] if right > left else []


def _is_lower(line: Line) -> bool:
    return line.text[:1].islower()


def _columns(group: _Group) -> list[list[Line]]:
    """Give the lines of each column, from the left."""
    edges = sorted((left + right) / 2 for left, right in group.gutters)
    columns: list[list[Line]] = [[] for _ in range(len(edges) + 1)]
    for row in group.rows:
        for line in row:
            columns[sum(1 for edge in edges if (line.left + line.right) / 2 > edge)].append(line)
    return columns


def _is_columns(group: _Group) -> bool:
    """
    Tell columns of text, read one after the other, from the columns of a table.

    A table has names above its columns, or rules between its rows. Text goes on in the next line with a small letter; or the file names all of one column before the next, as programs write
    columns, and tables row by row, and its lines are about as long as each other.
    """
    columns = [column for column in _columns(group) if column]
    if not 1 < len(columns) <= _MOST_COLUMNS or group.has_names or group.parted_at:
        return False
    following = [line for column in columns for line in column[1:]]
    each = [sum(map(_is_lower, column[1:])) >= _LOWER_LEAST * len(column[1:]) for column in columns]
    if following and all(each) and sum(map(_is_lower, following)) >= _LOWER_SHARE * len(following):
        return True
    numbers = [[word.number for line in column for word in line.words] for column in columns]
    one_by_one = all(max(one) < min(other) for one, other in pairwise(numbers))
    return one_by_one and all(len(column) > 1 and _is_filled(column) for column in columns)


def _is_filled(column: list[Line]) -> bool:
    """Whether most lines reach as far as the longest, as text does; names and values are of any length."""
    longest = max(line.right - line.left for line in column)
    return sum(line.right - line.left >= _FILLED * longest for line in column) >= _MOST_FILLED * len(column)


def _cells(group: _Group) -> list[list[tuple[list[Line], int]]]:
    """Give the rows of a table; lines that stand closer than its rows belong to the row above."""
    edges = sorted((left + right) / 2 for left, right in [*group.gutters, *_below_names(group)])
    feet = [max(line.foot for line in row) for row in group.rows]
    pitches = [above - below for above, below in pairwise(feet)]
    least = min(pitches)
    wraps = max(pitches) >= _PITCHES * least
    drawn = len(group.parted_at) > 1
    parts = [sum(1 for place in group.parted_at if place > foot) for foot in feet]
    made: list[list[tuple[list[Line], int]]] = []
    for n, row in enumerate(group.rows):
        wraps_here = n > 0 and (parts[n] == parts[n - 1] if drawn else wraps and pitches[n - 1] <= _WRAPPED * least)
        # Below a name that stands over several columns are their own names.
        if not wraps_here or (not drawn and any(wide > 1 for _, wide in made[-1])):
            made.append([([], 1) for _ in range(len(edges) + 1)])
        for line in row:
            first = sum(1 for edge in edges if edge < line.left)
            wide = 1 + sum(1 for edge in edges if line.left < edge < line.right)
            made[-1][first] = ([*made[-1][first][0], line], max(wide, made[-1][first][1]))
    return [_without_covered(row) for row in made]


def _below_names(group: _Group) -> list[Gutter]:
    """Give the rooms that only the first row crosses: a name there stands over several columns."""
    found: list[Gutter] = []
    for row in group.rows[1:]:
        for one, other in pairwise(row):
            room = (one.right, other.left)
            for each in group.rows[1:]:
                room = max(_left_of(room, each), key=lambda part: part[1] - part[0], default=(0.0, 0.0))
            is_new = not any(low < room[1] and high > room[0] for low, high in [*group.gutters, *found])
            beside = sum(
                1
                for each in group.rows[1:]
                if any(a.right <= room[0] + 1 and b.left >= room[1] - 1 for a, b in pairwise(each))
            )
            if is_new and room[1] - room[0] >= _GUTTER * one.size and beside > 1:
                found.append(room)
    return found


def _without_covered(row: list[tuple[list[Line], int]]) -> list[tuple[list[Line], int]]:
    """Leave out the empty cells that a name covers; one that holds something is covered by none."""
    made: list[tuple[list[Line], int]] = []
    at = 0
    while at < len(row):
        lines, wide = row[at]
        free = next((n for n in range(1, wide) if row[at + n][0]), wide)
        made.append((lines, free))
        at += free
    return made


def as_named(words: Iterable[Word]) -> list[str]:
    """Give the words in the order in which the file names them, in lines: another reading of the same page."""
    lines: list[str] = []
    last: Word | None = None
    for word in sorted(words, key=lambda one: one.number):
        if last is not None and last.breaks:
            lines[-1] += word.text
        elif last is not None and _is_beside(last, word):
            lines[-1] += word.text if word.glued and word.struck == last.struck else f" {word.text}"
        else:
            lines.append(word.text)
        last = word
    return lines


def _is_beside(last: Word, word: Word) -> bool:
    size = max(last.size, word.size)
    return abs(last.foot - word.foot) <= 0.5 * size and -size < word.left - last.right <= _APART * size

"""What lines of plain text are by how they stand there: headings, rows of a table."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from samrutine.exchange.incoming.headings import is_warning, without_number
from samrutine.procedures.checks import part_named

_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s+[A-ZÆØÅ]")
_UNDERLINE = re.compile(r"(?:=|-|_|\*|~){3,}$")
_WIDEST: Final = 100
_LONGEST: Final = 70
_MOST_WORDS: Final = 9
_MOST_WORDS_OF_PART: Final = 4
_SEVERAL: Final = 2
_LETTERS: Final = 4
_MOST_ROWS: Final = 500
"""Rows that are looked at together; a longer table is several."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines without an empty one among them, and the heading that was the first of them."""

    lines: list[str]
    heading: str = ""


def groups_of(rows: Sequence[str]) -> list[list[str]]:
    """
    Give the lines that belong together: those between empty ones; or each line alone, where lines are never broken.

    A line that is longer than a page is wide shows that the program breaks none, and that each is a paragraph. Rows of a table
    stay together.
    """
    groups: list[list[str]] = [[]]
    alone = any(len(row.strip()) > _WIDEST for row in rows)
    for at, row in enumerate(rows):
        if not row.strip():
            groups.append([])
            continue
        if alone and groups[-1] and not (tabbed_at(rows, at - 1) or tabbed_at(rows, at)):
            groups.append([])
        groups[-1].append(row.strip(" "))
    return [group for group in groups if group]


def plain_headings(groups: Sequence[Sequence[str]]) -> list[Group]:
    """
    Take headings off the lines that follow them.

    A kind of heading counts where there are several of it: one line in capitals is a shout, one number the first of a list. A
    number before a line is a heading's only where text follows that has no number: else it is a list's. The parts that every
    routine has are known by their names.
    """
    kinds = [_kinds(groups, n) for n in range(len(groups))]
    often = Counter(kind for each in kinds for kind in each)
    made: list[Group] = []
    for group, each in zip(groups, kinds, strict=True):
        lines = list(group)
        if any(often[kind] >= _SEVERAL for kind in each):
            made.append(Group(lines[2 if "underlined" in each else 1 :], lines[0].strip()))
        else:
            made.append(Group(lines))
    return made


def _kinds(groups: Sequence[Sequence[str]], n: int) -> Collection[str]:
    """Give the kinds of heading that the first of some lines may be of, none where it can be no heading."""
    lines = groups[n]
    first, rest = lines[0].strip(), lines[1:]
    if len(rest) > 0 and _UNDERLINE.fullmatch(rest[0].strip()) and _is_short(first):
        return {"underlined"}
    below = rest[0].strip() if rest else (groups[n + 1][0].strip() if n + 1 < len(groups) else "")
    if not below or not _is_short(first) or "\t" in first or (rest and below[0].islower()):
        return ()
    if _NUMBERED.match(first) and _NUMBERED.match(below):
        return ()
    bare = without_number(first)[0]
    letters = [one for one in bare if one.isalpha()]
    is_of = {
        "part": part_named(bare) is not None and len(bare.split()) <= _MOST_WORDS_OF_PART,
        "numbered": bool(_NUMBERED.match(first)),
        "capitals": len(letters) >= _LETTERS and bare.isupper(),
    }
    return [kind for kind, is_so in is_of.items() if is_so]


def _is_short(line: str) -> bool:
    if len(line) > _LONGEST or len(line.split()) > _MOST_WORDS or is_warning(line):
        return False
    return not line.endswith((".", ",", ";", ":", "?"))


def tabbed(lines: Sequence[str], at: int) -> tuple[list[list[str]], int]:
    """
    Give the rows of the table that begins at a line, and where it ends; or nothing, and where other text ends.

    Rows have one tab or more between their words, and at least two of as many follow each other. Where each tab alone gives
    rows of one length, tabs side by side are an empty cell; else they are one: people press the key until the columns stand
    under each other.
    """
    with_tabs = list(takewhile(lambda line: "\t" in line, lines[at : at + _MOST_ROWS]))
    exact = _alike([[" ".join(cell.split()) for cell in line.split("\t")] for line in with_tabs])
    rows = exact if len(exact) == len(with_tabs) else _alike([_cells(line) for line in with_tabs])
    if len(rows) < len(with_tabs) and is_unclear(with_tabs):
        return [], at + len(with_tabs)
    if len(rows) >= _SEVERAL:
        return rows, at + len(rows)
    end = at + 1
    while end < len(lines) and not tabbed_at(lines, end):
        end += 1
    return [], end


def is_unclear(lines: Sequence[str]) -> bool:
    """Tell whether lines with tabs may be a table of which nobody sees the columns: some cells are empty, and nothing says which."""
    with_tabs = [line for line in lines if "\t" in line]
    return len(with_tabs) >= _SEVERAL and any("\t\t" in line or line != line.strip("\t") for line in with_tabs)


def _alike(rows: list[list[str]]) -> list[list[str]]:
    """Give the rows from the first on that have as many cells, more than one."""
    return list(takewhile(lambda row: len(row) > 1 and len(row) == len(rows[0]), rows))


def tabbed_at(lines: Sequence[str], at: int) -> bool:
    """Tell whether a table begins at a line."""
    both = lines[at : at + _SEVERAL]
    return len(both) == _SEVERAL and all("\t" in line for line in both) and len(tabbed(both, 0)[0]) == _SEVERAL


def _cells(line: str) -> list[str]:
    return [" ".join(cell.split()) for cell in re.split(r"\t+", line.strip())]

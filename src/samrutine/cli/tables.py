"""Lay a table out for the width there is: short words, dates and ids stay whole, and the least important columns give way."""

from collections.abc import Iterable, Sequence
from typing import Final

GAPS: Final = (3, 2)
"""Spaces between columns: where there is room, and where there is little."""

WORDS: Final = (40, 28, 20, 16, 14, 12)
"""The longest word that is never broken, tried from the most readable. Dates and nearly all words are within the last."""

LEAST: Final = (
    "kind", "proposal_kind", "answers_by", "slug", "sami_name", "network", "reminders", "party_id", "for_whom", "email",
    "opened", "significance", "position", "version", "until", "read",
)  # fmt: skip
"""Columns that give way where there is little room, the least important first. All others stay."""

_SEAMS: Final = "-/._@"
_VOWELS: Final = frozenset("aeiouyæøåáéèêôAEIOUYÆØÅ")
_SHORTEST_REST: Final = 3


def lay_out(
    heads: Sequence[str],
    cells: Sequence[Sequence[str]],
    width: int,
    *,
    whole: Iterable[int] = (),
    names: Sequence[str] = (),
) -> tuple[list[list[str]], list[str], str]:
    """
    Lay out a table.

    Args:
        heads: What stands over each column.
        cells: One row after another, each with a text for every column.
        width: Columns of the terminal. Lines are longer only where what must stay whole has no room.
        whole: Columns whose texts are never broken, such as ids.
        names: The name of each column, by which `LEAST` knows it.

    Returns:
        The lines of the heads and of each row; the heads of the columns that were left out; and the line under the heads.
    """
    columns = list(range(len(heads)))
    kept_whole = set(whole)
    found = _fitting(heads, cells, columns, width, kept_whole, WORDS)
    for name in LEAST:
        if found is not None:
            break
        if name in names and len(columns) > 1:
            columns.remove(list(names).index(name))
            found = _fitting(heads, cells, columns, width, kept_whole, WORDS[1:])
    widths, gap = found or ([_least(heads, cells, one, kept_whole, WORDS[-1]) for one in columns], GAPS[-1])
    rows = [
        _row([row[one] for one in columns], widths, gap) for row in (heads, *cells)
    ]  # fmt: skip
    left_out = [heads[one] for one in range(len(heads)) if one not in columns]
    return rows, left_out, "─" * (sum(widths) + gap * (len(widths) - 1))


def _fitting(
    heads: Sequence[str],
    cells: Sequence[Sequence[str]],
    columns: Sequence[int],
    width: int,
    whole: set[int],
    words: Sequence[int],
) -> tuple[list[int], int] | None:
    """Give widths and the gap when the columns have room without breaking a short word; None when they have not."""
    longest = [max(len(line) for row in (heads, *cells) for line in row[one].split("\n")) for one in columns]
    for word in words:
        least = [_least(heads, cells, one, whole, word) for one in columns]
        for gap in GAPS:
            room = width - gap * (len(columns) - 1)
            if sum(longest) <= room:
                return longest, gap
            if sum(least) <= room:
                return _shared([min(one, room) for one in longest], least, room), gap
    return None


def _shared(widths: list[int], least: Sequence[int], room: int) -> list[int]:
    """Take from the widest until all have room, and from none what its words need."""
    while sum(widths) > room:
        one = max(range(len(widths)), key=lambda number: (widths[number] > least[number], widths[number]))
        widths[one] -= 1
    return widths


def _least(heads: Sequence[str], cells: Sequence[Sequence[str]], column: int, whole: set[int], word: int) -> int:
    """Give how narrow a column may be: its whole text, or its longest word up to what may be broken."""
    head = max(len(one) for one in (heads[column].split() or [""]))
    texts = [row[column] for row in cells]
    if column in whole:
        return max([head, *(len(line) for text in texts for line in text.split("\n"))])
    return max([head, *(min(len(one), word) for text in texts for one in text.split())])


def _row(texts: Sequence[str], widths: Sequence[int], gap: int) -> list[str]:
    columns = [broken(text, width) for text, width in zip(texts, widths, strict=True)]
    height = max(len(one) for one in columns)
    padded = [[*one, *[""] * (height - len(one))] for one in columns]
    return [
        (" " * gap).join(one[line].ljust(width) for one, width in zip(padded, widths, strict=True)).rstrip()
        for line in range(height)
    ]


def broken(text: str, width: int) -> list[str]:
    """
    Break a text between words, and a word that is longer than a line at a seam in it, or else with a hyphen.

    Returns:
        One line or more, none longer than `width`.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            rest = word
            if line and len(line) + 1 + len(rest) <= width:
                line += " " + rest
                continue
            if line:
                lines.append(line)
            while len(rest) > width:
                piece, rest = _cut(rest, width)
                lines.append(piece)
            line = rest
        lines.append(line)
    return lines


def _cut(word: str, width: int) -> tuple[str, str]:
    seam = max(word.rfind(one, 0, width) for one in _SEAMS) + 1
    if seam > width // 3:
        return word[:seam], word[seam:]
    if word.isalpha() and width > 1:
        at = _syllable(word, width - 1)
        return word[:at] + "-", word[at:]
    return word[:width], word[width:]


def _syllable(word: str, most: int) -> int:
    """Give where a word is cut: before a consonant that a vowel follows, as Norwegian is written; else as late as there is room."""
    for at in range(min(most, len(word) - _SHORTEST_REST), most // 3, -1):
        if word[at] not in _VOWELS and word[at + 1] in _VOWELS:
            return at
    return most

r"""
Blocks that are in canonical form as they were written, told by their letters alone.

Most of a routine is words, headings, short lists and tables with no mark in them that could mean anything else: those the
formatter gives back as they are, and a reader sees the very words. To let it and the parser go over them four times was a half
of all that reading a document took. What holds any other mark goes the whole way, with a word in place of what stands between.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from samrutine.exchange.incoming.seen import seen_words
from samrutine.procedures.bounds import MOST_ITEMS
from samrutine.procedures.canonical import canonical_body

_INNER: Final = r"[^\W_]|[,.;:()%/–—'\"«»°§?€’+=!-]"
_SPAN: Final = rf"(?:(?<=[ (])|^)(\*\*?+)(?:{_INNER})++(?: (?:{_INNER})++)*+\1(?=[ ,.;:)?!]|$)"
# Possessive throughout: a block of a megabyte is looked at once, and not again from each of its letters.
_TEXT: Final = re.compile(rf"(?:(?:{_INNER}|[ ])++|\[\^\d{{1,3}}\]|{_SPAN})*+")
_OTHERWISE: Final = re.compile(r"  |^ | $|//|\bwww\b|\]\(|\]\[|\]:|!\[|mailto:|xmpp:", re.IGNORECASE)
"""What safe letters can mean together: addresses, links, pictures, notes; and spaces that are taken away."""
_LINE_START: Final = re.compile(r"[-+=:]|\d+[.)](?: |$)")
_ITEM: Final = re.compile(r"( *)(-|\d\.) (\[[ x]\] )?(.+)")
_HEADING: Final = re.compile(r"#{2,6} (.+)")
_NOTE: Final = re.compile(r"\[\^(\d{1,3})\]: (.+)")
_MARK: Final = re.compile(r"\[\^(\d+)\]")
_NO_WORDS: Final = re.compile(r"\[\^\d+\]|\*")
_RULES: Final = frozenset({"--", "-:", ":-:"})
_ONLY_LINES: Final = re.compile(r"[-: ]+")
_LIST_LIKE: Final = re.compile(r"[-*+>] |\d+[.)] |[-*+>]$")
# An open one of these reaches past its block.
_REACHES: Final = re.compile(r"^ *(?:<|```|~~~|\[(?!\^))", re.MULTILINE)
_DEEPEST: Final = 12
_STAND_IN: Final = "zqzxz"


def formed(blocks: list[str]) -> tuple[str, str] | None:
    """
    Put blocks in canonical form, by the formatter only where it can make a difference.

    Args:
        blocks: Markdown, within bounds; the notes last.

    Returns:
        Just what `canonical_body` and `seen_words` give for all of it; or None when only they can tell.
    """
    first_note = next((n for n, block in enumerate(blocks) if block.startswith("[^")), len(blocks))
    text, notes = blocks[:first_note], blocks[first_note:]
    whole = "\n\n".join(text)
    marks = list(dict.fromkeys(_MARK.findall(whole)))
    told = [_note(block, n) for n, block in enumerate(notes, 1)]
    if marks != [str(n) for n in range(1, len(notes) + 1)] or None in told:
        return None
    if not text or _STAND_IN in whole or _REACHES.search(whole):
        return None
    seen = _seen_by_block(text)
    runs = [list(run) for _, run in groupby(range(len(text)), key=lambda n: seen[n] is None)]
    rest = [run for run in runs if seen[run[0]] is None]
    made = _by_the_formatter([[text[n] for n in run] for run in rest])
    if made is None:
        return None
    bodies: list[str] = []
    lines: list[str] = []
    for run in runs:
        if seen[run[0]] is None:
            body, words = made.pop(0)
            bodies.append(body)
            lines += words
        else:
            bodies += [text[n] for n in run]
            lines += [line for n in run for line in seen[n] or ()]
    lines += [line for line in told if line is not None]
    return "\n\n".join([*bodies, *notes]) + "\n", "\n".join(lines)


def _by_the_formatter(runs: list[list[str]]) -> list[tuple[str, list[str]]] | None:
    """Give the canonical form of each run, and the lines a reader sees of it; they are formatted all at once."""
    if not runs:
        return []
    parts = [_STAND_IN, *(part for run in runs for part in (*run, _STAND_IN))]
    numbers = dict.fromkeys(_MARK.findall("\n\n".join(parts)))
    body, faults = canonical_body("\n\n".join([*parts, *(f"[^{n}]: –" for n in numbers)]), 1)
    bodies, seen = body.split(_STAND_IN), seen_words(body).split(_STAND_IN)
    if faults or len(bodies) != len(runs) + 2 or len(seen) != len(bodies):
        return None
    made = [
        (one.strip("\n"), words[1:-1].split("\n") if len(words) > 1 else [])
        for one, words in zip(bodies[1:-1], seen[1:-1], strict=True)
    ]
    return made if all(one for one, _ in made) else None


def _seen_by_block(blocks: list[str]) -> list[list[str] | None]:
    """Give the lines that a reader sees of each block that stays as it is, and None for the others."""
    seen = [_seen(block) for block in blocks]
    for n, block in enumerate(blocks):
        # Lists that follow each other get other marks, so a list that is not alone is none that stays.
        beside = [blocks[other] for other in (n - 1, n + 1) if 0 <= other < len(blocks)]
        if _LIST_LIKE.match(block) and any(_may_be_list(one) for one in beside):
            seen[n] = None
    return seen


def _may_be_list(block: str) -> bool:
    return _LIST_LIKE.match(block) is not None or ("\n" in block and not block.startswith("| "))


def _seen(block: str) -> list[str] | None:
    if not unicodedata.is_normalized("NFC", block):
        return None
    if block.startswith("| "):
        return _table(block.split("\n"))
    if _ITEM.match(block):
        return _list(block.split("\n"))
    heading = _HEADING.fullmatch(block)
    words = heading[1] if heading else block
    # A heading's words are no line of their own: a figure and a full stop make no list of it.
    return [_words(words)] if _is_safe(words, starts_line=heading is None) else None


def _note(block: str, number: int) -> str | None:
    found = _NOTE.fullmatch(block)
    if found is None or int(found[1]) != number or "[" in found[2] or not unicodedata.is_normalized("NFC", block):
        return None
    return _words(found[2]) if _is_safe(found[2], starts_line=True) else None


def _is_safe(text: str, *, starts_line: bool) -> bool:
    return (
        _TEXT.fullmatch(text) is not None
        and _OTHERWISE.search(text) is None
        and not (starts_line and (not text or _LINE_START.match(text)))
    )


def _words(text: str) -> str:
    return " ".join(_NO_WORDS.sub("", text).split())


def _table(lines: list[str]) -> list[str] | None:
    rows = [line[2:-2].split(" | ") for line in lines if line.startswith("| ") and line.endswith(" |")]
    if (
        len(rows) != len(lines)
        or len(rows) < 2  # noqa: PLR2004 - the head and the line below it
        or len({len(row) for row in rows}) != 1
        or not _RULES.issuperset(rows[1])
    ):
        return None
    cells = [cell for row in (rows[0], *rows[2:]) for cell in row]
    if any(_ONLY_LINES.fullmatch(cell) or not _is_safe(cell, starts_line=False) for cell in cells):
        return None
    return [_words(cell) for cell in cells]


def _list(lines: list[str]) -> list[str] | None:
    if len(lines) > MOST_ITEMS:
        return None
    items = [_ITEM.fullmatch(line) for line in lines]
    found = [one for one in items if one is not None]
    if (
        len(found) != len(lines)
        or not _stand_right(found)
        or not all(_is_safe(one[4], starts_line=True) for one in found)
    ):
        return None
    return [_words(one[4]) for one in found]


def _stand_right(items: list[re.Match[str]]) -> bool:
    """Tell whether each item stands where the formatter would put it, with the number it would give it."""
    open_lists: list[tuple[int, int, int | None]] = []
    for indent, mark, number in _places(items):
        while open_lists and open_lists[-1][0] > indent:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == indent:
            before = open_lists.pop()[2]
            if (number is None) != (before is None) or (before is not None and number != before + 1):
                return False
        elif indent > _DEEPEST or indent != (open_lists[-1][1] if open_lists else 0):
            return False
        elif open_lists and number not in {None, 1}:
            # Only a list from 1 may follow a line at once; another would be words of that line.
            return False
        open_lists.append((indent, indent + len(mark) + 1, number))
    return True


def _places(items: list[re.Match[str]]) -> Iterator[tuple[int, str, int | None]]:
    for one in items:
        yield len(one[1]), one[2], None if one[2] == "-" else int(one[2][0])

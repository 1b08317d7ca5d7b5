"""
A page as the JSON that our typst templates print: lists and strings, with every string printable by the fonts of typst.

No text from a user is ever typst code: it arrives in strings, and the templates only ever turn those into text.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

from samrutine.exchange.page import Page
from samrutine.exchange.phrases import Phrases, tied
from samrutine.exchange.tree import (
    Block,
    Blocks,
    BulletList,
    Code,
    CodeBlock,
    Framed,
    Heading,
    Inline,
    Item,
    Line,
    LineBreak,
    Link,
    LocalValue,
    Note,
    NoteMark,
    OrderedList,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Styled,
    Table,
    Words,
    phone_address,
    plain,
)

TEMPLATES: Final = Path(__file__).with_name("templates")

_LONGEST_WORD: Final = 40
# Typst breaks a line after these by itself, addresses included.
_UNBROKEN = re.compile(rf"[^\s\u200b/-]{{{_LONGEST_WORD},}}")
_BETWEEN_WORDS: Final = re.compile(r"[\s\u200b/-]+")
_LETTERS_OF_A_LINE: Final = 70
"""Of a table's line, when every column is as narrow as typst makes it and every letter as wide as in bold."""
_WHOLE: Final = 6
"""So many items or rows stand on one page together, when they are short."""
_LINES_KEPT: Final = 14
"""Of what is kept on one page, as we guess them: typst lets what is larger than a page run out of it, and it would be lost."""
_LETTERS_ACROSS: Final = 80
_LEVELS_KEPT: Final = 3
_LETTERS_OF_A_LEAD: Final = 240
_MARK_WIDTH: Final = 650
"""Points of watermark across the page's diagonal, shared by its letters."""


def as_json(data: Mapping[str, object]) -> str:
    """Write what a template prints."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def said_of(printed: Page) -> str:
    """Say in a line where a document stands, for what is told of the file itself."""
    return ". ".join(line.rstrip(".") for line in (printed.status, *printed.lines))


def mark_size(mark: str | None) -> int:
    """Give the points that the word across a page is set in: as large as the page's diagonal allows."""
    return _MARK_WIDTH // max(len(mark or ""), 5)


class PageWriter:
    """
    Turns a page into lists and strings, with every string printable by the fonts of typst; one use.

    Args:
        labels: The names of places elsewhere in the same file that a link may lead to.
        one_page: All of it is one page, so nothing need be kept together on one.
    """

    def __init__(
        self, say: Phrases, *, only_latin: bool, labels: frozenset[str] = frozenset(), one_page: bool = False
    ) -> None:
        self._one_page = one_page
        self._say = say
        self._unprintable = _BEYOND_LATIN if only_latin else _without_glyph()
        self._marked: set[int] = set()
        self.referred: set[int] = set()
        """The footnotes that what was written so far refers to."""
        self._elsewhere = labels
        self._labels = labels

    def page(self, printed: Page) -> dict[str, object]:
        """Give everything that `document.typ` prints."""
        text = self._text
        return {
            **self.frame(printed.language, printed.made_at),
            **self.routine(printed),
            "author": text(printed.author) if printed.author else "",
            "keywords": [printed.procedure_id, text(printed.kind)],
            "description": text(said_of(printed)),
            "mark": text(printed.mark) if printed.mark else None,
            "mark_size": mark_size(printed.mark),
            "running": text(printed.running),
            "foot": text(printed.foot),
        }

    def frame(self, language: str, made_at: datetime) -> dict[str, object]:
        """Give what every template prints, whatever it is about: its day, and the words that stand on each page."""
        at = ("year", "month", "day", "hour", "minute", "second")
        words = {name: self._text(self._say(f"page.{name}")) for name in ("number", "of", "done", "not_done")}
        made = {one: getattr(made_at, one) for one in at}
        return {"language": language, "text_language": language, "made_at": made, **words}

    def routine(self, printed: Page) -> dict[str, object]:
        """Give one routine: its control header, its text, and what stands after it."""
        text = self._text
        self._labels = self._elsewhere | {heading.key for heading in printed.headings}
        body, after = self.blocks(printed.body), self.blocks(printed.after)
        # A note that only another note refers to has no place at the foot of a page, and must not be lost.
        for note in printed.notes:
            if note.number not in self._marked:
                first, *rest = self.blocks(note.blocks) or [["p", []]]
                after += [["p", [f"{note.number}. ", *self._words_of(first)]], *rest]
        return {
            "text_language": printed.text_language,
            "title": text(printed.title),
            "kind": text(printed.kind),
            "owner": text(printed.owner) if printed.owner else None,
            "colour": printed.colour,
            "tone": printed.tone.value,
            "status": text(printed.status),
            "lines": [text(line) for line in printed.lines],
            "facts": [[text(name), text(value)] for name, value in printed.facts],
            "copy_note": text(printed.copy_note),
            # Typst breaks an address at a slash only where a letter follows, and "/1.0" would stand outside the box.
            "address": text(printed.address).replace("/", "/\u200b"),
            "link": printed.link,
            "qr": printed.qr_svg,
            "qr_alternative": text(printed.qr_alternative),
            "demo": text(printed.demo) if printed.demo else None,
            "local_note": text(printed.local_note) if printed.local_note else None,
            "body": body,
            "after": after,
            "notes": self.notes(printed.notes),
        }

    def notes(self, notes: Iterable[Note]) -> dict[str, object]:
        """Give the footnotes by the names that their marks have."""
        return {str(note.number): self.blocks(note.blocks) for note in notes}

    def text(self, text: str) -> str:
        """Make a string of one line that the fonts can print."""
        return self._text(text)

    def line(self, line: Line) -> list[object]:
        """Give the parts of a line."""
        return self._line(line)

    def _words_of(self, block: object) -> list[object]:
        match block:
            case ["p", list(parts), *_]:
                return list(parts)
            case _:
                return []

    def blocks(self, blocks: Blocks) -> list[object]:
        """Give blocks as the templates print them."""
        written = [self._block(block) for block in blocks]
        for at, (block, following) in enumerate(pairwise(blocks)):
            # What leads to a list stands on its page: alone at the foot of another it says nothing.
            if isinstance(block, Paragraph) and isinstance(following, BulletList | OrderedList | Table):
                written[at].append(_letters(written[at]) <= _LETTERS_OF_A_LEAD)
        return list(written)

    def _block(self, block: Block) -> list[object]:  # noqa: PLR0911 - one case a kind of block
        match block:
            case Paragraph():
                return ["p", self._line(block.content)]
            case Heading():
                return ["h", block.level, block.key, self._line(block.content)]
            case BulletList():
                runs = groupby(block.items, key=lambda item: item.done)
                parts = [[done, self._items(items)] for done, items in runs]
                return ["ul", block.tight, parts, *self._held([item for _, items in parts for item in items])]
            case OrderedList():
                items = self._items(block.items)
                return ["ol", block.tight, block.start, items, *self._held(items)]
            case Table():
                rows = [[self._line(cell) for cell in row] for row in block.rows]
                header = [self._line(cell) for cell in block.header]
                shares, to_fill_in = list(block.shares), list(block.to_fill_in)
                whole = self._held([header, *rows], columns=block.width)
                solid = [not self._one_page and short(row, block.width) for row in rows]
                wide = _has_wide_words(block)
                return ["table", list(block.alignments), shares, to_fill_in, wide, header, rows, solid, *whole]
            case Quote():
                return ["quote", self.blocks(block.blocks)]
            case CodeBlock():
                return ["code", self._text(block.text, keep_lines=True)]
            case Rule():
                return ["hr"]
            case Framed():
                return ["framed", self._text(block.heading), self.blocks(block.blocks)]

    def _held(self, rows: Sequence[object], *, columns: int = 1) -> tuple[bool, int]:
        return (False, 0) if self._one_page else held(rows, columns=columns)

    def _items(self, items: Iterable[Item]) -> list[list[object]]:
        return [self.blocks(item.blocks) for item in items]

    def _line(self, line: Line) -> list[object]:
        return [self._inline(part) for part in line]

    def _inline(self, part: Inline) -> object:  # noqa: C901, PLR0911 - one case a kind of part
        match part:
            case Words():
                return self._text(part.text)
            case Styled():
                return [{"emphasis": "i", "strong": "b", "strike": "s"}[part.style], self._line(part.content)]
            case Code():
                return ["c", self._text(part.text)]
            case Link():
                return self._link(part)
            case LineBreak():
                return ["br"]
            case LocalValue(value=None):
                return ["m", self._text(self._say("local.missing", label=part.label))]
            case LocalValue():
                value = part.value or ""
                # A number that is broken at the end of a line is dialled wrong.
                return ["v", self._text(value.replace(" ", "\u00a0") if phone_address(value) else value)]
            case NoteMark():
                self.referred.add(part.number)
                if part.first:
                    self._marked.add(part.number)
                return ["n", str(part.number), part.first, part.number]
            case Picture():
                return self._text(self._say("page.picture", alternative=part.alternative))

    def _link(self, link: Link) -> list[object]:
        content = self._line(link.content)
        if link.section_key is not None:
            # In an addition a link may name a section of another text; typst stops at a label that is not there.
            return ["x", link.section_key, content] if link.section_key in self._labels else ["g", content]
        if link.procedure is not None:
            return ["a", f"{link.procedure}.pdf", content]
        return ["a", link.address or "", content]

    def _text(self, text: str, *, keep_lines: bool = False) -> str:
        """Make a string that the fonts can print: what they lack is spelled out, and no word is wider than a line."""
        if not keep_lines:
            text = text.replace("\r", " ").replace("\n", " ")
        text = self._unprintable.sub(_spelled, tied(text))
        return _UNBROKEN.sub(_with_breaks, text)


def held(rows: Sequence[object], *, columns: int = 1) -> tuple[bool, int]:
    """
    Settle what of a list or a table is kept on one page.

    Args:
        rows: Its items or rows as they are written, the names of a table's columns first.
        columns: Of a table.

    Returns:
        Whether all of it is, and otherwise how many lines there must be room for where it begins: the first two. 0 when
        those are long themselves.
    """
    lines = [_lines(row, columns) for row in rows]
    names = int(columns > 1)
    if any(_depth(row) > _LEVELS_KEPT for row in rows):
        return False, 0
    if len(rows) - names <= _WHOLE and sum(lines) <= _LINES_KEPT:
        return True, 0
    first = sum(lines[: 2 + names])
    return False, first if first <= _LINES_KEPT else 0


def short(row: object, columns: int) -> bool:
    """Tell whether a row is so short that it is kept on one page."""
    return _lines(row, columns) <= _LINES_KEPT and _depth(row) <= _LEVELS_KEPT


def _lines(written: object, columns: int = 1) -> int:
    """Guess how many lines something takes, rather too many; of a row, its highest cell."""
    if columns > 1 and isinstance(written, list):
        return max((_lines(cell) * columns for cell in written), default=1)
    breaks = _blocks_in(written)
    return max(1, breaks + _letters(written) // _LETTERS_ACROSS)


def _letters(written: object) -> int:
    match written:
        case str():
            return len(written)
        case list():
            return sum(_letters(one) for one in written)
        case _:
            return 0


def _blocks_in(written: object) -> int:
    """Count what begins on a line of its own."""
    match written:
        case [("p" | "h" | "br" | "code" | "hr" | "table" | "framed" | "quote"), *rest]:
            inner = sum(text.count("\n") for text in rest if isinstance(text, str))
            return 1 + inner + sum(_blocks_in(one) for one in rest)
        case list():
            return sum(_blocks_in(one) for one in written)
        case _:
            return 0


def _depth(written: object) -> int:
    """Count how many lists stand within each other, and say of tables and the like that they are deep."""
    match written:
        case [("table" | "framed" | "quote" | "code"), *_]:
            return _LEVELS_KEPT + 1
        case [("ul" | "ol"), *rest]:
            return 1 + max((_depth(one) for one in rest), default=0)
        case list():
            return max((_depth(one) for one in written), default=0)
        case _:
            return 0


def _has_wide_words(table: Table) -> bool:
    """Tell whether a word may be wider than its column: only then are words divided, since it is ugly in Norwegian."""
    cells = (cell for row in (table.header, *table.rows) for cell in row)
    longest = max((len(word) for cell in cells for word in _BETWEEN_WORDS.split(plain(cell))), default=0)
    return longest > _LETTERS_OF_A_LINE // table.width


def _with_breaks(match: re.Match[str]) -> str:
    step = _LONGEST_WORD // 2
    return "\u200b".join(match[0][at : at + step] for at in range(0, len(match[0]), step))


def _spelled(match: re.Match[str]) -> str:
    return f"[U+{ord(match[0]):04X}]"


_BEYOND_LATIN: Final = re.compile(r"[^\n\t -~\u00a0-\u017f\u200b–—„“”’‘•…→§€]")


@cache
def _without_glyph() -> re.Pattern[str]:
    """What none of typst's own fonts can print: all but the runs in `templates/glyphs.txt` and the breaks we make."""
    text = (TEMPLATES / "glyphs.txt").read_text(encoding="ascii")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    runs = [run.partition("-") for run in " ".join(lines).split()]
    ranges = "".join(rf"\U{int(first, 16):08x}-\U{int(last or first, 16):08x}" for first, _, last in runs)
    return re.compile(rf"[^\n\t\u200b{ranges}]")

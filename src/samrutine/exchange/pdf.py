"""
A document as PDF, for paper and for the archive: PDF/A-2a and PDF/UA-1 in one file.

Typst sets the page from one fixed template, `templates/document.typ`, which is given the words as JSON. No text from
a user is ever typst code. Fonts are only those inside typst, the date is the document's own, and nothing is read from
the machine, so the same document gives the same bytes everywhere.
"""

import json
import re
import threading
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.errors import DocumentUnavailable
from samrutine.exchange.page import Page, page
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
    NoteMark,
    OrderedList,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Styled,
    Table,
    Words,
    plain,
)

if TYPE_CHECKING:
    from typst import Compiler

STANDARDS: Final = ("a-2a", "ua-1")
"""PDF/A-2a (tagged, for long keeping) and PDF/UA-1 (for screen readers), declared and enforced by typst."""

_TEMPLATES: Final = Path(__file__).with_name("templates")
_LONGEST_WORD: Final = 40
# Typst breaks a line after these by itself, addresses included.
_UNBROKEN = re.compile(rf"[^\s\u200b/-]{{{_LONGEST_WORD},}}")
_BETWEEN_WORDS: Final = re.compile(r"[\s\u200b/-]+")
_LETTERS_OF_A_LINE: Final = 70
"""Of a table's line, when every column is as narrow as typst makes it and every letter as wide as in bold."""
_MARK_WIDTH: Final = 650
"""Points of watermark across the page's diagonal, shared by its letters."""


def render(document: EffectiveDocument) -> bytes:
    """
    Print a document as PDF. The same document gives the same bytes, in any process and on any machine.

    A character that no font of ours has is printed as its code point, "[U+4E2D]": visible, and nothing is lost.

    Raises:
        DocumentUnavailable: Typst could not set the page; the detail is typst's own.
    """
    return _compiled(page(document))


def page_data(printed: Page, *, only_latin: bool = False) -> str:
    """
    Give the JSON that the template prints.

    Args:
        printed: The page.
        only_latin: Spell out everything beyond Latin letters and common signs, for the rare combination of
            characters that the fonts have one by one but not together.
    """
    writer = _Writer(printed.say, only_latin=only_latin)
    return json.dumps(writer.page(printed), ensure_ascii=False, separators=(",", ":"))


_own = threading.local()


def _compiler() -> "Compiler":
    """One compiler a thread, kept: it holds the fonts and what typst remembers of the template."""
    compiler: Compiler | None = getattr(_own, "compiler", None)
    if compiler is None:
        # Imported here: loading typst takes 0.1 s, and most commands print nothing.
        import typst

        # By path, since typst then remembers the parsed template; and the folder as root, since nothing else may be read.
        compiler = typst.Compiler(str(_TEMPLATES / "document.typ"), root=str(_TEMPLATES), ignore_system_fonts=True)
        _own.compiler = compiler
    return compiler


def _compiled(printed: Page) -> bytes:
    import typst

    compiler = _compiler()
    try:
        return _pdf(compiler, page_data(printed))
    except typst.TypstError as error:
        if not _is_about_glyphs(error):
            raise _unavailable(printed, error) from error
    try:
        return _pdf(compiler, page_data(printed, only_latin=True))
    except typst.TypstError as error:
        raise _unavailable(printed, error) from error


def _pdf(compiler: "Compiler", data: str) -> bytes:
    made = compiler.compile(format="pdf", sys_inputs={"page": data}, pdf_standards=list(STANDARDS))
    if not isinstance(made, bytes):
        raise TypeError(type(made).__name__)
    return made


def _is_about_glyphs(error: Exception) -> bool:
    return "could not be displayed" in str(error) or "codepoint" in str(error)


def _unavailable(printed: Page, error: Exception) -> DocumentUnavailable:
    # Only typst's first line: the rest quotes the template, and may quote the document.
    detail = str(getattr(error, "message", "")) or type(error).__name__
    return DocumentUnavailable(procedure=printed.procedure_id, format="PDF", detail=detail.splitlines()[0])


class _Writer:
    """Turns a page into lists and strings, with every string printable by the fonts of typst."""

    def __init__(self, say: Phrases, *, only_latin: bool) -> None:
        self._say = say
        self._unprintable = _BEYOND_LATIN if only_latin else _without_glyph()
        self._marked: set[int] = set()
        self._labels: frozenset[str] = frozenset()

    def page(self, printed: Page) -> dict[str, object]:
        say, text = self._say, self._text
        made = printed.made_at
        self._labels = frozenset(heading.key for heading in printed.headings)
        body, after = self._blocks(printed.body), self._blocks(printed.after)
        # A note that only another note refers to has no place at the foot of a page, and must not be lost.
        for note in printed.notes:
            if note.number not in self._marked:
                first, *rest = self._blocks(note.blocks) or [["p", []]]
                after += [["p", [f"{note.number}. ", *self._words_of(first)]], *rest]
        mark = text(printed.mark) if printed.mark else None
        return {
            "language": printed.language,
            "text_language": printed.text_language,
            "title": text(printed.title),
            "kind": text(printed.kind),
            "keywords": [printed.procedure_id, text(printed.kind)],
            "description": text(". ".join(line.rstrip(".") for line in (printed.status, *printed.lines))),
            "made_at": {
                "year": made.year,
                "month": made.month,
                "day": made.day,
                "hour": made.hour,
                "minute": made.minute,
                "second": made.second,
            },
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
            "mark": mark,
            "mark_size": _MARK_WIDTH // max(len(mark or ""), 5),
            "local_note": text(printed.local_note) if printed.local_note else None,
            "running": text(printed.running),
            "foot": text(printed.foot),
            "number": text(say("page.number")),
            "of": text(say("page.of")),
            "done": text(say("page.done")),
            "not_done": text(say("page.not_done")),
            "body": body,
            "after": after,
            "notes": {str(note.number): self._blocks(note.blocks) for note in printed.notes},
        }

    def _words_of(self, block: object) -> list[object]:
        match block:
            case ["p", list(parts)]:
                return parts
            case _:
                return []

    def _blocks(self, blocks: Blocks) -> list[object]:
        return [self._block(block) for block in blocks]

    def _block(self, block: Block) -> list[object]:  # noqa: PLR0911 - one case a kind of block
        match block:
            case Paragraph():
                return ["p", self._line(block.content)]
            case Heading():
                return ["h", block.level, block.key, self._line(block.content)]
            case BulletList():
                runs = groupby(block.items, key=lambda item: item.done)
                return ["ul", block.tight, [[done, self._items(items)] for done, items in runs]]
            case OrderedList():
                return ["ol", block.tight, block.start, self._items(block.items)]
            case Table():
                cells = [self._line(cell) for row in block.rows for cell in row]
                header = [self._line(cell) for cell in block.header]
                shares, to_fill_in = list(block.shares), list(block.to_fill_in)
                return ["table", list(block.alignments), shares, to_fill_in, _has_wide_words(block), header, cells]
            case Quote():
                return ["quote", self._blocks(block.blocks)]
            case CodeBlock():
                return ["code", self._text(block.text, keep_lines=True)]
            case Rule():
                return ["hr"]
            case Framed():
                return ["framed", self._text(block.heading), self._blocks(block.blocks)]

    def _items(self, items: Iterable[Item]) -> list[object]:
        return [self._blocks(item.blocks) for item in items]

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
                return ["v", self._text(part.value or "")]
            case NoteMark():
                if part.first:
                    self._marked.add(part.number)
                return ["n", part.number, part.first]
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
    text = (_TEMPLATES / "glyphs.txt").read_text(encoding="ascii")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    runs = [run.partition("-") for run in " ".join(lines).split()]
    ranges = "".join(rf"\U{int(first, 16):08x}-\U{int(last or first, 16):08x}" for first, _, last in runs)
    return re.compile(rf"[^\n\t\u200b{ranges}]")

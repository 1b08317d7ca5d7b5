"""
The text of a document as WordprocessingML: headings, lists, tables, footnotes, boxes, links, local values.

What a reader of the returned file must find again is marked where Word keeps it: a local value and a picture are content
controls with a tag, a quotation and an addition as well, a section a bookmark, a note a real footnote.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final
from urllib.parse import quote, urlsplit

from samrutine.exchange.page import ADDITIONS_KEY
from samrutine.exchange.phrases import Phrases
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
    plain,
)
from samrutine.exchange.word_lists import Numbering
from samrutine.exchange.word_pictures import drawing, sized
from samrutine.exchange.word_styles import (
    ADDITION,
    BULLETS,
    CODE,
    CODE_BLOCK,
    CONTINUED,
    FIELD,
    LINK,
    MISSING,
    NOTE,
    NOTE_MARK,
    NUMBERS,
    QUOTE,
    TABLE,
    Sheet,
)
from samrutine.exchange.word_xml import STEP, Form, Weight, box, control, paragraph, run
from samrutine.exchange.word_xml import field as word_field

_LED_TO: Final = (BulletList, OrderedList, Table)
_DEEPEST: Final = 8
_HIGHEST_HEADING: Final = 6
_LINE_RULE: Final = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="8A97A6"/></w:pBdr>'
_TEXT_WIDTH: Final = 9638
_WHOLE: Final = 6
"""So many items or rows stand on one page together; of a longer list the first two do, below what leads to it."""


@dataclass
class Relations:
    """What a part refers to, numbered as it is first named."""

    targets: dict[tuple[str, str, bool], str] = field(default_factory=dict)

    def to(self, kind: str, target: str, *, external: bool = False) -> str:
        """Give the id of the relation to a target; the same for the same."""
        return self.targets.setdefault((kind, target, external), f"rId{len(self.targets) + 1}")


def section_bookmark(key: str) -> str:
    """Name the bookmark of a section: Word allows forty letters, and a key may be longer."""
    return f"_s{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def note_bookmark(number: int) -> str:
    """Name the bookmark around the first mark of a note, which later marks of the same note refer to."""
    return f"_samrutine_note_{number}"


def word_address(address: str) -> str | None:
    """Write an address as Word takes it; None for one it would not: it then calls the whole file damaged."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() in {"http", "https"} and not parts.hostname:
        return None
    return quote(address, safe="%/:?#@!$&'()*+,;=-._~")


@dataclass
class BodyWriter:
    """
    Writes the blocks of one document; one use.

    Attributes:
        pictures: Bytes of pictures by the target that the text names them with; the others stand as their words.
        language: The language of the words that are written now, when it is not the text's own.
        media: The pictures that were used: name within the file, and bytes.
        footnotes: The footnotes as XML, in the order of their first mark.
        printed: Of the pictures that stand there themselves: the start of their digest, by their place in the text.
    """

    sheet: Sheet
    say: Phrases
    notes: tuple[Note, ...]
    keys: frozenset[str]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    relations: Relations = field(default_factory=Relations)
    numbering: Numbering = field(default_factory=Numbering)
    media: dict[str, bytes] = field(default_factory=dict)
    footnotes: list[str] = field(default_factory=list)
    printed: dict[int, str] = field(default_factory=dict)
    _numbers: int = 0
    _pictures: int = 0
    _additions: int = 0
    _framed: bool = False
    _marked: set[int] = field(default_factory=set)
    _keep: bool = False
    language: str = ""

    def number(self) -> int:
        """Give the next number for what must have one of its own."""
        self._numbers += 1
        return self._numbers

    def in_language(self, language: str) -> None:
        """From now on words are in this language; "" for the one of the text."""
        self.language = language

    def unmarked_notes(self) -> str:
        """Write the notes that only another note refers to: Word has no place for them at the foot of a page."""
        parts = []
        for note in self.notes:
            if note.number not in self._marked:
                first, *rest = note.blocks or (Paragraph(()),)
                start: Line = (Words(f"{note.number}. "),)
                own = Paragraph((*start, *first.content)) if isinstance(first, Paragraph) else Paragraph(start)
                others = tuple(rest) if isinstance(first, Paragraph) else note.blocks
                parts.append(self.blocks((own, *others)))
        return "".join(parts)

    def blocks(self, blocks: Blocks, *, left: int = 0, depth: int = 0, style: str = "") -> str:
        """
        Write blocks.

        Args:
            left: How many steps they are set in.
            depth: How many lists they stand in.
            style: The name of the style of their paragraphs, when it is not the ordinary one.
        """
        parts = []
        before: Block | None = None
        other = False
        kept = self._keep
        for block, following in zip_longest(blocks, blocks[1:]):
            # What leads to a list stands on its page: alone at the foot of another it says nothing.
            self._keep = kept or (isinstance(block, Paragraph) and isinstance(following, _LED_TO))
            # Of two lists of a kind in a row the second has other marks, or they would be one list to Word.
            other = isinstance(block, BulletList) and isinstance(before, BulletList) and not other
            parts.append(self._block(block, left, depth, style, other=other))
            if isinstance(block, Table):
                parts.append(_after_table(left))
            before = block
        self._keep = kept
        return "".join(parts)

    def _block(self, block: Block, left: int, depth: int, style: str, *, other: bool) -> str:  # noqa: PLR0911 - one case a kind
        match block:
            case Paragraph():
                return paragraph(self.line(block.content), self._form(style, left))
            case Heading():
                return self._heading(block)
            case BulletList():
                tasks = all(item.done is not None for item in block.items)
                number = self.numbering.tasks(other=other) if tasks else self.numbering.bullets(other=other)
                return self._list(block.items, number, left, depth, tight=block.tight, style=BULLETS)
            case OrderedList():
                number = self.numbering.ordered(block.start, min(depth, _DEEPEST))
                return self._list(block.items, number, left, depth, tight=block.tight, style=NUMBERS)
            case Table():
                return self._table(block, left)
            case Quote():
                inner = self.blocks(block.blocks, left=left + 1, depth=depth, style=QUOTE)
                return control(inner or paragraph(""), f"quote:{left}", self.number())
            case CodeBlock():
                weight = Weight(language=self.language)
                return paragraph(run(block.text, weight, keep_lines=True), self._form(CODE_BLOCK, left))
            case Rule():
                return paragraph("", Form(borders=_LINE_RULE, left=left * STEP if left else None))
            case Framed():
                return self._addition(block)

    def _form(self, style: str, left: int) -> Form:
        name = style or (CONTINUED if left else "")
        # The style of a quotation sets its first step in by itself; twice would be a quotation in a quotation.
        given = left and not (style == QUOTE and left == 1)
        return Form(style=self.sheet.id(name), left=left * STEP if given else None, keep_next=self._keep)

    def _heading(self, heading: Heading) -> str:
        level = min(heading.level - 1, _HIGHEST_HEADING)
        number, name = self.number(), section_bookmark(heading.key)
        start, end = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>', f'<w:bookmarkEnd w:id="{number}"/>'
        written = paragraph(f"{start}{self.line(heading.content)}{end}", Form(style=self.sheet.id(f"heading {level}")))
        if heading.key != ADDITIONS_KEY:
            return written
        return control(written, "addition:0", self.number(), lock="sdtContentLocked")

    def _addition(self, framed: Framed) -> str:
        self._additions += 1
        count, self._framed = self._additions, True
        name = paragraph(run(framed.heading), Form(style=self.sheet.id(ADDITION)))
        inner = self.blocks(framed.blocks, left=1)
        self._framed = False
        return control(name + inner, f"addition:{count}", self.number(), name=framed.heading, lock="contentLocked")

    def _list(self, items: tuple[Item, ...], number: int, left: int, depth: int, *, tight: bool, style: str) -> str:
        kept, parts = self._keep, []
        for at, item in enumerate(items):
            self._keep = kept or _with_next(at, len(items))
            parts.append(self._item(item, number, left, depth, tight=tight, style=style))
        self._keep = kept
        return "".join(parts)

    def _item(self, item: Item, number: int, left: int, depth: int, *, tight: bool, style: str) -> str:
        first, rest = "", item.blocks
        if rest and isinstance(rest[0], Paragraph):
            first, rest = self.line(rest[0].content), rest[1:]
        if item.done is not None:
            name = self.say("page.done" if item.done else "page.not_done")
            first = f"{box(self.number(), done=item.done, name=name)}{run(' ')}{first}"
        ilvl = min(depth, _DEEPEST)
        # Its place is said outright where the list's own levels would set it elsewhere.
        at = (left + 1) * STEP if left != ilvl else None
        form = Form(
            style=self.sheet.id(style), number=(number, ilvl), left=at, hanging=STEP if at is not None else 0,
            keep_next=self._keep, space_after=None if tight else 120,
        )  # fmt: skip
        return paragraph(first, form) + self.blocks(rest, left=left + 1, depth=depth + 1)

    def _table(self, table: Table, left: int) -> str:
        widths = _widths(table, _TEXT_WIDTH - left * STEP)
        properties = "".join((
            f'<w:tblStyle w:val="{self.sheet.id(TABLE)}"/>',
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>',
            f'<w:tblInd w:w="{left * STEP}" w:type="dxa"/>' if left else "",
            '<w:tblLayout w:type="fixed"/>',
            '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>',
        ))  # fmt: skip
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        count = len(table.rows)
        rows = [self._row(table, table.header, widths, is_header=True, keep=count > 0)]
        for at, row in enumerate(table.rows):
            rows.append(self._row(table, row, widths, is_header=False, keep=self._keep or _with_next(at, count)))
        return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"

    def _row(self, table: Table, row: tuple[Line, ...], widths: tuple[int, ...], *, is_header: bool, keep: bool) -> str:
        sides = [side if side != "left" else None for side in table.alignments]
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{paragraph(self.line(cell), Form(side=side, keep_next=keep))}</w:tc>"
            for cell, width, side in zip(row, widths, sides, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_header else ''}</w:trPr>{cells}</w:tr>"

    def line(self, line: Line, weight: Weight | None = None) -> str:
        """Write the parts of a line."""
        weight = weight or Weight(language=self.language)
        return "".join(self._inline(part, weight) for part in line)

    def _inline(self, part: Inline, weight: Weight) -> str:  # noqa: PLR0911 - one case a kind of part
        match part:
            case Words():
                return run(part.text, weight)
            case Styled():
                return self.line(part.content, weight.with_(part.style))
            case Code():
                return run(part.text, self._styled(weight, CODE))
            case Link():
                return self._link(part, weight)
            case LineBreak():
                return "<w:r><w:br/></w:r>"
            case LocalValue():
                return self._local(part, weight)
            case NoteMark():
                return self._mark(part, weight)
            case Picture():
                return self._picture(part, weight)

    def _styled(self, weight: Weight, style: str) -> Weight:
        return Weight(self.sheet.id(style), weight.strong, weight.emphasis, weight.strike, language=weight.language)

    def _local(self, part: LocalValue, weight: Weight) -> str:
        if part.value is None:
            shown = run(self.say("local.missing", label=part.label), self._styled(weight, MISSING))
        else:
            shown = run(part.value, self._styled(weight, FIELD)) or run("–", self._styled(weight, FIELD))
        return control(shown, f"field:{part.key}", self.number(), name=part.label, lock="contentLocked")

    def _link(self, link: Link, weight: Weight) -> str:
        content = self.line(link.content, self._styled(weight, LINK))
        if link.section_key is not None:
            if link.section_key not in self.keys:
                return self.line(link.content, weight)
            return f'<w:hyperlink w:anchor="{section_bookmark(link.section_key)}" w:history="1">{content}</w:hyperlink>'
        address = f"{link.procedure}.docx" if link.procedure is not None else word_address(link.address or "")
        return self._outside(address, content) if address else self.line(link.content, weight)

    def link(self, address: str, shown: str) -> str:
        """Write a link to an address, in words of our own."""
        target = word_address(address)
        weight = Weight(self.sheet.id(LINK), language=self.language)
        return self._outside(target, run(shown, weight)) if target else run(shown)

    def _outside(self, target: str, content: str) -> str:
        relation = self.relations.to("hyperlink", target, external=True)
        return f'<w:hyperlink r:id="{relation}" w:history="1">{content}</w:hyperlink>'

    def _mark(self, mark: NoteMark, weight: Weight) -> str:
        note = next((one for one in self.notes if one.number == mark.number), None)
        if note is None or not mark.first or mark.number in self._marked:
            shown = Weight(raised=True, language=weight.language)
            return word_field(f"NOTEREF {note_bookmark(mark.number)} \\h", str(mark.number), shown)
        self._marked.add(mark.number)
        number, reference = self.number(), len(self._marked)
        style = f'<w:rPr><w:rStyle w:val="{self.sheet.id(NOTE_MARK)}"/></w:rPr>'
        self.footnotes.append("")
        self.footnotes[reference - 1] = self._note(note, reference, style)
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{note_bookmark(mark.number)}"/>'
            f'<w:r>{style}<w:footnoteReference w:id="{reference}"/></w:r><w:bookmarkEnd w:id="{number}"/>'
        )

    def _note(self, note: Note, reference: int, style: str) -> str:
        before, self.language = self.language, ""
        first, rest = "", note.blocks
        if rest and isinstance(rest[0], Paragraph):
            first, rest = self.line(rest[0].content), rest[1:]
        form = Form(style=self.sheet.id(NOTE))
        start = paragraph(f"<w:r>{style}<w:footnoteRef/></w:r>{run(' ')}{first}", form)
        inner = f"{start}{self.blocks(rest, style=NOTE)}"
        self.language = before
        return f'<w:footnote w:id="{reference}">{inner}</w:footnote>'

    def _picture(self, picture: Picture, weight: Weight) -> str:
        place = "-" if self._framed else str(self._pictures)
        self._pictures += not self._framed
        data = self.pictures.get(picture.source)
        size = sized(data) if data is not None else None
        if data is None or size is None:
            shown = run(self.say("page.picture", alternative=picture.alternative), weight)
            return control(shown, f"picture:{place}", self.number(), name=picture.alternative, lock="contentLocked")
        hashed = hashlib.sha256(data).hexdigest()[:16]
        name = f"image-{hashed}.{size.suffix}"
        self.media[name] = data
        if not self._framed:
            self.printed[int(place)] = hashed
        relation = self.relations.to("image", f"media/{name}")
        return drawing(relation, self.number(), size, name=f"picture:{place}", alternative=picture.alternative)


def _with_next(at: int, count: int) -> bool:
    """Tell whether an item or a row stands on the page of the one after it."""
    return at + 1 < count and (count <= _WHOLE or at == 0)


def _after_table(left: int) -> str:
    # Word puts two tables together that have nothing between them, and a cell or a page must not end with one.
    return paragraph("", Form(left=left * STEP if left else None, space_after=60))


def _widths(table: Table, whole: int) -> tuple[int, ...]:
    """Share the width of the page among the columns: as they are filled in by hand, or by what stands in them."""
    shares = table.shares
    if not shares:
        rows = (table.header, *table.rows)
        longest = [max(len(plain(row[at])) for row in rows) for at in range(table.width)]
        words = [max((len(w) for row in rows for w in plain(row[at]).split()), default=0) for at in range(table.width)]
        shares = tuple(max(min(long, 60), word, 4) + 3 for long, word in zip(longest, words, strict=True))
    total = sum(shares)
    return tuple(max(whole * share // total, 200) for share in shares)

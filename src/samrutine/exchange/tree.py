"""
A text as a tree of printable parts: what is between Markdown and a page.

HTML, Markdown and PDF are written from this tree, so all three agree on what is a heading, which links are safe, and
what stands where a municipality has not filled in. Raw HTML has no place in it, nor has an address with another scheme
than http, https or mailto; user text is only ever text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import unquote

from samrutine.procedures.markdown import markdown
from samrutine.procedures.model import LocalInformationType, ProcedureId
from samrutine.procedures.sections import sections

if TYPE_CHECKING:
    from markdown_it.token import Token

Alignment = Literal["left", "center", "right"] | None
Style = Literal["emphasis", "strong", "strike"]


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Words with a weight: emphasis, strong, or struck out."""

    style: Style
    content: "Line"


@dataclass(frozen=True, slots=True)
class Code:
    """Words to be read letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """
    A link with a safe target: http(s), mailto, or tel in `address`; a section of this text; or another procedure.

    Exactly one of the three is set. A link with any other target is not a Link: only its words are kept.
    """

    content: "Line"
    address: str | None = None
    section_key: str | None = None
    procedure: ProcedureId | None = None


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A break that the writer asked for."""


@dataclass(frozen=True, slots=True)
class LocalValue:
    """What the municipality has filled in; `value` is None where it has not, and `label` says what is missing."""

    key: str
    label: str
    type: LocalInformationType
    value: str | None


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A reference to footnote `number`; `first` for the first one, which the note's way back leads to."""

    number: int
    first: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """An image, told by its alternative text; the file itself, which `source` names, is an attachment of the procedure."""

    alternative: str
    source: str = field(default="", compare=False)


Inline = Words | Styled | Code | Link | LineBreak | LocalValue | NoteMark | Picture
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, level 2 or deeper, never more than one deeper than the one before. `key` is its section's key."""

    level: int
    key: str
    content: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    content: Line


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; `done` is None when it is not something to tick off."""

    blocks: "Blocks"
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list without order."""

    items: tuple[Item, ...]
    tight: bool


@dataclass(frozen=True, slots=True)
class OrderedList:
    """A list where the order counts, from `start`."""

    items: tuple[Item, ...]
    tight: bool
    start: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: one header row, and rows with as many cells."""

    alignments: tuple[Alignment, ...]
    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]

    @property
    def to_fill_in(self) -> tuple[bool, ...]:
        """Tell for each column whether it is left to be filled in by hand: it has a heading, and not one word below."""
        return tuple(
            bool(self.rows) and not any(plain(row[at]).strip() for row in self.rows) for at in range(self.width)
        )

    @property
    def shares(self) -> tuple[int, ...]:
        """
        Share the width of a table that is filled in by hand, as whole percents, roughly by the length of what stands in it.

        Columns with words get what they need, up to a third of a line; those to fill in share the rest, and together
        never less than a third. Empty for a table without anything to fill in, which is as wide as its words.
        """
        if not any(self.to_fill_in):
            return ()
        given = [
            0
            if empty
            else min(max(len(plain(row[at])) for row in (self.header, *self.rows)), _LONGEST_SHARE) + _PADDING
            for at, empty in enumerate(self.to_fill_in)
        ]
        # A column of the longest heading is not to swallow one of a short: a name and a date need room as well.
        wanted = [
            max(len(plain(cell)), _SHORTEST_SHARE) if not g else 0 for cell, g in zip(self.header, given, strict=True)
        ]
        left = max(_LINE - sum(given), sum(given) // 2)
        letters = [g or left * want // sum(wanted) for g, want in zip(given, wanted, strict=True)]
        return tuple(max(100 * one // sum(letters), 1) for one in letters)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.header)


@dataclass(frozen=True, slots=True)
class Quote:
    """A block of quoted text."""

    blocks: "Blocks"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines to be kept as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Framed:
    """A block set apart from the shared text, with a heading of its own: a municipality's local addition."""

    heading: str
    blocks: "Blocks"


Block = Heading | Paragraph | BulletList | OrderedList | Table | Quote | CodeBlock | Rule | Framed
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, numbered from 1 in the order it is first referred to."""

    number: int
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Tree:
    """A text and its footnotes."""

    blocks: Blocks
    notes: tuple[Note, ...]


def tree(body: str, local: Mapping[str, LocalValue], first_note: int = 1) -> Tree:
    """
    Read the Markdown of a body as printable parts.

    Args:
        body: As in `ProcedureText.body`.
        local: What the municipality has filled in, by key. A field that is not declared is a visible gap with its key.
        first_note: The number of the first footnote, so that several bodies on one page can count on.
    """
    environment: dict[str, object] = {}
    tokens = markdown().parse(body, environment)
    return _Reader(tokens, _keys(body, tokens), local, first_note).read()


def _keys(body: str, tokens: "list[Token]") -> dict[int, str]:
    """Section keys by the line, from 0, of their headings."""
    lines = body.split("\n")
    headings = [token.map for token in tokens if token.type == "heading_open" and token.level == 0 and token.map]
    outline = "\n\n".join("\n".join(lines[start:end]) for start, end in headings)
    if not outline:
        return {}
    # Keys depend on headings alone, so reading those again is enough, and saves a third of the time of a PDF's words.
    # But a bracket may refer to a definition further down, and then the whole text must be read.
    whole = body if "[" in outline else outline
    return {line: section.key for (line, _), section in zip(headings, sections(whole), strict=True)}


_LINE: Final = 95
"""Letters on a line of a table, at the size it is printed."""
_LONGEST_SHARE: Final = 34
_SHORTEST_SHARE: Final = 7
_PADDING: Final = 3


def plain(line: Line) -> str:
    """Give the words of a line, as a table of contents or a bookmark shows them."""
    return "".join(_plain(line))


def plain_lines(blocks: Iterable["Block"], *, by_name: bool = False) -> Iterator[str]:
    """Give the words of blocks, line by line; `by_name` gives the name of what a municipality fills in, not its value."""
    for block in blocks:
        match block:
            case Heading(content=content) | Paragraph(content=content):
                yield "".join(_plain(content, by_name=by_name))
            case BulletList(items=items) | OrderedList(items=items):
                for item in items:
                    yield from plain_lines(item.blocks, by_name=by_name)
            case Table(header=header, rows=rows):
                for row in (header, *rows):
                    yield " ".join("".join(_plain(cell, by_name=by_name)) for cell in row)
            case Quote(blocks=inner) | Framed(blocks=inner):
                yield from plain_lines(inner, by_name=by_name)
            case CodeBlock(text=text):
                yield text
            case _:
                pass


def web_address(address: str) -> str | None:
    """Give `address` if it may stand as a link in a document: http, https or mailto; else None."""
    return address if _SAFE.match(address) and not _UNSEEN.search(address) else None


_SAFE: Final = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@)", re.IGNORECASE)
_UNSEEN: Final = re.compile("[\x00-\x20\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_PROCEDURE_LINK: Final = re.compile(r"(?:rutine:|(?:\./|\.\./[a-z0-9-]+/)?)([a-z0-9][a-z0-9-]{0,79})(\.md)?(?:#.*)?")
_PHONE: Final = re.compile(r"(?:\+|00)?[0-9](?: ?[0-9]){2,14}")
# These turn the order of what is seen, so that a reader would see other words than the ones that were approved.
_REORDERING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DEEPEST: Final = 6


def phone_address(value: str) -> str | None:
    """Give the tel: address of a Norwegian or international number, or None when the value is more than a number."""
    return f"tel:{value.replace(' ', '')}" if _PHONE.fullmatch(value.strip()) else None


def words(text: str) -> Words:
    """Make printable words of any text: characters that turn the reading order are spelled out."""
    return Words(_REORDERING.sub(lambda match: f"[U+{ord(match[0]):04X}]", text))


def _plain(line: Line, *, by_name: bool = False) -> Iterator[str]:
    for part in line:
        match part:
            case Words() | Code():
                yield part.text
            case Styled() | Link():
                yield from _plain(part.content, by_name=by_name)
            case LineBreak():
                yield " "
            case LocalValue():
                yield f"{{{{{part.key}}}}}" if by_name else part.value or f"[{part.label}]"
            case Picture():
                yield part.alternative
            case NoteMark():
                pass


class _Reader:
    """Reads markdown-it's flat tokens into a tree; one use."""

    def __init__(
        self, tokens: "list[Token]", keys: Mapping[int, str], local: Mapping[str, LocalValue], first_note: int
    ) -> None:
        self._tokens = tokens
        self._at = 0
        self._keys = keys
        self._local = local
        self._first_note = first_note
        self._level = 1
        self._marked: set[int] = set()
        self._in_note = False

    def read(self) -> Tree:
        blocks: list[Block] = []
        notes: list[Note] = []
        while self._at < len(self._tokens):
            if self._tokens[self._at].type == "footnote_block_open":
                notes = self._notes()
            else:
                blocks.extend(self._block())
        return Tree(tuple(blocks), tuple(notes))

    def _take(self) -> "Token":
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _until(self, closing: str) -> Blocks:
        blocks: list[Block] = []
        while self._tokens[self._at].type != closing:
            blocks.extend(self._block())
        self._at += 1
        return tuple(blocks)

    def _block(self) -> Iterable[Block]:  # noqa: C901, PLR0911 - one case a kind of token, read as a table
        token = self._take()
        match token.type:
            case "paragraph_open":
                content = self._line(self._take())
                self._at += 1
                return [Paragraph(content)] if content else []
            case "heading_open":
                return [self._heading(token)]
            case "bullet_list_open" | "ordered_list_open":
                return [self._list(token)]
            case "table_open":
                return [self._table()]
            case "blockquote_open":
                return [Quote(self._until("blockquote_close"))]
            case "fence" | "code_block":
                return [CodeBlock(words(token.content.removesuffix("\n")).text)]
            case "hr":
                return [Rule()]
            case "html_block":  # only if somebody turns html on: then it is seen, and does nothing
                return [CodeBlock(words(token.content.removesuffix("\n")).text)]
            case "inline":
                return [Paragraph(self._line(token))]
            case "footnote_anchor":
                return []
            case _:
                # A kind of block that we have no form for must not vanish from a routine: its words are kept.
                return [Paragraph((words(token.content),))] if token.content.strip() else []

    def _heading(self, token: "Token") -> Block:
        content = self._line(self._take())
        self._at += 1
        key = self._keys.get(token.map[0]) if token.map and token.level == 0 else None
        if key is None:
            # Within a quote or a list it is no section of the text, and would break the order of the outline.
            return Paragraph((Styled("strong", content),))
        self._level = max(2, min(int(token.tag[1:]), self._level + 1, _DEEPEST))
        return Heading(self._level, key, content)

    def _list(self, opening: "Token") -> Block:
        items: list[Item] = []
        tight = True
        closing = opening.type.replace("_open", "_close")
        while self._tokens[self._at].type != closing:
            is_task = "task-list-item" in str(self._take().attrGet("class") or "")
            tight = tight and self._is_tight()
            done = self._done() if is_task else None
            blocks = self._until("list_item_close")
            items.append(Item(blocks if done is None else _without_leading_space(blocks), done))
        self._at += 1
        if opening.type == "bullet_list_open":
            return BulletList(tuple(items), tight)
        return OrderedList(tuple(items), tight, int(opening.attrGet("start") or 0) if "start" in opening.attrs else 1)

    def _is_tight(self) -> bool:
        return self._tokens[self._at].type != "paragraph_open" or self._tokens[self._at].hidden

    def _done(self) -> bool | None:
        inline = self._tokens[self._at + 1]
        box = inline.children[0] if inline.children else None
        return "checked=" in box.content if box is not None and box.type == "html_inline" else None

    def _table(self) -> Table:
        rows: list[tuple[Line, ...]] = []
        row: list[Line] = []
        alignments: list[Alignment] = []
        while (token := self._take()).type != "table_close":
            match token.type:
                case "tr_open":
                    row = []
                case "th_open" | "td_open":
                    if token.type == "th_open":
                        alignments.append(_alignment(token))
                    row.append(self._line(self._take()))
                case "tr_close":
                    rows.append(tuple(row))
                case _:
                    pass
        return Table(tuple(alignments), rows[0], tuple(rows[1:]))

    def _notes(self) -> list[Note]:
        notes: list[Note] = []
        self._in_note = True
        self._at += 1
        while (token := self._take()).type != "footnote_block_close":
            if token.type == "footnote_open":
                notes.append(Note(self._first_note + int(token.meta["id"]), self._until("footnote_close")))
        return notes

    def _line(self, inline: "Token") -> Line:
        # A stack of our own and no recursion: a thousand stars nest a thousand deep, and are no reason to fail.
        open_parts: list[_Open] = [_Open()]
        for token in inline.children or []:
            if token.nesting > 0:
                open_parts.append(_opened(token, open_parts))
            elif token.nesting < 0 and len(open_parts) > 1:
                done = open_parts.pop()
                open_parts[-1].parts.extend(self._closed(done))
            else:
                open_parts[-1].parts.extend(self._inline(token))
        return _joined(open_parts[0].parts)

    def _closed(self, done: "_Open") -> list[Inline]:
        content = _joined(done.parts)
        if done.target is not None:
            return self._link(done.target, content)
        return [Styled(done.style, content)] if done.style and content else done.parts

    def _inline(self, token: "Token") -> list[Inline]:  # noqa: PLR0911 - one case a kind of token
        match token.type:
            case "text":
                return [words(token.content)]
            case "softbreak":
                return [Words(" ")]
            case "hardbreak":
                return [LineBreak()]
            case "code_inline":
                return [Code(words(token.content).text)]
            case "image":
                alternative = plain(self._line(token))
                return [Picture(alternative, str(token.attrGet("src") or ""))] if alternative else []
            case "local_field":
                return [self._local_value(token)]
            case "footnote_ref":
                return [self._mark(token)]
            case "html_inline" | "footnote_anchor":
                return []  # a box to tick off, which its item holds; and the way back, which the page makes
            case _:
                return [words(token.content)] if token.content else []

    def _link(self, target: str, content: Line) -> list[Inline]:
        if target.startswith("#"):
            key = unquote(target[1:])
            return [Link(content, section_key=key)] if key in self._keys.values() else list(content)
        if web_address(target):
            return [Link(content, address=target)]
        other = _PROCEDURE_LINK.fullmatch(target)
        if other and (other[2] or target.startswith("rutine:")):
            return [Link(content, procedure=ProcedureId(other[1]))]
        return list(content)

    def _local_value(self, token: "Token") -> LocalValue:
        key = token.content
        return self._local.get(key) or LocalValue(key, key, LocalInformationType.TEXT, None)

    def _mark(self, token: "Token") -> NoteMark:
        number = self._first_note + int(token.meta["id"])
        # A note may refer to itself or to one that refers back; only marks in the text count as the first.
        first = number not in self._marked and not self._in_note
        if first:
            self._marked.add(number)
        return NoteMark(number, first)


@dataclass(slots=True)
class _Open:
    """A weight or a link whose end is not read yet; with neither it only hands its parts on."""

    style: Style | None = None
    target: str | None = None
    parts: list[Inline] = field(default_factory=list)


_STYLES: Final[Mapping[str, Style]] = {"em_open": "emphasis", "strong_open": "strong", "s_open": "strike"}


def _opened(token: "Token", within: "Sequence[_Open]") -> _Open:
    if token.type == "link_open":
        return _Open(target=str(token.attrGet("href") or ""))
    style = _STYLES.get(token.type)
    # Strong within strong looks the same as strong.
    return _Open() if any(outer.style == style for outer in within) else _Open(style)


def _without_leading_space(blocks: Blocks) -> Blocks:
    """Drop the space between a box to tick off and its words: the page sets the distance."""
    if not blocks or not isinstance(first := blocks[0], Paragraph):
        return blocks
    content = first.content
    if content and isinstance(content[0], Words):
        content = (Words(content[0].text.lstrip()), *content[1:])
    return (replace(first, content=content), *blocks[1:])


def _joined(parts: "list[Inline]") -> Line:
    """Put neighbouring words together, so that the tree does not depend on how the parser cut them."""
    joined: list[Inline] = []
    for part in parts:
        if isinstance(part, Words) and joined and isinstance(last := joined[-1], Words):
            joined[-1] = Words(last.text + part.text)
        elif not isinstance(part, Words) or part.text:
            joined.append(part)
    return tuple(joined)


def _alignment(token: "Token") -> Alignment:
    match str(token.attrGet("style") or ""):
        case "text-align:left":
            return "left"
        case "text-align:center":
            return "center"
        case "text-align:right":
            return "right"
        case _:
            return None

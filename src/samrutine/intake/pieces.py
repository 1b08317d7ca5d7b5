"""A routine in the pieces that people choose between: headings, paragraphs, list items, rows of tables; and back to Markdown."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from samrutine.procedures.markdown import CHECKBOX, markdown
from samrutine.proposals.walking import Walk

if TYPE_CHECKING:
    from markdown_it.token import Token

_NOTE: Final = re.compile(r"\[\^([^\]\s]+)\]")
_DEPTH: Final = " " * 4


class PieceKind(StrEnum):
    """What a piece is. A row is one row of a table, a raw one is code, a line across, and whatever else stands by itself."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    QUOTE = "quote"
    NOTE = "note"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Piece:
    """
    One piece of a text, which can stand in another.

    Attributes:
        text: Its words as a reader sees them, in one line; the cells of a row with " | " between. An address that a link
            leads to follows in brackets, struck-out words stand between ~~.
        markdown: What is written, without what makes it a heading, an item or a quotation. Of a row, see `cells`.
        section: The words of the heading it stands under, of a heading its own; "" before the first.
        level: Of a heading 1 to 6; of an item, and of code inside one, how deep its list lies, from 1; else 0.
        mark: Of an item "-" or "1.", with its box; "" for another paragraph of the item before.
        number: Of an item of a numbered list, its own; else 0.
        begins: Of such an item, the number that its list begins with; of one that goes on from a list before it, that list's.
        goes_on: Whether its list goes on from one before it: steps with a picture between them are two lists.
        cells: Of a row, each as Markdown.
        header: Of a row, the first row of its table; the first row itself has none.
        notes: The footnotes that it refers to, by label; of a note, its own.
    """

    kind: PieceKind
    text: str
    markdown: str
    section: str
    level: int = 0
    mark: str = ""
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    begins: int = 0
    goes_on: bool = False

    @property
    def is_header(self) -> bool:
        """Whether it is the first row of a table."""
        return self.kind is PieceKind.ROW and not self.header


def pieces(body: str) -> tuple[Piece, ...]:
    """Take a body apart, in the order it is read, notes last."""
    env: dict[str, object] = {}
    tokens = markdown().parse(body, env)
    found = list(_Walk(env).parts(tokens))
    notes: dict[str, str] = {}
    for piece in found:
        for label in piece.notes:  # only notes have theirs so far; each further paragraph of one is a piece too
            notes[label] = f"{notes[label]}\n\n{piece.markdown}" if label in notes else piece.markdown
    return tuple(_with_notes(piece, notes) for piece in found)


def written(chosen: Iterable[Piece]) -> str:
    """
    Put pieces together as one body, not yet in the stored form.

    An item whose list is not there begins one. Steps keep their numbers where nothing is left out: a list that goes on after a
    picture goes on from the last step that was chosen. A row whose table is not there gets its table's first row
    above it.
    Footnotes follow the pieces that refer to them and are numbered anew; those of the same words become one.
    """
    writer = _Writer()
    for piece in chosen:
        writer.add(piece)
    return writer.body()


def _with_notes(piece: Piece, notes: Mapping[str, str]) -> Piece:
    if piece.kind is PieceKind.NOTE:
        return piece
    labels = _NOTE.findall("\n".join((piece.markdown, *piece.cells)))
    own = {label: notes[label] for label in labels if label in notes}
    if not own:
        return piece
    return replace(piece, notes=own)


@dataclass(slots=True)
class _List:
    """A list that one is inside of: the number it begins with, and that of the last item."""

    begins: int
    number: int
    goes_on: bool = False


class _Walk(Walk[Piece]):
    """Makes a piece of each, and of each row of a table."""

    def __init__(self, env: Mapping[str, object]) -> None:
        super().__init__()
        references = env.get("references")
        self._links: Mapping[str, Mapping[str, str]] = references if isinstance(references, dict) else {}
        self._mark = ""
        self._counting: list[_List] = []
        self._before: dict[int, _List] = {}

    def _enter_or_leave(self, token: "Token") -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            start = token.attrGet("start")
            begins, before = 1 if start is None else int(start), self._before.get(len(self.lists))
            if before is not None and begins > 1 and begins == before.number + 1:
                self._counting.append(_List(before.begins, before.number, goes_on=True))
            else:
                self._counting.append(_List(begins, begins - 1))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            ended = self._counting.pop()
            if token.type == "ordered_list_close":
                self._before[len(self._counting)] = ended
        super()._enter_or_leave(token)

    def _item_begins(self) -> None:
        self._mark = "1." if self.lists[-1].startswith("ordered") else "-"
        self._counting[-1].number += 1
        # A list inside another item goes on from none inside this one.
        self._before = {depth: one for depth, one in self._before.items() if depth < len(self.lists)}

    def _in_item(self, piece: Piece, box: str = "") -> Piece:
        """Let a piece stand where it does in its list: the first of an item has the item's mark."""
        mark, self._mark = self._mark, ""
        piece = replace(piece, level=len(self.lists), mark=f"{mark} {box}" if box else mark)
        own = self._counting[-1]
        return replace(piece, number=own.number, begins=own.begins, goes_on=own.goes_on) if mark == "1." else piece

    def _heading(self, opening: "Token", inline: "Token") -> Piece:
        # An underlined heading may be of two lines; written with # it is one.
        text, level, source = _reader_text(inline), int(opening.tag[1]), " ".join(self._source(inline).split())
        if opening.level == 0:
            self.section = text
            return Piece(PieceKind.HEADING, text, source, text, level)
        # A heading inside a quotation or a list begins no section.
        return Piece(PieceKind.PARAGRAPH, text, source, self.section)

    def _paragraph(self, inline: "Token") -> Piece:
        text, source = _reader_text(inline), self._source(inline).strip()
        if self.note:
            return Piece(PieceKind.NOTE, text, source, "", notes={self.note: source})
        if self.lists:
            found = next((child.content for child in inline.children or [] if CHECKBOX in child.content), None)
            box = "" if found is None else "[x]" if "checked=" in found else "[ ]"
            return self._in_item(Piece(PieceKind.ITEM, text, source, self.section), box)
        kind = PieceKind.QUOTE if self.quotes else PieceKind.PARAGRAPH
        return Piece(kind, text, source, self.section)

    def _table(self, tokens: "Sequence[Token]") -> Iterator[Piece]:
        rows: list[tuple[list[str], list[str]]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append(([], []))
            elif token.type == "inline":
                rows[-1][0].append(_reader_text(token))
                rows[-1][1].append(self._source(token))
        header = tuple(rows[0][1]) if rows else ()
        for n, (texts, sources) in enumerate(rows):
            text = " | ".join(texts)
            above = header if n else ()
            yield Piece(PieceKind.ROW, text, text, self.section, cells=tuple(sources), header=above)

    def _by_itself(self, token: "Token") -> Piece:
        if token.type == "hr":
            piece = Piece(PieceKind.RAW, "", "---", self.section)
            return self._in_item(piece) if self.lists else piece
        fence = "`" * max(3, 1 + max((len(one) for one in re.findall(r"`+", token.content)), default=0))
        source = f"{fence}{token.info.strip()}\n{token.content.rstrip(chr(10))}\n{fence}"
        piece = Piece(PieceKind.RAW, " ".join(token.content.split()), source, self.section)
        return self._in_item(piece) if self.lists else piece

    def _source(self, inline: "Token") -> str:
        """Give what is written, with links that lead through a definition elsewhere written out."""
        source = inline.content
        labels = {str(child.meta["label"]) for child in inline.children or [] if child.meta.get("label")}
        for label in sorted(labels & self._links.keys()):
            source = _written_out(source, label, self._links[label])
        return source


def _written_out(source: str, label: str, link: Mapping[str, str]) -> str:
    """Write `[text][label]` and `[label]` as a link with its address."""
    title = f' "{link["title"]}"' if link.get("title") else ""
    name = re.escape(label).replace(r"\ ", r"\s+")
    full, short = rf"(\[[^\[\]]+\])\[{name}\]", rf"(\[{name}\])(?:\[\])?(?![\[(])"
    # The address goes in by a function, since it may hold what a pattern would take for a mark.
    with_goal: Callable[[re.Match[str]], str] = lambda found: f"{found[1]}(<{link['href']}>{title})"  # noqa: E731  typed so
    return re.sub(short, with_goal, re.sub(full, with_goal, source, flags=re.IGNORECASE), flags=re.IGNORECASE)


def _reader_text(inline: "Token") -> str:
    return " ".join("".join(_shown(inline)).split())


def _shown(inline: "Token") -> Iterator[str]:
    addresses: list[str] = []
    for child in inline.children or []:
        match child.type:
            case "text" | "code_inline" | "text_special":
                yield child.content
            case "softbreak" | "hardbreak":
                yield " "
            case "s_open" | "s_close":
                yield "~~"
            case "local_field":
                yield f"{{{{{child.content}}}}}"
            case "image":
                yield f"{''.join(_shown(child))} ({child.attrGet('src')})"
            case "link_open":
                addresses.append(str(child.attrGet("href")))
            case "link_close":
                yield f" ({addresses.pop()})"
            case _:
                pass


def _is_in_list(piece: Piece) -> bool:
    return piece.kind is PieceKind.ITEM or (piece.kind is PieceKind.RAW and piece.level > 0)


@dataclass(slots=True)
class _Counted:
    """The last step of a list: its number where it came from, its number here, and the part it stands in."""

    was: int
    now: int
    section: int


class _Numbering:
    """Gives steps their numbers: their own where nothing was left out, and else the one after the last that was chosen."""

    def __init__(self) -> None:
        self.section = 0
        self._open: dict[int, str] = {}
        self._last: dict[int, _Counted] = {}

    def next(self, piece: Piece, depth: int, *, follows: bool) -> tuple[int, bool]:
        """Give the number of an item that stands this deep, and whether the list before it goes on with it."""
        if not follows:
            self._open.clear()
        for deeper in [one for one in self._open if one > depth]:
            del self._open[deeper]
            self._last.pop(deeper, None)
        sort = piece.mark.partition(" ")[0]
        goes_on, self._open[depth] = self._open.get(depth) == sort, sort
        if sort != "1.":
            return 0, goes_on
        last = self._last.get(depth)
        number = last.now + 1 if last is not None and goes_on else self._begun(piece, last)
        self._last[depth] = _Counted(piece.number, number, self.section)
        return number, goes_on

    def _begun(self, piece: Piece, last: _Counted | None) -> int:
        if last is None or last.was >= piece.number:
            return piece.begins
        if piece.goes_on:
            return last.now + 1
        if piece.number == piece.begins:
            # It goes on from a list before it: as many numbers lower as steps were left out there.
            return max(piece.begins - (last.was - last.now), 0)
        return last.now + 1 if last.section == self.section else piece.begins


class _Writer:
    """Puts pieces after each other, and knows what the last one was."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._last: Piece | None = None
        self._depth = 0
        self._columns = 0
        self._notes: dict[str, int] = {}
        self._numbering = _Numbering()
        self._steps = [""]

    def add(self, piece: Piece) -> None:
        match piece.kind:
            case PieceKind.HEADING:
                self._block(f"{'#' * piece.level} {self._own(piece.markdown, piece)}")
                self._numbering.section += 1
            case PieceKind.RAW if piece.level:
                self._item(piece)
            case PieceKind.ITEM:
                self._item(piece)
            case PieceKind.ROW:
                self._row(piece)
            case PieceKind.QUOTE:
                self._block("\n".join(f"> {line}" for line in self._own(piece.markdown, piece).split("\n")))
            case PieceKind.NOTE:
                return  # it comes with what refers to it
            case _:
                self._block(self._own(piece.markdown, piece))
        self._last = piece

    def body(self) -> str:
        notes = [f"[^{number}]: {text.replace(chr(10), chr(10) + _DEPTH)}" for text, number in self._notes.items()]
        return "\n\n".join([*self._blocks, *notes]) + "\n" if self._blocks else ""

    def _block(self, text: str) -> None:
        self._blocks.append(text)

    def _item(self, piece: Piece) -> None:
        follows = self._depth > 0 and self._last is not None and _is_in_list(self._last)
        if not piece.mark:
            if not follows:
                self._depth = 0
                self._block(self._own(piece.markdown, piece))
                return
            self._blocks[-1] += f"\n\n{self._indented(piece, self._steps[self._depth])}"
            return
        self._depth = min(piece.level, self._depth + 1) if follows else 1
        before = self._steps[self._depth - 1]
        # The first marker is followed by air so that every paragraph of an item can stand a full step in.
        sort, _, box = piece.mark.partition(" ")
        number, goes_on = self._numbering.next(piece, self._depth, follows=follows)
        marker = f"{number}." if sort == "1." else sort
        marker = f"{marker} ".ljust(len(_DEPTH))
        self._steps[self._depth :] = [before + " " * len(marker)]
        text = self._indented(piece, self._steps[-1]).lstrip()
        line = f"{before}{marker}{box + ' ' if box else ''}{text}"
        if follows:
            # Only a list that begins with 1 may stand right below words; with another number it would be one of them.
            self._blocks[-1] += f"\n{line}" if number <= 1 or goes_on else f"\n\n{line}"
        else:
            self._block(line)

    def _indented(self, piece: Piece, by: str) -> str:
        return "\n".join(f"{by}{line}" for line in self._own(piece.markdown, piece).split("\n"))

    def _row(self, piece: Piece) -> None:
        last = self._last
        follows = last is not None and last.kind is PieceKind.ROW and not piece.is_header
        if not follows or self._columns != len(piece.cells):
            header = piece.header or piece.cells
            self._columns = len(header)
            self._block("\n".join([self._line(header, piece), self._line(["--"] * len(header), piece)]))
            if piece.is_header:
                return
        self._blocks[-1] += f"\n{self._line(piece.cells, piece)}"

    def _line(self, cells: Sequence[str], piece: Piece) -> str:
        own = (re.sub(r"(?<!\\)\|", r"\\|", self._own(cell, piece)) for cell in cells)
        return f"| {' | '.join(own)} |"

    def _own(self, text: str, piece: Piece) -> str:
        return _NOTE.sub(lambda found: self._numbered(found, piece), text)

    def _numbered(self, found: "re.Match[str]", piece: Piece) -> str:
        note = piece.notes.get(found[1])
        if note is None:
            return found[0]
        return f"[^{self._notes.setdefault(note, len(self._notes) + 1)}]"

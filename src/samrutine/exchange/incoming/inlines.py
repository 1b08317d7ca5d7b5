"""Pandoc's inline parts as a line of Markdown: words, emphasis, links, pictures and the marks of notes."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from samrutine.exchange.incoming import marks
from samrutine.exchange.incoming.compare import words_of
from samrutine.exchange.incoming.tags import is_tag

Inline = dict[str, Any]
Tell = Callable[[str, str], None]
"""Tell of a finding: its code and a detail."""

_SAFE = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DOUBLE, _SINGLE = ("«", "»"), ("‘", "’")
_BREAK: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of a line looks."""

    strong: bool = False
    emphasis: bool = False
    struck: bool = False


@dataclass(slots=True)
class Piece:
    """A piece of a line: letters, or Markdown that is written already (a link, a picture, a note's mark)."""

    text: str
    style: Style = Style()
    written: bool = False


def bare(inlines: list[Inline]) -> str:
    """Give the letters of inline parts, without notes and pictures."""
    words: list[str] = []
    for one in inlines:
        content: Any = one.get("c")
        match one["t"]:
            case "Str":
                words.append(content)
            case "Space" | "SoftBreak" | "LineBreak":
                words.append(" ")
            case "Code" | "Math":
                words.append(content[1])
            case "Image" | "Note" | "RawInline":
                pass
            case "Quoted" | "Cite" | "Link" | "Span":
                words.append(bare(content[1]))
            case "Superscript" | "Subscript":
                # 10⁶ is not 106, in a title either.
                words.append(marks.raised(bare(content), up=one["t"] == "Superscript")[0])
            case _ if isinstance(content, list):
                words.append(bare(content))
            case _:
                pass
    return "".join(words)


class LineWriter:
    """Writes lines, and keeps what hangs on them: `note` gives the mark of a note, `picture` the name of a picture."""

    def __init__(
        self, tell: Tell, note: Callable[[list[Any]], str], picture: Callable[[str, str], tuple[str, str]]
    ) -> None:
        self._tell = tell
        self._note = note
        self._picture = picture

    def line(
        self, inlines: list[Inline], *, breaks: str = "\\\n", bare_words: bool = False, starts: bool = True
    ) -> str:
        """
        Write a line.

        Args:
            breaks: What a line break becomes.
            bare_words: Leave emphasis out, as in a heading.
            starts: Whether it begins a line of Markdown; in a cell it does not.
        """
        pieces = list(self._pieces(inlines, Style()))
        if bare_words:
            pieces = [replace_style(piece) for piece in pieces]
        text = _joined(_merged(pieces))
        text, braces = marks.without_braces(text)
        if braces:
            self._tell("braces", "")
        text = re.sub(rf" *{_BREAK}(?: |{_BREAK})*", _BREAK, text).strip(f" {_BREAK}")
        lines = [marks.line_start(line) if starts else line for line in text.split(_BREAK)]
        return breaks.join(line for line in lines if line)

    def _raw(self, text: str, style: Style) -> Iterator[Piece]:
        if re.match(r"<br\b", text, re.IGNORECASE):
            yield Piece(_BREAK, style, written=True)
        elif is_tag(text):
            self._tell("raw-dropped", text)
        else:
            yield self._letters(text, style)

    def _pieces(self, inlines: list[Inline], style: Style) -> Iterator[Piece]:  # noqa: C901, PLR0912 - one case a part
        for one in inlines:
            content: Any = one.get("c")
            match one["t"]:
                case "Str":
                    yield self._letters(content, style)
                case "Space" | "SoftBreak":
                    yield Piece(" ", style)
                case "LineBreak":
                    yield Piece(_BREAK, style, written=True)
                case "Strong":
                    yield from self._pieces(content, replace(style, strong=True))
                case "Emph":
                    yield from self._pieces(content, replace(style, emphasis=True))
                case "Strikeout":
                    struck = bare(content).strip()
                    if struck:
                        self._tell("struck-through", struck)
                    yield from self._pieces(content, replace(style, struck=True))
                case "Superscript" | "Subscript":
                    yield from self._raised(content, style, up=one["t"] == "Superscript")
                case "Underline" | "SmallCaps":
                    yield from self._pieces(content, style)
                case "Quoted":
                    opening, closing = _SINGLE if content[0]["t"] == "SingleQuote" else _DOUBLE
                    yield Piece(opening, style)
                    yield from self._pieces(content[1], style)
                    yield Piece(closing, style)
                case "Cite":
                    yield from self._pieces(content[1], style)
                case "Span":
                    yield from self._pieces(content[1], style)
                case "Code":
                    yield self._letters(content[1], style)
                case "Math":
                    self._tell("formula", content[1])
                    yield Piece(_code(content[1]), style, written=True)
                case "RawInline":
                    yield from self._raw(content[1], style)
                case "Link":
                    yield from self._link(content, style)
                case "Image":
                    yield self._image(content)
                case "Note":
                    yield Piece(self._note(content), style, written=True)
                case _:
                    if isinstance(content, list):
                        yield from self._pieces(content, style)

    def _letters(self, text: str, style: Style) -> Piece:
        unknown = marks.unknown_signs(text)
        if unknown:
            self._tell("symbol-unknown", " ".join(f"U+{ord(sign):04X}" for sign in unknown))
        return Piece(marks.without_unknown(marks.plain(text)), style)

    def _raised(self, content: list[Inline], style: Style, *, up: bool) -> Iterator[Piece]:
        if any(one["t"] in {"Note", "Image"} for one in content):
            yield from self._pieces(content, style)
            return
        if any(one["t"] == "Link" for one in content):
            # The mark of a note made by hand: "ansvaret1" would be another word, and "5 mg1" another dose.
            yield Piece(f" [{marks.plain(bare(content)).strip().strip('[]')}]", style)
            return
        text, told = marks.raised(marks.plain(bare(content)), up=up)
        if told:
            self._tell("raised-or-lowered", text)
        yield Piece(text, style)

    def _link(self, content: list[Any], style: Style) -> Iterator[Piece]:
        shown, address = content[1], str(content[2][0]).strip()
        # The words of a link are written bare, and what is struck must stay so.
        if any(one["t"] == "Image" for one in shown) or not bare(shown).strip() or _is_struck(shown):
            yield from self._pieces(shown, style)
            if address and not address.startswith("#"):
                self._tell("link-dropped", address)
            return
        if not _SAFE.match(address):
            if address.startswith("#"):
                self._tell("link-inside", bare(shown).strip())
            elif address:
                self._tell("link-dropped", address)
            yield from self._pieces(shown, style)
            return
        words = marks.marked(marks.plain(bare(shown)))
        written = f"[{words.strip()}]({_address(address)})"
        notes = [one for one in shown if one["t"] == "Note"]
        yield Piece(" " if words.startswith(" ") else "", style)
        yield Piece(written, style, written=True)
        yield Piece(" " if words.endswith(" ") else "", style)
        yield from self._pieces(notes, style)

    def _image(self, content: list[Any]) -> Piece:
        alternative = marks.plain(bare(content[1])).strip()
        name, alternative = self._picture(str(content[2][0]), alternative)
        return Piece(f"![{marks.marked(alternative)}]({name})" if name else "", written=True)


def _is_struck(inlines: list[Inline]) -> bool:
    return any(
        one["t"] == "Strikeout" or (one["t"] in {"Strong", "Emph", "Underline"} and _is_struck(one["c"]))
        for one in inlines
    )


def replace_style(piece: Piece) -> Piece:
    """Give a piece without any emphasis. What is struck stays struck: without that it would hold."""
    return Piece(piece.text, Style(struck=piece.style.struck), piece.written)


def _address(address: str) -> str:
    return re.sub(r"[\s<>()\\\x00-\x1f]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), address)


def _code(text: str) -> str:
    text = marks.plain(text).strip() or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}"


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Join pieces that look the same, and give a space the look of what stands before it."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        if not piece.text:
            continue
        last = runs[-1][0] if runs else None
        joins = last is not None and not piece.written and not last.written
        if last is not None and joins and (piece.style == last.style or not piece.text.strip()):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [Piece("".join(one.text for one in run), run[0].style, run[0].written) for run in runs]


def _joined(pieces: list[Piece]) -> str:
    shown = [piece.text if piece.written else marks.marked(_SQUEEZED.sub(" ", piece.text)) for piece in pieces]
    written: list[str] = []
    before = ""
    for n, (piece, text) in enumerate(zip(pieces, shown, strict=True)):
        following = shown[n + 1] if n + 1 < len(shown) else ""
        written.append(_wrapped(text, piece, before, following))
        before = written[-1][-1:] or before
    return _SQUEEZED.sub(" ", "".join(written))


_SQUEEZED = re.compile(r" {2,}")


def _wrapped(text: str, piece: Piece, before: str, after: str) -> str:
    """Put the marks of emphasis around a piece where Markdown would see them as such; else leave them out."""
    style = piece.style
    inner = text.strip(" ")
    if style == Style() or not inner or inner == _BREAK or not words_of(inner):
        return text
    mark = ("**" if style.strong else "") + ("*" if style.emphasis else "")
    head, tail = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    opens = _flanks(inner[0], (before + head)[-1:])
    closes = _flanks(inner[-1], (tail + after)[:1])
    touches = (before + head)[-1:] in {"*", "~"}
    if style.struck and "~" not in inner and _BREAK not in inner:
        # What is struck must never run into what stands instead of it, so it gets its room.
        head = head or (" " if before else "")
        return f"{head}~~{inner}~~{tail or (' ' if after and after[0] not in '.,;:)' else '')}"
    if not mark or not opens or not closes or touches or _BREAK in inner:
        return f"{head}{inner}{tail}"
    return f"{head}{mark}{inner}{mark}{tail}"


def _flanks(inside: str, outside: str) -> bool:
    """Tell whether a mark between two letters counts, by CommonMark's rule of flanking."""
    if not _is_punctuation(inside):
        return True
    return not outside or outside.isspace() or outside == _BREAK or _is_punctuation(outside)


def _is_punctuation(letter: str) -> bool:
    return unicodedata.category(letter)[0] in {"P", "S"}

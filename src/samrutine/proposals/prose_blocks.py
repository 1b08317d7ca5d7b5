"""The text as a reader sees it, block by block: headings, paragraphs, items of a list, tables by cell, code, notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from samrutine.procedures.markdown import markdown
from samrutine.proposals.walking import Walk

if TYPE_CHECKING:
    from markdown_it.token import Token


_ALWAYS: Final = {"softbreak": " ", "hardbreak": " ", "s_open": "~~", "s_close": "~~"}


class BlockKind(StrEnum):
    """What a block is to a reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    TABLE = "table"
    CODE = "code"
    NOTE = "note"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Block:
    """
    One block of the rendered text.

    Attributes:
        text: Its words, in one line but for code. An address that a link leads to follows it in brackets, and struck-out
            words stand between ~~. The numbers of a list's items are no words: they change when a step is put in.
        form: All that a reader sees besides words: kind, depth, which words are strong. Two blocks with the same words
            and another form are the same words written otherwise.
        level: Of a heading 1 to 6; of an item how deep its list lies, from 1; else 0.
        rows: The cells of a table, the first row its header.
        section: The words of the heading it stands under, a heading under itself; "" before the first.
    """

    kind: BlockKind
    text: str
    form: str
    level: int
    section: str
    rows: tuple[tuple[str, ...], ...] = ()


def rendered(body: str) -> tuple[Block, ...]:
    """Give the blocks of a body in the order they are read, notes last."""
    return tuple(_Walk().parts(markdown().parse(body, {})))


class _Walk(Walk[Block]):
    """Makes a block of each."""

    def _heading(self, opening: "Token", inline: "Token") -> Block:
        text, marks = _words(inline)
        if opening.level == 0:
            self.section = text
        return Block(BlockKind.HEADING, text, f"{opening.tag} {marks}", int(opening.tag[1]), self.section)

    def _paragraph(self, inline: "Token") -> Block:
        text, marks = _words(inline)
        if self.note:
            return Block(BlockKind.NOTE, f"[{self.note}] {text}".strip(), f"note {marks}", 0, "")
        kind = BlockKind.ITEM if self.lists else BlockKind.QUOTE if self.quotes else BlockKind.PARAGRAPH
        form = f"{kind} {self.quotes} {' '.join(self.lists)} {marks}"
        return Block(kind, text, form, len(self.lists), self.section)

    def _by_itself(self, token: "Token") -> Block:
        if token.type == "hr":
            return Block(BlockKind.RULE, "", "rule", 0, self.section)
        return Block(BlockKind.CODE, token.content.rstrip("\n"), f"code {token.info}", 0, self.section)

    def _table(self, tokens: "Sequence[Token]") -> tuple[Block]:
        rows: list[list[str]] = []
        marks = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                text, mark = _words(token)
                rows[-1].append(text)
                marks.append(mark)
            elif token.type in {"th_open", "td_open"}:
                marks.append(str(token.attrGet("style") or ""))
        text = "\n".join(" | ".join(row) for row in rows)
        return (Block(BlockKind.TABLE, text, f"table {marks}", 0, self.section, tuple(map(tuple, rows))),)


def _words(token: "Token") -> tuple[str, str]:
    """Give the words of a line, and where in them it is strong, a link and so on."""
    words: list[str] = []
    marks: list[str] = []
    addresses: list[str] = []
    for child in token.children or []:
        words.append(_shown(child, addresses))
        if child.type not in {"text", "text_special", "softbreak"}:
            marks.append(f"{sum(map(len, words))}{child.type}")
    return " ".join("".join(words).split()), ",".join(marks)


def _shown(child: "Token", addresses: list[str]) -> str:
    shown = _ALWAYS.get(child.type, "")
    match child.type:
        case "text" | "code_inline" | "text_special":
            shown = child.content
        case "local_field":
            shown = f"{{{{{child.content}}}}}"
        case "image":
            shown = f"{_words(child)[0]} ({child.attrGet('src')})"
        case "footnote_ref":
            shown = f"[{child.meta['label']}]"
        case "html_inline":
            shown = "☑" if "checked=" in child.content else "☐"
        case "link_open":
            addresses.append(str(child.attrGet("href")))
        case "link_close":
            shown = f" ({addresses.pop()})"
        case _:
            pass
    return shown

"""
A document as one HTML page that stands alone: nothing to fetch, no script, readable on a phone, in the dark and on paper.

Every word of a user is escaped; there is no way for markup in a text to become markup here. Alignment is a class and
never a style attribute, so that the page also holds under a strict content security policy.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.exchange.page import Page, page
from samrutine.exchange.phrases import tied
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
    phone_address,
    plain,
)
from samrutine.procedures.model import LocalInformationType

_TEMPLATES: Final = Path(__file__).with_name("templates")
_WORTH_CONTENTS: Final = 3
_NOTES_ID: Final = "_notes"


def render(document: EffectiveDocument, *, copy: bool = False) -> bytes:
    """
    Write a document as an HTML page, UTF-8. The same document gives the same bytes.

    The title is the only h1; each section's heading has its section key as id. Links to other procedures go to
    `<id>.html` beside this page, which is where publishing puts them.

    Args:
        copy: Mark what is printed as a copy that was handed out; see `page.mark_of`.
    """
    printed = page(document, copy=copy)
    return (tied(_Writer(printed).page()) + "\n").encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Fragments:
    """
    A document's words as HTML, in the parts that a page of an application puts together. All is escaped.

    Attributes:
        page: The words around the text, settled: status, lines, facts.
        contents: Headings of the first two levels: key, words as HTML, whether it is below another.
        text: The text with what is the municipality's own.
        notes: The footnotes, or empty.
        after: Legal basis and sources.
    """

    page: Page
    contents: tuple[tuple[str, str, bool], ...]
    text: str
    notes: str
    after: str


def fragments(document: EffectiveDocument, *, address_of: Callable[[str], str]) -> Fragments:
    """
    Write the parts of a document for a page that has its own head, style and frame. Headings are from level 2.

    Args:
        address_of: Where another routine is, by its id.
    """
    printed = page(document)
    writer = _Writer(printed, address_of)
    text, notes, after = writer.parts()
    return Fragments(printed, tuple(writer.contents()), tied(text), tied(notes), tied(after))


@cache
def _style() -> tuple[str, str]:
    """The style sheet, and its digest for the page's own content security policy."""
    css = (_TEMPLATES / "document.css").read_text(encoding="utf-8").strip()
    return css, base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")


class _Writer:
    """Writes one page; counts its tables and boxes so that each has a name of its own."""

    def __init__(self, printed: Page, address_of: Callable[[str], str] = "{}.html".format) -> None:
        self._page = printed
        self._address_of = address_of
        self._say = printed.say
        self._tables = 0
        self._boxes = 0
        self._keys = frozenset(heading.key for heading in printed.headings)
        self._marked: set[int] = set()
        self._foreign = "" if printed.language == printed.text_language else f' lang="{printed.text_language}"'

    def page(self) -> str:
        printed, say = self._page, self._say
        css, css_digest = _style()
        text, notes, after = self.parts()
        parts = [
            "<!doctype html>",
            f'<html lang="{printed.language}" class="{printed.tone.value}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{css_digest}'\">",
            f"<title>{escape(printed.running)}</title>",
            f'<meta name="description" content="{escape(" · ".join((printed.status, *printed.lines)))}">',
            f'<meta name="dcterms.identifier" content="{escape(printed.procedure_id)}">',
            f'<meta name="dcterms.modified" content="{printed.made_at.isoformat()}">',
            f"<style>{css}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#_text">{escape(say("page.skip"))}</a>',
            *([f'<p class="demo-note" role="note">{escape(printed.demo)}</p>'] if printed.demo else []),
            *([f'<div class="mark" aria-hidden="true">{escape(printed.mark)}</div>'] if printed.mark else []),
            *self._header(),
            '<main id="_text">',
            text,
            notes,
            after,
            "</main>",
            f"<footer><p>{escape(printed.foot)}</p></footer>",
            "</body>",
            "</html>",
        ]
        return "\n".join(part for part in parts if part)

    def parts(self) -> tuple[str, str, str]:
        """Give the text, its footnotes, and what comes after it."""
        text = self._blocks(self._page.body)
        notes = self._notes()  # after the text, which says where each note is first referred to
        return f"<div{self._foreign}>{text}</div>" if self._foreign else text, notes, self._blocks(self._page.after)

    def contents(self) -> Iterator[tuple[str, str, bool]]:
        """Give the headings that are worth a table of contents."""
        for heading in self._page.headings:
            if heading.level <= 3:  # noqa: PLR2004 - two levels are read
                yield heading.key, escape(plain(heading.content)), heading.level > 2  # noqa: PLR2004 - under the title

    def _header(self) -> Iterator[str]:
        printed, say = self._page, self._say
        yield "<header>"
        yield f'<p class="kind">{escape(printed.kind)}</p>'
        yield f"<h1{self._foreign}>{escape(printed.title)}</h1>"
        # Without an address to check at there is no square, and the note needs no column of its own.
        name = "control" if printed.address else "control alone"
        yield f'<section class="{name}" aria-label="{escape(say("page.control"))}">'
        yield "<div>"
        yield f'<p class="status">{escape(printed.status)}</p>'
        yield from (f"<p>{escape(line)}</p>" for line in printed.lines)
        yield '<dl class="facts">'
        yield from (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in printed.facts)
        yield "</dl>"
        yield "</div>"
        yield '<div class="copy">'
        if printed.qr_svg:
            yield printed.qr_svg.replace("<svg ", f'<svg role="img" aria-label="{escape(printed.qr_alternative)}" ', 1)
        yield "<div>"
        yield f'<p class="on-screen"><strong>{escape(printed.screen_note)}</strong></p>'
        yield f'<p class="on-paper"><strong>{escape(printed.copy_note)}</strong></p>'
        if printed.link:
            yield f'<p><a href="{escape(printed.link)}">{escape(printed.address)}</a></p>'
        elif printed.address:
            yield f"<p><span>{escape(printed.address)}</span></p>"
        yield "</div>"
        yield "</div>"
        yield "</section>"
        yield from self._contents()
        if printed.local_note:
            yield f'<p class="local-note">{escape(printed.local_note)}</p>'
        yield "</header>"

    def _contents(self) -> Iterator[str]:
        headings = list(self.contents())
        if len(headings) < _WORTH_CONTENTS:
            return
        name = escape(self._say("page.contents"))
        yield f'<nav class="contents" aria-label="{name}"><details><summary>{name}</summary><ul>'
        for key, words, is_below in headings:
            below = ' class="below"' if is_below else ""
            yield f'<li{below}><a href="#{escape(key)}">{words}</a></li>'
        yield "</ul></details></nav>"

    def _blocks(self, blocks: Blocks) -> str:
        return "\n".join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> str:  # noqa: PLR0911 - one case a kind of block
        match block:
            case Paragraph():
                return f"<p>{self._line(block.content)}</p>"
            case Heading():
                return f'<h{block.level} id="{escape(block.key)}">{self._line(block.content)}</h{block.level}>'
            case BulletList():
                tasks = ' class="tasks"' if all(item.done is not None for item in block.items) else ""
                return f"<ul{tasks}>{self._items(block.items, tight=block.tight)}</ul>"
            case OrderedList():
                start = f' start="{block.start}"' if block.start != 1 else ""
                return f"<ol{start}>{self._items(block.items, tight=block.tight)}</ol>"
            case Table():
                return self._table(block)
            case Quote():
                return f"<blockquote>{self._blocks(block.blocks)}</blockquote>"
            case CodeBlock():
                return f'<pre tabindex="0"><code>{escape(block.text)}</code></pre>'
            case Rule():
                return "<hr>"
            case Framed():
                name = escape(block.heading)
                inner = self._blocks(block.blocks)
                return f'<aside class="framed" aria-label="{name}"><p class="framed-name">{name}</p>\n{inner}</aside>'

    def _items(self, items: Iterable[Item], *, tight: bool) -> str:
        return "".join(f"<li>{self._item(item, tight=tight)}</li>" for item in items)

    def _item(self, item: Item, *, tight: bool) -> str:
        blocks = list(item.blocks)
        first = ""
        if blocks and isinstance(blocks[0], Paragraph) and (tight or item.done is not None):
            first, blocks = self._line(blocks[0].content), blocks[1:]
        if item.done is not None:
            first = self._box(first, done=item.done)
        rest = self._blocks(tuple(blocks))
        return f"{first}\n{rest}" if first and rest else first or rest

    def _box(self, label: str, *, done: bool) -> str:
        # A reader may tick it on screen; nothing is stored. Without words of its own it is named by its state.
        self._boxes += 1
        name = f"_box-{self._boxes}"
        checked = " checked" if done else ""
        if not label:
            state = escape(self._say("page.done" if done else "page.not_done"))
            return f'<input class="box" type="checkbox" autocomplete="off" aria-label="{state}"{checked}>'
        return f'<input class="box" type="checkbox" autocomplete="off" id="{name}"{checked}><label for="{name}">{label}</label>'

    def _table(self, table: Table) -> str:
        self._tables += 1
        # A column to fill in by hand has its width as a class, in tens of a hundred: a style attribute is not allowed here.
        names = [side if side in {"center", "right"} else "" for side in table.alignments]
        if table.shares:
            names = [
                f"{name} by-hand-{min(max(round(share, -1) // 10, 1), 9)}".strip() if empty else name
                for name, share, empty in zip(names, table.shares, table.to_fill_in, strict=True)
            ]
        classes = [f' class="{name}"' if name else "" for name in names]
        by_hand = ' class="by-hand"' if table.shares else ""
        header = "".join(
            f'<th scope="col"{name}>{self._line(cell)}</th>' for cell, name in zip(table.header, classes, strict=True)
        )
        rows = "\n".join(
            f"<tr>{''.join(f'<td{name}>{self._line(cell)}</td>' for cell, name in zip(row, classes, strict=True))}</tr>"
            for row in table.rows
        )
        label = escape(f"{self._say('page.table')} {self._tables}")
        return (
            f'<div class="table" role="group" aria-label="{label}" tabindex="0"><table{by_hand}>\n'
            f"<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
        )

    def _line(self, line: Line) -> str:
        return "".join(self._inline(part) for part in line)

    def _inline(self, part: Inline) -> str:  # noqa: PLR0911 - one case a kind of part
        match part:
            case Words():
                return escape(part.text)
            case Styled():
                tag = {"emphasis": "em", "strong": "strong", "strike": "s"}[part.style]
                return f"<{tag}>{self._line(part.content)}</{tag}>"
            case Code():
                return f"<code>{escape(part.text)}</code>"
            case Link():
                return self._link(part)
            case LineBreak():
                return "<br>"
            case LocalValue(value=None):
                return f'<strong class="missing">{escape(self._say("local.missing", label=part.label))}</strong>'
            case LocalValue():
                return _filled(part)
            case NoteMark():
                return self._mark(part)
            case Picture():
                return escape(self._say("page.picture", alternative=part.alternative))

    def _link(self, link: Link) -> str:
        content = self._line(link.content)
        if link.section_key is not None:
            return f'<a href="#{escape(link.section_key)}">{content}</a>' if link.section_key in self._keys else content
        address = self._address_of(link.procedure) if link.procedure is not None else link.address or ""
        return f'<a href="{escape(address)}">{content}</a>'

    def _mark(self, mark: NoteMark) -> str:
        back = f' id="_note-{mark.number}-mark"' if mark.first else ""
        if mark.first:
            self._marked.add(mark.number)
        name = escape(self._say("notes.mark", number=mark.number))
        return (
            f'<sup class="note-mark"{back}><a href="#_note-{mark.number}" role="doc-noteref" aria-label="{name}">'
            f"{mark.number}</a></sup>"
        )

    def _notes(self) -> str:
        if not self._page.notes:
            return ""
        items = []
        for note in self._page.notes:
            inner = self._blocks(note.blocks)
            if note.number in self._marked:
                name = escape(self._say("notes.back"))
                inner += f'\n<p><a href="#_note-{note.number}-mark" role="doc-backlink">{name}</a></p>'
            items.append(f'<li id="_note-{note.number}">{inner}</li>')
        heading = escape(self._say("notes.heading"))
        return (
            f'<section class="notes" aria-labelledby="{_NOTES_ID}"><h2 id="{_NOTES_ID}">{heading}</h2>'
            f"<ol>{''.join(items)}</ol></section>"
        )


def _filled(part: LocalValue) -> str:
    value = part.value or ""
    title = escape(part.label)
    call = phone_address(value) if part.type is LocalInformationType.SERVICE_PHONE else None
    if call:
        return f'<a class="local" href="{escape(call)}" title="{title}">{escape(value)}</a>'
    return f'<span class="local" title="{title}">{escape(value)}</span>'

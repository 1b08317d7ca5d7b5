"""What a reader of Markdown sees, counted by a parser of our own setting, so that the product does not mark its own work."""

import re
import unicodedata
from collections import Counter
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin

from tests.support.documents.truth import Truth

_WORD = re.compile(r"\w+")
_SOFT = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_RAISED = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹"), " ")  # the mark of a note is no part of the word before it
_BOX = re.compile(r"^\[[ xX]\]\s+|^[☐☒☑]\s*")


def words(*texts: str) -> Counter:
    """Cut texts into words: letters and digits; what only helps the line break is no part of a word."""
    return Counter(
        word
        for text in texts
        for word in _WORD.findall(unicodedata.normalize("NFC", text).translate(_SOFT | _RAISED))
        if word.strip("_")
    )


def plain(text: str) -> str:
    """Give a text on one line, so that two ways of breaking lines are one."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SOFT).split())


@cache
def _parser():
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable(["table", "strikethrough"])
    return parser.use(footnote_plugin, inline=False)


def seen(markdown: str) -> Truth:
    """Read Markdown as the truth of what it shows."""
    tree = SyntaxTreeNode(_parser().parse(markdown))
    headings, items, tables, notes, texts = [], [], [], [], []
    pictures, links = [], []
    for node in tree.walk():
        match node.type:
            case "heading":
                headings.append((int(node.tag[1]), _text(node)))
            case "list_item":
                items.append((_depth(node), _BOX.sub("", _own(node))))
            case "table":
                tables.append(tuple(tuple(_text(cell) for cell in row.children) for row in _rows(node)))
            case "footnote":
                notes.append(_text(node))
            case "image":
                pictures.append(plain("".join(_pieces(child_of=node))))
            case "link":
                links.append(str(node.attrs.get("href", "")))
            case "inline":
                texts.append(_text(node))
            case "code_block" | "fence":
                texts.append(node.content)
            case _:
                pass
    return Truth(
        words=tuple(texts),
        headings=tuple(headings),
        items=tuple(items),
        tables=tuple(tables),
        pictures=tuple(pictures),
        notes=tuple(notes),
        links=tuple(links),
    )


def _rows(table):
    return [row for part in table.children for row in part.children]


def _depth(node):
    depth, above = 0, node.parent
    while above is not None:
        depth += above.type in {"bullet_list", "ordered_list"}
        above = above.parent
    return depth


def _own(item):
    # What stands in the item itself; the lists inside it are items of their own.
    return plain(" ".join(_text(child) for child in item.children if not child.type.endswith("_list")))


def _text(node):
    return plain("".join(_pieces(node)))


def _pieces(node=None, *, child_of=None):
    if node is None:
        for child in child_of.children:
            yield from _pieces(child)
        return
    match node.type:
        case "text" | "code_inline" | "text_special" | "fence" | "code_block":
            yield node.content
        case "softbreak" | "hardbreak":
            yield " "
        case "footnote_ref" | "footnote_anchor" | "image":
            pass
        case _:
            for child in node.children:
                yield from _pieces(child)
            if node.type in {"paragraph", "heading", "list_item", "td", "th"}:
                yield " "


def numbers(markdown: str) -> tuple[tuple[int, str], ...]:
    """Give the items of the numbered lists with the numbers a reader sees."""
    tree = SyntaxTreeNode(_parser().parse(markdown))
    return tuple(
        (int(node.attrs.get("start", 1)) + place, _own(item))
        for node in tree.walk()
        if node.type == "ordered_list"
        for place, item in enumerate(node.children)
    )

"""Word's fields: what they show is kept, what they are told is not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_changes import place, unwrap
from samrutine.exchange.incoming.word_package import Element, W
from samrutine.exchange.incoming.word_symbols import UNKNOWN, in_plain, is_symbol_font
from samrutine.exchange.incoming.word_text import text_of

_PIECES: Final = (f"{W}fldChar", f"{W}instrText", f"{W}t")
_SILENT: Final = frozenset(
    (
        *("XE", "TC", "TA", "RD", "SET", "ASK", "FILLIN", "PRIVATE", "NEXT", "NEXTIF", "SKIPIF", "ADDIN", "ADVANCE"),
        *("FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "TOC", "INDEX", "TOA", "PAGE", "NUMPAGES", "SECTIONPAGES"),
        *("SECTION", "DATE", "TIME", "SAVEDATE", "PRINTDATE", "CREATEDATE", "HYPERLINK", "DATABASE", "PAGEREF", ""),
    )
)
"""Fields that show nothing, or nothing that belongs to the text, where no words of them are kept in the file."""
_BUTTON = re.compile(r"(?:MACROBUTTON|GOTOBUTTON)\s+(?:\"[^\"]*\"|\S+)\s+(.+)", re.IGNORECASE | re.DOTALL)
_SYMBOL = re.compile(r"SYMBOL\s+(0x[0-9a-f]{1,4}|[0-9]{1,5})\b", re.IGNORECASE)
_FONT = re.compile(r"\\f\s*(?:\"([^\"]+)\"|(\S+))", re.IGNORECASE)


@dataclass(slots=True)
class _Field:
    """A field that has begun: its marks, what it is told, whether what it shows has begun too, and words of it that nobody sees."""

    marks: list[Element] = field(default_factory=list)
    told: str = ""
    shows: bool = False
    unseen: list[Element] = field(default_factory=list)
    seen: str = ""


def take_fields_away(root: Element) -> Iterator[Finding]:
    """
    Take the fields away and keep what they show; links are left, since pandoc knows those and passes over all others.

    A value that a field only was told (what a condition asks about) is not what it shows, and goes with it. Of a field
    that never ends nobody knows what it shows: all words of it are kept. Some show what they are told, a sign or the
    words of a button; one that shows what only Word can work out is told of.
    """
    begun: list[_Field] = []
    for one in list(root.iter(*_PIECES)):
        kind = one.get(f"{W}fldCharType")
        if kind == "begin":
            begun.append(_Field())
        if one.tag == f"{W}t":
            _take_words(begun, one)
        elif begun:
            yield from _hear(begun, one, kind)
        else:
            # What ends and never began shows nothing, and pandoc may take what follows for told.
            one.getparent().remove(one)
    for unended in begun:
        _take_marks(unended)
    yield from _simple(root)


def _take_words(begun: list[_Field], words: Element) -> None:
    """Take words to the field that they are told to, if any, or to the innermost one that shows them."""
    asking = next((each for each in begun if not each.shows), None)
    if asking is not None:
        asking.unseen.append(words)
    elif begun:
        begun[-1].seen += words.text or ""


def _simple(root: Element) -> Iterator[Finding]:
    for simple in list(root.iter(f"{W}fldSimple")):
        told = simple.get(f"{W}instr") or ""
        if not text_of(simple).strip():
            shown = shown_by(told)
            if shown:
                run = simple.makeelement(f"{W}r", {})
                run.append(_text(run, shown))
                simple.append(run)
            elif shown is None:
                yield Finding("field-unread", place(simple), " ".join(told.split()))
        if not _is_link(told):
            unwrap(simple)


def shown_by(told: str) -> str | None:
    """Give what a field shows that only was told; empty for one that shows nothing, None for one only Word can show."""
    told = told.strip()
    if (button := _BUTTON.match(told)) is not None:
        return button[1].strip()
    if (symbol := _SYMBOL.match(told)) is not None:
        code = int(symbol[1], 16 if symbol[1].lower().startswith("0x") else 10)
        named = _FONT.search(told)
        font = (named[1] or named[2]) if named is not None else ""
        if is_symbol_font(font):
            sign = in_plain(chr(code), font)
            return None if UNKNOWN in sign else sign
        return bytes([code]).decode("cp1252", "replace") if code < 0x100 else chr(code)  # noqa: PLR2004 - one byte
    return "" if told.partition(" ")[0].upper() in _SILENT else None


def _text(near: Element, words: str) -> Element:
    text = near.makeelement(f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    text.text = words
    return text


def _hear(begun: list[_Field], one: Element, kind: str | None) -> Iterator[Finding]:
    """Take a mark of the innermost field; with its last one, the field goes."""
    field_ = begun[-1]
    field_.marks.append(one)
    field_.told += (one.text or "") if kind is None else ""
    field_.shows = field_.shows or kind == "separate"
    if kind != "end":
        return
    begun.pop()
    told = field_.told.strip()
    if (not field_.shows or _SYMBOL.match(told) or _BUTTON.match(told)) and not field_.seen.strip():
        # What stands in another field's question is not seen either.
        shown = shown_by(field_.told) if all(outer.shows for outer in begun) else ""
        if shown:
            one.addprevious(_text(one, shown))
            if begun:
                begun[-1].seen += shown
        elif shown is None:
            words = "".join([field_.told, *(unseen.text or "" for unseen in field_.unseen)])
            yield Finding("field-unread", place(one), " ".join(words.split()))
    for unseen in field_.unseen:
        unseen.getparent().remove(unseen)
    if not _is_link(field_.told):
        _take_marks(field_)


def _take_marks(ended: _Field) -> None:
    for mark in ended.marks:
        mark.getparent().remove(mark)


def _is_link(told: str) -> bool:
    return told.strip().upper().startswith("HYPERLINK")

"""
What a Word file of ours says about itself, and the words that a reader sees in it, region by region.

The words are taken from the file's own XML by the same walk when it is made and when it comes back, so that a file whose
text was changed anywhere, also in a box that nobody thought of, is never taken for one that was not.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from samrutine.exchange.word_xml import MC, TAG, W

Element = Any
"""An element of lxml, which has no types of its own."""

PART_NAMESPACE: Final = "urn:samrutine:word:1"
"""Of the part that holds the text itself."""

_MARGIN: Final = re.compile(r"word/(?:header|footer)[0-9]*\.xml")
_WHITE: Final = re.compile(r"[ \t\n\r]+")
_SILENT: Final = frozenset(
    f"{{{W}}}{name}" for name in ("pPr", "rPr", "sdtPr", "tblPr", "trPr", "tcPr", "del", "moveFrom", "delText")
)
_WORDS: Final = frozenset({f"{{{W}}}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"})
_FIELD_MARKS: Final = frozenset({f"{{{W}}}fldChar", f"{{{W}}}instrText"})
_SIGNS: Final = {
    f"{{{W}}}tab": " ", f"{{{W}}}br": " ", f"{{{W}}}cr": " ", f"{{{W}}}noBreakHyphen": "\u2011", f"{{{W}}}softHyphen": "\u00ad",
    f"{{{W}}}p": "\n",
}  # fmt: skip


class Region(StrEnum):
    """A part of the file that is changed for its own reasons."""

    TEXT = "text"
    """The routine itself, its title included."""
    NOTES = "notes"
    """The footnotes."""
    LOCAL = "local"
    """What the municipality has filled in, where it stands in the text."""
    CONTROL = "control"
    """The control header."""
    ADDITIONS = "additions"
    """The municipality's additions."""
    AFTER = "after"
    """Legal basis and sources."""


_REGIONS: Final = {
    "control": Region.CONTROL, "addition": Region.ADDITIONS, "after": Region.AFTER, "field": Region.LOCAL,
}  # fmt: skip


def tag_of(control: Element) -> tuple[str, str]:
    """Give the two parts of a content control's tag, "field" and "vakttelefon"; empty for one that is not ours."""
    found = control.find(f"{{{W}}}sdtPr/{{{W}}}tag")
    value = found.get(f"{{{W}}}val", "") if found is not None else ""
    if not value.startswith(TAG):
        return "", ""
    name, _, rest = value.removeprefix(TAG).partition(":")
    return name, rest


def written_words(parts: Mapping[str, str | bytes]) -> Mapping[Region, str]:
    """Give the digest of the words of each region, of the parts of a file as they are written."""
    return digests(_root(parts["word/document.xml"]), _root(parts["word/footnotes.xml"]))


def written_margins(parts: Mapping[str, str | bytes]) -> frozenset[str]:
    """Give the marks of the lines in the heads and feet of pages, of the parts of a file as they are written."""
    return frozenset(mark for name, part in parts.items() if is_margin(name) for mark, _ in margin_lines(_root(part)))


def is_margin(name: str) -> bool:
    """Tell whether a part is the head or the foot of pages."""
    return _MARGIN.fullmatch(name) is not None


def _root(part: str | bytes) -> Element:
    from lxml import etree

    return etree.fromstring(part if isinstance(part, bytes) else part.encode())


def digests(main: Element, notes: Element | None) -> Mapping[Region, str]:
    """Give the digest of the words of each region: 32 hexadecimal digits. White space does not count."""
    found: dict[Region, list[str]] = {region: [] for region in Region}
    fields: list[bool] = []
    for region, text in _visible(main, Region.TEXT, fields):
        found[region].append(text)
    if notes is not None:
        for region, text in _visible(notes, Region.NOTES, fields):
            found[region].append(text)
    return {
        region: hashlib.sha256(_WHITE.sub(" ", "".join(texts)).strip().encode("utf-8", "replace")).hexdigest()[:32]
        for region, texts in found.items()
    }


def lines_beside(main: Element) -> Mapping[Region, tuple[str, ...]]:
    """Give the lines that stand around the text, region by region; what stands in places of local information is no line."""
    found: dict[Region, list[str]] = {Region.CONTROL: [], Region.ADDITIONS: [], Region.AFTER: []}
    for region, text in _visible(main, Region.TEXT, []):
        if region in found:
            found[region].append(text)
    return {
        region: tuple(line for each in "".join(texts).split("\n") if (line := " ".join(each.split())))
        for region, texts in found.items()
    }


def local_values(main: Element) -> Iterator[tuple[str, str, str]]:
    """Give what stands where a municipality filled in: the key, the words there now, and the paragraph around them."""
    for control in main.iter(f"{{{W}}}sdt"):
        name, key = tag_of(control)
        if name == "field":
            above = next((one for one in control.iterancestors() if one.tag == f"{{{W}}}p"), control)
            yield key, _seen(control), _seen(above)


def _seen(element: Element) -> str:
    return " ".join("".join(text for _, text in _visible(element, Region.TEXT, [])).split())


def margin_lines(part: Element) -> Iterator[tuple[str, str]]:
    """
    Give the lines that stand in a page's head or foot, each after its mark of 16 hexadecimal digits; no empty ones.

    What a field shows does not count: Word works it out anew, page number and all.
    """
    for paragraph in part.iter(f"{{{W}}}p"):
        line = " ".join(_said_by_hand(paragraph).split())
        if line:
            yield hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()[:16], line


def _said_by_hand(paragraph: Element) -> str:
    words, open_fields = [], 0
    for element in paragraph.iter():
        if element.tag == f"{{{W}}}fldChar":
            kind = element.get(f"{{{W}}}fldCharType")
            open_fields = max(0, open_fields + {"begin": 1, "end": -1}.get(kind, 0))
        elif element.tag in _WORDS and not open_fields and not _in_field(element, paragraph):
            words.append(element.text or "")
        elif element.tag in _SIGNS:
            words.append(" ")
    return "".join(words)


def _in_field(element: Element, paragraph: Element) -> bool:
    for above in element.iterancestors():
        if above is paragraph:
            return False
        if above.tag in {f"{{{W}}}fldSimple", f"{{{W}}}p"}:
            return True
    return False


def _visible(element: Element, region: Region, fields: list[bool]) -> Iterator[tuple[Region, str]]:
    """Walk a part; `fields` holds, for each field that is open, whether what it shows is a number Word works out."""
    for child in element:
        tag = child.tag
        if tag in _WORDS:
            if not any(fields):
                yield region, child.text or ""
        elif tag in _FIELD_MARKS:
            _follow(child, fields)
        elif not isinstance(tag, str) or tag in _SILENT or "NOTEREF" in child.get(f"{{{W}}}instr", ""):
            continue
        else:
            inside = _REGIONS.get(tag_of(child)[0], region) if tag == f"{{{W}}}sdt" else region
            yield from _visible(_shown_of(child), inside, fields)
            if tag in _SIGNS:
                yield region, _SIGNS[tag]
            elif tag == f"{{{W}}}sym":
                yield region, child.get(f"{{{W}}}char", "")


def _shown_of(element: Element) -> Element:
    """Of something that stands there twice, for newer and older programs, give the newer."""
    if element.tag != f"{{{MC}}}AlternateContent":
        return element
    chosen = element.find(f"{{{MC}}}Choice")
    return element if chosen is None else chosen


def _follow(mark: Element, fields: list[bool]) -> None:
    kind = mark.get(f"{{{W}}}fldCharType")
    if kind == "begin":
        fields.append(False)
    elif kind == "end" and fields:
        fields.pop()
    elif fields and "NOTEREF" in (mark.text or ""):
        fields[-1] = True

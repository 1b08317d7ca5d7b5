"""What Word's styles say of a paragraph or a run: which heading it is, which list, how it looks."""

import re
from dataclasses import dataclass, fields, replace
from typing import Final

from samrutine.exchange.incoming.marked import is_marker, is_warning_colour
from samrutine.exchange.incoming.word_package import Element, W, is_on, value, whole
from samrutine.exchange.incoming.word_text import text_of

_HEADING = re.compile(
    r"(?:heading|overskrift|überschrift|rubrik|header|tittel|bajilčála)[ _-]*([1-9])\b", re.IGNORECASE
)
_TITLE: Final = frozenset(
    {"title", "tittel", "dokumenttittel", "hovedtittel", "hovudtittel", "document title", "rubrikk"}
)
_CONTENTS = re.compile(r"toc[ _-]*\d$|table of figures$", re.IGNORECASE)
"""What Word calls the styles of such lists, in every language."""
_MAYBE_CONTENTS = re.compile(
    r"(?:toc|contents|inh|innh|innhold|innholdsfortegnelse|figurliste)[ _-]*\d?$", re.IGNORECASE
)
"""What people call them, and what they call a style of the text itself as well."""
_PAGE_AT_END = re.compile(r"(?:\.\s?){3}\s*\d+\s*$|…\s*\d+\s*$")
_BULLET = re.compile(r"(?:list bullet|punktliste|punktmerket liste|kulepunkt)[ _-]*([2-9])?$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:list number|nummerert liste|nummerliste)[ _-]*([2-9])?$", re.IGNORECASE)
_DEEPEST_OUTLINE: Final = 9
_LEAST_SHIFT: Final = 4
"""Half points. Less is how somebody makes room for a sign."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks, the parts of it that carry meaning; None is "as its surroundings"."""

    bold: bool | None = None
    italic: bool | None = None
    struck: bool | None = None
    hidden: bool | None = None
    marked: bool | None = None
    raised: str | None = None
    size: int | None = None
    font: str | None = None

    def over(self, below: "Look") -> "Look":
        """Lay this look over another: what this one does not say, the other says."""
        if self == _PLAIN:
            return below
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return replace(below, **{name: value for name, value in said.items() if value is not None})


_PLAIN: Final = Look()


def look_of(properties: Element | None) -> Look:
    """Read the look from `w:rPr`."""
    if properties is None or not len(properties):
        return _PLAIN

    def switch(*names: str) -> bool | None:
        found = [one for name in names if (one := properties.find(f"{W}{name}")) is not None]
        return any(is_on(one) for one in found) if found else None

    size = value(properties, f"{W}sz")
    fonts = properties.find(f"{W}rFonts")
    return Look(
        bold=switch("b"),
        italic=switch("i"),
        struck=switch("strike", "dstrike"),
        hidden=switch("vanish"),
        marked=_marked(properties),
        raised=value(properties, f"{W}vertAlign") or _shifted(properties),
        size=whole(size) or None,
        font=None if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi"),
    )


def _marked(properties: Element) -> bool | None:
    """Tell whether letters are red or on a marker's ground; None where nothing is said of colours."""
    colour, pen = value(properties, f"{W}color"), value(properties, f"{W}highlight")
    ground = properties.find(f"{W}shd")
    if colour is None and pen is None and ground is None:
        return None
    fill = None if ground is None else ground.get(f"{W}fill")
    return is_warning_colour(colour) or is_marker(pen) or is_marker(fill)


def _shifted(properties: Element) -> str | None:
    """Tell whether letters stand above or below the line by so much that it means something: "10⁹" set by hand."""
    shift = value(properties, f"{W}position") or ""
    if whole(shift.removeprefix("-")) < _LEAST_SHIFT:
        return None
    return "subscript" if shift.startswith("-") else "superscript"


def _leads_to_page(paragraph: Element) -> bool:
    """Tell whether a paragraph leads to a heading, as an entry of a list of contents does: by a link, a field or a row of dots."""
    if any((link.get(f"{W}anchor") or "").startswith("_Toc") for link in paragraph.iter(f"{W}hyperlink")):
        return True
    told = "".join(one.text or "" for one in paragraph.iter(f"{W}instrText")).upper()
    return "PAGEREF" in told or "TOC" in told.split() or bool(_PAGE_AT_END.search(text_of(paragraph)))


class Styles:
    """The styles of a file, by id; what a style does not say, the one it is based on says."""

    def __init__(self, root: Element | None) -> None:
        self._by_id: dict[str, Element] = {}
        self._looks: dict[str, Look] = {}
        self._names: dict[str, list[str]] = {}
        self._chains: dict[str, list[str]] = {}
        self._levels: dict[str, int | None] = {}
        self._numbers: dict[str, tuple[str | None, str | None]] = {}
        self._contents: dict[str, bool | None] = {}
        self._default = ""
        for style in () if root is None else root.iter(f"{W}style"):
            style_id = style.get(f"{W}styleId", "")
            self._by_id[style_id] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true", "on"}:
                self._default = style_id

    def paragraph_style(self, paragraph: Element) -> str:
        """Give the id of a paragraph's style, or of the usual one."""
        return value(paragraph, f"{W}pPr/{W}pStyle") or self._default

    def name(self, style_id: str) -> str:
        """Give a style's name; a style that is not there is called by its id."""
        style = self._by_id.get(style_id)
        return (value(style, f"{W}name") or style_id).strip()

    def names(self, style_id: str) -> list[str]:
        """Give the names of a style and of all it is based on."""
        if style_id not in self._names:
            names = [self.name(one) for one in self._chain(style_id)]
            self._names[style_id] = names or ([style_id] if style_id else [])
        return self._names[style_id]

    def heading_level(self, paragraph: Element) -> int | None:
        """Give the level from 1 of a heading: by its own outline level, its style's name, or its style's outline level."""
        own = value(paragraph, f"{W}pPr/{W}outlineLvl")
        if own is not None:
            return self._outline(own)
        style_id = self.paragraph_style(paragraph)
        if style_id not in self._levels:
            self._levels[style_id] = self._heading_level_of(style_id)
        return self._levels[style_id]

    def _heading_level_of(self, style_id: str) -> int | None:
        for one in self._chain(style_id) or [style_id]:
            named = _HEADING.match(self.name(one))
            if named:
                return int(named[1])
            outline = value(self._by_id.get(one), f"{W}pPr/{W}outlineLvl")
            if outline is not None:
                return self._outline(outline)
        return None

    def is_title(self, paragraph: Element) -> bool:
        """Tell whether a paragraph is the document's title."""
        return any(name.lower() in _TITLE for name in self.names(self.paragraph_style(paragraph)))

    def is_contents(self, paragraph: Element) -> bool:
        """Tell whether a paragraph is an entry of a list of contents."""
        style_id = self.paragraph_style(paragraph)
        if style_id not in self._contents:
            sure = any(_CONTENTS.match(name) for name in self.names(style_id))
            maybe = any(_MAYBE_CONTENTS.match(name) for name in self.names(style_id))
            self._contents[style_id] = True if sure else None if maybe else False
        said = self._contents[style_id]
        return _leads_to_page(paragraph) if said is None else said

    def is_quote(self, paragraph: Element) -> bool:
        """Tell whether a paragraph is a quotation."""
        return any(
            "quote" in name.lower() or name.lower() == "sitat" for name in self.names(self.paragraph_style(paragraph))
        )

    def list_level(self, paragraph: Element) -> int | None:
        """Give the level from 0 that a list style's name says ("List Bullet 2" is 1), or None for other styles."""
        for name in self.names(self.paragraph_style(paragraph)):
            found = _BULLET.match(name) or _NUMBER.match(name)
            if found:
                return int(found[1] or 1) - 1
        return None

    def numbering(self, paragraph: Element) -> tuple[str, int] | None:
        """Give the list of a paragraph, as Word's number and the level from 0; its own words go before its style's."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number, level = value(own, f"{W}numId"), value(own, f"{W}ilvl")
        if number is None or level is None:
            lent, lent_level = self._numbering_of(self.paragraph_style(paragraph))
            number = lent if number is None else number
            level = lent_level if level is None else level
        if number in {None, "0"}:
            return None
        return str(number), whole(level)

    def _numbering_of(self, style_id: str) -> tuple[str | None, str | None]:
        """Give the number and the level that a style lends, each from the nearest style that says one."""
        if style_id not in self._numbers:
            number = level = None
            for one in self._chain(style_id):
                above = self._by_id[one].find(f"{W}pPr/{W}numPr")
                number = number if number is not None else value(above, f"{W}numId")
                level = level if level is not None else value(above, f"{W}ilvl")
            self._numbers[style_id] = (number, level)
        return self._numbers[style_id]

    def run_look(self, run: Element) -> Look:
        """Give the look of a run from its own properties and its character style, without its paragraph's."""
        properties = run.find(f"{W}rPr")
        if properties is None:
            return _PLAIN
        style_id = value(properties, f"{W}rStyle")
        return look_of(properties).over(self._look(style_id) if style_id else _PLAIN)

    def paragraph_look(self, paragraph: Element) -> Look:
        """Give the look that a paragraph's style lends its runs."""
        return self._look(self.paragraph_style(paragraph))

    def _look(self, style_id: str) -> Look:
        if style_id not in self._looks:
            look = Look()
            for one in self._chain(style_id):
                look = look.over(look_of(self._by_id[one].find(f"{W}rPr")))
            self._looks[style_id] = look
        return self._looks[style_id]

    def _chain(self, style_id: str) -> list[str]:
        if style_id not in self._chains:
            chain: list[str] = []
            above = style_id
            while above in self._by_id and above not in chain:
                chain.append(above)
                above = value(self._by_id[above], f"{W}basedOn") or ""
            self._chains[style_id] = chain
        return self._chains[style_id]

    @staticmethod
    def _outline(level: str) -> int | None:
        return whole(level) + 1 if whole(level, _DEEPEST_OUTLINE) < _DEEPEST_OUTLINE else None

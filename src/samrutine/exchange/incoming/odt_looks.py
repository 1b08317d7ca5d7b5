"""
What styles of an ODT document say of its words.

Those that stand out by colour are bold, those struck out are struck, those hidden are not read, and signs are letters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.marked import LONGEST_BOLD, is_marker, is_warning_colour, told
from samrutine.exchange.incoming.model import Finding, NotRead
from samrutine.exchange.incoming.odt_plain import line_of
from samrutine.exchange.incoming.odt_tables import OFFICE, TEXT
from samrutine.exchange.incoming.word_package import Element
from samrutine.exchange.incoming.word_symbols import as_letters, is_symbol_font

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_STYLE: Final = f"{_ODF}style:1.0}}"
_FO: Final = f"{_ODF}xsl-fo-compatible:1.0}}"
_FAMILY: Final = f"{_ODF}svg-compatible:1.0}}font-family"
_THROUGH: Final = (f"{_STYLE}text-line-through-style", f"{_STYLE}text-line-through-type")
_OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "samrutine-bold": {f"{_FO}font-weight": "bold"}, "samrutine-struck": {_THROUGH[0]: "solid"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """
    What a style says of its words; None where it leaves that to the style above it.

    Attributes:
        font: Which font they are drawn in, by the font's own name.
    """

    marked: bool | None = None
    bold: bool | None = None
    struck: bool | None = None
    hidden: bool | None = None
    font: str | None = None
    above: str = ""


_PLAIN: Final = Look(marked=False, bold=False, struck=False, hidden=False, font="")


def dress(root: Element, looks: Mapping[str, Look]) -> list[Finding]:
    """
    Write out what styles say, so that pandoc hears it.

    Short words on a marker's ground, or in red, are bold, and all such words are told of; headings look as they like. What a
    style strikes out is struck out, a whole paragraph or heading too: the dose that no longer holds.
    """
    own = _OwnStyles(root)
    found: list[Finding] = []
    for paragraph in list(root.iter(f"{TEXT}p", f"{TEXT}h")):
        look = looks.get(paragraph.get(f"{TEXT}style-name", ""), _PLAIN)
        if look.struck:
            own.put_on(paragraph, "samrutine-struck")
        spans = [(one, looks.get(one.get(f"{TEXT}style-name", ""), _PLAIN)) for one in paragraph.iter(f"{TEXT}span")]
        for span, of_span in spans:
            if of_span.struck and not look.struck:
                own.put_on(span, "samrutine-struck")
        if paragraph.tag == f"{TEXT}h":
            continue
        marked = (
            [paragraph] if look.marked and not look.bold else [one for one, its in spans if its.marked and not its.bold]
        )
        words = [text for one in marked if (text := line_of(one).strip())]
        if sum(map(len, words)) <= LONGEST_BOLD:
            for one in marked if words else ():
                own.put_on(one, "samrutine-bold")
        found += told(words, "")
    return found


def signs_as_letters(root: Element, looks: Mapping[str, Look]) -> list[Finding]:
    """Write what is drawn in a font of signs as plain letters: "m" in Symbol is μ. A sign that we do not know is told of."""
    found: list[Finding] = []
    for paragraph in root.iter(f"{TEXT}p", f"{TEXT}h"):
        waiting: list[tuple[Element, str]] = [(paragraph, "")]
        while waiting:
            element, above = waiting.pop()
            own = looks.get(element.get(f"{TEXT}style-name", ""))
            font = own.font if own is not None and own.font else above
            if is_symbol_font(font):
                element.text = as_letters(element.text, font, found)
            for child in element:
                if is_symbol_font(font):
                    child.tail = as_letters(child.tail, font, found)
                if child.tag not in {f"{TEXT}p", f"{TEXT}h"}:
                    waiting.append((child, font))
    return list(dict.fromkeys(found))


def looks_of(root: Element, styles: Element | None, name: str) -> dict[str, Look]:
    """
    Give the look of each style, with what it has from those above it.

    Raises:
        DocumentRefused: A style is above itself.
    """
    said: dict[str, Look] = {}
    fonts: dict[str, str] = {}
    for part in (styles, root):
        for face in () if part is None else part.iter(f"{_STYLE}font-face"):
            fonts[face.get(f"{_STYLE}name", "")] = face.get(_FAMILY, "").strip("'\" ")
    for part in (styles, root):
        for style in () if part is None else part.iter(f"{_STYLE}style"):
            above = style.get(f"{_STYLE}parent-style-name", "")
            said[style.get(f"{_STYLE}name", "")] = _said(style.find(f"{_STYLE}text-properties"), above, fonts)
    whole: dict[str, Look] = {"": _PLAIN}
    for first in said:
        below: list[str] = []
        at = first
        while at in said and at not in whole:
            if at in below:
                raise DocumentRefused(NotRead("damaged", name))  # above itself: pandoc would never find an end
            below.append(at)
            at = said[at].above
        high = whole.get(at, _PLAIN)
        for one in reversed(below):
            high = whole[one] = _under(said[one], high)
    return whole


def _under(own: Look, high: Look) -> Look:
    """Give the look of a style below another."""
    return Look(
        high.marked if own.marked is None else own.marked,
        high.bold if own.bold is None else own.bold,
        high.struck if own.struck is None else own.struck,
        high.hidden if own.hidden is None else own.hidden,
        high.font if own.font is None else own.font,
    )


def _said(properties: Element | None, above: str, fonts: Mapping[str, str]) -> Look:
    if properties is None:
        return Look(above=above)
    colour, ground = properties.get(f"{_FO}color"), properties.get(f"{_FO}background-color")
    weight = properties.get(f"{_FO}font-weight")
    through = next((said for name in _THROUGH if (said := properties.get(name)) is not None), None)
    shown = properties.get(f"{TEXT}display")
    named, family = properties.get(f"{_STYLE}font-name"), properties.get(f"{_FO}font-family")
    font = fonts.get(named, named) if named is not None else family
    return Look(
        None if colour is None and ground is None else is_warning_colour(colour) or is_marker(ground),
        None if weight is None else weight == "bold",
        None if through is None else through != "none",
        None if shown is None else shown == "none",
        None if font is None else font.strip("'\" "),
        above,
    )


class _OwnStyles:
    """Styles of our own in a document, each put there when it is first needed."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._there: set[str] = set()

    def put_on(self, element: Element, name: str) -> None:
        """Put what an element holds in a span of one of them."""
        if name not in self._there:
            self._there.add(name)
            self._add(name)
        span = element.makeelement(f"{TEXT}span", {f"{TEXT}style-name": name})
        span.text, element.text = element.text, None
        span.extend(list(element))
        element.append(span)

    def _add(self, name: str) -> None:
        automatic = self._root.find(f"{OFFICE}automatic-styles")
        if automatic is None:
            automatic = self._root.makeelement(f"{OFFICE}automatic-styles", {})
            self._root.insert(0, automatic)
        style = automatic.makeelement(f"{_STYLE}style", {f"{_STYLE}name": name, f"{_STYLE}family": "text"})
        style.append(style.makeelement(f"{_STYLE}text-properties", dict(_OWN[name])))
        automatic.append(style)

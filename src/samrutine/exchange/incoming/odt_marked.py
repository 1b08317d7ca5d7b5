"""Words of an ODT document that stand out by their colour: bold in the copy that pandoc reads, and told."""

from typing import Final

from samrutine.exchange.incoming.marked import LONGEST_BOLD, is_marker, is_warning_colour, told
from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.odt_plain import line_of
from samrutine.exchange.incoming.odt_tables import OFFICE, TEXT
from samrutine.exchange.incoming.word_package import Element

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_STYLE: Final = f"{_ODF}style:1.0}}"
_FO: Final = f"{_ODF}xsl-fo-compatible:1.0}}"
_PARAGRAPH: Final = f"{TEXT}p"


def coloured(root: Element, styles: Element | None) -> list[Finding]:
    """Let short words on a marker's ground, or in red, be bold, and tell of all such words. Headings look as they like."""
    looks = _looks(root, styles)
    found: list[Finding] = []
    for paragraph in list(root.iter(_PARAGRAPH)):
        name = paragraph.get(f"{TEXT}style-name", "")
        own = looks.get(name, (False, False))
        marked = [paragraph] if own[0] and not own[1] else _spans(paragraph, looks)
        words = [text for one in marked if (text := line_of(one).strip())]
        if not words:
            continue
        if sum(map(len, words)) <= LONGEST_BOLD:
            for one in marked:
                _embolden(one, root)
        found += told(words, "")
    return found


def _spans(paragraph: Element, looks: dict[str, tuple[bool, bool]]) -> list[Element]:
    return [
        one for one in paragraph.iter(f"{TEXT}span") if looks.get(one.get(f"{TEXT}style-name", "")) == (True, False)
    ]


def _looks(root: Element, styles: Element | None) -> dict[str, tuple[bool, bool]]:
    """Give of each style whether it is coloured so, and whether it is bold anyway."""
    said: dict[str, tuple[bool | None, bool | None, str]] = {}
    for part in (styles, root):
        for style in () if part is None else part.iter(f"{_STYLE}style"):
            properties = style.find(f"{_STYLE}text-properties")
            above = style.get(f"{_STYLE}parent-style-name", "")
            if properties is None:
                said[style.get(f"{_STYLE}name", "")] = (None, None, above)
                continue
            colour, ground = properties.get(f"{_FO}color"), properties.get(f"{_FO}background-color")
            weight = properties.get(f"{_FO}font-weight")
            marked = None if colour is None and ground is None else is_warning_colour(colour) or is_marker(ground)
            said[style.get(f"{_STYLE}name", "")] = (marked, None if weight is None else weight == "bold", above)

    def whole(name: str, at: int) -> bool:
        seen: set[str] = set()
        while name in said and name not in seen:
            seen.add(name)
            own = said[name][at]
            if own is not None:
                return bool(own)
            name = said[name][2]
        return False

    return {name: (whole(name, 0), whole(name, 1)) for name in said}


def _embolden(element: Element, root: Element) -> None:
    """Put what an element holds in a span of a bold style of our own."""
    name = "samrutine-bold"
    automatic = root.find(f"{OFFICE}automatic-styles")
    if automatic is None:
        automatic = root.makeelement(f"{OFFICE}automatic-styles", {})
        root.insert(0, automatic)
    if not any(one.get(f"{_STYLE}name") == name for one in automatic.iter(f"{_STYLE}style")):
        style = automatic.makeelement(f"{_STYLE}style", {f"{_STYLE}name": name, f"{_STYLE}family": "text"})
        style.append(style.makeelement(f"{_STYLE}text-properties", {f"{_FO}font-weight": "bold"}))
        automatic.append(style)
    span = element.makeelement(f"{TEXT}span", {f"{TEXT}style-name": name})
    span.text, element.text = element.text, None
    span.extend(list(element))
    element.append(span)

"""Letters of a page that are drawn in a font of signs, written as the signs they are drawn as: "³" in Symbol is ≥."""

import re
from typing import Any, Final

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_symbols import as_letters, is_symbol_font

Element = Any
# Word says beside the font of a run which font its signs are of; "font" is size and name in one.
_FAMILIES: Final = (
    re.compile(r"mso-symbol-font-family\s*:\s*[\"']?([^;,\"']+)", re.IGNORECASE),
    re.compile(r"(?:^|;)\s*font-family\s*:\s*[\"']?([^;,\"']+)", re.IGNORECASE),
    re.compile(r"(?:^|;)\s*font\s*:[^;]*?(?:pt|px|em|%|large|medium|small)\s+[\"']?([^;,\"']+)", re.IGNORECASE),
)


def signs_as_letters(root: Element) -> list[Finding]:
    """Write all that is drawn in a font of signs as plain letters; a sign that we do not know is told of."""
    found: list[Finding] = []
    waiting: list[tuple[Element, str]] = [(root, "")]
    while waiting:
        element, above = waiting.pop()
        font = _font(element) or above
        if is_symbol_font(font):
            element.text = as_letters(element.text, font, found)
        for child in element:
            if is_symbol_font(font):
                child.tail = as_letters(child.tail, font, found)
            waiting.append((child, font))
    return list(dict.fromkeys(found))


def _font(element: Element) -> str:
    style = element.get("style") or ""
    named = next((found for family in _FAMILIES if (found := family.search(style))), None)
    return (named[1] if named else (element.get("face") or "").partition(",")[0]).strip().lower()

"""Words that colour makes stand out: «aldri» in red. Markdown has no colours, so short ones become bold, and all are told."""

import re
from typing import Final

from samrutine.exchange.incoming.model import Finding

LONGEST_BOLD: Final = 80
"""Letters of a paragraph that become bold at most: a text that is bold from end to end stresses nothing."""
_HEX = re.compile(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)
_SHORT_HEX = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)", re.IGNORECASE)
_NAMED: Final = {
    "red": (255, 0, 0), "darkred": (139, 0, 0), "crimson": (220, 20, 60), "firebrick": (178, 34, 34),
    "yellow": (255, 255, 0), "orange": (255, 165, 0), "orangered": (255, 69, 0), "lime": (0, 255, 0), "green": (0, 128, 0),
    "cyan": (0, 255, 255), "aqua": (0, 255, 255), "magenta": (255, 0, 255), "fuchsia": (255, 0, 255), "pink": (255, 192, 203),
    "blue": (0, 0, 255), "darkyellow": (128, 128, 0), "darkmagenta": (128, 0, 128),
}  # fmt: skip
_RED_AT_LEAST: Final = 0x90
_OTHERS_OF_RED: Final = 0x60
_STRONG: Final = 0x50

Colour = tuple[int, int, int]


def is_warning_colour(name: str | None) -> bool:
    """Tell whether letters of a colour are red. Blue, green and grey are how houses write headings and links."""
    colour = _colour(name)
    return colour is not None and colour[0] >= _RED_AT_LEAST and max(colour[1:]) <= _OTHERS_OF_RED


def is_marker(name: str | None) -> bool:
    """Tell whether a ground is a marker pen's: a colour, and no grey, white or pale tint."""
    colour = _colour(name)
    return colour is not None and max(colour) - min(colour) > _STRONG


def told(words: list[str], where: str) -> list[Finding]:
    """Tell of the words of a paragraph that colour made stand out."""
    detail = " / ".join(filter(None, (" ".join(one.split()) for one in words)))
    return [Finding("marked-by-colour", where, detail)] if detail else []


def _colour(name: str | None) -> Colour | None:
    said = (name or "").strip()
    if said.casefold() in _NAMED:
        return _NAMED[said.casefold()]
    if found := _HEX.match(said):
        return int(found[1], 16), int(found[2], 16), int(found[3], 16)
    if found := _SHORT_HEX.match(said):
        return int(found[1] * 2, 16), int(found[2] * 2, 16), int(found[3] * 2, 16)
    if found := _RGB.match(said):
        return int(found[1]), int(found[2]), int(found[3])
    return None

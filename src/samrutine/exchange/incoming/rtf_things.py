"""Pictures and tables of RTF, as pandoc gives them names and places; and the colours of the file."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Final

from samrutine.exchange.incoming.pictures import media_type
from samrutine.exchange.incoming.rtf_fonts import joined, numbered

_PICTURE = re.compile(rb"\\(png|jpeg)blip\b")
_BEFORE_BYTES = re.compile(rb"(?:\s*\\[a-z]+-?\d*|\s*\{[^{}]*\})*\s*")
_SAID = re.compile(rb"wzDescription\s*\}\s*\{\s*\\sv\s([^{}]{1,2000})\}")
_LETTER = re.compile(r"\\u(-?\d{1,6}) ?(?:\\'[0-9a-fA-F]{2}|\?)?")
_COLOURS = re.compile(r"\{\s*\\colortbl([^{}]*)\}")
_LIGHT = re.compile(r"\\(red|green|blue)(\d{1,4})")
_ENDINGS: Final = {b"png": ".png", b"jpeg": ".jpg"}
PARTING: Final = "samrutine-parts-a-list-from-a-table"
"""The word of a paragraph that ends a list for pandoc; `without_partings` takes it away."""


@dataclass(slots=True)
class Pictures:
    """Media type and bytes, and the words for those who do not see it, by the name that pandoc gives a picture."""

    held: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    alternatives: dict[str, str] = field(default_factory=dict)


def colours_in(source: str) -> dict[int, str]:
    """Give the colours of the file's table by number, each as `#rrggbb`; "as usual" has none."""
    table = _COLOURS.search(source)
    found: dict[int, str] = {}
    for number, one in enumerate(table[1].split(";") if table else ()):
        said = {name: min(int(value), 255) for name, value in _LIGHT.findall(one)}
        if said:
            found[number] = "#" + "".join(f"{said.get(name, 0):02x}" for name in ("red", "green", "blue"))
    return found


def pictures_in(data: bytes) -> Pictures:
    """Give the pictures that are written out in the file; those of Windows' own kinds pandoc does not name."""
    found = Pictures()
    for mark in _PICTURE.finditer(data):
        start = _BEFORE_BYTES.match(data, mark.end())
        at = start.end() if start else mark.end()
        end = data.find(b"}", at)
        try:
            held = bytes.fromhex(data[at : end if end > 0 else at].decode("ascii"))
        except ValueError:
            continue
        if not held:
            continue
        # Pandoc names a picture by this; it keeps nothing secret.
        name = hashlib.sha1(held, usedforsecurity=False).hexdigest() + _ENDINGS[mark[1]]
        found.held[name] = (media_type(held)[0], held)
        said = _SAID.search(data, data.rfind(b"\\pict", 0, mark.start()), mark.start())
        if said:
            found.alternatives[name] = joined(_LETTER.sub(_letter, said[1].decode("latin-1"))).strip()
    return found


def _letter(match: re.Match[str]) -> str:
    return numbered(int(match[1]))


def without_partings(tree: Any) -> None:
    """Take away the paragraphs that parted lists from tables."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            one[:] = [each for each in one if not _is_parting(each)]
            waiting += one


def _is_parting(block: Any) -> bool:
    return isinstance(block, dict) and block.get("t") == "Para" and block["c"] == [{"t": "Str", "c": PARTING}]


def without_filler(tree: Any) -> None:
    """Take away the word that pandoc gives each picture for want of another."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("t") == "Image":
                one["c"][1] = []
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one

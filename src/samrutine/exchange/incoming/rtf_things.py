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
_LISTS: Final = frozenset({"BulletList", "OrderedList"})


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


def tables_beside_lists(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put a table that follows a list beside it; RTF says where neither of them ends, and pandoc puts it in the last item."""
    made: list[dict[str, Any]] = []
    for block in blocks:
        made.append(block)
        made += _taken_out(block)
    return made


def _taken_out(block: dict[str, Any]) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = []
    while block["t"] in _LISTS:
        items = block["c"] if block["t"] == "BulletList" else block["c"][1]
        if not items or not items[-1]:
            break
        last = items[-1]
        while len(last) > 1 and last[-1]["t"] == "Table":
            taken.insert(0, last.pop())
        block = last[-1]
    return taken


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

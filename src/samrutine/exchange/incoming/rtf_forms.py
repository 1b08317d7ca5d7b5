"""Fields of a form in RTF, as what they show: the file keeps it in the instruction, and pandoc passes over it."""

import re
from collections.abc import Iterator
from typing import Final

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.rtf_fonts import as_numbers, joined, numbered
from samrutine.exchange.incoming.word_symbols import UNKNOWN

_FIELD: Final = re.compile(r"\{\s*\\field\b")
_KIND: Final = re.compile(r"\bFORM(CHECKBOX|DROPDOWN)\b")
_RESULT: Final = re.compile(r"\\fldrslt\b(.*)", re.DOTALL)
_SAYS: Final = re.compile(r"(?:\\(?:[a-z]+-?\d*|\*|~)|[\s{}])*", re.IGNORECASE)
_CHOSEN: Final = re.compile(r"\\ffres(\d{1,3})")
_BEFOREHAND: Final = re.compile(r"\\ffdefres(\d{1,3})")
_OFFERED: Final = re.compile(r"\{\s*\\\*\\ffl\s?((?:[^{}\\]|\\[^{}])*)\}")
_LETTER: Final = re.compile(r"\\u(-?\d{1,6}) ?(?:\\'[0-9a-fA-F]{2}|\?)?|\\'([0-9a-fA-F]{2})|\\[a-z]+-?\d* ?")
_EDGE: Final = re.compile(r"\\.|[{}]", re.DOTALL)
_LONGEST: Final = 20_000
_AS_BEFOREHAND: Final = 25
"""What stands for "nobody has said": what the form began with holds."""
_SIGNS: Final = {"0": "☐", "1": "☒"}


def with_form_fields(source: str) -> tuple[str, list[Finding]]:
    """Write each box and list of a form as what it shows, and tell what there was to choose from."""
    pieces: list[str] = []
    found: list[Finding] = []
    done = 0
    for start in _FIELD.finditer(source):
        if start.start() < done:
            continue
        end = _end(source, start.start())
        shown = None if end is None else _shown(source[start.start() : end], found)
        if end is not None and shown is not None:
            pieces += [source[done : start.start()], shown]
            done = end
    return "".join([*pieces, source[done:]]), found


def _end(source: str, start: int) -> int | None:
    """Give where a group ends; None for one that is too long to be a field of a form, or has no end."""
    depth = 0
    for edge in _EDGE.finditer(source, start, start + _LONGEST):
        depth += {"{": 1, "}": -1}.get(edge[0], 0)
        if depth == 0:
            return edge.end()
    return None


def _shown(field: str, found: list[Finding]) -> str | None:
    """Give what a field shows, as RTF; None for one that is none of a form, or says itself what it shows."""
    kind, result = _KIND.search(field), _RESULT.search(field)
    if kind is None or (result is not None and _SAYS.fullmatch(result[1]) is None):
        return None
    chosen, beforehand = _CHOSEN.search(field), _BEFOREHAND.search(field)
    if chosen is None or int(chosen[1]) == _AS_BEFOREHAND:
        chosen = beforehand
    if kind[1] == "CHECKBOX":
        # LibreOffice does not write whether it was ticked.
        known = chosen is not None or "\\formfield" in field
        sign = _SIGNS["1" if chosen is not None and chosen[1] == "1" else "0"] if known else UNKNOWN
        return f"{{\\uc1{as_numbers(sign)}}}"
    offered = _OFFERED.findall(field)
    if offered:
        found.append(Finding("choices", detail=" / ".join(_plain(offered))))
    at = int(chosen[1]) if chosen is not None else 0
    return f"{{{offered[at]}}}" if at < len(offered) else ""


def _plain(offered: list[str]) -> Iterator[str]:
    for one in offered:
        yield " ".join(joined(_LETTER.sub(_letter, one)).split())


def _letter(match: re.Match[str]) -> str:
    if match[1]:
        return numbered(int(match[1]))
    return bytes.fromhex(match[2]).decode("cp1252", "replace") if match[2] else ""

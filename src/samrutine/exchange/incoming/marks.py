"""Letters as Markdown: every mark that would mean something is told not to, and no letter is there that nobody sees."""

import re
import unicodedata
from typing import Final

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_UNSEEN = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_MARKS = re.compile(r"([\\`*_\[\]<>~|&$^])")
_AT_START = re.compile(r"^(\s*)([#+=:>-]|\d{1,9}(?=[.)]))")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_BRACES = re.compile(r"\{(?=\{)|\}(?=\})")
_RAISED: Final = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED: Final = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))


def plain(text: str) -> str:
    """Give a text with every kind of space as one space, and without what nobody sees."""
    text = unicodedata.normalize("NFC", text.replace("\u2011", "-").replace("\u2028", " ").replace("\u2029", " "))
    return _SPACES.sub(" ", _UNSEEN.sub("", text))


def marked(text: str) -> str:
    """Write a text so that Markdown shows it as it is, apart from the start of a line."""
    return _MARKS.sub(r"\\\1", text)


def line_start(text: str) -> str:
    """Write the start of a line so that it begins no heading, list, quotation or ruled line."""
    found = _AT_START.match(text)
    if found is None:
        return text
    if found[2][0].isdigit():
        return f"{text[: found.end()]}\\{text[found.end() :]}"
    return f"{found[1]}\\{text[len(found[1]) :]}"


def without_braces(text: str) -> tuple[str, bool]:
    """Part double braces, which would be a local field here; and tell whether there were any."""
    parted = _BRACES.sub(lambda match: f"{match[0]} ", text)
    return parted, parted != text


def unknown_signs(text: str) -> str:
    """Give the letters that only one font knows, as nobody else can tell what they show."""
    return "".join(_PRIVATE.findall(text))


def without_unknown(text: str) -> str:
    """Write a letter that only one font knows as the sign for "unknown"."""
    return _PRIVATE.sub("\ufffd", text)


def raised(text: str, *, up: bool) -> tuple[str, bool]:
    """
    Write raised or lowered letters with letters of their own, so that 10⁹ does not become 109.

    Returns:
        The text; and whether that could not be done, so that a sign (`^` or `_`) and brackets tell of it instead.
    """
    table = _RAISED if up else _LOWERED
    stripped = text.strip()
    if not stripped:
        return text, False
    if all(letter in table for letter in stripped):
        return text.replace(stripped, "".join(table[letter] for letter in stripped)), False
    if stripped.isalpha() or stripped in {".", "®", "™", "©"}:
        # "1.st" and the like lose nothing when they stand on the line.
        return text, False
    return f"{'^' if up else '_'}({stripped})", True

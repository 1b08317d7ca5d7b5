"""The letters of RTF: which code page a byte is of, and which signs a symbol font draws. Pandoc takes all for one page."""

import codecs
import re
from typing import Final

from samrutine.exchange.incoming.word_symbols import in_plain, is_symbol_font

_PAGES: Final = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
"""Code pages by the character set that a font names; 0 and 1 are the file's own."""
_OF_SYMBOLS: Final = 2
_OF_FILE: Final = (("mac", "mac_roman"), ("pca", "cp850"), ("pc", "cp437"))
_NUMBERED: Final = {"10000": "mac_roman", "65001": "utf-8"}
_PRIVATE: Final = 0xF000
_ASCII: Final = "\x80"
_SIGN_FIELD = re.compile(
    r"\{\\field(?:\\[a-z]+)*\s*\{\\\*\\fldinst[^{}]{0,40}\{?[^{}]{0,80}?\bSYMBOL\s+(\d{1,5})"
    r"[^{}]{0,40}?\\\\f\s*\"?([A-Za-z0-9 ]{1,40}?)\"?\s*(?:\\\\[^{}]{0,40})?\}?\s*\}"
    r"\s*(?:\{\\fldrslt(?:[^{}]|\{[^{}]*\}){0,300}\})?\s*\}"
)


class Fonts:
    """The fonts of a file, as its list of fonts tells of them, and the letters they draw."""

    def __init__(self, source: str) -> None:
        """Find the file's own code page."""
        self._page = _page(source)
        self._sets: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._told = 0

    def hear(self, word: str, number: int) -> None:
        """Hear a word of the list of fonts."""
        if word == "f":
            self._told = number
        elif word == "fcharset":
            self._sets[self._told] = number

    def call(self, text: str) -> None:
        """Hear a piece of a font's name."""
        self._names[self._told] = self._names.get(self._told, "") + text.replace(";", "").strip("\r\n")

    def letters(self, said: bytes, font: int) -> str:
        """Give the letters that bytes are in a font."""
        name = self._names.get(font, "").strip()
        if is_symbol_font(name):
            return in_plain("".join(chr(_PRIVATE + one) for one in said), name)
        kind = self._sets.get(font, 0)
        if kind == _OF_SYMBOLS:
            return "".join(chr(one if one < ord(_ASCII) else _PRIVATE + one) for one in said)
        return said.decode(_PAGES.get(kind, self._page), errors="replace")

    def sign(self, letter: str, font: int) -> str:
        """Give what a letter that was named by its number is in a font."""
        name = self._names.get(font, "").strip()
        return in_plain(letter, name) if is_symbol_font(name) else letter


def with_symbols(source: str) -> str:
    """Write fields that only draw a sign as the sign: what they show stands in the instruction, and often nowhere else."""
    return _SIGN_FIELD.sub(_sign_of_field, source)


def _sign_of_field(field: re.Match[str]) -> str:
    number, font = int(field[1]), field[2].strip().lower()
    if number >= _PRIVATE:
        letter = chr(number)
    elif is_symbol_font(font):
        letter = chr(_PRIVATE + number % 0x100)
    else:
        letter = bytes([number % 0x100]).decode("cp1252", errors="replace")
    drawn = in_plain(letter, font) if is_symbol_font(font) else letter
    # The sign is written by its number, and one letter stands in for it, whatever the text before has said of that.
    return f"{{\\uc1{as_numbers(drawn)}}}" if drawn >= _ASCII else f"{{{as_numbers(drawn)}}}"


def as_numbers(text: str) -> str:
    """Write letters so that every reader of RTF takes them for what they are."""
    out = []
    for letter in text:
        if letter in "\\{}":
            out.append(f"\\{letter}")
        elif letter < _ASCII:
            out.append(letter)
        else:
            units = letter.encode("utf-16-le", "surrogatepass")
            halves = (units[at : at + 2] for at in range(0, len(units), 2))
            out += [f"\\u{int.from_bytes(half, 'little', signed=True)}\\'3f" for half in halves]
    return "".join(out)


def _page(source: str) -> str:
    start = source[:2000]
    found = re.search(r"\\ansicpg(\d+)", start)
    if found is None:
        return next((page for word, page in _OF_FILE if re.search(rf"\\{word}\b", start)), "cp1252")
    try:
        return codecs.lookup(_NUMBERED.get(found[1], f"cp{found[1]}")).name
    except LookupError:
        return "cp1252"

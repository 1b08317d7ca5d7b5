"""The letters of RTF: which code page a byte is of, and which signs a symbol font draws. Pandoc takes all for one page."""

import codecs
import re
from itertools import chain, repeat
from typing import Any, Final

from samrutine.exchange.incoming.word_symbols import UNKNOWN, in_plain, is_symbol_font

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
_TWO_HALVES, _NO_LETTER = 0x10000, 0x110000
_FIRST_HALVES, _SECOND_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_LAST: Final = "\uffff"
_BEYOND = re.compile("([\U00010000-\U0010ffff])")
_NUMBER = re.compile(r"\\u(-?\d{1,9})")
_NOBODYS: Final = range(0xE000, 0xF900)
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


def numbered(number: int) -> str:
    """Give the letter that a number writes, or half a letter: RTF counts in 16 bits, and most writers in signed ones."""
    if number < _TWO_HALVES:
        return chr(number % _TWO_HALVES)
    return chr(number) if number < _NO_LETTER else UNKNOWN


def is_first_half(letter: str) -> bool:
    """Tell whether a letter is the first half of one beyond 16 bits."""
    return letter != "" and ord(letter) in _FIRST_HALVES


def is_second_half(letter: str) -> bool:
    """Tell whether a letter is the second half of one beyond 16 bits."""
    return letter != "" and ord(letter) in _SECOND_HALVES


def joined(text: str) -> str:
    """Join halves of letters that stand beside each other; half a letter alone is `UNKNOWN`."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


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


def for_pandoc(text: str) -> str:
    """Write letters so that pandoc takes them for what they are; those beyond 16 bits wait for `stand_ins`."""
    return "".join(part if part[:1] > _LAST else as_numbers(part) for part in _BEYOND.split(text))


def stand_ins(source: str) -> dict[str, str]:
    """Give each letter beyond 16 bits another that the file has not: pandoc knows none that RTF writes in two halves."""
    beyond = sorted(set(_BEYOND.findall(source)))
    there = {int(number) % _TWO_HALVES for number in _NUMBER.findall(source)} if beyond else set()
    spare = (chr(number) for number in _NOBODYS if number not in there)
    return dict(zip(beyond, chain(spare, repeat(UNKNOWN)), strict=False))


def with_stand_ins(source: str, others: dict[str, str]) -> str:
    """Write a file with the letters that stand in for others."""
    return _BEYOND.sub(lambda letter: as_numbers(others[letter[0]]), source) if others else source


def letters_back(tree: Any, others: dict[str, str]) -> None:
    """Put the letters back into pandoc's tree that others stood in for."""
    back = str.maketrans({other: letter for letter, other in others.items() if other != UNKNOWN})
    waiting = [tree] if back else []
    while waiting:
        one = waiting.pop()
        for key, said in list(one.items() if isinstance(one, dict) else enumerate(one)):
            if isinstance(said, str):
                one[key] = said.translate(back)
            elif isinstance(said, dict | list):
                waiting.append(said)


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

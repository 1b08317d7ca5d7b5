"""Letters of Word's symbol fonts as letters that every font has: "Symbol" A3 is ≤, and a dose may hang on it."""

from typing import Final

from samrutine.exchange.incoming.model import Finding

_SYMBOL: Final = {
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    0xA3: "≤",
    0xB3: "≥",
    0xB0: "°",
    0xB1: "±",
    0xB4: "×",
    0xB8: "÷",
    0xB9: "≠",
    0xBB: "≈",
    0xBA: "≡",
    0xA5: "∞",
    0xAC: "←",
    0xAD: "↑",
    0xAE: "→",
    0xAF: "↓",
    0xAB: "↔",
    0xB7: "•",
    0xD6: "√",
    0xE5: "∑",
    0xA2: "′",
    0xB2: "″",
    0xD7: "⋅",
    0xBC: "…",
    0xDE: "⇒",
    0xDB: "⇔",
    0xDC: "⇐",
    0xCE: "∈",
    0xC6: "∅",
    0x44: "Δ",
    0x57: "Ω",
    0x6D: "μ",
}
_WINGDINGS: Final = {
    0x6F: "☐",
    0x70: "☐",
    0x71: "☐",
    0x72: "☐",
    0xA8: "☐",
    0xFE: "☑",
    0xFD: "☒",
    0xFC: "✓",
    0xFB: "✗",
    0x78: "☒",
    0xE0: "→",
    0xDF: "←",
    0xE1: "↑",
    0xE2: "↓",
    0xE8: "→",
    0xF0: "→",
    0xD8: "➢",
    0x6C: "●",
    0x6E: "■",
    0xA7: "▪",
    0x76: "❖",
    0x28: "☎",
    0x29: "☎",
    0x2A: "✉",
    0x4A: "☺",
    0x4C: "☹",
    0x9F: "•",
    0xB7: "•",
    0xFA: "★",
    0x46: "☞",
    0x43: "👍",
    0x44: "👎",
    0x4E: "☠",
    0x73: "◆",
    0x74: "◆",
    0x75: "◆",
    0x77: "◆",
}
_WINGDINGS_2: Final = {
    0x50: "✓",
    0x4F: "✗",
    0x52: "☑",
    0x51: "☒",
    0x53: "☒",
    0x54: "☒",
    0xA3: "☐",
    0x2A: "☐",
    0x98: "•",
}
_FONTS: Final = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": {0x67: "→", 0x66: "←", 0x68: "↑", 0x69: "↓", 0x7D: "▶"},
    "webdings": {0x61: "✓", 0x72: "✗", 0x63: "☐", 0x67: "■"},
}
_PRINTED: Final = {
    **dict.fromkeys(("symbol", "symbolmt", "standardsymbolsps", "standardsymbolsl"), "symbol"),
    "wingdings": "wingdings", "wingdings2": "wingdings 2", "wingdings3": "wingdings 3", "webdings": "webdings",
}  # fmt: skip
_IN_SYMBOL: Final = frozenset("¬®©°±×÷µ·")
_PLAIN: Final = frozenset(" \t\n0123456789.,:;()[]{}<>=+-/%!?")
_PRIVATE: Final = 0xF000
_BYTE: Final = 0x100
UNKNOWN: Final = "�"
"""What stands where a symbol is that we do not know; the report says so."""


def is_symbol_font(font: str | None) -> bool:
    """Tell whether the letters of a font are signs."""
    return (font or "").lower() in _FONTS


def in_plain(text: str, font: str) -> str:
    """Write the letters of a symbol font as what they look like; `UNKNOWN` for one that we do not know."""
    table = _FONTS[font.lower()]
    return "".join(_one(letter, table, font.lower()) for letter in text)


def as_letters(text: str | None, font: str, found: list[Finding]) -> str | None:
    """Write what is drawn in a symbol font as `in_plain`; adds what is told of signs that we do not know to `found`."""
    if not text:
        return text
    drawn = in_plain(text, font)
    if UNKNOWN in drawn:
        found.append(Finding("symbol-unknown", detail=f"{drawn.strip()} ({font})"))
    return drawn


def sign_of(font: str, code: str) -> str:
    """Give the letter of a sign that Word names by its font and number, in hexadecimal; `UNKNOWN` where we do not know it."""
    try:
        letter = chr(int(code, 16))
    except (ValueError, OverflowError):
        return UNKNOWN
    return in_plain(letter, font) if is_symbol_font(font) else UNKNOWN if "\ue000" <= letter <= "\uf8ff" else letter


def symbol_font_of(name: str) -> str:
    """Give the symbol font that a font of a printed page is, by the name it has there: "ABCDEF+SymbolMT". Empty for others."""
    plain = name.rpartition("+")[2].casefold().replace(" ", "").removesuffix("-regular")
    return _PRINTED.get(plain, "")


def in_print(letter: str, font: str) -> str:
    """
    Write a letter that is printed in a symbol font as what it looks like; `UNKNOWN` for one that we do not know.

    A file that is printed may name a letter by its place in the font, or by what it looks like, and does not say which: a letter
    that the font has is taken to be that one.
    """
    if font == "symbol" and letter in _IN_SYMBOL:
        return letter
    return in_plain(letter, font)


def _one(letter: str, table: dict[int, str], font: str) -> str:
    code = ord(letter)
    code = code - _PRIVATE if _PRIVATE <= code < _PRIVATE + 0x100 else code
    if code in table:
        return table[code]
    if font == "symbol" and chr(code) in _PLAIN:
        return chr(code)
    # A letter that the font does not have is drawn in another font: Word shows it as it is.
    return letter if code >= _BYTE else UNKNOWN if letter.strip() else letter

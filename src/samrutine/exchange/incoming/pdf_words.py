"""The words of a page of PDF where they stand, and the lines that are drawn on it: all that a PDF knows for sure."""

import ctypes
import math
from dataclasses import dataclass, replace
from typing import Any, Final

from samrutine.exchange.incoming.word_symbols import in_print, symbol_font_of

_MOST_LETTERS: Final = 100_000
"""Letters of a page that are looked at; a page of small print has a tenth of it."""
_MOST_DRAWN: Final = 20_000
_THIN: Final = 2.5
_SHORTEST: Final = 3.0
_BOLD_FROM: Final = 600
_FORCED_BOLD: Final = 1 << 18
UNKNOWN_LETTER: Final = "\ufffd"
_HYPHENS: Final = "-\u2010\u00ad"
_SOFT: Final = "\u00ad"
_AT_END: Final = "\ufffe\u0002"
"""What pdfium gives for a hyphen at the end of a line. Nobody knows whether it is one of the word: "helse- og", "hånd-vask"."""
_STRUCK: Final = (0.12, 0.6)
"""Between which shares of the size a line goes through letters, counted from the foot of an x; one below them underlines."""
_BROKEN: Final = 0.5
_SLANT: Final = 0.1
_MAYBE: Final = "\t"
"""A space that nobody wrote and pdfium puts in where there is room, also between a raised figure and a full stop."""
_CLOSING: Final = frozenset(".,;:!?)]»")


@dataclass(frozen=True, slots=True)
class Word:
    """
    Letters without room between them, all struck out or none.

    Places are in points from the lower left corner of the page as it is read. `foot` is where an x of it stands, `size` that of
    its letters, and `number` its place in the order in which the file names the words. `breaks` is a word that may go on in the
    next line; its hyphen stays, unless the file says that it is only for the break.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    foot: float
    size: float
    bold: bool
    number: int
    struck: bool = False
    glued: bool = False
    breaks: bool = False

    @property
    def height(self) -> float:
        """How high it is."""
        return max(self.top - self.bottom, self.size * 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line that is drawn, or a side of a frame."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_level(self) -> bool:
        """Whether it goes across the page."""
        return self.right - self.left >= self.top - self.bottom


@dataclass(frozen=True, slots=True)
class PageWords:
    """What stands on a page. `aslant` is what is written in another direction than the rest: a watermark, a name on its side."""

    words: list[Word]
    rules: list[Rule]
    aslant: list[str]
    is_whole: bool = True


def words_on(page: Any, text: Any) -> PageWords:
    """
    Read the words of a page and the lines drawn on it.

    Args:
        page: pdfium's page.
        text: pdfium's text page of it.
    """
    count = text.count_chars()
    looks: dict[int, _Look] = {}
    letters = [_letter(text.raw, n, looks) for n in range(min(count, _MOST_LETTERS))]
    turned = _turn(letters)
    rules = [_rule_turned(one, turned) for one in _rules(page)]
    level = [one for one in rules if one.is_level]
    upright, aslant = _apart([_turned(one, turned) for one in letters])
    return PageWords(_words(upright, _Through(level)), rules, aslant, is_whole=count <= _MOST_LETTERS)


@dataclass(frozen=True, slots=True)
class _Letter:
    sign: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    foot: float
    size: float
    bold: bool
    angle: float


@dataclass(frozen=True, slots=True)
class _Look:
    """How the letters look that the file sets together."""

    size: float
    bold: bool
    angle: float
    symbols: str
    """The symbol font that they are drawn in; empty for letters."""


def _letter(text: Any, n: int, looks: dict[int, _Look]) -> _Letter:
    """Give a letter; `looks` keeps those that are known, since all letters that are set together look alike."""
    import pypdfium2.raw as pdfium

    code = pdfium.FPDFText_GetUnicode(text, n)
    # A letter of which the file does not say what it is must not be lost: it is on the page.
    sign = chr(code) if 0 < code < 0x110000 else UNKNOWN_LETTER  # noqa: PLR2004
    if sign in _AT_END or (sign in _HYPHENS and pdfium.FPDFText_IsHyphen(text, n) == 1):
        sign = _AT_END[0]
    if sign == " " and pdfium.FPDFText_IsGenerated(text, n) == 1:
        sign = _MAYBE
    if not sign.strip() or 0xD800 <= code < 0xE000:  # noqa: PLR2004 - halves of letters are no letters
        return _Letter(sign if sign == _MAYBE else " ", 0, 0, 0, 0, 0, 0, 0, bold=False, angle=0)
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    # With the room that belongs to each letter: an "i" or a "1" stands far from its neighbours.
    pdfium.FPDFText_GetLooseCharBox(text, n, box)
    pdfium.FPDFText_GetCharOrigin(text, n, x, y)
    together = ctypes.cast(pdfium.FPDFText_GetTextObject(text, n), ctypes.c_void_p).value
    look = looks.get(together) if together else None
    if look is None:
        look = _look(text, n)
        if together:
            looks[together] = look
    if look.symbols:
        sign = in_print(sign, look.symbols)
    return _Letter(
        sign, box.left, box.bottom, box.right, box.top, x.value, y.value, look.size, look.bold, look.angle
    )  # fmt: skip


def _look(text: Any, n: int) -> _Look:
    import pypdfium2.raw as pdfium

    flags, name, matrix = ctypes.c_int(), ctypes.create_string_buffer(128), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetFontInfo(text, n, name, 128, flags)
    bold = b"bold" in name.value.lower() or b"black" in name.value.lower() or bool(flags.value & _FORCED_BOLD)
    size = float(pdfium.FPDFText_GetFontSize(text, n))
    # The size of the font, as its matrix makes it.
    if pdfium.FPDFText_GetMatrix(text, n, matrix):
        size *= math.hypot(matrix.c, matrix.d) or 1.0
    return _Look(
        min(max(size, 1.0), 500.0), bold or pdfium.FPDFText_GetFontWeight(text, n) >= _BOLD_FROM,
        pdfium.FPDFText_GetCharAngle(text, n), symbol_font_of(name.value.decode("latin-1")),
    )  # fmt: skip


def _turn(letters: list[_Letter]) -> int:
    """Give how many quarter turns to the right most letters are turned by: a page that is printed across is read across."""
    counted = [0, 0, 0, 0]
    for one in letters:
        if one.sign.strip():
            counted[round(one.angle / (math.pi / 2)) % 4] += 1
    return counted.index(max(counted))


def _apart(letters: list[_Letter]) -> tuple[list[_Letter], list[str]]:
    """Part the letters that are read across from the others; of these the words, in the order in which the file names them."""
    upright: list[_Letter] = []
    aslant: list[str] = []
    is_among = False
    for one in letters:
        if abs(math.remainder(one.angle, math.tau)) <= _SLANT:
            if one.sign == " " and is_among:
                aslant[-1] += " "
                continue
            is_among = is_among and not one.sign.strip()
            upright.append(one)
            continue
        if not is_among:
            aslant.append("")
            upright.append(replace(one, sign=" "))
        is_among = True
        aslant[-1] += "" if one.sign in {_SOFT, _AT_END[0]} else one.sign
    return upright, [" ".join(one.split()) for one in aslant]


def _turned(one: _Letter, turn: int) -> _Letter:
    if not turn:
        return one
    corners = [_point(x, y, turn) for x, y in ((one.left, one.bottom), (one.right, one.top))]
    (x, foot) = _point(one.x, one.foot, turn)
    return replace(
        one, left=min(corners)[0], right=max(corners)[0], bottom=min(c[1] for c in corners), top=max(c[1] for c in corners),
        x=x, foot=foot, angle=one.angle - turn * math.pi / 2,
    )  # fmt: skip


def _point(x: float, y: float, turn: int) -> tuple[float, float]:
    return ((x, y), (-y, x), (-x, -y), (y, -x))[turn]


def _rules(page: Any) -> list[Rule]:
    """Give the straight lines of a page, and the sides of frames."""
    import pypdfium2.raw as pdfium

    found: list[Rule] = []
    for n, one in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if n >= _MOST_DRAWN:
            break
        left, bottom, right, top = one.get_bounds()
        wide, high = right - left, top - bottom
        if max(wide, high) < _SHORTEST:
            continue
        if min(wide, high) <= _THIN:
            found.append(Rule(left, bottom, right, top))
        elif _is_stroked(one.raw):
            found += _sides(left, bottom, right, top)
    return found


def _is_stroked(path: Any) -> bool:
    import pypdfium2.raw as pdfium

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(path, mode, stroke) and stroke.value)


def _sides(left: float, bottom: float, right: float, top: float) -> list[Rule]:
    return [
        Rule(left, bottom, right, bottom), Rule(left, top, right, top), Rule(left, bottom, left, top),
        Rule(right, bottom, right, top),
    ]  # fmt: skip


def _rule_turned(one: Rule, turn: int) -> Rule:
    if not turn:
        return one
    (ax, ay), (bx, by) = _point(one.left, one.bottom, turn), _point(one.right, one.top, turn)
    return Rule(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


class _Through:
    """The level lines of a page, by height, to ask which letters they go through."""

    def __init__(self, rules: list[Rule]) -> None:
        self._bands: dict[int, list[Rule]] = {}
        for one in rules:
            self._bands.setdefault(int(one.bottom // 8), []).append(one)

    def strikes(self, letter: _Letter) -> bool:
        """Whether a line goes through a letter."""
        low, high = (letter.foot + share * letter.size for share in _STRUCK)
        middle = (letter.left + letter.right) / 2
        return any(
            low <= (one.bottom + one.top) / 2 <= high and one.left - 0.5 <= middle <= one.right + 0.5
            for band in range(int(low // 8) - 1, int(high // 8) + 1)
            for one in self._bands.get(band, ())
        )


def _words(letters: list[_Letter], through: _Through) -> list[Word]:
    """Put letters together to words: until there is room between them, another foot, or another look."""
    made: list[Word] = []
    last: _Letter | None = None
    maybe = False
    for letter in letters:
        if not letter.sign.strip():
            maybe = maybe or letter.sign == _MAYBE
            last = None if letter.sign == " " else last
            continue
        if letter.sign in {_SOFT, _AT_END[0]}:
            if made:
                made[-1] = replace(made[-1], text=made[-1].text + "-" * (letter.sign != _SOFT), breaks=True)
            continue
        struck = through.strikes(letter)
        parted = maybe and letter.sign not in _CLOSING
        goes_on = last is not None and not parted and not made[-1].breaks and _goes_on(last, letter)
        maybe = False
        word = made[-1] if goes_on else None
        if word is not None and (word.struck, word.bold) == (struck, letter.bold) and not _is_raised(word, letter):
            made[-1] = replace(
                word, text=word.text + letter.sign, right=max(word.right, letter.right), top=max(word.top, letter.top),
                bottom=min(word.bottom, letter.bottom),
            )  # fmt: skip
        else:
            made.append(
                Word(
                    letter.sign, letter.left, letter.bottom, letter.right, letter.top, letter.foot, letter.size, letter.bold,
                    len(made), struck, glued=goes_on,
                )
            )  # fmt: skip
        last = letter
    return made


def _goes_on(last: _Letter, letter: _Letter) -> bool:
    """Whether a letter stands right after another: on its line, or a little above or below it."""
    size = max(last.size, letter.size)
    gap = letter.left - last.right
    return abs(letter.foot - last.foot) < _BROKEN * size and -size < gap < 0.2 * size


def _is_raised(word: Word, letter: _Letter) -> bool:
    """Whether a letter looks like a figure that is raised or lowered beside a word, or a word beside such a figure."""
    smaller, larger = sorted((word.size, letter.size))
    return smaller < 0.85 * larger or abs(word.foot - letter.foot) > 0.1 * larger

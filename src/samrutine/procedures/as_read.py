"""
A text as a person reads it: without Markdown's marks, borders of cells and breaks of lines, with the way back to where it stands.

Whoever looks for a number in what was written looks here: «131169**00216**» is one number to whoever reads it. It is no
parser of Markdown. It takes away whatever may be a mark, so that nothing hides behind one; what a reader does not see, such
as where a link leads, stands on lines of its own at the end. One pass, and no longer for a hostile text than for another.
"""

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<escaped>\\[!-/:-@\[-`{-~])"
    r"|(?P<broken>\\?\n)"
    r"|(?P<tag></?[A-Za-z][^<>]{0,500}>|<!--[^<>]{0,500}-->)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<note>\[\^[^\]\[\s]{1,80}\]:?)"
    r"|(?P<close>\](?:\([^()\s]{0,2000}(?:[ ]\"[^\"\n]{0,300}\")?\)|\[[^\[\]\n]{0,200}\]|\{[^{}\n]{0,200}\})?)"
    r"|(?P<open>!?\[)"
    r"|(?P<mark>[*~^`]+|(?<![^\W_])_+|_+(?![^\W_]))"
    r"|(?P<border>\|)"
    r"|(?P<space>[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+)"
    r"|(?P<unseen>[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+)"
)
_BLOCK: Final = re.compile(r"[ \t]*(?:\n|\Z|[#>|:=\u2013\u2014\u2022-]|[+*] |\d{1,9}[.)] |```)")
_BREAK_TAG: Final = re.compile(r"</?(?:br|wbr|p|div|li|tr|td|th)\b", re.IGNORECASE)
_WORTH: Final = re.compile(r"\w")
_ANYTHING: Final = re.compile(r"[\\\n<&\[\]*~^`_|\t]|[^\x00-\x7f]|  ")


class _Folded(dict[int, str]):
    """Each letter, digit, dash and space beyond ASCII as the plain one that a reader takes it for. One for one."""

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        kind = unicodedata.category(letter)
        if kind == "Zs" or letter == "\t":
            plain = " "
        elif kind == "Pd" or letter == "\u2212":
            plain = "-"
        elif kind == "Nd":
            plain = str(unicodedata.digit(letter))
        else:
            plain = unicodedata.normalize("NFKC", letter)
        self[point] = plain if len(plain) == 1 else letter
        return self[point]


_FOLDED: Final = _Folded({point: chr(point) for point in range(128) if point != ord("\t")})


@dataclass(slots=True)
class AsRead:
    """
    A text as it is read.

    Attributes:
        text: What is read; a line for each block. A border between cells is "|", without spaces around it.
        joints: Where in it two cells or two lines meet, in order.
    """

    text: str = ""
    joints: list[int] = field(default_factory=list)
    _at: list[int] = field(default_factory=list)
    _from: list[tuple[int, int, bool]] = field(default_factory=list)
    _marks: list[tuple[int, int, str]] = field(default_factory=list)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Give where in the text that was written a piece of what is read stands."""
        return self._place(start)[0], self._place(end - 1)[1]

    def joints_in(self, start: int, end: int) -> int:
        """Count the cells and lines that meet within a piece of what is read."""
        return bisect_left(self.joints, end) - bisect_left(self.joints, start)

    def without(self, start: int, end: int) -> tuple[int, int, str]:
        """
        Say what goes when a piece of the text that was written is taken out: from where, to where, and what must stay of it.

        A mark whose other half stands outside stays, or both go where they stand beside it; a border always stays, or the rest
        of the row would be read below other headings.
        """
        inside = self._marks_in(start, end)
        after = {begin: (stop, mark) for begin, stop, mark in self._marks_in(end, end + 1)}
        stay = [mark for _, _, mark in inside]
        while len(pair := [n for n, one in enumerate(stay[1:]) if _closes(stay[n], one)]) > 0:
            del stay[pair[0] : pair[0] + 2]
        if stay and end in after and _closes(stay[-1], after[end][1]):
            end = after[end][0]
            stay.pop()
        before = self._marks_before(start)
        if stay and before is not None and _closes(before[1], stay[0]):
            start = before[0]
            stay.pop(0)
        return start, end, "".join(stay)

    def _marks_in(self, start: int, end: int) -> list[tuple[int, int, str]]:
        low = bisect_left(self._marks, (start, -1, ""))
        return self._marks[low : bisect_left(self._marks, (end, -1, ""))]

    def _marks_before(self, start: int) -> tuple[int, str] | None:
        before = bisect_left(self._marks, (start, -1, "")) - 1
        if before < 0 or self._marks[before][1] != start:
            return None
        return self._marks[before][0], self._marks[before][2]

    def _place(self, at: int) -> tuple[int, int]:
        n = bisect_right(self._at, at) - 1
        start, end, is_plain = self._from[n]
        return (start + at - self._at[n], start + at - self._at[n] + 1) if is_plain else (start, end)


class _Reading:
    """Takes a text apart, and puts together what is read of it."""

    def __init__(self, text: str) -> None:
        self._source = text
        self._parts: list[str] = []
        self._length = 0
        self._last = "\n"
        self._made = AsRead()
        self._aside: list[tuple[int, int]] = []
        self._line = 0

    def read(self) -> AsRead:
        at = 0
        for token in _TOKEN.finditer(self._source):
            self._plain(at, token.start())
            self._token(token)
            at = token.end()
        self._plain(at, len(self._source))
        for start, end in self._aside:
            self._put("\n", start, start)
            self._plain(start, end)
        self._made.text = "".join(self._parts)
        return self._made

    def _token(self, token: re.Match[str]) -> None:
        start, end, said = token.start(), token.end(), token[0]
        match token.lastgroup:
            case "escaped":
                self._put(said[1], start, end)
            case "broken":
                self._broken(start, end)
            case "entity":
                self._entity(html.unescape(said).translate(_FOLDED), start, end)
            case "border":
                self._border(start, end)
            case "space":
                self._space(start, end)
            case "unseen":
                pass
            case "tag" if _BREAK_TAG.match(said):
                self._aside_of(start + 1, end - 1)
                self._joint(start, end)
            case "tag" | "close" | "note":
                self._made._marks.append((start, end, said))  # noqa: SLF001  the one that makes it
                self._aside_of(start + 1, end - 1)
            case _:
                self._made._marks.append((start, end, said))  # noqa: SLF001  the one that makes it

    def _broken(self, start: int, end: int) -> None:
        is_block = (
            self._line == start or self._source[self._line] in "#|" or _BLOCK.match(self._source, end) is not None
        )
        self._line = end
        if is_block:
            self._put("\n", start, end)
        else:
            self._joint(start, end)

    def _entity(self, said: str, start: int, end: int) -> None:
        if said.strip():
            self._put(said, start, end)
        else:
            self._space(start, end)

    def _joint(self, start: int, end: int) -> None:
        self._made.joints.append(self._length)
        self._space(start, end)

    def _border(self, start: int, end: int) -> None:
        self._made._marks.append((start, end, " | "))  # noqa: SLF001  the one that makes it
        if self._last == " ":
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
            if not self._parts[-1]:
                self._parts.pop()
        self._made.joints.append(self._length)
        while self._made._at and self._made._at[-1] >= self._length:  # noqa: SLF001  the one that makes it
            self._made._at.pop()  # noqa: SLF001
            self._made._from.pop()  # noqa: SLF001
        self._put("|", start, end)

    def _space(self, start: int, end: int) -> None:
        if self._last not in " |\n":
            self._put(" ", start, end)

    def _aside_of(self, start: int, end: int) -> None:
        if _WORTH.search(self._source, start, end):
            self._aside.append((start, end))

    def _plain(self, start: int, end: int) -> None:
        if start < end:
            self._keep(self._source[start:end].translate(_FOLDED), start, end, is_plain=True)

    def _put(self, said: str, start: int, end: int) -> None:
        self._keep(said, start, end, is_plain=False)

    def _keep(self, said: str, start: int, end: int, *, is_plain: bool) -> None:
        self._made._at.append(self._length)  # noqa: SLF001  the one that makes it
        self._made._from.append((start, end, is_plain))  # noqa: SLF001
        self._parts.append(said)
        self._length += len(said)
        self._last = said[-1]


def as_read(text: str) -> AsRead | None:
    """Read a text as a person does; None when it is read just as it is written."""
    return _Reading(text).read() if _ANYTHING.search(text) else None


def _closes(one: str, other: str) -> bool:
    if one.startswith("<") and not one.startswith("</"):
        return other.startswith("</")
    if one.endswith("["):
        return other.startswith("]")
    return one == other and one[:1] in "*_~^`"

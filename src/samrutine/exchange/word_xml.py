"""
The bare material of a Word file: namespaces, words that XML may hold, runs, paragraphs and content controls.

Everything is written as strings, in the order of elements that the schema of WordprocessingML asks for: Word refuses a
file whose paragraph properties stand in another order. Source: ISO/IEC 29500-1, Part 1, § 17.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Final

from samrutine.exchange.tree import Style

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMESPACES: Final = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{WP}" xmlns:a="{A}" xmlns:pic="{PIC}" xmlns:mc="{MC}" xmlns:w14="{W14}" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" mc:Ignorable="w14"'
)

STEP: Final = 397
"""How far one level of a list is set in, in twentieths of a point: 7 mm."""

TAG: Final = "samrutine:"
"""Every content control of ours has a tag that begins so; what follows says what it holds."""

# What no XML file may hold, and what turns the order of what is seen.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
_BREAKS: Final = re.compile("([\t\n])")


def safe(text: str) -> str:
    """Write words as XML: what it cannot hold is spelled out, "[U+000B]", so that nothing is lost without a sign."""
    return escape(_NOT_XML.sub(lambda match: f"[U+{ord(match[0]):04X}]", text.replace("\r", " ")))


@dataclass(frozen=True, slots=True)
class Weight:
    """How words are set: by a character style, in bold, in italics, struck out, and in which language."""

    style: str = ""
    strong: bool = False
    emphasis: bool = False
    strike: bool = False
    raised: bool = False
    language: str = ""

    def with_(self, style: Style) -> "Weight":
        """Add emphasis, strong or strike."""
        return Weight(
            self.style, self.strong or style == "strong", self.emphasis or style == "emphasis",
            self.strike or style == "strike", self.raised, self.language,
        )  # fmt: skip

    @property
    def xml(self) -> str:
        """The run's properties, in the order of the schema."""
        parts = (
            f'<w:rStyle w:val="{self.style}"/>' if self.style else "",
            "<w:b/><w:bCs/>" if self.strong else "",
            "<w:i/><w:iCs/>" if self.emphasis else "",
            "<w:strike/>" if self.strike else "",
            '<w:vertAlign w:val="superscript"/>' if self.raised else "",
            f'<w:lang w:val="{self.language}"/>' if self.language else "",
        )
        found = "".join(parts)
        return f"<w:rPr>{found}</w:rPr>" if found else ""


PLAIN: Final = Weight()


def run(text: str, weight: Weight = PLAIN, *, keep_lines: bool = False) -> str:
    """Write words as one run; a tab becomes a tab, and a line feed a break or a space."""
    if not keep_lines:
        text = text.replace("\n", " ")
    parts = []
    for piece in _BREAKS.split(text):
        if piece == "\t":
            parts.append("<w:tab/>")
        elif piece == "\n":
            parts.append("<w:br/>")
        elif piece:
            parts.append(f'<w:t xml:space="preserve">{safe(piece)}</w:t>')
    return f"<w:r>{weight.xml}{''.join(parts)}</w:r>" if parts else ""


@dataclass(frozen=True, slots=True)
class Form:
    """
    How a paragraph is set.

    Attributes:
        style: The id of its style; empty for the ordinary one.
        number: The list that it is an item of and how deep, or None.
        left: How far it is set in, in twentieths of a point; None as its style says.
        hanging: How far its first line stands out from the rest.
    """

    style: str = ""
    number: tuple[int, int] | None = None
    left: int | None = None
    hanging: int = 0
    keep_next: bool = False
    space_after: int | None = None
    side: str | None = None
    borders: str = ""
    tabs: str = ""

    @property
    def xml(self) -> str:
        """The paragraph's properties, in the order of the schema."""
        indent = f'<w:ind w:left="{self.left}" w:hanging="{self.hanging}"/>' if self.left is not None else ""
        parts = (
            f'<w:pStyle w:val="{self.style}"/>' if self.style else "",
            "<w:keepNext/>" if self.keep_next else "",
            f'<w:numPr><w:ilvl w:val="{self.number[1]}"/><w:numId w:val="{self.number[0]}"/></w:numPr>'
            if self.number
            else "",
            self.borders,
            self.tabs,
            f'<w:spacing w:after="{self.space_after}"/>' if self.space_after is not None else "",
            indent,
            f'<w:jc w:val="{self.side}"/>' if self.side else "",
        )
        found = "".join(parts)
        return f"<w:pPr>{found}</w:pPr>" if found else ""


ORDINARY: Final = Form()


def paragraph(content: str, form: Form = ORDINARY) -> str:
    """Write a paragraph of runs."""
    return f"<w:p>{form.xml}{content}</w:p>"


def field(instruction: str, shown: str, weight: Weight = PLAIN) -> str:
    """Write a field that Word works out, with what it shows until then."""
    inner = run(shown, weight) or "<w:r/>"
    return f'<w:fldSimple w:instr=" {safe(instruction)} ">{inner}</w:fldSimple>'


def control(content: str, tag: str, number: int, *, name: str = "", lock: str = "") -> str:
    """
    Write a content control around paragraphs or runs.

    Args:
        tag: What it holds, without our own beginning.
        number: Unlike that of any other in the file.
        name: What Word shows on it.
        lock: "contentLocked" when the words may not be changed, "sdtContentLocked" when it may not be removed either.
    """
    properties = "".join((
        f'<w:alias w:val="{safe(name[:60])}"/>' if name else "",
        f'<w:tag w:val="{safe(TAG + tag)}"/>',
        f'<w:id w:val="{number}"/>',
        f'<w:lock w:val="{lock}"/>' if lock else "",
    ))  # fmt: skip
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def box(number: int, *, done: bool, name: str) -> str:
    """Write a box to tick off, which Word lets a reader tick by a click."""
    sign = "☒" if done else "☐"
    font = '<w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic"/></w:rPr>'
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{safe(name)}"/><w:tag w:val="{TAG}box"/><w:id w:val="{number}"/>'
        f'<w14:checkbox><w14:checked w14:val="{int(done)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent><w:r>{font}<w:t>{sign}</w:t></w:r></w:sdtContent></w:sdt>"
    )

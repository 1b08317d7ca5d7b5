"""RTF files with known truth."""

from collections.abc import Iterable

from tests.support.documents.content import Block, Heading, Item, Paragraph, Picture, Table, Title
from tests.support.documents.pictures import png

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fswiss Calibri;}{\f1\fnil\fcharset2 Symbol;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2\outlinelevel1 heading 2;}"
    r"{\s3\outlinelevel2 heading 3;}{\s10 Title;}}"
)


def letters(text, *, form="both"):
    r"""
    Write text as RTF may.

    `form` is "both" (a number, and the letter of the code page for old readers, as word processors write), "mark" (a
    number and a question mark, as simple programs write) or "page" (by the code page alone).
    """
    out = []
    for letter in text:
        if letter in "\\{}":
            out.append("\\" + letter)
        elif letter < "\x80":
            out.append(letter)
        elif form == "page":
            out.append(f"\\'{letter.encode('cp1252').hex()}")
        else:
            otherwise = "?" if form == "mark" else f"\\'{letter.encode('cp1252', 'replace').hex()}"
            units = letter.encode("utf-16-le")
            halves = (units[at : at + 2] for at in range(0, len(units), 2))
            out += [f"\\u{int.from_bytes(half, 'little', signed=True)}{otherwise}" for half in halves]
    return "".join(out)


def rtf(body):
    """Give a whole file around a body."""
    return f"{HEAD}\n{body}}}".encode("ascii")


def as_rtf(content: Iterable[Block], *, form="both") -> bytes:
    """Put content in RTF, as word processors write it."""

    def given(text):
        return letters(text, form=form)

    out = []
    for block in content:
        match block:
            case Title(text):
                out.append(rf"\pard\plain\s10\fs56 {given(text)}\par")
            case Heading(level, text):
                out.append(rf"\pard\plain\s{level}\outlinelevel{level - 1}\b\fs28 {given(text)}\par")
            case Paragraph(text, note):
                mark = rf"{{\super\chftn}}{{\footnote\pard\plain {{\super\chftn}} {given(note)}}}" if note else ""
                out.append(rf"\pard\plain {given(text)}{mark}\par")
            case Item(level, text, _):
                out.append(
                    rf"\pard\plain{{\pntext\f1\'B7\tab}}{{\*\pn\pnlvlblt\pnf1\pnindent0{{\pntxtb\'B7}}}}"
                    rf"\fi-360\li{720 * level} {given(text)}\par"
                )
            case Table(rows):
                out += [_row([given(cell) for cell in row]) for row in rows]
                out.append(r"\pard\plain")
            case Picture():
                out.append(rf"\pard\plain{{\pict\pngblip\picw8\pich8 {_png()}}}\par")
    return rtf("\n".join(out))


def _row(cells):
    edges = "".join(rf"\cellx{2000 * n}" for n in range(1, len(cells) + 1))
    return rf"\trowd{edges}" + "".join(rf"\pard\intbl {cell}\cell" for cell in cells) + r"\row"


def _png():
    return png().hex()

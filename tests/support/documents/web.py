"""HTML and Markdown and plain text with known truth."""

from collections.abc import Iterable
from html import escape

from tests.support.documents.content import Block, Heading, Item, Paragraph, Picture, Table, Title


def page(body, *, head="", charset="utf-8", language="nb"):
    """Write a whole page around a body."""
    return f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="{charset}">{head}</head><body>{body}</body></html>\n'


def as_html(content: Iterable[Block]) -> str:
    """Put content in a plain page."""
    out, notes, title, depth = [], [], "", []
    for block in content:
        if not isinstance(block, Item):
            out += _closed(depth, 0)
        match block:
            case Title(text):
                title = text
                out.append(f"<h1>{escape(text)}</h1>")
            case Heading(level, text):
                out.append(f"<h{level + 1}>{escape(text)}</h{level + 1}>")
            case Paragraph(text, note):
                mark = ""
                if note:
                    notes.append(note)
                    mark = f'<sup><a href="#note{len(notes)}">{len(notes)}</a></sup>'
                out.append(f"<p>{escape(text)}{mark}</p>")
            case Item(level, text, ordered):
                out += [*_opened(depth, level, "ol" if ordered else "ul"), f"<li>{escape(text)}"]
            case Table(rows):
                out.append(f"<table>{''.join(_row(row, 'td' if n else 'th') for n, row in enumerate(rows))}</table>")
            case Picture(alternative):
                out.append(f'<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="{escape(alternative)}"></p>')
    out += _closed(depth, 0)
    out += [f'<p id="note{n}">{escape(note)}</p>' for n, note in enumerate(notes, 1)]
    return page("\n".join(out), head=f"<title>{escape(title)}</title>" if title else "")


def _opened(depth, level, tag):
    out = _closed(depth, level)
    out += ["</li>"] if len(depth) == level else []
    while len(depth) < level:
        depth.append(tag)
        out.append(f"<{tag}>")
    return out


def _closed(depth, level):
    out = []
    while len(depth) > level:
        out.append(f"</li></{depth.pop()}>")
    return out


def _row(cells, tag):
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def as_markdown(content: Iterable[Block]) -> str:
    """Put content in Markdown as a person would write it."""
    out, notes = [], []
    counts: list[int] = []
    for block in content:
        if not isinstance(block, Item):
            counts = []
        match block:
            case Title(text):
                out.append(f"# {text}\n")
            case Heading(level, text):
                out.append(f"\n{'#' * (level + 1)} {text}\n")
            case Paragraph(text, note):
                notes += [note] if note else []
                out.append(f"\n{text}{f'[^{len(notes)}]' if note else ''}\n")
            case Item(level, text, ordered):
                counts = [*counts[:level], *[0] * (level - len(counts))]
                counts[level - 1] += 1
                mark = f"{counts[level - 1]}." if ordered else "-"
                out.append(f"{'   ' * (level - 1)}{mark} {text}")
            case Table(rows):
                lines = [f"| {' | '.join(row)} |" for row in rows]
                out.append("\n" + "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]) + "\n")
            case Picture(alternative):
                out.append(f"\n![{alternative}](bilde.png)\n")
    out += [f"\n[^{n}]: {note}" for n, note in enumerate(notes, 1)]
    return "\n".join(out) + "\n"


def as_text(content: Iterable[Block]) -> str:
    """Put content in plain text, with an empty line around what is a block."""
    out = []
    for block in content:
        match block:
            case Item(level, text, ordered):
                out.append(f"{'  ' * (level - 1)}{'1.' if ordered else '-'} {text}")
            case Table(rows):
                out.append("\n" + "\n".join("\t".join(row) for row in rows) + "\n")
            case Paragraph(text, note):
                out.append(f"\n{text}{f' ({note})' if note else ''}\n")
            case Picture():
                pass
            case _:
                out.append(f"\n{block.text}\n")
    return "\n".join(out).lstrip() + "\n"


WORD_PAGE = """\
<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=windows-1252">
<meta name=ProgId content=Word.Document><title>{title}</title>
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>Oppdiktet</o:Author></o:DocumentProperties></xml><![endif]-->
<style><!-- p.MsoNormal {{margin:0cm; font-family:"Calibri"}} @page WordSection1 {{size:595.3pt 841.9pt}} --></style>
</head><body lang=NO-BOK><div class=WordSection1>
{body}
</div></body></html>
"""
"""What Word saves as a web page: conditional comments, styles in a comment, attributes without quotes."""

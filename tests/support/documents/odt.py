"""ODT files with known truth, written mark by mark."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from tests.support.documents.content import Block, Heading, Item, Paragraph, Picture, Table, Title
from tests.support.documents.pictures import png
from tests.support.documents.word import packed

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = (
    f'xmlns:office="{_URN}office:1.0" xmlns:text="{_URN}text:1.0" xmlns:table="{_URN}table:1.0" '
    f'xmlns:style="{_URN}style:1.0" xmlns:draw="{_URN}drawing:1.0" xmlns:svg="{_URN}svg-compatible:1.0" '
    f'xmlns:fo="{_URN}xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xmlns:meta="{_URN}meta:1.0" office:version="1.3"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
MIME = "application/vnd.oasis.opendocument.text"


def odt(body, *, title="", more=None, mime=MIME, header="", footer="", tracked="", before=""):
    """Give an ODT around a body; `header` and `footer` stand on every page."""
    return packed(
        parts(body, title=title, more=more, mime=mime, edges=(header, footer), tracked=tracked, before=before)
    )


def parts(body, *, title="", more=None, mime=MIME, edges=("", ""), tracked="", before=""):
    """Give the members of an ODT, to be packed or spoiled."""
    header, footer = (f"<text:p>{escape(text)}</text:p>" if text else "" for text in edges)
    types = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in [
            ("/", mime),
            ("content.xml", "text/xml"),
            ("styles.xml", "text/xml"),
            ("meta.xml", "text/xml"),
        ]
    )
    return {
        "mimetype": mime,
        "META-INF/manifest.xml": (
            f'{_HEAD}<manifest:manifest xmlns:manifest="{_URN}manifest:1.0" manifest:version="1.3">{types}'
            "</manifest:manifest>"
        ),
        "meta.xml": (
            f"{_HEAD}<office:document-meta {_NAMES}><office:meta><dc:title>{escape(title)}</dc:title></office:meta>"
            "</office:document-meta>"
        ),
        "styles.xml": (
            f"{_HEAD}<office:document-styles {_NAMES}><office:styles>{_STYLES}</office:styles><office:automatic-styles>"
            '<style:page-layout style:name="Mpm1"/></office:automatic-styles><office:master-styles>'
            '<style:master-page style:name="Standard" style:page-layout-name="Mpm1">'
            f"<style:header>{header}</style:header><style:footer>{footer}</style:footer></style:master-page>"
            "</office:master-styles></office:document-styles>"
        ),
        "content.xml": (
            f"{_HEAD}{before}<office:document-content {_NAMES}><office:automatic-styles>{_LISTS}"
            f"</office:automatic-styles><office:body><office:text>{tracked}{body}</office:text></office:body>"
            "</office:document-content>"
        ),
        **(more or {}),
    }


_STYLES = (
    '<style:style style:name="Standard" style:family="paragraph"/>'
    '<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Standard"/>'
    + "".join(
        f'<style:style style:name="Heading_20_{n}" style:display-name="Heading {n}" style:family="paragraph" '
        f'style:default-outline-level="{n}"/>'
        for n in range(1, 5)
    )
)
_LISTS = "".join(
    f'<text:list-style style:name="{name}">'
    + "".join(
        f'<text:list-level-style-bullet text:level="{n}" text:bullet-char="•"/>'
        if name == "Punkt"
        else f'<text:list-level-style-number text:level="{n}" style:num-format="1" style:num-suffix="."/>'
        for n in range(1, 5)
    )
    + "</text:list-style>"
    for name in ("Punkt", "Tall")
)


def paragraph(text, style="Standard"):
    """Give a paragraph."""
    return f'<text:p text:style-name="{style}">{escape(text)}</text:p>'


def heading(level, text):
    """Give a heading."""
    return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{escape(text)}</text:h>'


def note(text, number=1, kind="footnote"):
    """Give a note where it is marked."""
    return (
        f'<text:note text:id="ftn{number}" text:note-class="{kind}"><text:note-citation>{number}</text:note-citation>'
        f"<text:note-body><text:p>{escape(text)}</text:p></text:note-body></text:note>"
    )


def table(rows):
    """Give a table of plain cells."""
    lines = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string">{paragraph(cell)}</table:table-cell>' for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    columns = f'<table:table-column table:number-columns-repeated="{len(rows[0])}"/>'
    return f'<table:table table:name="Tabell1">{columns}{lines}</table:table>'


def frame(alternative, name="Pictures/1.png"):
    """Give a picture in a paragraph."""
    return (
        '<text:p><draw:frame draw:name="Bilde1" text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">'
        f'<draw:image xlink:href="{name}" xlink:type="simple"/><svg:desc>{escape(alternative)}</svg:desc>'
        "</draw:frame></text:p>"
    )


def as_odt(content: Iterable[Block], **more) -> bytes:
    """Put content in an ODT."""
    out, depth, notes, title, members = [], [], 0, "", {}
    for block in content:
        if not isinstance(block, Item):
            out += _closed(depth, 0)
        match block:
            case Title(text):
                title = text
                out.append(paragraph(text, "Title"))
            case Heading(level, text):
                out.append(heading(level, text))
            case Paragraph(text, words):
                notes += bool(words)
                mark = note(words, notes) if words else ""
                out.append(f'<text:p text:style-name="Standard">{escape(text)}{mark}</text:p>')
            case Item(level, text, ordered):
                out += _item(depth, level, "Tall" if ordered else "Punkt")
                out.append(f"<text:list-item>{paragraph(text)}")
            case Table(rows):
                out.append(table(rows))
            case Picture(alternative):
                members["Pictures/1.png"] = png()
                out.append(frame(alternative))
    out += _closed(depth, 0)
    return odt("".join(out), title=title, more=members, **more)


def _item(depth, level, style):
    out = _closed(depth, level)
    out += ["</text:list-item>"] if len(depth) == level else []
    while len(depth) < level:
        depth.append(style)
        out.append(f'<text:list text:style-name="{style}">')
    return out


def _closed(depth, level):
    out = []
    while len(depth) > level:
        depth.pop()
        out.append("</text:list-item></text:list>")
    return out
